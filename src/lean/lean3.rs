//! Whether a text reads like Lean 3. Owns the signs; only asked about texts that Lean 4 could not parse.

use super::lexer::{Token, lex};

/// First parts of Lean 3 library names that are spelt with a capital in Lean 4.
const LIBRARY: [&str; 6] = ["nat.", "int.", "real.", "rat.", "finset.", "complex."];

/// True if the text has something that only Lean 3 writes: `begin` blocks, `λ x, ..`, lower-case modules and library
/// names, `assume`, and commands that are gone.
pub(super) fn reads_like_lean3(source: &str) -> bool {
    let tokens = lex(source).tokens;
    tokens.iter().enumerate().any(|(i, token)| {
        let next = tokens.get(i + 1).map_or("", |t| t.text);
        match token.text {
            "begin" => token.line_start || i > 0 && tokens[i - 1].text == ":=",
            "λ" | "Π" | "fun" => binds_with_comma(&tokens[i + 1..]),
            "import" => next != "all" && next.starts_with(|c: char| c.is_ascii_lowercase()),
            "assume" => next.starts_with(|c: char| c.is_alphabetic() || c == '(' || c == '_'),
            "variables" | "universes" | "open_locale" | "constant" | "constants" => token.line_start,
            name => LIBRARY.iter().any(|library| name.starts_with(library)),
        }
    })
}

/// True if binders are followed by a comma, where Lean 4 has `=>` or `↦`.
fn binds_with_comma(tokens: &[Token]) -> bool {
    let mut depth = 0;
    for token in tokens.iter().take(64) {
        match token.text {
            "(" | "{" | "[" | "⟨" | "⦃" => depth += 1,
            ")" | "}" | "]" | "⟩" | "⦄" | "=>" | "↦" | "|" | ":=" if depth == 0 => return false,
            ")" | "}" | "]" | "⟩" | "⦄" => depth -= 1,
            "," if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lean_3() {
        for source in [
            "theorem a (n : ℕ) : n = n :=\nbegin\n  refl,\nend",
            "theorem a : p := begin simp end",
            "theorem a : (λ x, f x) = f := rfl",
            "theorem a : (λ (x : ℕ) ⟨a, b⟩, f x) = f := rfl",
            "def A := Π x : ℕ, B x",
            "import data.nat.prime\n",
            "import tactic",
            "example : n < n + 1 := nat.lt_succ_self n",
            "theorem a : p → q :=\nassume h : p, x",
            "variables (a b : ℕ)",
        ] {
            assert!(reads_like_lean3(source), "{source}");
        }
    }

    #[test]
    fn lean_4() {
        for source in [
            "theorem a (n : Nat : n = n := by rfl",
            "theorem a : (fun (x, y) => x) = f := rfl",
            "theorem a : f (λ x) , g := rfl",
            "theorem a : ∑ i ∈ s, (fun x ↦ x) i, = 1",
            "-- begin\nimport Std.Data.HashMap\nimport all Init\n",
            "theorem a : \"λ x, begin\" = \"nat.succ\" :=",
            "theorem a : Nat.succ n = n.succ := by { simp, }",
            "def f := fun | 0, _ => 1 | _, _ => 2 )",
        ] {
            assert!(!reads_like_lean3(source), "{source}");
        }
    }
}
