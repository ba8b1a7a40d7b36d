//! What a round of expert iteration keeps of a model's samples: those that Lean accepts and that are proved to say what was asked,
//! and pairs of a kept and a refused answer to one prompt. Owns the choice; sampling, verdicts and training are others'.

use super::eval::{Scored, Signal};
use crate::domain::Problem;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// What a sample must be to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Criterion {
    /// Its statement is proved equivalent to the reference.
    Equivalent,
    /// And it carries an accepted proof.
    Proved,
}

impl Criterion {
    /// The signal that says so.
    pub fn signal(self) -> Signal {
        match self {
            Criterion::Equivalent => Signal::Equivalence,
            Criterion::Proved => Signal::ProofOfReference,
        }
    }

    /// Whether Lean refused the sample, which is more than that nothing was shown of its meaning.
    fn is_refused(self, scored: &Scored) -> bool {
        let refuses = |signal| scored.score(signal) == Some(0.0);
        refuses(Signal::TypeCheck) || (self == Criterion::Proved && refuses(Signal::Proof))
    }
}

/// Samples of a round in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub problems: usize,
    pub samples: usize,
    /// Samples whose statement elaborates; that are proved equivalent; that meet the criterion; of which nothing was decided.
    pub type_checks: usize,
    pub equivalent: usize,
    pub met: usize,
    pub undecided: usize,
    /// Problems with a sample that meets the criterion.
    pub solved: usize,
}

/// A line of the table: a round, or the measurement of the first model as round 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    pub round: usize,
    /// The adapter of the model that answered, if it had one, and of the model that the round made.
    pub asked: Option<String>,
    pub made: Option<String>,
    pub sampled: Option<Counts>,
    /// Different samples kept in this round, pairs, and samples of all rounds that were trained on.
    pub kept: usize,
    pub pairs: usize,
    pub trained_on: usize,
    /// Tokens read in training, and the loss of the development set before and after, in nats per token.
    pub tokens: u64,
    pub dev_before: Option<f64>,
    pub dev_loss: Option<f64>,
    /// The model behind this round on the problems of `--eval`.
    pub measured: Option<Counts>,
    pub seconds: Seconds,
}

/// Where a round's time went; what an interrupted run had done before is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seconds {
    pub sampling: f64,
    pub judging: f64,
    pub training: f64,
    pub measuring: f64,
}

/// What is kept of a problem: indices into the samples, each text once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub problem: usize,
    pub kept: Vec<usize>,
    /// A kept and a refused sample.
    pub pairs: Vec<(usize, usize)>,
}

/// Counts samples.
pub fn count(problems: &[Problem], scored: &[Scored], criterion: Criterion) -> Counts {
    let holds = |signal: Signal| scored.iter().filter(|s| s.score(signal) == Some(1.0)).count();
    let met = |s: &&Scored| s.score(criterion.signal()) == Some(1.0);
    Counts {
        problems: problems.len(),
        samples: scored.len(),
        type_checks: holds(Signal::TypeCheck),
        equivalent: holds(Signal::Equivalence),
        met: scored.iter().filter(met).count(),
        undecided: scored.iter().filter(|s| s.score(criterion.signal()).is_none()).count(),
        solved: scored.iter().filter(met).map(|s| s.problem).collect::<HashSet<_>>().len(),
    }
}

/// Chooses up to `most` different samples of each problem, in the order of samples, and as many pairs: the first kept with the
/// first refused, the second with the second.
pub fn choose(problems: &[Problem], scored: &[Scored], criterion: Criterion, most: usize) -> Vec<Choice> {
    let mut choices: Vec<Choice> = (0..problems.len()).map(|problem| Choice { problem, ..Choice::default() }).collect();
    let mut refused: Vec<Vec<usize>> = vec![vec![]; problems.len()];
    let mut seen: HashSet<(usize, &str)> = HashSet::new();
    for (at, sample) in scored.iter().enumerate() {
        let text = sample.prediction.code.trim();
        if text.is_empty() || !seen.insert((sample.problem, text)) {
            continue;
        }
        let list = if sample.score(criterion.signal()) == Some(1.0) {
            &mut choices[sample.problem].kept
        } else if criterion.is_refused(sample) {
            &mut refused[sample.problem]
        } else {
            continue;
        };
        if list.len() < most {
            list.push(at);
        }
    }
    for (choice, refused) in choices.iter_mut().zip(refused) {
        choice.pairs = choice.kept.iter().copied().zip(refused).collect();
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::super::eval::join;
    use super::*;
    use crate::domain::Record;

    /// Samples of two problems, by problem, text, and scores of type check, equivalence and proof.
    fn scored(samples: &[(&str, &str, [Option<f64>; 3])]) -> (Vec<Problem>, Vec<Scored>) {
        let problems: Vec<Problem> = ["a", "b"].map(|id| Problem { id: id.into(), ..Problem::default() }).into();
        let record = |(id, code, _): &(&str, &str, [Option<f64>; 3])| Record {
            id: (*id).into(),
            code: (*code).into(),
            ..Record::default()
        };
        let (mut scored, _) = join(&problems, samples.iter().map(record).collect());
        for (scored, (_, _, [type_check, equivalence, proof])) in scored.iter_mut().zip(samples) {
            scored.scores.insert(Signal::TypeCheck, *type_check);
            scored.scores.insert(Signal::Equivalence, *equivalence);
            scored.scores.insert(Signal::Proof, *proof);
            let both = equivalence.zip(*proof).map(|(a, b)| a * b);
            scored.scores.insert(Signal::ProofOfReference, both);
        }
        (problems, scored)
    }

    const YES: Option<f64> = Some(1.0);
    const NO: Option<f64> = Some(0.0);

    #[test]
    fn what_is_equivalent_is_kept_once_and_paired_with_what_lean_refused() {
        let (problems, scored) = scored(&[
            ("a", "ill", [NO, NO, NO]),
            ("a", "good", [YES, YES, NO]),
            ("a", "good", [YES, YES, NO]),
            ("a", "other", [YES, NO, NO]),
            ("a", "bomb", [None, None, None]),
            ("a", "best", [YES, YES, YES]),
            ("a", "third", [YES, YES, YES]),
            ("b", "ill", [NO, NO, NO]),
            ("b", "  ", [NO, NO, NO]),
        ]);
        let chosen = choose(&problems, &scored, Criterion::Equivalent, 2);
        assert_eq!(chosen[0], Choice { problem: 0, kept: vec![1, 5], pairs: vec![(1, 0)] });
        assert_eq!(chosen[1], Choice { problem: 1, ..Choice::default() });
        // What nothing was shown of is no bad example, what has no proof is one where a proof is asked for.
        let proved = choose(&problems, &scored, Criterion::Proved, 9);
        assert_eq!((&proved[0].kept[..], &proved[0].pairs[..]), (&[5, 6][..], &[(5, 0), (6, 1)][..]));
        let counts = count(&problems, &scored, Criterion::Equivalent);
        let wanted = Counts { problems: 2, samples: 9, type_checks: 5, equivalent: 4, met: 4, undecided: 1, solved: 1 };
        assert_eq!(counts, wanted);
    }
}
