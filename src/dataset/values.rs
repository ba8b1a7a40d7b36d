//! Cuts a byte stream into JSON values without understanding them. Owns element boundaries; holds no more than one element,
//! cut off at the length limit. Parsing is `records.rs`'s business.

use super::framing::{Frame, FrameError};
use std::io::{self, BufRead};

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
        let mut scan = Scan::default();
        let mut ended = false;
        while !ended {
            let chunk = match self.inner.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if chunk.is_empty() {
                if scan.depth == 0 && self.state == State::Bare {
                    break;
                }
                return self.fail("the input ends inside a record; it was cut short");
            }
            let end = chunk.iter().position(|byte| scan.ends_before(*byte));
            let used = end.unwrap_or(chunk.len());
            ended = end.is_some() || scan.closed;
            let room = self.limit.saturating_sub(buffer.len());
            buffer.extend(&chunk[..used.min(room)]);
            for byte in &chunk[..used] {
                (self.line, self.column) =
                    if *byte == b'\n' { (self.line + 1, 1) } else { (self.line, self.column + 1) };
            }
            self.inner.consume(used);
            length += used as u64;
        }
        if length == 0 {
            return self.fail("expected a JSON value");
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

/// How far into a JSON value the scan is.
#[derive(Default)]
struct Scan {
    depth: u64,
    in_string: bool,
    escaped: bool,
    /// The last byte closed the value.
    closed: bool,
}

impl Scan {
    /// Takes the next byte, unless the value ended before it.
    fn ends_before(&mut self, byte: u8) -> bool {
        if self.closed {
            return true;
        }
        if self.in_string {
            match byte {
                b'\n' => (self.in_string, self.escaped) = (false, false),
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => (self.in_string, self.closed) = (false, self.depth == 0),
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                self.closed = self.depth == 0;
            }
            b',' | b'}' | b']' => return self.depth == 0,
            _ => return self.depth == 0 && byte.is_ascii_whitespace(),
        }
        false
    }
}
