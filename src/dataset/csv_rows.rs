//! Rows of a CSV file as objects of strings, named by the first row. Owns the use of the `csv` crate; empty cells count as
//! absent.

use super::{Fault, InputError};
use csv::{Reader, ReaderBuilder, StringRecord};
use serde_json::{Map, Value};
use std::io::Read;

/// An open table.
pub(super) struct Table {
    input: String,
    reader: Reader<Box<dyn Read + Send>>,
    header: StringRecord,
    read: u64,
}

/// A row and the line it begins in.
type Row = (u64, Result<Map<String, Value>, Fault>);

impl Table {
    /// Reads the first row. `input` is the name for messages.
    pub fn open(input: &str, stream: Box<dyn Read + Send>) -> Result<Table, InputError> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(stream);
        let header = reader.headers().map_err(|e| failed(input, 0, e))?.clone();
        Ok(Table { input: input.to_string(), reader, header, read: 0 })
    }

    /// The next row.
    pub fn next(&mut self) -> Result<Option<Row>, InputError> {
        let mut row = StringRecord::new();
        let line = self.reader.position().line();
        match self.reader.read_record(&mut row) {
            Ok(false) => return Ok(None),
            Ok(true) => {}
            Err(error) if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) => {
                self.read += 1;
                return Ok(Some((line, Err(Fault::Utf8))));
            }
            Err(error) => return Err(failed(&self.input, self.read, error)),
        }
        self.read += 1;
        let cells = self.header.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
        let object = cells.map(|(name, cell)| (name.trim().to_string(), Value::String(cell.to_string()))).collect();
        Ok(Some((line, Ok(object))))
    }
}

fn failed(input: &str, records: u64, error: csv::Error) -> InputError {
    InputError::Stream { input: input.to_string(), records, source: std::io::Error::other(error) }
}
