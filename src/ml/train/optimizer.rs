//! AdamW (Loshchilov and Hutter 2019) and the clipping of gradients. Owns the moments.

use crate::ml::decoder::Decoder;
use crate::ml::decoder::parameters::{Gradients, Parameter};
use crate::ml::math::matrix::Aligned;
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Numbers of a task. Sums of squares are taken over these parts and added in order.
const PART: usize = 1 << 15;

/// The constants of AdamW.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Constants {
    pub beta1: f32,
    pub beta2: f32,
    pub epsilon: f32,
    /// Of matrices; vectors (norms and biases) do not decay.
    pub weight_decay: f32,
}

/// The state of AdamW.
#[derive(Debug)]
pub struct Optimizer {
    constants: Constants,
    /// Steps taken.
    pub(super) steps: u64,
    pub(super) moments: BTreeMap<Parameter, Moments>,
}

/// Running means of a parameter's gradient and of its square.
#[derive(Debug)]
pub(super) struct Moments {
    pub first: Aligned,
    pub second: Aligned,
}

impl Optimizer {
    /// No steps yet, for the parameters that have gradients.
    pub fn new(constants: Constants, gradients: &mut Gradients) -> Optimizer {
        let moments = gradients.iter_mut().map(|(parameter, gradient)| {
            let zeros = || Aligned::zeros(gradient.len());
            (parameter, Moments { first: zeros(), second: zeros() })
        });
        let moments = moments.collect();
        Optimizer { constants, steps: 0, moments }
    }

    /// Takes a step against the gradients times `factor`.
    pub fn step(&mut self, decoder: &mut Decoder, gradients: &mut Gradients, rate: f64, factor: f32) {
        self.steps += 1;
        let [matrices, vectors] = [true, false].map(|decays| self.constants.step(self.steps, rate, factor, decays));
        decoder.each_parameter(|parameter, (_, columns), numbers| {
            let Some(moments) = self.moments.get_mut(&parameter) else { return };
            let Some(gradient) = gradients.get_mut(parameter) else { return };
            let step = if columns > 1 { matrices } else { vectors };
            let own = numbers.par_chunks_mut(PART).zip(gradient.flat_mut().par_chunks_mut(PART));
            let moments = moments.first.par_chunks_mut(PART).zip(moments.second.par_chunks_mut(PART));
            own.zip(moments).for_each(|((numbers, gradient), (first, second))| {
                step.take(numbers, gradient, [first, second]);
            });
        });
    }
}

impl Constants {
    /// What step number `steps`, counted from 1, does to every number, as `torch.optim.AdamW` has it: numbers that decay are times
    /// `1 - rate * decay`, then `rate / left1 * first / (sqrt(second) / sqrt(left2) + epsilon)` is taken off. Gradients are times
    /// `factor` first.
    pub(super) fn step(self, steps: u64, rate: f64, factor: f32, decays: bool) -> Step {
        let Constants { beta1, beta2, epsilon, weight_decay } = self;
        let left = |beta: f32| 1.0 - f64::from(beta).powf(steps as f64);
        Step {
            beta1,
            beta2,
            rate: (rate / left(beta1)) as f32,
            root: left(beta2).sqrt() as f32,
            epsilon,
            kept: if decays { (1.0 - rate * f64::from(weight_decay)) as f32 } else { 1.0 },
            factor,
        }
    }
}

impl Step {
    /// Takes it for some numbers, whose moments are as many.
    pub(super) fn take(self, numbers: &mut [f32], gradient: &[f32], [first, second]: [&mut [f32]; 2]) {
        Arch::new().dispatch(Stepping { step: self, numbers, gradient, first, second });
    }
}

/// The length of all gradients together.
pub fn norm(gradients: &mut Gradients) -> f64 {
    let squares = gradients.iter_mut().map(|(_, gradient)| {
        let parts: Vec<f64> = gradient.par_chunks(PART).map(|part| Arch::new().dispatch(Squares(part))).collect();
        parts.into_iter().sum::<f64>()
    });
    squares.sum::<f64>().sqrt()
}

struct Squares<'a>(&'a [f32]);

impl NullaryFnOnce for Squares<'_> {
    type Output = f64;

    #[inline(always)]
    fn call(self) -> f64 {
        let mut sums = [0f64; 8];
        let (chunks, rest) = self.0.as_chunks::<8>();
        for x in chunks {
            for lane in 0..8 {
                sums[lane] += f64::from(x[lane]) * f64::from(x[lane]);
            }
        }
        for x in rest {
            sums[0] += f64::from(*x) * f64::from(*x);
        }
        sums.iter().sum()
    }
}

/// What is the same for all numbers of a parameter.
#[derive(Clone, Copy)]
pub(super) struct Step {
    beta1: f32,
    beta2: f32,
    rate: f32,
    root: f32,
    epsilon: f32,
    /// What decay leaves of a number.
    kept: f32,
    /// Of the gradient.
    factor: f32,
}

struct Stepping<'a> {
    step: Step,
    numbers: &'a mut [f32],
    gradient: &'a [f32],
    first: &'a mut [f32],
    second: &'a mut [f32],
}

impl NullaryFnOnce for Stepping<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Stepping { step: s, numbers, gradient, first, second } = self;
        // A vector's gradient fills whole panels, the vector itself does not.
        let each = numbers.iter_mut().zip(gradient).zip(first.iter_mut().zip(second.iter_mut()));
        for ((x, gradient), (first, second)) in each {
            let gradient = gradient * s.factor;
            *first = s.beta1 * *first + (1.0 - s.beta1) * gradient;
            *second = s.beta2 * *second + (1.0 - s.beta2) * gradient * gradient;
            *x = *x * s.kept - s.rate * *first / (second.sqrt() / s.root + s.epsilon);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_of_torch() {
        // tests/reference/ml/optimizer.py
        let wanted = [0.449_094_4, -0.945_11, 1.946_099];
        let constants = Constants { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.1 };
        let (mut x, mut first, mut second) = ([0.5, -1.0, 2.0], [0.0; 3], [0.0; 3]);
        for step in 1..=5 {
            // Clipping halves what is twice as long.
            let gradient = [0.1 * step as f32, -0.3, 1.0 / step as f32].map(|x| 2.0 * x);
            constants.step(step, 0.01, 0.5, true).take(&mut x, &gradient, [&mut first, &mut second]);
        }
        assert!(x.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-6), "{x:?} for {wanted:?}");
    }
}
