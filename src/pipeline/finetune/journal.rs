//! The journal of a run: a line of JSON for every step and every look at the development set. Owns the file; a run that goes
//! on cuts off what lies behind its checkpoint, so that the journal is that of a run without the break.

use crate::ml::error::ModelError;
use crate::ml::files::whole::unwritten;
use crate::ml::train::StepReport;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Entry {
    Step(StepReport),
    Dev { step: usize, dev_loss: f64 },
}

/// The file.
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens it behind the lines of the first `taken` steps and of the looks up to that at step `looked`; what follows is cut
    /// off, for the run will come to it again.
    pub fn open(path: &Path, taken: usize, looked: Option<usize>) -> Result<Journal, ModelError> {
        let is_kept = |entry: &Entry| match entry {
            Entry::Step(report) => report.step <= taken,
            Entry::Dev { step, .. } => looked.is_some_and(|looked| *step <= looked),
        };
        // As they were written: a number that is read and written again may be another in its last digit.
        let text = fs::read_to_string(path).unwrap_or_default();
        let kept: String =
            lines(&text).filter(|(_, entry)| is_kept(entry)).map(|(line, _)| format!("{line}\n")).collect();
        let mut journal = Journal { path: path.to_owned(), file: File::create(path).map_err(unwritten(path))? };
        journal.write(&kept)?;
        Ok(journal)
    }

    /// The lines of a file that can be read, up to the first that cannot: it was being written when its run ended.
    pub fn read(path: &Path) -> Vec<Entry> {
        let text = fs::read_to_string(path).unwrap_or_default();
        lines(&text).map(|(_, entry)| entry).collect()
    }

    /// Adds a step.
    pub fn step(&mut self, report: &StepReport) -> Result<(), ModelError> {
        self.add(&Entry::Step(*report))
    }

    /// Adds a look at the development set.
    pub fn dev(&mut self, step: usize, dev_loss: f64) -> Result<(), ModelError> {
        self.add(&Entry::Dev { step, dev_loss })
    }

    fn add(&mut self, entry: &Entry) -> Result<(), ModelError> {
        let line = serde_json::to_string(entry).expect("numbers are JSON") + "\n";
        self.write(&line)
    }

    fn write(&mut self, text: &str) -> Result<(), ModelError> {
        self.file.write_all(text.as_bytes()).map_err(unwritten(&self.path))
    }
}

/// The lines of a journal with what they say, up to the first that cannot be read.
fn lines(text: &str) -> impl Iterator<Item = (&str, Entry)> {
    text.lines().map_while(|line| Some((line, serde_json::from_str(line).ok()?)))
}
