//! Cuts a byte stream into lines without understanding them. Owns the frame of a record, line ends and the length limit;
//! never holds more than one record. JSON elements are `values.rs`'s business, parsing is `records.rs`'s.

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
