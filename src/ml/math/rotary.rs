//! Rotary positions (Su et al. 2021): tables of angles, and rotations of heads.

use crate::ml::spec::{Position, Scaling};
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

/// Cosines and sines of the angles at some positions, `rotary / 2` a position.
#[derive(Clone, Debug)]
pub struct Table {
    half: usize,
    /// Ascending.
    positions: Vec<usize>,
    cosines: Vec<f32>,
    sines: Vec<f32>,
}

impl Table {
    /// The angles of a model at these positions; of the layers with a window if `windowed`. `None` if positions are not
    /// rotations.
    pub fn new(position: &Position, windowed: bool, positions: &[usize]) -> Option<Table> {
        let Position::Rotary { rotary, base, windowed_base, scaling } = position else { return None };
        let (base, scaling) = match windowed_base {
            Some(own) if windowed => (*own, Scaling::None),
            _ => (*base, *scaling),
        };
        let half = rotary / 2;
        let plain = (0..half).map(|i| f64::from(base).powf(-2.0 * i as f64 / *rotary as f64));
        let frequencies: Vec<f64> = plain.map(|f| stretched(f, scaling)).collect();
        let mut positions = positions.to_vec();
        positions.sort_unstable();
        positions.dedup();
        // The angle in 32 bits, as the reference implementations have it.
        let angles = |position: &usize| {
            let position = *position as f32;
            frequencies.iter().map(move |frequency| f64::from(position * *frequency as f32).sin_cos())
        };
        let angles: Vec<(f64, f64)> = positions.iter().flat_map(angles).collect();
        let (sines, cosines) = angles.into_iter().map(|(sine, cosine)| (sine as f32, cosine as f32)).unzip();
        Some(Table { half, positions, cosines, sines })
    }

    /// Rotates the heads of `x: [rows, heads * head]`, row `i` being at position `positions[i]`, which the table has.
    pub fn rotate(&self, x: &mut [f32], heads: usize, head: usize, positions: &[usize]) {
        self.turn(x, heads, head, positions, 1.0);
    }

    /// The opposite of [`Table::rotate`], which is its transpose too: makes gradients of what was rotated those of what it
    /// was made of.
    pub fn rotate_back(&self, x: &mut [f32], heads: usize, head: usize, positions: &[usize]) {
        self.turn(x, heads, head, positions, -1.0);
    }

    fn turn(&self, x: &mut [f32], heads: usize, head: usize, positions: &[usize], direction: f32) {
        let of = |(row, position): (&mut [f32], &usize)| {
            let at = self.positions.binary_search(position).expect("the table has the position");
            let (cosines, sines) =
                (&self.cosines[at * self.half..][..self.half], &self.sines[at * self.half..][..self.half]);
            Arch::new().dispatch(Turning { row, head, cosines, sines, direction });
        };
        if positions.len() <= FEW {
            return x.chunks_exact_mut(heads * head).zip(positions).for_each(of);
        }
        x.par_chunks_exact_mut(heads * head).zip(positions).for_each(of);
    }
}

/// Rows that are not worth handing to threads.
const FEW: usize = 8;

struct Turning<'a> {
    row: &'a mut [f32],
    head: usize,
    cosines: &'a [f32],
    sines: &'a [f32],
    /// 1, or -1 for the opposite.
    direction: f32,
}

impl NullaryFnOnce for Turning<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let half = self.cosines.len();
        for head in self.row.chunks_exact_mut(self.head) {
            let (first, second) = head[..2 * half].split_at_mut(half);
            let angles = self.cosines.iter().zip(self.sines);
            for ((a, b), (cosine, sine)) in first.iter_mut().zip(second).zip(angles) {
                let sine = sine * self.direction;
                (*a, *b) = (*a * cosine - *b * sine, *b * cosine + *a * sine);
            }
        }
    }
}

fn stretched(frequency: f64, scaling: Scaling) -> f64 {
    match scaling {
        Scaling::None => frequency,
        Scaling::Linear { factor } => frequency / f64::from(factor),
        Scaling::Llama3 { factor, low, high, original } => {
            let (factor, low, high, original) =
                (f64::from(factor), f64::from(low), f64::from(high), f64::from(original));
            let turns = original * frequency / std::f64::consts::TAU;
            if turns < low {
                frequency / factor
            } else if turns > high {
                frequency
            } else {
                let share = (turns - low) / (high - low);
                (1.0 - share) * frequency / factor + share * frequency
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ml::math::differences::{assert_slopes, numbers, weighed};

    #[test]
    fn gradients_are_turned_back() {
        let (heads, head, positions) = (3, 10, [0, 1, 2, 3, 4, 5, 6, 700, 701, 9, 10]);
        let position = Position::Rotary { rotary: 6, base: 1e4, windowed_base: None, scaling: Scaling::None };
        let table = Table::new(&position, false, &positions).expect("a rotation");
        let count = positions.len() * heads * head;
        for seed in 0..3 {
            let (x, dout) = (numbers(count, seed), numbers(count, seed + 10));
            let turned = |x: &[f32]| {
                let mut x = x.to_vec();
                table.rotate(&mut x, heads, head, &positions);
                x
            };
            let mut dx = dout.clone();
            table.rotate_back(&mut dx, heads, head, &positions);
            assert_slopes("rotation", &[&x], &[&dx], |inputs| weighed(&turned(&inputs[0]), &dout));
            let mut back = turned(&x);
            assert!(back != x, "it turns");
            table.rotate_back(&mut back, heads, head, &positions);
            assert!(back.iter().zip(&x).all(|(a, b)| (a - b).abs() < 1e-6), "there and back");
        }
    }
}
