//! Values worked out by hand or by the public formula, and how often intervals hold the truth.

use super::*;

#[test]
fn distances_are_those_of_the_public_formula() {
    // python3 -c "import numpy as np; from scipy.spatial.distance import cosine
    // x,y=np.array([1.,2,3,0]),np.array([3.,2,1,4]); print(cosine(x/(x+y+1e-8),y/(x+y+1e-8)))"
    let (x, y) = ([1.0, 2.0, 3.0, 0.0], [3.0, 2.0, 1.0, 4.0]);
    assert!((task_distance(&x, &y) - 0.512_049_963_5).abs() < 1e-8, "{}", task_distance(&x, &y));
    assert_eq!(task_distance(&x, &y), task_distance(&y, &x));
    assert!(task_distance(&x, &x) < 1e-15);
    // What is spread over other coordinates has nothing in common.
    assert_eq!(task_distance(&[1.0, 0.0], &[0.0, 5.0]), 1.0);
    assert_eq!((task_distance(&[0.0, 0.0], &[0.0, 0.0]), task_distance(&[0.0, 0.0], &[1.0, 0.0])), (0.0, 1.0));
    // The constant matters where gradients are small: not the cosine of a scaled copy.
    let y = [300.0, 2.0, 1.0, 4.0];
    let scaled = |v: &[f32]| v.iter().map(|x| x * 1e-9).collect::<Vec<f32>>();
    assert!((task_distance(&scaled(&x), &scaled(&y)) - task_distance(&x, &y)).abs() > 1e-3);
}

#[test]
fn means_are_over_pairs_and_alignment_is_one_minus_their_distance() {
    let batches = [[1.0f32, 0.0], [0.0, 1.0], [1.0, 0.0]];
    let within = Distances::within(&batches);
    assert_eq!(within.pairs().collect::<Vec<_>>(), [1.0, 0.0, 1.0]);
    let found = within.coefficient(500, 1).unwrap();
    assert!((found.value - 2.0 / 3.0).abs() < 1e-12);
    let between = Distances::between(&batches, &batches[..1]);
    let cross = between.coefficient(500, 1).unwrap();
    assert!((cross.complement().value - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(cross.interval, None, "one batch does not say how much batches differ");
    assert_eq!(Distances::within(&batches[..1]).coefficient(500, 1), None);
    assert_eq!(found, within.coefficient(500, 1).unwrap(), "the same seed");
}

/// Embeddings of batches whose means vary from batch to batch: what makes pairs dependent.
struct Simulated(Random);

impl Simulated {
    fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.0.unit(), self.0.unit());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }

    fn batches(&mut self, count: usize, shift: f64) -> Vec<Vec<f32>> {
        let mut batch = || {
            let own = 0.6 * self.normal();
            let number = |at: usize, noise: f64| {
                let slope = shift * (at as f64 / 15.5 - 1.0);
                (0.3 * noise + own * (at as f64 / 7.0).sin() + slope).exp() as f32
            };
            let noise: Vec<f64> = (0..32).map(|_| self.normal()).collect();
            noise.into_iter().enumerate().map(|(at, noise)| number(at, noise)).collect::<Vec<f32>>()
        };
        (0..count).map(|_| batch()).collect()
    }
}

/// Shares of simulations whose intervals, over batches and by pairs, hold the mean of many.
fn coverage(of: impl Fn(&mut Simulated) -> Distances, truth: f64, runs: u64) -> (f64, f64) {
    let (mut held, mut independent) = (0, 0);
    for seed in 0..runs {
        let found = of(&mut Simulated(Random::new(seed + 1000))).coefficient(400, seed).unwrap();
        let holds = |interval: Option<(f64, f64)>| interval.is_some_and(|(low, high)| (low..=high).contains(&truth));
        held += u32::from(holds(found.interval));
        independent += u32::from(holds(found.independent));
    }
    (f64::from(held) / runs as f64, f64::from(independent) / runs as f64)
}

#[test]
fn intervals_over_batches_hold_and_those_over_pairs_do_not() {
    let mut many = Simulated(Random::new(1));
    let mean = |distances: Distances| distances.pairs().sum::<f64>() / distances.pairs().count() as f64;
    let (one, other) = (many.batches(1500, 0.0), many.batches(1500, 0.4));
    let (diversity, cross) = (mean(Distances::within(&one)), mean(Distances::between(&one, &other)));
    for count in [10, 20] {
        let within = coverage(|s| Distances::within(&s.batches(count, 0.0)), diversity, 400);
        let between = coverage(|s| Distances::between(&s.batches(count, 0.0), &s.batches(count, 0.4)), cross, 400);
        for (name, (over_batches, over_pairs)) in [("within", within), ("between", between)] {
            println!("{name}, {count} batches: {over_batches:.3} over batches, {over_pairs:.3} over pairs");
            assert!((0.92..=0.98).contains(&over_batches), "{name}, {count} batches: {over_batches}");
            assert!(over_pairs < 0.85, "{name}, {count} batches: {over_pairs} by the interval of the paper");
        }
    }
}
