//! The arguments of `afcheck eval`.

use super::LeanArgs;
use clap::Subcommand;
use std::path::PathBuf;

/// Scores predictions against a benchmark by every signal.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_long_help = "\
Examples:
  afcheck eval --data afcore --predictions outputs.jsonl --html report.html
  afcheck eval --data afcore:dev --predictions outputs.jsonl --metrics text
  afcheck eval --data proofnet.jsonl --split test --predictions outputs.jsonl --metrics bleu,gted --by source
  afcheck eval --data afcore --predictions tuned.jsonl --compare base.jsonl --k 1,4,16 > tuned.json
  afcheck eval --data afcore --predictions samples.jsonl --equivalence-classes > samples.json
  afcheck eval agreement --labels human_evaluation.json

Data: afcore, afcore:dev and afcore:train are built in; anything else is a file (.jsonl, .json, .csv, .parquet) whose fields are recognised
for ProofNet, ProofNet-Verified, miniF2F and debug1_af; --data-field ROLE=NAME names one of id, informal, header, formal,
proof, concept, source, difficulty, split.

Predictions: records as for verify; their id is the problem's, and a problem may have several (samples).

A table goes to standard error, JSON to standard output."
)]
pub struct Eval {
    #[command(subcommand)]
    pub what: Option<EvalWhat>,
    /// The benchmark: a built-in name or a file
    #[arg(long, required = true, value_name = "SET")]
    pub data: Option<String>,
    /// The predictions: .jsonl, .json, .csv or .parquet, plain or .gz/.zst; - for standard input
    #[arg(long, required = true, value_name = "FILE")]
    pub predictions: Option<String>,
    /// Signals, separated by commas: all, text, lean, or names such as bleu,gted,type_check [default: all]
    #[arg(long, value_name = "NAMES", default_value = "all")]
    pub metrics: String,
    /// Group by these: concept, source, difficulty, split [default: those the data set has]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub by: Option<Vec<String>>,
    /// Sample counts of pass@k
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "1,4,16")]
    pub k: Vec<u64>,
    /// Other predictions for the same problems, to be compared with
    #[arg(long, value_name = "FILE")]
    pub compare: Option<String>,
    /// Losses of the references, in nats per token: JSON lines with id and loss
    #[arg(long, value_name = "FILE")]
    pub losses: Option<PathBuf>,
    /// Write a page with plots: one file that needs no network
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write every prediction with its scores (JSON lines)
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only problems of this split
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,
    /// Only the first N problems
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Leave out problems without a prediction instead of counting them as failed
    #[arg(long)]
    pub answered_only: bool,
    /// Read ROLE (id, code) of predictions from field NAME, which may be a dotted path
    #[arg(long, value_name = "ROLE=NAME")]
    pub field: Vec<String>,
    /// Read ROLE (id, informal, formal, header, ...) of problems from field NAME
    #[arg(long, value_name = "ROLE=NAME")]
    pub data_field: Vec<String>,
    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Also choose among the samples of a problem by majority of proved equivalence: up to m(m-1)/2 comparisons for m samples
    #[arg(long)]
    pub equivalence_classes: bool,
    #[command(flatten)]
    pub lean: LeanArgs,
}

#[derive(Debug, Subcommand)]
pub enum EvalWhat {
    /// How well each signal agrees with labels people gave
    Agreement(Agreement),
}

/// Compares signals with labels.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck eval agreement --labels human_evaluation.json
  afcheck eval agreement --labels labelled.jsonl --metrics bleu,gted,type_check --folds 10 > agreement.json
  afcheck eval agreement --labels corrected.csv --accept-effort 1

Labels: records with a reference, a prediction and a yes or no: fields reference, prediction, label (any of the recognised
names), or the layout of GTED's human_evaluation.json; instead of a yes or no, an effort of correction from 0 to 4
(correction_effort). Thresholds of graded signals are chosen by cross-validation: no item
is judged with a threshold it had a part in.")]
pub struct Agreement {
    /// Labelled pairs: .jsonl, .json or .csv
    #[arg(long, value_name = "FILE")]
    pub labels: String,
    /// Signals, separated by commas: all, text, lean, or names
    #[arg(long, value_name = "NAMES", default_value = "all")]
    pub metrics: String,
    /// Of labels that are efforts of correction, from 0 (nothing) to 4 (all of it): what takes up to this much is equivalent
    #[arg(long, value_name = "0-4", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=4))]
    pub accept_effort: u8,
    /// Folds of the cross-validation
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub folds: usize,
    /// Seed of folds and bootstrap
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub lean: LeanArgs,
}
