//! One worker: a thread with a large stack and its instances, each reset before every check. Owns the life of instances
//! and the translation of whatever ends a check into a cause; judges nothing itself.

use super::audit::{self, LibraryAxioms};
use super::check::{self, Midway, Outcome};
use super::equivalence;
use super::host::{Clock, HostState, HostStop};
use super::inspect;
use super::instance::{Failure, Instance, Program};
use super::library::{Closure, Sources};
use super::prefix::Prefix;
use super::program::EPOCH;
use super::snapshot::Snapshot;
use super::snapshots::{Key, Snapshots};
use super::stages;
use super::target::Targets;
use super::warn::Known;
use crate::domain::{
    Budget, Cause, CheckReport, CheckRequest, Elaboration, ElaborationRequest, EquivalenceReport, EquivalenceRequest,
    Inspection, InspectionRequest, NotInspected,
};
use crate::lean::kernel::{NameId, Terms, show_name};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use wasmtime::{ThrownException, Trap};

/// Instances a worker keeps, one per import set, least recently used first out.
const INSTANCES: usize = 3;

/// Epochs no check lives to see.
const MOST_EPOCHS: u128 = 1 << 40;

/// C++ throws after which an instance is replaced: each leaves a few bytes in its store.
const THROWS: u64 = 200_000;

/// Library constants of one import set whose axioms a worker remembers.
const REMEMBERED_AXIOMS: usize = 200_000;

/// What all workers share.
pub struct Shared {
    pub program: Arc<Program>,
    pub snapshots: Snapshots,
    pub sources: Sources,
    /// What resets cost.
    pub resets: Durations,
}

/// Sum and count of durations, added to by all workers.
#[derive(Default)]
pub struct Durations {
    nanoseconds: AtomicU64,
    count: AtomicU64,
}

impl Durations {
    fn record(&self, duration: Duration) {
        self.nanoseconds.fetch_add(duration.as_nanos() as u64, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    /// The mean, zero if there were none.
    pub fn mean(&self) -> Duration {
        let count = self.count.load(Ordering::Relaxed).max(1);
        Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed) / count)
    }
}

/// For work that is not a candidate's.
const UNLIMITED: Budget = Budget { heartbeats: u64::MAX, wall_clock: Duration::MAX, memory: u64::MAX };

struct Warm {
    key: Key,
    snapshot: Arc<Snapshot>,
    /// Where candidates run.
    working: Instance,
    /// Where only trusted text and the kernel run; made when it is first needed.
    clean: Option<Instance>,
    axioms: LibraryAxioms,
    prefix: Prefix<Midway>,
}

/// Which of the two instances of an import set, and in which state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The one candidates run in, reset.
    Working,
    /// The same as the last work in it left it.
    WorkingLeft,
    /// The one only trusted text and the kernel run in, reset.
    Clean,
    /// The same as the last work in it left it.
    CleanLeft,
}

/// A worker's state.
pub struct Worker {
    shared: Arc<Shared>,
    warm: Vec<Warm>,
    /// The import set asked for last in this check, with its key: finding it reads library sources.
    recent: Option<(BTreeSet<String>, Key)>,
    /// Targets elaborated before, the most recent last.
    pub(super) targets: Targets,
    /// What automation found of statements, by import set.
    looked_at: HashMap<BTreeSet<String>, Rc<Known>>,
    /// Set by whoever no longer wants the result of the check under way, which then ends at the next epoch.
    cancelled: Option<Arc<AtomicBool>>,
    /// True once the thread's stack has been used up and should be given back.
    pub tired: bool,
}

/// Why there is no instance to check a text with: what it imports is not to be had, or the engine failed.
pub struct Unavailable {
    pub cause: Cause,
    /// In words for the record.
    pub detail: String,
}

impl Unavailable {
    /// Cause and detail.
    pub fn into_parts(self) -> (Cause, String) {
        (self.cause, self.detail)
    }

    /// The text asks for something this engine does not have.
    pub fn unsupported(detail: impl ToString) -> Self {
        Unavailable { cause: Cause::Unsupported, detail: detail.to_string() }
    }

    fn broken(failure: &Failure) -> Self {
        Unavailable { cause: Cause::EngineCrash, detail: format!("no instance can be made: {failure:#}") }
    }
}

impl Worker {
    /// A worker without instances.
    pub fn new(shared: Arc<Shared>) -> Self {
        Worker {
            shared,
            warm: Vec::new(),
            recent: None,
            targets: Targets::default(),
            looked_at: HashMap::new(),
            cancelled: None,
            tired: false,
        }
    }

    /// Checks one text.
    pub fn check(&mut self, request: &CheckRequest) -> CheckReport {
        self.recent = None;
        check::check(self, request)
    }

