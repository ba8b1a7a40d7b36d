//! Numbers and findings of a study in words. Owns how they are spelled, for all renderings.

use crate::config::study::{Study, Way};
use crate::pipeline::study::{Association, Coefficient, Gain, Outcome, Partial, Test};

/// Whether an outcome is told in points of a hundred.
fn is_share(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Loss | Outcome::Bleu)
}

/// A mean with its interval.
pub fn mean(outcome: Outcome, gain: &Gain) -> String {
    number(outcome, gain, false)
}

/// A gain with its sign and interval.
pub fn gain(outcome: Outcome, gain: &Gain) -> String {
    number(outcome, gain, true)
}

fn number(outcome: Outcome, gain: &Gain, is_signed: bool) -> String {
    let one = |value: f64| match (is_share(outcome), is_signed) {
        (true, true) => format!("{:+.1}", 100.0 * value),
        (true, false) => format!("{:.1} %", 100.0 * value),
        (false, true) => format!("{value:+.3}"),
        (false, false) => format!("{value:.3}"),
    };
    match gain.interval {
        Some((low, high)) => format!("{} ({} to {})", one(gain.mean), one(low), one(high)),
        None => one(gain.mean),
    }
}

/// What gains of an outcome are counted in.
pub fn unit_of_gain(outcome: Outcome) -> &'static str {
    if is_share(outcome) { "points" } else { outcome.unit() }
}

/// A coefficient with its interval.
pub fn coefficient(found: Option<&Coefficient>) -> String {
    match found {
        None => "–".to_owned(),
        Some(Coefficient { value, interval: None }) => format!("{value:+.2}"),
        Some(Coefficient { value, interval: Some((low, high)) }) => format!("{value:+.2} ({low:+.2} to {high:+.2})"),
    }
}

/// A p value.
pub fn p(test: Option<&Test>) -> String {
    match test {
        None => "–".to_owned(),
        Some(test) if test.p_value < 0.001 => "< 0.001".to_owned(),
        Some(test) => format!("{:.3}", test.p_value),
    }
}

/// What a partial correlation found.
pub fn partial(found: Option<&Partial>) -> String {
    coefficient(found.and_then(|partial| partial.spearman.as_ref()))
}

/// The finding of one association as a sentence.
pub fn finding(study: &Study, association: &Association) -> String {
    let Association { model, way, outcome, conditions, cells, spearman, permutation, .. } = association;
    let about = format!("{}, {}", study.model[*model].name, way.title());
    let Some(spearman) = spearman else {
        let why = match cells {
            0..=1 => "there are too few cells",
            _ => "the gain is the same everywhere",
        };
        return format!("{about}: {why} in {}, so that nothing can be said.", outcome.title());
    };
    let direction = match spearman.interval {
        Some((low, _)) if low > 0.0 => "more aligned conditions help more",
        Some((_, high)) if high < 0.0 => "more aligned conditions help less",
        Some(_) if permutation.as_ref().is_some_and(|test| test.p_value < 0.05) => {
            "a relation is not sure, for the interval holds zero though the test does not"
        }
        Some(_) => "no relation is shown either way",
        None => "with so few conditions nothing is known of others",
    };
    format!(
        "{about}: in {}, {direction}: Spearman's rho {} over {cells} cells of {conditions} conditions, p = {} (permutation of conditions).",
        outcome.title(),
        coefficient(Some(spearman)),
        p(permutation.as_ref())
    )
}

/// The name of a condition in a way, or of the model as it is.
pub fn row_name(study: &Study, condition: Option<usize>, way: Option<Way>) -> String {
    match (condition, way) {
        (Some(condition), Some(way)) => format!("{}, {}", study.condition[condition].name, way.title()),
        _ => "as it is".to_owned(),
    }
}

/// A number of tokens.
pub fn tokens(count: Option<f64>) -> String {
    count.map_or("–".to_owned(), |count| format!("{count:.0}"))
}

/// An alignment or a diversity, with its range over seeds.
pub fn likeness(value: Option<f64>, range: Option<(f64, f64)>) -> String {
    match (value, range) {
        (Some(value), Some((least, most))) if most > least => format!("{value:.3} ({least:.3} to {most:.3})"),
        (Some(value), _) => format!("{value:.3}"),
        _ => "–".to_owned(),
    }
}

/// Columns side by side, for a terminal.
pub fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("  {}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
