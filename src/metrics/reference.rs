//! Stored outputs of independent programs, for tests. Owns their reading; the scripts beside the files made them.

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A pair of texts with its scores.
#[derive(Debug, Deserialize)]
pub struct Texts {
    pub reference: String,
    pub hypothesis: String,
    pub bleu: f64,
    pub chrf: f64,
    pub levenshtein: usize,
}

/// A pair of trees with their distance.
#[derive(Debug, Deserialize)]
pub struct Trees {
    pub a: String,
    pub b: String,
    pub distance: usize,
}

#[derive(Debug, Deserialize)]
pub struct ConfusionCase {
    /// True positive, true negative, false positive, false negative.
    pub counts: [u64; 4],
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub accuracy: Option<f64>,
    pub kappa: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub struct CorrelationCase {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub labels: Vec<bool>,
    pub pearson: Option<f64>,
    pub spearman: Option<f64>,
    pub point_biserial: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub struct McNemarCase {
    pub only_first: u64,
    pub only_second: u64,
    pub statistic: f64,
    pub p_value: f64,
}

#[derive(Debug, Deserialize)]
pub struct BootstrapCase {
    pub values: Vec<f64>,
    pub percentile: [f64; 2],
    pub bca: [f64; 2],
}

#[derive(Debug, Deserialize)]
pub struct Statistics {
    /// x, erfc(x), chi-square tail of x.
    pub tails: Vec<[f64; 3]>,
    pub normal_quantiles: Vec<[f64; 2]>,
    /// p, degrees of freedom, quantile.
    pub student_quantiles: Vec<[f64; 3]>,
    pub confusions: Vec<ConfusionCase>,
    pub correlations: Vec<CorrelationCase>,
    pub mcnemar: Vec<McNemarCase>,
    pub bootstrap: Vec<BootstrapCase>,
}

pub fn texts() -> Vec<Texts> {
    read(include_str!("../../tests/reference/metrics/texts.json"))
}

pub fn trees() -> Vec<Trees> {
    read(include_str!("../../tests/reference/metrics/trees.json"))
}

pub fn statistics() -> Statistics {
    read(include_str!("../../tests/reference/metrics/agreement.json"))
}

fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("a stored reference is JSON of this shape")
}
