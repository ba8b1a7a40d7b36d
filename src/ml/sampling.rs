//! The choice of the next token from its scores. Owns the rules and their order: repetition penalty, temperature, top-k,
//! top-p, min-p, then one draw.

use super::math::elementwise::{self, softmax};
use crate::metrics::Random;
use pulp::{Arch, NullaryFnOnce};
use std::collections::HashSet;

/// How the next token is chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Scores are divided by it; 0 takes the highest score (greedy).
    pub temperature: f32,
    /// Only so many of the highest scores, if any number.
    pub top_k: Option<usize>,
    /// Only the highest until they have this probability together (Holtzman et al. 2020), 1 for all.
    pub top_p: f32,
    /// Only those at least this probable relative to the most probable (Nguyen et al. 2024), 0 for all.
    pub min_p: f32,
    /// Scores of tokens that occurred are divided by it if positive, multiplied if negative (Keskar et al. 2019), 1 for
    /// nothing.
    pub repetition_penalty: f32,
}

impl Default for Sampling {
    fn default() -> Self {
        Sampling { temperature: 1.0, top_k: None, top_p: 1.0, min_p: 0.0, repetition_penalty: 1.0 }
    }
}

impl Sampling {
    /// The token with the highest score, always.
    pub const GREEDY: Sampling =
        Sampling { temperature: 0.0, top_k: None, top_p: 1.0, min_p: 0.0, repetition_penalty: 1.0 };

    /// Whether the choice depends on the tokens so far.
    pub fn looks_back(&self) -> bool {
        self.repetition_penalty != 1.0
    }

    /// Chooses the next token behind `before`. Among equal scores the token with the smaller number is the higher.
    pub fn choose(&self, scores: &mut [f32], before: &[u32], random: &mut Random) -> u32 {
        if self.looks_back() {
            for token in before.iter().collect::<HashSet<_>>() {
                let score = &mut scores[*token as usize];
                *score = if *score > 0.0 { *score / self.repetition_penalty } else { *score * self.repetition_penalty };
            }
        }
        if self.temperature == 0.0 {
            return highest(scores);
        }
        Arch::new().dispatch(Shares { scores, temperature: self.temperature });
        let shares = &*scores;
        if self.top_k.is_none() && self.top_p >= 1.0 && self.min_p <= 0.0 {
            return drawn(shares, random) as u32;
        }
        let (tokens, shares): (Vec<u32>, Vec<f32>) = self.cut(shares).into_iter().unzip();
        tokens[drawn(&shares, random)]
    }

    /// The tokens that are left to be drawn from, with their shares, the most probable first.
    fn cut(&self, shares: &[f32]) -> Vec<(u32, f32)> {
        let by_share = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        let each = || (0..).zip(shares.iter().copied());
        let mut kept: Vec<(u32, f32)> = match self.top_k {
            Some(k) => {
                let mut all: Vec<(u32, f32)> = each().collect();
                if (1..all.len()).contains(&k) {
                    all.select_nth_unstable_by(k - 1, by_share);
                    all.truncate(k);
                }
                let total: f32 = all.iter().map(|(_, share)| share).sum();
                all.iter_mut().for_each(|(_, share)| *share /= total);
                all
            }
            // All shares below this together are less than top-p leaves out: nobody has to sort them.
            None => {
                let least = (1.0 - self.top_p) / shares.len() as f32 / 2.0;
                each().filter(|(_, share)| *share >= least).collect()
            }
        };
        kept.sort_unstable_by(by_share);
        // Scores that are no numbers have no shares.
        let Some((_, most)) = kept.first().copied() else { return vec![(0, 1.0)] };
        let mut sum = 0.0;
        // The token that reaches top-p is in.
        let in_p = kept
            .iter()
            .take_while(|(_, share)| {
                let before = sum;
                sum += share;
                before < self.top_p
            })
            .count();
        let in_min = kept.iter().take_while(|(_, share)| *share >= self.min_p * most).count();
        kept.truncate(in_p.min(in_min).max(1));
        kept
    }
}

