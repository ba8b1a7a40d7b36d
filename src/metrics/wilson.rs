//! Interval of a rate. Owns one formula.

/// 95 % Wilson score interval of `successes` out of `trials` (Wilson 1927, JASA 22:209): both bounds in `[0, 1]`.
/// With no trials nothing is known: `(0, 1)`.
pub fn wilson_interval(successes: u64, trials: u64) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    const Z: f64 = 1.959_963_984_540_054;
    let n = trials as f64;
    let p = successes as f64 / n;
    let z2 = Z * Z;
    let centre = p + z2 / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    (((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference values of statsmodels 0.15.0 on Python 3.11, one row each from
    /// `python -c "from statsmodels.stats.proportion import proportion_confint as p; print(p(98, 100, method='wilson'))"`.
    #[test]
    fn agrees_with_statsmodels() {
        for (k, n, low, high) in [
            (0, 10, 0.0, 0.277_532_799_862_889_26),
            (5, 10, 0.236_593_090_512_563_94, 0.763_406_909_487_436_1),
            (98, 100, 0.929_988_209_271_456, 0.994_498_032_449_837_6),
        ] {
            let (l, h) = wilson_interval(k, n);
            assert!((l - low).abs() < 1e-12 && (h - high).abs() < 1e-12, "{k}/{n}: {l} {h}");
        }
        assert_eq!(wilson_interval(0, 0), (0.0, 1.0));
    }
}
