//! Adding an adapter to the weights it belongs to.

use super::{Adapter, LowRank};
use crate::ml::error::ModelError;
use crate::ml::files::Parts;
use crate::ml::spec::{Part, Spec};
use rayon::prelude::*;

/// `weight [out, in] += scaling * b a`. Every sum has a fixed order.
pub fn merge(weight: &mut [f32], shape: [usize; 2], map: &LowRank, scaling: f32) {
    let [_, inputs] = shape;
    let rank = map.rank(inputs);
    if rank == 0 {
        return;
    }
    weight.par_chunks_mut(inputs).zip(map.b.par_chunks(rank)).for_each_init(
        || vec![0.0; inputs],
        |sum, (weight, b)| {
            sum.fill(0.0);
            for (b, a) in b.iter().zip(map.a.chunks_exact(inputs)) {
                sum.iter_mut().zip(a).for_each(|(sum, a)| *sum += b * a);
            }
            weight.iter_mut().zip(sum.iter()).for_each(|(weight, sum)| *weight += scaling * sum);
        },
    );
}

/// A model with an adapter merged in, part by part as they are asked for.
pub struct Merged<'a> {
    parts: &'a dyn Parts,
    adapter: &'a Adapter,
}

impl<'a> Merged<'a> {
    /// `parts` with `adapter`, which was read for their `Spec`.
    pub fn new(parts: &'a dyn Parts, adapter: &'a Adapter) -> Merged<'a> {
        Merged { parts, adapter }
    }
}

impl Parts for Merged<'_> {
    fn spec(&self) -> &Spec {
        self.parts.spec()
    }

    fn has(&self, part: Part) -> bool {
        self.parts.has(part)
    }

    fn read(&self, part: Part) -> Result<Vec<f32>, ModelError> {
        let mut values = self.parts.read(part)?;
        if let Some(map) = self.adapter.map(part)
            && let [outputs, inputs] = self.spec().shape(part)[..]
        {
            merge(&mut values, [outputs, inputs], map, self.adapter.scaling());
        }
        Ok(values)
    }
}
