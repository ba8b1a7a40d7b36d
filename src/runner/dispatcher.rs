//! Owns the outside world of a run: the reporters, the stop flag, and what a run's end means. One thread takes every
//! event, so reporters need no locks.

use super::events::{Event, Finished, Outcome, Reporter, Started};
use super::executor::{self, Asking, Told};
use super::records::{Aside, Feed, Input, Place, Stop};
use crate::dataset::{ContentHash, InputError, RecordError};
use crate::domain::{CheckRequest, Record};
use crate::engine::Engine;
use std::io;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Instant;

/// Why a run did not judge everything.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("{0} (--strict)")]
    Record(Box<RecordError>),
    /// The results to be continued belong to another input.
    #[error("{0}")]
    Mismatch(String),
    /// A report could not be written.
    #[error("the results cannot be written: {0}")]
    Output(#[from] io::Error),
}

/// How a run ended that was not broken off by an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// True if it was asked to stop before the end of the input.
    pub interrupted: bool,
}

/// Records to be checked, by whom.
pub struct Work<'a> {
    pub records: Input<'a>,
    pub asking: Asking<'a, dyn Engine + 'a>,
    /// What to ask of the engine for a record.
    pub request: &'a (dyn Fn(&Record) -> CheckRequest + Sync),
    /// True for records that have a result already.
    pub is_done: &'a (dyn Fn(u64, &ContentHash) -> Result<bool, String> + Sync),
    /// A record that cannot be read ends the run.
    pub strict: bool,
}

/// Runs `work` to its end, or until its stop flag is set, and reports to all `reporters`.
pub fn run(work: Work<'_>, started: Started, reporters: &mut [&mut dyn Reporter]) -> Result<Run, RunError> {
    let Work { records, asking, request, is_done, strict } = work;
    let stop = asking.stop;
    let start = Instant::now();
    let tell = |reporters: &mut [&mut dyn Reporter], event: &Event| -> io::Result<()> {
        reporters.iter_mut().try_for_each(|r| r.on(event))
    };
    tell(reporters, &Event::Started(started))?;
    let outcome = thread::scope(|scope| {
        let feed = Feed { records, request, is_done, strict, broken: false };
        let mut outcome = Ok(());
        for told in executor::start(scope, feed, asking) {
            let event = match told {
                Told::Answer(Place { index, id, sha256 }, report, origin) => {
                    Event::Checked(Box::new(Outcome { index, id, sha256, report, origin }))
                }
                Told::Said(Aside::Bad(bad)) => Event::BadRecord(bad),
                Told::Said(Aside::Broken(reason)) => {
                    outcome = outcome.and(Err(match reason {
                        Stop::Input(error) => RunError::Input(error),
                        Stop::Record(error) => RunError::Record(error),
                        Stop::Mismatch(text) => RunError::Mismatch(text),
                    }));
                    continue;
                }
            };
            // What was under way when the input broke off is a result like any other.
            if !matches!(outcome, Err(RunError::Output(_)))
                && let Err(error) = tell(reporters, &event)
            {
                // Nothing more can be kept: stop, and let the threads run dry.
                stop.store(true, Ordering::Relaxed);
                outcome = Err(RunError::Output(error));
            }
        }
        outcome
    });
    let interrupted = stop.load(Ordering::Relaxed);
    let cut_short = match &outcome {
        Err(error) => Some(error.to_string()),
        Ok(()) if interrupted => Some("interrupted".to_owned()),
        Ok(()) => None,
    };
    let finished = Event::Finished(Finished { elapsed: start.elapsed(), cut_short });
    let mut ended = tell(reporters, &finished);
    for reporter in reporters.iter_mut() {
        ended = ended.and(reporter.finish());
    }
    outcome?;
    ended?;
    Ok(Run { interrupted })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{ReadOptions, Records};
    use crate::domain::{Rung, Verdict};
    use crate::engine::Scripted;
    use std::sync::atomic::AtomicBool;

    #[derive(Default)]
    struct Log {
        indices: Vec<u64>,
        bad: u64,
        finished: bool,
        fail_after: Option<usize>,
    }

    impl Reporter for Log {
        fn on(&mut self, event: &Event) -> io::Result<()> {
            match event {
                Event::Checked(outcome) => self.indices.push(outcome.index),
                Event::BadRecord(_) => self.bad += 1,
                _ => {}
            }
            match self.fail_after {
                Some(n) if self.indices.len() > n => Err(io::Error::from(io::ErrorKind::StorageFull)),
                _ => Ok(()),
            }
        }

        fn finish(&mut self) -> io::Result<()> {
            self.finished = true;
            Ok(())
        }
    }

    fn request(record: &Record) -> CheckRequest {
        CheckRequest::new(record.code.clone())
    }

    fn go(input: &str, strict: bool, log: &mut Log) -> Result<Run, RunError> {
        let engine = Scripted::new(|_| Verdict::Accepted { level: Rung::Axioms });
        let records = Records::from_reader("test", io::Cursor::new(input.to_owned()), ReadOptions::default()).unwrap();
        let stop = AtomicBool::new(false);
        let work = Work {
            records: Box::new(records),
            asking: Asking { worker: &engine, reuse: None, jobs: 2, stop: &stop },
            request: &request,
            is_done: &|index, _| Ok(index == 1),
            strict,
        };
        run(work, Started::default(), &mut [log])
    }

    fn lines(n: usize) -> String {
        (0..n).map(|i| format!("{{\"id\":\"{i}\",\"code\":\"example : True := trivial\"}}\n")).collect()
    }

    #[test]
    fn every_record_is_reported_once_and_done_ones_are_left_out() {
        let mut log = Log::default();
        let input = lines(50) + "not json\n" + &lines(10);
        assert!(!go(&input, false, &mut log).unwrap().interrupted);
        log.indices.sort_unstable();
        let expected: Vec<u64> = (0..61).filter(|i| *i != 1 && *i != 50).collect();
        assert_eq!((log.indices, log.bad, log.finished), (expected, 1, true));
    }

    #[test]
    fn strict_ends_at_the_first_bad_record() {
        let mut log = Log::default();
        assert!(matches!(go("not json\n", true, &mut log), Err(RunError::Record(_))));
        assert!(log.finished, "reports are closed all the same");
    }

    #[test]
    fn a_full_disk_ends_the_run() {
        let mut log = Log { fail_after: Some(3), ..Log::default() };
        assert!(matches!(go(&lines(500), false, &mut log), Err(RunError::Output(_))));
        assert!(log.indices.len() < 100, "the run stopped early");
    }
}
