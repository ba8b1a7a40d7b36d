//! A real Lean 4 inside the process: compiled from WebAssembly once per machine, forked from a snapshot for every
//! check. Owns everything about it; `docs/embedded-lean.md` is its manual.
//!
//! From the outside in: [`EmbeddedEngine`] hands requests to `worker`s; a worker resets an `instance` to a `snapshot` and
//! runs a `check` on it: `elaborate` the text, `audit` the environment. Below: `boot` and `object` know Lean's runtime,
//! `host` and `memory` are the machine it believes to run on, `rewrite` and `install` make the module.

mod audit;
mod boot;
mod check;
mod config;
mod elaborate;
mod equivalence;
mod export;
mod exposure;
mod fingerprint;
#[cfg(test)]
mod forged;
mod gather;
mod host;
mod info_tree;
mod inspect;
pub mod install;
mod instance;
mod kernel;
mod library;
mod memory;
mod object;
mod prefix;
mod print;
mod program;
mod rebuild;
pub mod rewrite;
mod snapshot;
mod snapshots;
mod stages;
mod stated;
mod syntax;
mod target;
mod trust;
mod warn;
mod worker;

pub use install::{LEAN_COMMIT, LEAN_VERSION};
pub use instance::Program;
pub use library::Sources;

use super::{Comparer, Elaborator, Engine, Inspector};
use crate::domain::{
    Cause, CheckReport, CheckRequest, Elaboration, ElaborationRequest, EngineId, EquivalenceReport, EquivalenceRequest,
    EquivalenceVerdict, Inspection, InspectionRequest, LadderKind, Mode, NotInspected, Verdict,
};
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use fingerprint::Fingerprint;
use install::Cache;
use snapshots::Snapshots;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What an engine with these libraries is told apart by, without starting one.
pub fn fingerprint_with(libraries: Vec<PathBuf>) -> String {
    Fingerprint::new(libraries).current()
}
use std::thread;
use std::time::Duration;
use worker::{Durations, Shared, Worker};

/// Stack of a worker thread: the wasm stack and room for the host's own frames.
const THREAD_STACK: usize = config::WASM_STACK + (32 << 20);

/// Checks after which a worker's thread is replaced, so that nothing small can add up over a long run.
const CHECKS_PER_THREAD: usize = 5_000;

/// A question for a worker, with where the answer goes.
enum Job {
    /// A check ends early, with an answer of no use, when its flag is set.
    Check {
        request: CheckRequest,
        cancelled: Option<Arc<AtomicBool>>,
        reply: Sender<CheckReport>,
    },
    Compare {
        request: EquivalenceRequest,
        reply: Sender<EquivalenceReport>,
    },
    Inspect {
        request: InspectionRequest,
        reply: Sender<Result<Inspection, NotInspected>>,
    },
    Elaborate {
        request: ElaborationRequest,
        reply: Sender<Result<Elaboration, NotInspected>>,
    },
    Names {
        header: Option<String>,
        code: String,
        reply: Sender<Result<Vec<String>, NotInspected>>,
    },
}

/// What is said where a worker is gone.
const ENDED: &str = "the worker ended without an answer";

/// The embedded engine: a pool of workers behind one queue.
pub struct EmbeddedEngine {
    jobs: Option<Sender<Job>>,
    keepers: Vec<thread::JoinHandle<()>>,
    shared: Arc<Shared>,
    fingerprint: Fingerprint,
}

impl EmbeddedEngine {
    /// An engine with `workers` workers. `libraries` are directories of library sources without Mathlib.
    pub fn new(program: Arc<Program>, cache: &Cache, libraries: Vec<PathBuf>, workers: usize) -> std::io::Result<Self> {
        let directory = cache.engine_home(&program.engine).join("snapshots");
        std::fs::create_dir_all(&directory)?;
        let fingerprint = Fingerprint::new(libraries.clone());
        let sources = Sources::new(program.library.clone(), libraries);
        let shared =
            Arc::new(Shared { program, snapshots: Snapshots::new(directory), sources, resets: Durations::default() });
        let (jobs, queue) = unbounded();
        let keepers = (0..workers.max(1))
            .map(|i| {
                let (shared, queue) = (shared.clone(), queue.clone());
                thread::Builder::new().name(format!("afcheck-keeper-{i}")).spawn(move || keep(&shared, &queue))
            })
            .collect::<Result<_, _>>()?;
        Ok(EmbeddedEngine { jobs: Some(jobs), keepers, shared, fingerprint })
    }

    /// Puts a question to a worker; `None` if it ended without an answer.
    fn ask<A>(&self, job: impl FnOnce(Sender<A>) -> Job) -> Option<A> {
        let (reply, answer) = bounded(1);
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(job(reply)).is_ok());
        if sent { answer.recv().ok() } else { None }
    }

    /// Mean time of a reset to a snapshot so far.
    pub fn mean_reset(&self) -> Duration {
        self.shared.resets.mean()
    }

    /// Makes the first snapshot by judging a trivial text; an error says what is wrong with the engine.
    pub fn warm_up(&self) -> Result<(), String> {
        let report = self.check(&CheckRequest::new("theorem warm_up : True := trivial"));
        match report.verdict {
            Verdict::Accepted { .. } => Ok(()),
            other => Err(format!("the engine does not prove True: {other:?} {:?}", report.messages)),
        }
    }
}

impl Drop for EmbeddedEngine {
    fn drop(&mut self) {
        self.jobs = None;
        for keeper in self.keepers.drain(..) {
            let _ = keeper.join();
        }
    }
}

