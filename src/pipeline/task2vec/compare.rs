//! Sources with each other: diversity, alignment, the measures beside it, and how these agree. Owns which pairs there are.

use super::baselines::Baselines;
use super::embed::Embedded;
use crate::metrics::{Coefficient, Distances, spearman, task_distance};
use serde::Serialize;
use std::collections::BTreeMap;

/// A pair of sources, or a source with itself.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    pub source: String,
    pub target: String,
    /// One minus the mean distance between batches of the one and of the other (of a source with itself, between its batches).
    pub alignment: Option<Coefficient>,
    /// One minus the distance of the means of all embeddings; with a batch each, the single-batch variant. `None` of a source with
    /// itself.
    pub pooled: Option<f64>,
    pub gzip: Option<f64>,
    pub unigrams: Option<f64>,
    pub bigrams: Option<f64>,
    pub states: Option<f64>,
    pub mauve: Option<f64>,
    /// Between batches, in no order.
    #[serde(skip)]
    pub distances: Vec<f64>,
}

/// A measure of a pair with its name.
type Measure = (&'static str, fn(&Pair) -> Option<f64>);

/// All measures of alignment, by name.
pub const MEASURES: [Measure; 7] = [
    ("alignment", |pair| Some(pair.alignment.as_ref()?.value)),
    ("pooled", |pair| pair.pooled),
    ("gzip", |pair| pair.gzip),
    ("unigrams", |pair| pair.unigrams),
    ("bigrams", |pair| pair.bigrams),
    ("states", |pair| pair.states),
    ("mauve", |pair| pair.mauve),
];

/// Sources compared.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    pub sources: Vec<String>,
    pub targets: Vec<String>,
    /// Of every source, its diversity: the mean distance between its batches.
    pub diversity: BTreeMap<String, Option<Coefficient>>,
    /// Source by source, of each target by target; of a matrix all pairs once, a source with itself among them.
    pub pairs: Vec<Pair>,
    /// Spearman's rank correlation of two measures over the pairs of different sources, where there are three.
    pub correlations: Vec<(&'static str, &'static str, f64)>,
}

/// Compares every source with every target; without targets, every source with every other and itself, once.
///
/// # Panics
/// If embeddings are not of one probe network.
pub fn compare(
    sources: &[(Embedded, Baselines)],
    targets: &[(Embedded, Baselines)],
    resamples: usize,
    seed: u64,
) -> Comparison {
    let name = |of: &(Embedded, Baselines)| of.0.sample.source.clone();
    let mut pairs = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let others = if targets.is_empty() { &sources[..=at] } else { targets };
        pairs.extend(others.iter().map(|target| pair(source, target, resamples, seed)));
    }
    let all = sources.iter().chain(targets);
    let diversity =
        all.map(|of| (name(of), Distances::within(&of.0.embeddings).coefficient(resamples, seed))).collect();
    let mut correlations = Vec::new();
    let different: Vec<&Pair> = pairs.iter().filter(|pair| pair.source != pair.target).collect();
    for (at, (second, of_second)) in MEASURES.iter().enumerate() {
        for (first, of_first) in &MEASURES[..at] {
            let both = different.iter().filter_map(|pair| Some((of_first(pair)?, of_second(pair)?)));
            let (x, y): (Vec<f64>, Vec<f64>) = both.unzip();
            if x.len() > 2 {
                correlations.extend(spearman(&x, &y).map(|rho| (*first, *second, rho)));
            }
        }
    }
    let (sources, targets) = (sources.iter().map(name).collect(), targets.iter().map(name).collect());
    Comparison { sources, targets, diversity, pairs, correlations }
}

fn pair(source: &(Embedded, Baselines), target: &(Embedded, Baselines), resamples: usize, seed: u64) -> Pair {
    let ((source, of_source), (target, of_target)) = (source, target);
    // The same source in both places is one sample, not two.
    let is_same = source.sample.source == target.sample.source;
    let distances = match is_same {
        true => Distances::within(&source.embeddings),
        false => Distances::between(&source.embeddings, &target.embeddings),
    };
    let pooled = (!is_same).then(|| 1.0 - task_distance(&mean(&source.embeddings), &mean(&target.embeddings)));
    Pair {
        source: source.sample.source.clone(),
        target: target.sample.source.clone(),
        alignment: distances.coefficient(resamples, seed).map(Coefficient::complement),
        pooled,
        gzip: of_source.compression(of_target),
        unigrams: of_source.ngrams(of_target, 1),
        bigrams: of_source.ngrams(of_target, 2),
        states: of_source.states(of_target),
        mauve: of_source.mauve(of_target, seed),
        distances: distances.pairs().collect(),
    }
}

fn mean(embeddings: &[Vec<f32>]) -> Vec<f32> {
    let mut mean = vec![0f64; embeddings.first().map_or(0, Vec::len)];
    for embedding in embeddings {
        mean.iter_mut().zip(embedding).for_each(|(mean, x)| *mean += f64::from(*x) / embeddings.len() as f64);
    }
    mean.into_iter().map(|x| x as f32).collect()
}
