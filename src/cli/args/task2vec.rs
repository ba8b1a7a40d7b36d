//! The command lines of `embed`, `diversity`, `align` and `data select`. Owns names, help texts and examples; resolves nothing.

use clap::ValueEnum;
use std::path::PathBuf;

/// How texts are embedded.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Embeddings")]
pub struct ProbeArgs {
    /// The probe network: a name (`afcheck model list`), a .gguf file, or a directory as transformers writes it
    #[arg(long, value_name = "NAME|PATH", default_value = "gemma-3-270m")]
    pub probe: String,
    /// Batches of each source; intervals need five
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..))]
    pub batches: u64,
    /// Texts of a batch (the papers take 512)
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..))]
    pub batch_size: u64,
    /// Tokens of a text at most (the papers take 128)
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u64).range(3..))]
    pub seq_len: u64,
    /// Times the head is tuned on a batch's texts; 0 for no tuning
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub head_epochs: usize,
    /// Learning rate of the tuning
    #[arg(long, value_name = "X", default_value_t = 5e-5)]
    pub head_rate: f64,
    /// Texts of a step of the tuning, and of a gradient
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..))]
    pub minibatch: u64,
    /// Whose gradients are squared: of single texts with words that the probe draws, of minibatches (as in public code), or of
    /// minibatches with the words that follow
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = FimName::PerExample)]
    pub fim: FimName,
    /// Words drawn behind every token, one after the other
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub draws: u64,
    /// Weights that are read out: all, those of the last quarter of the layers, or an adapter's, which is the quickest
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Params::All)]
    pub params: Params,
    /// As public code computes it, errors and all, to compare with published values
    #[arg(long, value_enum, value_name = "CODE")]
    pub compat: Option<Compat>,
    /// Seed of what is sampled and drawn
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Prompt template (TOML) of aligned examples [default: built in]
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Read ROLE (id, informal, formal, header, ...) of problems from field NAME
    #[arg(long, value_name = "ROLE=NAME")]
    pub data_field: Vec<String>,
    /// Embed everything again, and keep nothing
    #[arg(long)]
    pub no_cache: bool,
}

/// What is squared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FimName {
    Montecarlo,
    PerExample,
    Empirical,
}

/// What is read out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Params {
    All,
    LastBlocks,
    Adapters,
}

/// Whose errors are reproduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Compat {
    /// Lee, Miranda et al. 2023 (arXiv 2306.13840)
    BeyondScale,
}

/// How a comparison is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CoefficientFormat {
    /// A table for people
    Table,
    Markdown,
    Json,
}

/// What becomes of coefficients.
#[derive(Debug, clap::Args)]
pub struct CoefficientArgs {
    /// Resamples of batches for the intervals
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub resamples: usize,
    /// How they are printed
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = CoefficientFormat::Table)]
    pub format: CoefficientFormat,
    /// Also write a page with plots: heat map, histograms of distances, dendrogram
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// Embeds a source of texts with Task2Vec.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck embed --data formal:afcore:train --out embeddings/formal
  afcheck embed --data python:src --batches 20 --batch-size 64 --seq-len 128 --out embeddings/python
  afcheck embed --data aligned:afcore:train --params adapters --out embeddings/aligned

An embedding is the diagonal of a probe network's Fisher information on a batch of texts, averaged over the rows of every weight,
behind a head that was tuned to the batch (docs/task2vec.md). In --out: embeddings.safetensors, with the tensor
`embeddings: [batches, numbers]`, and card.json. Embeddings are kept in the cache by what decides them: an interrupted run goes on
where it was when it is started again.

Sources are data conditions (docs/data-conditions.md), bound:uniform (random tokens) and bound:constant (one token, repeated).")]
pub struct Embed {
    /// The source
    #[arg(long, value_name = "SOURCE")]
    pub data: String,
    /// Where the embeddings go
    #[arg(long, short, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub probe: ProbeArgs,
}

/// Measures how diverse sources of texts are (Task2Vec).
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck diversity --data formal:afcore:train
  afcheck diversity --data formal:afcore:train --data informal:afcore:train --data bound:uniform --html diversity.html
  afcheck diversity --data formal:afcore:train --by concept --batches 3 --batch-size 8

