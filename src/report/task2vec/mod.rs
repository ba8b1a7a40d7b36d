//! Coefficients of Task2Vec as people read them: tables, and a page with plots. Owns layout and words; what is compared with what
//! is `pipeline::task2vec`'s.

mod page;
mod plots;
mod table;

pub use page::{alignment_page, alignment_plots, diversity_page, group_page};
pub use table::{alignment_table, diversity_table, group_table};

use crate::metrics::{Coefficient, Distances};
use crate::ml::probe::Settings;
use crate::pipeline::task2vec::{Embedded, Sampling};
use serde::Serialize;

/// What all figures of a report rest on.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub afcheck: &'static str,
    pub probe: String,
    pub probe_sha256: String,
    pub settings: Settings,
    pub sampling: Sampling,
}

impl About {
    /// Of embeddings by this probe.
    pub fn new(probe: &str, probe_sha256: &str, settings: Settings, sampling: Sampling) -> About {
        let (probe, probe_sha256) = (probe.to_owned(), probe_sha256.to_owned());
        About { afcheck: env!("CARGO_PKG_VERSION"), probe, probe_sha256, settings, sampling }
    }

    /// In a line.
    fn words(&self) -> String {
        let Sampling { batches, batch_size, seq_len, seed } = self.sampling;
        let tuning = self.settings.tuning;
        format!(
            "Probe {}, {batches} batches of {batch_size} texts of up to {seq_len} tokens, head tuned {} times at {:e}, seed {seed}{}.",
            self.probe,
            tuning.epochs,
            tuning.learning_rate,
            if self.settings.compat { ", as public code computes it" } else { "" }
        )
    }
}

/// How diverse a source is.
#[derive(Clone, Debug, Serialize)]
pub struct SourceDiversity {
    pub source: String,
    /// Texts there are.
    pub documents: Option<usize>,
    pub batches: usize,
    pub tokens: usize,
    pub diversity: Option<Coefficient>,
    /// Between batches, in no order.
    #[serde(skip)]
    pub distances: Vec<f64>,
}

/// How diverse sources are.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Diversities(pub Vec<SourceDiversity>);

impl Diversities {
    /// Of sources that were embedded.
    pub fn of(embedded: &[Embedded], resamples: usize, seed: u64) -> Diversities {
        let of = |Embedded { sample, embeddings, .. }: &Embedded| {
            let distances = Distances::within(embeddings);
            SourceDiversity {
                source: sample.source.clone(),
                documents: sample.documents,
                batches: embeddings.len(),
                tokens: sample.tokens(),
                diversity: distances.coefficient(resamples, seed),
                distances: distances.pairs().collect(),
            }
        };
        Diversities(embedded.iter().map(of).collect())
    }
}
