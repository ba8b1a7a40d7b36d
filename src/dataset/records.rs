//! The iterator over an input. Owns indices, the order of the checks on a record (length, UTF-8, JSON, object, fields)
//! and the translation of positions; where bytes come from is `open.rs`'s business.

use super::extract::{self, Extracted, Mapping};
use super::framing::{Frame, FrameError};
use super::open::{self, Source};
use super::{Fault, FieldMap, InputError, Place, RecordError};
use crate::domain::Record;
use serde_json::Value;
use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::{self, Read};

/// How to read an input.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    pub fields: FieldMap,
    /// The longest record kept, in bytes; a longer one is a bad record. Bounds the memory of the reader. Rows of
    /// Parquet files are not held to it.
    pub max_line: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { fields: FieldMap::default(), max_line: 16 << 20 }
    }
}

/// What was noticed in passing and is no error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Records whose id an earlier record has as well.
    pub duplicate_ids: u64,
    /// The first such id.
    pub first_duplicate: Option<String>,
    /// Records whose reference proof was empty or one line of prose, so that their statement was taken.
    pub placeholders: u64,
}

/// Records of one input, in order.
///
/// The outer error is fatal and ends the iteration; the inner one is one bad record, which has an index like any other.
/// Memory: one record, plus 8 to 18 bytes per record to notice repeated ids (hashes only).
pub struct Records {
    input: String,
    source: Source,
    codec: Option<&'static str>,
    options: ReadOptions,
    buffer: Vec<u8>,
    next: u64,
    seen: HashSet<u64>,
    notes: Notes,
    mapping: Option<Mapping>,
    ended: bool,
}

impl Records {
    /// Opens a file, or standard input for `-`.
    pub fn open(input: &str, options: ReadOptions) -> Result<Records, InputError> {
        let (name, source, codec) = open::open(input, options.max_line)?;
        Ok(Records::new(name, source, codec, options))
    }

    /// Reads from any stream; `name` stands in messages, and its extensions count as a file's would.
    pub fn from_reader(
        name: &str,
        stream: impl Read + Send + 'static,
        options: ReadOptions,
    ) -> Result<Records, InputError> {
        let (source, codec) = open::from_stream(name, None, Box::new(stream), options.max_line)?;
        Ok(Records::new(name.to_string(), source, codec, options))
    }

    fn new(input: String, source: Source, codec: Option<&'static str>, options: ReadOptions) -> Records {
        Records {
            input,
            source,
            codec,
            options,
            buffer: Vec::new(),
            next: 0,
            seen: HashSet::new(),
            notes: Notes::default(),
            mapping: None,
            ended: false,
        }
    }

    /// How many records there are, where the format says so beforehand (Parquet).
    pub fn total(&self) -> Option<u64> {
        match &self.source {
            #[cfg(feature = "parquet")]
            Source::Rows(rows) => Some(rows.total),
            Source::Lines(_) | Source::Values(_) => None,
        }
    }

    /// What was noticed so far.
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// The fields the first good record was read from; `None` before it.
    pub fn mapping(&self) -> Option<&Mapping> {
        self.mapping.as_ref()
    }

    fn advance(&mut self) -> Result<Option<Result<Record, Box<RecordError>>>, InputError> {
        let frame = match &mut self.source {
            Source::Lines(lines) => lines.next(&mut self.buffer),
            Source::Values(values) => values.next(&mut self.buffer),
            #[cfg(feature = "parquet")]
            Source::Rows(rows) => {
                let Some(value) = rows.next()? else { return Ok(None) };
                return Ok(Some(self.record(Place::Row(self.next + 1), value)));
            }
        };
        let Some(frame) = frame.map_err(|error| self.fatal(error))? else { return Ok(None) };
        let place = Place::Text { line: frame.line, column: frame.column };
        if let Some(length) = frame.too_long {
            // Do not hold on to the part that was read.
            self.buffer = Vec::new();
            let limit = self.options.max_line;
            let hint = "raise the limit if it is meant to be that long".to_string();
            return Ok(Some(Err(self.bad(place, None, Fault::TooLong { length, limit }, Some(hint)))));
        }
        let text = match std::str::from_utf8(&self.buffer) {
            Ok(text) => text,
            Err(error) => {
                let place = within(frame, &self.buffer[..error.valid_up_to()]);
                let hint = "convert the file to UTF-8".to_string();
                return Ok(Some(Err(self.bad(place, None, Fault::Utf8, Some(hint)))));
            }
        };
        Ok(Some(match serde_json::from_str(text) {
            Ok(value) => self.record(place, value),
            Err(error) => {
                let column = error.column().max(1) as u64;
                let place = match error.line() {
                    0 | 1 => Place::Text { line: frame.line, column: frame.column + column - 1 },
                    line => Place::Text { line: frame.line + line as u64 - 1, column },
                };
                Err(self.bad(place, None, Fault::Json(without_position(&error)), None))
            }
        }))
    }

    fn record(&mut self, place: Place, value: Value) -> Result<Record, Box<RecordError>> {
        let Value::Object(object) = value else {
            let fault = Fault::NotAnObject(extract::kind(&value));
            return Err(self.bad(place, None, fault, Some("each record is one JSON object".to_string())));
        };
        match extract::extract(&self.options.fields, self.next, &object) {
            Ok(Extracted { record, mapping }) => {
                self.notes.placeholders += mapping.placeholder.is_some() as u64;
                self.mapping.get_or_insert(mapping);
                self.note_id(&record.id);
                Ok(record)
            }
            Err(refusal) => Err(self.bad(place, refusal.id, refusal.fault, refusal.hint)),
        }
    }

    fn note_id(&mut self, id: &str) {
        // Fixed keys: the same input gives the same notes in every run.
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
        if !self.seen.insert(hash) {
            self.notes.duplicate_ids += 1;
            self.notes.first_duplicate.get_or_insert_with(|| id.to_string());
        }
    }

    fn bad(&self, place: Place, id: Option<String>, fault: Fault, hint: Option<String>) -> Box<RecordError> {
        let id = id.unwrap_or_else(|| self.next.to_string());
        Box::new(RecordError { input: self.input.clone(), index: self.next, id, place, fault, hint })
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

impl Iterator for Records {
    type Item = Result<Result<Record, Box<RecordError>>, InputError>;

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
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(message, _)| message.to_string())
}
