//! What the cells of a study say together: whether conditions that are more aligned with the target help more. Owns which numbers
//! are put beside which; the statistics are `metrics`'.

use super::outcomes::{Gain, OUTCOMES, Outcome, Outcomes, Row};
use crate::config::study::{Study, Way};
use crate::metrics::{Correlation, Permutation, clustered_interval, partial_correlation, permutation_test};
use serde::Serialize;
use std::collections::BTreeMap;

/// A correlation with its 95 % interval (bootstrap over conditions).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coefficient {
    pub value: f64,
    pub interval: Option<(f64, f64)>,
}

/// A correlation given other numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Partial {
    /// What is held equal.
    pub given: Vec<&'static str>,
    pub pearson: Option<Coefficient>,
    pub spearman: Option<Coefficient>,
}

/// Whether a measure of conditions goes with a gain, over the cells of a model and a way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Association {
    pub model: usize,
    pub way: Way,
    pub outcome: Outcome,
    /// `alignment`, `diversity`, or a measure beside them.
    pub measure: String,
    pub cells: usize,
    pub conditions: usize,
    /// `None` where gains or measures do not vary.
    pub pearson: Option<Coefficient>,
    pub spearman: Option<Coefficient>,
    /// Of Spearman's, over conditions with their seeds' means.
    pub permutation: Option<Test>,
    /// Of alignment and diversity: the least squares line of the gain.
    pub fit: Option<Fit>,
    /// Of alignment given the diversity of the condition and the tokens learnt from it.
    pub partial: Option<Partial>,
}

/// A line through points, and where lines through conditions drawn anew lie.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    pub intercept: f64,
    pub slope: f64,
    /// Places, and the 95 % interval of the line there.
    pub band: Vec<(f64, f64, f64)>,
}

/// A permutation test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Test {
    pub p_value: f64,
    pub orders: usize,
    pub is_exact: bool,
}

/// A condition in one way over all seeds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    pub model: usize,
    pub condition: Option<usize>,
    pub way: Option<Way>,
    pub seeds: usize,
    /// Means over seeds, and the least and the most of them.
    pub alignment: Option<f64>,
    pub alignment_range: Option<(f64, f64)>,
    pub diversity: Option<f64>,
    pub tokens: Option<f64>,
    pub target_tokens: Option<f64>,
    pub outcomes: BTreeMap<Outcome, Gain>,
    pub gains: BTreeMap<Outcome, Gain>,
}

/// How much better fine-tuning on a condition is than showing it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Versus {
    pub model: usize,
    pub condition: usize,
    pub ways: (Way, Way),
    pub gains: BTreeMap<Outcome, Gain>,
}

/// A cell's gain, for plots and tables of data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    pub model: usize,
    pub condition: usize,
    pub way: Way,
    pub seed: u64,
    pub outcome: Outcome,
    pub alignment: f64,
    pub diversity: Option<f64>,
    pub target_tokens: f64,
    pub gain: f64,
    pub interval: Option<(f64, f64)>,
}

/// Everything a report says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    pub summaries: Vec<Summary>,
    pub points: Vec<Point>,
    pub associations: Vec<Association>,
    pub versus: Vec<Versus>,
    pub rows: Vec<Row>,
}

/// How intervals are made.
#[derive(Clone, Copy)]
struct Resampling {
    resamples: usize,
    seed: u64,
}

/// The answer of the cells that are there.
pub fn answer(study: &Study, rows: Vec<Row>) -> Answer {
    let how = Resampling { resamples: study.report.resamples, seed: study.report.seed };
    let points = points(&rows, how);
    let mut associations = Vec::new();
    for (model, way) in pairs(study) {
        for outcome in OUTCOMES {
            let of: Vec<&Point> =
                points.iter().filter(|p| (p.model, p.way, p.outcome) == (model, way, outcome)).collect();
            if !of.is_empty() {
                associations.extend(associated(&of, &rows, (model, way, outcome), how));
            }
        }
    }
    let mut summaries = Vec::new();
    for model in 0..study.model.len() {
        summaries.extend(summary(&rows, model, None, None, how));
        for way in &study.ways {
            for condition in 0..study.condition.len() {
                summaries.extend(summary(&rows, model, Some(condition), Some(*way), how));
            }
        }
    }
    let versus = versus(study, &rows, how);
    Answer { summaries, points, associations, versus, rows }
}

fn pairs(study: &Study) -> impl Iterator<Item = (usize, Way)> {
    (0..study.model.len()).flat_map(|model| study.ways.iter().map(move |way| (model, *way)))
}

