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
        let of = |(row, position): (&mut [f32], &usize)| {
            let at = self.positions.binary_search(position).expect("the table has the position");
            let (cosines, sines) =
                (&self.cosines[at * self.half..][..self.half], &self.sines[at * self.half..][..self.half]);
            Arch::new().dispatch(Turning { row, head, cosines, sines });
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
