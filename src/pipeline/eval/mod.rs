//! `eval`: predictions against a benchmark, by every signal side by side. Owns the order of the phases and what an
//! evaluation consists of; reports are `report/`'s.

mod agreement;
mod classes;
mod compare;
mod estimate;
mod instructive;
mod lean;
mod scored;
mod select;
mod signal;
mod text;

pub use agreement::{Agreement, agreement};
pub use classes::{Classes, class_pairs, form_classes};
pub use compare::{Comparison, compare};
pub use estimate::{DIMENSIONS, Estimate, Estimates, grouped};
pub use instructive::{Example, instructive};
pub use lean::{Comparing, check, compare_statements, comparisons};
pub use scored::{Scored, Unmatched, join};
pub use select::{BY_EQUIVALENCE, Selection, selections};
pub use signal::Signal;
pub use text::{score as score_text, statement};

use crate::domain::{EngineId, Problem};
use estimate::Sample;
use std::collections::BTreeMap;

/// What figures are asked for.
#[derive(Clone, Debug)]
pub struct Figures {
    pub signals: Vec<Signal>,
    /// Dimensions to group by, of [`DIMENSIONS`].
    pub by: Vec<String>,
    /// Sample counts of pass@k.
    pub ks: Vec<u64>,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Leaves out problems without a prediction instead of counting them as failed.
    pub answered_only: bool,
}

/// One group of problems.
#[derive(Clone, Debug)]
pub struct Group {
    pub name: String,
    pub problems: usize,
    pub estimates: Estimates,
}

/// Everything an evaluation found out.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// Name of the data set and of the file of predictions.
    pub data: String,
    pub predictions: String,
    pub problems: Vec<Problem>,
    pub scored: Vec<Scored>,
    pub unmatched: Unmatched,
    pub engine: Option<EngineId>,
    pub figures: Figures,
    pub overall: Estimates,
    /// By dimension.
    pub groups: Vec<(String, Vec<Group>)>,
    /// pass@k of each rate, by k.
    pub pass_at_k: BTreeMap<Signal, Vec<(u64, Estimate)>>,
    /// What choosing one of several samples gives.
    pub selections: Vec<Selection>,
    /// Whether one of the choices is by proved equivalence, and if not, why.
    pub classes: Classes,
    /// Spearman's rank correlation of every two signals.
    pub correlations: Vec<(Signal, Signal, Option<f64>)>,
    /// Why Lean refused predictions, and what kept it from deciding, most frequent first.
    pub taxonomy: Vec<(String, usize)>,
}

impl Evaluation {
    /// Figures of scored predictions.
    pub fn new(
        (data, predictions): (String, String),
        problems: Vec<Problem>,
        scored: Vec<Scored>,
        unmatched: Unmatched,
        engine: Option<EngineId>,
        figures: Figures,
        classes: Classes,
    ) -> Evaluation {
        let signals = &figures.signals;
        let sample = |of: Vec<usize>| Sample {
            problems: of,
            scored: &scored,
            seed: figures.seed,
            answered_only: figures.answered_only,
        };
        let whole = sample((0..problems.len()).collect());
        let overall = whole.estimates(signals);
        let groups = figures.by.iter().map(|dimension| {
            let groups = estimate::grouped(&problems, dimension).into_iter().map(|(name, members)| Group {
                name,
                problems: members.len(),
                estimates: sample(members).estimates(signals),
            });
            (dimension.clone(), groups.collect())
        });
        let groups = groups.collect();
        let mut pass_at_k = BTreeMap::new();
        for signal in overall.keys().filter(|s| s.is_rate()) {
            let at = figures.ks.iter().filter_map(|k| Some((*k, whole.pass_at(*signal, *k)?)));
            let at: Vec<(u64, Estimate)> = at.collect();
            if !at.is_empty() {
                pass_at_k.insert(*signal, at);
            }
        }
        let found: Vec<Signal> = overall.keys().copied().collect();
        let mut correlations = Vec::new();
        for (i, a) in found.iter().enumerate() {
            for b in &found[i + 1..] {
                correlations.push((*a, *b, estimate::correlation(&scored, *a, *b)));
            }
        }
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for scored in &scored {
            if let Some(reason) = &scored.reason {
                *reasons.entry(reason).or_default() += 1;
            }
        }
        let mut taxonomy: Vec<(String, usize)> = reasons.into_iter().map(|(r, n)| (r.to_owned(), n)).collect();
        taxonomy.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let selections = selections(&problems, &scored, &figures, &classes);
        Evaluation {
            data,
            predictions,
            problems,
            scored,
            unmatched,
            engine,
            figures,
            overall,
            groups,
            pass_at_k,
            selections,
            classes,
            correlations,
            taxonomy,
        }
    }

    /// True if some problem has more than one prediction.
    pub fn has_samples(&self) -> bool {
        self.scored.iter().any(|s| s.sample > 0)
    }
}