    /// Checks one text unless `cancelled` is set meanwhile; what is answered then says nothing of the text.
    pub fn check_unless(&mut self, request: &CheckRequest, cancelled: Arc<AtomicBool>) -> CheckReport {
        self.cancelled = Some(cancelled);
        let report = self.check(request);
        self.cancelled = None;
        report
    }

    /// Compares two texts.
    pub fn compare(&mut self, request: &EquivalenceRequest) -> EquivalenceReport {
        self.recent = None;
        equivalence::compare(self, request)
    }

    /// Looks at a place of a text.
    pub fn inspect(&mut self, request: &InspectionRequest) -> Result<Inspection, NotInspected> {
        self.recent = None;
        inspect::inspect(self, request)
    }

    /// Elaborates a text behind others.
    pub fn elaborate(&mut self, request: &ElaborationRequest) -> Result<Elaboration, NotInspected> {
        self.recent = None;
        stages::elaborate(self, request)
    }

    /// Names of what a text can refer to.
    pub fn names(&mut self, header: Option<&str>, code: &str) -> Result<Vec<String>, NotInspected> {
        self.recent = None;
        inspect::names(self, header, code)
    }

    /// Runs `work` on a reset instance with the given imports.
    pub(super) fn with_instance<T>(
        &mut self,
        imports: &BTreeSet<String>,
        place: Place,
        budget: &Budget,
        work: impl FnOnce(&mut Instance, &Snapshot) -> Result<T, Failure>,
    ) -> Result<Outcome<T>, Unavailable> {
        let at = self.warm_up(imports)?;
        let warm = &mut self.warm[at];
        let memory_limit = budget.memory.max(warm.snapshot.size() as u64);
        let fresh = || warm.snapshot.instantiate(&self.shared.program).map_err(|e| Unavailable::broken(&e));
        let lean = match place {
            Place::Working | Place::WorkingLeft => &mut warm.working,
            Place::Clean | Place::CleanLeft => {
                if warm.clean.is_none() {
                    warm.clean = Some(fresh()?);
                }
                warm.clean.as_mut().expect("made above")
            }
        };
        if matches!(place, Place::Working | Place::Clean) {
            let start = Instant::now();
            let reset = lean.reset(&warm.snapshot.original, &warm.snapshot.registers, memory_limit);
            self.shared.resets.record(start.elapsed());
            if !matches!(reset, Ok(true)) || lean.store.data().exceptions.thrown > THROWS {
                *lean = fresh()?;
                let _ = lean.reset(&warm.snapshot.original, &warm.snapshot.registers, memory_limit);
            }
        }
        let allowed = i64::try_from(budget.heartbeats.saturating_mul(1000)).unwrap_or(i64::MAX);
        lean.set_heartbeats_left(allowed);
        let epochs = budget.wall_clock.as_nanos().div_ceil(EPOCH.as_nanos()).clamp(1, MOST_EPOCHS);
        lean.store.data_mut().clock = Clock { epochs_left: epochs as u64, cancelled: self.cancelled.clone() };
        let result = work(lean, &warm.snapshot);
        let left = lean.heartbeats_left();
        let grown = lean.memory_size().saturating_sub(warm.snapshot.size()) as u64;
        let state = lean.store.data();
        let left_out = state.left_out.first().cloned();
        let outcome = Outcome {
            heartbeats: (allowed - left.max(-1)) as u64,
            memory: grown,
            left_out,
            result: result.map_err(|failure| cause(&failure, left, state)),
        };
        if matches!(&outcome.result, Err((Cause::Stack, _))) {
            self.tired = true;
        }
        Ok(outcome)
    }

    /// What is kept of the last texts with these imports; to be given back by [`put_prefix`](Self::put_prefix).
    pub(super) fn take_prefix(&mut self, imports: &BTreeSet<String>) -> Prefix<Midway> {
        self.warm_up(imports).map_or_else(|_| Prefix::default(), |at| std::mem::take(&mut self.warm[at].prefix))
    }

    /// Keeps it for the next text with these imports.
    pub(super) fn put_prefix(&mut self, imports: &BTreeSet<String>, prefix: Prefix<Midway>) {
        if let Ok(at) = self.warm_up(imports) {
            self.warm[at].prefix = prefix;
        }
    }

    /// What automation found of statements with these imports.
    pub(super) fn looked_at(&mut self, imports: &BTreeSet<String>) -> Rc<Known> {
        self.looked_at.entry(imports.clone()).or_default().clone()
    }

