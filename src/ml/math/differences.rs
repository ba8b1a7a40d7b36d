//! Central differences, which backward passes are tested against. For tests only.

/// Numbers between -1 and 1, those of SplitMix64.
pub fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0xd134_2543_de82_ef95);
    let next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u32 << 23) as f32 - 1.0
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// `sum(y dout)`: the loss whose gradient of `y` is `dout`.
pub fn weighed(y: &[f32], dout: &[f32]) -> f64 {
    assert_eq!(y.len(), dout.len(), "one weight for every number");
    y.iter().zip(dout).map(|(y, d)| f64::from(*y) * f64::from(*d)).sum()
}

/// Asserts that a loss changes by what its gradients say when an input, all of it, moves a little in random directions.
#[track_caller]
pub fn assert_slopes(what: &str, inputs: &[&[f32]], gradients: &[&[f32]], loss: impl Fn(&[Vec<f32>]) -> f64) {
    const STEP: f32 = 1.0 / 128.0;
    assert_eq!(inputs.len(), gradients.len(), "one gradient for every input");
    for (at, gradient) in gradients.iter().enumerate() {
        assert_eq!(gradient.len(), inputs[at].len(), "{what}: gradient {at} is as long as its input");
        for seed in 0..4 {
            let direction = numbers(gradient.len(), 100 * (at as u64 + 1) + seed);
            let moved = |step: f32| {
                let mut inputs: Vec<Vec<f32>> = inputs.iter().map(|input| input.to_vec()).collect();
                inputs[at].iter_mut().zip(&direction).for_each(|(x, d)| *x += step * d);
                inputs
            };
            let (ahead, behind) = (moved(STEP), moved(-STEP));
            let found = loss(&ahead) - loss(&behind);
            // With the way as it was after rounding.
            let ways = ahead[at].iter().zip(&behind[at]).map(|(a, b)| f64::from(*a) - f64::from(*b));
            let terms: Vec<f64> = ways.zip(*gradient).map(|(way, g)| way * f64::from(*g)).collect();
            // Not relative to the sum of the terms, which a random direction may make zero, but to its standard deviation.
            let (sum, size) = (terms.iter().sum::<f64>(), terms.iter().map(|t| t * t).sum::<f64>().sqrt());
            assert!(size > 0.0, "{what}: gradient {at} is zero");
            let off = (found - sum).abs() / size;
            assert!(
                off < 5e-4,
                "{what}: with input {at} the loss changes by {found}, its gradient says {sum} ({off:e})"
            );
        }
    }
}

/// Runs something with one thread and with three, and asserts that the results are the same to the last bit.
#[track_caller]
pub fn assert_same_for_all_threads(run: impl Fn() -> Vec<f32> + Sync) {
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
        pool.install(&run)
    };
    let (one, three) = (with(1), with(3));
    assert!(one.iter().zip(&three).all(|(a, b)| a.to_bits() == b.to_bits()), "it depends on the number of threads");
}
