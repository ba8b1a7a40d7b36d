//! The normal, chi-square and Student distributions as far as intervals and tests need them. Owns the approximations; must
//! not know what is tested.

use std::f64::consts::{PI, SQRT_2};

/// Complementary error function, to about 1e-14 of its value: the incomplete gamma function of order 1/2 by its series
/// near 0 and by its continued fraction elsewhere (Press et al., Numerical Recipes, 6.2).
pub(super) fn erfc(x: f64) -> f64 {
    if x < 0.0 {
        return 2.0 - erfc(-x);
    }
    let square = x * x;
    let scale = x * (-square).exp() / PI.sqrt();
    if square < 1.5 {
        let (mut term, mut sum, mut n) = (2.0, 2.0, 0.5);
        while term > sum * 1e-17 {
            n += 1.0;
            term *= square / n;
            sum += term;
        }
        return 1.0 - scale * sum;
    }
    // Lentz' method for 1/(x^2+1/2- (1/2)/(x^2+5/2- ..)).
    let mut b = square + 0.5;
    let (mut c, mut d) = (f64::MAX, 1.0 / b);
    let mut h = d;
    for i in 1..500 {
        let i = f64::from(i);
        let a = -i * (i - 0.5);
        b += 2.0;
        d = 1.0 / (a * d + b);
        c = b + a / c;
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    scale * h
}

/// Chance that a standard normal variable is at most `x`.
pub(super) fn normal_cdf(x: f64) -> f64 {
    erfc(-x / SQRT_2) / 2.0
}

/// The value that a standard normal variable is below with chance `p`, `0 < p < 1`: bisection of [`normal_cdf`], to 1e-12.
pub(super) fn normal_quantile(p: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if normal_cdf(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Chance that a chi-square variable with one degree of freedom is at least `x`.
pub(super) fn chi_square_1_tail(x: f64) -> f64 {
    erfc((x / 2.0).sqrt())
}

/// Quantile of Student's t with `freedom` degrees, at least 1, for `p` from 0.5 to 1: the distribution by Simpson's rule
/// over `t = sqrt(freedom) tan u`, inverted by Newton's method; to about 1e-9.
pub(super) fn student_quantile(p: f64, freedom: f64) -> f64 {
    // In u the density is proportional to cos^(freedom - 1), up to u = pi / 2.
    let density = |u: f64| u.cos().max(0.0).powf(freedom - 1.0);
    let integral = |to: f64| -> f64 {
        const STEPS: u32 = 400;
        let step = to / f64::from(STEPS);
        let weight = |i: u32| if i == 0 || i == STEPS { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
        (0..=STEPS).map(|i| weight(i) * density(step * f64::from(i))).sum::<f64>() * step / 3.0
    };
    let wanted = (2.0 * p - 1.0) * integral(PI / 2.0);
    // The integral is concave, so the steps never pass the solution.
    let mut angle = 0.0;
    for _ in 0..50 {
        let step = (wanted - integral(angle)) / density(angle);
        angle += step;
        if step.abs() < 1e-14 {
            break;
        }
    }
    freedom.sqrt() * angle.tan()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of scipy 1.17 (tests/reference/metrics/agreement.py prints them).
    #[test]
    fn agrees_with_scipy() {
        let reference = crate::metrics::reference::statistics();
        for [x, erfc_x, chi_tail] in reference.tails {
            assert!((erfc(x) - erfc_x).abs() <= 1e-13 * erfc_x, "erfc {x}");
            if x >= 0.0 {
                assert!((chi_square_1_tail(x) - chi_tail).abs() <= 1e-12 * chi_tail, "chi {x}");
            }
        }
        for [p, normal] in reference.normal_quantiles {
            assert!((normal_quantile(p) - normal).abs() < 1e-9, "normal {p}");
        }
        for [p, freedom, t] in reference.student_quantiles {
            assert!((student_quantile(p, freedom) - t).abs() < 1e-6 * t.abs(), "t {p} {freedom}");
        }
    }
}
