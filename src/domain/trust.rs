//! What is shown of a candidate beyond its own compilation: that it says what a trusted target says, that the kernel
//! accepts it once more, and what people should know of the statement. Owns the shapes; computes nothing.

use std::fmt;

/// A trusted statement that a candidate is to prove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Definitions and the theorem, whose proof does not matter (`sorry` will do).
    pub text: String,
    /// Trusted text in front of it; `None` means the candidate's header.
    pub header: Option<String>,
    /// Full name of the theorem; `None` means the last one of the text.
    pub name: Option<String>,
}

/// How two statements are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Equality {
    /// The same up to names of bound variables and universe parameters.
    Syntactic,
    /// The kernel converts one into the other.
    Definitional,
}

impl Equality {
    /// The name used in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Equality::Syntactic => "syntactic",
            Equality::Definitional => "definitional",
        }
    }
}

/// What comparing a candidate with its target found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetReport {
    /// Full name of the target theorem; empty if the target has none.
    pub name: String,
    /// How the candidate's theorem says the same; `None` if it does not, or if that could not be found out.
    pub equality: Option<Equality>,
    /// Why it does not.
    pub mismatch: Option<Mismatch>,
    /// A theorem of the candidate that says the same under another name, if there is none of the target's.
    pub other_name: Option<String>,
    /// Definitions the target leaves open (`:= sorry`) with what the candidate puts there, printed by Lean.
    pub holes: Vec<(String, String)>,
}

/// Where a candidate departs from its target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mismatch {
    /// The constant that differs: the theorem itself, or one that the statement rests on.
    pub constant: String,
    /// What differs, in one line: `` `LE.le` where the target has `LT.lt` ``.
    pub difference: String,
    /// Type (or value) in the target, printed by trusted code; empty if there is none.
    pub expected: String,
    /// Type (or value) in the candidate, printed by trusted code; empty if there is none.
    pub found: String,
}

/// Declarations of a text that the kernel checked once more in an instance the text never ran in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayReport {
    pub theorems: u32,
    pub definitions: u32,
    pub opaques: u32,
    /// Inductive types; their constructors and recursors are compared with what the kernel makes of them.
    pub inductives: u32,
    pub axioms: u32,
    /// `unsafe` and `partial` declarations, which have no meaning in the logic: nothing checked may use them.
    pub skipped: u32,
    /// Small allocations it took, as for [`heartbeats`](super::CheckReport::heartbeats).
    pub heartbeats: u64,
    /// The declaration the kernel refused, and why.
    pub refused: Option<(String, String)>,
}

impl ReplayReport {
    /// Declarations that were checked.
    pub fn checked(&self) -> u32 {
        self.theorems + self.definitions + self.opaques + self.inductives + self.axioms
    }
}

/// Something people should know of a statement. Never changes a verdict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    pub kind: WarningKind,
    /// The declaration it is about.
    pub declaration: String,
    /// In one line, naming the hypothesis, variable or operation.
    pub detail: String,
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $variant:ident = $text:literal,)*) => {
        /// Kinds of [`Warning`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum WarningKind { $($(#[$meta])* $variant,)* }
        impl WarningKind {
            /// Every kind, in the order of the documentation.
            pub const ALL: &'static [WarningKind] = &[$(WarningKind::$variant,)*];
            /// The stable name used in records.
            pub fn as_str(self) -> &'static str {
                match self { $(WarningKind::$variant => $text,)* }
            }
        }
    };
}

kinds! {
    /// The hypotheses contradict one another: the statement holds of nothing.
    Vacuous = "vacuous",
    /// Cheap automation proves the statement.
    TrivialStatement = "trivial_statement",
    /// Cheap automation proves the negation of the statement.
    FalseStatement = "false_statement",
    /// A hypothesis that the proof does not use.
    UnusedHypothesis = "unused_hypothesis",
    /// A variable that nothing in the statement mentions.
    UnusedVariable = "unused_variable",
    /// Subtraction of natural numbers, which stops at zero.
    NatSubtraction = "nat_subtraction",
    /// Division of natural numbers or integers, which rounds and gives zero for a zero divisor.
    Division = "division",
    /// A variable that Lean bound by itself because the name was unknown.
    AutoBound = "auto_bound",
    /// The answer the candidate put into a hole repeats the question.
    TrivialAnswer = "trivial_answer",
    /// The look at the statement met a limit: what it would have seen is not known.
    Unfinished = "unfinished",
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
