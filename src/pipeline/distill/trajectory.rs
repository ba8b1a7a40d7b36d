//! The way of an answer through its revisions. Owns the lines of trajectories, which attempts are revised, and which are learnt from.

use crate::config::distill::{Keep, Revise};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// An attempt, and what was found of it. `None` where nothing was decided.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// The round it was made in; 0 is the first attempt.
    pub round: usize,
    /// What the teacher said of the attempt before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<String>,
    pub code: String,
    pub type_check: Option<f64>,
    pub equivalence: Option<f64>,
    pub proof: Option<f64>,
    /// True if its statement is one of those that examples in the prompt are drawn from. It follows from the code, and is found when
    /// trajectories are read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub copy: bool,
    /// With the reference, from 0 to 1.
    pub edit_similarity: Option<f64>,
    /// Why Lean refused it, and what it said.
    pub reason: Option<String>,
    pub messages: String,
}

impl Attempt {
    /// True if Lean did not take its statement.
    pub fn is_refused(&self) -> bool {
        self.type_check == Some(0.0)
    }
}

/// A line: an answer to a problem with all its attempts so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trajectory {
    pub id: String,
    pub sample: usize,
    /// In the order of rounds. One that is not revised any more has no attempts of later rounds.
    pub attempts: Vec<Attempt>,
}

impl Trajectory {
    /// The attempt that stands after a round.
    pub fn after(&self, round: usize) -> Option<&Attempt> {
        self.attempts.iter().rfind(|attempt| attempt.round <= round)
    }

    /// The last attempt.
    pub fn last(&self) -> Option<&Attempt> {
        self.attempts.last()
    }
}

/// A revised text of a trajectory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    pub id: String,
    pub sample: usize,
    pub code: String,
    /// What the teacher said of the attempt before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<String>,
}

/// Places of the trajectories whose last attempt is revised. What nothing was decided about is not the student's to mend.
pub fn to_revise(trajectories: &[Trajectory], which: Revise) -> Vec<usize> {
    let is_revised = |trajectory: &Trajectory| {
        trajectory.last().is_some_and(|attempt| match which {
            Revise::All => true,
            Revise::Refused => attempt.is_refused(),
        })
    };
    (0..trajectories.len()).filter(|at| is_revised(&trajectories[*at])).collect()
}

/// What is learnt from: the problem and the text of attempts of rounds from `from` to `to` that are good enough and no copies of
/// examples, each text of a problem once.
pub fn accepted(trajectories: &[Trajectory], keep: Keep, from: usize, to: usize) -> Vec<(&str, &str)> {
    let is_good = |attempt: &Attempt| match keep {
        _ if attempt.copy => false,
        Keep::Elaborate => attempt.type_check == Some(1.0),
        Keep::Equivalent => attempt.equivalence == Some(1.0),
    };
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for trajectory in trajectories {
        for attempt in trajectory.attempts.iter().filter(|a| (from..=to).contains(&a.round) && is_good(a)) {
            let one = (trajectory.id.as_str(), attempt.code.trim_end());
            if seen.insert(one) {
                all.push(one);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trajectory(id: &str, attempts: &[(usize, Option<f64>, &str)]) -> Trajectory {
        let attempt = |(round, type_check, code): &(usize, Option<f64>, &str)| Attempt {
            round: *round,
            type_check: *type_check,
            code: (*code).into(),
            ..Attempt::default()
        };
        Trajectory { id: id.into(), sample: 0, attempts: attempts.iter().map(attempt).collect() }
    }

    #[test]
    fn only_what_lean_refused_is_revised_unless_all_is() {
        let all = [
            trajectory("a", &[(0, Some(1.0), "x")]),
            trajectory("b", &[(0, Some(0.0), "x")]),
            trajectory("c", &[(0, None, "x")]),
            trajectory("d", &[(0, Some(0.0), "x"), (1, Some(1.0), "y")]),
        ];
        assert_eq!(to_revise(&all, Revise::Refused), [1]);
        assert_eq!(to_revise(&all, Revise::All), [0, 1, 2, 3]);
        assert_eq!(all[0].after(2).map(|attempt| attempt.round), Some(0), "what is not revised stands");
        assert_eq!(all[3].after(0).map(|attempt| attempt.code.as_str()), Some("x"));
    }

    #[test]
    fn accepted_texts_are_learnt_once() {
        let all = [
            trajectory("a", &[(0, Some(1.0), "x")]),
            trajectory("b", &[(0, Some(0.0), "x"), (1, Some(1.0), "y\n"), (2, Some(1.0), "y")]),
        ];
        assert_eq!(accepted(&all, Keep::Elaborate, 0, 0), [("a", "x")]);
        assert_eq!(accepted(&all, Keep::Elaborate, 1, 2), [("b", "y")]);
        assert_eq!(accepted(&all, Keep::Equivalent, 0, 2), []);
        let mut copied = all;
        copied[0].attempts[0].copy = true;
        assert_eq!(accepted(&copied, Keep::Elaborate, 0, 0), []);
    }
}
