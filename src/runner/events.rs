//! The one event stream that feeds every report. Owns the events and the interface of those who listen; what they
//! make of them is `report/`'s business.

use crate::dataset::{ContentHash, RecordError};
use crate::domain::{CheckReport, Record};
use std::io;
use std::time::Duration;

/// What happened in a run. `Started` comes first, `Finished` last; between them comes exactly one `Checked` or
/// `BadRecord` for each record, in completion order.
#[derive(Clone, Debug)]
pub enum Event {
    Started(Started),
    Checked(Box<Outcome>),
    BadRecord(Box<BadRecord>),
    Finished(Finished),
}

/// The beginning of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Started {
    /// Records of the input, if known beforehand, resumed ones included.
    pub total: Option<u64>,
    /// Records with a result of an earlier run; no events come for them.
    pub resumed: u64,
}

/// Where a judged record's report comes from. Results do not say it: they are the same either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Its own check.
    Check,
    /// The check of an equal record in this run.
    Duplicate,
    /// The result cache.
    Store,
}

/// A judged record.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub index: u64,
    pub id: String,
    pub sha256: ContentHash,
    pub report: CheckReport,
    pub origin: Origin,
}

impl Outcome {
    /// The outcome of a record's own check.
    pub fn new(record: &Record, report: CheckReport) -> Outcome {
        let sha256 = ContentHash::of_record(record);
        Outcome { index: record.index, id: record.id.clone(), sha256, report, origin: Origin::Check }
    }
}

/// A record that could not be read. Its result is [`Cause::BadRecord`](crate::domain::Cause::BadRecord).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRecord {
    pub sha256: ContentHash,
    pub error: RecordError,
}

impl BadRecord {
    /// There is no code to hash, so the hash is of the record's place, not of a message that another version may word
    /// otherwise: a resumed run finds the bad record where it was.
    pub fn new(error: RecordError) -> BadRecord {
        BadRecord { sha256: ContentHash::of(None, &format!("bad record at {}", error.place)), error }
    }
}

/// The end of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// Wall clock since `Started`.
    pub elapsed: Duration,
    /// Why records of the input are left without a result (a signal, an unreadable rest), `None` if none are.
    pub cut_short: Option<String>,
}

/// Someone who listens to a run.
pub trait Reporter {
    /// Takes one event. An error ends the run.
    fn on(&mut self, event: &Event) -> io::Result<()>;

    /// Writes what comes last (totals, a closing tag) and flushes. Called once, after `Finished`, and also when a run
    /// ends early; without it a report may be incomplete.
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
