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

impl Entry {
    fn step(&self) -> usize {
        match self {
            Entry::Step(report) => report.step,
            Entry::Dev { step, .. } => *step,
        }
    }
}

/// The file.
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens it behind the lines of the first `taken` steps; what follows is cut off.
    pub fn open(path: &Path, taken: usize) -> Result<Journal, ModelError> {
        let kept = if taken == 0 { vec![] } else { Journal::read(path) };
        let kept: Vec<Entry> = kept.into_iter().filter(|entry| entry.step() <= taken).collect();
        let mut journal = Journal { path: path.to_owned(), file: File::create(path).map_err(unwritten(path))? };
        kept.iter().try_for_each(|entry| journal.write(entry))?;
        Ok(journal)
    }

    /// The lines of a file that can be read, up to the first that cannot: it was being written when its run ended.
    pub fn read(path: &Path) -> Vec<Entry> {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().map_while(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Adds a step.
    pub fn step(&mut self, report: &StepReport) -> Result<(), ModelError> {
        self.write(&Entry::Step(*report))
    }

    /// Adds a look at the development set.
    pub fn dev(&mut self, step: usize, dev_loss: f64) -> Result<(), ModelError> {
        self.write(&Entry::Dev { step, dev_loss })
    }

    fn write(&mut self, entry: &Entry) -> Result<(), ModelError> {
        let line = serde_json::to_string(entry).expect("numbers are JSON") + "\n";
        self.file.write_all(line.as_bytes()).map_err(unwritten(&self.path))
    }
}
