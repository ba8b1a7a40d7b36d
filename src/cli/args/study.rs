//! The arguments of `afcheck study`. Owns names, help texts and examples; resolves nothing.

use super::LeanArgs;
use clap::builder::FalseyValueParser;
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// Measures which data improves autoformalization, and whether alignment tells.
#[derive(Debug, clap::Args)]
pub struct Study {
    #[command(subcommand)]
    pub what: StudyWhat,
}

#[derive(Debug, Subcommand)]
pub enum StudyWhat {
    /// Make every cell of the matrix, and the report
    Run(Box<StudyRun>),
    /// Say what is there, what is under way and what failed
    Status(StudyStatus),
    /// Write the report of what is there
    Report(StudyReport),
    /// Print a commented example of study.toml
    Init,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck study init > study.toml
  afcheck study run study.toml --dry-run
  afcheck study run study.toml
  afcheck study run examples/study-small.toml --jobs 2 --format markdown > summary.md

A cell is a model, a data condition, a way (finetune, in-context, continued) and a seed: the condition's view of equal size, its
alignment with the target and its diversity (Task2Vec), training or showing, answers, verdicts of Lean, losses. What is made is kept in
`out` of the file by what it was made from: a run that was interrupted or killed is continued by the next one, after a change of
the file only what depends on it is made again, and a cell that fails leaves the others alone.

Written to `out`: report.html, report.md, report.json. docs/study.md says how to read them.")]
pub struct StudyRun {
    /// The file of the study
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Print what would be made and about how long it takes, and make nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Tasks at once; numbers do not depend on it
    #[arg(long, short, value_name = "N", default_value_t = 1)]
    pub jobs: usize,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t = StudyFormat::Human)]
    pub format: StudyFormat,
    #[command(flatten)]
    pub lean: StudyLean,
}

/// How Lean is asked.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct StudyLean {
    /// Sources of a library without Mathlib that texts may import [default: ./lean-project if it exists]
    #[arg(long, value_name = "DIR")]
    pub lib: Vec<PathBuf>,
    /// Ask Lean everything again; keep no results
    #[arg(long, env = "AFCHECK_NO_CACHE", value_parser = FalseyValueParser::new())]
    pub no_cache: bool,
    /// Never fetch Lean
    #[arg(long)]
    pub offline: bool,
}

impl StudyLean {
    /// As other commands have it.
    pub fn args(&self) -> LeanArgs {
        LeanArgs { jobs: None, lib: self.lib.clone(), no_cache: self.no_cache, offline: self.offline }
    }
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck study status study.toml
  afcheck study status study.toml --watch
  afcheck study status study.toml --json | jq '.stages[] | select(.stage == \"training\")'")]
pub struct StudyStatus {
    /// The file of the study
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Sources of a library, as for run
    #[arg(long, value_name = "DIR")]
    pub lib: Vec<PathBuf>,
    /// Show it again every two seconds until all is there or nothing is under way
    #[arg(long, short, conflicts_with = "json")]
    pub watch: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck study report study.toml
  afcheck study report study.toml --html docs/study.html --markdown docs/study.md")]
pub struct StudyReport {
    /// The file of the study
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where the page goes [default: report.html in `out`]
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Where the summary goes [default: report.md in `out`]
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// Sources of a library, as for run
    #[arg(long, value_name = "DIR")]
    pub lib: Vec<PathBuf>,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t = StudyFormat::Human)]
    pub format: StudyFormat,
}

/// How the answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StudyFormat {
    /// Tables for people
    Human,
    Markdown,
    /// Everything, with the data of every figure
    Json,
}
