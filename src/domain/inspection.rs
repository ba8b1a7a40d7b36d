//! What people ask about one place of a text. Owns question and answer; nothing here judges.

use super::{Budget, Cause};

/// A place in a text, as editors ask for it.
#[derive(Clone, Debug)]
pub struct InspectionRequest {
    /// As in [`CheckRequest`](super::CheckRequest).
    pub header: Option<String>,
    pub code: String,
    /// 1-based line and 0-based column in code points, in `code` as it was given.
    pub place: (u32, u32),
    pub budget: Budget,
}

/// What Lean knows of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// The goals of the tactic there, each as Lean prints it; empty if none is left, `None` if there is no tactic.
    pub goals: Option<Vec<String>>,
    /// What the term there is to be a term of, with the hypotheses.
    pub term_goal: Option<Shown>,
    /// What Lean's own server shows of the smallest thing there: type, signature, documentation.
    pub hover: Option<Shown>,
    /// The full name of the constant there.
    pub constant: Option<String>,
}

/// Something said of a part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    /// First and last position, in the units of [`InspectionRequest::place`].
    pub range: ((u32, u32), (u32, u32)),
}

/// Why nothing can be said: a cause, and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotInspected {
    pub cause: Cause,
    pub detail: String,
}

/// A text to be elaborated behind others, message by message as Lean's REPL shows it. Nothing is judged.
#[derive(Clone, Debug)]
pub struct ElaborationRequest {
    /// Texts in front of it, in order; only the first may import. Of all stages but the last only constants are there,
    /// checked again by the kernel, and scopes: no notations, macros, instances or attributes.
    pub stages: Vec<Vec<String>>,
    pub text: String,
    /// Whether every tactic is wanted, with its goals.
    pub tactics: bool,
    pub budget: Budget,
}

/// What elaborating a text told. Positions are 1-based lines and 0-based columns in code points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elaboration {
    /// Of the text itself, not of what stands before it.
    pub messages: Vec<super::Message>,
    /// Every `sorry` of the text.
    pub sorries: Vec<Step>,
    /// Every tactic, if asked for.
    pub tactics: Vec<Step>,
    /// Small allocations of everything together.
    pub heartbeats: u64,
}

/// A place of a proof with the goals in front of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// First and last position.
    pub range: ((u32, u32), (u32, u32)),
    /// The same in bytes of the text, whose line ends are taken for one byte each.
    pub bytes: (usize, usize),
    /// Each as Lean prints it.
    pub goals: Vec<String>,
    /// True for a tactic, false for a term.
    pub is_tactic: bool,
}
