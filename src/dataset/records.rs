//! The iterator over records to be judged. Owns what is noticed in passing; framing and JSON are `objects.rs`'s business,
//! fields are `extract.rs`'s.

use super::extract::{self, Extracted, Mapping};
use super::objects::{self, Item, Objects};
use super::{Fault, FieldMap, InputError, Place, RecordError};
use crate::domain::Record;
use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::Read;

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
    objects: Objects,
    fields: FieldMap,
    seen: HashSet<u64>,
    notes: Notes,
    mapping: Option<Mapping>,
}

impl Records {
    /// Opens a file, or standard input for `-`.
    pub fn open(input: &str, options: ReadOptions) -> Result<Records, InputError> {
        Ok(Records::new(Objects::open(input, options.max_line)?, options.fields))
    }

    /// Reads from any stream; `name` stands in messages, and its extensions count as a file's would.
    pub fn from_reader(
        name: &str,
        stream: impl Read + Send + 'static,
        options: ReadOptions,
    ) -> Result<Records, InputError> {
        Ok(Records::new(Objects::from_reader(name, stream, options.max_line)?, options.fields))
    }

    fn new(objects: Objects, fields: FieldMap) -> Records {
        Records { objects, fields, seen: HashSet::new(), notes: Notes::default(), mapping: None }
    }

    /// How many records there are, where the format says so beforehand (Parquet).
    pub fn total(&self) -> Option<u64> {
        self.objects.total()
    }

    /// What was noticed so far.
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// The fields the first good record was read from; `None` before it.
    pub fn mapping(&self) -> Option<&Mapping> {
        self.mapping.as_ref()
    }

    fn record(&mut self, Item { index, place, object }: Item) -> Result<Record, Box<RecordError>> {
        match extract::extract(&self.fields, index, &object) {
            Ok(Extracted { record, mapping }) => {
                self.notes.placeholders += mapping.placeholder.is_some() as u64;
                self.mapping.get_or_insert(mapping);
                self.note_id(&record.id);
                Ok(record)
            }
            Err(refusal) => Err(self.objects.bad(index, place, refusal.id, refusal.fault, refusal.hint)),
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
}

/// The record in a text that is one JSON object, as [`Records`] would read it, with the fields it was read from. `input` and `index`
/// are for messages and for a record without an id.
pub fn record_in(
    text: &str,
    input: &str,
    index: u64,
    fields: &FieldMap,
) -> Result<(Record, Mapping), Box<RecordError>> {
    let bad = |id: Option<String>, column: u64, fault, hint| {
        let place = Place::Text { line: index + 1, column };
        let id = id.unwrap_or_else(|| index.to_string());
        Box::new(RecordError { input: input.to_owned(), index, id, place, fault, hint })
    };
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        let fault = Fault::Json(objects::without_position(&error));
        bad(None, error.column().max(1) as u64, fault, None)
    })?;
    let serde_json::Value::Object(object) = value else {
        let hint = "each record is one JSON object".to_string();
        return Err(bad(None, 1, Fault::NotAnObject(extract::kind(&value)), Some(hint)));
    };
    match extract::extract(fields, index, &object) {
        Ok(Extracted { record, mapping }) => Ok((record, mapping)),
        Err(refusal) => Err(bad(refusal.id, 1, refusal.fault, refusal.hint)),
    }
}

impl Iterator for Records {
    type Item = Result<Result<Record, Box<RecordError>>, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.objects.next()?.map(|item| item.and_then(|item| self.record(item))))
    }
}
