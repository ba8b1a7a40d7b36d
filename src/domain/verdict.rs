//! The three-way verdict. Owns the closed lists of reasons and causes; a reason is decided by `lean` and the engine.

use super::Rung;
use std::fmt;

/// What a check concluded. Infrastructure trouble and exhausted budgets are `Undecided`, never `Rejected`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Shown to hold up to `level`, which is at least the required rung.
    Accepted { level: Rung },
    /// Shown not to reach the required rung: `stage` is the first rung missed.
    Rejected { stage: Rung, reason: Reason },
    /// Nothing was shown either way.
    Undecided { cause: Cause, detail: String },
}

impl Verdict {
    /// `accepted`, `rejected` or `undecided`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Verdict::Accepted { .. } => "accepted",
            Verdict::Rejected { .. } => "rejected",
            Verdict::Undecided { .. } => "undecided",
        }
    }

    /// The highest rung shown to hold: for a rejection the one below the rung missed, for an undecided check `None`.
    pub fn level(&self) -> Option<Rung> {
        match self {
            Verdict::Accepted { level } => Some(*level),
            Verdict::Rejected { stage, .. } => stage.below(),
            Verdict::Undecided { .. } => None,
        }
    }

    /// The name of the reason or cause, `None` for acceptance.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Verdict::Accepted { .. } => None,
            Verdict::Rejected { reason, .. } => Some(reason.as_str()),
            Verdict::Undecided { cause, .. } => Some(cause.as_str()),
        }
    }
}

macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant,)* }
        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// The stable name used in records and reports.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

named! {
    /// Why a candidate was rejected: the first error of the lowest rung it missed, by kind.
    Reason {
        /// The candidate holds no Lean text at all.
        Empty = "empty",
        /// The text declares nothing (commented out, `#exit` first, only `open`s).
        NothingDeclared = "nothing_declared",
        /// Proof mode, and the text declares no theorem, example or other proof.
        NothingProved = "nothing_proved",
        /// The parser refused the text.
        Syntax = "syntax",
        /// The parser refused the text and it reads like Lean 3.
        Lean3Syntax = "lean3_syntax",
        /// A name, constant, namespace or field that does not exist.
        UnknownIdentifier = "unknown_identifier",
        /// A term of another type than its place asks for.
        TypeMismatch = "type_mismatch",
        /// No instance of a type class found.
        MissingInstance = "missing_instance",
        /// A proof ended with goals left over.
        UnsolvedGoals = "unsolved_goals",
        /// A tactic reported failure.
        TacticFailed = "tactic_failed",
        /// A recursive definition without an accepted termination argument.
        Termination = "termination",
        /// The name is already taken by the library or by the text itself.
        AlreadyDeclared = "already_declared",
        /// The kernel refused a declaration, the first time or when it was checked again.
        Kernel = "kernel",
        /// Any other error of the elaborator; the message says which.
        Elaboration = "elaboration",
        /// A declaration rests on `sorry`.
        Sorry = "sorry",
        /// A declaration rests on an axiom that is not permitted.
        Axiom = "axiom",
        /// The candidate has no theorem of the target's name.
        TargetMissing = "target_missing",
        /// The theorem of the target's name says something else than the target.
        TargetMismatch = "target_mismatch",
    }
}

named! {
    /// Why a check ended without a decision.
    Cause {
        /// The deterministic budget, or a Lean-internal heartbeat limit, was spent.
        Heartbeats = "heartbeats",
        /// The wall-clock safety net.
        WallClock = "wall_clock",
        /// The memory safety net.
        Memory = "memory",
        /// The stack ran out.
        Stack = "stack",
        /// The engine trapped, aborted or lost the check; never the candidate's fault as far as we can tell.
        EngineCrash = "engine_crash",
        /// The text needs something this engine lacks (Mathlib, code generation, a solver).
        Unsupported = "unsupported",
        /// The record's target is no statement to compare with (it does not elaborate, or has no theorem of the name).
        BadTarget = "bad_target",
        /// The input record could not be read, so there was nothing to check; the detail says where and why.
        BadRecord = "bad_record",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique() {
        let names: Vec<_> =
            Reason::ALL.iter().map(|r| r.as_str()).chain(Cause::ALL.iter().map(|c| c.as_str())).collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
    }

    #[test]
    fn level_of_a_rejection_is_the_rung_below_the_one_missed() {
        let rejected = |stage| Verdict::Rejected { stage, reason: Reason::Sorry }.level();
        assert_eq!(rejected(Rung::NoSorry), Some(Rung::Proof));
        assert_eq!(rejected(Rung::Parsed), None);
    }
}
