//! Tests of the reader and the output file as a caller sees them. Owns the way records are fed in; no test needs a
//! data set or the network.

mod bad_input;
mod fields;
mod formats;
mod output;

use super::{InputError, ReadOptions, RecordError, Records};
use crate::domain::Record;
use std::io::Cursor;

type Items = Vec<Result<Result<Record, Box<RecordError>>, InputError>>;

fn read_with(name: &str, bytes: impl Into<Vec<u8>>, options: ReadOptions) -> Items {
    Records::from_reader(name, Cursor::new(bytes.into()), options).unwrap().collect()
}

fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Items {
    read_with(name, bytes, ReadOptions::default())
}

/// The items one per line: `index id code`, a bad record's message, or `fatal` and the message.
fn show(items: &Items) -> String {
    let lines = items.iter().map(|item| match item {
        Ok(Ok(record)) => format!("{} {} {}\n", record.index, record.id, record.code),
        Ok(Err(bad)) => format!("{} {} bad {bad}\n", bad.index, bad.id),
        Err(fatal) => format!("fatal {fatal}\n"),
    });
    lines.collect()
}
