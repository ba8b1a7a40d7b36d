//! What a unit of text is, language by language. Owns one short function each, from a file's text to its units; they read
//! any text, however broken, without failing, and know no files.

pub(super) mod coq;
pub(super) mod isabelle;
pub(super) mod latex;
pub(super) mod lean;
mod lexis;
pub(super) mod markdown;
pub(super) mod metamath;
pub(super) mod mizar;
pub(super) mod plain;
pub(super) mod python;
pub(super) mod smtlib;
pub(super) mod tptp;

/// A piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Byte offset of its beginning in the file; units are in the order of their offsets.
    pub start: usize,
    /// Not blank.
    pub text: String,
}

impl Unit {
    /// The slice of a file from `start` to `end`, without white space around it.
    fn slice(text: &str, start: usize, end: usize) -> Unit {
        let slice = &text[start..end];
        Unit { start: start + (slice.len() - slice.trim_start().len()), text: slice.trim().to_owned() }
    }
}

/// The texts of units, for tests.
#[cfg(test)]
fn texts(units: Vec<Unit>) -> Vec<String> {
    units.into_iter().map(|unit| unit.text).collect()
}
