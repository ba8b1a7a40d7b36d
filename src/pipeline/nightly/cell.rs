//! One model on one data set: outputs joined with problems, and judged. Owns what is asked of Lean for an output, and what
//! stands where there is no output or an unreadable one.

use super::results::verdicts;
use crate::dataset::{ContentHash, RecordError, Resume};
use crate::domain::{Cause, CheckRequest, Problem, Record, Target};
use crate::engine::Engine;
use crate::lean::completed;
use crate::pipeline::eval;
use crate::pipeline::verify::Judging;
use crate::runner::events::{Reporter, Started};
use crate::runner::{self, Asking, Run, RunError, Work};
use crate::store::history::{Asked, Judged, Standing, Texts};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{self, BufRead};

/// Why a problem is not solved that the outputs say nothing of.
pub const NO_PREDICTION: &str = "no_prediction";

/// The outputs of a model: those that can be read, and the others.
#[derive(Clone, Debug, Default)]
pub struct Predictions {
    pub records: Vec<Record>,
    pub unreadable: Vec<RecordError>,
}

/// Outputs with their problems.
#[derive(Clone, Debug)]
pub struct Joined {
    pub asked: Vec<Asked>,
    /// What Lean is asked, by position.
    pub records: Vec<Record>,
    /// Whose each is: the problem's id and which sample.
    places: Vec<(String, u32)>,
    /// What is known without Lean.
    known: Vec<Judged>,
    /// Outputs for no problem of the data set, and some of their ids.
    pub strangers: (u64, Vec<String>),
    /// Outputs without ids were taken in the order of the problems.
    pub by_position: bool,
}

impl Joined {
    /// Joins outputs with problems by id. With `target`, each has to prove its problem's formal statement.
    pub fn new(problems: &[Problem], predictions: Predictions, target: bool) -> Joined {
        let Predictions { records, unreadable } = predictions;
        let (scored, unmatched) = eval::join(problems, records);
        let mut next: HashMap<&str, u32> = HashMap::new();
        let (mut joined, mut places) = (Vec::new(), Vec::new());
        for (index, scored) in scored.into_iter().enumerate() {
            let problem = &problems[scored.problem];
            let target = target.then(|| Target { text: trusted(problem), header: None, name: None });
            // What an output imports by itself is not for it to choose.
            let header = problem.header.clone();
            joined.push(Record { index: index as u64, id: problem.id.clone(), header, target, ..scored.prediction });
            places.push((problem.id.clone(), scored.sample as u32));
            next.insert(&problem.id, scored.sample as u32 + 1);
        }
        let mut known = Vec::new();
        let mut nowhere = None;
        for error in &unreadable {
            match problems.iter().find(|problem| problem.id == error.id) {
                None => nowhere = Some(error.to_string()),
                Some(problem) => {
                    let sample = next.entry(&problem.id).or_default();
                    known.push(without_lean(problem, *sample, Cause::BadRecord.as_str(), error.to_string()));
                    *sample += 1;
                }
            }
        }
        for problem in problems.iter().filter(|problem| !next.contains_key(problem.id.as_str())) {
            known.push(match &nowhere {
                // It may be the one that cannot be read: nothing was shown.
                Some(error) => without_lean(problem, 0, Cause::BadRecord.as_str(), error.clone()),
                None => without_lean(problem, 0, NO_PREDICTION, "the outputs have none for this problem".to_owned()),
            });
        }
        let asked = problems.iter().map(|problem| Asked { problem: problem.id.clone(), statement: statement(problem) });
        let (asked, by_position) = (asked.collect(), unmatched.by_position);
        let strangers = (unmatched.predictions, unmatched.examples);
        Joined { asked, records: joined, places, known, strangers, by_position }
    }

    /// A hash of problems and outputs.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        for Asked { problem, statement } in &self.asked {
            part(problem);
            part(statement);
        }
        for (record, (problem, sample)) in self.records.iter().zip(&self.places) {
            part(problem);
            part(&sample.to_string());
            part(&ContentHash::of_record(record).to_string());
        }
        for judged in &self.known {
            part(&judged.problem);
            part(judged.reason.as_deref().unwrap_or_default());
        }
        format!("{:x}", hash.finalize())
    }

    /// What was found of every output, from the results that [`judge`] wrote; then what needs no Lean.
    pub fn judged(&self, results: impl BufRead) -> io::Result<Vec<Judged>> {
        let mut found = verdicts(results, self.records.len())?;
        let mut judged = Vec::with_capacity(self.places.len() + self.known.len());
        for (index, (problem, sample)) in self.places.iter().enumerate() {
            let missing = || io::Error::new(io::ErrorKind::InvalidData, format!("record {index} has no result"));
            let found = found[index].take().ok_or_else(missing)?;
            judged.push(Judged { problem: problem.clone(), sample: *sample, ..found });
        }
        judged.extend(self.known.iter().cloned());
        Ok(judged)
    }

    /// Adds the texts of statements and outputs by the hashes that name them.
    pub fn texts(&self, problems: &[Problem], texts: &mut Texts) {
        for (problem, asked) in problems.iter().zip(&self.asked) {
            texts.entry(asked.statement.clone()).or_insert_with(|| problem.formal.clone());
        }
        for record in &self.records {
            texts.entry(ContentHash::of_record(record).to_string()).or_insert_with(|| record.code.clone());
        }
    }
}

