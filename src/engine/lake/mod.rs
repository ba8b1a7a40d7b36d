//! Lean in a user's Lake project, Mathlib included: processes that speak the protocol of leanprover-community/repl. Owns everything
//! about them; docs/lake.md is its manual.
//!
//! From the outside in: [`LakeEngine`] hands a request to a free `seat`; a `check` there has the candidate elaborated by one process
//! and what it declared examined by another, which never sees the candidate's text (`audit`). Below: `repl` speaks the protocol and
//! keeps headers, `process` is a child with its limits, `sandbox` confines it, `project` reads what is in the directory.

mod audit;
mod check;
mod process;
mod project;
mod repl;
pub mod sandbox;
mod target;

pub use project::{Finding, Project};
pub use sandbox::Sandbox;

use super::{Elaborator, Engine};
use crate::domain::{CheckReport, CheckRequest, Elaboration, ElaborationRequest, EngineId, NotInspected};
use crossbeam_channel::{Receiver, Sender, unbounded};
use repl::Repl;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use target::Targets;

/// How the processes are run.
#[derive(Clone, Debug)]
pub struct LakeOptions {
    /// The project's directory.
    pub directory: PathBuf,
    /// What is started there; by default the project's own REPL.
    pub command: Option<Vec<String>>,
    /// Checks at once. Each has a process for candidates and, once one came so far, another for the examination.
    pub jobs: usize,
    /// Candidates after which a process is replaced; 0 for never.
    pub recycle: usize,
    /// Resident memory of a process and its children, in bytes; files that are mapped, as Lean's libraries are, do not count.
    pub memory: u64,
    /// Time for a process to start and to import.
    pub import_time: Duration,
    pub sandbox: Sandbox,
    /// Further directories that may be read, and written, in the sandbox.
    pub read: Vec<PathBuf>,
    pub write: Vec<PathBuf>,
}

impl LakeOptions {
    /// Everything by default for a project.
    pub fn new(directory: PathBuf) -> LakeOptions {
        LakeOptions {
            directory,
            command: None,
            jobs: 1,
            recycle: 200,
            memory: 8 << 30,
            import_time: Duration::from_secs(300),
            sandbox: Sandbox::Auto,
            read: vec![],
            write: vec![],
        }
    }
}

/// What all seats share.
struct Shared {
    options: LakeOptions,
    project: Project,
    /// How processes are started.
    launch: process::Launch,
    targets: Targets,
    /// What every record of this engine should say of it.
    caveats: Vec<String>,
    id: EngineId,
}

/// Two processes: one for candidates, one for trusted text only.
struct Seat {
    candidates: Repl,
    examiner: Repl,
}

/// The engine of a Lake project: seats behind one queue.
pub struct LakeEngine {
    shared: Arc<Shared>,
    free: Receiver<Seat>,
    back: Sender<Seat>,
}

impl LakeEngine {
    /// Starts a process, so that a project in which none starts is told at once. The error says what is wrong, with a hint.
    pub fn start(options: LakeOptions) -> Result<LakeEngine, String> {
        let project = Project::read(&options.directory)?;
        let launch = process::Launch::new(&options, &project)?;
        let mut caveats = Vec::new();
        caveats.extend(launch.missing_confinement());
        let mut first = Repl::new(launch.clone(), &options);
        let version = first.version().map_err(|fault| {
            let (_, detail) = fault.into_parts();
            format!("{}: no REPL answers: {detail}", options.directory.display())
        })?;
        let (lean, commit) =
            version.or_else(|| project.toolchain.clone().map(|lean| (lean, String::new()))).unwrap_or_default();
        let id = EngineId { lean, commit, kind: "lake" };
        let (back, free) = unbounded();
        let jobs = options.jobs.max(1);
        let shared = Shared { options, project, launch, targets: Targets::default(), caveats, id };
        let mut candidates = Some(first);
        for _ in 0..jobs {
            let repl = || Repl::new(shared.launch.clone(), &shared.options);
            let seat = Seat { candidates: candidates.take().unwrap_or_else(repl), examiner: repl() };
            let _ = back.send(seat);
        }
        Ok(LakeEngine { shared: Arc::new(shared), free, back })
    }

    /// The project.
    pub fn project(&self) -> &Project {
        &self.shared.project
    }
}

impl Engine for LakeEngine {
    fn check(&self, request: &CheckRequest) -> CheckReport {
        match self.free.recv() {
            Ok(mut seat) => {
                let report = check::check(&self.shared, &mut seat, request);
                let _ = self.back.send(seat);
                report
            }
            Err(_) => check::no_seat(&self.shared, request),
        }
    }

    fn id(&self) -> EngineId {
        self.shared.id.clone()
    }

    fn fingerprint(&self) -> String {
        let EngineId { lean, commit, .. } = &self.shared.id;
        let Shared { launch, project, .. } = &*self.shared;
        format!("lake {lean} {commit} {} {} {}", launch.spelled(), launch.program(), project.fingerprint())
    }

    fn parallelism(&self) -> usize {
        self.shared.options.jobs.max(1)
    }
}

impl Elaborator for LakeEngine {
    fn elaborate(&self, request: &ElaborationRequest) -> Result<Elaboration, NotInspected> {
        let Ok(mut seat) = self.free.recv() else { return Err(check::lost()) };
        let found = check::elaborate(&mut seat, request);
        let _ = self.back.send(seat);
        found
    }
}
