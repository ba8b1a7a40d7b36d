//! L1: pure statistics and text metrics. Owns formulas with their sources (docs/metrics.md has them all); knows nothing of
//! records, files or Lean's verdicts.

mod agreement;
mod association;
mod bleu;
mod bootstrap;
mod chrf;
mod corpora;
mod edit;
mod histogram;
mod linkage;
mod mauve;
mod ngrams;
mod normal;
mod pass_at_k;
mod perplexity;
mod random;
#[cfg(test)]
mod reference;
mod selection;
mod task2vec;
mod tree;
mod wilson;

pub use agreement::{
    Confusion, CrossValidated, ExactMcNemar, McNemar, average_ranks, best_threshold, cross_validated, holm, mcnemar,
    mcnemar_exact, pearson, point_biserial, spearman,
};
pub use association::{Correlation, Permutation, clustered_interval, partial_correlation, permutation_test};
pub use bleu::{BleuIndex, BleuText, sentence_bleu};
pub use bootstrap::{Bootstrap, RESAMPLES, bootstrap_difference, bootstrap_mean, gain_interval, share_interval};
pub use chrf::chrf;
pub use corpora::{compression_alignment, compression_distance, ngram_cosine};
pub use edit::{edit_similarity, exact_match, levenshtein, sequence_similarity};
pub use histogram::LogHistogram;
pub use linkage::{Join, average_linkage};
pub use mauve::{k_means, mauve};
pub use pass_at_k::{mean_pass_at_k, pass_at_k};
pub use perplexity::{ExampleLoss, MeanLoss, perplexity};
pub use random::Random;
pub use selection::{classes, majority, self_consistent};
pub use task2vec::{Coefficient, Distances, task_distance};
pub use tree::{OperatorTree, gted, lean_tokens};
pub use wilson::wilson_interval;
