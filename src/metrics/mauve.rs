//! How far two clouds of vectors cover each other (MAUVE, Pillutla et al. 2021, arXiv 2102.01454). Owns the formula and the
//! clustering it rests on; which vectors stand for texts is the caller's choice, and with it how near the figure is to published
//! ones.

use super::Random;

/// Of divergences, before they become the exponents of the curve.
const SCALE: f64 = 5.0;

/// Points of the curve between its ends.
const POINTS: usize = 25;

/// Rounds of the clustering at most.
const ROUNDS: usize = 100;

/// The area under the divergence curve of two sets of vectors of equal length, from near 0 (nothing in common) to 1 (the same
/// shares of every cluster). Clusters are of both together, one for ten vectors of the smaller set and two at least; they depend on
/// the seed. `None` if a set is empty.
pub fn mauve(p: &[Vec<f32>], q: &[Vec<f32>], seed: u64) -> Option<f64> {
    if p.is_empty() || q.is_empty() {
        return None;
    }
    let all: Vec<&[f32]> = p.iter().chain(q).map(Vec::as_slice).collect();
    let count = ((p.len().min(q.len()) as f64 / 10.0).round() as usize).max(2);
    let clusters = k_means(&all, count, &mut Random::new(seed));
    let shares = |of: &[usize]| {
        let mut shares = vec![0.0; count];
        of.iter().for_each(|cluster| shares[*cluster] += 1.0 / of.len() as f64);
        shares
    };
    Some(area(&shares(&clusters[..p.len()]), &shares(&clusters[p.len()..])))
}

/// The area under `(e^(-c KL(q|r)), e^(-c KL(p|r)))` for mixtures `r` of `p` and `q`, as the mean over both axes.
fn area(p: &[f64], q: &[f64]) -> f64 {
    let divergence =
        |of: &[f64], r: &[f64]| of.iter().zip(r).filter(|(x, _)| **x > 0.0).map(|(x, r)| x * (x / r).ln()).sum::<f64>();
    let mut curve = vec![(1.0, 0.0), (0.0, 1.0)];
    for point in 0..POINTS {
        let share = 1e-6 + (1.0 - 2e-6) * point as f64 / (POINTS - 1) as f64;
        let r: Vec<f64> = p.iter().zip(q).map(|(p, q)| share * p + (1.0 - share) * q).collect();
        curve.push(((-SCALE * divergence(q, &r)).exp(), (-SCALE * divergence(p, &r)).exp()));
    }
    let turned = curve.iter().map(|(x, y)| (*y, *x)).collect();
    (under(curve) + under(turned)) / 2.0
}

/// The area under a curve of points in any order, by trapezoids.
fn under(mut points: Vec<(f64, f64)>) -> f64 {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
    points.windows(2).map(|w| (w[1].0 - w[0].0) * f64::midpoint(w[0].1, w[1].1)).sum()
}

