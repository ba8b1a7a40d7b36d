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

/// A NATS server that workers share.
#[cfg(feature = "cluster")]
#[derive(Clone, Debug, Default, clap::Args)]
pub struct NatsArgs {
    /// Have workers check, through this NATS server with JetStream: nats://HOST:PORT or tls://HOST:PORT, several by commas
    #[arg(long, value_name = "URL", env = "AFCHECK_NATS", hide_env_values = true, help_heading = "Workers")]
    pub nats: Option<String>,
    /// Name of the queue on the server
    #[arg(long, value_name = "NAME", default_value = "main", help_heading = "Workers")]
    pub nats_queue: String,
    /// Credentials, as `nsc` writes them
    #[arg(long, value_name = "FILE", env = "AFCHECK_NATS_CREDS", help_heading = "Workers")]
    pub nats_creds: Option<PathBuf>,
    /// Certificates of who signed the server's
    #[arg(long, value_name = "FILE", help_heading = "Workers")]
    pub nats_ca: Option<PathBuf>,
    /// This side's certificate, with --nats-key
    #[arg(long, value_name = "FILE", requires = "nats_key", help_heading = "Workers")]
    pub nats_cert: Option<PathBuf>,
    /// The key of --nats-cert
    #[arg(long, value_name = "FILE", requires = "nats_cert", help_heading = "Workers")]
    pub nats_key: Option<PathBuf>,
}

/// Checks what others ask for, through a NATS server.
#[cfg(feature = "cluster")]
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  nats-server --jetstream &
  afcheck worker --nats nats://localhost:4222
  afcheck verify outputs.jsonl --nats nats://localhost:4222 --out results.jsonl --resume

Workers may join and leave at any time: a request whose worker died goes to another, one that four workers did not survive is
put aside and answered as undecided. Results are kept on the server and shared. SIGTERM finishes what is under way.
docs/scale.md says more.")]
pub struct WorkerArgs {
    #[command(flatten)]
    pub nats: NatsArgs,
    /// Checks at once [default: number of cores]
    #[arg(long, short, value_name = "N", env = "AFCHECK_JOBS")]
    pub jobs: Option<usize>,
    /// End when there was nothing to do for this long, e.g. 10m
    #[arg(long, value_name = "DURATION")]
    pub idle: Option<String>,
    /// Sources of a library without Mathlib that records may import [default: ./lean-project if it exists]
    #[arg(long, value_name = "DIR")]
    pub lib: Vec<PathBuf>,
    /// Never fetch Lean
    #[arg(long)]
    pub offline: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
}
