//! Splits a text into its declarations and reads how each of them ends. Owns the notion of where a declaration stops
//! and of its top level; whether that makes a statement or a proof is `ending`'s to say.

use super::commands::{AMBIGUOUS, DECLARATIONS, MODIFIERS, OTHERS};
use super::ending::Ending;
use super::lexer::{Token, lex};

/// One declaration as the text layer sees it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declaration<'a> {
    /// Its keyword: `theorem`, `def`, ...
    pub keyword: &'a str,
    /// Its name as written; `None` for examples and unnamed instances.
    pub name: Option<&'a str>,
    /// Byte offset of its keyword.
    pub start: usize,
    /// How it ends, whatever comes after it.
    pub ending: Ending,
    /// Byte offset after its last token.
    pub end: usize,
    /// True if anything but comments and `end ..` comes after it.
    pub followed: bool,
}

impl Declaration<'_> {
    /// True for what is proved: theorems, lemmas and examples.
    pub fn is_theorem(&self) -> bool {
        matches!(self.keyword, "theorem" | "lemma" | "example")
    }
}

/// A run of tokens that begins with a command's or a declaration's keyword.
struct Segment<'t, 'a> {
    tokens: &'t [Token<'a>],
    is_declaration: bool,
}

/// The declarations of a text, in order. What comes after `#exit` is not read, as Lean does not read it.
pub(super) fn declarations(text: &str) -> Vec<Declaration<'_>> {
    let tokens = lex(text).tokens;
    let exit = tokens.iter().position(|t| t.text == "#exit").unwrap_or(tokens.len());
    let segments = segments(&tokens[..exit]);
    let mut found: Vec<Declaration> = Vec::new();
    for segment in &segments {
        let [keyword, rest @ ..] = segment.tokens else { continue };
        if segment.is_declaration {
            if let Some(last) = found.last_mut() {
                last.followed = true;
            }
            found.push(Declaration {
                keyword: keyword.text,
                name: rest.first().filter(|t| is_name(t.text)).map(|t| t.text),
                start: keyword.start,
                ending: own_ending(keyword.text, rest),
                end: segment.tokens.last().map_or(0, Token::end),
                followed: false,
            });
        } else if let Some(last) = found.last_mut() {
            last.followed |= keyword.text != "end" || rest.len() > 1;
        }
    }
    found
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c == '«' || c == '_' || c.is_alphabetic())
        && !matches!(text, "λ" | "Π" | "Σ" | "where" | "extends")
        && !DECLARATIONS.contains(&text)
}

fn segments<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<Segment<'t, 'a>> {
    let mut starts: Vec<(usize, bool)> = Vec::new();
    let mut depth = 0usize;
    for (i, token) in tokens.iter().enumerate() {
        let next = tokens.get(i + 1).map_or("", |t| t.text);
        let declares = declares(tokens, i, depth);
        if declares || is_command(token, next, depth) {
            depth = 0;
            starts.push((i, declares));
        }
        depth = depth_after(depth, token.text);
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([tokens.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|((start, is_declaration), end)| {
            let run = &tokens[*start..end];
            let modifiers = run.iter().rev().take_while(|t| MODIFIERS.contains(&t.text)).count();
            let kept = if *is_declaration && end < tokens.len() { run.len() - modifiers } else { run.len() };
            Segment { tokens: &run[..kept], is_declaration: *is_declaration }
        })
        .collect()
}

/// True if token `i` is the keyword of a declaration: anywhere outside brackets, or unindented at a line's start even
/// inside an unclosed one.
fn declares(tokens: &[Token], i: usize, depth: usize) -> bool {
    let token = &tokens[i];
    let before = i.checked_sub(1).map_or("", |i| tokens[i].text);
    let reserved = token.text != "lemma" && token.text != "coinductive";
    DECLARATIONS.contains(&token.text)
        && before != "deriving"
        && (token.line_start && !token.indented
            || depth == 0
                && (reserved || token.line_start || matches!(before, "in" | "]") || MODIFIERS.contains(&before)))
}

/// True if the token begins a command that declares nothing, or the modifiers or attributes of one that does.
fn is_command(token: &Token, next: &str, depth: usize) -> bool {
    if !token.line_start {
        return depth == 0 && token.text == "end";
    }
    let unindented = !token.indented;
    let word = token.text;
    match word {
        "@" => next == "[" && (unindented || depth == 0),
        "deriving" => next == "instance",
        _ if AMBIGUOUS.contains(&word) || MODIFIERS.contains(&word) => unindented,
        _ => (OTHERS.contains(&word) || (word.len() > 1 && word.starts_with('#'))) && (unindented || depth == 0),
    }
}

fn depth_after(depth: usize, token: &str) -> usize {
    match token {
        "(" | "[" | "{" | "⟨" | "⦃" | "⟦" | "‹" => depth + 1,
        ")" | "]" | "}" | "⟩" | "⦄" | "⟧" | "›" => depth.saturating_sub(1),
        _ => depth,
    }
}

/// The tokens at the top level: inside no bracket that is closed later, so that an unclosed one hides nothing.
fn top_level<'a>(tokens: &[Token<'a>]) -> Vec<(usize, &'a str)> {
    let mut depth = 0;
    let mut depths = Vec::with_capacity(tokens.len());
    for token in tokens {
        let after = depth_after(depth, token.text);
        depths.push(depth.min(after));
        depth = after;
    }
    let mut lowest = depth;
    let mut top = Vec::new();
    for (i, token) in tokens.iter().enumerate().rev() {
        lowest = lowest.min(depths[i]);
        if depths[i] == lowest {
            top.push((i, token.text));
        }
    }
    top.reverse();
    top
}

/// How a declaration ends, from the tokens after its keyword.
fn own_ending(keyword: &str, tokens: &[Token]) -> Ending {
    if matches!(keyword, "opaque" | "axiom" | "structure" | "class" | "inductive" | "coinductive") {
        return Ending::Body;
    }
    // `let x := 1; ..` in a type takes a `:=`, `fun x => ..` an arrow, and `match ..` all bars after it.
    let (mut lets, mut functions, mut choices, mut bar, mut typed, mut proof) =
        (0usize, 0usize, false, false, false, false);
    for (i, word) in top_level(tokens) {
        match word {
            ":=" if lets == 0 => return body(&tokens[i + 1..]),
            ":=" | "←" => lets = lets.saturating_sub(1),
            "let" | "letI" | "have" | "haveI" | "let_fun" => lets += 1,
            "fun" | "λ" => {
                functions += 1;
                choices |= tokens.get(i + 1).is_some_and(|t| t.text == "|");
            }
            "match" => choices = true,
            "|" if lets > 0 => (lets, choices) = (0, true),
            "|" => bar |= !choices,
            "=>" | "↦" if functions > 0 => functions -= 1,
            "=>" if bar => return Ending::Body,
            "where" => return Ending::Body,
            "by" | "begin" => proof = true,
            ":" => typed = true,
            _ => {}
        }
    }
    // A bare `by` after the type: `:=` was forgotten, the proof was not.
    if typed && !proof { Ending::NoBody } else { Ending::Body }
}

fn body(tokens: &[Token]) -> Ending {
    let words: Vec<_> = tokens.iter().take(5).map(|t| t.text).collect();
    match words.as_slice() {
        [] => Ending::EmptyAssign,
        ["by"] => Ending::EmptyBy,
        ["sorry"] | ["by" | "begin", "sorry"] | ["by", "{", "sorry", "}"] => Ending::Sorry,
        _ => Ending::Body,
    }
}