/// The formal statement as a whole theorem.
fn trusted(problem: &Problem) -> String {
    completed(&problem.formal).unwrap_or_else(|| problem.formal.clone())
}

fn statement(problem: &Problem) -> String {
    ContentHash::of(problem.header.as_deref(), &problem.formal).to_string()
}

/// The entry of an output that cannot be judged, or is not there. Trouble is no denial; silence is.
fn without_lean(problem: &Problem, sample: u32, reason: &str, detail: String) -> Judged {
    let standing = if reason == NO_PREDICTION { Standing::Rejected } else { Standing::Undecided };
    Judged {
        problem: problem.id.clone(),
        sample,
        sha256: None,
        standing,
        stage: None,
        reason: Some(reason.to_owned()),
        detail,
        heartbeats: 0,
        again: vec![],
    }
}

/// Judges the outputs that have no result yet, telling `reporters`.
pub fn judge(
    joined: &Joined,
    judging: &Judging,
    asking: Asking<'_, dyn Engine + '_>,
    resume: &Resume,
    reporters: &mut [&mut dyn Reporter],
) -> Result<Run, RunError> {
    let records = joined.records.clone();
    let started = Started { total: Some(records.len() as u64), resumed: resume.finished() };
    let request = |record: &Record| -> CheckRequest { judging.request(record) };
    let work = Work {
        records: Box::new(records.into_iter().map(|record| Ok(Ok(record)))),
        asking,
        request: &request,
        is_done: &|index, hash: &ContentHash| resume.is_finished(index, hash).map_err(|e| e.to_string()),
        strict: false,
    };
    runner::run(work, started, reporters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Fault, Place};

    fn problem(id: &str) -> Problem {
        Problem { id: id.into(), formal: format!("theorem {id} : True := by"), ..Problem::default() }
    }

    fn output(id: &str) -> Record {
        let code = format!("theorem {id} : True := trivial");
        Record { id: id.into(), code, header: Some("import Own".into()), ..Record::default() }
    }

    fn unreadable(id: &str) -> RecordError {
        let place = Place::Text { line: 3, column: 1 };
        RecordError { input: "o.jsonl".into(), index: 2, id: id.into(), place, fault: Fault::NoCode, hint: None }
    }

    fn joined(records: &[&str], bad: &[&str]) -> Joined {
        let problems = ["a", "b", "c"].map(problem);
        let records = records.iter().map(|id| output(id)).collect();
        Joined::new(&problems, Predictions { records, unreadable: bad.iter().map(|id| unreadable(id)).collect() }, true)
    }

    fn known(joined: &Joined) -> Vec<(&str, u32, Standing, &str)> {
        let shown = |j: &'_ Judged| (j.sample, j.standing);
        let rows = joined.known.iter();
        rows.map(|j| (j.problem.as_str(), shown(j).0, shown(j).1, j.reason.as_deref().unwrap_or_default())).collect()
    }

    #[test]
    fn an_output_is_judged_by_the_problem_it_is_for() {
        let joined = joined(&["b", "b", "x"], &[]);
        let places: Vec<_> = joined.places.iter().map(|(id, sample)| (id.as_str(), *sample)).collect();
        assert_eq!(places, [("b", 0), ("b", 1)]);
        let record = &joined.records[1];
        assert_eq!((record.index, record.header.as_deref()), (1, None), "not the header it brought");
        let target = record.target.as_ref().expect("a target");
        assert_eq!(target.text, completed("theorem b : True := by").expect("an open text"));
        assert_eq!(joined.strangers, (1, vec!["x".to_owned()]));
    }

    #[test]
    fn silence_is_a_failure_and_trouble_is_none() {
        let silent = joined(&["a", "b"], &[]);
        assert_eq!(known(&silent), [("c", 0, Standing::Rejected, NO_PREDICTION)]);
        // The unreadable one says whose it is.
        let named = joined(&["a", "b"], &["b", "c"]);
        assert_eq!(
            known(&named),
            [("b", 1, Standing::Undecided, "bad_record"), ("c", 0, Standing::Undecided, "bad_record")]
        );
        // It does not: it may be the missing one.
        let nameless = joined(&["a", "b"], &["2"]);
        assert_eq!(known(&nameless), [("c", 0, Standing::Undecided, "bad_record")]);
    }

    #[test]
    fn the_hash_is_of_all_that_is_judged() {
        let same = joined(&["a", "b"], &[]).hash();
        assert_eq!(same, joined(&["a", "b"], &[]).hash());
        let others =
            [joined(&["a"], &[]), joined(&["b", "a"], &[]), joined(&["a", "b"], &["c"]), joined(&["a", "b", "a"], &[])];
        assert!(others.iter().all(|other| other.hash() != same));
    }
}
