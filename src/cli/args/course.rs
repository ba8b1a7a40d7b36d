//! The arguments that long work of many tasks (`study`, `distill`) has in common. Owns names and help texts; resolves nothing.

use super::LeanArgs;
use clap::ValueEnum;
use clap::builder::FalseyValueParser;
use std::path::PathBuf;

/// How it is made.
#[derive(Clone, Debug, clap::Args)]
pub struct CourseRun {
    /// Print what would be made and about how long it takes, and make nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Tasks at once; numbers do not depend on it
    #[arg(long, short, value_name = "N", default_value_t = 1)]
    pub jobs: usize,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t = CourseFormat::Human)]
    pub format: CourseFormat,
    #[command(flatten)]
    pub lean: CourseLean,
}

impl CourseRun {
    /// Where its reports go: to `out`.
    pub fn report(&self) -> CourseReport {
        CourseReport { html: None, markdown: None, lib: self.lean.lib.clone(), format: self.format }
    }
}

/// How Lean is asked.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CourseLean {
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

impl CourseLean {
    /// As other commands have it.
    pub fn args(&self) -> LeanArgs {
        LeanArgs { jobs: None, lib: self.lib.clone(), no_cache: self.no_cache, offline: self.offline }
    }
}

/// How its state is shown.
#[derive(Clone, Debug, clap::Args)]
pub struct CourseStatus {
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

/// Where reports of what is there go.
#[derive(Clone, Debug, clap::Args)]
pub struct CourseReport {
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
    #[arg(long, value_enum, default_value_t = CourseFormat::Human)]
    pub format: CourseFormat,
}

/// How the answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CourseFormat {
    /// Tables for people
    Human,
    Markdown,
    /// Everything, with the data of every figure
    Json,
}
