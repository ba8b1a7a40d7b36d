//! Where the first declaration of a text that is still being written ends. Owns the rule that generation stops by; whether
//! the declaration is complete or right is not asked.

use super::declarations::declarations;
use super::lexer::lex;

/// What an unindented line begins with that goes on a declaration.
const GO_ON: [&str; 12] =
    ["|", ")", "]", "}", "⟩", ":=", "where", "termination_by", "decreasing_by", "by", "with", "deriving"];

/// Byte offset behind the first declaration of `text` and the white space after it, as soon as an unindented line shows
/// that it is over; `None` while it may go on. Documentation, attributes and `open` lines in front belong to it.
pub fn first_declaration_end(text: &str) -> Option<usize> {
    let declarations = declarations(text);
    let first = declarations.first()?;
    let lexed = lex(text);
    let after = text[first.start..].match_indices('\n').map(|(at, _)| first.start + at + 1);
    for start in after.filter(|start| !lexed.is_covered(*start)) {
        let line = text[start..].split('\n').next().unwrap_or_default();
        let Some(character) = line.chars().next().filter(|c| !c.is_whitespace()) else { continue };
        let word = line.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        // A word at the end of the text may still grow; so may the sign that begins a comment.
        if start + word.len().max(character.len_utf8()) == text.len() {
            return None;
        }
        if !GO_ON.iter().any(|go_on| if word.is_empty() { line.starts_with(go_on) } else { word == *go_on }) {
            return Some(start);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::first_declaration_end;

    #[test]
    fn a_declaration_is_over_where_something_unindented_begins() {
        for (text, rest) in [
            ("theorem a : 1 = 1 := by\n  rfl\n\ntheorem b", "theorem b"),
            ("theorem a : 1 = 1 := by\n  rfl\nStatement: Let", "Statement: Let"),
            ("open Nat\n/-- A. -/\n@[simp] theorem a : 1 = 1 :=\n  rfl\n```\n", "```\n"),
            ("def f : Nat → Nat\n| 0 => 1\n| n + 1 => f n\ntermination_by n => n\n\nend", "end "),
            ("theorem a : True :=\n/- a comment\nover lines -/\n  trivial\n#check a", "#check a"),
        ] {
            let text = if rest.ends_with(' ') { format!("{text} ") } else { text.to_owned() };
            let end = first_declaration_end(&text);
            assert_eq!(end.map(|at| &text[at..]), Some(rest), "{text}");
        }
    }

    #[test]
    fn what_may_go_on_is_not_over() {
        for text in [
            "",
            "Here is the theorem:\n\n",
            "theorem a : 1 = 1 := by\n  rfl\n",
            "theorem a : 1 = 1 := by\n  rfl\n\n",
            "theorem a : 1 = 1 := by\n  rfl\ntermin",
            "theorem a : 1 = 1 := by\n  rfl\n-",
            "theorem a : 1 = 1 := by\n  rfl\n-- a comment",
            "def f : Nat → Nat\n| 0 => 1\n|",
            "theorem a : True := by\n/- a comment\nthat goes on",
            "theorem a (h : 1 = 2\n) : False := by\n  simp at h",
        ] {
            assert_eq!(first_declaration_end(text), None, "{text}");
        }
    }
}
