//! The signals that need a Lean: whether predictions elaborate and prove what they state. Owns which checks are asked for;
//! verdicts are the engine's.

use super::scored::Scored;
use super::signal::Signal;
use crate::domain::{Mode, Problem, Record, Rung, Verdict};
use crate::engine::Engine;
use crate::pipeline::verify::Judging;
use crate::runner::events::{Event, Reporter, Started};
use crate::runner::{self, Reuse, Run, RunError, Work};
use std::io;
use std::sync::atomic::AtomicBool;

/// How predictions are checked.
pub struct Checking<'a> {
    pub engine: &'a dyn Engine,
    pub judging: &'a Judging,
    pub reuse: Option<&'a Reuse<'a>>,
    pub jobs: usize,
    pub stop: &'a AtomicBool,
}

/// Takes the outcomes into the scores.
struct Scores<'a>(&'a mut [Scored]);

impl Reporter for Scores<'_> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        let Event::Checked(outcome) = event else { return Ok(()) };
        let Some(scored) = self.0.get_mut(outcome.index as usize) else { return Ok(()) };
        let report = &outcome.report;
        let verdict = &report.verdict;
        let decided = |holds: bool| Some(f64::from(u8::from(holds)));
        let (type_checks, proof) = match verdict {
            Verdict::Undecided { .. } => (None, None),
            _ => (
                decided(verdict.level() >= Some(Rung::Statement)),
                decided(report.mode == Mode::Proof && matches!(verdict, Verdict::Accepted { .. })),
            ),
        };
        scored.scores.insert(Signal::TypeCheck, type_checks);
        scored.scores.insert(Signal::Proof, proof);
        scored.reason = verdict.reason().map(str::to_owned);
        Ok(())
    }
}

/// Checks every prediction under its problem's header, and fills in [`Signal::TypeCheck`] and [`Signal::Proof`].
pub fn check(
    problems: &[Problem],
    scored: &mut [Scored],
    checking: &Checking<'_>,
    reporters: &mut [&mut dyn Reporter],
) -> Result<Run, RunError> {
    let records: Vec<Record> = scored
        .iter()
        .enumerate()
        .map(|(index, scored)| Record {
            index: index as u64,
            id: problems[scored.problem].id.clone(),
            // What a prediction imports by itself is not for it to choose.
            header: problems[scored.problem].header.clone(),
            target: None,
            ..scored.prediction.clone()
        })
        .collect();
    let started = Started { total: Some(records.len() as u64), resumed: 0 };
    let request = |record: &Record| checking.judging.request(record);
    let work = Work {
        records: Box::new(records.into_iter().map(|record| Ok(Ok(record)))),
        engine: checking.engine,
        request: &request,
        is_done: &|_, _| Ok(false),
        reuse: checking.reuse,
        jobs: checking.jobs,
        strict: false,
    };
    let mut scores = Scores(scored);
    let mut all: Vec<&mut dyn Reporter> = vec![&mut scores];
    for reporter in reporters.iter_mut() {
        all.push(&mut **reporter);
    }
    runner::run(work, started, checking.stop, &mut all)
}