/// The cluster of every vector: k-means (Lloyd 1982) from centres that are drawn far from each other (Arthur and Vassilvitskii
/// 2007). O(rounds vectors clusters length).
pub fn k_means(vectors: &[&[f32]], count: usize, random: &mut Random) -> Vec<usize> {
    let distance = |a: &[f32], b: &[f64]| a.iter().zip(b).map(|(x, y)| (f64::from(*x) - y).powi(2)).sum::<f64>();
    let as_centre = |vector: &[f32]| vector.iter().map(|x| f64::from(*x)).collect::<Vec<f64>>();
    let Some(first) = (!vectors.is_empty()).then(|| random.below(vectors.len() as u64) as usize) else {
        return vec![];
    };
    let mut centres = vec![as_centre(vectors[first])];
    let mut nearest: Vec<f64> = vectors.iter().map(|vector| distance(vector, &centres[0])).collect();
    while centres.len() < count.min(vectors.len()) {
        let mut at = random.unit() * nearest.iter().sum::<f64>();
        let chosen = nearest.iter().position(|near| {
            at -= near;
            at < 0.0
        });
        // All others are copies of centres.
        let Some(chosen) = chosen else { break };
        let centre = as_centre(vectors[chosen]);
        for (near, vector) in nearest.iter_mut().zip(vectors) {
            *near = near.min(distance(vector, &centre));
        }
        centres.push(centre);
    }
    let mut clusters = vec![0; vectors.len()];
    for round in 0..ROUNDS {
        let mut is_settled = round > 0;
        for (cluster, vector) in clusters.iter_mut().zip(vectors) {
            let of = |centre: &Vec<f64>| distance(vector, centre);
            let found = (0..centres.len()).min_by(|a, b| of(&centres[*a]).total_cmp(&of(&centres[*b])));
            let found = found.unwrap_or_default();
            is_settled &= found == *cluster;
            *cluster = found;
        }
        if is_settled {
            break;
        }
        for (at, centre) in centres.iter_mut().enumerate() {
            let own: Vec<&&[f32]> =
                vectors.iter().zip(&clusters).filter(|(_, cluster)| **cluster == at).map(|(v, _)| v).collect();
            if own.is_empty() {
                continue;
            }
            for (i, x) in centre.iter_mut().enumerate() {
                *x = own.iter().map(|vector| f64::from(vector[i])).sum::<f64>() / own.len() as f64;
            }
        }
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points around some centres.
    fn cloud(centres: &[(f32, f32)], each: usize, seed: u64) -> Vec<Vec<f32>> {
        let mut random = Random::new(seed);
        let mut near = |x: f32| x + random.unit() as f32 - 0.5;
        centres.iter().flat_map(|c| vec![*c; each]).map(|(x, y)| vec![near(x), near(y)]).collect()
    }

    #[test]
    fn clusters_are_found() {
        let points = cloud(&[(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)], 20, 1);
        let vectors: Vec<&[f32]> = points.iter().map(Vec::as_slice).collect();
        let clusters = k_means(&vectors, 3, &mut Random::new(2));
        for part in clusters.chunks(20) {
            assert!(part.iter().all(|cluster| *cluster == part[0]), "{clusters:?}");
        }
        assert_ne!(clusters[0], clusters[20]);
        // Fewer different vectors than clusters, and none.
        assert_eq!(k_means(&[&[1.0], &[1.0]], 5, &mut Random::new(1)), [0, 0]);
        assert!(k_means(&[], 3, &mut Random::new(1)).is_empty());
    }

    #[test]
    fn what_is_covered_alike_is_near_one_and_what_is_apart_near_zero() {
        let both = [(0.0, 0.0), (10.0, 0.0)];
        let same = mauve(&cloud(&both, 40, 1), &cloud(&both, 40, 2), 1).unwrap();
        let half = mauve(&cloud(&both, 40, 1), &cloud(&[(0.0, 0.0)], 80, 2), 1).unwrap();
        let apart = mauve(&cloud(&[(10.0, 0.0)], 80, 1), &cloud(&[(0.0, 0.0)], 80, 2), 1).unwrap();
        assert!(same > 0.9 && half < same - 0.2 && apart < half - 0.2 && apart < 0.05, "{same} {half} {apart}");
        assert_eq!(mauve(&[], &cloud(&both, 1, 1), 1), None);
    }

    #[test]
    fn the_area_of_equal_shares_is_one_and_of_strangers_what_the_curve_says() {
        assert!((area(&[0.5, 0.5], &[0.5, 0.5]) - 1.0).abs() < 1e-9);
        // With nothing in common KL(q|r) = -ln(1 - share) and KL(p|r) = -ln(share): the points are ((1 - share)^5, share^5), and the
        // area below y = (1 - x^(1/5))^5 is 1/252 (Beta function); trapezoids make a little more of it.
        let found = area(&[1.0, 0.0], &[0.0, 1.0]);
        assert!((found - 1.0 / 252.0).abs() < 1e-3, "{found}");
    }
}
