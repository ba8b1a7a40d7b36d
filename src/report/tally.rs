//! The counts of a run. Owns what is counted and against what a rate is taken; no rendering beyond that of a rate.

use crate::domain::{CheckReport, EngineId, Rung, Verdict};
use crate::metrics::wilson_interval;
use crate::runner::events::{Event, Finished, Origin, Started};
use std::collections::BTreeMap;
use std::fmt;

/// Counts over the records of one run, in constant memory.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub accepted: u64,
    pub rejected: u64,
    /// Bad records included.
    pub undecided: u64,
    /// Decided records whose statement elaborates (level at least [`Rung::Statement`]).
    pub type_checked: u64,
    /// Records by reason of rejection.
    pub reasons: BTreeMap<&'static str, u64>,
    /// Records by cause of indecision.
    pub causes: BTreeMap<&'static str, u64>,
    /// Judged records by where their reports came from: own check, equal record of this run, cache.
    pub checked: u64,
    pub duplicates: u64,
    pub hits: u64,
    pub started: Started,
    /// `None` while the run goes on.
    pub finished: Option<Finished>,
    /// The engine of the first judged record.
    pub engine: Option<EngineId>,
}

impl Tally {
    /// Counts an event.
    pub fn on(&mut self, event: &Event) {
        match event {
            Event::Started(started) => self.started = started.clone(),
            Event::Checked(outcome) => {
                match outcome.origin {
                    Origin::Check => self.checked += 1,
                    Origin::Duplicate => self.duplicates += 1,
                    Origin::Store => self.hits += 1,
                }
                self.judged(&outcome.report);
            }
            Event::BadRecord(_) => self.undecided(crate::domain::Cause::BadRecord.as_str()),
            Event::Finished(finished) => self.finished = Some(finished.clone()),
        }
    }

    fn judged(&mut self, report: &CheckReport) {
        self.engine.get_or_insert_with(|| report.engine.clone());
        self.type_checked += (report.verdict.level() >= Some(Rung::Statement)) as u64;
        match &report.verdict {
            Verdict::Accepted { .. } => self.accepted += 1,
            Verdict::Rejected { reason, .. } => {
                self.rejected += 1;
                *self.reasons.entry(reason.as_str()).or_default() += 1;
            }
            Verdict::Undecided { cause, .. } => self.undecided(cause.as_str()),
        }
    }

    fn undecided(&mut self, cause: &'static str) {
        self.undecided += 1;
        *self.causes.entry(cause).or_default() += 1;
    }

    /// Records with a verdict in this run.
    pub fn records(&self) -> u64 {
        self.decided() + self.undecided
    }

    /// Records shown to hold or not to hold. Rates are taken of these: an exhausted budget is no wrong proof. The share
    /// of undecided records must stand beside every such rate, since hard records are undecided more often.
    pub fn decided(&self) -> u64 {
        self.accepted + self.rejected
    }

    /// Accepted records among the decided.
    pub fn acceptance(&self) -> Rate {
        Rate { hits: self.accepted, of: self.decided() }
    }

    /// Type-checking records among the decided.
    pub fn type_check(&self) -> Rate {
        Rate { hits: self.type_checked, of: self.decided() }
    }

    /// Records per second of wall clock, once the run is over.
    pub fn throughput(&self) -> Option<f64> {
        let seconds = self.finished.as_ref()?.elapsed.as_secs_f64();
        (seconds > 0.0).then(|| self.records() as f64 / seconds)
    }
}

/// Names with their counts, most frequent first.
pub(super) fn by_count(counts: &BTreeMap<&'static str, u64>) -> Vec<(&'static str, u64)> {
    let mut all: Vec<_> = counts.iter().map(|(name, count)| (*name, *count)).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all
}

/// A share of decided records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub hits: u64,
    pub of: u64,
}

/// `60.0 % (3 of 5 decided, 95 % interval 23.1 to 88.2 %)`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.of == 0 {
            return f.write_str("unknown (no record was decided)");
        }
        let (low, high) = wilson_interval(self.hits, self.of);
        let percent = 100.0 * self.hits as f64 / self.of as f64;
        write!(
            f,
            "{percent:.1} % ({} of {} decided, 95 % interval {:.1} to {:.1} %)",
            self.hits,
            self.of,
            100.0 * low,
            100.0 * high
        )
    }
}

/// `16.7 %`, or `-` of nothing.
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "-".to_string() } else { format!("{:.1} %", 100.0 * part as f64 / whole as f64) }
}

/// `1 record`, `2 records`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
