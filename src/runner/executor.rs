//! Owns the jobs: one thread feeds records, others have them checked. Talks to the dispatcher by messages only; what
//! need not be checked is `reuse`'s to say.

use super::events::{BadRecord, Event, Origin, Outcome};
use super::reuse::{Place, Plan, Reuse};
use crate::dataset::{ContentHash, InputError, RecordError};
use crate::domain::{CheckReport, CheckRequest, Record};
use crate::engine::Engine;
use crate::store::Key;
use crossbeam_channel::{Receiver, SendError, Sender, bounded};
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
    /// Where outcomes come from that need no check; `None` checks every record.
    pub reuse: Option<&'a Reuse<'a>>,
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

/// A record to be checked.
struct Job {
    place: Place,
    request: CheckRequest,
    /// Under which the outcome is reused, if it is.
    key: Option<Key>,
}

/// Nobody listens any more.
struct Gone;

impl<T> From<SendError<T>> for Gone {
    fn from(_: SendError<T>) -> Gone {
        Gone
    }
}

/// Starts the threads. The channel closes when everything fed has been reported.
pub(super) fn start<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    mut work: Work<'scope>,
    stop: &'scope AtomicBool,
) -> Receiver<Report> {
    let (reports, received) = bounded(64);
    let (queue, jobs) = bounded::<Job>(2 * work.jobs);
    for _ in 0..work.jobs {
        let (jobs, reports) = (jobs.clone(), reports.clone());
        let (engine, reuse) = (work.engine, work.reuse);
        scope.spawn(move || {
            for job in jobs {
                // A record that was only queued keeps its place for a resumed run, as do those that wait for it.
                if !stop.load(Ordering::Relaxed) && check(engine, reuse, job, &reports).is_err() {
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

/// Has a record checked, and reports it and those that waited for it.
fn check(
    engine: &dyn Engine,
    reuse: Option<&Reuse<'_>>,
    Job { place, request, key }: Job,
    reports: &Sender<Report>,
) -> Result<(), Gone> {
    let report = engine.check(&request);
    let followers = match (reuse, key) {
        (Some(reuse), Some(key)) => reuse.checked(engine, key, &request, &report),
        _ => Vec::new(),
    };
    for follower in followers {
        tell(reports, follower, report.clone(), Origin::Duplicate)?;
    }
    tell(reports, place, report, Origin::Check)
}

fn tell(reports: &Sender<Report>, place: Place, report: CheckReport, origin: Origin) -> Result<(), Gone> {
    let Place { index, id, sha256 } = place;
    let outcome = Outcome { index, id, sha256, report, origin };
    Ok(reports.send(Report::Event(Event::Checked(Box::new(outcome))))?)
}

fn feed(work: &mut Work<'_>, queue: &Sender<Job>, reports: &Sender<Report>, stop: &AtomicBool) -> Result<(), Stop> {
    for item in work.records.by_ref() {
        if stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        let fed = match item.map_err(Stop::Input)? {
            Ok(record) => {
                let sha256 = ContentHash::of_record(&record);
                if (work.is_done)(record.index, &sha256).map_err(Stop::Mismatch)? {
                    continue;
                }
                let request = (work.request)(&record);
                let place = Place { index: record.index, id: record.id, sha256 };
                match work.reuse.map(|reuse| reuse.plan(&place, &request, stop)) {
                    None => queue.send(Job { place, request, key: None }).map_err(Gone::from),
                    Some(Plan::Check(key)) => queue.send(Job { place, request, key: Some(key) }).map_err(Gone::from),
                    Some(Plan::Follow) => Ok(()),
                    Some(Plan::Known(report, origin)) => tell(reports, place, *report, origin),
                }
            }
            Err(error) if work.strict => return Err(Stop::Record(error)),
            Err(error) => {
                let bad = BadRecord::new(*error);
                if (work.is_done)(bad.error.index, &bad.sha256).map_err(Stop::Mismatch)? {
                    continue;
                }
                reports.send(Report::Event(Event::BadRecord(Box::new(bad)))).map_err(Gone::from)
            }
        };
        if let Err(Gone) = fed {
            return Ok(());
        }
    }
    Ok(())
}
