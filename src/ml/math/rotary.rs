//! Rotary positions (Su et al. 2021): tables of angles, and rotations of heads.

use crate::ml::spec::{Position, Scaling};
use rayon::prelude::*;

/// Cosines and sines of the angles at positions `0..`, `rotary / 2` a position.
#[derive(Clone, Debug, Default)]
pub struct Table {
    half: usize,
    frequencies: Vec<f64>,
    cosines: Vec<f32>,
    sines: Vec<f32>,
}

impl Table {
    /// An empty table of a model's positions; of the layers with a window if `windowed`. `None` if positions are not
    /// rotations.
    pub fn new(position: &Position, windowed: bool) -> Option<Table> {
        let Position::Rotary { rotary, base, windowed_base, scaling } = position else { return None };
        let (base, scaling) = match windowed_base {
            Some(own) if windowed => (*own, Scaling::None),
            _ => (*base, *scaling),
        };
        let half = rotary / 2;
        let plain = (0..half).map(|i| f64::from(base).powf(-2.0 * i as f64 / *rotary as f64));
        let frequencies = plain.map(|f| stretched(f, scaling)).collect();
        Some(Table { half, frequencies, ..Table::default() })
    }

    /// Makes the table reach to position `end`.
    pub fn reach(&mut self, end: usize) {
        for position in self.cosines.len() / self.half.max(1)..end {
            for frequency in &self.frequencies {
                // The angle in 32 bits, as the reference implementations have it.
                let angle = position as f32 * *frequency as f32;
                self.cosines.push(f64::from(angle).cos() as f32);
                self.sines.push(f64::from(angle).sin() as f32);
            }
        }
    }

    /// Rotates the heads of `x: [rows, heads * head]`, row `i` being at position `positions[i]`, which the table reaches.
    pub fn rotate(&self, x: &mut [f32], heads: usize, head: usize, positions: &[usize]) {
        let half = self.half;
        x.par_chunks_mut(heads * head).zip(positions).for_each(|(row, position)| {
            let (cosines, sines) = (&self.cosines[position * half..][..half], &self.sines[position * half..][..half]);
            for head in row.chunks_mut(head) {
                let (first, second) = head[..2 * half].split_at_mut(half);
                for i in 0..half {
                    let (a, b) = (first[i], second[i]);
                    first[i] = a * cosines[i] - b * sines[i];
                    second[i] = b * cosines[i] + a * sines[i];
                }
            }
        });
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
