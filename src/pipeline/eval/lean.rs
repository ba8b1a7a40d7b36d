//! The signals that need a Lean: whether predictions elaborate and prove what they state. Owns which checks are asked for;
//! verdicts are the engine's.

use super::scored::Scored;
use super::signal::Signal;
use crate::domain::{Budget, EquivalenceRequest, EquivalenceVerdict, Mode, Problem, Record, Rung, Verdict};
use crate::engine::{Comparer, Engine};
use crate::lean::told;
use crate::pipeline::verify::Judging;
use crate::runner::events::{Event, Reporter, Started};
use crate::runner::{self, Asking, Run, RunError, Work, ask};
use std::collections::HashMap;
use std::io;

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
        scored.messages = told(report);
        Ok(())
    }
}

/// Checks every prediction under its problem's header, and fills in [`Signal::TypeCheck`] and [`Signal::Proof`].
pub fn check(
    problems: &[Problem],
    scored: &mut [Scored],
    judging: &Judging,
    asking: Asking<'_, dyn Engine + '_>,
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
    let request = |record: &Record| judging.request(record);
    let work = Work {
        records: Box::new(records.into_iter().map(|record| Ok(Ok(record)))),
        asking,
        request: &request,
        is_done: &|_, _| Ok(false),
        strict: false,
    };
    let mut scores = Scores(scored);
    let mut all: Vec<&mut dyn Reporter> = vec![&mut scores];
    for reporter in reporters.iter_mut() {
        all.push(&mut **reporter);
    }
    runner::run(work, started, &mut all)
}

/// What a comparison may cost, in heartbeats as for `afcheck equiv`.
pub(super) fn budget() -> Budget {
    Budget { heartbeats: 20_000, ..Budget::default() }
}

/// How statements are compared.
pub struct Comparing<'a> {
    pub asking: Asking<'a, dyn Comparer + 'a>,
    /// Told how many comparisons more are settled.
    pub settled: &'a dyn Fn(usize),
}

/// How many different comparisons [`compare_statements`] will make.
pub fn comparisons(problems: &[Problem], scored: &[Scored]) -> usize {
    questions(problems, scored).0.len()
}

/// Compares every prediction that elaborates with its reference, and fills in [`Signal::Equivalence`] and
/// [`Signal::ProofOfReference`]. What does not elaborate is not equivalent; where nothing was decided about that, nothing is
/// decided here.
pub fn compare_statements(problems: &[Problem], scored: &mut [Scored], comparing: &Comparing<'_>) -> io::Result<()> {
    let (questions, asked_by) = questions(problems, scored);
    let mut answers = HashMap::new();
    ask(comparing.asking, questions.into_iter().enumerate(), &mut |at, report, _| {
        answers.insert(at, report.verdict);
        (comparing.settled)(1);
        Ok(())
    })?;
    for (scored, question) in scored.iter_mut().zip(asked_by) {
        let verdict = question.and_then(|at| answers.get(&at));
        let equivalent = match (scored.scores.get(&Signal::TypeCheck), verdict) {
            (Some(Some(type_checks)), None) if *type_checks == 0.0 => Some(0.0),
            (_, None | Some(EquivalenceVerdict::Undecided { .. })) => None,
            (_, Some(EquivalenceVerdict::Equivalent)) => Some(1.0),
            (_, Some(_)) => Some(0.0),
        };
        scored.equivalence = verdict.map(|verdict| verdict.as_str().to_owned());
        let both = match (equivalent, scored.scores.get(&Signal::Proof).copied().flatten()) {
            (Some(equivalent), Some(proof)) => Some(equivalent * proof),
            _ => None,
        };
        scored.scores.insert(Signal::Equivalence, equivalent);
        scored.scores.insert(Signal::ProofOfReference, both);
    }
    Ok(())
}

/// The comparisons to be made, each once, and for each prediction which of them it needs.
fn questions(problems: &[Problem], scored: &[Scored]) -> (Vec<EquivalenceRequest>, Vec<Option<usize>>) {
    let mut known: HashMap<(usize, &str), usize> = HashMap::new();
    let mut questions = Vec::new();
    let asked_by = scored
        .iter()
        .map(|scored| {
            if scored.scores.get(&Signal::TypeCheck) != Some(&Some(1.0)) {
                return None;
            }
            let code = scored.prediction.code.as_str();
            Some(*known.entry((scored.problem, code)).or_insert_with(|| {
                let problem = &problems[scored.problem];
                questions.push(EquivalenceRequest {
                    header: problem.header.clone(),
                    a: problem.formal.clone(),
                    b: code.to_owned(),
                    budget: budget(),
                });
                questions.len() - 1
            }))
        })
        .collect();
    (questions, asked_by)
}

#[cfg(test)]
mod tests {
    use super::super::scored::join;
    use super::*;
    use crate::domain::Cause;
    use crate::engine::ScriptedComparer;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// One prediction for each of `codes`; what was found of the equivalence of each, and of it with a proof.
    fn compared(codes: &[&str], stop: &AtomicBool) -> Vec<(Option<f64>, Option<f64>)> {
        let problem = |id: &str| Problem { id: id.to_owned(), formal: "theorem t : True".into(), ..Problem::default() };
        let problems: Vec<Problem> = codes.iter().map(|code| problem(code)).collect();
        let record = |code: &&str| Record { id: (*code).to_owned(), code: (*code).to_owned(), ..Record::default() };
        let (mut scored, _) = join(&problems, codes.iter().map(record).collect());
        for scored in &mut scored {
            let type_checks = match scored.prediction.code.as_str() {
                "ill" => Some(0.0),
                "bomb" => None,
                _ => Some(1.0),
            };
            scored.scores.insert(Signal::TypeCheck, type_checks);
            scored.scores.insert(Signal::Proof, Some(1.0));
        }
        let comparer = ScriptedComparer::new(|request| match request.b.as_str() {
            "same" => EquivalenceVerdict::Equivalent,
            "true" => EquivalenceVerdict::BothProvable,
            "last" => {
                stop.store(true, Ordering::Relaxed);
                EquivalenceVerdict::NotShown
            }
            _ => EquivalenceVerdict::Undecided { cause: Cause::EngineCrash, detail: String::new() },
        });
        let asking = Asking { worker: &comparer as &dyn Comparer, reuse: None, jobs: 1, stop };
        compare_statements(&problems, &mut scored, &Comparing { asking, settled: &|_| {} }).unwrap();
        scored.iter().map(|s| (s.score(Signal::Equivalence), s.score(Signal::ProofOfReference))).collect()
    }

    #[test]
    fn trouble_is_no_denial() {
        let found = compared(&["same", "true", "ill", "bomb", "crash", "last", "never"], &AtomicBool::new(false));
        let (yes, no, open) = ((Some(1.0), Some(1.0)), (Some(0.0), Some(0.0)), (None, None));
        // The last was never asked: the run was stopped before.
        assert_eq!(found, [yes, no, no, open, open, no, open]);
    }
}
