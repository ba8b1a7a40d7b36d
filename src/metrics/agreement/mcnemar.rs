//! McNemar's test of two runs on the same problems. Owns the test; the counts of discordant problems are given.

use crate::metrics::normal::chi_square_1_tail;

/// Discordant problems below which the exact test is taken.
const SMALL: u64 = 25;

/// Outcome of [`mcnemar`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    /// Exact: the smaller count. Otherwise the chi-square statistic.
    pub statistic: f64,
    /// Two-sided, in `[0, 1]`.
    pub p_value: f64,
    /// True if the p-value is from the binomial distribution.
    pub exact: bool,
}

/// Tests that two runs solve problems equally often (McNemar 1947), from the problems that only the first and that only
/// the second run solved; those that both or neither solved do not matter.
///
/// With fewer than 25 such problems it is the exact binomial test, otherwise chi-square with one degree of freedom and
/// Edwards' continuity correction, `max(|b - c| - 1, 0)^2 / (b + c)`.
pub fn mcnemar(only_first: u64, only_second: u64) -> McNemar {
    let (n, smaller) = (only_first + only_second, only_first.min(only_second));
    if n >= SMALL {
        let beyond = (only_first.abs_diff(only_second) as f64 - 1.0).max(0.0);
        let statistic = beyond * beyond / n as f64;
        return McNemar { statistic, p_value: chi_square_1_tail(statistic), exact: false };
    }
    // C(n, k) / 2^n, summed up to the smaller count.
    let (mut term, mut sum) = (0.5f64.powi(n as i32), 0.0);
    for k in 0..=smaller {
        sum += term;
        term *= (n - k) as f64 / (k + 1) as f64;
    }
    McNemar { statistic: smaller as f64, p_value: (2.0 * sum).min(1.0), exact: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored outputs of statsmodels 0.15 (tests/reference/metrics/agreement.py).
    #[test]
    fn agrees_with_statsmodels() {
        let cases = crate::metrics::reference::statistics().mcnemar;
        assert!(cases.len() >= 20);
        for case in cases {
            let found = mcnemar(case.only_first, case.only_second);
            assert_eq!(found.exact, case.only_first + case.only_second < SMALL);
            assert!((found.statistic - case.statistic).abs() < 1e-12, "{case:?}: {found:?}");
            assert!((found.p_value - case.p_value).abs() <= 1e-12 * case.p_value, "{case:?}: {found:?}");
        }
    }

    #[test]
    fn equal_counts_are_no_evidence() {
        assert_eq!(mcnemar(0, 0).p_value, 1.0);
        assert_eq!(mcnemar(50, 50), McNemar { statistic: 0.0, p_value: 1.0, exact: false });
    }
}
