//! Products of matrices, by the `gemm-f32` crate (the crate `gemm` brings five other kinds of numbers). Owns the one unsafe call and the checks in front of it.

#![expect(unsafe_code, reason = "gemm takes pointers; every view is checked to lie within its slice first")]

/// A matrix within a slice: element `(i, j)` is `data[i * row_stride + j * column_stride]`.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub data: &'a [f32],
    pub rows: usize,
    pub columns: usize,
    pub row_stride: usize,
    pub column_stride: usize,
}

impl<'a> View<'a> {
    /// All of a slice as `[rows, columns]`.
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        View { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// The transpose.
    pub fn transposed(self) -> Self {
        View {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// True if every element lies within the slice.
    fn fits(&self) -> bool {
        last(self.rows, self.columns, self.row_stride, self.column_stride).is_none_or(|at| at < self.data.len())
    }
}

/// Where the last element of a matrix is; `None` if it has none.
fn last(rows: usize, columns: usize, row_stride: usize, column_stride: usize) -> Option<usize> {
    (rows > 0 && columns > 0).then(|| (rows - 1) * row_stride + (columns - 1) * column_stride)
}

/// `out[i, j] = factor * sum_k a[i, k] b[k, j]`, where row `i` of `out` begins at `i * stride`. With `adds`, it is added
/// to what is there; `in_parallel`, all threads work on it.
///
/// # Panics
/// If the shapes do not fit together or a matrix reaches beyond its slice.
pub fn product(a: View<'_>, b: View<'_>, factor: f32, out: &mut [f32], stride: usize, adds: bool, in_parallel: bool) {
    let (m, k, n) = (a.rows, a.columns, b.columns);
    assert_eq!(k, b.rows, "the inner sizes of a product are equal");
    assert!(a.fits() && b.fits(), "a matrix lies within its slice");
    assert!(stride >= n && last(m, n, stride, 1).is_none_or(|at| at < out.len()), "the product fits into its slice");
    if m == 0 || n == 0 {
        return;
    }
    let threads = rayon::current_num_threads();
    let parallelism = if in_parallel && threads > 1 {
        gemm_common::Parallelism::Rayon(threads)
    } else {
        gemm_common::Parallelism::None
    };
    let (was, is) = (if adds { 1.0 } else { 0.0 }, factor);
    // SAFETY: the asserts above keep every index within the three slices; `out` is borrowed exclusively and its rows do
    // not overlap (`stride >= n`).
    unsafe {
        gemm_f32::gemm::f32::get_gemm_fn()(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            stride as isize,
            adds,
            a.data.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.column_stride as isize,
            b.row_stride as isize,
            was,
            is,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_sums_of_products() {
        let number = |i: usize| ((i * 37 + 11) % 17) as f32 - 8.0;
        for (m, k, n) in [(1, 1, 1), (3, 5, 2), (17, 33, 9), (64, 40, 70)] {
            let a: Vec<f32> = (0..m * k).map(number).collect();
            let b: Vec<f32> = (0..n * k).map(|i| number(i + 5)).collect();
            let mut out = vec![1.0; m * (n + 3)];
            product(View::new(&a, m, k), View::new(&b, n, k).transposed(), 0.5, &mut out, n + 3, true, m % 2 == 0);
            for i in 0..m {
                for j in 0..n {
                    let sum: f32 = (0..k).map(|l| a[i * k + l] * b[j * k + l]).sum();
                    assert_eq!(out[i * (n + 3) + j], 1.0 + 0.5 * sum, "{i}, {j} of {m}x{k}x{n}");
                }
                assert!(out[i * (n + 3) + n..(i + 1) * (n + 3)].iter().all(|x| *x == 1.0), "nothing between rows");
            }
        }
    }

    #[test]
    #[should_panic(expected = "lies within its slice")]
    fn a_matrix_beyond_its_slice_is_refused() {
        product(View::new(&[1.0; 5], 2, 3), View::new(&[1.0; 3], 3, 1), 1.0, &mut [0.0; 2], 1, false, false);
    }
}
