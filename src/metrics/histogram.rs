//! Quantiles of a stream in constant memory. Owns one histogram; exact order statistics need all values and are not
//! offered here.

/// Counts of values in buckets whose width grows with the value: every value below 64 has its own, above that there are
/// 32 to each power of two, so a quantile is off by at most 1/64 of itself (Gil Tene's HdrHistogram, without its range).
#[derive(Clone, Debug)]
pub struct LogHistogram {
    counts: Vec<u64>,
    total: u64,
}

/// log2 of the buckets per power of two.
const BITS: u32 = 5;
const PER_OCTAVE: u64 = 1 << BITS;

impl Default for LogHistogram {
    fn default() -> Self {
        LogHistogram { counts: vec![0; bucket(u64::MAX) + 1], total: 0 }
    }
}

impl LogHistogram {
    /// Counts one value.
    pub fn add(&mut self, value: u64) {
        self.counts[bucket(value)] += 1;
        self.total += 1;
    }

    /// The smallest value that at least the share `q` (0 to 1) of all values do not exceed, to within 1/64; `None` if
    /// there are no values.
    pub fn quantile(&self, q: f64) -> Option<u64> {
        let rank = ((q * self.total as f64).ceil() as u64).max(1);
        let mut seen = 0;
        self.counts
            .iter()
            .position(|count| {
                seen += count;
                seen >= rank
            })
            .map(middle)
    }
}

fn bucket(value: u64) -> usize {
    let shift = (u64::BITS - value.leading_zeros()).saturating_sub(BITS + 1);
    (u64::from(shift) * PER_OCTAVE + (value >> shift)) as usize
}

/// The middle of a bucket, rounded down.
fn middle(bucket: usize) -> u64 {
    let shift = (bucket as u64 / PER_OCTAVE).saturating_sub(1);
    let low = (bucket as u64 - shift * PER_OCTAVE) << shift;
    low + ((1 << shift) - 1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_near_the_middle_of_its_bucket() {
        for exponent in 0..64 {
            for value in [1u64 << exponent, (1 << exponent) + (1 << exponent) / 3, u64::MAX >> (63 - exponent)] {
                let found = middle(bucket(value));
                assert!(found.abs_diff(value) <= value / 64, "{value}: {found}");
            }
        }
        assert_eq!((0..64).map(|v| middle(bucket(v))).collect::<Vec<_>>(), (0..64).collect::<Vec<_>>());
    }

    #[test]
    fn quantiles_are_nearest_ranks() {
        let mut histogram = LogHistogram::default();
        assert_eq!(histogram.quantile(0.5), None);
        (1..=10).for_each(|v| histogram.add(v));
        let quantile = |q| histogram.quantile(q).unwrap();
        assert_eq!([quantile(0.0), quantile(0.5), quantile(0.51), quantile(0.9), quantile(1.0)], [1, 5, 6, 9, 10]);
    }
}
