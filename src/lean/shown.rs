//! Whether a statement is one that its writer was shown. Owns the form in which statements are compared; where theorems begin and
//! end is `theorem_text`'s.

use super::theorem_text::TheoremText;
use std::collections::HashSet;

/// What stood in front of a question: statements, and texts that may hold some.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    statements: HashSet<String>,
    texts: Vec<String>,
}

impl Shown {
    /// Statements, each a text with a theorem.
    pub fn statements<'a>(texts: impl IntoIterator<Item = &'a str>) -> Shown {
        Shown { statements: texts.into_iter().filter_map(form).collect(), texts: vec![] }
    }

    /// With a text that may hold statements among others.
    pub fn and_text(mut self, text: &str) -> Shown {
        self.texts.push(spaced(text));
        self
    }

    /// Whether the last theorem of an answer was shown: the same binders and the same conclusion in the same words, whatever its
    /// name, its proof and its white space. Variables under other names make another statement.
    pub fn has(&self, answer: &str) -> bool {
        form(answer).is_some_and(|form| {
            self.statements.contains(&form) || self.texts.iter().any(|text| text.contains(&format!(" {form} :=")))
        })
    }
}

/// From behind the name of the last theorem to the end of its conclusion.
fn form(text: &str) -> Option<String> {
    TheoremText::last(text).map(|theorem| spaced(theorem.signature))
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "theorem one (a b : Nat) (h : a ∣ b) :\n    a ∣ 2 * b := by\n  sorry";

    #[test]
    fn names_proofs_and_white_space_make_no_other_statement() {
        let shown = Shown::statements([ONE, "no theorem"]);
        assert!(shown.has("theorem other (a b : Nat) (h : a ∣ b) : a ∣ 2 * b := by\n  omega"));
        assert!(shown.has(&format!("open Nat\n\n{ONE}")));
        assert!(!shown.has("theorem one (a b : Nat) (h : a ∣ b) : a ∣ 3 * b := by sorry"));
        assert!(!shown.has("theorem one (c b : Nat) (h : c ∣ b) : c ∣ 2 * b := by sorry"));
        assert!(!shown.has("no theorem") && !shown.has(""));
    }

    #[test]
    fn a_text_holds_statements() {
        let shown = Shown::default().and_text(&format!("Problem. It's said that a ∣ b.\n\n{ONE}\n\nMore."));
        assert!(shown.has("theorem x (a b : Nat) (h : a ∣ b) : a ∣ 2 * b := by\n  sorry"));
        assert!(!shown.has("theorem x (a b : Nat) (h : a ∣ b) : a ∣ 2 := by sorry"), "only a part of it");
        assert!(!Shown::default().has(ONE));
    }
}
