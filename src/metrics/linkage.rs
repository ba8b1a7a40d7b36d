//! Hierarchical clustering of a matrix of distances by average linkage (UPGMA, Sokal and Michener 1958). Owns the order in which
//! clusters join.

/// Two clusters that join. Clusters below the number of items are items, others are joins in their order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Join {
    pub clusters: (usize, usize),
    /// Mean distance between the items of the one and of the other.
    pub distance: f64,
}

/// The joins of all items into one cluster, nearest first: one fewer than there are items. `distances` is symmetric, its diagonal
/// is not looked at. O(n^3).
pub fn average_linkage(distances: &[Vec<f64>]) -> Vec<Join> {
    let mut clusters: Vec<(usize, Vec<usize>)> = (0..distances.len()).map(|at| (at, vec![at])).collect();
    let mean = |a: &[usize], b: &[usize]| {
        let sum: f64 = a.iter().flat_map(|i| b.iter().map(|j| distances[*i][*j])).sum();
        sum / (a.len() * b.len()) as f64
    };
    let mut joins = Vec::new();
    while clusters.len() > 1 {
        let mut nearest = (0, 1, f64::INFINITY);
        for second in 1..clusters.len() {
            for first in 0..second {
                let distance = mean(&clusters[first].1, &clusters[second].1);
                if distance < nearest.2 {
                    nearest = (first, second, distance);
                }
            }
        }
        let (first, second, distance) = nearest;
        let (other, items) = clusters.remove(second);
        joins.push(Join { clusters: (clusters[first].0, other), distance });
        clusters[first].0 = distances.len() + joins.len() - 1;
        clusters[first].1.extend(items);
    }
    joins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_join_first_and_clusters_by_their_mean() {
        let points: [f64; 4] = [0.0, 1.0, 5.0, 7.0];
        let distances: Vec<Vec<f64>> = points.iter().map(|a| points.iter().map(|b| (a - b).abs()).collect()).collect();
        let joins = average_linkage(&distances);
        let of = |a, b, distance| Join { clusters: (a, b), distance };
        assert_eq!(joins, [of(0, 1, 1.0), of(2, 3, 2.0), of(4, 5, 5.5)]);
        assert!(average_linkage(&[vec![0.0]]).is_empty() && average_linkage(&[]).is_empty());
        // What is no number joins last, and all do.
        assert_eq!(average_linkage(&[vec![0.0, f64::NAN], vec![f64::NAN, 0.0]]).len(), 1);
    }
}
