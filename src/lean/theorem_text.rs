//! The last theorem of a text, taken apart without Lean: what stands before it, its binders, its conclusion. Owns where
//! these begin and end; Lean has the last word.

use super::declarations::declarations;
use super::lexer::lex;

/// A theorem as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TheoremText<'a> {
    /// Everything in front of its keyword.
    pub before: &'a str,
    /// From behind its name to the end of its conclusion.
    pub signature: &'a str,
    /// Where in the signature the colon in front of the conclusion stands.
    colon: usize,
}

impl<'a> TheoremText<'a> {
    /// The last theorem, lemma or example of a text; `None` if there is none, or if it has no conclusion.
    pub fn last(text: &'a str) -> Option<Self> {
        let last = declarations(text).into_iter().rfind(|d| d.is_theorem())?;
        let signature = text[last.signature.clone()].trim_end();
        let mut depth = 0usize;
        let mut conclusion = None;
        for token in lex(signature).tokens {
            match token.text {
                "(" | "[" | "{" | "⟨" | "⦃" | "⟦" | ".{" => depth += 1,
                ")" | "]" | "}" | "⟩" | "⦄" | "⟧" => depth = depth.saturating_sub(1),
                ":" if depth == 0 => conclusion = conclusion.or(Some(token.start)),
                _ => {}
            }
        }
        Some(TheoremText { before: &text[..last.start], signature, colon: conclusion? })
    }

    /// What is claimed, with the colon in front.
    pub fn conclusion(&self) -> &'a str {
        self.signature.get(self.colon..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::TheoremText;

    fn parts(text: &str) -> (&str, &str, &str) {
        let theorem = TheoremText::last(text).expect("a theorem");
        (theorem.before, theorem.signature, theorem.conclusion())
    }

    #[test]
    fn a_theorem_is_taken_apart() {
        assert_eq!(
            parts("def d := 1\n\ntheorem t (a : Nat) {b : Nat} (h : a = b) : a + d = b + d := by\n  sorry\n"),
            ("def d := 1\n\n", " (a : Nat) {b : Nat} (h : a = b) : a + d = b + d", ": a + d = b + d")
        );
        assert_eq!(parts("lemma l : ∀ x : Nat, x = x"), ("", " : ∀ x : Nat, x = x", ": ∀ x : Nat, x = x"));
        assert_eq!(parts("example (x : Nat) : x = x := rfl"), ("", " (x : Nat) : x = x", ": x = x"));
    }

    #[test]
    fn assignments_of_the_conclusion_are_no_body() {
        let text = "theorem t (n : Nat := 1) : let m := n; m = n := by\n  have h := 1; sorry";
        assert_eq!(parts(text).2, ": let m := n; m = n");
    }

    #[test]
    fn a_text_without_a_theorem_has_none() {
        for text in ["", "def d : Nat := 1", "theorem", "theorem t"] {
            assert_eq!(TheoremText::last(text), None, "{text}");
        }
    }
}