/// The rows of a condition and way, and of the model as it is, of the same seeds.
fn of(rows: &[Row], model: usize, condition: Option<usize>, way: Option<Way>) -> Vec<&Row> {
    rows.iter().filter(|row| (row.model, row.condition, row.way) == (model, condition, way)).collect()
}

fn before<'a>(rows: &'a [Row], row: &Row) -> Option<&'a Row> {
    rows.iter().find(|other| (other.model, other.condition, other.seed) == (row.model, None, row.seed))
}

fn points(rows: &[Row], how: Resampling) -> Vec<Point> {
    let mut points = Vec::new();
    for row in rows {
        let (Some(condition), Some(way), Some(likeness), Some(view)) =
            (row.condition, row.way, &row.likeness, &row.view)
        else {
            continue;
        };
        let Some(before) = before(rows, row) else { continue };
        for outcome in OUTCOMES {
            let gain = Gain::between(&[&row.outcomes], &[&before.outcomes], outcome, how.resamples, how.seed);
            points.extend(gain.map(|gain| Point {
                model: row.model,
                condition,
                way,
                seed: row.seed,
                outcome,
                alignment: likeness.alignment,
                diversity: likeness.diversity,
                target_tokens: view.target_tokens as f64,
                gain: gain.mean,
                interval: gain.interval,
            }));
        }
    }
    points
}

fn associated(
    points: &[&Point],
    rows: &[Row],
    (model, way, outcome): (usize, Way, Outcome),
    how: Resampling,
) -> Vec<Association> {
    let likeness = |point: &Point| {
        let row = rows.iter().find(|row| {
            (row.model, row.condition, row.way, row.seed) == (model, Some(point.condition), Some(way), point.seed)
        });
        row.and_then(|row| row.likeness.clone()).unwrap_or_default()
    };
    let others: Vec<BTreeMap<String, Option<f64>>> = points.iter().map(|point| likeness(point).others).collect();
    let mut measures: Vec<(String, Vec<Option<f64>>)> = vec![
        ("alignment".into(), points.iter().map(|point| Some(point.alignment)).collect()),
        ("diversity".into(), points.iter().map(|point| point.diversity).collect()),
    ];
    for name in others.first().into_iter().flat_map(BTreeMap::keys) {
        measures.push((name.clone(), others.iter().map(|of| of.get(name).copied().flatten()).collect()));
    }
    let mut found = Vec::new();
    for (measure, values) in measures {
        let Some(x) = values.into_iter().collect::<Option<Vec<f64>>>() else { continue };
        let y: Vec<f64> = points.iter().map(|point| point.gain).collect();
        let clusters: Vec<usize> = points.iter().map(|point| point.condition).collect();
        let coefficient = |which: Correlation| {
            with_interval(&clusters, how, &|places| which.of(&picked(&x, places), &picked(&y, places)))
        };
        let (of_x, of_y) = (by_cluster(&x, &clusters), by_cluster(&y, &clusters));
        let permutation = permutation_test(Correlation::Spearman, &of_x, &of_y, how.seed);
        found.push(Association {
            model,
            way,
            outcome,
            cells: points.len(),
            conditions: of_x.len(),
            pearson: coefficient(Correlation::Pearson),
            spearman: coefficient(Correlation::Spearman),
            permutation: permutation.map(|Permutation { p_value, orders, is_exact }| Test {
                p_value,
                orders,
                is_exact,
            }),
            fit: ["alignment", "diversity"].contains(&measure.as_str()).then(|| fit(&x, &y, &clusters, how)).flatten(),
            partial: (measure == "alignment").then(|| partial(points, &x, &y, &clusters, how)).flatten(),
            measure,
        });
    }
    found
}

