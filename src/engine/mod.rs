//! L2: Lean itself. Owns everything that talks to a Lean; what it finds out goes to `lean::judge`.

mod choice;
pub mod embedded;
pub mod lake;
mod scripted;

pub use choice::Choice;
pub use scripted::{Scripted, ScriptedComparer};

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::domain::{
    CheckReport, CheckRequest, Elaboration, ElaborationRequest, EngineId, EquivalenceReport, EquivalenceRequest,
    Inspection, InspectionRequest, NotInspected,
};

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

/// An engine that says what Lean says of a text, without judging it.
pub trait Elaborator: Engine {
    /// Elaborates a text behind others.
    fn elaborate(&self, request: &ElaborationRequest) -> Result<Elaboration, NotInspected>;
}

/// An engine that editors can ask about places of a text. Shared by threads, as many at once as checks.
pub trait Inspector: Elaborator {
    /// Checks one text unless `cancelled` is set meanwhile, which ends the work soon; then there is no report.
    fn check_unless(&self, request: &CheckRequest, cancelled: &Arc<AtomicBool>) -> Option<CheckReport>;

    /// What there is to know of a place. Errors in the text are no reason to say nothing.
    fn inspect(&self, request: &InspectionRequest) -> Result<Inspection, NotInspected>;

    /// Names of everything a text with these beginnings can refer to, but for what it declares itself: sorted, without those
    /// that Lean makes for itself.
    fn names(&self, header: Option<&str>, code: &str) -> Result<Vec<String>, NotInspected>;
}

/// An engine that can also compare two statements, by a ladder of its own. Shared by threads. Its fingerprint covers
/// comparisons as it covers checks, and as many run at once.
pub trait Comparer: Engine {
    /// Compares two texts. What could not be shown is never called equivalent; trouble of the engine is
    /// [`Undecided`](crate::domain::EquivalenceVerdict), never a denial.
    fn compare(&self, request: &EquivalenceRequest) -> EquivalenceReport;
}