    /// The axioms that constants of the library rest on.
    pub(super) fn library_axioms(
        &mut self,
        imports: &BTreeSet<String>,
        terms: &Terms,
        constants: &[NameId],
    ) -> Result<BTreeSet<String>, (Cause, String)> {
        let at = self.warm_up(imports).map_err(Unavailable::into_parts)?;
        let mut known = std::mem::take(&mut self.warm[at].axioms);
        if known.len() > REMEMBERED_AXIOMS {
            known.clear();
        }
        let mut unknown = constants.to_vec();
        unknown.retain(|c| !known.contains_key(&show_name(terms, *c)));
        if !unknown.is_empty() {
            // Not the candidate's work, so not within its budget: another candidate may have asked before.
            let outcome = self.with_instance(imports, Place::Clean, &UNLIMITED, |lean, snapshot| {
                audit::learn_axioms(lean, snapshot.environment, terms, &unknown, &mut known)
            });
            outcome.map_err(Unavailable::into_parts)?.result?;
        }
        let axioms = constants.iter().filter_map(|c| known.get(&show_name(terms, *c))).flatten().cloned().collect();
        let at = self.warm_up(imports).map_err(Unavailable::into_parts)?;
        self.warm[at].axioms = known;
        Ok(axioms)
    }

    /// Index of a warm instance with these imports, which becomes the most recently used.
    fn warm_up(&mut self, imports: &BTreeSet<String>) -> Result<usize, Unavailable> {
        if let Some((known, key)) = &self.recent
            && known == imports
            && let Some(at) = self.warm.iter().position(|w| &w.key == key)
        {
            self.warm[at..].rotate_left(1);
            return Ok(self.warm.len() - 1);
        }
        let broken = |e: Failure| Unavailable::broken(&e);
        let init = BTreeSet::from(["Init".to_owned()]);
        let closure = if imports.is_subset(&init) {
            Closure { core: init, modules: vec![] }
        } else {
            let shared = self.shared.clone();
            let closure = match shared.sources.closure(None, imports).map_err(broken)? {
                Some(closure) => closure,
                None => {
                    // Headers of library sources are parsed by Lean itself, in the smallest instance. Not in the one
                    // where candidates run: what a candidate left there may still have to be read.
                    let parse = |lean: &mut Instance, _: &Snapshot| shared.sources.closure(Some(lean), imports);
                    let outcome = self.with_instance(&init, Place::Clean, &UNLIMITED, parse)?;
                    let closure = outcome.result.map_err(|(cause, detail)| Unavailable { cause, detail })?;
                    closure.ok_or_else(|| Unavailable::broken(&Failure::msg("a header was not parsed")))?
                }
            };
            closure.map_err(Unavailable::unsupported)?
        };
        let key = Snapshots::key(&closure);
        self.recent = Some((imports.clone(), key.clone()));
        if let Some(at) = self.warm.iter().position(|w| w.key == key) {
            self.warm[at..].rotate_left(1);
        } else {
            let snapshot = self.shared.snapshots.get(&self.shared.program, &closure).map_err(broken)?;
            let snapshot = snapshot.map_err(Unavailable::unsupported)?;
            let working = snapshot.instantiate(&self.shared.program).map_err(broken)?;
            if self.warm.len() == INSTANCES {
                self.warm.remove(0);
            }
            self.warm.push(Warm {
                key,
                snapshot,
                working,
                clean: None,
                axioms: LibraryAxioms::new(),
                prefix: Prefix::default(),
            });
        }
        Ok(self.warm.len() - 1)
    }
}

/// What a call that did not return means.
fn cause(failure: &Failure, heartbeats_left: i64, state: &HostState) -> (Cause, String) {
    let text = format!("{failure:#}");
    if heartbeats_left < 0 {
        return (Cause::Heartbeats, "the heartbeat budget of the check is spent".into());
    }
    // Lean's last words, if it panicked (`INTERNAL PANIC: out of memory`).
    let last_words = String::from_utf8_lossy(&state.output).lines().rfind(|l| l.contains("PANIC")).map(str::to_owned);
    if state.memory_refused || last_words.as_deref().is_some_and(|w| w.contains("out of memory")) {
        return (Cause::Memory, "the check asked for more memory than its limit".into());
    }
    match failure.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => return (Cause::WallClock, "the wall-clock limit of the check is reached".into()),
        Some(Trap::StackOverflow) => return (Cause::Stack, "the stack of the instance is used up".into()),
        _ => {}
    }
    if failure.is::<ThrownException>() {
        // The interpreter's way to say that it has no code for a function the text's macro calls.
        let detail = "a C++ exception left Lean: the text may need compiled code that the engine does not have";
        return (Cause::Unsupported, detail.into());
    }
    match failure.downcast_ref::<HostStop>() {
        Some(HostStop::Missing(name)) => (Cause::Unsupported, format!("the text needs the system call `{name}`")),
        Some(HostStop::Exit(code)) => {
            let words = last_words.map_or_else(String::new, |words| format!(": {words}"));
            (Cause::EngineCrash, format!("Lean ended itself with exit code {code}{words}"))
        }
        _ => (Cause::EngineCrash, text),
    }
}
