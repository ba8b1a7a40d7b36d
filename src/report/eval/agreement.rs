//! What people and programs read of an agreement with labels.

use crate::pipeline::eval::Agreement;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// As JSON.
pub fn agreement(file: &str, labels: &[bool], folds: usize, seed: u64, found: &[Agreement]) -> Value {
    let signals = found.iter().map(|a| {
        let c = &a.confusion;
        let value = json!({
            "items": a.items, "undecided": a.undecided,
            "true_positive": c.true_positive, "true_negative": c.true_negative,
            "false_positive": c.false_positive, "false_negative": c.false_negative,
            "precision": c.precision(), "recall": c.recall(), "accuracy": c.accuracy(), "kappa": c.kappa(),
            "accuracy_low": a.accuracy.low, "accuracy_high": a.accuracy.high,
            "thresholds": a.thresholds.map(|(low, high)| [low, high]),
            "spearman": a.spearman, "point_biserial": a.point_biserial,
        });
        (a.signal.as_str().to_owned(), value)
    });
    json!({
        "schema": "afcheck.agreement/1",
        "labels": file,
        "items": labels.len(),
        "positive": labels.iter().filter(|l| **l).count(),
        "folds": folds,
        "seed": seed,
        "signals": signals.collect::<Map<String, Value>>(),
    })
}

/// As a table.
pub fn agreement_table(file: &str, labels: &[bool], found: &[Agreement]) -> String {
    let mut text = String::new();
    let positive = labels.iter().filter(|l| **l).count();
    let _ = writeln!(
        text,
        "{}: {} pairs, {positive} called equivalent",
        super::super::untrusted::one_line(file, 60),
        labels.len()
    );
    let _ = writeln!(
        text,
        "\n{:<24} {:>6} {:>9} {:>7} {:>8}  {:<16} {:>6} {:>9} {:>8}  threshold",
        "signal", "items", "precision", "recall", "accuracy", "95 % interval", "kappa", "spearman", "biserial"
    );
    for a in found {
        let percent = |x: Option<f64>| x.map_or("-".to_owned(), |x| format!("{:.1}", 100.0 * x));
        let number = |x: Option<f64>| x.map_or("-".to_owned(), |x| format!("{x:.3}"));
        let interval = format!("{:.1} to {:.1}", 100.0 * a.accuracy.low, 100.0 * a.accuracy.high);
        let threshold = a.thresholds.map_or(String::new(), |(low, high)| format!("{low:.3} to {high:.3}"));
        let c = &a.confusion;
        let _ = writeln!(
            text,
            "{:<24} {:>6} {:>9} {:>7} {:>8}  {interval:<16} {:>6} {:>9} {:>8}  {threshold}",
            a.signal.title(),
            a.items,
            percent(c.precision()),
            percent(c.recall()),
            percent(c.accuracy()),
            number(c.kappa()),
            number(a.spearman),
            number(a.point_biserial)
        );
    }
    text
}