impl Engine for EmbeddedEngine {
    fn check(&self, request: &CheckRequest) -> CheckReport {
        self.ask(|reply| Job::Check { request: request.clone(), cancelled: None, reply })
            .unwrap_or_else(|| crashed(request, ENDED))
    }

    fn id(&self) -> EngineId {
        check::engine_id()
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.current()
    }

    fn parallelism(&self) -> usize {
        self.keepers.len()
    }
}

impl Comparer for EmbeddedEngine {
    fn compare(&self, request: &EquivalenceRequest) -> EquivalenceReport {
        self.ask(|reply| Job::Compare { request: request.clone(), reply }).unwrap_or_else(|| not_compared(ENDED))
    }
}

impl Elaborator for EmbeddedEngine {
    fn elaborate(&self, request: &ElaborationRequest) -> Result<Elaboration, NotInspected> {
        self.ask(|reply| Job::Elaborate { request: request.clone(), reply })
            .unwrap_or_else(|| Err(not_inspected(ENDED)))
    }
}

impl Inspector for EmbeddedEngine {
    fn check_unless(&self, request: &CheckRequest, cancelled: &Arc<AtomicBool>) -> Option<CheckReport> {
        let job = |reply| Job::Check { request: request.clone(), cancelled: Some(cancelled.clone()), reply };
        let report = self.ask(job).unwrap_or_else(|| crashed(request, ENDED));
        (!cancelled.load(Ordering::Relaxed)).then_some(report)
    }

    fn inspect(&self, request: &InspectionRequest) -> Result<Inspection, NotInspected> {
        self.ask(|reply| Job::Inspect { request: request.clone(), reply }).unwrap_or_else(|| Err(not_inspected(ENDED)))
    }

    fn names(&self, header: Option<&str>, code: &str) -> Result<Vec<String>, NotInspected> {
        let (header, code) = (header.map(str::to_owned), code.to_owned());
        self.ask(|reply| Job::Names { header, code, reply }).unwrap_or_else(|| Err(not_inspected(ENDED)))
    }
}

/// Replaces a worker's thread whenever it ends, until the queue is closed.
fn keep(shared: &Arc<Shared>, queue: &Receiver<Job>) {
    loop {
        let (shared, queue) = (shared.clone(), queue.clone());
        let thread = thread::Builder::new().name("afcheck-worker".into()).stack_size(THREAD_STACK);
        match thread.spawn(move || work(shared, &queue)).map(thread::JoinHandle::join) {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return,
            // Neither a panic outside a check nor a refused thread may spin.
            Ok(Err(_)) | Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// Serves jobs; `true` asks for a fresh thread, `false` means the queue is closed.
fn work(shared: Arc<Shared>, queue: &Receiver<Job>) -> bool {
    let mut worker = Worker::new(shared.clone());
    for _ in 0..CHECKS_PER_THREAD {
        const PANICKED: &str = "the engine panicked; this is a defect of afcheck";
        let Ok(job) = queue.recv() else { return false };
        // The caller may have gone; its answer is then of no use to anybody.
        match job {
            Job::Check { request, cancelled, reply } => {
                let answer = || match cancelled {
                    Some(cancelled) => worker.check_unless(&request, cancelled),
                    None => worker.check(&request),
                };
                let report = catch_unwind(AssertUnwindSafe(answer)).unwrap_or_else(|_| {
                    worker = Worker::new(shared.clone());
                    crashed(&request, PANICKED)
                });
                let _ = reply.send(report);
            }
            Job::Compare { request, reply } => {
                let report = catch_unwind(AssertUnwindSafe(|| worker.compare(&request))).unwrap_or_else(|_| {
                    worker = Worker::new(shared.clone());
                    not_compared(PANICKED)
                });
                let _ = reply.send(report);
            }
            Job::Inspect { request, reply } => {
                let found = catch_unwind(AssertUnwindSafe(|| worker.inspect(&request))).unwrap_or_else(|_| {
                    worker = Worker::new(shared.clone());
                    Err(not_inspected(PANICKED))
                });
                let _ = reply.send(found);
            }
            Job::Elaborate { request, reply } => {
                let found = catch_unwind(AssertUnwindSafe(|| worker.elaborate(&request))).unwrap_or_else(|_| {
                    worker = Worker::new(shared.clone());
                    Err(not_inspected(PANICKED))
                });
                let _ = reply.send(found);
            }
            Job::Names { header, code, reply } => {
                let found = catch_unwind(AssertUnwindSafe(|| worker.names(header.as_deref(), &code)));
                let found = found.unwrap_or_else(|_| {
                    worker = Worker::new(shared.clone());
                    Err(not_inspected(PANICKED))
                });
                let _ = reply.send(found);
            }
        }
        if worker.tired {
            return true;
        }
    }
    true
}

fn not_inspected(detail: &str) -> NotInspected {
    NotInspected { cause: Cause::EngineCrash, detail: detail.into() }
}

fn not_compared(detail: &str) -> EquivalenceReport {
    let verdict = EquivalenceVerdict::Undecided { cause: Cause::EngineCrash, detail: detail.into() };
    EquivalenceReport::new(verdict, LadderKind::BeqCore, check::engine_id())
}

fn crashed(request: &CheckRequest, detail: &str) -> CheckReport {
    let verdict = Verdict::Undecided { cause: Cause::EngineCrash, detail: detail.into() };
    let mode = if request.mode == Mode::Statement { Mode::Statement } else { Mode::Proof };
    CheckReport::new(
        verdict,
        mode,
        request.require.unwrap_or(crate::lean::default_rung(mode, request.target.is_some())),
        check::engine_id(),
    )
}
