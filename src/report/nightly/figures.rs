//! How the figures of runs are written, the same in every report. Owns rounding and units.

use crate::metrics::wilson_interval;
use crate::pipeline::nightly::{Comparison, Review};
use crate::report::tally::counted;
use crate::store::history::{Counts, Run};
use std::time::{Duration, UNIX_EPOCH};

/// `2026-11-30 15:59 UTC`.
pub(super) fn date(seconds: i64) -> String {
    let time = UNIX_EPOCH + Duration::from_secs(seconds.max(0) as u64);
    let text = humantime::format_rfc3339_seconds(time).to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => text,
    }
}

/// Share of the decided items that are solved; `None` if none is decided.
pub(super) fn share(counts: &Counts) -> Option<f64> {
    (counts.decided() > 0).then(|| counts.accepted as f64 / counts.decided() as f64)
}

/// `75.0 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// `15 of 20`.
pub(super) fn solved(counts: &Counts) -> String {
    format!("{} of {}", counts.accepted, counts.decided())
}

/// `75.0 %`, or a dash.
pub(super) fn rate(counts: &Counts) -> String {
    share(counts).map_or("–".to_owned(), percent)
}

/// `53.1 to 88.8`, the 95 % Wilson interval.
pub(super) fn interval(counts: &Counts) -> String {
    let (low, high) = wilson_interval(counts.accepted, counts.decided());
    format!("{:.1} to {:.1}", 100.0 * low, 100.0 * high)
}

/// `0.063`, or `< 0.001`.
pub(super) fn p(value: f64) -> String {
    if value < 0.001 { "< 0.001".to_owned() } else { format!("{value:.3}") }
}

/// `+2 −5, p 0.45`: newly solved, regressions, McNemar's exact test.
pub(super) fn difference(comparison: &Comparison) -> String {
    let (won, lost) = (comparison.newly_solved.len(), comparison.regressions.len());
    format!("+{won} −{lost}, p {}", p(comparison.test.p_value))
}

/// `5 regressions`.
pub(super) fn regressions(count: usize) -> String {
    counted(count as u64, "regression")
}

/// Regressions of all cells against the runs the gate asks.
pub(super) fn all_regressions(review: &Review) -> usize {
    review.cells.iter().map(|cell| review.regressions(cell).len()).sum()
}

/// `run 2`, with its revision if it has one. Untrusted.
pub(super) fn named(run: &Run) -> String {
    match &run.plan.revision {
        Some(revision) => format!("run {} ({})", run.id, revision.chars().take(12).collect::<String>()),
        None => format!("run {}", run.id),
    }
}
