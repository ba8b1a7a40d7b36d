//! How a text's last declaration ends, what would complete it, and whether the text states or proves. Owns mode
//! auto's rule; must not decide anything about the text's validity.

use super::declarations::{Declaration, declarations};

/// How the last declaration of a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// A type and nothing after it.
    NoBody,
    /// `:=` and nothing after it.
    EmptyAssign,
    /// `:= by` and nothing after it.
    EmptyBy,
    /// `:= sorry` or `:= by sorry`: a lone `sorry` is the whole body.
    Sorry,
    /// Anything else: a body, or a declaration that needs none.
    Body,
    /// The text declares nothing.
    NoDeclaration,
}

impl Ending {
    /// True if the declaration is broken off: Lean would not accept it without more text.
    pub fn is_open(self) -> bool {
        matches!(self, Ending::NoBody | Ending::EmptyAssign | Ending::EmptyBy)
    }
}

/// How the last declaration of `text` ends. A declaration broken off but followed by anything except comments and
/// `end ..` counts as [`Ending::Body`]: what follows would be read as its body.
pub fn ending(text: &str) -> Ending {
    declarations(text).last().map_or(Ending::NoDeclaration, settled)
}

fn settled(last: &Declaration) -> Ending {
    if last.ending.is_open() && last.followed { Ending::Body } else { last.ending }
}

/// The text with its broken-off last declaration completed by `sorry`, `None` if it is not broken off. The insertion
/// comes right after the declaration's last token, so no earlier position changes and no line is added.
pub fn completed(text: &str) -> Option<String> {
    let declarations = declarations(text);
    let last = declarations.last()?;
    let insertion = match settled(last) {
        Ending::NoBody => " := by sorry",
        Ending::EmptyAssign => " by sorry",
        Ending::EmptyBy => " sorry",
        Ending::Sorry | Ending::Body | Ending::NoDeclaration => return None,
    };
    Some(format!("{}{insertion}{}", &text[..last.end], &text[last.end..]))
}

/// Mode auto's rule: true if the text only states. Its last declaration must be one that can have a body, and that
/// one and every theorem, lemma and example must be broken off or hold nothing but `sorry`.
///
/// `is_proof_hint` says what the data set's field holds. In a field of proofs a lone `sorry` is a failed proof, not a
/// statement; in a field of statements only a real body of the last theorem makes a proof.
pub fn is_statement(text: &str, is_proof_hint: Option<bool>) -> bool {
    let declarations = declarations(text);
    let unproved = |ending: Ending| ending.is_open() || (ending == Ending::Sorry && is_proof_hint != Some(true));
    let mut theorems = declarations.iter().filter(|d| d.is_theorem());
    if is_proof_hint == Some(false) {
        return theorems.next_back().is_none_or(|last| unproved(last.ending));
    }
    let Some(last) = declarations.last() else { return false };
    unproved(settled(last)) && theorems.all(|d| unproved(d.ending))
}

#[cfg(test)]
#[path = "ending_tests.rs"]
mod tests;
