//! A cell in numbers: what was measured of each problem, and the gain over the model as it was. Owns the lines of a cell's files and
//! how samples of a problem become one number; what cells say together is `answer.rs`'s.

use crate::metrics::{bootstrap_mean, gain_interval, share_interval};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a cell is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nats per token of the references. Lower is better; its gain is how much it fell.
    Loss,
    Bleu,
    TypeCheck,
    /// The same, but an answer that copies an example of its prompt counts as refused.
    OwnTypeCheck,
    Equivalence,
    Proof,
}

/// All, in the order of reports.
pub const OUTCOMES: [Outcome; 6] =
    [Outcome::Loss, Outcome::Bleu, Outcome::TypeCheck, Outcome::OwnTypeCheck, Outcome::Equivalence, Outcome::Proof];

impl Outcome {
    /// As files have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Loss => "loss",
            Outcome::Bleu => "bleu",
            Outcome::TypeCheck => "type_check",
            Outcome::OwnTypeCheck => "own_type_check",
            Outcome::Equivalence => "equivalence",
            Outcome::Proof => "proof",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Outcome::Loss => "loss",
            Outcome::Bleu => "BLEU",
            Outcome::TypeCheck => "type-check rate",
            Outcome::OwnTypeCheck => "type-check rate, no copies",
            Outcome::Equivalence => "proved equivalence",
            Outcome::Proof => "proof accuracy",
        }
    }

    /// What its numbers are of.
    pub fn unit(self) -> &'static str {
        match self {
            Outcome::Loss => "nats per token",
            Outcome::Bleu => "BLEU",
            _ => "share",
        }
    }
}

/// A line of a cell's verdicts: an answer, and what was found of it. `None` where nothing was decided.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    pub id: String,
    pub sample: usize,
    pub code: String,
    pub bleu: Option<f64>,
    pub type_check: Option<f64>,
    pub equivalence: Option<f64>,
    pub proof: Option<f64>,
    /// Why Lean refused it, or could not decide.
    pub reason: Option<String>,
    /// True if its statement is one of those that examples in the prompt are drawn from, or that were shown in front of it. Found
    /// when verdicts are read: it follows from the code.
    #[serde(skip)]
    pub copy: bool,
}

/// What a condition gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    pub condition: String,
    pub unit: String,
    pub examples: usize,
    /// All that was read, and what of it was learnt.
    pub tokens: u64,
    pub target_tokens: u64,
    pub sha256: String,
    /// The first texts, for people.
    pub samples: Vec<String>,
}

/// How a condition relates to the target, by Task2Vec and by the measures beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    pub alignment: f64,
    pub alignment_interval: Option<(f64, f64)>,
    pub diversity: Option<f64>,
    pub diversity_interval: Option<(f64, f64)>,
    /// Other measures of alignment, by name.
    pub others: BTreeMap<String, Option<f64>>,
}

/// A mean over problems with its 95 % interval (bootstrap over problems; of rates that are 0 or 1 for each, Wilson's).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gain {
    pub mean: f64,
    pub interval: Option<(f64, f64)>,
    pub problems: usize,
}

/// A problem's number, mean over its samples of those that were decided.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Item {
    pub problem: usize,
    pub value: f64,
}

/// A cell's numbers by outcome, each by problem in the order of problems.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Outcomes(pub BTreeMap<Outcome, Vec<Item>>);

impl Outcomes {
    /// From the lines of a cell's files: verdicts and losses, by ids of problems. A problem of which nothing was decided has no
    /// number.
    pub fn of(problems: &[String], samples: &[Sample], losses: &[(String, f64)]) -> Outcomes {
        let places: BTreeMap<&str, usize> = problems.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let mut all = BTreeMap::new();
        let mut add = |outcome, values: Vec<(usize, f64)>| {
            let mut by_problem: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
            values.into_iter().for_each(|(problem, value)| by_problem.entry(problem).or_default().push(value));
            let mean = |values: &Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
            let items: Vec<Item> =
                by_problem.iter().map(|(problem, values)| Item { problem: *problem, value: mean(values) }).collect();
            if !items.is_empty() {
                all.insert(outcome, items);
            }
        };
        let place = |id: &str| places.get(id).copied();
        add(Outcome::Loss, losses.iter().filter_map(|(id, loss)| Some((place(id)?, *loss))).collect());
        type OfSample = fn(&Sample) -> Option<f64>;
        let of_samples: [(Outcome, OfSample); 5] = [
            (Outcome::Bleu, |s| s.bleu),
            (Outcome::TypeCheck, |s| s.type_check),
            (Outcome::OwnTypeCheck, |s| s.type_check.map(|value| if s.copy { 0.0 } else { value })),
            (Outcome::Equivalence, |s| s.equivalence),
            (Outcome::Proof, |s| s.proof),
        ];
        for (outcome, of) in of_samples {
            add(outcome, samples.iter().filter_map(|sample| Some((place(&sample.id)?, of(sample)?))).collect());
        }
        Outcomes(all)
    }

    /// Mean over problems.
    pub fn mean(&self, outcome: Outcome) -> Option<f64> {
        let items = self.0.get(&outcome)?;
        Some(items.iter().map(|item| item.value).sum::<f64>() / items.len() as f64)
    }

    /// The same numbers of some problems only.
    pub fn only(&self, of: &dyn Fn(usize) -> bool) -> Outcomes {
        let some = |items: &Vec<Item>| items.iter().filter(|item| of(item.problem)).copied().collect::<Vec<_>>();
        Outcomes(self.0.iter().map(|(outcome, items)| (*outcome, some(items))).filter(|(_, i)| !i.is_empty()).collect())
    }
}

