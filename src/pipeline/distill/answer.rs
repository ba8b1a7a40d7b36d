//! What trajectories and students say together: round by round with each kind of feedback, against no feedback, and on problems that
//! nobody learnt from. Owns what is paired with what; the statistics are `metrics`'.

use super::graph::Learner;
use super::trajectory::{Attempt, Trajectory};
use crate::config::distill::Distill;
use crate::domain::Feedback;
use crate::metrics::{bootstrap_mean, gain_interval, holm, mcnemar_exact, share_interval};
use crate::pipeline::study::{Gain, OUTCOMES, Outcome, Outcomes};
use serde::Serialize;
use std::collections::BTreeMap;

/// What attempts are measured by, with its name for people.
type Measure = (&'static str, fn(&Attempt) -> Option<f64>);

const MEASURES: [Measure; 5] = [
    ("type-check rate", |attempt| attempt.type_check),
    ("type-check rate, no copies", |attempt| attempt.type_check.map(|v| if attempt.copy { 0.0 } else { v })),
    ("proved equivalence", |attempt| attempt.equivalence),
    ("proof accuracy", |attempt| attempt.proof),
    ("edit similarity", |attempt| attempt.edit_similarity),
];

/// The rates among them, of which pairs are tested.
const RATES: usize = 4;

/// A difference of two runs over the same problems.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    pub mean: f64,
    pub interval: Option<(f64, f64)>,
    /// Of a rate: trajectories that only the first and that only the second has right, and McNemar's exact p value, alone and
    /// corrected for all such tests of the report (Holm).
    pub only_first: Option<u64>,
    pub only_second: Option<u64>,
    pub p_value: Option<f64>,
    pub corrected: Option<f64>,
}

/// A measure after a round.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoundOf {
    pub round: usize,
    pub measure: &'static str,
    pub mean: f64,
    pub interval: Option<(f64, f64)>,
    pub trajectories: usize,
    /// To the first attempts, and to as many revisions without feedback.
    pub since_first: Option<Difference>,
    pub to_none: Option<Difference>,
}

/// Rounds with a kind of feedback.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rounds {
    #[serde(serialize_with = "name")]
    pub feedback: Feedback,
    pub rounds: Vec<RoundOf>,
    /// Attempts that were revised, by round from 1.
    pub revised: Vec<usize>,
}

fn name<S: serde::Serializer>(feedback: &Feedback, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(feedback.as_str())
}

/// A student with what was learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct Taught {
    pub learner: Learner,
    /// Texts learnt from, and tokens.
    pub texts: usize,
    pub tokens: u64,
    pub outcomes: Outcomes,
}

/// A student on held-out problems.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OnHeldOut {
    pub student: String,
    pub texts: usize,
    pub tokens: u64,
    pub outcomes: BTreeMap<Outcome, Gain>,
    /// Over the untouched student; paired.
    pub gains: BTreeMap<Outcome, Gain>,
}

/// Everything a report says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    pub rounds: Vec<Rounds>,
    pub students: Vec<OnHeldOut>,
}

/// The answer of what is there.
pub fn answer(distill: &Distill, trajectories: &[(Feedback, Vec<Trajectory>)], students: &[Taught]) -> Answer {
    let how = (distill.report.resamples, distill.report.seed);
    let none = trajectories.iter().find(|(feedback, _)| *feedback == Feedback::None).map(|(_, all)| all);
    let mut rounds: Vec<Rounds> = Vec::new();
    for (feedback, all) in trajectories {
        let mut of = Vec::new();
        for round in 0..=distill.rounds {
            for (at, (measure, value)) in MEASURES.iter().enumerate() {
                let own = values(all, round, *value);
                let by_problem = by_problem(&own);
                if by_problem.is_empty() {
                    continue;
                }
                let is_rate = at < RATES;
                let to = |other: &[Trajectory], other_round: usize| {
                    difference(&own, &values(other, other_round, *value), is_rate, how)
                };
                let means: Vec<f64> = by_problem.values().copied().collect();
                of.push(RoundOf {
                    round,
                    measure,
                    mean: means.iter().sum::<f64>() / means.len() as f64,
                    interval: if is_rate { share_interval } else { bootstrap_mean }(&means, how.0, how.1),
                    trajectories: own.len(),
                    since_first: (round > 0).then(|| to(all, 0)).flatten(),
                    to_none: none.filter(|_| round > 0 && *feedback != Feedback::None).and_then(|none| to(none, round)),
                });
            }
        }
        let revised = |round| all.iter().filter(|t| t.attempts.iter().any(|attempt| attempt.round == round)).count();
        let revised = (1..=distill.rounds).map(revised).collect();
        rounds.push(Rounds { feedback: *feedback, rounds: of, revised });
    }
    correct(&mut rounds);
    let untouched = students.iter().find(|student| student.learner == Learner::Untouched);
    let on_held_out = |student: &Taught| {
        let each = |gain: &dyn Fn(Outcome) -> Option<Gain>| {
            OUTCOMES.into_iter().filter_map(|outcome| Some((outcome, gain(outcome)?))).collect()
        };
        let own = [&student.outcomes];
        OnHeldOut {
            student: student.learner.name(),
            texts: student.texts,
            tokens: student.tokens,
            outcomes: each(&|outcome| Gain::mean(&own, outcome, how.0, how.1)),
            gains: match untouched.filter(|_| student.learner != Learner::Untouched) {
                Some(before) => each(&|outcome| Gain::between(&own, &[&before.outcomes], outcome, how.0, how.1)),
                None => BTreeMap::new(),
            },
        }
    };
    Answer { rounds, students: students.iter().map(on_held_out).collect() }
}

/// A number for each trajectory that has one, by problem and sample.
type Values<'a> = BTreeMap<(&'a str, usize), f64>;

