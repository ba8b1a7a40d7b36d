//! A light lexer for Lean: words, symbols, literals, and where comments are. Owns the token rules the other text
//! functions need; must not judge syntax, and must read any text, however broken or hostile, without failing and
//! without recursion.

use std::ops::Range;

/// One token. Comments are no tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    /// Its text: a dotted name, `#command` at the start of a line, a whole literal, or a symbol.
    pub text: &'a str,
    /// Byte offset of its first byte.
    pub start: usize,
    /// True if only white space and comments stand before it on its line.
    pub line_start: bool,
    /// True if white space stands directly before it on its line.
    pub indented: bool,
}

impl Token<'_> {
    /// Byte offset after its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The tokens of a text and the byte ranges of its comments and string literals, both in order.
#[derive(Debug, Default)]
pub(super) struct Lexed<'a> {
    pub tokens: Vec<Token<'a>>,
    pub covered: Vec<Range<usize>>,
}

impl Lexed<'_> {
    /// True if the byte at `offset` lies inside a comment or a string.
    pub fn is_covered(&self, offset: usize) -> bool {
        let after = self.covered.partition_point(|range| range.start <= offset);
        after > 0 && self.covered[after - 1].end > offset
    }
}

/// Symbols of more than one character that would otherwise be read as their parts; longer ones first.
const SYMBOLS: [&str; 9] = ["<|>", "|||", ":=", "::", "=>", "||", "|>", "<|", ".."];

/// Splits a text into tokens.
pub(super) fn lex(text: &str) -> Lexed<'_> {
    let mut lexed = Lexed::default();
    let (mut at, mut line_start) = (0, true);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c.is_whitespace() {
            line_start |= c == '\n';
            at += c.len_utf8();
            continue;
        }
        if rest.starts_with("--") || rest.starts_with("/-") {
            let end = at + if c == '-' { rest.find('\n').unwrap_or(rest.len()) } else { block_comment(rest) };
            lexed.covered.push(at..end);
            at = end;
            continue;
        }
        let interpolated = lexed.tokens.last().is_some_and(|t: &Token| t.end() == at && t.text.ends_with('!'));
        let (length, is_string) = match c {
            '"' if interpolated => (interpolated_string(rest), true),
            '"' => (string(rest), true),
            'r' if let Some(length) = raw_string(rest) => (length, true),
            '\'' => (character(rest).unwrap_or(1), false),
            '0'..='9' => (number(rest), false),
            '#' if line_start && rest[1..].starts_with(|c: char| c.is_ascii_lowercase()) => {
                (1 + word(&rest[1..]), false)
            }
            '.' | '`' => (quoted_or_dotted(rest), false),
            _ if starts_word(c) => (word(rest), false),
            _ => (symbol(rest, c), false),
        };
        if is_string {
            lexed.covered.push(at..at + length);
        }
        let indented = text[..at].ends_with([' ', '\t']);
        lexed.tokens.push(Token { text: &rest[..length], start: at, line_start, indented });
        line_start = false;
        at += length;
    }
    lexed
}

fn starts_word(c: char) -> bool {
    c == '_' || c == '«' || (c.is_alphabetic() && !matches!(c, 'λ' | 'Π' | 'Σ'))
}

/// Length of the dotted name at the start of `text`, `«»` parts included.
fn word(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        at += if rest.starts_with('«') {
            rest.find('»').map_or(rest.len(), |i| i + '»'.len_utf8())
        } else {
            let inner = |c: char| starts_word(c) && c != '«' || c.is_numeric() || matches!(c, '\'' | '!' | '?');
            rest.find(|c| !inner(c)).unwrap_or(rest.len())
        };
        match text[at..].strip_prefix('.') {
            Some(next) if next.starts_with(starts_word) => at += 1,
            _ => return at,
        }
    }
}

/// `.name` and `` `name `` are one token each, so that `.end` or `` `theorem `` is no keyword.
fn quoted_or_dotted(text: &str) -> usize {
    let marks = if text.starts_with("``") { 2 } else { 1 };
    let symbol_length = if text.starts_with("..") { 2 } else { marks };
    if text[marks..].starts_with(starts_word) { marks + word(&text[marks..]) } else { symbol_length }
}

fn symbol(text: &str, first: char) -> usize {
    SYMBOLS.iter().find(|s| text.starts_with(**s)).map_or(first.len_utf8(), |s| s.len())
}

fn number(text: &str) -> usize {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let whole = digits(text);
    match text[whole..].strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => whole + 1 + digits(fraction),
        _ => whole,
    }
}

/// Length of the nested `/- -/` comment at the start of `text`; an unclosed one takes the rest.
fn block_comment(text: &str) -> usize {
    let (bytes, mut at, mut depth) = (text.as_bytes(), 2, 1);
    while at < bytes.len() && depth > 0 {
        match &bytes[at..bytes.len().min(at + 2)] {
            b"/-" => (at, depth) = (at + 2, depth + 1),
            b"-/" => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    at
}

/// Length of the string literal at the start of `text`, quotes included.
fn string(text: &str) -> usize {
    let (bytes, mut at) = (text.as_bytes(), 1);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Length of an `s!"..{term}.."` literal: a term may hold strings again.
fn interpolated_string(text: &str) -> usize {
    let (bytes, mut at) = (text.as_bytes(), 1);
    let mut open = vec![b'"'];
    while at < bytes.len() {
        match (bytes[at], open.last()) {
            (b'\\', Some(b'"')) => at += 1,
            (b'"', Some(b'"')) | (b'}', Some(b'{')) => drop(open.pop()),
            (mark @ b'{', _) | (mark @ b'"', Some(b'{')) => open.push(mark),
            _ => {}
        }
        at += 1;
        if open.is_empty() {
            return at;
        }
    }
    text.len()
}

/// Length of `r".."` or `r#".."#` at the start of `text`, if there is one.
fn raw_string(text: &str) -> Option<usize> {
    let hashes = text[1..].bytes().take_while(|b| *b == b'#').count();
    let body = text[1 + hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(body.find(&close).map_or(text.len(), |i| 2 + hashes + i + close.len()))
}

/// Length of the character literal at the start of `text`; a lone prime is none.
fn character(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        chars.next()?;
        return chars.take(7).find(|(_, c)| *c == '\'').map(|(i, _)| i + 1);
    }
    let (close, last) = chars.next()?;
    (first != '\'' && last == '\'').then_some(close + 1)
}

#[cfg(test)]
#[path = "lexer_tests.rs"]
mod tests;
