//! McNemar's test without approximation, for any number of discordant pairs, and several such tests at once. Owns the exact
//! p value, its mid-p companion and Holm's correction; who is paired with whom is the caller's.

/// Outcome of [`mcnemar_exact`]; both values are two-sided and in `[0, 1]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExactMcNemar {
    /// Of the exact conditional test: never below its level, often far above.
    pub p_value: f64,
    /// Half of the probability of what was seen is left out: nearer to the level, not guaranteed to keep it.
    pub mid_p: f64,
}

/// Tests that two runs solve pairs equally often, from the pairs that only the first and that only the second solved.
///
/// Under the hypothesis the smaller count `k` of `n` discordant pairs is binomial with probability one half (McNemar 1947,
/// Psychometrika 12:153). `p = min(1, 2 P(X <= k))`; mid-p is `2 P(X <= k) - P(X = k)` (Lancaster 1961; recommended for
/// McNemar's test by Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91). Sums are taken from the
/// largest term down, from its logarithm, so that thousands of pairs do not underflow.
pub fn mcnemar_exact(only_first: u64, only_second: u64) -> ExactMcNemar {
    let (n, k) = (only_first + only_second, only_first.min(only_second));
    let ln_choose: f64 = (0..k).map(|i| ((n - i) as f64 / (i + 1) as f64).ln()).sum();
    let seen = (ln_choose - n as f64 * std::f64::consts::LN_2).exp();
    let (mut term, mut below) = (seen, seen);
    for i in (0..k).rev() {
        term *= (i + 1) as f64 / (n - i) as f64;
        below += term;
    }
    ExactMcNemar { p_value: (2.0 * below).min(1.0), mid_p: (2.0 * below - seen).clamp(0.0, 1.0) }
}

/// p values corrected for there being several of them (Holm 1979, Scandinavian Journal of Statistics 6:65): if those below a
/// level are acted upon, one hypothesis that holds is rejected with at most that probability. In the order given.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let (mut adjusted, mut largest) = (vec![1.0; p_values.len()], 0.0f64);
    for (rank, at) in order.into_iter().enumerate() {
        largest = largest.max((p_values.len() - rank) as f64 * p_values[at]).min(1.0);
        adjusted[at] = largest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::mcnemar;

    /// Exact fractions from Python 3.11: `f = Fraction; c = sum(comb(n, i) for i in range(k + 1));
    /// min(f(1), f(2 * c, 2**n)), f(2 * c - comb(n, k), 2**n)`, as floats.
    #[test]
    fn agrees_with_exact_fractions() {
        for (b, c, p, mid) in REFERENCE {
            for (b, c) in [(b, c), (c, b)] {
                let found = mcnemar_exact(b, c);
                let near = |x: f64, y: f64| (x - y).abs() <= 1e-10 * y;
                assert!(near(found.p_value, p) && near(found.mid_p, mid), "{b}:{c}: {found:?}");
            }
        }
    }

    #[test]
    fn small_counts_agree_with_the_test_of_eval() {
        for (b, c) in (0..12).flat_map(|b| (0..12).map(move |c| (b, c))) {
            assert!((mcnemar_exact(b, c).p_value - mcnemar(b, c).p_value).abs() < 1e-12, "{b}:{c}");
        }
    }

    /// The example of the paper's definition, and that order does not matter.
    #[test]
    fn holm_multiplies_step_by_step() {
        let near = |found: Vec<f64>, expected: [f64; 4]| found.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-12);
        // 4 x .005, 3 x .01, then 2 x .03 and, not below it, 1 x .04.
        assert!(near(holm(&[0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]));
        assert!(near(holm(&[0.9, 0.5, 0.4, 0.3]), [1.0; 4]));
        assert_eq!(holm(&[]), Vec::<f64>::new());
    }

    const REFERENCE: [(u64, u64, f64, f64); 9] = [
        (0, 0, 1.0, 1.0),
        (0, 5, 0.0625, 0.03125),
        (1, 5, 0.21875, 0.125),
        (5, 5, 1.0, 1.0),
        (10, 30, 0.0022214337732293643, 0.0014504910141113214),
        (0, 40, 1.8189894035458565e-12, 9.094947017729282e-13),
        (120, 180, 0.0006342200069283569, 0.0005224207099608617),
        (700, 800, 0.010559255466711544, 0.009824629369101714),
        (2000, 2200, 0.0021323556719912346, 0.0020271761508530725),
    ];
}
