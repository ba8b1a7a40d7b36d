//! Correlation of two scores, or of a score with a label. Owns the coefficients; no significance tests.

/// Pearson's product-moment correlation, in `[-1, 1]`. `None` if the lengths differ, if there are fewer than two pairs, or
/// if one side does not vary.
pub fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() != y.len() || x.len() < 2 {
        return None;
    }
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        let (a, b) = (a - mean_x, b - mean_y);
        (xx, yy, xy) = (xx + a * a, yy + b * b, xy + a * b);
    }
    let varies = |v: &[f64]| v.iter().any(|a| *a != v[0]);
    (varies(x) && varies(y)).then(|| (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0))
}

/// Spearman's rank correlation: [`pearson`] of the [`average_ranks`], with its `None`.
pub fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    pearson(&average_ranks(x), &average_ranks(y))
}

/// Point-biserial correlation of a score with a label: [`pearson`] with the label as 0 or 1, with its `None`.
pub fn point_biserial(labels: &[bool], scores: &[f64]) -> Option<f64> {
    let labels: Vec<f64> = labels.iter().map(|label| f64::from(u8::from(*label))).collect();
    pearson(&labels, scores)
}

/// Ranks from 1 in ascending order; equal values share the mean of their ranks. NaN ranks as `f64::total_cmp` orders it.
pub fn average_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|i, j| values[*i].total_cmp(&values[*j]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|i, j| values[*i] == values[*j]) {
        let rank = before as f64 + (tied.len() + 1) as f64 / 2.0;
        tied.iter().for_each(|i| ranks[*i] = rank);
        before += tied.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored outputs of scipy 1.17 (tests/reference/metrics/agreement.py).
    #[test]
    fn agrees_with_scipy() {
        let cases = crate::metrics::reference::statistics().correlations;
        assert!(cases.len() >= 20);
        for case in cases {
            for (found, expected) in [
                (pearson(&case.x, &case.y), case.pearson),
                (spearman(&case.x, &case.y), case.spearman),
                (point_biserial(&case.labels, &case.x), case.point_biserial),
            ] {
                match (found, expected) {
                    (Some(f), Some(e)) => assert!((f - e).abs() < 1e-12, "{case:?}: {f}"),
                    _ => assert_eq!(found, expected, "{case:?}"),
                }
            }
        }
    }

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(average_ranks(&[2.0, 1.0, 2.0, 0.0, 2.0]), [4.0, 2.0, 4.0, 1.0, 4.0]);
        assert_eq!(average_ranks(&[0.0, -0.0]), [1.5, 1.5]);
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        assert_eq!(pearson(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(pearson(&[0.1; 3], &[1.0, 2.0, 3.0]), None);
        assert_eq!(pearson(&[1.0], &[1.0]), None);
        assert_eq!(pearson(&[1.0, 2.0], &[1.0]), None);
    }
}
