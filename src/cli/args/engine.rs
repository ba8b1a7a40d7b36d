//! Which Lean judges. Owns names and help texts of the options that every command with a choice of engines has; resolves nothing.

use std::path::PathBuf;

/// The engine, and how processes of a Lake project are run.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct EngineArgs {
    /// Who judges: `embedded`, `lake:DIR` (a Lake project, Mathlib included), or NAME=ENGINE for records that name theirs in
    /// the field of --field engine=FIELD; may be given several times [default: embedded]
    #[arg(long, value_name = "[NAME=]ENGINE", env = "AFCHECK_ENGINE", value_delimiter = ';', help_heading = "Engine")]
    pub engine: Vec<String>,
    /// What is started in a Lake project instead of its own REPL, e.g. "lake exe repl"
    #[arg(long, value_name = "COMMAND", env = "AFCHECK_LAKE_COMMAND", help_heading = "Engine")]
    pub lake_command: Option<String>,
    /// Resident memory of a REPL, mapped files aside [default: 8GiB]
    #[arg(long, value_name = "SIZE", help_heading = "Engine")]
    pub lake_memory: Option<String>,
    /// Candidates after which a REPL is replaced; 0 for never [default: 200]
    #[arg(long, value_name = "N", help_heading = "Engine")]
    pub recycle: Option<usize>,
    /// Time for a REPL to start and import [default: 5m]
    #[arg(long, value_name = "DURATION", help_heading = "Engine")]
    pub import_time: Option<String>,
    /// Confinement of REPLs: auto (as the system allows), require (fully, or not at all), off [default: auto]
    #[arg(long, value_name = "MODE", help_heading = "Engine")]
    pub sandbox: Option<String>,
    /// A further directory that confined REPLs may read
    #[arg(long, value_name = "DIR", help_heading = "Engine")]
    pub sandbox_read: Vec<PathBuf>,
    /// A further directory that confined REPLs may write
    #[arg(long, value_name = "DIR", help_heading = "Engine")]
    pub sandbox_write: Vec<PathBuf>,
}

/// Confines itself and becomes another program. For afcheck's own use.
#[derive(Debug, clap::Args)]
pub struct Confined {
    #[arg(long, value_name = "PATH")]
    pub read: Vec<PathBuf>,
    #[arg(long, value_name = "PATH")]
    pub write: Vec<PathBuf>,
    #[arg(last = true, required = true)]
    pub command: Vec<std::ffi::OsString>,
}
