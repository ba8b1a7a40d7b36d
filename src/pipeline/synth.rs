//! `data synth`: candidates in, a file of checked pairs out. Owns the order of the output, which is that of the seed
//! whatever the number of jobs, and the counts of what was left out; the candidates are `synth`'s, verdicts the engine's.

use crate::dataset::{ContentHash, RecordError};
use crate::domain::{CheckRequest, Mode, Record, Rung, Verdict};
use crate::engine::Engine;
use crate::runner::events::{Event, Reporter, Started};
use crate::runner::{self, Asking, Reuse, RunError, Work};
use crate::synth::{Candidate, Candidates, Drawn, HEADER};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::AtomicBool;

/// A line of the file.
#[derive(Debug, Serialize)]
pub struct Pair<'a> {
    id: &'a str,
    split: &'static str,
    concept: &'a str,
    source: &'static str,
    difficulty: usize,
    informal: &'a str,
    header: &'static str,
    formal: &'a str,
    schema: &'a str,
    statement: &'a str,
    phrasing: usize,
    distractor: bool,
}

impl<'a> Pair<'a> {
    /// The line of a candidate.
    pub fn of(candidate: &'a Candidate) -> Self {
        Pair {
            id: &candidate.id,
            split: "train",
            concept: &candidate.concept,
            source: "synthetic",
            difficulty: candidate.difficulty,
            informal: &candidate.informal,
            header: HEADER,
            formal: &candidate.formal,
            schema: &candidate.schema,
            statement: &candidate.statement,
            phrasing: candidate.phrasing,
            distractor: candidate.distractor,
        }
    }

    /// Its JSON, with a newline.
    pub fn line(&self) -> serde_json::Result<String> {
        serde_json::to_string(self).map(|line| line + "\n")
    }
}

/// How candidates are checked; without an engine they are not.
pub struct Checking<'a> {
    pub engine: &'a dyn Engine,
    pub reuse: Option<&'a Reuse<'a>>,
    pub jobs: usize,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Made {
    /// The accepted ones, in the order of the seed.
    pub pairs: Vec<Candidate>,
    /// By schema: what Lean did not accept, with the first such text and why.
    pub refused: BTreeMap<String, Refused>,
    pub checked: u64,
    pub drawn: Drawn,
    /// Asked to stop before there were enough.
    pub interrupted: bool,
    /// The grammar had no more.
    pub exhausted: bool,
}

/// Candidates of one schema that Lean did not accept.
#[derive(Debug)]
pub struct Refused {
    pub count: u64,
    pub example: String,
    pub why: String,
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    #[error("the grammar is wrong: {0}")]
    Grammar(String),
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Makes `count` pairs: as many candidates as are missing are drawn and checked, until there are enough.
pub fn synthesize(
    candidates: &mut Candidates,
    count: usize,
    checking: Option<&Checking<'_>>,
    stop: &AtomicBool,
    progress: &mut dyn Reporter,
) -> Result<Made, SynthError> {
    let mut made = Made::default();
    while made.pairs.len() < count && !made.exhausted && !made.interrupted {
        let mut batch = Vec::new();
        while batch.len() < count - made.pairs.len() {
            match candidates.next_candidate().map_err(SynthError::Grammar)? {
                Some(candidate) => batch.push(candidate),
                None => {
                    made.exhausted = true;
                    break;
                }
            }
        }
        match checking {
            None => made.pairs.extend(batch),
            Some(checking) => check(batch, checking, stop, progress, &mut made)?,
        }
    }
    made.drawn = candidates.drawn();
    Ok(made)
}

/// Checks a batch and adds what was accepted, in its order.
fn check(
    batch: Vec<Candidate>,
    checking: &Checking<'_>,
    stop: &AtomicBool,
    progress: &mut dyn Reporter,
    made: &mut Made,
) -> Result<(), SynthError> {
    let records = batch.iter().enumerate().map(|(index, candidate)| {
        let (index, id, code) = (index as u64, candidate.id.clone(), candidate.formal.clone());
        Ok(Ok::<Record, Box<RecordError>>(Record { index, id, code, ..Record::default() }))
    });
    let is_done = |_: u64, _: &ContentHash| Ok(false);
    let work = Work {
        records: Box::new(records.collect::<Vec<_>>().into_iter()),
        asking: Asking { worker: checking.engine, reuse: checking.reuse, jobs: checking.jobs, stop },
        request: &|record| request(&record.code),
        is_done: &is_done,
        strict: false,
    };
    let mut verdicts = Verdicts(vec![None; batch.len()]);
    let started = Started { total: Some(batch.len() as u64), resumed: 0 };
    made.interrupted = runner::run(work, started, &mut [&mut verdicts, progress])?.interrupted;
    for (candidate, verdict) in batch.into_iter().zip(verdicts.0) {
        made.checked += u64::from(verdict.is_some());
        match verdict {
            None => {}
            Some(None) => made.pairs.push(candidate),
            Some(Some(why)) => {
                let Candidate { schema, formal, .. } = candidate;
                let refused = made.refused.entry(schema).or_insert(Refused { count: 0, example: formal, why });
                refused.count += 1;
            }
        }
    }
    Ok(())
}

/// What is asked of Lean: is the statement one?
fn request(formal: &str) -> CheckRequest {
    CheckRequest {
        header: Some(HEADER.to_owned()),
        mode: Mode::Statement,
        require: Some(Rung::Statement),
        ..CheckRequest::new(formal)
    }
}

/// By candidate: nothing yet, accepted, or why not.
struct Verdicts(Vec<Option<Option<String>>>);

impl Reporter for Verdicts {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        if let Event::Checked(outcome) = event {
            let report = &outcome.report;
            let why = match &report.verdict {
                Verdict::Accepted { .. } => None,
                Verdict::Undecided { detail, .. } => Some(detail.clone()),
                Verdict::Rejected { reason, .. } => {
                    let message = report.messages.iter().find(|m| m.severity == crate::domain::Severity::Error);
                    Some(message.map_or_else(|| reason.to_string(), |m| m.text.clone()))
                }
            };
            self.0[outcome.index as usize] = Some(why);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Reason;
    use crate::engine::Scripted;
    use crate::synth::{Excluded, Limits};

    struct Silent;

    impl Reporter for Silent {
        fn on(&mut self, _: &Event) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_order_is_that_of_the_seed_and_what_is_refused_is_replaced() {
        let refuse = |code: &str| match code.contains("Int") {
            true => Verdict::Rejected { stage: Rung::Statement, reason: Reason::Elaboration },
            false => Verdict::Accepted { level: Rung::Statement },
        };
        let engine = Scripted::new(refuse);
        let made = |jobs| {
            let mut candidates = Candidates::new(3, &[], Excluded::new(Limits::default()), 2).unwrap();
            let checking = Checking { engine: &engine, reuse: None, jobs };
            synthesize(&mut candidates, 60, Some(&checking), &AtomicBool::new(false), &mut Silent).unwrap()
        };
        let (one, two) = (made(1), made(2));
        assert_eq!(one.pairs, two.pairs);
        assert_eq!(one.pairs.len(), 60);
        assert!(one.pairs.is_sorted_by_key(|pair| pair.number) && one.pairs.iter().all(|p| !p.formal.contains("Int")));
        let refused: u64 = one.refused.values().map(|refused| refused.count).sum();
        assert_eq!(one.checked, 60 + refused);
        assert!(refused > 0);
    }
}