fn values(all: &[Trajectory], round: usize, value: fn(&Attempt) -> Option<f64>) -> Values<'_> {
    let of = |t: &'_ Trajectory| t.after(round).and_then(value);
    all.iter().filter_map(|t| Some(((t.id.as_str(), t.sample), of(t)?))).collect()
}

/// Means over samples.
fn by_problem<'a>(values: &Values<'a>) -> BTreeMap<&'a str, f64> {
    let mut all: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    values.iter().for_each(|((id, _), value)| all.entry(id).or_default().push(*value));
    all.into_iter().map(|(id, values)| (id, values.iter().sum::<f64>() / values.len() as f64)).collect()
}

fn difference(first: &Values<'_>, second: &Values<'_>, is_rate: bool, how: (usize, u64)) -> Option<Difference> {
    let both: Vec<(_, (f64, f64))> =
        first.iter().filter_map(|(key, value)| Some((*key, (*value, *second.get(key)?)))).collect();
    let side = |of: fn(&(f64, f64)) -> f64| both.iter().map(|(key, pair)| (*key, of(pair))).collect::<Values<'_>>();
    let (a, b) = (by_problem(&side(|pair| pair.0)), by_problem(&side(|pair| pair.1)));
    let (a, b): (Vec<f64>, Vec<f64>) = (a.into_values().collect(), b.into_values().collect());
    if a.is_empty() {
        return None;
    }
    let mean = a.iter().zip(&b).map(|(a, b)| a - b).sum::<f64>() / a.len() as f64;
    let count = |of: fn(&(f64, f64)) -> bool| is_rate.then(|| both.iter().filter(|(_, pair)| of(pair)).count() as u64);
    let (only_first, only_second) = (count(|pair| pair.0 > pair.1), count(|pair| pair.0 < pair.1));
    let p_value = only_first.zip(only_second).map(|(a, b)| mcnemar_exact(a, b).p_value);
    let interval = gain_interval(&a, &b, how.0, how.1);
    Some(Difference { mean, interval, only_first, only_second, p_value, corrected: None })
}

/// Corrects the p values of differences to no feedback for there being many.
fn correct(rounds: &mut [Rounds]) {
    let all = || rounds.iter().flat_map(|of| &of.rounds).filter_map(|of| of.to_none.and_then(|d| d.p_value));
    let corrected = holm(&all().collect::<Vec<_>>());
    let tested = rounds.iter_mut().flat_map(|of| &mut of.rounds).filter_map(|of| of.to_none.as_mut());
    tested.filter(|d| d.p_value.is_some()).zip(corrected).for_each(|(d, p)| d.corrected = Some(p));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::distill::{EXAMPLE, parse};

    /// Ten problems, of which feedback mends the first `mended` in round 1.
    fn trajectories(mended: usize) -> Vec<Trajectory> {
        let attempt = |round, right: bool| Attempt {
            round,
            type_check: Some(f64::from(u8::from(right))),
            edit_similarity: Some(0.5 + 0.1 * round as f64),
            ..Attempt::default()
        };
        (0..10)
            .map(|at| Trajectory {
                id: at.to_string(),
                sample: 0,
                attempts: vec![attempt(0, false), attempt(1, at < mended)],
            })
            .collect()
    }

    #[test]
    fn feedback_is_compared_with_none_trajectory_by_trajectory() {
        let distill = parse(EXAMPLE).expect("the example");
        let all = [(Feedback::None, trajectories(1)), (Feedback::Teacher, trajectories(9))];
        let answer = answer(&distill, &all, &[]);
        let of = |at: usize, round: usize, measure: &str| {
            let mut all = answer.rounds[at].rounds.iter().filter(|of| of.round == round && of.measure == measure);
            all.next().expect("a round").clone()
        };
        let first = of(1, 1, "type-check rate");
        assert!((first.mean - 0.9).abs() < 1e-12);
        let to_none = first.to_none.expect("a difference");
        assert!((to_none.mean - 0.8).abs() < 1e-12);
        assert_eq!((to_none.only_first, to_none.only_second), (Some(8), Some(0)));
        assert!((to_none.p_value.expect("a test") - 2.0 / 256.0).abs() < 1e-12);
        // Two rounds of one rate with copies and without are four tests.
        assert!((to_none.corrected.expect("a test") - 8.0 / 256.0).abs() < 1e-12);
        assert!((first.since_first.expect("a difference").mean - 0.9).abs() < 1e-12);
        assert_eq!(of(1, 2, "type-check rate").mean, first.mean, "what is not revised stands");
        assert_eq!(of(0, 1, "type-check rate").to_none, None);
        let similarity = of(1, 1, "edit similarity").to_none.expect("a difference");
        assert_eq!((similarity.mean, similarity.p_value), (0.0, None));
        assert_eq!(answer.rounds[0].revised, [10, 0]);
        assert!(answer.rounds[0].rounds.iter().all(|of| of.measure != "proof accuracy"), "nothing was decided");
    }

    #[test]
    fn students_are_compared_with_the_untouched_one() {
        let distill = parse(EXAMPLE).expect("the example");
        let student = |learner, loss: f64| Taught {
            learner,
            texts: 3,
            tokens: 100,
            outcomes: Outcomes::of(&["a".into(), "b".into()], &[], &[("a".into(), loss), ("b".into(), loss + 1.0)]),
        };
        let students = [student(Learner::Untouched, 4.0), student(Learner::Revised(Feedback::Both), 3.0)];
        let found = answer(&distill, &[], &students).students;
        assert_eq!((found[0].gains.len(), found[1].gains[&Outcome::Loss].mean), (0, 1.0));
        assert_eq!(found[1].student, "revisions, teacher and Lean");
    }
}
