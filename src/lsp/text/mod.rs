//! The text of an open document as lines, kept as the client has it by its incremental changes. Owns what a line is to the
//! protocol (`\n`, `\r\n` and `\r` end one) and the change of a range; knows nothing of what the text says.

pub mod json;
mod position;

pub use position::Encoding;

use std::ops::Range;

/// A place: line from 0, bytes into the line.
pub type Place = (usize, usize);

/// A document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Each with its end, the last one, which may be empty, without. Their concatenation is the text.
    lines: Vec<String>,
}

/// Lines that a change replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The first of them.
    pub first: usize,
    /// How many there were, and are.
    pub before: usize,
    pub now: usize,
}

impl Text {
    pub fn new(text: &str) -> Text {
        Text { lines: split(text) }
    }

    /// All of it.
    pub fn whole(&self) -> String {
        self.lines.concat()
    }

    /// How many lines there are: at least one.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// A line without its end; empty behind the last.
    pub fn line(&self, number: usize) -> &str {
        self.lines.get(number).map_or("", |line| line.trim_end_matches(['\r', '\n']))
    }

    /// The lines of a range without their ends, with `\n` between them.
    pub fn lines(&self, range: Range<usize>) -> String {
        range.map(|number| self.line(number)).collect::<Vec<_>>().join("\n")
    }

    /// A position of the protocol; behind a line's end it is the line's end, behind the last line the end of the text.
    pub fn place(&self, line: u32, character: u32, encoding: Encoding) -> Place {
        let line = line as usize;
        match line < self.len() {
            true => (line, encoding.byte(self.line(line), character)),
            false => (self.len() - 1, self.line(self.len() - 1).len()),
        }
    }

    /// A place as a position of the protocol.
    pub fn position(&self, (line, byte): Place, encoding: Encoding) -> (u32, u32) {
        (line as u32, encoding.character(self.line(line), byte))
    }

    /// Puts `text` in place of what stands from `from` to `to`, which are put into order.
    pub fn replace(&mut self, from: Place, to: Place, text: &str) -> Changed {
        let (from, to) = (from.min(to), from.max(to));
        let (mut first, mut joined) = (from.0, self.lines[from.0][..from.1].to_owned());
        joined.push_str(text);
        joined.push_str(&self.lines[to.0][to.1..]);
        // A `\r` that ended the line before and a `\n` that has come behind it end one line together.
        if first > 0 && joined.starts_with('\n') && self.lines[first - 1].ends_with('\r') {
            first -= 1;
            joined.insert_str(0, &self.lines[first]);
        }
        let last = to.0;
        let mut lines = split(&joined);
        // A place lies in front of its line's end, which therefore is there still: behind it begins a line that was not changed.
        if last + 1 < self.len() {
            lines.pop();
        }
        let changed = Changed { first, before: last + 1 - first, now: lines.len() };
        self.lines.splice(first..=last, lines);
        changed
    }

    /// Puts another text in place of all.
    pub fn set(&mut self, text: &str) -> Changed {
        let before = self.len();
        self.lines = split(text);
        Changed { first: 0, before, now: self.len() }
    }
}

fn split(text: &str) -> Vec<String> {
    let (mut lines, mut begin) = (Vec::new(), 0);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if byte == b'\r' && bytes.get(at) == Some(&b'\n') {
            at += 1;
        }
        if byte == b'\n' || byte == b'\r' {
            lines.push(text[begin..at].to_owned());
            begin = at;
        }
    }
    lines.push(text[begin..].to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Random;

    #[test]
    fn ends_of_lines_are_those_of_the_protocol() {
        let text = Text::new("a\r\nb\rc\n\nd");
        let lines: Vec<&str> = (0..text.len()).map(|i| text.line(i)).collect();
        assert_eq!(lines, ["a", "b", "c", "", "d"]);
        assert_eq!(Text::new("").len(), 1);
        assert_eq!(Text::new("a\n").len(), 2);
    }

    #[test]
    fn a_line_feed_joins_a_carriage_return_in_front_of_it() {
        let mut text = Text::new("a\rb");
        text.replace((1, 0), (1, 0), "\n");
        assert_eq!(text, Text::new("a\r\nb"));
        let mut text = Text::new("a\rxx\nb");
        text.replace((1, 0), (1, 2), "");
        assert_eq!(text, Text::new("a\r\nb"));
        let mut text = Text::new("ab\nc");
        text.replace((0, 1), (0, 2), "\r");
        assert_eq!(text, Text::new("a\r\nc"));
    }

    /// Whatever is changed, the lines are those of the changed text.
    #[test]
    fn random_changes_leave_the_lines_of_the_text() {
        let pieces = ["", "a", "\n", "\r", "\r\n", "∀x", "𝔸\n\n", "b\rc\nd", "long line without an end"];
        let mut random = Random::new(7);
        let mut text = Text::new("first\nsecond\r\nthird");
        let mut copy = text.whole();
        for turn in 0..20_000 {
            let place = |random: &mut Random| {
                let line = random.below(text.len() as u64) as usize;
                let bytes = text.line(line).len();
                let byte = text.line(line).floor_char_boundary(random.below(bytes as u64 + 1) as usize);
                (line, byte)
            };
            let (from, to) = (place(&mut random), place(&mut random));
            let (from, to) = (from.min(to), from.max(to));
            let offset = |(line, byte): Place| text.lines[..line].iter().map(String::len).sum::<usize>() + byte;
            let new = pieces[random.below(pieces.len() as u64) as usize];
            copy.replace_range(offset(from)..offset(to), new);
            let before = text.clone();
            let changed = text.replace(from, to, new);
            assert_eq!(text, Text::new(&copy), "turn {turn}: {from:?} to {to:?} by {new:?}");
            let kept = |lines: &[String], from: usize| lines[from..].to_vec();
            assert_eq!(before.lines[..changed.first], text.lines[..changed.first]);
            assert_eq!(
                kept(&before.lines, changed.first + changed.before),
                kept(&text.lines, changed.first + changed.now)
            );
        }
    }
}
