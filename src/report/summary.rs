//! What a run came to, for people (stderr). Owns the layout of the summary and the few records it remembers; memory
//! does not grow with the input.

use super::error_kinds::ErrorKinds;
use super::explanation::first_error;
use super::tally::{Tally, by_count, counted, share};
use super::untrusted::one_line;
use crate::domain::Parts;
use crate::metrics::LogHistogram;
use crate::runner::events::{Event, Origin, Outcome, Reporter};
use std::io::{self, Write};
use std::time::Duration;

/// Slowest records and error kinds shown.
const SHOWN: usize = 5;

/// Collects a run and writes its summary on [`finish`](Reporter::finish).
#[derive(Debug)]
pub struct Summary<W> {
    out: W,
    tally: Tally,
    heartbeats: LogHistogram,
    /// Slowest first.
    slowest: Vec<(Duration, String)>,
    errors: ErrorKinds,
    /// Wall clock of all checks, and what of it the parts took.
    wall: Duration,
    parts: Parts,
}

impl<W: Write> Summary<W> {
    pub fn new(out: W) -> Self {
        Summary {
            out,
            tally: Tally::default(),
            heartbeats: LogHistogram::default(),
            slowest: Vec::new(),
            errors: ErrorKinds::default(),
            wall: Duration::ZERO,
            parts: Parts::default(),
        }
    }

    /// The counts so far, for exit codes and progress.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    fn checked(&mut self, outcome: &Outcome) {
        self.heartbeats.add(outcome.report.heartbeats);
        let wall = outcome.report.wall;
        let parts = outcome.report.parts;
        self.wall += wall;
        self.parts.elaboration += parts.elaboration;
        self.parts.target += parts.target;
        self.parts.replay += parts.replay;
        self.parts.warnings += parts.warnings;
        let at = self.slowest.partition_point(|(other, _)| *other >= wall);
        // Where this run's time went: what was not checked took none.
        if at < SHOWN && outcome.origin == Origin::Check {
            self.slowest.insert(at, (wall, one_line(&outcome.id, 60)));
            self.slowest.truncate(SHOWN);
        }
        if let Some(error) = first_error(&outcome.report) {
            self.errors.add(&error.text, &outcome.id);
        }
    }

    fn text(&self) -> String {
        let tally = &self.tally;
        let records = tally.records();
        let mut rows: Vec<(&str, String)> = Vec::new();
        let resumed = match tally.started.resumed {
            0 => String::new(),
            resumed => format!(" ({} of an earlier run not counted here)", counted(resumed, "result")),
        };
        rows.push(("records", format!("{records}{resumed}")));
        rows.push(("accepted", tally.accepted.to_string()));
        rows.push(("rejected", with_names(tally.rejected, &by_count(&tally.reasons))));
        rows.push(("undecided", with_names(tally.undecided, &by_count(&tally.causes))));
        if records > 0 {
            rows.push(("acceptance", tally.acceptance().to_string()));
            rows.push(("type-checks", tally.type_check().to_string()));
            rows.push(("undecided share", share(tally.undecided, records)));
        }
        if let (Some(rate), Some(finished)) = (tally.throughput(), &tally.finished) {
            rows.push(("throughput", format!("{rate:.1} records/s in {:.1} s", finished.elapsed.as_secs_f64())));
        }
        if tally.hits + tally.duplicates > 0 {
            let (hits, duplicates) = (counted(tally.hits, "hit"), counted(tally.duplicates, "duplicate"));
            rows.push(("cache", format!("{hits}, {duplicates}, {} checked", tally.checked)));
        }
        if let (Some(p50), Some(p90)) = (self.heartbeats.quantile(0.5), self.heartbeats.quantile(0.9)) {
            rows.push(("heartbeats", format!("p50 {}, p90 {}", short(p50), short(p90))));
        }
        if !self.wall.is_zero() {
            let Parts { elaboration, target, replay, warnings } = self.parts;
            let parts =
                [("elaboration", elaboration), ("replay", replay), ("target", target), ("statements", warnings)];
            let parts = parts.iter().filter(|(_, time)| !time.is_zero());
            let percent = |time: &Duration| 100.0 * time.as_secs_f64() / self.wall.as_secs_f64();
            let parts: Vec<_> = parts.map(|(name, time)| format!("{name} {:.0} %", percent(time))).collect();
            if !parts.is_empty() {
                rows.push(("time", parts.join(", ")));
            }
        }
        let slowest = self.slowest.iter().map(|(wall, id)| format!("{:>8.3} s  {id}", wall.as_secs_f64()));
        rows.extend(list("slowest", slowest));
        let errors = self.errors.top(SHOWN).into_iter().map(|(n, kind, id)| format!("{n:>6} × {kind}  (e.g. {id})"));
        rows.extend(list("errors", errors));
        if self.errors.others > 0 {
            rows.push(("", format!("{:>6} × of kinds too many to keep apart", self.errors.others)));
        }
        if let Some(reason) = tally.finished.as_ref().and_then(|f| f.cut_short.as_ref()) {
            rows.push(("incomplete", reason.clone()));
        }
        rows.into_iter().map(|(name, value)| format!("{name:<15} {value}\n")).collect()
    }
}

impl<W: Write> Reporter for Summary<W> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        self.tally.on(event);
        if let Event::Checked(outcome) = event {
            self.checked(outcome);
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let text = self.text();
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// Rows of which only the first carries the name.
fn list(name: &'static str, items: impl Iterator<Item = String>) -> impl Iterator<Item = (&'static str, String)> {
    items.enumerate().map(move |(i, item)| (if i == 0 { name } else { "" }, item))
}

fn with_names(total: u64, names: &[(&str, u64)]) -> String {
    let names: Vec<_> = names.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if names.is_empty() { total.to_string() } else { format!("{total} ({})", names.join(", ")) }
}

/// A count to three digits or fewer: `950`, `1.2k`, `35k`, `4.0M`.
fn short(count: u64) -> String {
    [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")].into_iter().find(|(unit, _)| count >= *unit).map_or(
        count.to_string(),
        |(unit, suffix)| match count as f64 / unit as f64 {
            value if value < 10.0 => format!("{value:.1}{suffix}"),
            value => format!("{value:.0}{suffix}"),
        },
    )
}
