//! Arguments of the commands that people who package afcheck use. Owns their names, help texts and examples.

use std::path::PathBuf;

/// Prints manual pages, made from the same descriptions as --help.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck man | man -l -
  afcheck man setup lean | man -l -
  afcheck man --out ~/.local/share/man/man1")]
pub struct Man {
    /// The command whose page is printed, such as verify or setup lean [default: afcheck itself]
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    pub command: Vec<String>,
    /// Write the page of every command into this directory, which is made if need be
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Says what exactly this build is: the same bytes for the same build, wherever it runs.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck version
  afcheck version --json | jq -r .judging

Two builds with the same `judging` and the same `lean` judge alike: it is the hash of every source that can change a
verdict. `commit` is known if AFCHECK_COMMIT was set when afcheck was built, as it is for releases.")]
pub struct Version {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
