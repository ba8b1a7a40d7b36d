//! Norms of rows.

use super::rows::dot;
use pulp::Arch;
use rayon::prelude::*;

/// Rows that one task normalises.
const ROWS: usize = 16;

/// `out = x / sqrt(mean(x^2) + epsilon) * weight` for every row of `x: [.., weight.len()]` (Zhang and Sennrich 2019).
pub fn rms(x: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) {
    let width = weight.len();
    by_row(x, width, out, |x, out| {
        let factor = 1.0 / (dot(x, x) / width as f32 + epsilon).sqrt();
        for ((out, x), w) in out.iter_mut().zip(x).zip(weight) {
            *out = x * factor * w;
        }
    });
}

/// `out = (x - mean) / sqrt(variance + epsilon) * weight + bias` for every row (Ba et al. 2016). No bias if it is empty.
pub fn layer(x: &[f32], weight: &[f32], bias: &[f32], epsilon: f32, out: &mut [f32]) {
    let width = weight.len();
    by_row(x, width, out, |x, out| {
        let mean = x.iter().map(|x| f64::from(*x)).sum::<f64>() / width as f64;
        let variance = x.iter().map(|x| (f64::from(*x) - mean).powi(2)).sum::<f64>() / width as f64;
        let (mean, factor) = (mean as f32, 1.0 / (variance as f32 + epsilon).sqrt());
        for (i, (out, x)) in out.iter_mut().zip(x).enumerate() {
            *out = (x - mean) * factor * weight[i] + bias.get(i).copied().unwrap_or(0.0);
        }
    });
}

fn by_row(x: &[f32], width: usize, out: &mut [f32], of: impl Fn(&[f32], &mut [f32]) + Sync) {
    out.par_chunks_mut(width * ROWS).zip(x.par_chunks(width * ROWS)).for_each(|(out, x)| {
        Arch::new().dispatch(|| out.chunks_mut(width).zip(x.chunks(width)).for_each(|(out, x)| of(x, out)));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_normalised() {
        let x: Vec<f32> = (0..40).map(|i| (i as f32 * 0.37).sin() * 3.0 + 1.0).collect();
        let mut out = vec![0.0; 40];
        rms(&x, &[2.0; 20], 0.0, &mut out);
        for row in out.chunks(20) {
            let mean: f32 = row.iter().map(|x| x * x / 4.0).sum::<f32>() / 20.0;
            assert!((mean - 1.0).abs() < 1e-5, "{mean}");
        }
        layer(&x, &[1.0; 20], &[0.5; 20], 0.0, &mut out);
        for row in out.chunks(20) {
            let mean: f32 = row.iter().sum::<f32>() / 20.0;
            let variance: f32 = row.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 20.0;
            assert!((mean - 0.5).abs() < 1e-5 && (variance - 1.0).abs() < 1e-4, "{mean} {variance}");
        }
    }
}
