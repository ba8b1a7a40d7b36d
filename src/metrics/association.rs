//! Whether one number goes with another where observations come in clusters (several seeds of one data condition): intervals by
//! resampling clusters, partial correlation, and a permutation test. Owns these; the coefficients are `agreement`'s.

use super::Random;
use super::agreement::{average_ranks, pearson, spearman};
use super::bootstrap::quantile;

/// Which coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correlation {
    Pearson,
    Spearman,
}

impl Correlation {
    /// Of two sequences; `None` where it is not defined.
    pub fn of(self, x: &[f64], y: &[f64]) -> Option<f64> {
        match self {
            Correlation::Pearson => pearson(x, y),
            Correlation::Spearman => spearman(x, y),
        }
    }

    /// The values that the coefficient is Pearson's of.
    fn seen(self, values: &[f64]) -> Vec<f64> {
        match self {
            Correlation::Pearson => values.to_vec(),
            Correlation::Spearman => average_ranks(values),
        }
    }
}

/// Clusters below which nothing is said of how sure a coefficient is.
const CLUSTERS: usize = 4;

/// Orders of clusters that are gone through one by one; of more, as many are drawn.
const ORDERS: usize = 50_000;

/// 95 % interval of a statistic over observations, by drawing whole clusters with replacement (Davison and Hinkley 1997,
/// section 3.8; percentiles). `clusters[i]` is the cluster of observation `i`. Draws in which the statistic is not defined, such as
/// those of one cluster only, are left out. `None` with fewer than four clusters, or if it is defined in less than half of the draws.
///
/// Deterministic in `seed`.
pub fn clustered_interval(
    clusters: &[usize],
    resamples: usize,
    seed: u64,
    statistic: &dyn Fn(&[usize]) -> Option<f64>,
) -> Option<(f64, f64)> {
    let members = members(clusters);
    if members.len() < CLUSTERS {
        return None;
    }
    let mut random = Random::new(seed);
    let mut found: Vec<f64> = (0..resamples)
        .filter_map(|_| {
            let drawn = (0..members.len()).map(|_| &members[random.below(members.len() as u64) as usize]);
            statistic(&drawn.flatten().copied().collect::<Vec<_>>())
        })
        .collect();
    if found.is_empty() || 2 * found.len() < resamples {
        return None;
    }
    found.sort_unstable_by(f64::total_cmp);
    Some((quantile(&found, 0.025), quantile(&found, 0.975)))
}

/// Partial correlation of `x` and `y` given `others`: the coefficient of what is left of both when the best linear
/// prediction from the others is taken away (of ranks, for Spearman's). `None` with fewer than `others + 3` observations, if lengths
/// differ, or if the others leave nothing of one of them.
pub fn partial_correlation(coefficient: Correlation, x: &[f64], y: &[f64], others: &[&[f64]]) -> Option<f64> {
    let n = x.len();
    if n < others.len() + 3 || y.len() != n || others.iter().any(|other| other.len() != n) {
        return None;
    }
    let mut basis: Vec<Vec<f64>> = vec![vec![1.0; n]];
    basis.extend(others.iter().map(|other| coefficient.seen(other)));
    let basis = orthonormal(basis);
    let rest = |values: &[f64]| {
        let seen = coefficient.seen(values);
        let centred = without(seen.clone(), &basis[..1]);
        let left = without(seen, &basis);
        // What is left of rounding is nothing.
        (norm(&left) > 1e-9 * norm(&centred)).then_some(left)
    };
    pearson(&rest(x)?, &rest(y)?)
}

/// What a permutation test found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Permutation {
    /// Two-sided, in `(0, 1]`.
    pub p_value: f64,
    /// Orders that were looked at.
    pub orders: usize,
    /// All orders there are were looked at, not some drawn at random.
    pub is_exact: bool,
}

