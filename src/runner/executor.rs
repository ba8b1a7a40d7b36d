//! Owns the jobs: one thread feeds records, others have them checked. Talks to the dispatcher by messages only.

use super::events::{BadRecord, Event, Outcome};
use crate::dataset::{ContentHash, InputError, RecordError};
use crate::domain::{CheckRequest, Record};
use crate::engine::Engine;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Scope;

/// A data set as the executor takes it: the outer error ends it, the inner one is a record that cannot be read.
pub type Input<'a> = Box<dyn Iterator<Item = Result<Result<Record, Box<RecordError>>, InputError>> + Send + 'a>;

/// What is to be done, by whom.
pub struct Work<'a> {
    pub records: Input<'a>,
    pub engine: &'a dyn Engine,
    /// What to ask of the engine for a record.
    pub request: &'a (dyn Fn(&Record) -> CheckRequest + Sync),
    /// True for records that have a result already.
    pub is_done: &'a (dyn Fn(u64, &ContentHash) -> Result<bool, String> + Sync),
    /// Checks at once.
    pub jobs: usize,
    /// A record that cannot be read ends the run.
    pub strict: bool,
}

/// What the executor tells the dispatcher.
pub(super) enum Report {
    Event(Event),
    /// The input ended early, for this reason.
    Broken(Stop),
}

/// Why feeding ended before the input did.
pub(super) enum Stop {
    Input(InputError),
    Record(Box<RecordError>),
    Mismatch(String),
}

/// Starts the threads. The channel closes when everything fed has been reported.
pub(super) fn start<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    mut work: Work<'scope>,
    stop: &'scope AtomicBool,
) -> Receiver<Report> {
    let (reports, received) = bounded(64);
    let (queue, jobs) = bounded::<Record>(2 * work.jobs);
    for _ in 0..work.jobs {
        let (jobs, reports) = (jobs.clone(), reports.clone());
        let (engine, request) = (work.engine, work.request);
        scope.spawn(move || {
            for record in jobs {
                // A record that was only queued keeps its place for a resumed run.
                if stop.load(Ordering::Relaxed) {
                    continue;
                }
                let report = engine.check(&request(&record));
                let outcome = Outcome::new(&record, report);
                if reports.send(Report::Event(Event::Checked(Box::new(outcome)))).is_err() {
                    return;
                }
            }
        });
    }
    scope.spawn(move || {
        if let Err(reason) = feed(&mut work, &queue, &reports, stop) {
            let _ = reports.send(Report::Broken(reason));
        }
    });
    received
}

fn feed(work: &mut Work<'_>, queue: &Sender<Record>, reports: &Sender<Report>, stop: &AtomicBool) -> Result<(), Stop> {
    for item in work.records.by_ref() {
        if stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        match item.map_err(Stop::Input)? {
            Ok(record) => {
                let done = (work.is_done)(record.index, &ContentHash::of_record(&record)).map_err(Stop::Mismatch)?;
                if !done && queue.send(record).is_err() {
                    return Ok(());
                }
            }
            Err(error) if work.strict => return Err(Stop::Record(error)),
            Err(error) => {
                let bad = BadRecord::new(*error);
                let done = (work.is_done)(bad.error.index, &bad.sha256).map_err(Stop::Mismatch)?;
                if !done && reports.send(Report::Event(Event::BadRecord(Box::new(bad)))).is_err() {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}
