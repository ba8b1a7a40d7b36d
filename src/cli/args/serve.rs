//! The command line of `serve`. Owns names, help texts and examples; resolves nothing.

use super::EngineArgs;
use std::path::PathBuf;

/// Serves Lean over HTTP: Kimina's API, and records with verdicts.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck serve
  afcheck serve --listen 0.0.0.0:12332 --key-file keys.txt --engine lake:../my-mathlib-project --jobs 8
  curl -s localhost:12332/verify -d '{\"codes\": [{\"custom_id\": 1, \"code\": \"#check Nat\"}]}'
  curl -s localhost:12332/v1/check --data-binary @outputs.jsonl > results.jsonl

Routes: /verify, /one_pass_verify_batch and /api/check as Kimina Lean Server has them (its clients work unmodified), /v1/check
for records as `afcheck verify` reads them with its results as answer, /health, /metrics (Prometheus), /docs. A request whose
snippets find no room in the queue is answered by 429 with Retry-After. SIGTERM takes no more requests and answers those under
way, up to --drain; a second signal ends them. Requests are logged as JSON lines on standard error.

An address that others reach needs --key-file or AFCHECK_KEYS: whoever reaches the port could use the machine otherwise.
docs/serve.md says more.")]
pub struct Serve {
    /// Address and port to listen at; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:12332")]
    pub listen: String,
    /// Keys of clients, one a line; they say `Authorization: Bearer KEY`
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// The same, separated by commas
    #[arg(long, value_name = "KEYS", env = "AFCHECK_KEYS", hide_env_values = true, value_delimiter = ',', hide = true)]
    pub keys: Vec<String>,
    /// Listen where others reach it and ask for no key: whoever reaches the port can use it
    #[arg(long)]
    pub insecure: bool,
    /// Snippets at once [default: number of cores]
    #[arg(long, short, value_name = "N", env = "AFCHECK_JOBS")]
    pub jobs: Option<usize>,
    /// Snippets that may wait; requests with more than there is room for are asked to come back later
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub queue: usize,
    /// Snippets of a request at most
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    pub batch: usize,
    /// Size of a request at most
    #[arg(long, value_name = "SIZE", default_value = "64MiB")]
    pub body: String,
    /// Time for a snippet at most, whatever a request says
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    pub longest: String,
    /// Deterministic budget of a snippet, in thousands of Lean heartbeats [default: 200000]
    #[arg(long, value_name = "N", env = "AFCHECK_HEARTBEATS")]
    pub heartbeats: Option<u64>,
    /// Memory of a snippet [default: 1GiB]
    #[arg(long, value_name = "SIZE", env = "AFCHECK_MEMORY")]
    pub memory: Option<String>,
    /// How long requests under way may take to end after SIGTERM
    #[arg(long, value_name = "DURATION", default_value = "60s")]
    pub drain: String,
    /// End after this long, e.g. 2h
    #[arg(long = "for", value_name = "DURATION")]
    pub duration: Option<String>,
    /// Sources of a library without Mathlib that texts may import [default: ./lean-project if it exists]
    #[arg(long, value_name = "DIR")]
    pub lib: Vec<PathBuf>,
    /// Judge every record of /v1/check, even if an equal one was judged before; keep no results
    #[arg(long)]
    pub no_cache: bool,
    /// Never fetch Lean
    #[arg(long)]
    pub offline: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
}