/// Tests that `x` and `y` of clusters have nothing to do with each other: how often the coefficient is as far from zero when the
/// `y` of clusters are exchanged (Good 2005, section 3.8). The exchange is of clusters, for observations of a cluster are not
/// exchangeable with those of others: `x` and `y` are a value a cluster, such as means over seeds. Of up to eight clusters all
/// orders are looked at; else 50,000 are drawn and the order as it was is counted among them. `None` with fewer than four, or where the
/// coefficient is not defined.
pub fn permutation_test(coefficient: Correlation, x: &[f64], y: &[f64], seed: u64) -> Option<Permutation> {
    if x.len() < CLUSTERS {
        return None;
    }
    let (x, y) = (coefficient.seen(x), coefficient.seen(y));
    let wanted = pearson(&x, &y)?.abs() - 1e-12;
    let is_as_far = |order: &[f64]| pearson(&x, order).is_some_and(|found| found.abs() >= wanted);
    let all = (1..=x.len()).try_fold(1usize, |product, n| product.checked_mul(n)).unwrap_or(usize::MAX);
    let mut order = y;
    if all <= ORDERS {
        let mut as_far = 0;
        each_order(&mut order, &mut |order| as_far += usize::from(is_as_far(order)));
        return Some(Permutation { p_value: as_far as f64 / all as f64, orders: all, is_exact: true });
    }
    let mut random = Random::new(seed);
    let mut as_far = 1;
    for _ in 0..ORDERS {
        random.shuffle(&mut order);
        as_far += usize::from(is_as_far(&order));
    }
    Some(Permutation { p_value: as_far as f64 / (ORDERS + 1) as f64, orders: ORDERS, is_exact: false })
}

/// Observations by cluster, in the order of the clusters' first observations.
fn members(clusters: &[usize]) -> Vec<Vec<usize>> {
    let (mut names, mut members): (Vec<usize>, Vec<Vec<usize>>) = (vec![], vec![]);
    for (at, cluster) in clusters.iter().enumerate() {
        match names.iter().position(|name| name == cluster) {
            Some(place) => members[place].push(at),
            None => {
                names.push(*cluster);
                members.push(vec![at]);
            }
        }
    }
    members
}

