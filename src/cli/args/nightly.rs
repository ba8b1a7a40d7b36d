//! The arguments of `afcheck nightly`. Owns names, help texts and examples; resolves nothing.

use super::LeanArgs;
use clap::{Subcommand, ValueEnum};

/// Measures models on data sets, run after run.
#[derive(Debug, clap::Args)]
pub struct Nightly {
    #[command(subcommand)]
    pub what: NightlyWhat,
}

#[derive(Debug, Subcommand)]
pub enum NightlyWhat {
    /// Judge every model on every data set, compare with the last and the best run, write the reports
    Run(Box<NightlyRun>),
    /// Write the reports of a run again, from the history
    Report(NightlyReport),
    /// List the runs
    History(NightlyHistory),
    /// Compare two runs of the history
    Compare(NightlyCompare),
    /// Print a commented example of nightly.toml
    Init,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck nightly init > nightly.toml
  afcheck nightly run --config nightly.toml
  afcheck nightly run --config nightly.toml --recheck 50 --revision \"$(git rev-parse HEAD)\"

--config names the file of the runs [default: ./nightly.toml]; ./afcheck.toml, or what AFCHECK_CONFIG names, has the
settings of Lean and the cache as for other commands.

Written to `out`: dashboard.html, comment.md, junit.xml, summary.json. The summary also goes to standard output, a short form
to standard error. The exit code is 1 if the gate of the file says no. A run that was interrupted or killed is continued by the
next `nightly run` over the same inputs. docs/nightly.md says what counts how.")]
pub struct NightlyRun {
    /// What is measured, for the reports: a revision of the repository
    #[arg(long, value_name = "TEXT", env = "GITHUB_SHA")]
    pub revision: Option<String>,
    /// Judge this many outputs twice more without the result cache [default: `recheck` of the file]
    #[arg(long, value_name = "N")]
    pub recheck: Option<usize>,
    /// Give up an unfinished run and begin a new one
    #[arg(long)]
    pub fresh: bool,
    #[command(flatten)]
    pub lean: LeanArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck nightly report --config nightly.toml
  afcheck nightly report --config nightly.toml --run 7")]
pub struct NightlyReport {
    /// Which run [default: the last finished one]
    #[arg(long, value_name = "RUN")]
    pub run: Option<i64>,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck nightly history --config nightly.toml
  afcheck nightly history --config nightly.toml --format json | jq '.runs[-1]'")]
pub struct NightlyHistory {
    /// Format of standard output
    #[arg(long, value_enum, default_value_t = NightlyFormat::Human)]
    pub format: NightlyFormat,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck nightly compare 3 7 --config nightly.toml
  afcheck nightly compare 3 7 --config nightly.toml --format json | jq '.cells[].regressions[].name'")]
pub struct NightlyCompare {
    /// Number of the earlier run
    #[arg(value_name = "RUN")]
    pub before: i64,
    /// Number of the later run
    #[arg(value_name = "RUN")]
    pub after: i64,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t = NightlyFormat::Human)]
    pub format: NightlyFormat,
}

/// How runs are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NightlyFormat {
    /// For people
    Human,
    /// For programs
    Json,
}
