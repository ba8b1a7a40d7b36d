//! The history of nightly runs: who was judged when, by which judge, with which verdict for every output.
//!
//! Owns a database of its own, which belongs to its users: unlike the result cache it is never set aside, emptied or mended
//! here. A run is there whole or marked unfinished: what it found comes in one transaction. Must not judge or compare.
//!
//! ```text
//! History ── tables.rs (schema, opening, refusals) ── error.rs
//!         ├─ write.rs (begin, finish, abandon, prune)
//!         └─ read.rs (runs, cells, verdicts that changed)
//! ```

mod error;
#[cfg(test)]
pub mod forged;
mod read;
mod tables;
#[cfg(test)]
mod tests;
mod write;

pub use error::HistoryError;
pub use read::Unsteady;

use rusqlite::Connection;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// An open history. Any number of processes may read; who runs is for the caller to keep to one.
#[derive(Debug)]
pub struct History {
    connection: Connection,
    path: PathBuf,
}

impl History {
    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// How far a run got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Under way, or killed: it has no verdicts here.
    Unfinished,
    Finished,
    /// Unfinished, and not to be continued.
    Abandoned,
}

impl State {
    /// The name in the database and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Unfinished => "unfinished",
            State::Finished => "finished",
            State::Abandoned => "abandoned",
        }
    }
}

/// What is known of a run when it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Of the repository that was measured, if somebody said it.
    pub revision: Option<String>,
    pub afcheck: String,
    /// Version and commit of Lean, for people.
    pub lean: String,
    /// Everything outside of settings and texts that can change a verdict.
    pub judge: String,
    /// A hash of how outputs are judged.
    pub judging: String,
    /// A hash of all that is judged and how: an unfinished run is continued by its equal only.
    pub inputs: String,
    /// An item is a sample, not a problem.
    pub by_sample: bool,
}

/// A run. Times are seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub id: i64,
    pub state: State,
    pub started: i64,
    pub ended: Option<i64>,
    pub plan: Plan,
}

/// A verdict as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    Accepted,
    Rejected,
    Undecided,
}

impl Standing {
    /// The name used in results.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Accepted => "accepted",
            Standing::Rejected => "rejected",
            Standing::Undecided => "undecided",
        }
    }

    /// The verdict of a name.
    pub fn named(name: &str) -> Option<Standing> {
        [Standing::Accepted, Standing::Rejected, Standing::Undecided].into_iter().find(|s| s.as_str() == name)
    }
}

/// A problem of a data set as a run saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub problem: String,
    /// A hash of header and formal statement.
    pub statement: String,
}

/// What was found of one output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub problem: String,
    /// From 0.
    pub sample: u32,
    /// A hash of what was judged; `None` if there was nothing.
    pub sha256: Option<String>,
    pub standing: Standing,
    /// The first rung missed.
    pub stage: Option<String>,
    pub reason: Option<String>,
    /// One sentence for people, of unknown origin.
    pub detail: String,
    pub heartbeats: u64,
    /// Verdicts of the same output in the same run, judged again.
    pub again: Vec<Standing>,
}

/// How many items came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub accepted: u64,
    pub rejected: u64,
    pub undecided: u64,
}

impl Counts {
    /// All items.
    pub fn items(&self) -> u64 {
        self.accepted + self.rejected + self.undecided
    }

    /// Items with a verdict that says something.
    pub fn decided(&self) -> u64 {
        self.accepted + self.rejected
    }
}

/// A model on a data set in one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub model: String,
    pub data: String,
    pub counts: Counts,
    pub asked: Vec<Asked>,
    pub judged: Vec<Judged>,
}

/// Model, data set and counts of the cells of a run, in its order.
pub type Cells = Vec<(String, String, Counts)>;

/// One point of a cell's past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub run: Run,
    pub counts: Counts,
}

/// Texts by the hash they are known by: statements and outputs.
pub type Texts = HashMap<String, String>;
