//! `afcheck repl`.

use crate::cli::args::{Common, Repl};
use crate::cli::exit::{Exit, Failure};
use crate::cli::settings::{libraries, load_config};
use crate::domain::Budget;
use crate::engine::embedded::install::SetupOptions;
use crate::repl::{self, Session};
use std::io;

/// Runs the command.
pub fn run(common: &Common, args: &Repl) -> Result<Exit, Failure> {
    let usage = |error: String| Failure::new(Exit::Usage, error);
    let wall_clock = humantime::parse_duration(&args.wall_clock);
    let wall_clock = wall_clock.map_err(|e| usage(format!("--wall-clock {}: {e}", args.wall_clock)))?;
    if args.heartbeats == 0 || wall_clock.is_zero() {
        return Err(usage("--heartbeats and --wall-clock are above zero".into()));
    }
    let setup = SetupOptions { offline: args.offline, package: None };
    let libraries = libraries(&args.lib, &load_config(common)?)?;
    let engine = super::setup::engine(common, &super::cache(common), &setup, libraries, 1)?;
    let budget = Budget { heartbeats: args.heartbeats, wall_clock, ..Budget::default() };
    let mut session = Session::new(&engine, budget);
    match repl::run(&mut session, io::stdin().lock(), io::stdout().lock()) {
        // Whoever no longer reads has had enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(Exit::Output, error)),
        _ => Ok(Exit::Success),
    }
}