/// Every order of the values once (Heap 1963).
fn each_order(values: &mut [f64], on: &mut dyn FnMut(&[f64])) {
    let mut counts = vec![0; values.len()];
    on(values);
    let mut at = 1;
    while at < values.len() {
        if counts[at] < at {
            let with = if at % 2 == 0 { 0 } else { counts[at] };
            values.swap(with, at);
            on(values);
            counts[at] += 1;
            at = 1;
        } else {
            counts[at] = 0;
            at += 1;
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// A vector without its part in the space of an orthonormal basis; twice, for what rounding leaves.
fn without(mut vector: Vec<f64>, basis: &[Vec<f64>]) -> Vec<f64> {
    for direction in basis.iter().chain(basis) {
        let along = dot(&vector, direction);
        vector.iter_mut().zip(direction).for_each(|(x, d)| *x -= along * d);
    }
    vector
}

/// Directions that span the same space (Gram and Schmidt); vectors that add none are left out.
fn orthonormal(vectors: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for vector in vectors {
        let whole = norm(&vector);
        let left = without(vector, &basis);
        let length = norm(&left);
        if length > 1e-9 * whole {
            basis.push(left.into_iter().map(|x| x / length).collect());
        }
    }
    basis
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formula of the first order, from the three coefficients: another way to the same number.
    #[test]
    fn with_one_other_it_is_the_formula_of_the_first_order() {
        let mut random = Random::new(3);
        let z: Vec<f64> = (0..40).map(|_| random.unit()).collect();
        let x: Vec<f64> = z.iter().map(|z| z + 0.5 * random.unit()).collect();
        let y: Vec<f64> = x.iter().zip(&z).map(|(x, z)| x - 2.0 * z + random.unit()).collect();
        for coefficient in [Correlation::Pearson, Correlation::Spearman] {
            let of = |a: &[f64], b: &[f64]| coefficient.of(a, b).expect("a coefficient");
            let (xy, xz, yz) = (of(&x, &y), of(&x, &z), of(&y, &z));
            let wanted = (xy - xz * yz) / ((1.0 - xz * xz) * (1.0 - yz * yz)).sqrt();
            let found = partial_correlation(coefficient, &x, &y, &[&z]).expect("a coefficient");
            assert!((found - wanted).abs() < 1e-12, "{coefficient:?}: {found} for {wanted}");
            // Another that says the same changes nothing.
            let doubled: Vec<f64> = z.iter().map(|z| 2.0 * z + 1.0).collect();
            let again = partial_correlation(coefficient, &x, &y, &[&z, &doubled]).expect("a coefficient");
            assert!((again - found).abs() < 1e-12);
        }
        assert_eq!(partial_correlation(Correlation::Pearson, &x, &y, &[&x]), None, "nothing of x is left");
        assert_eq!(partial_correlation(Correlation::Pearson, &x[..3], &y[..3], &[&z[..3]]), None);
    }

    #[test]
    fn the_test_of_few_clusters_is_exact() {
        // Of 24 orders of four, the one that rises and the one that falls are as far from zero.
        let found = permutation_test(Correlation::Spearman, &[1.0, 2.0, 3.0, 4.0], &[5.0, 6.0, 9.0, 70.0], 1);
        assert_eq!(found, Some(Permutation { p_value: 2.0 / 24.0, orders: 24, is_exact: true }));
        assert_eq!(permutation_test(Correlation::Pearson, &[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], 1), None);
        assert_eq!(permutation_test(Correlation::Pearson, &[1.0; 4], &[1.0, 2.0, 3.0, 4.0], 1), None);
        let mut seen = std::collections::HashSet::new();
        each_order(&mut [1.0, 2.0, 3.0, 4.0, 5.0], &mut |order| {
            assert!(seen.insert(order.iter().map(|x| *x as u64).collect::<Vec<_>>()));
        });
        assert_eq!(seen.len(), 120);
    }

    #[test]
    fn orders_drawn_at_random_come_near_to_all_of_them() {
        let x: Vec<f64> = (0..9).map(f64::from).collect();
        let y = [2.0, 0.0, 3.0, 1.0, 6.0, 4.0, 8.0, 5.0, 7.0];
        let drawn = permutation_test(Correlation::Spearman, &x, &y, 1).expect("a test");
        assert!(!drawn.is_exact && drawn.p_value < 0.03, "{drawn:?}");
        assert_eq!(Some(drawn), permutation_test(Correlation::Spearman, &x, &y, 1));
        // Of nine without any relation, most orders are further from zero.
        let none = permutation_test(Correlation::Spearman, &x, &[4.0, 1.0, 7.0, 8.0, 0.0, 5.0, 2.0, 6.0, 3.0], 1);
        assert!(none.expect("a test").p_value > 0.5);
    }

    /// Of data without a relation, 95 % intervals hold zero about as often as they say; of clusters taken for observations of their
    /// own, less often.
    #[test]
    fn intervals_know_that_seeds_of_a_condition_are_alike() {
        let (mut held, mut held_alone, runs) = (0, 0, 200);
        let mut random = Random::new(11);
        for run in 0..runs {
            let mut normal = || (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
            let (mut x, mut y, mut clusters) = (vec![], vec![], vec![]);
            for cluster in 0..12 {
                let (own_x, own_y) = (normal(), normal());
                for _ in 0..4 {
                    x.push(own_x + 0.1 * normal());
                    y.push(own_y + 0.1 * normal());
                    clusters.push(cluster);
                }
            }
            let of = |places: &[usize]| {
                let pick = |values: &[f64]| places.iter().map(|at| values[*at]).collect::<Vec<_>>();
                pearson(&pick(&x), &pick(&y))
            };
            let holds = |clusters: &[usize]| {
                let (low, high) = clustered_interval(clusters, 300, run, &of).expect("an interval");
                u32::from(low <= 0.0 && 0.0 <= high)
            };
            held += holds(&clusters);
            held_alone += holds(&(0..48).collect::<Vec<_>>());
        }
        let share = |held: u32| f64::from(held) / runs as f64;
        assert!(share(held) > 0.86, "{}", share(held));
        assert!(share(held_alone) < 0.75, "{}", share(held_alone));
        assert_eq!(clustered_interval(&[0, 0, 1, 1, 2, 2], 100, 1, &|_| Some(1.0)), None, "three clusters");
    }
}
