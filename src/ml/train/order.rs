//! The order in which examples are read: a function of the seed and the step, so that a run needs no memory of it.

use crate::metrics::Random;

/// Batches of examples over some epochs.
#[derive(Clone, Debug)]
pub struct Order {
    examples: usize,
    /// Examples of a step.
    batch: usize,
    epochs: usize,
    seed: u64,
    /// The epoch whose order is at hand.
    epoch: usize,
    order: Vec<usize>,
}

impl Order {
    /// So many examples, `batch` a step. In the first epoch they come as they are; each further one shuffles them anew.
    ///
    /// # Panics
    /// If there are no examples or steps have none.
    pub fn new(examples: usize, batch: usize, epochs: usize, seed: u64) -> Order {
        assert!(examples > 0 && batch > 0, "a step has examples");
        Order { examples, batch, epochs, seed, epoch: 0, order: (0..examples).collect() }
    }

    /// Steps of the run. The last may have fewer examples.
    pub fn steps(&self) -> usize {
        (self.examples * self.epochs).div_ceil(self.batch)
    }

    /// The examples of a step.
    pub fn step(&mut self, step: usize) -> Vec<usize> {
        let end = ((step + 1) * self.batch).min(self.examples * self.epochs);
        (step * self.batch..end).map(|place| self.at(place)).collect()
    }

    fn at(&mut self, place: usize) -> usize {
        let epoch = place / self.examples;
        if epoch != self.epoch {
            self.epoch = epoch;
            self.order = (0..self.examples).collect();
            if epoch > 0 {
                let mut random =
                    Random::new(self.seed.wrapping_add((epoch as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
                random.shuffle(&mut self.order);
            }
        }
        self.order[place % self.examples]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_epoch_has_every_example_once_and_any_step_can_be_asked_for() {
        let mut order = Order::new(10, 4, 3, 1);
        assert_eq!(order.steps(), 8);
        let steps: Vec<Vec<usize>> = (0..8).map(|step| order.step(step)).collect();
        let all = steps.concat();
        assert_eq!((all.len(), &all[..10]), (30, &(0..10).collect::<Vec<_>>()[..]));
        for epoch in all.chunks(10) {
            let mut sorted = epoch.to_vec();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..10).collect::<Vec<_>>());
        }
        assert_ne!(all[10..20], all[20..]);
        for step in [5, 2, 7, 0] {
            assert_eq!(Order::new(10, 4, 3, 1).step(step), steps[step]);
        }
    }
}
