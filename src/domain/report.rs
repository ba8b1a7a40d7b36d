//! What an engine answers. Owns the report's shape; its JSON spelling belongs to `report/`.

use super::{Mode, ReplayReport, Rung, TargetReport, Verdict, Warning};
use std::time::Duration;

/// Severity of a Lean message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Info,
    Warning,
    Error,
}

impl Severity {
    /// The name used on the wire by Lean's own tools.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A message of Lean, with positions in the ORIGINAL text (the Markdown, if the code came in fences).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub severity: Severity,
    /// 1-based line.
    pub line: u32,
    /// 0-based column in code points.
    pub column: u32,
    /// Byte offset of the start in the text as Lean read it, in which declarations have their bodies: what is not Lean
    /// is blanked, and every line end is one byte.
    pub offset: usize,
    /// End of the range, if Lean gave one: line, column, byte offset.
    pub end: Option<(u32, u32, usize)>,
    /// The message without its position.
    pub text: String,
    /// True if the position is in the record's header, not in its code.
    pub in_header: bool,
}

/// Which Lean judged, so that a number in a paper can name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineId {
    /// Lean's version, e.g. `4.28.0-pre`.
    pub lean: String,
    /// Lean's commit.
    pub commit: String,
    /// `embedded` or `lake`.
    pub kind: &'static str,
}

/// Wall clock of the parts of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Elaborating the candidate.
    pub elaboration: Duration,
    /// Elaborating the target and comparing with it.
    pub target: Duration,
    /// Checking by the kernel again.
    pub replay: Duration,
    /// Looking at the statement.
    pub warnings: Duration,
}

/// The outcome of one check.
#[derive(Clone, Debug)]
pub struct CheckReport {
    pub verdict: Verdict,
    /// The mode the text was judged in: never [`Mode::Auto`].
    pub mode: Mode,
    /// The rung that counted.
    pub required: Rung,
    pub messages: Vec<Message>,
    /// Axioms the declarations of the text rest on, sorted; theorems of the library are not listed.
    pub axioms: Vec<String>,
    /// Names of what the text declared, in order.
    pub declarations: Vec<String>,
    /// The second check by the kernel, if it came to that.
    pub replay: Option<ReplayReport>,
    /// The comparison with the target, if there is one and it came to that.
    pub target: Option<TargetReport>,
    /// What people should know of the statements, in the order of [`WarningKind`](super::WarningKind).
    pub warnings: Vec<Warning>,
    /// Lean heartbeats spent on the candidate's text, in the same unit as [`Budget::heartbeats`](super::Budget::heartbeats) times 1000, that is
    /// single small allocations. Equal on every machine.
    pub heartbeats: u64,
    /// Elapsed wall clock of the check.
    pub wall: Duration,
    /// What of it each part took.
    pub parts: Parts,
    /// Memory the check added to its snapshot, in bytes.
    pub memory: u64,
    pub engine: EngineId,
    /// What this engine does not guarantee of the verdict, in words.
    pub caveats: Vec<String>,
}

impl CheckReport {
    /// A report of which nothing but the verdict is known.
    pub fn new(verdict: Verdict, mode: Mode, required: Rung, engine: EngineId) -> Self {
        CheckReport {
            verdict,
            mode,
            required,
            messages: vec![],
            axioms: vec![],
            declarations: vec![],
            replay: None,
            target: None,
            warnings: vec![],
            heartbeats: 0,
            wall: Duration::ZERO,
            parts: Parts::default(),
            memory: 0,
            engine,
            caveats: vec![],
        }
    }
}
