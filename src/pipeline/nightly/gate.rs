//! When a run fails. Owns the decision; what it is decided by is in the comparisons.

use super::compare::Comparison;
use super::review::CellReview;
use crate::config::nightly::{Against, FailOn, Gate};
use crate::metrics::holm;

/// A comparison that makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failing {
    /// With the best run, not the last.
    pub is_best: bool,
    /// The p value corrected for all comparisons that are asked, where that decided.
    pub p: Option<f64>,
}

/// Finds out which cells fail.
pub(super) fn decide(gate: &Gate, cells: &mut [CellReview]) {
    let asked: &[bool] = match gate.against {
        Against::Last => &[false],
        Against::Best => &[true],
        Against::Both => &[false, true],
    };
    let mut comparisons: Vec<(usize, bool, usize, usize, f64)> = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        for is_best in asked {
            if let Some(Comparison { regressions, newly_solved, test, .. }) = cell.compared(*is_best) {
                comparisons.push((at, *is_best, regressions.len(), newly_solved.len(), test.p_value));
            }
        }
    }
    let corrected = holm(&comparisons.iter().map(|(.., p)| *p).collect::<Vec<_>>());
    for ((at, is_best, lost, won, _), p) in comparisons.into_iter().zip(corrected) {
        let (fails, p) = match gate.fail_on {
            FailOn::Never => (false, None),
            FailOn::Any => (lost > 0, None),
            FailOn::Significant => (lost > won && p < gate.alpha, Some(p)),
        };
        if fails {
            cells[at].failing.push(Failing { is_best, p });
        }
    }
}
