//! The arguments of `afcheck study`. Owns names, help texts and examples; resolves nothing.

use super::{CourseReport, CourseRun, CourseStatus};
use clap::Subcommand;
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
    #[command(flatten)]
    pub how: CourseRun,
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
    #[command(flatten)]
    pub how: CourseStatus,
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
    #[command(flatten)]
    pub how: CourseReport,
}