/// Makes scores probabilities at a temperature.
struct Shares<'a> {
    scores: &'a mut [f32],
    temperature: f32,
}

impl NullaryFnOnce for Shares<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for score in &mut *self.scores {
            *score /= self.temperature;
        }
        softmax(self.scores);
    }
}

/// Shares that are summed up at a time.
const PART: usize = 1 << 10;

/// Draws a place in proportion to the shares, which need not sum to one.
fn drawn(shares: &[f32], random: &mut Random) -> usize {
    let sums: Vec<f64> = shares.chunks(PART).map(|part| f64::from(elementwise::sum(part))).collect();
    let mut left = random.unit() * sums.iter().sum::<f64>();
    let mut from = 0;
    for sum in sums {
        if left < sum {
            break;
        }
        left -= sum;
        from += PART;
    }
    for (place, share) in shares.iter().enumerate().skip(from) {
        left -= f64::from(*share);
        if left < 0.0 {
            return place;
        }
    }
    // Rounding ate the last bit of the sum: the last place that has a share.
    shares.iter().rposition(|share| *share > 0.0).unwrap_or(0)
}

/// The first of the highest scores.
fn highest(scores: &[f32]) -> u32 {
    Arch::new().dispatch(Highest(scores))
}

struct Highest<'a>(&'a [f32]);

impl NullaryFnOnce for Highest<'_> {
    type Output = u32;

    #[inline(always)]
    fn call(self) -> u32 {
        let most = elementwise::highest(self.0);
        self.0.iter().position(|score| *score == most).unwrap_or(0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f32; 5] = [1.0, 3.0, 2.0, 3.0, -1.0];

    fn drawn(sampling: Sampling) -> [u32; 5] {
        let mut random = Random::new(3);
        let mut counts = [0; 5];
        for _ in 0..20_000 {
            counts[sampling.choose(&mut SCORES.clone(), &[], &mut random) as usize] += 1;
        }
        counts
    }

    #[test]
    fn tokens_are_drawn_by_their_probability() {
        for temperature in [0.5, 1.0, 2.0] {
            let mut shares = SCORES.map(|score| score / temperature);
            softmax(&mut shares);
            let counts = drawn(Sampling { temperature, ..Sampling::default() });
            for (count, share) in counts.iter().zip(shares) {
                let (wanted, deviation) = (share * 20_000.0, (20_000.0 * share * (1.0 - share)).sqrt());
                assert!((*count as f32 - wanted).abs() < 5.0 * deviation, "{counts:?} at {temperature}");
            }
        }
    }

    #[test]
    fn cuts_leave_out_the_improbable() {
        let seen = |sampling| drawn(sampling).map(|count| count > 0);
        let all = Sampling::default();
        assert_eq!(seen(all), [true; 5]);
        assert_eq!(seen(Sampling { top_k: Some(1), ..all }), [false, true, false, false, false]);
        assert_eq!(seen(Sampling { top_k: Some(3), ..all }), [false, true, true, true, false]);
        // Shares: .049, .363, .134, .363, .007 (and rounding): the second reaches .7 of the two highest.
        assert_eq!(seen(Sampling { top_p: 0.7, ..all }), [false, true, false, true, false]);
        assert_eq!(seen(Sampling { top_p: 0.85, ..all }), [false, true, true, true, false]);
        assert_eq!(seen(Sampling { min_p: 0.3, ..all }), [false, true, true, true, false]);
    }

    #[test]
    fn greedy_takes_the_first_of_the_highest_and_repetition_costs() {
        let mut random = Random::new(0);
        assert_eq!(Sampling::GREEDY.choose(&mut SCORES.clone(), &[], &mut random), 1);
        let penalised = Sampling { repetition_penalty: 2.0, ..Sampling::GREEDY };
        assert_eq!(penalised.choose(&mut SCORES.clone(), &[1, 1], &mut random), 3);
        assert_eq!(penalised.choose(&mut SCORES.clone(), &[1, 3, 4], &mut random), 2);
    }
}
