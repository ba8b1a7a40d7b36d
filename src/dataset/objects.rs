//! The JSON objects of an input, whatever its format. Owns indices, the order of the checks on a record (length, UTF-8,
//! JSON, object) and the translation of positions; where bytes come from is `open.rs`'s business, what an object means is
//! for `extract.rs` and `problems.rs` to say.

use super::extract;
use super::framing::{Frame, FrameError};
use super::open::{self, Source};
use super::{Fault, InputError, Place, RecordError};
use serde_json::{Map, Value};
use std::io::{self, Read};

/// One record as it stands in the input.
pub(super) struct Item {
    pub index: u64,
    pub place: Place,
    pub object: Map<String, Value>,
}

/// Objects of one input, in order.
///
/// The outer error is fatal and ends the iteration; the inner one is one bad record, which has an index like any other.
/// Memory: one record.
pub(super) struct Objects {
    input: String,
    source: Source,
    codec: Option<&'static str>,
    /// The longest record kept, in bytes.
    max_line: usize,
    buffer: Vec<u8>,
    next: u64,
    ended: bool,
}

impl Objects {
    /// Opens a file, or standard input for `-`.
    pub fn open(input: &str, max_line: usize) -> Result<Objects, InputError> {
        let (name, source, codec) = open::open(input, max_line)?;
        Ok(Objects::new(name, source, codec, max_line))
    }

    /// Reads from any stream; `name` stands in messages, and its extensions count as a file's would.
    pub fn from_reader(name: &str, stream: impl Read + Send + 'static, max_line: usize) -> Result<Objects, InputError> {
        let (source, codec) = open::from_stream(name, None, Box::new(stream), max_line)?;
        Ok(Objects::new(name.to_string(), source, codec, max_line))
    }

    fn new(input: String, source: Source, codec: Option<&'static str>, max_line: usize) -> Objects {
        Objects { input, source, codec, max_line, buffer: Vec::new(), next: 0, ended: false }
    }

    /// How many records there are, where the format says so beforehand (Parquet).
    pub fn total(&self) -> Option<u64> {
        match &self.source {
            #[cfg(feature = "parquet")]
            Source::Rows(rows) => Some(rows.total),
            Source::Lines(_) | Source::Values(_) | Source::Table(_) => None,
        }
    }

    fn advance(&mut self) -> Result<Option<Result<Item, Box<RecordError>>>, InputError> {
        let frame = match &mut self.source {
            Source::Lines(lines) => lines.next(&mut self.buffer),
            Source::Values(values) => values.next(&mut self.buffer),
            Source::Table(table) => {
                let Some((line, row)) = table.next()? else { return Ok(None) };
                let place = Place::Text { line, column: 1 };
                let item = row.map(|object| Item { index: self.next, place, object });
                return Ok(Some(item.map_err(|fault| self.bad(self.next, place, None, fault, None))));
            }
            #[cfg(feature = "parquet")]
            Source::Rows(rows) => {
                let Some(value) = rows.next()? else { return Ok(None) };
                return Ok(Some(self.item(Place::Row(self.next + 1), value)));
            }
        };
        let Some(frame) = frame.map_err(|error| self.fatal(error))? else { return Ok(None) };
        let place = Place::Text { line: frame.line, column: frame.column };
        if let Some(length) = frame.too_long {
            // Do not hold on to the part that was read.
            self.buffer = Vec::new();
            let limit = self.max_line;
            let hint = "raise the limit if it is meant to be that long".to_string();
            return Ok(Some(Err(self.bad(self.next, place, None, Fault::TooLong { length, limit }, Some(hint)))));
        }
        let text = match std::str::from_utf8(&self.buffer) {
            Ok(text) => text,
            Err(error) => {
                let place = within(frame, &self.buffer[..error.valid_up_to()]);
                let hint = "convert the file to UTF-8".to_string();
                return Ok(Some(Err(self.bad(self.next, place, None, Fault::Utf8, Some(hint)))));
            }
        };
        Ok(Some(match serde_json::from_str(text) {
            Ok(value) => self.item(place, value),
            Err(error) => {
                let column = error.column().max(1) as u64;
                let place = match error.line() {
                    0 | 1 => Place::Text { line: frame.line, column: frame.column + column - 1 },
                    line => Place::Text { line: frame.line + line as u64 - 1, column },
                };
                Err(self.bad(self.next, place, None, Fault::Json(without_position(&error)), None))
            }
        }))
    }

    fn item(&self, place: Place, value: Value) -> Result<Item, Box<RecordError>> {
        let Value::Object(object) = value else {
            let fault = Fault::NotAnObject(extract::kind(&value));
            let hint = "each record is one JSON object".to_string();
            return Err(self.bad(self.next, place, None, fault, Some(hint)));
        };
        Ok(Item { index: self.next, place, object })
    }

    /// The error for the record with this index.
    pub fn bad(
        &self,
        index: u64,
        place: Place,
        id: Option<String>,
        fault: Fault,
        hint: Option<String>,
    ) -> Box<RecordError> {
        let id = id.unwrap_or_else(|| index.to_string());
        Box::new(RecordError { input: self.input.clone(), index, id, place, fault, hint })
    }

    fn fatal(&self, error: FrameError) -> InputError {
        let (input, records) = (self.input.clone(), self.next);
        match (error, self.codec) {
            (FrameError::Syntax { line, column, reason }, _) => InputError::Syntax { input, line, column, reason },
            (FrameError::Io(source), Some(format)) if source.kind() == io::ErrorKind::UnexpectedEof => {
                InputError::Truncated { input, format, records }
            }
            (FrameError::Io(source), _) => InputError::Stream { input, records, source },
        }
    }
}

impl Iterator for Objects {
    type Item = Result<Result<Item, Box<RecordError>>, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let item = self.advance().transpose();
        self.ended = !matches!(item, Some(Ok(_)));
        self.next += 1;
        item
    }
}

/// The place after `before`, the beginning of a frame.
fn within(frame: Frame, before: &[u8]) -> Place {
    match before.iter().rposition(|b| *b == b'\n') {
        None => Place::Text { line: frame.line, column: frame.column + before.len() as u64 },
        Some(at) => Place::Text {
            line: frame.line + before.iter().filter(|b| **b == b'\n').count() as u64,
            column: (before.len() - at) as u64,
        },
    }
}

/// serde_json's message; its ` at line 1 column 7` counts from the frame and is given as the place instead.
pub(super) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(message, _)| message.to_string())
}