/// A cell with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Places in the study's lists; no condition is the model as it is.
    pub model: usize,
    pub condition: Option<usize>,
    pub way: Option<crate::config::study::Way>,
    pub seed: u64,
    pub view: Option<View>,
    pub likeness: Option<Likeness>,
    pub outcomes: Outcomes,
    /// Losses of the development problems by step, and of training.
    pub curve: Vec<(usize, f64)>,
    pub training: Vec<(usize, f64)>,
}

/// Numbers of several cells, a mean for each problem over the cells that have one.
fn by_problem(cells: &[&Outcomes], outcome: Outcome) -> BTreeMap<usize, f64> {
    let mut all: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for item in cells.iter().filter_map(|cell| cell.0.get(&outcome)).flatten() {
        all.entry(item.problem).or_default().push(item.value);
    }
    all.into_iter().map(|(problem, values)| (problem, values.iter().sum::<f64>() / values.len() as f64)).collect()
}

impl Gain {
    /// The mean of an outcome over problems, of cells that differ in their seeds.
    pub fn mean(cells: &[&Outcomes], outcome: Outcome, resamples: usize, seed: u64) -> Option<Gain> {
        let values: Vec<f64> = by_problem(cells, outcome).into_values().collect();
        let interval = match outcome {
            Outcome::Loss | Outcome::Bleu => bootstrap_mean(&values, resamples, seed),
            Outcome::TypeCheck | Outcome::OwnTypeCheck | Outcome::Equivalence | Outcome::Proof => {
                share_interval(&values, resamples, seed)
            }
        };
        let problems = values.len();
        (problems > 0).then(|| Gain { mean: values.iter().sum::<f64>() / problems as f64, interval, problems })
    }

    /// How much better the first cells are than the second, over the problems on which both have numbers.
    pub fn between(
        ours: &[&Outcomes],
        theirs: &[&Outcomes],
        outcome: Outcome,
        resamples: usize,
        seed: u64,
    ) -> Option<Gain> {
        let (ours, theirs) = (by_problem(ours, outcome), by_problem(theirs, outcome));
        let both = ours.iter().filter_map(|(problem, value)| Some((*value, *theirs.get(problem)?)));
        let (mut ours, mut theirs): (Vec<f64>, Vec<f64>) = both.unzip();
        if outcome == Outcome::Loss {
            std::mem::swap(&mut ours, &mut theirs);
        }
        let problems = ours.len();
        let difference: f64 = ours.iter().zip(&theirs).map(|(a, b)| a - b).sum();
        let interval = gain_interval(&ours, &theirs, resamples, seed);
        (problems > 0).then(|| Gain { mean: difference / problems as f64, interval, problems })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(id: &str, type_check: Option<f64>) -> Sample {
        Sample { id: id.into(), type_check, bleu: Some(0.5), ..Sample::default() }
    }

    #[test]
    fn samples_of_a_problem_are_one_number_and_what_was_not_decided_is_none() {
        let problems = ["a".to_owned(), "b".into(), "c".into()];
        let samples = [
            sample("a", Some(1.0)),
            sample("a", Some(0.0)),
            sample("b", None),
            sample("c", Some(1.0)),
            sample("x", Some(1.0)),
        ];
        let outcomes = Outcomes::of(&problems, &samples, &[("a".into(), 2.0), ("c".into(), 4.0)]);
        let items = &outcomes.0[&Outcome::TypeCheck];
        assert_eq!(items[..], [Item { problem: 0, value: 0.5 }, Item { problem: 2, value: 1.0 }]);
        assert_eq!((outcomes.mean(Outcome::TypeCheck), outcomes.mean(Outcome::Loss)), (Some(0.75), Some(3.0)));
        assert_eq!(outcomes.mean(Outcome::Proof), None);
        let copied = Sample { copy: true, ..sample("a", Some(1.0)) };
        let with_copy = Outcomes::of(&problems, &[copied, sample("b", Some(1.0))], &[]);
        let of = |outcome| with_copy.mean(outcome);
        assert_eq!((of(Outcome::TypeCheck), of(Outcome::OwnTypeCheck)), (Some(1.0), Some(0.5)));
        assert_eq!(outcomes.only(&|problem| problem == 2).mean(Outcome::Loss), Some(4.0));
    }

    #[test]
    fn a_gain_is_paired_and_positive_where_things_got_better() {
        let problems = ["a".to_owned(), "b".into()];
        let cell = |a, b, loss| {
            Outcomes::of(&problems, &[sample("a", a), sample("b", b)], &[("a".into(), loss), ("b".into(), loss)])
        };
        let before = cell(Some(0.0), Some(1.0), 5.0);
        let after = cell(Some(1.0), None, 3.0);
        let gain = |outcome| Gain::between(&[&after], &[&before], outcome, 100, 1).expect("a gain");
        let of = gain(Outcome::TypeCheck);
        assert_eq!((of.mean, of.problems, of.interval), (1.0, 1, None), "of one problem nothing is known of others");
        assert_eq!((gain(Outcome::Loss).mean, gain(Outcome::Bleu).mean), (2.0, 0.0));
        let seeds = cell(Some(0.0), Some(0.0), 1.0);
        assert_eq!(Gain::mean(&[&after, &seeds], Outcome::Loss, 100, 1).map(|gain| gain.mean), Some(2.0));
        assert_eq!(Gain::between(&[&after], &[&before], Outcome::Proof, 100, 1), None);
        // Alike for both problems: no interval of a gain, and Wilson's of a rate.
        assert_eq!(gain(Outcome::Loss).interval, None);
        let rate = Gain::mean(&[&seeds], Outcome::TypeCheck, 100, 1).expect("a rate");
        assert!(rate.interval.is_some_and(|(low, high)| low == 0.0 && high > 0.5), "{rate:?}");
    }
}
