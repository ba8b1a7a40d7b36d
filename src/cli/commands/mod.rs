//! One file per verb.

pub mod agreement;
pub mod cache;
mod condition;
pub mod data;
mod data_proofs;
mod data_show;
pub mod doctor;
mod engines;
pub mod equiv;
pub mod eval;
#[cfg(feature = "ml")]
pub mod finetune;
#[cfg(feature = "ml")]
pub mod generate;
#[cfg(feature = "ml")]
pub mod improve;
mod judged;
mod kept;
#[cfg(feature = "ml")]
pub mod loss;
#[cfg(feature = "lsp")]
pub mod lsp;
pub mod man;
pub mod merge;
#[cfg(feature = "ml")]
pub mod model;
#[cfg(feature = "ml")]
mod model_bench;
#[cfg(feature = "ml")]
mod model_export;
#[cfg(feature = "ml")]
mod models;
pub mod nightly;
pub mod repl;
#[cfg(feature = "serve")]
pub mod serve;
#[cfg(all(feature = "ml", feature = "serve"))]
pub mod serve_model;
pub mod setup;
#[cfg(feature = "ml")]
pub mod task2vec;
#[cfg(feature = "ml")]
mod teacher;
#[cfg(feature = "ml")]
mod training;
pub mod verify;
pub mod version;
#[cfg(feature = "cluster")]
pub mod worker;

use super::args::{Args, Common, Confined};
use super::exit::{Exit, Failure};
use crate::engine::embedded::install::Cache;
use crate::engine::lake::sandbox::{Policy, become_command};
use crate::prompts::Template;
use clap::CommandFactory;
use signal_hook::consts::{SIGINT, SIGTERM};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The cache directory that applies.
fn cache(common: &Common) -> Cache {
    Cache::new(common.cache.clone())
}

/// A flag that an interrupt or a request to end sets. The second signal ends the process at once; what was written stays.
fn stop_flag() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, 130, stop.clone())
            .and_then(|_| signal_hook::flag::register(signal, stop.clone()))
            .map_err(|e| Failure::new(Exit::Usage, e))?;
    }
    Ok(stop)
}

/// The template in a file, or the built-in one.
fn read_template(path: Option<&Path>) -> Result<Template, Failure> {
    let Some(path) = path else { return Ok(Template::default()) };
    let wrong = |e: &dyn std::fmt::Display| Failure::new(Exit::Usage, format!("{}: {e}", path.display()));
    let text = fs::read_to_string(path).map_err(|e| wrong(&e))?;
    Template::parse(&text).map_err(|e| wrong(&e))
}

/// Prints a text that is the command's answer.
pub fn print(text: &str) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|e| Failure::new(Exit::Output, e))?;
    Ok(Exit::Success)
}

/// The most memory this process had at a time, in bytes, where the system tells.
#[cfg(feature = "ml")]
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// Confines this process and becomes another program; comes back only if that fails.
pub fn confined(args: &Confined) -> Result<Exit, Failure> {
    let policy = Policy { read: args.read.clone(), write: args.write.clone() };
    Err(Failure::new(Exit::NoEngine, become_command(&policy, &args.command)))
}

/// Prints a completion script.
pub fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "afcheck", &mut script);
    print(&String::from_utf8_lossy(&script))
}
