//! Heads of queries that share their keys and values, as one matrix: `[rows * heads of a group, head]`, the heads of a row
//! following each other. One large product with the keys is faster than one for each head.

use super::attention::Heads;
use super::product::{View, product};

/// Rows of such a matrix that are computed together, at most (but for the heads of one query, if they are more).
const STACK: usize = 128;

/// Queries that are computed together, at most.
const ROWS: usize = 64;

impl Heads {
    /// Heads of a group.
    pub fn group(&self) -> usize {
        self.heads / self.kv_heads
    }

    /// Queries to be computed together.
    pub fn rows_together(&self) -> usize {
        (STACK / self.group()).clamp(1, ROWS)
    }
}

/// The heads of one group in rows `[.., heads * head]`.
#[derive(Clone, Copy)]
pub struct Group {
    /// Numbers of a row.
    width: usize,
    /// Where the group is among them.
    start: usize,
    /// Numbers of it.
    own: usize,
    head: usize,
}

impl Group {
    /// The heads that have keys and values `at`.
    pub fn new(heads: &Heads, at: usize) -> Self {
        let own = heads.group() * heads.head;
        Group { width: heads.heads * heads.head, start: at * own, own, head: heads.head }
    }

    /// The distance between the heads, if it is the same within and between rows.
    fn stride(&self) -> Option<usize> {
        match self.own {
            own if own == self.width => Some(self.head),
            own if own == self.head => Some(self.width),
            _ => None,
        }
    }

    /// The matrix of rows, in `space` if it has to be copied.
    pub fn matrix<'a>(&self, rows: &'a [f32], space: &'a mut Vec<f32>) -> View<'a> {
        let Group { width, start, own, head } = *self;
        let count = rows.len() / width * own / head;
        if let Some(row_stride) = self.stride() {
            return View { data: &rows[start..], rows: count, columns: head, row_stride, column_stride: 1 };
        }
        space.clear();
        rows.chunks_exact(width).for_each(|row| space.extend_from_slice(&row[start..start + own]));
        View::new(space, count, head)
    }

    /// Writes (or adds) `factor * a b` to the heads in rows.
    pub fn product(&self, a: View<'_>, b: View<'_>, factor: f32, rows: &mut [f32], adds: bool, space: &mut Vec<f32>) {
        let Group { width, start, own, head } = *self;
        if let Some(stride) = self.stride() {
            return product(a, b, factor, &mut rows[start..], stride, adds, false);
        }
        space.resize(a.rows * head, 0.0);
        product(a, b, factor, space, head, false, false);
        for (row, found) in rows.chunks_exact_mut(width).zip(space.chunks_exact(own)) {
            let row = &mut row[start..start + own];
            match adds {
                true => row.iter_mut().zip(found).for_each(|(row, found)| *row += found),
                false => row.copy_from_slice(found),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ml::math::differences::numbers;

    #[test]
    fn groups_are_the_heads_they_are_made_of() {
        for (heads, kv_heads, head) in [(4, 1, 5), (3, 3, 4), (6, 2, 3), (1, 1, 2)] {
            let sizes = Heads { heads, kv_heads, head, scale: 1.0, window: None };
            let (width, group, count) = (heads * head, heads / kv_heads, 3);
            let x = numbers(count * width, 1);
            let one: Vec<f32> = (0..head * head).map(|i| f32::from(u8::from(i % (head + 1) == 0))).collect();
            let (mut copied, mut added, mut space, mut other) = (vec![9.0; x.len()], x.clone(), vec![5.0], vec![]);
            for at in 0..kv_heads {
                let own = Group::new(&sizes, at);
                let matrix = own.matrix(&x, &mut space);
                assert_eq!((matrix.rows, matrix.columns), (count * group, head));
                for (row, h, i) in [(0, 0, 0), (count - 1, group - 1, head - 1), (1, group / 2, 1)] {
                    let wanted = x[row * width + (at * group + h) * head + i];
                    assert_eq!(matrix.data[(row * group + h) * matrix.row_stride + i], wanted);
                }
                own.product(matrix, View::new(&one, head, head), 2.0, &mut copied, false, &mut other);
                own.product(matrix, View::new(&one, head, head), 2.0, &mut added, true, &mut other);
            }
            assert!(copied.iter().zip(&x).all(|(a, b)| *a == 2.0 * b), "{sizes:?}");
            assert!(added.iter().zip(&x).all(|(a, b)| (a - 3.0 * b).abs() < 1e-6), "{sizes:?}");
        }
    }
}
