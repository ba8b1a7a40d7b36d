//! `afcheck setup`.

use crate::cli::args::{Common, Setup, SetupWhat};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::SetupProgress;
use crate::engine::embedded::EmbeddedEngine;
use crate::engine::embedded::install::{self, Cache, SetupOptions};
use std::path::PathBuf;
use std::sync::Arc;

/// Runs the command.
pub fn run(common: &Common, args: &Setup) -> Result<Exit, Failure> {
    let SetupWhat::Lean { package, offline, force } = &args.what;
    let cache = super::cache(common);
    if *force {
        install::remove_compiled(&cache).map_err(|e| Failure::new(Exit::NoEngine, e))?;
    }
    let options = SetupOptions { offline: *offline, package: package.clone() };
    let start = std::time::Instant::now();
    let engine = engine(common, &cache, &options, vec![], 1)?;
    engine.warm_up().map_err(|e| Failure::new(Exit::NoEngine, e))?;
    if !common.quiet {
        let seconds = start.elapsed().as_secs_f64();
        eprintln!("Lean {} is ready in {} ({seconds:.1} s)", install::LEAN_VERSION, cache.root().display());
    }
    Ok(Exit::Success)
}

/// The embedded engine, set up if need be.
pub fn engine(
    common: &Common,
    cache: &Cache,
    options: &SetupOptions,
    libraries: Vec<PathBuf>,
    workers: usize,
) -> Result<EmbeddedEngine, Failure> {
    let progress = SetupProgress::new(common.quiet);
    let program =
        install::set_up(cache, options, &|step| progress.show(step)).map_err(|e| Failure::new(Exit::NoEngine, e))?;
    EmbeddedEngine::new(Arc::clone(&program), cache, libraries, workers).map_err(|e| Failure::new(Exit::NoEngine, e))
}
