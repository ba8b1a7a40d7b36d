//! Cheap measures beside Task2Vec, on the same texts. Owns what of a sample they look at; formulas are `metrics`'.

use super::source::Sample;
use crate::metrics::{compression_alignment, mauve, ngram_cosine};
use crate::ml::embedding::mean_states;
use crate::ml::probe::Probe;
use crate::pipeline::conditions::Encoder;

/// Texts of a source that are looked at: pairs of texts are compressed, and there are as many as its square.
const TEXTS: usize = 64;

/// Texts that go through the probe together.
const AT_ONCE: usize = 8;

/// What baselines know of a source.
#[derive(Clone, Debug)]
pub struct Baselines {
    tokens: Vec<Vec<u32>>,
    texts: Vec<String>,
    /// Means of hidden states of the probe.
    states: Vec<Vec<f32>>,
}

impl Baselines {
    /// Looks at the first different texts of a sample.
    pub fn of(sample: &Sample, encoder: &dyn Encoder, probe: &Probe) -> Baselines {
        let chosen = sample.distinct(TEXTS);
        let states = chosen.chunks(AT_ONCE).flat_map(|texts| mean_states(probe.decoder(), texts)).collect();
        let texts = chosen.iter().map(|text| encoder.decode(text)).collect();
        Baselines { tokens: chosen.into_iter().map(<[u32]>::to_vec).collect(), texts, states }
    }

    /// Alignment by compression (ZIP-FIT).
    pub fn compression(&self, other: &Baselines) -> Option<f64> {
        compression_alignment(&self.texts, &other.texts)
    }

    /// Cosine of the counts of runs of `n` tokens.
    pub fn ngrams(&self, other: &Baselines, n: usize) -> Option<f64> {
        ngram_cosine(&self.tokens, &other.tokens, n)
    }

    /// Cosine of the means of all texts' mean hidden states.
    pub fn states(&self, other: &Baselines) -> Option<f64> {
        let mean = |states: &[Vec<f32>]| {
            let mut mean = vec![0.0; states.first()?.len()];
            states.iter().for_each(|state| mean.iter_mut().zip(state).for_each(|(mean, x)| *mean += f64::from(*x)));
            Some(mean)
        };
        let (a, b) = (mean(&self.states)?, mean(&other.states)?);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        Some(dot(&a, &b) / (dot(&a, &a) * dot(&b, &b)).sqrt())
    }

    /// How far the mean hidden states of the texts cover each other.
    pub fn mauve(&self, other: &Baselines, seed: u64) -> Option<f64> {
        mauve(&self.states, &other.states, seed)
    }
}
