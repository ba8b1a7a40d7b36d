//! What an earlier run has finished. Owns the reading of an output file as far as resumption needs it, and the check
//! that the output belongs to the input at hand. Changes nothing on disk; `output.rs` cuts off a torn line.

use super::output::Past;
use super::{ContentHash, OutputError};
use serde::Deserialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// How every line of results begins; the field order of `report/jsonl.rs` is fixed.
const BEGINNING: &[u8] = br#"{"id":"#;

/// The part of a result that resumption needs.
#[derive(Deserialize)]
struct Line {
    index: u64,
    sha256: String,
}

/// The finished records of an output file. Takes about 18 to 35 bytes of memory per record.
#[derive(Debug)]
pub struct Resume {
    path: PathBuf,
    /// First eight bytes of the content hash, by index.
    finished: HashMap<u64, u64>,
    doubled: u64,
    valid_length: u64,
    torn: Option<u64>,
}

impl Resume {
    /// Reads an output file without changing it. A missing file has no results.
    pub fn scan(path: &Path) -> Result<Resume, OutputError> {
        match File::open(path) {
            Ok(file) => Resume::read(path, BufReader::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Resume::empty(path)),
            Err(source) => Err(OutputError::Open { path: path.to_path_buf(), source }),
        }
    }

    /// True if the record has a result; an error if the result is about another text.
    pub fn is_finished(&self, index: u64, hash: &ContentHash) -> Result<bool, OutputError> {
        match self.finished.get(&index) {
            None => Ok(false),
            Some(found) if *found == hash.short() => Ok(true),
            Some(_) => Err(OutputError::OtherInput { path: self.path.clone(), index }),
        }
    }

    /// How many records are finished.
    pub fn finished(&self) -> u64 {
        self.finished.len() as u64
    }

    /// The highest finished index: an input that ends before it is another one.
    pub fn highest_index(&self) -> Option<u64> {
        self.finished.keys().copied().max()
    }

    /// How many lines repeat an index; the first line of each counts.
    pub fn doubled(&self) -> u64 {
        self.doubled
    }

    /// Length in bytes of a torn last line, whose record is to be checked again.
    pub fn torn(&self) -> Option<u64> {
        self.torn
    }
}

impl Past for Resume {
    fn empty(path: &Path) -> Resume {
        Resume { path: path.to_path_buf(), finished: HashMap::new(), doubled: 0, valid_length: 0, torn: None }
    }

    fn read(path: &Path, mut results: impl BufRead) -> Result<Resume, OutputError> {
        let mut resume = Resume::empty(path);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let failed = |source| OutputError::Open { path: path.to_path_buf(), source };
            let length = results.read_until(b'\n', &mut line).map_err(failed)? as u64;
            if length == 0 {
                break;
            }
            let parsed = parse(&line);
            let last = results.fill_buf().map_err(failed)?.is_empty();
            match parsed {
                // A whole line whose end is missing is torn as well: appending to it would spoil it.
                Ok(_) if line.last() != Some(&b'\n') => resume.torn = Some(length),
                Ok((index, hash)) => {
                    match resume.finished.entry(index) {
                        Entry::Vacant(entry) => {
                            entry.insert(hash);
                        }
                        Entry::Occupied(_) => resume.doubled += 1,
                    }
                    resume.valid_length += length;
                }
                // Only what looks like our own line, or blocks never written (zeros after a power cut), may be cut off.
                Err(_) if last && is_ours(&line) => resume.torn = Some(length),
                Err(reason) => {
                    return Err(OutputError::NotResults { path: path.to_path_buf(), line: number, reason });
                }
            }
        }
        Ok(resume)
    }

    fn valid_length(&self) -> u64 {
        self.valid_length
    }
}

fn parse(line: &[u8]) -> Result<(u64, u64), String> {
    let line: Line = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let hash = ContentHash::short_of_hex(&line.sha256).ok_or("its sha256 is not one")?;
    Ok((line.index, hash))
}

fn is_ours(line: &[u8]) -> bool {
    let text = line.split(|b| *b == 0).next().unwrap_or_default();
    let common = text.len().min(BEGINNING.len());
    text[..common] == BEGINNING[..common]
}
