//! Cuts a byte stream into records without understanding them. Owns line ends, JSON element boundaries and the length
//! limit; never holds more than one record, and nothing of one that is too long. Parsing is `records.rs`'s business.

use std::io::{self, BufRead, Read};

/// Where a record begins and whether its bytes were kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// 1-based line of the first byte.
    pub line: u64,
    /// 1-based column of the first byte, in bytes.
    pub column: u64,
    /// The record's length in bytes if it is longer than the limit (the buffer holds a part of it, of no use).
    pub too_long: Option<u64>,
}

/// Why no further record can be cut.
#[derive(Debug)]
pub(super) enum FrameError {
    Io(io::Error),
    /// The stream is not what it looked like; 1-based line and column in bytes.
    Syntax {
        line: u64,
        column: u64,
        reason: &'static str,
    },
}

impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> Self {
        FrameError::Io(error)
    }
}

/// One record per line. Blank lines are no records but count as lines; `\r\n` is a line end; the last line may lack one.
pub(super) struct Lines<R> {
    inner: R,
    line: u64,
    limit: usize,
}

impl<R: BufRead> Lines<R> {
    /// `limit` is the longest line kept, in bytes without its line end.
    pub fn new(inner: R, limit: usize) -> Self {
        Lines { inner, line: 0, limit }
    }

    /// Puts the next record into `buffer` (cleared first); `None` at the end of the stream.
    pub fn next(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Frame>, FrameError> {
        loop {
            buffer.clear();
            self.line += 1;
            // Room for the longest line and its line end.
            let most = self.limit as u64 + 2;
            if self.inner.by_ref().take(most).read_until(b'\n', buffer)? == 0 {
                return Ok(None);
            }
            let mut length = buffer.len() as u64;
            if buffer.last() == Some(&b'\n') {
                buffer.pop();
                if buffer.last() == Some(&b'\r') {
                    buffer.pop();
                }
                length = buffer.len() as u64;
            } else if length == most {
                length = length.saturating_add_signed(self.skip_line(buffer.last() == Some(&b'\r'))?);
            }
            let too_long = (length > self.limit as u64).then_some(length);
            if too_long.is_some() || !buffer.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(Frame { line: self.line, column: 1, too_long }));
            }
        }
    }

    /// Passes over the rest of a line and returns how much it adds to the line's length: less than nothing is possible,
    /// where `after_cr` (the last byte kept is `\r`) turns out to be the first half of the line end.
    fn skip_line(&mut self, mut after_cr: bool) -> io::Result<i64> {
        let mut length = 0;
        loop {
            let available = match self.inner.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            let end = available.iter().position(|b| *b == b'\n');
            let used = end.unwrap_or(available.len());
            let at_end = available.is_empty();
            after_cr = available[..used].last().map_or(after_cr, |b| *b == b'\r');
            self.inner.consume(used + end.is_some() as usize);
            length += used as i64;
            if end.is_some() {
                return Ok(length - after_cr as i64);
            }
            if at_end {
                return Ok(length);
            }
        }
    }
}

/// The elements of one JSON array, or JSON values one after another (one object spread over many lines, say).
///
/// Elements are cut by counting brackets outside strings, so an element that is malformed inside its brackets costs
/// itself only. A raw line end closes a string (it is not allowed in one): a missing quote must not swallow the file.
pub(super) struct Values<R> {
    inner: R,
    line: u64,
    column: u64,
    limit: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// In an array: before its first element, before another one, after one.
    First,
    Next,
    After,
    /// Values without an array around them.
    Bare,
    Closed,
}

impl<R: BufRead> Values<R> {
    /// `limit` is the longest element kept, in bytes.
    pub fn new(inner: R, limit: usize) -> Self {
        Values { inner, line: 1, column: 1, limit, state: State::Start }
    }

    /// Puts the next record into `buffer` (cleared first); `None` at the end.
    pub fn next(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Frame>, FrameError> {
        loop {
            let byte = self.peek()?;
            if byte.is_some_and(|b| b.is_ascii_whitespace()) {
                self.bump();
                continue;
            }
            self.state = match (self.state, byte) {
                (State::Start, Some(b'[')) => State::First,
                (State::Start, _) => {
                    self.state = State::Bare;
                    continue;
                }
                (State::First | State::After, Some(b']')) => State::Closed,
                (State::After, Some(b',')) => State::Next,
                (State::After, Some(_)) => return self.fail("expected `,` or `]` after an element of the array"),
                (State::Bare | State::Closed, None) => return Ok(None),
                (_, None) => return self.fail("the input ends inside its array; it was cut short"),
                (State::Closed, Some(_)) => return self.fail("more text after the end of the array"),
                (State::First | State::Next | State::Bare, Some(_)) => return self.value(buffer).map(Some),
            };
            self.bump();
        }
    }

    fn value(&mut self, buffer: &mut Vec<u8>) -> Result<Frame, FrameError> {
        buffer.clear();
        let (line, column, mut length) = (self.line, self.column, 0u64);
        let (mut depth, mut in_string, mut escaped) = (0u64, false, false);
        loop {
            let Some(byte) = self.peek()? else {
                if depth == 0 && self.state == State::Bare {
                    break;
                }
                return self.fail("the input ends inside a record; it was cut short");
            };
            let ends_scalar = !in_string && depth == 0 && matches!(byte, b',' | b']' | b'}');
            if ends_scalar && length == 0 {
                return self.fail("expected a JSON value");
            }
            if ends_scalar || (!in_string && depth == 0 && byte.is_ascii_whitespace()) {
                break;
            }
            self.bump();
            length += 1;
            if length <= self.limit as u64 {
                buffer.push(byte);
            }
            match byte {
                b'\n' => (in_string, escaped) = (false, false),
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth -= 1,
                _ => continue,
            }
            if depth == 0 && !in_string && matches!(byte, b'"' | b'}' | b']') {
                break;
            }
        }
        if self.state != State::Bare {
            self.state = State::After;
        }
        Ok(Frame { line, column, too_long: (length > self.limit as u64).then_some(length) })
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.inner.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map(|bytes| bytes.first().copied()),
            }
        }
    }

    /// Passes over the byte last peeked at.
    fn bump(&mut self) {
        let newline = self.inner.fill_buf().is_ok_and(|bytes| bytes.first() == Some(&b'\n'));
        self.inner.consume(1);
        (self.line, self.column) = if newline { (self.line + 1, 1) } else { (self.line, self.column + 1) };
    }

    fn fail<T>(&self, reason: &'static str) -> Result<T, FrameError> {
        Err(FrameError::Syntax { line: self.line, column: self.column, reason })
    }
}
