//! The Lean that evaluations ask: its engine, its results of earlier runs, and the signals that stop it.

use super::kept::with_results;
use crate::cli::args::{Common, LeanArgs};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::{CountProgress, RunProgress};
use crate::cli::settings::{default_jobs, libraries, load_config, results};
use crate::domain::{EngineId, Mode, Problem};
use crate::engine::embedded::EmbeddedEngine;
use crate::engine::embedded::install::SetupOptions;
use crate::engine::{Comparer, Engine};
use crate::pipeline::eval::{self, Classes, Comparing, Scored, Signal};
use crate::pipeline::verify::Judging;
use crate::runner::{Asking, Reuse};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn usage(error: impl ToString) -> Failure {
    Failure::new(Exit::Usage, error)
}

/// An engine, and how many of its workers are asked at once.
pub struct Engines {
    pub engine: EmbeddedEngine,
    pub jobs: usize,
    /// Bytes for kept results, if there are to be any.
    pub results: Option<u64>,
}

/// Starts the engine by flags and settings file.
pub fn start_engine(common: &Common, args: &LeanArgs) -> Result<Engines, Failure> {
    let file = load_config(common)?;
    let jobs = match args.jobs.or(file.verify.jobs) {
        Some(0) => return Err(usage("--jobs 0: at least one question at a time is needed")),
        Some(jobs) => jobs,
        None => default_jobs(),
    };
    let setup = SetupOptions { offline: args.offline, package: None };
    let engine = super::setup::engine(common, &super::cache(common), &setup, libraries(&args.lib, &file)?, jobs)?;
    let results = results(args.no_cache, None, &file)?;
    Ok(Engines { engine, jobs, results })
}

/// A Lean for a run.
pub struct Lean<'a> {
    common: &'a Common,
    engine: EmbeddedEngine,
    stop: Arc<AtomicBool>,
    jobs: usize,
    /// Bytes for kept results, if there are to be any.
    results: Option<u64>,
    classes: bool,
}

impl<'a> Lean<'a> {
    /// `None` if no signal needs it, or if the statements need a library it does not have. With `classes`, samples are put into
    /// classes by proved equivalence.
    pub fn start(
        common: &'a Common,
        signals: &[Signal],
        problems: &[Problem],
        args: &LeanArgs,
        classes: bool,
    ) -> Result<Option<Lean<'a>>, Failure> {
        if !signals.iter().any(|s| s.needs_lean()) {
            return Ok(None);
        }
        let imports_mathlib = |text: &str| text.lines().any(|line| line.trim_start().starts_with("import Mathlib"));
        let needing = problems
            .iter()
            .filter(|p| imports_mathlib(p.header.as_deref().unwrap_or_default()) || imports_mathlib(&p.formal))
            .count();
        if needing > 0 {
            eprintln!(
                "note: {needing} of {} statements import Mathlib, which the embedded Lean does not have: Lean is not asked \
                 (--metrics text leaves out this note)",
                problems.len()
            );
            return Ok(None);
        }
        let Engines { engine, jobs, results } = start_engine(common, args)?;
        let stop = super::stop_flag()?;
        Ok(Some(Lean { common, engine, stop, jobs, results, classes }))
    }

    /// Stops when this is set, too.
    pub fn until(mut self, stop: Arc<AtomicBool>) -> Self {
        self.stop = stop;
        self
    }

    /// Which Lean it is.
    pub fn id(&self) -> EngineId {
        self.engine.id()
    }

    /// True if somebody asked to stop.
    pub fn was_interrupted(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Fills in the signals that need Lean and, if it was asked for, the classes.
    pub fn check(&self, problems: &[Problem], scored: &mut [Scored], signals: &[Signal]) -> Result<Classes, Failure> {
        let classes = with_results(self.common, &self.engine, self.results, |reuse| {
            self.check_with(reuse, problems, scored, signals)
        })?;
        // What was asked on the way is not what was asked for.
        for scored in scored {
            scored.scores.retain(|signal, _| signals.contains(signal));
        }
        Ok(classes)
    }

    fn check_with(
        &self,
        reuse: Option<&Reuse<'_>>,
        problems: &[Problem],
        scored: &mut [Scored],
        signals: &[Signal],
    ) -> Result<Classes, Failure> {
        let judging = Judging::by_default(Mode::Auto);
        let asking = Asking { worker: &self.engine as &dyn Engine, reuse, jobs: self.jobs, stop: &self.stop };
        let mut progress = RunProgress::new(self.common.quiet);
        eval::check(problems, scored, &judging, asking, &mut [&mut progress]).map_err(usage)?;
        let asking = Asking { worker: &self.engine as &dyn Comparer, reuse, jobs: self.jobs, stop: &self.stop };
        if signals.iter().any(|s| matches!(s, Signal::Equivalence | Signal::ProofOfReference)) {
            let progress = CountProgress::new(self.common.quiet, eval::comparisons(problems, scored) as u64);
            let settled = |count| progress.step(count);
            eval::compare_statements(problems, scored, &Comparing { asking, settled: &settled }).map_err(usage)?;
            progress.finish();
        }
        if !self.classes {
            return Ok(Classes::NotFormed("--equivalence-classes asks for it"));
        }
        let progress = CountProgress::new(self.common.quiet, eval::class_pairs(problems, scored) as u64);
        let settled = |count| progress.step(count);
        let classes = eval::form_classes(problems, scored, &Comparing { asking, settled: &settled }).map_err(usage)?;
        progress.finish();
        Ok(classes)
    }
}