fn partial(points: &[&Point], x: &[f64], y: &[f64], clusters: &[usize], how: Resampling) -> Option<Partial> {
    let diversity = points.iter().map(|point| point.diversity).collect::<Option<Vec<f64>>>();
    let tokens: Vec<f64> = points.iter().map(|point| point.target_tokens).collect();
    let given: Vec<(&'static str, Vec<f64>)> =
        [diversity.map(|of| ("diversity", of)), Some(("tokens learnt", tokens))].into_iter().flatten().collect();
    let coefficient = |which: Correlation| {
        with_interval(clusters, how, &|places| {
            let others: Vec<Vec<f64>> = given.iter().map(|(_, of)| picked(of, places)).collect();
            let others: Vec<&[f64]> = others.iter().map(Vec::as_slice).collect();
            partial_correlation(which, &picked(x, places), &picked(y, places), &others)
        })
    };
    let (pearson, spearman) = (coefficient(Correlation::Pearson), coefficient(Correlation::Spearman));
    (pearson.is_some() || spearman.is_some()).then(|| Partial {
        given: given.iter().map(|(name, _)| *name).collect(),
        pearson,
        spearman,
    })
}

fn with_interval(
    clusters: &[usize],
    how: Resampling,
    statistic: &dyn Fn(&[usize]) -> Option<f64>,
) -> Option<Coefficient> {
    let value = statistic(&(0..clusters.len()).collect::<Vec<_>>())?;
    Some(Coefficient { value, interval: clustered_interval(clusters, how.resamples, how.seed, statistic) })
}

/// Places of a band.
const PLACES: usize = 21;

fn fit(x: &[f64], y: &[f64], clusters: &[usize], how: Resampling) -> Option<Fit> {
    let (intercept, slope) = line(x, y)?;
    let (least, most) =
        (x.iter().copied().fold(f64::INFINITY, f64::min), x.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    let place = |at: usize| least + (most - least) * at as f64 / (PLACES - 1) as f64;
    let band = (0..PLACES).map(place).filter_map(|at| {
        let value = |places: &[usize]| line(&picked(x, places), &picked(y, places)).map(|(a, b)| a + b * at);
        clustered_interval(clusters, how.resamples, how.seed, &value).map(|(low, high)| (at, low, high))
    });
    Some(Fit { intercept, slope, band: band.collect() })
}

/// Intercept and slope by least squares; `None` where `x` does not vary.
fn line(x: &[f64], y: &[f64]) -> Option<(f64, f64)> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xx, mut xy) = (0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        xx += (x - mean_x) * (x - mean_x);
        xy += (x - mean_x) * (y - mean_y);
    }
    (xx > 0.0).then(|| (mean_y - xy / xx * mean_x, xy / xx))
}

fn picked(values: &[f64], places: &[usize]) -> Vec<f64> {
    places.iter().map(|at| values[*at]).collect()
}

/// The means of clusters.
fn by_cluster(values: &[f64], clusters: &[usize]) -> Vec<f64> {
    let mut all: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    values.iter().zip(clusters).for_each(|(value, cluster)| all.entry(*cluster).or_default().push(*value));
    all.into_values().map(|values| values.iter().sum::<f64>() / values.len() as f64).collect()
}

