//! The Lean that evaluations ask: its engine, its results of earlier runs, and the signals that stop it.

use crate::cli::args::Common;
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::{CountProgress, RunProgress};
use crate::cli::settings::{default_jobs, libraries, load_config};
use crate::domain::{AxiomPolicy, Budget, EngineId, Mode, Problem};
use crate::engine::Engine;
use crate::engine::embedded::EmbeddedEngine;
use crate::engine::embedded::install::SetupOptions;
use crate::pipeline::eval::{self, Checking, Comparing, Scored, Signal};
use crate::pipeline::verify::Judging;
use crate::runner::Reuse;
use crate::store::{DEFAULT_LIMIT, Judge, ResultStore};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn usage(error: impl ToString) -> Failure {
    Failure::new(Exit::Usage, error)
}

/// What the command line says about Lean.
pub struct LeanOptions {
    pub jobs: Option<usize>,
    pub lib: Vec<PathBuf>,
    pub offline: bool,
    pub no_cache: bool,
}

/// A Lean for a run.
pub struct Lean<'a> {
    common: &'a Common,
    engine: EmbeddedEngine,
    stop: Arc<AtomicBool>,
    jobs: usize,
    no_cache: bool,
}

impl<'a> Lean<'a> {
    /// `None` if no signal needs it, or if the statements need a library it does not have.
    pub fn start(
        common: &'a Common,
        signals: &[Signal],
        problems: &[Problem],
        options: LeanOptions,
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
        let file = load_config(common)?;
        let jobs = options.jobs.or(file.verify.jobs).unwrap_or_else(default_jobs).max(1);
        let setup = SetupOptions { offline: options.offline, package: None };
        let libraries = libraries(&options.lib, &file)?;
        let engine = super::setup::engine(common, &super::cache(common), &setup, libraries, jobs)?;
        let stop = super::stop_flag()?;
        Ok(Some(Lean { common, engine, stop, jobs, no_cache: options.no_cache }))
    }

    /// Which Lean it is.
    pub fn id(&self) -> EngineId {
        self.engine.id()
    }

    /// True if somebody asked to stop.
    pub fn was_interrupted(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Fills in the signals that need Lean.
    pub fn check(&self, problems: &[Problem], scored: &mut [Scored], signals: &[Signal]) -> Result<(), Failure> {
        let judging = Judging {
            mode: Mode::Auto,
            require: None,
            budget: Budget::default(),
            axioms: AxiomPolicy::default(),
            header: None,
            target: None,
            target_name: None,
            warnings: false,
        };
        let judge = Judge::new(&self.engine.fingerprint());
        let root = super::cache(self.common).root().to_owned();
        let store = if self.no_cache { None } else { super::verify::open_store(&root, DEFAULT_LIMIT, &judge) };
        let reuse = (!self.no_cache).then(|| Reuse::new(judge, store.as_ref()));
        let checking = Checking {
            engine: &self.engine,
            judging: &judging,
            reuse: reuse.as_ref(),
            jobs: self.jobs,
            stop: &self.stop,
        };
        let mut progress = RunProgress::new(self.common.quiet);
        let outcome = eval::check(problems, scored, &checking, &mut [&mut progress]);
        drop(reuse);
        for note in store.map(ResultStore::close).unwrap_or_default() {
            eprintln!("warning: {note}");
        }
        outcome.map_err(usage)?;
        if signals.iter().any(|s| matches!(s, Signal::Equivalence | Signal::ProofOfReference)) {
            let count = eval::comparisons(problems, scored);
            let progress = CountProgress::new(self.common.quiet, count as u64);
            let step = || progress.step();
            let comparing = Comparing { comparer: &self.engine, jobs: self.jobs, stop: &self.stop, step: &step };
            eval::compare_statements(problems, scored, &comparing);
            progress.finish();
        }
        // What was asked on the way is not what was asked for.
        for scored in scored {
            scored.scores.retain(|signal, _| signals.contains(signal));
        }
        Ok(())
    }
}