The diversity coefficient is the mean distance between batches of a source. Intervals resample batches; the papers' own, which
takes pairs of batches for independent, is printed beside it and is too narrow. With --by, batches are of one group each: how
diverse groups are within, between each other, and what is left without one.")]
pub struct Diversity {
    /// A source; may be repeated
    #[arg(long, value_name = "SOURCE", required = true)]
    pub data: Vec<String>,
    /// By groups of a set of problems: concept, source (of a textbook, for instance), difficulty or split
    #[arg(long, value_name = "WHAT")]
    pub by: Option<String>,
    /// With --by: at most so many groups, those with the most problems
    #[arg(long, value_name = "N", requires = "by")]
    pub groups: Option<usize>,
    #[command(flatten)]
    pub probe: ProbeArgs,
    #[command(flatten)]
    pub how: CoefficientArgs,
}

/// Measures how aligned sources of texts are with targets (Task2Vec), with cheap measures beside it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck align --source formal:afcore:train --source python:src --target formal:afcore
  afcheck align --source aligned:afcore:train --source informal:afcore:train --target aligned:afcore --format json > alignment.json
  afcheck align --matrix --source formal:afcore:train --source informal:afcore:train --source bound:uniform --html matrix.html

The alignment coefficient is one minus the mean distance between batches of the source and of the target; `pooled` is the same of
the means of their embeddings, which is the single-batch variant where --batches is 1. Beside it, on the same texts: gzip
(alignment by compression, as in ZIP-FIT), unigrams and bigrams (cosine of their counts), states (cosine of mean hidden states of
the probe) and mauve (how far the texts' mean hidden states cover each other), with the rank correlations of all of them.")]
pub struct Align {
    /// A source; may be repeated
    #[arg(long, value_name = "SOURCE", required = true)]
    pub source: Vec<String>,
    /// A target; may be repeated
    #[arg(long, value_name = "SOURCE", required_unless_present = "matrix")]
    pub target: Vec<String>,
    /// Compare all sources with each other
    #[arg(long, conflicts_with = "target")]
    pub matrix: bool,
    /// Also write the plots as files of their own: heat-map.svg and, of a matrix, dendrogram.svg
    #[arg(long, value_name = "DIR")]
    pub svg: Option<PathBuf>,
    #[command(flatten)]
    pub probe: ProbeArgs,
    #[command(flatten)]
    pub how: CoefficientArgs,
}

/// By what texts are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SelectBy {
    /// Groups of texts whose embeddings are nearest to the target's (Task2Vec)
    Alignment,
    /// Groups of texts whose embeddings are far from each other (Task2Vec)
    Diversity,
    /// Texts that the target compresses best (ZIP-FIT)
    Gzip,
    /// Any
    Random,
}

/// Chooses training data for a target.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck data select aligned:afcore:train --target aligned:afcore:dev --budget 20000 --by gzip --out chosen.jsonl
  afcheck data select python:src --target formal:afcore:dev --budget 50000 --by alignment --shard 16 --out chosen.jsonl
  afcheck finetune --data aligned:chosen.jsonl --out runs/chosen

Chosen texts are written as JSON lines in the order in which they were chosen, each with `score`: problems with their fields, for
aligned:FILE, formal:FILE and so on; other texts with `text`, for jsonl:FILE. Alignment and diversity are of groups of --shard
texts, which are embedded as batches are (--seq-len, --probe, ...). The budget counts the probe's tokens of whole texts.")]
pub struct Select {
    /// What is chosen from: a data condition of one view
    #[arg(value_name = "CONDITION")]
    pub from: String,
    /// What it is chosen for; for alignment and gzip
    #[arg(long, value_name = "SOURCE", required_if_eq_any = [("by", "alignment"), ("by", "gzip")])]
    pub target: Option<String>,
    /// Tokens at most
    #[arg(long, value_name = "TOKENS")]
    pub budget: u64,
    /// By what
    #[arg(long, value_enum, value_name = "WHAT")]
    pub by: SelectBy,
    /// Texts of a group
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..))]
    pub shard: u64,
    /// Choose among so many texts, drawn at random [default: all]
    #[arg(long, value_name = "N")]
    pub among: Option<usize>,
    /// Write here; an existing file is replaced when all is chosen
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub probe: ProbeArgs,
}
