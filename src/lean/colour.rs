//! The tokens of a text by what they are to a reader's eye. Owns the kinds; Lean's own grammar, which a text can extend, is not
//! asked.

use super::commands::{AMBIGUOUS, DECLARATIONS, MODIFIERS, OTHERS};
use super::lexer::lex;
use std::ops::Range;

/// What a token is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Keyword,
    Comment,
    String,
    Number,
    Operator,
    Name,
    Sort,
}

/// Words of terms and tactic blocks that are no names.
const WORDS: [&str; 32] = [
    "by",
    "fun",
    "λ",
    "let",
    "have",
    "show",
    "from",
    "if",
    "then",
    "else",
    "match",
    "with",
    "do",
    "where",
    "at",
    "in",
    "∀",
    "∃",
    "calc",
    "suffices",
    "obtain",
    "return",
    "for",
    "deriving",
    "extends",
    "sorry",
    "intro",
    "exact",
    "rfl",
    "simp",
    "rw",
    "termination_by",
];

/// The tokens of a text, in order.
pub fn coloured(text: &str) -> Vec<(Range<usize>, Colour)> {
    let lexed = lex(text);
    let mut found: Vec<(Range<usize>, Colour)> = Vec::new();
    for covered in &lexed.covered {
        let is_comment = text[covered.clone()].starts_with(['-', '/']);
        found.push((covered.clone(), if is_comment { Colour::Comment } else { Colour::String }));
    }
    for token in &lexed.tokens {
        let range = token.start..token.end();
        if lexed.is_covered(token.start) {
            continue;
        }
        let first = token.text.chars().next().unwrap_or(' ');
        let is_command = |words: &[&str]| words.contains(&token.text);
        let colour = match token.text {
            "Type" | "Prop" | "Sort" => Colour::Sort,
            word if WORDS.contains(&word) || is_command(&DECLARATIONS) || is_command(&MODIFIERS) => Colour::Keyword,
            _ if token.line_start && (is_command(&OTHERS) || is_command(&AMBIGUOUS)) || first == '#' => Colour::Keyword,
            _ if first.is_ascii_digit() => Colour::Number,
            _ if first.is_alphabetic() || first == '_' || first == '«' => Colour::Name,
            _ => Colour::Operator,
        };
        found.push((range, colour));
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_what_they_look_like() {
        let text = "theorem t (n : Nat) : n + 0 = n := by simp -- \"no string\"\nexample : \"by\" = s := sorry";
        let found = coloured(text);
        let of = |word: &str| -> Vec<Colour> {
            let own = found.iter().filter(|(range, _)| &text[range.clone()] == word);
            own.map(|(_, colour)| *colour).collect()
        };
        assert_eq!(of("theorem"), [Colour::Keyword]);
        assert_eq!(of("n"), [Colour::Name; 3]);
        assert_eq!(of("0"), [Colour::Number]);
        assert_eq!(of("by"), [Colour::Keyword], "not the one in the string");
        assert_eq!(of("\"by\""), [Colour::String]);
        assert_eq!(of("-- \"no string\""), [Colour::Comment]);
        assert!(found.is_sorted_by_key(|(range, _)| range.start));
        assert!(found.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start), "none lies over another");
    }
}
