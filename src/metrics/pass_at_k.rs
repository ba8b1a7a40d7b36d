//! pass@k. Owns the unbiased estimator of Chen et al. 2021, "Evaluating Large Language Models Trained on Code".

/// The chance that at least one of `k` samples drawn without replacement from `samples`, of which `correct` are correct,
/// is correct: `1 - C(n-c, k) / C(n, k)`, as the product `1 - prod_{i=n-c+1..n} (1 - k/i)`, in `[0, 1]`.
///
/// `None` if it is not defined: `k` is 0 or more than `samples`, or `correct` is more than `samples`. O(`correct`).
pub fn pass_at_k(samples: u64, correct: u64, k: u64) -> Option<f64> {
    if k == 0 || k > samples || correct > samples {
        return None;
    }
    if samples - correct < k {
        return Some(1.0);
    }
    let none_correct: f64 = (samples - correct + 1..=samples).map(|i| 1.0 - k as f64 / i as f64).product();
    Some(1.0 - none_correct)
}

/// Mean of [`pass_at_k`] over problems, each given as (samples, correct). `None` without problems, or if it is not defined
/// for one of them: leaving such a problem out would change what is measured.
pub fn mean_pass_at_k(problems: &[(u64, u64)], k: u64) -> Option<f64> {
    let sum: f64 = problems.iter().map(|(samples, correct)| pass_at_k(*samples, *correct, k)).sum::<Option<f64>>()?;
    (!problems.is_empty()).then(|| sum / problems.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share of all `k`-subsets of `n` samples, the first `c` of them correct, that hold a correct one.
    fn by_enumeration(n: u64, c: u64, k: u64) -> f64 {
        let subsets = (0u32..1 << n).filter(|set| u64::from(set.count_ones()) == k);
        let (hits, all) =
            subsets.fold((0, 0), |(hits, all), set| (hits + u32::from(set & ((1 << c) - 1) != 0), all + 1));
        f64::from(hits) / f64::from(all)
    }

    #[test]
    fn is_the_share_of_subsets_with_a_correct_sample() {
        for n in 1..=10 {
            for c in 0..=n {
                for k in 1..=n {
                    let found = pass_at_k(n, c, k).unwrap_or(f64::NAN);
                    assert!((found - by_enumeration(n, c, k)).abs() < 1e-12, "{n} {c} {k}: {found}");
                }
            }
        }
    }

    #[test]
    fn is_none_where_it_is_not_defined() {
        assert_eq!(pass_at_k(3, 0, 4), None);
        assert_eq!(pass_at_k(3, 4, 1), None);
        assert_eq!(pass_at_k(3, 1, 0), None);
        assert_eq!(mean_pass_at_k(&[], 1), None);
        assert_eq!(mean_pass_at_k(&[(4, 1), (0, 0)], 1), None);
        assert_eq!(mean_pass_at_k(&[(4, 1), (4, 4)], 1), Some(0.625));
    }
}
