//! What can go wrong while records are read. Owns the two kinds of trouble: one record is bad (the next may be fine),
//! or the input as a whole cannot be read on. Must not print; the caller decides what is fatal to it.

use std::{fmt, io};
use thiserror::Error;

/// Where in the input a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A position in a text file: 1-based line, 1-based column in bytes.
    Text { line: u64, column: u64 },
    /// A row of a Parquet file, 1-based.
    Row(u64),
}

/// `3:17`, or `row 4`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Text { line, column } => write!(f, "{line}:{column}"),
            Place::Row(row) => write!(f, "row {row}"),
        }
    }
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("malformed JSON: {0}")]
    Json(String),
    #[error("expected an object, found {0}")]
    NotAnObject(String),
    #[error("invalid UTF-8")]
    Utf8,
    #[error("the record has {length} bytes, more than the limit of {limit}")]
    TooLong { length: u64, limit: usize },
    #[error("no field with code")]
    NoCode,
    #[error("no field with a formal statement")]
    NoFormal,
    #[error("no field with a text")]
    NoText,
    #[error("field `{field}` should hold a string, found {found}")]
    WrongType { field: String, found: String },
}

/// One record that cannot be judged. It keeps its index, so that every record of the input gets a result.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{input}:{place}: {fault}{}", .hint.as_ref().map(|h| format!(" ({h})")).unwrap_or_default())]
pub struct RecordError {
    /// The input as the user named it, `<stdin>` for `-`.
    pub input: String,
    /// Zero-based ordinal of the record, as in [`Record::index`](crate::domain::Record::index).
    pub index: u64,
    /// The record's id if it could be read, otherwise the index as text.
    pub id: String,
    pub place: Place,
    pub fault: Fault,
    /// What to do about it.
    pub hint: Option<String>,
}

impl RecordError {
    /// The message without the input's name: the same for the same records wherever the file lies.
    pub fn detail(&self) -> String {
        let place = match self.place {
            Place::Text { line, column } => format!("line {line}, column {column}"),
            row => row.to_string(),
        };
        let hint = self.hint.as_ref().map(|h| format!(" ({h})")).unwrap_or_default();
        format!("{place}: {}{hint}", self.fault)
    }
}

/// The input cannot be read, or not any further. Records yielded before stand.
#[derive(Debug, Error)]
pub enum InputError {
    #[error("cannot open {input}: {}{}", describe(.source), hint_on_opening(.source))]
    Open { input: String, source: io::Error },
    #[error("{0} is a directory; name a file of records in it")]
    Directory(String),
    #[error("cannot read {input} after {records} records: {}", describe(.source))]
    Stream { input: String, records: u64, source: io::Error },
    #[error("{input} ends in the middle of its {format} stream, after {records} records; it was cut short")]
    Truncated { input: String, format: &'static str, records: u64 },
    #[error("{input} is named like a {format} file but does not start like one; rename it or compress it again")]
    NotCompressed { input: String, format: &'static str },
    #[error("{input} is {format}; afcheck reads plain, gzip and Zstandard files, so unpack it first")]
    Container { input: String, format: &'static str },
    #[error("{input}:{line}:{column}: {reason}; nothing after this place can be read")]
    Syntax { input: String, line: u64, column: u64, reason: &'static str },
    #[error("{input} is not a readable Parquet file (after {records} records): {reason}")]
    Parquet { input: String, records: u64, reason: String },
    #[error("{0} is a Parquet file and this afcheck was built without the `parquet` feature")]
    NoParquet(String),
    #[error("cannot unpack {input} into a temporary file: {source}; set TMPDIR to a place with more room")]
    Spool { input: String, source: io::Error },
}

fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}

fn hint_on_opening(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "; `-` reads standard input",
        io::ErrorKind::PermissionDenied => "; check its mode and those of the directories above it",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_place_and_the_remedy() {
        let error = RecordError {
            input: "a.jsonl".into(),
            index: 2,
            id: "2".into(),
            place: Place::Text { line: 4, column: 9 },
            fault: Fault::NoCode,
            hint: Some("it has `x`".into()),
        };
        assert_eq!(error.to_string(), "a.jsonl:4:9: no field with code (it has `x`)");
        assert_eq!(error.detail(), "line 4, column 9: no field with code (it has `x`)");
        let error = RecordError { place: Place::Row(3), hint: None, ..error };
        assert_eq!(error.to_string(), "a.jsonl:row 3: no field with code");

        let open = |kind: io::ErrorKind| InputError::Open { input: "x".into(), source: kind.into() }.to_string();
        assert_eq!(open(io::ErrorKind::NotFound), "cannot open x: no such file; `-` reads standard input");
        assert!(open(io::ErrorKind::PermissionDenied).contains("permission denied; check its mode"));
    }
}
