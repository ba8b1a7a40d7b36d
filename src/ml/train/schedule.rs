//! Learning rates over the steps of a run.

use serde::{Deserialize, Serialize};

/// How the learning rate falls behind its warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Schedule {
    /// Not at all.
    Constant,
    /// In a straight line to zero.
    Linear,
    /// As half a cosine to zero (Loshchilov and Hutter 2017).
    Cosine,
}

impl Schedule {
    /// The share of the learning rate at step `step` of `total`, counted from 0, the first `warm_up` of which rise in a straight
    /// line: that of `transformers`' schedulers.
    pub fn share(self, step: usize, warm_up: usize, total: usize) -> f64 {
        if step < warm_up {
            return step as f64 / warm_up as f64;
        }
        let gone = (step - warm_up) as f64 / (total - warm_up.min(total)).max(1) as f64;
        match self {
            Schedule::Constant => 1.0,
            Schedule::Linear => (1.0 - gone).max(0.0),
            Schedule::Cosine => 0.5 * (1.0 + (std::f64::consts::PI * gone.min(1.0)).cos()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_transformers() {
        // get_cosine_schedule_with_warmup(4, 20) and get_linear_schedule_with_warmup(4, 20), steps 0, 2, 4, 12, 19.
        let of = |schedule: Schedule| [0, 2, 4, 12, 19].map(|step| schedule.share(step, 4, 20));
        let near = |found: [f64; 5], wanted: [f64; 5]| {
            assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
        };
        near(of(Schedule::Cosine), [0.0, 0.5, 1.0, 0.5, 0.009_607_359_798_384_785]);
        near(of(Schedule::Linear), [0.0, 0.5, 1.0, 0.5, 0.0625]);
        near(of(Schedule::Constant), [0.0, 0.5, 1.0, 1.0, 1.0]);
    }
}
