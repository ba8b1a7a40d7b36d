//! Tuning of a head alone, on hidden states that stay as they are. Owns the moments; the passes over the head are
//! `math::head`'s, examples and their order the caller's.

use super::optimizer::Constants;
use crate::ml::decoder::Decoder;
use crate::ml::math::head::by_panels;
use crate::ml::math::matrix::Aligned;

/// AdamW on the matrix of a decoder's own head. Its bias stays as it is.
#[derive(Debug)]
pub struct HeadTuning {
    constants: Constants,
    steps: u64,
    first: Aligned,
    second: Aligned,
}

impl HeadTuning {
    /// No steps yet. Takes twice the memory of the head.
    ///
    /// # Panics
    /// If the head is the embedding, or quantised.
    pub fn new(constants: Constants, decoder: &mut Decoder) -> HeadTuning {
        let numbers = decoder.own_head().0.flat_mut().len();
        HeadTuning { constants, steps: 0, first: Aligned::zeros(numbers), second: Aligned::zeros(numbers) }
    }

    /// Takes a step against the gradient of the mean loss of `targets`, one for each of `states: [targets, width]`; tells that loss.
    ///
    /// # Panics
    /// If there is not one target for every state or a target is not in the vocabulary.
    pub fn step(&mut self, decoder: &mut Decoder, states: &[f32], targets: &[u32], rate: f64) -> f64 {
        self.steps += 1;
        let step = self.constants.step(self.steps, rate, 1.0, true);
        let (head, bias) = decoder.own_head();
        let losses = by_panels(states, head, bias, targets, [&mut self.first, &mut self.second], &|panels| {
            step.take(panels.numbers, panels.gradient, [panels.first, panels.second]);
        });
        losses.iter().map(|loss| f64::from(*loss)).sum::<f64>() / targets.len().max(1) as f64
    }
}
