//! L0: what afcheck talks about: records, requests, budgets, verdicts.
//!
//! Owns the vocabulary every other layer shares. Must not do I/O, must not know of threads, wasmtime or any file
//! format; the only serialisation here is the stable spelling of names (`as_str` / `FromStr`).

mod budget;
mod equivalence;
mod feedback;
mod inspection;
mod problem;
mod record;
mod report;
mod request;
mod rung;
mod trust;
mod verdict;

pub use budget::Budget;
pub use equivalence::{Direction, EquivalenceReport, EquivalenceRequest, EquivalenceVerdict, LadderKind, Side};
pub use feedback::Feedback;
pub use inspection::{Elaboration, ElaborationRequest, Inspection, InspectionRequest, NotInspected, Shown, Step};
pub use problem::{Groups, Problem};
pub use record::Record;
pub use report::{CheckReport, EngineId, Message, Parts, Severity};
pub use request::{AxiomPolicy, CheckRequest, Mode, STANDARD_AXIOMS};
pub use rung::Rung;
pub use trust::{Equality, Mismatch, ReplayReport, Target, TargetReport, Warning, WarningKind};
pub use verdict::{Cause, Reason, Verdict};
