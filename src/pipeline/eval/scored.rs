//! Predictions with their problems and scores. Owns the joining of the two files and what is known of each prediction.

use super::signal::Signal;
use crate::domain::{Problem, Record};
use std::collections::{BTreeMap, HashMap};

/// One prediction for a problem.
#[derive(Clone, Debug)]
pub struct Scored {
    /// Index into the problems.
    pub problem: usize,
    /// Which of the predictions for this problem, from 0.
    pub sample: usize,
    /// What the model said, as the file has it.
    pub prediction: Record,
    /// Its Lean, without fences and prose; the statement part is what text metrics see.
    pub statement: String,
    /// `None` where nothing was shown either way.
    pub scores: BTreeMap<Signal, Option<f64>>,
    /// Why Lean refused it or could not decide, such as `type_mismatch`.
    pub reason: Option<String>,
    /// What Lean said of it, as a model is told.
    pub messages: String,
    /// How equivalence came out, such as `equivalent` or `not_shown`.
    pub equivalence: Option<String>,
    /// The first sample of its class by proved equivalence, if classes were formed and it elaborates.
    pub class: Option<usize>,
}

impl Scored {
    /// The score, if there is one.
    pub fn score(&self, signal: Signal) -> Option<f64> {
        self.scores.get(&signal).copied().flatten()
    }
}

/// Predictions that belong to no problem, and problems without predictions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmatched {
    /// Predictions whose id no problem has; the first few ids.
    pub predictions: u64,
    pub examples: Vec<String>,
    /// Ids of problems without a prediction.
    pub problems: Vec<String>,
    /// True if predictions have no ids and were taken in the order of the problems.
    pub by_position: bool,
}

/// Joins predictions to problems by id. Where no prediction has an id of its own and there is one for each problem, they
/// are joined by position.
pub fn join(problems: &[Problem], predictions: Vec<Record>) -> (Vec<Scored>, Unmatched) {
    let mut unmatched = Unmatched::default();
    let ids: HashMap<&str, usize> = problems.iter().enumerate().map(|(at, p)| (p.id.as_str(), at)).collect();
    let is_numbered = |r: &Record| r.id == r.index.to_string() && !ids.contains_key(r.id.as_str());
    unmatched.by_position = predictions.len() == problems.len() && predictions.iter().all(is_numbered);
    let mut samples = vec![0; problems.len()];
    let mut joined = Vec::new();
    for (position, prediction) in predictions.into_iter().enumerate() {
        let at = if unmatched.by_position { Some(position) } else { ids.get(prediction.id.as_str()).copied() };
        let Some(problem) = at else {
            unmatched.predictions += 1;
            if unmatched.examples.len() < 3 {
                unmatched.examples.push(prediction.id);
            }
            continue;
        };
        let sample = samples[problem];
        samples[problem] += 1;
        joined.push(Scored {
            problem,
            sample,
            prediction,
            statement: String::new(),
            scores: BTreeMap::new(),
            reason: None,
            messages: String::new(),
            equivalence: None,
            class: None,
        });
    }
    let missing = problems.iter().zip(&samples).filter(|(_, count)| **count == 0);
    unmatched.problems = missing.map(|(problem, _)| problem.id.clone()).collect();
    (joined, unmatched)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems() -> Vec<Problem> {
        ["a", "b", "c"]
            .map(|id| Problem { id: id.into(), formal: "theorem t : True".into(), ..Problem::default() })
            .into()
    }

    fn prediction(index: u64, id: &str) -> Record {
        Record { index, id: id.into(), code: "theorem t : True := sorry".into(), ..Record::default() }
    }

    #[test]
    fn samples_are_counted_and_strangers_named() {
        let predictions = vec![prediction(0, "b"), prediction(1, "x"), prediction(2, "b"), prediction(3, "a")];
        let (joined, unmatched) = join(&problems(), predictions);
        let places: Vec<_> = joined.iter().map(|s| (s.problem, s.sample)).collect();
        assert_eq!(places, [(1, 0), (1, 1), (0, 0)]);
        assert_eq!((unmatched.predictions, unmatched.examples), (1, vec!["x".to_string()]));
        assert_eq!((unmatched.problems, unmatched.by_position), (vec!["c".to_string()], false));
    }

    #[test]
    fn predictions_without_ids_are_taken_in_order_only_if_there_is_one_for_each_problem() {
        let (joined, unmatched) = join(&problems(), (0..3).map(|i| prediction(i, &i.to_string())).collect());
        assert_eq!((joined.len(), unmatched.by_position), (3, true));
        let (joined, unmatched) = join(&problems(), (0..2).map(|i| prediction(i, &i.to_string())).collect());
        assert_eq!((joined.len(), unmatched.predictions, unmatched.by_position), (0, 2, false));
    }
}
