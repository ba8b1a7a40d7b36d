//! Words and marks of a text, with its comments and strings told apart. Owns what all languages with such things have in
//! common; what they are in a language is a table of its reader.

/// Text that has no structure within.
#[derive(Clone, Copy, Debug)]
pub(super) enum Opaque {
    /// A comment up to the end of the line.
    Line(&'static str),
    /// A comment up to its first end.
    Block(&'static str, &'static str),
    /// A comment that nests.
    Nested(&'static str, &'static str),
    /// A quotation that nests.
    Cartouche(&'static str, &'static str),
    /// A string; the character after `\` is part of it.
    Escaped(char),
    /// A string; a doubled mark is part of it.
    Doubled(char),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Word,
    Mark,
    Comment,
    Quoted,
}

/// A piece of a text: a word (letters, digits, `_`, `'`), a single other character, a comment or a string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub sort: Sort,
    pub text: &'a str,
    pub start: usize,
    /// Whether white space alone stands in front of it on its line.
    pub begins_line: bool,
}

impl Piece<'_> {
    /// Byte offset behind its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this character, outside of comments and strings.
    pub fn is_mark(&self, mark: &str) -> bool {
        self.sort == Sort::Mark && self.text == mark
    }
}

/// The pieces of a text. What is not closed goes to its end.
pub(super) fn pieces<'a>(text: &'a str, opaque: &[Opaque]) -> Vec<Piece<'a>> {
    let (mut pieces, mut at, mut begins_line) = (Vec::new(), 0, true);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_whitespace() {
            begins_line |= first == '\n';
            at += first.len_utf8();
            continue;
        }
        let (length, sort) = match opaque.iter().find_map(|opaque| opaque.length(rest)) {
            Some(found) => found,
            None if is_inner(first) => (rest.find(|c| !is_inner(c)).unwrap_or(rest.len()), Sort::Word),
            None => (first.len_utf8(), Sort::Mark),
        };
        pieces.push(Piece { sort, text: &rest[..length], start: at, begins_line });
        begins_line = false;
        at += length;
    }
    pieces
}

/// Like [`pieces`], without comments.
pub(super) fn code<'a>(text: &'a str, opaque: &[Opaque]) -> Vec<Piece<'a>> {
    let mut pieces = pieces(text, opaque);
    pieces.retain(|piece| piece.sort != Sort::Comment);
    pieces
}

fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '\''
}

impl Opaque {
    /// The length of what begins `rest`, if it is this.
    fn length(self, rest: &str) -> Option<(usize, Sort)> {
        let up_to = |open: &str, close: &str, rest: &str| {
            rest[open.len()..].find(close).map_or(rest.len(), |at| open.len() + at + close.len())
        };
        match self {
            Opaque::Line(open) => {
                let end = || (rest.find('\n').unwrap_or(rest.len()), Sort::Comment);
                rest.starts_with(open).then(end)
            }
            Opaque::Block(open, close) => rest.starts_with(open).then(|| (up_to(open, close, rest), Sort::Comment)),
            Opaque::Nested(open, close) => rest.starts_with(open).then(|| (nested(rest, open, close), Sort::Comment)),
            Opaque::Cartouche(open, close) => rest.starts_with(open).then(|| (nested(rest, open, close), Sort::Quoted)),
            Opaque::Escaped(mark) | Opaque::Doubled(mark) => {
                let is_escaped = matches!(self, Opaque::Escaped(_));
                rest.starts_with(mark).then(|| (quoted(rest, mark, is_escaped), Sort::Quoted))
            }
        }
    }
}

fn nested(rest: &str, open: &str, close: &str) -> usize {
    let (bytes, mut at, mut depth) = (rest.as_bytes(), open.len(), 1);
    while at < bytes.len() && depth > 0 {
        if bytes[at..].starts_with(open.as_bytes()) {
            (at, depth) = (at + open.len(), depth + 1);
        } else if bytes[at..].starts_with(close.as_bytes()) {
            (at, depth) = (at + close.len(), depth - 1);
        } else {
            at += 1;
        }
    }
    if depth > 0 { rest.len() } else { at }
}

fn quoted(rest: &str, mark: char, is_escaped: bool) -> usize {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && is_escaped {
            chars.next();
        } else if c == mark {
            match chars.peek() {
                Some((_, next)) if *next == mark && !is_escaped => drop(chars.next()),
                _ => return at + c.len_utf8(),
            }
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, opaque: &[Opaque]) -> Vec<String> {
        code(text, opaque).iter().map(|piece| piece.text.to_owned()).collect()
    }

    #[test]
    fn comments_and_strings_hide_what_is_in_them() {
        let coq = [Opaque::Nested("(*", "*)"), Opaque::Doubled('"')];
        assert_eq!(words("a (* b (* c *) . *) d' \"x \"\". y\" (* open", &coq), ["a", "d'", "\"x \"\". y\""]);
        let tptp = [Opaque::Line("%"), Opaque::Block("/*", "*/"), Opaque::Escaped('\'')];
        assert_eq!(words("a % b\nc /* d /* */ e 'f\\'. g' h", &tptp), ["a", "c", "e", "'f\\'. g'", "h"]);
        let isabelle = [Opaque::Cartouche("‹", "›")];
        assert_eq!(words("‹a ‹b› c› d ‹e", &isabelle), ["‹a ‹b› c›", "d", "‹e"]);
        assert_eq!(words("∀x.é", &[]), ["∀", "x", ".", "é"]);
    }

    #[test]
    fn beginnings_of_lines_are_known() {
        let begin: Vec<bool> = pieces("a b\n  c\nd", &[]).iter().map(|piece| piece.begins_line).collect();
        assert_eq!(begin, [true, false, true, true]);
    }
}
