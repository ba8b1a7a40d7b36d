//! Squares of gradients, text by text, averaged over rows: what a Fisher diagonal is made of. Owns how they come about without the
//! gradients themselves: of a linear map `y = W x`, row `i` of a text's gradient is `sum_t dy[t, i] x[t]`, and its squared length
//! `sum_ts dy[t, i] (x[t] . x[s]) dy[s, i]`. With the products of all pairs of a text's vectors at hand, that is a fraction of the
//! work of the matrix, and all texts share a pass.

use super::parameters::Parameter;
use crate::ml::math::product::{View, product};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;

/// Sums of squares by parameter.
#[derive(Debug, Default)]
pub struct Squares {
    sums: BTreeMap<Parameter, Vec<f64>>,
    /// Tokens of every text of the pass.
    lengths: Vec<usize>,
}

impl Squares {
    /// Zeros, so many rows of each parameter.
    pub fn new(rows: BTreeMap<Parameter, usize>) -> Squares {
        let sums = rows.into_iter().map(|(parameter, rows)| (parameter, vec![0.0; rows])).collect();
        Squares { sums, lengths: vec![] }
    }

    /// The sums.
    pub fn sums(self) -> BTreeMap<Parameter, Vec<f64>> {
        self.sums
    }

    pub(super) fn has(&self, parameter: Parameter) -> bool {
        self.sums.contains_key(&parameter)
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.sums.keys()
    }

    /// Begins a pass over texts of so many tokens.
    pub(super) fn begin(&mut self, lengths: &[usize]) {
        self.lengths = lengths.to_vec();
    }

    /// Of every text its vectors' numbers, of which a token has `width`.
    pub(super) fn texts(&self, width: usize) -> Vec<Range<usize>> {
        let mut from = 0;
        let text = |length: &usize| {
            let first = from;
            from += length * width;
            first..from
        };
        self.lengths.iter().map(text).collect()
    }

    /// Adds what a linear map of `x: [tokens, columns]` with the gradient `dy: [tokens, rows]` behind it takes part in.
    pub(super) fn add_linear(&mut self, parameter: Parameter, x: &[f32], dy: &[f32]) {
        let tokens: usize = self.lengths.iter().sum();
        let (columns, rows) = (x.len() / tokens.max(1), dy.len() / tokens.max(1));
        let (of_x, of_dy) = (self.texts(columns), self.texts(rows));
        let Some(sums) = self.sums.get_mut(&parameter) else { return };
        let texts: Vec<_> = of_x.into_iter().zip(of_dy).collect();
        let each: Vec<Vec<f32>> = texts
            .into_par_iter()
            .map(|(of_x, of_dy)| {
                let (x, dy) = (&x[of_x], &dy[of_dy]);
                let count = dy.len() / rows;
                let x = View::new(x, count, columns);
                let mut pairs = vec![0.0; count * count];
                product(x, x.transposed(), 1.0 / columns as f32, &mut pairs, count, false, false);
                let mut across = vec![0.0; count * rows];
                let (pairs, view) = (View::new(&pairs, count, count), View::new(dy, count, rows));
                product(pairs, view, 1.0, &mut across, rows, false, false);
                let mut own = vec![0.0; rows];
                for (across, dy) in across.chunks_exact(rows).zip(dy.chunks_exact(rows)) {
                    own.iter_mut().zip(across.iter().zip(dy)).for_each(|(own, (a, b))| *own += a * b);
                }
                own
            })
            .collect();
        for own in each {
            sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += f64::from(own));
        }
    }

    /// Adds the squares of a text's gradient of a vector, whose numbers are rows.
    pub(super) fn add_vector(&mut self, parameter: Parameter, gradient: &[f32]) {
        let Some(sums) = self.sums.get_mut(&parameter) else { return };
        sums.iter_mut().zip(gradient).for_each(|(sum, x)| *sum += f64::from(x * x));
    }

    /// Adds the mean square of a text's gradient of one row.
    pub(super) fn add_row(&mut self, parameter: Parameter, row: usize, gradient: &[f32]) {
        let Some(sum) = self.sums.get_mut(&parameter).and_then(|sums| sums.get_mut(row)) else { return };
        *sum += gradient.iter().map(|x| f64::from(x * x)).sum::<f64>() / gradient.len() as f64;
    }
}
