//! Lean positions (1-based line, 0-based column in code points) to byte offsets and back. Owns the line table of one
//! text; must not copy the text.

/// The line table of a text. A line ends before `\n` or `\r\n`; a column never counts the `\r` of a line end.
#[derive(Clone, Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    /// Byte offset of the first byte of each line.
    starts: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    /// Reads the line table of `text`.
    pub fn new(text: &'a str) -> Self {
        let after_newlines = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        LineIndex { text, starts: std::iter::once(0).chain(after_newlines).collect() }
    }

    /// The byte offset of a position. A column behind the line's end is the line's end, a line behind the text's end
    /// is the text's end, and line 0 is read as line 1.
    pub fn offset(&self, line: u32, column: u32) -> usize {
        let number = (line as usize).saturating_sub(1);
        let Some(start) = self.starts.get(number) else { return self.text.len() };
        let content = self.content(number);
        let column = column as usize;
        let within = if content.is_ascii() {
            column.min(content.len())
        } else {
            content.char_indices().nth(column).map_or(content.len(), |(i, _)| i)
        };
        start + within
    }

    /// The position of a byte offset. An offset inside a code point is that code point's, one inside `\r\n` the line's
    /// end, one behind the text's end the text's end.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let number = self.starts.partition_point(|start| *start <= offset.min(self.text.len())) - 1;
        let content = self.content(number).as_bytes();
        let within = (offset - self.starts[number]).min(content.len());
        // The number of bytes that begin a code point, the one at `within` (or the end) not counted.
        let begins = |byte: &u8| (*byte & 0xC0) != 0x80;
        let inside = content.get(within).is_some_and(|byte| !begins(byte));
        let column = content[..within].iter().filter(|byte| begins(byte)).count() - usize::from(inside);
        (number as u32 + 1, column as u32)
    }

    /// The line without its end.
    fn content(&self, number: usize) -> &'a str {
        let end = self.starts.get(number + 1).copied().unwrap_or(self.text.len());
        let line = &self.text[self.starts[number]..end];
        match line.strip_suffix('\n') {
            Some(line) => line.strip_suffix('\r').unwrap_or(line),
            None => line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_point_round_trips() {
        let text = "theorem «é» :\r\n  ∀ x, 𝔸 x\n\r\n\rlast";
        let index = LineIndex::new(text);
        let (mut line, mut column) = (1, 0);
        for (i, c) in text.char_indices() {
            let in_line_end = c == '\r' && text[i..].starts_with("\r\n");
            assert_eq!(index.line_column(i), (line, column), "{i}");
            if c == '\n' {
                (line, column) = (line + 1, 0);
            } else if !in_line_end {
                assert_eq!(index.offset(line, column), i);
                column += 1;
            }
        }
        assert_eq!(index.line_column(text.len()), (4, 5));
        assert_eq!(index.offset(4, 5), text.len());
    }

    #[test]
    fn positions_are_clamped() {
        let text = "ab\r\nαβ\n";
        let index = LineIndex::new(text);
        assert_eq!(index.offset(1, 99), 2);
        assert_eq!(index.offset(2, 99), 8);
        assert_eq!(index.offset(3, 7), text.len());
        assert_eq!(index.offset(99, 0), text.len());
        assert_eq!(index.offset(0, 1), 1);
        assert_eq!(index.line_column(3), (1, 2));
        assert_eq!(index.line_column(5), (2, 0), "inside α");
        assert_eq!(index.line_column(usize::MAX), (3, 0));
        assert_eq!(LineIndex::new("").offset(1, 3), 0);
        assert_eq!(LineIndex::new("").line_column(0), (1, 0));
    }

    #[test]
    fn a_huge_line_is_no_trouble() {
        let text = "∀".repeat(1_000_000);
        let index = LineIndex::new(&text);
        assert_eq!(index.offset(1, 999_999), 2_999_997);
        assert_eq!(index.line_column(2_999_997), (1, 999_999));
    }
}
