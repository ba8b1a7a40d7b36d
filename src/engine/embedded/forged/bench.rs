//! A working and a clean instance of one snapshot. Owns opening them and the path a forgery takes through both.

use super::plant::Planter;
use crate::domain::{Cause, ReplayReport, Severity};
use crate::engine::embedded::install::{Cache, SetupOptions, set_up};
use crate::engine::embedded::instance::{Instance, Program};
use crate::engine::embedded::library::Closure;
use crate::engine::embedded::snapshot::Snapshot;
use crate::engine::embedded::snapshots::Snapshots;
use crate::engine::embedded::trust::{Found, Taken, examine};
use crate::engine::embedded::{THREAD_STACK, elaborate};
use crate::lean::kernel::Terms;
use crate::lean::kernel::words::Words;
use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, OnceLock};

/// Heartbeats one step may cost: far more than any forgery needs.
const HEARTBEATS: i64 = 2_000_000_000;

/// What became of planted constants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Accepted(ReplayReport),
    /// Constant and reason.
    Refused(String, String),
    Limit(Cause, String),
    /// The instance broke down.
    Broken(String),
}

/// The two instances.
pub struct Bench {
    pub snapshot: Arc<Snapshot>,
    pub working: Instance,
    clean: Instance,
}

/// The compiled Lean of the cache and its smallest snapshot, once per process. Setting up takes the cache's own lock.
fn lean() -> &'static (Arc<Program>, Arc<Snapshot>) {
    static LEAN: OnceLock<(Arc<Program>, Arc<Snapshot>)> = OnceLock::new();
    LEAN.get_or_init(|| {
        let cache = Cache::new(std::env::var_os("AFCHECK_CACHE").map(Into::into));
        let program = set_up(&cache, &SetupOptions::default(), &|_| {}).expect("Lean can be set up");
        let directory = cache.engine_home(&program.engine).join("snapshots");
        std::fs::create_dir_all(&directory).expect("the cache is writable");
        let init = Closure { core: BTreeSet::from(["Init".to_owned()]), modules: vec![] };
        let snapshot = Snapshots::new(directory).get(&program, &init).expect("Lean boots").expect("Init loads");
        (program, snapshot)
    })
}

/// Runs a test with fresh instances, on a stack as large as a worker's.
pub fn on_a_bench(test: impl FnOnce(&mut Bench) + Send) {
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(THREAD_STACK);
        let running = worker.spawn_scoped(scope, || test(&mut Bench::open())).expect("a thread");
        running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

impl Bench {
    fn open() -> Bench {
        let (program, snapshot) = lean();
        let fresh = || snapshot.instantiate(program).expect("an instance");
        Bench { snapshot: snapshot.clone(), working: fresh(), clean: fresh() }
    }

    fn reset(&mut self) {
        let (program, snapshot) = lean();
        for lean in [&mut self.working, &mut self.clean] {
            if !matches!(lean.reset(&snapshot.original, &snapshot.registers, u64::MAX), Ok(true)) {
                *lean = snapshot.instantiate(program).expect("an instance");
                lean.reset(&snapshot.original, &snapshot.registers, u64::MAX).expect("a fresh instance can be reset");
            }
            lean.set_heartbeats_left(HEARTBEATS);
            // Two minutes of the engine's clock.
            lean.store.data_mut().clock.epochs_left = 12_000;
        }
    }

    /// The working instance after a reset.
    pub fn reset_working(&mut self) -> &mut Instance {
        self.reset();
        &mut self.working
    }

    /// The environment after honest `text`, elaborated in the working instance as it is after a reset.
    pub fn elaborate(&mut self, text: &str) -> u32 {
        self.reset();
        self.continue_with(self.snapshot.environment, text)
    }

    /// The environment after honest `text` on top of another.
    pub fn continue_with(&mut self, environment: u32, text: &str) -> u32 {
        let lean = &mut self.working;
        let state = elaborate::start_state(lean, environment, elaborate::Strictness::Candidate).expect("a state");
        let opened = elaborate::open_text(lean, text).expect("a text");
        let mut errors = Vec::new();
        let mut note = |m: &elaborate::LeanMessage| {
            if m.severity == Severity::Error {
                errors.push(m.text.clone());
            }
        };
        let state = elaborate::run(lean, &opened, state, &mut |command| {
            command.parse_messages.iter().chain(&command.messages).for_each(&mut note);
        });
        let state = state.expect("the text is elaborated");
        assert_eq!(errors, Vec::<String>::new(), "honest text: {text}");
        elaborate::state_environment(lean, state).expect("an environment")
    }

    /// Takes what an environment of the working instance has beyond the imports.
    pub fn take(&mut self, environment: u32, base: &HashSet<u32>) -> Taken {
        let taken = Taken::read(Terms::default(), &mut self.working, environment, &[], &self.snapshot, base);
        taken.expect("the environment can be read")
    }

    /// Has the clean instance check what was taken.
    pub fn examine(&mut self, mut taken: Taken) -> Fate {
        let mut found = Found::default();
        if let Err(failure) = examine(&mut self.clean, &self.snapshot, &mut taken, None, &mut found) {
            return Fate::Broken(format!("{failure:#}"));
        }
        match (found.replay.refused.take(), found.limit) {
            (Some((name, why)), _) => Fate::Refused(name, why),
            (None, Some((cause, why))) => Fate::Limit(cause, why),
            (None, None) => Fate::Accepted(found.replay),
        }
    }

    /// Honest text, changed by `forge` and planted on top of the imports; then the replay's answer.
    pub fn judge(&mut self, text: &str, forge: &dyn Fn(&mut Words)) -> Fate {
        let environment = self.elaborate(text);
        let Taken { terms, constants, .. } = self.take(environment, &HashSet::new());
        let mut words = Words { terms, constants };
        forge(&mut words);
        let mut planter = Planter::on_imports(&mut self.working, &self.snapshot);
        for constant in words.constants.values() {
            planter.plant(&words.terms, constant);
        }
        let environment = planter.environment();
        let taken = self.take(environment, &HashSet::new());
        self.examine(taken)
    }
}