fn summary(rows: &[Row], model: usize, condition: Option<usize>, way: Option<Way>, how: Resampling) -> Option<Summary> {
    let own = of(rows, model, condition, way);
    if own.is_empty() {
        return None;
    }
    let outcomes: Vec<&Outcomes> = own.iter().map(|row| &row.outcomes).collect();
    let bases: Vec<&Outcomes> = own.iter().filter_map(|row| Some(&before(rows, row)?.outcomes)).collect();
    let each = |gain: &dyn Fn(Outcome) -> Option<Gain>| {
        OUTCOMES.into_iter().filter_map(|outcome| Some((outcome, gain(outcome)?))).collect()
    };
    let gains = match condition {
        Some(_) => each(&|outcome| Gain::between(&outcomes, &bases, outcome, how.resamples, how.seed)),
        None => BTreeMap::new(),
    };
    let mean = |of: &dyn Fn(&Row) -> Option<f64>| {
        let values = own.iter().map(|row| of(row)).collect::<Option<Vec<f64>>>()?;
        Some(values.iter().sum::<f64>() / values.len() as f64)
    };
    let each_alignment = own.iter().map(|row| Some(row.likeness.as_ref()?.alignment)).collect::<Option<Vec<f64>>>();
    let range = |values: Vec<f64>| {
        (values.iter().copied().fold(f64::INFINITY, f64::min), values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    };
    Some(Summary {
        model,
        condition,
        way,
        seeds: own.len(),
        alignment: mean(&|row| Some(row.likeness.as_ref()?.alignment)),
        alignment_range: each_alignment.map(range),
        diversity: mean(&|row| row.likeness.as_ref()?.diversity),
        tokens: mean(&|row| Some(row.view.as_ref()?.tokens as f64)),
        target_tokens: mean(&|row| Some(row.view.as_ref()?.target_tokens as f64)),
        outcomes: each(&|outcome| Gain::mean(&outcomes, outcome, how.resamples, how.seed)),
        gains,
    })
}

fn versus(study: &Study, rows: &[Row], how: Resampling) -> Vec<Versus> {
    let mut found = Vec::new();
    for (first, second) in [(Way::Finetune, Way::InContext), (Way::Continued, Way::Finetune)] {
        for model in 0..study.model.len() {
            for condition in 0..study.condition.len() {
                let outcomes = |way| of(rows, model, Some(condition), Some(way)).into_iter().map(|row| &row.outcomes);
                let (ours, theirs): (Vec<_>, Vec<_>) = (outcomes(first).collect(), outcomes(second).collect());
                let gain = |outcome| Gain::between(&ours, &theirs, outcome, how.resamples, how.seed);
                let gains: BTreeMap<Outcome, Gain> =
                    OUTCOMES.into_iter().filter_map(|outcome| Some((outcome, gain(outcome)?))).collect();
                if !gains.is_empty() {
                    found.push(Versus { model, condition, ways: (first, second), gains });
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::outcomes::{Likeness, Sample, View};
    use super::*;
    use crate::config::study::{EXAMPLE, parse};

    /// The example's first seven conditions.
    fn study() -> Study {
        let mut study = parse(EXAMPLE).expect("the example");
        study.condition.truncate(7);
        study
    }

    /// A study whose gains in loss rise with alignment, and whose type-check rates do not change.
    fn rows(study: &Study) -> Vec<Row> {
        let problems: Vec<String> = (0..20).map(|at| at.to_string()).collect();
        let row = |condition: Option<usize>, seed: u64| {
            let help = condition.map_or(0.0, |at| at as f64);
            let losses: Vec<(String, f64)> =
                problems.iter().enumerate().map(|(at, id)| (id.clone(), 9.0 + at as f64 / 10.0 - help)).collect();
            let samples: Vec<Sample> = problems
                .iter()
                .map(|id| Sample { id: id.clone(), type_check: Some(0.0), ..Sample::default() })
                .collect();
            Row {
                model: 0,
                condition,
                way: condition.map(|_| Way::Finetune),
                seed,
                view: condition.map(|_| View { tokens: 1000, target_tokens: 500, ..View::default() }),
                likeness: condition.map(|at| Likeness {
                    alignment: 0.2 + 0.1 * at as f64 + 0.01 * seed as f64,
                    diversity: Some([0.3, 0.1, 0.2, 0.25, 0.15, 0.05, 0.18][at]),
                    others: [("gzip".to_owned(), Some(-(at as f64)))].into(),
                    ..Likeness::default()
                }),
                outcomes: Outcomes::of(&problems, &samples, &losses),
                curve: vec![],
                training: vec![],
            }
        };
        let conditions = (0..study.condition.len()).flat_map(|at| [row(Some(at), 1), row(Some(at), 2)]);
        [row(None, 1), row(None, 2)].into_iter().chain(conditions).collect()
    }

    #[test]
    fn a_study_in_which_alignment_helps_says_so() {
        let study = study();
        let answer = answer(&study, rows(&study));
        let found = |measure: &str, outcome| {
            let mut of = answer.associations.iter().filter(|a| a.measure == measure && a.outcome == outcome);
            of.next().expect("an association").clone()
        };
        let loss = found("alignment", Outcome::Loss);
        assert_eq!((loss.cells, loss.conditions), (14, 7));
        let spearman = loss.spearman.expect("a coefficient");
        assert!(spearman.value > 0.97 && spearman.interval.expect("an interval").0 > 0.9);
        assert!(loss.permutation.is_some_and(|test| test.is_exact && test.p_value < 0.001));
        let partial = loss.partial.expect("a partial correlation");
        assert_eq!(partial.given, ["diversity", "tokens learnt"]);
        assert!(partial.pearson.expect("a coefficient").value > 0.97);
        assert!(found("gzip", Outcome::Loss).spearman.expect("a coefficient").value < -0.97);
        let rate = found("alignment", Outcome::TypeCheck);
        assert_eq!(
            (rate.spearman, rate.permutation, rate.partial),
            (None, None, None),
            "what does not vary says nothing"
        );
        assert_eq!(answer.summaries.len(), 8);
        let last = answer.summaries.last().expect("a summary");
        assert_eq!((last.seeds, last.gains[&Outcome::Loss].mean.round()), (2, 6.0));
        assert!(answer.versus.is_empty());
    }

    #[test]
    fn cells_without_the_model_as_it_was_have_no_gain() {
        let study = study();
        let mut rows = rows(&study);
        rows.remove(0);
        let answer = answer(&study, rows);
        assert!(answer.points.iter().all(|point| point.seed == 2) && !answer.points.is_empty());
    }
}
