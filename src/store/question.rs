//! What can be kept: questions to Lean and their answers. Owns what the two kinds, checks and comparisons, have in common
//! for the cache; how each becomes a key is `key.rs`'s, how each becomes bytes `form.rs`'s.

use super::form::Mirror;
use super::key::Parts;
use super::seal::Content;
use crate::domain::{
    Cause, CheckReport, CheckRequest, EquivalenceReport, EquivalenceRequest, EquivalenceVerdict, Verdict, WarningKind,
};

/// Something Lean is asked.
pub trait Question: Mirror + Clone + Send + Sync {
    /// What comes back.
    type Answer: Answer;
    /// Keeps keys of one kind apart from those of the others.
    const KIND: &'static str;
    /// What a question of this kind is sealed as.
    const CONTENT: Content;

    /// Hashes everything of the question.
    fn hash(&self, parts: &mut Parts);
}

/// What Lean found out.
pub trait Answer: Mirror + Clone + Send + Sync {
    /// What an answer of this kind is sealed as.
    const CONTENT: Content;

    /// Its verdict in one word, for statistics.
    fn outcome(&self) -> String;

    /// True if it depends on nothing but judge and question, so that it may outlive the run.
    fn is_lasting(&self) -> bool;
}

impl Question for CheckRequest {
    type Answer = CheckReport;
    const KIND: &'static str = "check";
    const CONTENT: Content = Content::Request;

    fn hash(&self, parts: &mut Parts) {
        parts.check(self);
    }
}

impl Answer for CheckReport {
    const CONTENT: Content = Content::Report;

    fn outcome(&self) -> String {
        self.verdict.as_str().to_owned()
    }

    fn is_lasting(&self) -> bool {
        if self.warnings.iter().any(|w| w.kind == WarningKind::Unfinished) {
            return false;
        }
        match &self.verdict {
            Verdict::Accepted { .. } | Verdict::Rejected { .. } => true,
            Verdict::Undecided { cause, .. } => is_the_same_everywhere(*cause),
        }
    }
}

impl Question for EquivalenceRequest {
    type Answer = EquivalenceReport;
    const KIND: &'static str = "comparison";
    const CONTENT: Content = Content::EquivalenceRequest;

    fn hash(&self, parts: &mut Parts) {
        parts.comparison(self);
    }
}

impl Answer for EquivalenceReport {
    const CONTENT: Content = Content::EquivalenceReport;

    fn outcome(&self) -> String {
        // Checks and comparisons both know `undecided`.
        format!("comparison: {}", self.verdict)
    }

    fn is_lasting(&self) -> bool {
        match &self.verdict {
            EquivalenceVerdict::Undecided { cause, .. } => is_the_same_everywhere(*cause),
            _ => true,
        }
    }
}

/// Wall clock and memory depend on the machine and its load, a stack or a crash on more than we know: none of that may
/// stand for what another run would find.
fn is_the_same_everywhere(cause: Cause) -> bool {
    match cause {
        Cause::Heartbeats | Cause::Unsupported | Cause::BadTarget => true,
        Cause::WallClock | Cause::Memory | Cause::Stack | Cause::EngineCrash | Cause::BadRecord => false,
    }
}
