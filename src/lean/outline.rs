//! The declarations of a Lean file as ranges of its text. Owns where a command begins and ends as far as the words at the
//! beginning of lines tell; Lean's parser is not asked, and any text is read without failing.

use super::commands::{AMBIGUOUS, DECLARATIONS, MODIFIERS, OTHERS};
use super::lexer::{Lexed, Token, lex};
use std::ops::Range;

/// Commands of Batteries and Mathlib, at the beginning of a line.
const LIBRARY: [&str; 8] = [
    "alias",
    "recall",
    "library_note",
    "add_decl_doc",
    "assert_not_exists",
    "assert_not_imported",
    "compile_inductive",
    "initialize_simps_projections",
];

/// A declaration: attributes, modifiers, statement and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlined {
    /// From its first attribute or modifier to its last token; comments within are part of it.
    pub text: Range<usize>,
    /// The `/-- -/` that stands before it.
    pub docstring: Option<Range<usize>>,
}

/// A command that is being read.
struct Open {
    start: usize,
    /// Only attributes, modifiers and `open .. in` were seen so far.
    is_head: bool,
    is_declaration: bool,
}

/// The declarations of a text, in order. Those of a `mutual` block are several.
pub fn outline(text: &str) -> Vec<Outlined> {
    let lexed = lex(text);
    let tokens = &lexed.tokens;
    let mut found = Vec::new();
    let mut open: Option<Open> = None;
    let mut close = |open: Option<Open>, end: usize| {
        if let Some(Open { start, is_declaration: true, .. }) = open {
            found.push(Outlined { text: start..end, docstring: docstring(text, &lexed, start) });
        }
    };
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let continues = open.as_ref().is_some_and(|open| open.is_head) || before.is_some_and(|t| t.text == "in");
        if begins(token, tokens.get(at + 1)) && !(continues && open.is_some()) {
            close(open.take(), before.map_or(0, Token::end));
            open = Some(Open { start: token.start, is_head: true, is_declaration: false });
        }
        let Some(open) = &mut open else { continue };
        if open.is_head && DECLARATIONS.contains(&token.text) {
            open.is_head = false;
            open.is_declaration = !text[open.start..].starts_with("deriving");
        } else if open.is_head && (is_other(token) || LIBRARY.contains(&token.text)) {
            open.is_head = false;
        } else if token.text == "in" && !open.is_declaration {
            // What `open .. in` opens for belongs to it.
            open.is_head = true;
        }
    }
    close(open, tokens.last().map_or(0, Token::end));
    found
}

/// Whether a token at the beginning of a line begins a command.
fn begins(token: &Token<'_>, next: Option<&Token<'_>>) -> bool {
    let followed_by = |text: &str| next.is_some_and(|next| next.text == text);
    token.line_start
        && match token.text {
            "deriving" => followed_by("instance"),
            "@" => followed_by("["),
            word => DECLARATIONS.contains(&word) || MODIFIERS.contains(&word) || is_other(token),
        }
}

/// Whether a token is the word of a command that declares nothing that could be learnt from.
fn is_other(token: &Token<'_>) -> bool {
    let is_unindented = token.line_start && !token.indented;
    OTHERS.contains(&token.text)
        || is_unindented
            && (AMBIGUOUS.contains(&token.text) || LIBRARY.contains(&token.text) || token.text.starts_with('#'))
}

/// The documentation comment that ends where the command at `start` begins.
fn docstring(text: &str, lexed: &Lexed<'_>, start: usize) -> Option<Range<usize>> {
    let after = lexed.covered.partition_point(|range| range.end <= start);
    let last = lexed.covered.get(after.checked_sub(1)?)?.clone();
    (text[last.clone()].starts_with("/--") && text[last.end..start].trim().is_empty()).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declarations(text: &str) -> Vec<&str> {
        outline(text).into_iter().map(|found| &text[found.text]).collect()
    }

    #[test]
    fn declarations_begin_and_end_where_commands_do() {
        let text = "import AfCore\n\n/-! # Title\ntheorem no : False -/\nnamespace Nat\n\n\
            /-- Doubling /- nested -/. -/\n@[simp, inline]\ndef double (n : Nat) : Nat :=\n  -- twice\n  n + n -- done\n\n\
            open Nat in\n/- why -/ theorem a : True := by\n  open Nat in trivial\n\n\
            private theorem b : \"def x\" = \"def x\" := rfl\nalias c := b\n#eval double 2\n\
            inductive T where\n  | leaf\n  | node (l r : T)\nderiving Repr, BEq\n\nderiving instance Hashable for T\n\
            noncomputable section\nvariable (n : Nat)\n  instance : Inhabited T := ⟨.leaf⟩\nend\nend Nat\n";
        assert_eq!(
            declarations(text),
            [
                "@[simp, inline]\ndef double (n : Nat) : Nat :=\n  -- twice\n  n + n",
                "open Nat in\n/- why -/ theorem a : True := by\n  open Nat in trivial",
                "private theorem b : \"def x\" = \"def x\" := rfl",
                "inductive T where\n  | leaf\n  | node (l r : T)\nderiving Repr, BEq",
                "instance : Inhabited T := ⟨.leaf⟩",
            ]
        );
        let docs: Vec<_> = outline(text).into_iter().map(|found| found.docstring.map(|range| &text[range])).collect();
        assert_eq!(docs, [Some("/-- Doubling /- nested -/. -/"), None, None, None, None]);
    }

    #[test]
    fn the_library_is_read_as_it_is_written() {
        // Its style is plain enough to count declarations by the words at the beginning of its lines.
        for (module, text) in crate::lean::BUILT_IN {
            let begins = |line: &str| {
                let words = line.split(|c: char| !c.is_alphanumeric()).find(|word| !MODIFIERS.contains(word));
                words.is_some_and(|word| DECLARATIONS.contains(&word)) && !line.starts_with(' ')
            };
            let bare = |line: &'static str| match line.split_once("] ") {
                Some((attributes, rest)) if attributes.starts_with("@[") => rest,
                _ => line,
            };
            let plain = text.lines().map(bare).filter(|line| begins(line));
            assert_eq!(outline(text).len(), plain.count(), "{module}");
        }
    }

    #[test]
    fn broken_texts_are_read_too() {
        assert_eq!(declarations("theorem a : True := /- open\ntheorem b"), ["theorem a : True :="]);
        assert_eq!(declarations("in in @[ simp"), Vec::<&str>::new());
        assert_eq!(declarations(""), Vec::<&str>::new());
        assert_eq!(declarations("mutual\ndef a := b\ndef b := a\nend"), ["def a := b", "def b := a"]);
    }
}
