//! From the wording of a Lean message to a typed reason. Owns the table of wordings: those of Lean 4.28 (its own
//! strings, compared in lower case) and the older spellings with `'` for `` ` ``. Must not decide verdicts.

use super::lean3::reads_like_lean3;
use crate::domain::Reason;

/// How a wording is looked for in a message.
enum Wording {
    /// At the start of the message.
    Starts(&'static str),
    /// In the first line of the message.
    First(&'static str),
    /// Anywhere in the message.
    Anywhere(&'static str),
}

use Wording::{Anywhere, First, Starts};

/// Wordings and their reasons, in lower case and with `` ` `` for every quote; the first match decides.
const WORDINGS: [(Wording, Reason); 77] = [
    (First("has already been declared"), Reason::AlreadyDeclared),
    (First("environment already contains"), Reason::AlreadyDeclared),
    (Starts("(kernel)"), Reason::Kernel),
    (Starts("declaration has metavariables"), Reason::Kernel),
    (Starts("kernel type checker failed"), Reason::Kernel),
    (Starts("fail to show termination"), Reason::Termination),
    (Starts("failed to prove termination"), Reason::Termination),
    (Starts("could not prove termination"), Reason::Termination),
    (Starts("could not find a decreasing measure"), Reason::Termination),
    (Starts("failed to infer structural recursion"), Reason::Termination),
    (First("structural recursion cannot be used"), Reason::Termination),
    (First("well-founded recursion cannot be used"), Reason::Termination),
    (First("for structural recursion"), Reason::Termination),
    (First("no parameters suitable for"), Reason::Termination),
    (First("termination argument"), Reason::Termination),
    (First("termination measure"), Reason::Termination),
    (First("termination hint"), Reason::Termination),
    (Starts("unsolved goals"), Reason::UnsolvedGoals),
    (First("there are unsolved goals"), Reason::UnsolvedGoals),
    (First("error: unsolved goals"), Reason::UnsolvedGoals),
    (First("` has not been provided"), Reason::UnsolvedGoals),
    // Auto-bound implicits: the message is about a variable, the trouble is the missing name.
    (Anywhere("is unknown, and lean`s `autoimplicit` option"), Reason::UnknownIdentifier),
    (Starts("tactic `"), Reason::TacticFailed),
    (First("omega could not"), Reason::TacticFailed),
    (First("made no progress"), Reason::TacticFailed),
    (First("linarith failed"), Reason::TacticFailed),
    (Starts("no goals"), Reason::TacticFailed),
    (Starts("the rfl tactic failed"), Reason::TacticFailed),
    (First("tactic failed"), Reason::TacticFailed),
    (First("could not close the goal"), Reason::TacticFailed),
    (First("did not find an occurrence"), Reason::TacticFailed),
    (Starts("motive is not type correct"), Reason::TacticFailed),
    (Starts("failed to prove"), Reason::TacticFailed),
    (Starts("failed to rewrite"), Reason::TacticFailed),
    (First("failed to find a hypothesis with type"), Reason::TacticFailed),
    (Starts("could not unify"), Reason::TacticFailed),
    (Starts("invalid rewrite"), Reason::TacticFailed),
    (Starts("equality or iff proof expected"), Reason::TacticFailed),
    (Starts("failed to apply"), Reason::TacticFailed),
    (Starts("no applicable extensionality theorem"), Reason::TacticFailed),
    (Starts("failed: `fail` tactic was invoked"), Reason::TacticFailed),
    (Starts("ring failed"), Reason::TacticFailed),
    (Starts("aesop: "), Reason::TacticFailed),
    (Starts("the prover found a counterexample"), Reason::TacticFailed),
    (Starts("unknown identifier"), Reason::UnknownIdentifier),
    (Starts("unknown constant"), Reason::UnknownIdentifier),
    (Starts("unknown namespace"), Reason::UnknownIdentifier),
    (Starts("unknown declaration"), Reason::UnknownIdentifier),
    (Starts("unknown universe level `"), Reason::UnknownIdentifier),
    (Starts("unknown attribute"), Reason::UnknownIdentifier),
    (Starts("unknown option"), Reason::UnknownIdentifier),
    (Starts("unknown module prefix"), Reason::UnknownIdentifier),
    (Starts("unknown package"), Reason::UnknownIdentifier),
    (First("unknown identifier `"), Reason::UnknownIdentifier),
    (First("unknown constant `"), Reason::UnknownIdentifier),
    (First("environment does not contain"), Reason::UnknownIdentifier),
    (Starts("invalid field notation"), Reason::Elaboration),
    (Starts("invalid field `"), Reason::UnknownIdentifier),
    (Starts("invalid field name"), Reason::UnknownIdentifier),
    (First("is not a field of structure"), Reason::UnknownIdentifier),
    (First("is not a field of the structure"), Reason::UnknownIdentifier),
    (First("does not contain"), Reason::UnknownIdentifier),
    (First("failed to synthesize synthetic"), Reason::Elaboration),
    (First("failed to synthesize"), Reason::MissingInstance),
    (Starts("typeclass instance problem is stuck"), Reason::MissingInstance),
    (Starts("failed to construct `forin"), Reason::MissingInstance),
    (First("type mismatch"), Reason::TypeMismatch),
    (Starts("not a definitional equality"), Reason::TypeMismatch),
    (Starts("function expected"), Reason::TypeMismatch),
    (Starts("type expected"), Reason::TypeMismatch),
    (Starts("failed to elaborate eliminator"), Reason::Elaboration),
    (Starts("failed to coerce"), Reason::TypeMismatch),
    (Anywhere("but is expected to have type"), Reason::TypeMismatch),
    (Starts("numerals are data in lean"), Reason::TypeMismatch),
    // Last, because `X` may be a term as well as a tactic.
    (First("` failed"), Reason::TacticFailed),
    (First("tactic execution is stuck"), Reason::TacticFailed),
    (Starts("error evaluating tactic"), Reason::TacticFailed),
];

/// The reason an error message stands for. `is_parse_error` says that the parser wrote it; `source` is the candidate's
/// text, which tells Lean 3 from broken Lean 4.
pub fn reason(text: &str, is_parse_error: bool, source: &str) -> Reason {
    if is_parse_error {
        return if reads_like_lean3(source) { Reason::Lean3Syntax } else { Reason::Syntax };
    }
    let message = text.trim_start().to_lowercase().replace(['\'', '’', '‘'], "`");
    let first = message.lines().next().unwrap_or("");
    let says = |wording: &Wording| match wording {
        Starts(part) => first.starts_with(part),
        First(part) => first.contains(part),
        Anywhere(part) => message.contains(part),
    };
    WORDINGS.iter().find(|(wording, _)| says(wording)).map_or(Reason::Elaboration, |(_, reason)| *reason)
}

#[cfg(test)]
#[path = "rejection_tests.rs"]
mod tests;
