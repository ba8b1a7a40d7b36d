//! L2: Lean itself. Owns everything that talks to a Lean; what it finds out goes to `lean::judge`.

pub mod embedded;
mod scripted;

pub use scripted::{Scripted, ScriptedComparer};

use crate::domain::{CheckReport, CheckRequest, EngineId, EquivalenceReport, EquivalenceRequest};

/// Something that can check a text with a Lean. Shared by threads: each call checks one text and blocks until done.
pub trait Engine: Send + Sync {
    /// Checks one text. Never panics and never lies: what could not be shown is [`Undecided`](crate::domain::Verdict).
    fn check(&self, request: &CheckRequest) -> CheckReport;

    /// Which Lean judges.
    fn id(&self) -> EngineId;

    /// Everything outside a request that can change its outcome, in one line: the toolchain, how it was prepared, the
    /// modules that can be imported and the sources of the libraries, as they are now. Two engines with the same
    /// fingerprint answer the same, so results are kept under it. May be asked after every check.
    fn fingerprint(&self) -> String;

    /// How many questions it can answer at once.
    fn parallelism(&self) -> usize;
}

/// An engine that can also compare two statements, by a ladder of its own. Shared by threads. Its fingerprint covers
/// comparisons as it covers checks, and as many run at once.
pub trait Comparer: Engine {
    /// Compares two texts. What could not be shown is never called equivalent; trouble of the engine is
    /// [`Undecided`](crate::domain::EquivalenceVerdict), never a denial.
    fn compare(&self, request: &EquivalenceRequest) -> EquivalenceReport;
}
