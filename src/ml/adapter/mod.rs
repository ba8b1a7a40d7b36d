//! Low-rank adapters (LoRA, Hu et al. 2021): what is added to the linear maps of a decoder, the files of the Python
//! library `peft`, and merging. Owns no training and no forward pass.

mod config;
mod fused;
mod merge;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use merge::{Merged, merge};

use crate::ml::error::ModelError;
use crate::ml::spec::{LayerPart, Part, Spec};
use std::collections::BTreeMap;
use std::path::Path;

/// The linear maps that can have one, in the order of a block.
pub const TARGETS: [LayerPart; 7] = [
    LayerPart::Query,
    LayerPart::Key,
    LayerPart::Value,
    LayerPart::Output,
    LayerPart::Gate,
    LayerPart::Up,
    LayerPart::Down,
];

/// What is added to some linear maps `W [out, in]`: `scaling * B A` each, in the convention of `Spec::shape`.
#[derive(Clone, Debug, PartialEq)]
pub struct Adapter {
    /// The rank of maps, unless one has its own (see [`LowRank::rank`]).
    pub rank: usize,
    pub alpha: f32,
    /// Probability with which training leaves out an input of `A`. Nothing here uses it.
    pub dropout: f32,
    /// The scaling is `alpha / sqrt(rank)` instead of `alpha / rank` (Kalajdzievski 2023).
    pub rslora: bool,
    /// The model it was trained on, as people name it.
    pub base_model: Option<String>,
    /// By layer and part; only [`TARGETS`].
    pub maps: BTreeMap<(usize, LayerPart), LowRank>,
}

/// The factors of one map.
#[derive(Clone, Debug, PartialEq)]
pub struct LowRank {
    /// `[rank, in]`.
    pub a: Vec<f32>,
    /// `[out, rank]`.
    pub b: Vec<f32>,
}

impl LowRank {
    /// The rank, of a map with so many inputs.
    pub fn rank(&self, inputs: usize) -> usize {
        self.a.len() / inputs
    }
}

impl Adapter {
    /// The factor of `B A`, the same for all maps.
    pub fn scaling(&self) -> f32 {
        scaling(self.alpha, self.rank, self.rslora)
    }

    /// The map of a part, if it has one.
    pub fn map(&self, part: Part) -> Option<&LowRank> {
        let Part::Layer(layer, part) = part else { return None };
        self.maps.get(&(layer, part))
    }

    /// Reads what `peft` wrote to a directory, `adapter_config.json` and `adapter_model.safetensors`, for a model of this
    /// `spec`. What this crate does not build (other methods than LoRA, trained biases, DoRA, whole modules) is an error
    /// that names it, and so is a map that the model does not have in this shape.
    ///
    /// A map with a scaling of its own (`alpha_pattern`) gets the adapter's, and its `B` the quotient. A map on a fused
    /// matrix (GPT-2, Falcon) becomes one each of query, key and value.
    pub fn read(directory: &Path, spec: &Spec) -> Result<Adapter, ModelError> {
        read::read(directory, spec)
    }

    /// Writes the two files to a directory, which is made if it is not there. Each is whole or as it was before.
    ///
    /// Maps of query, key and value of a fused matrix become one: with `A` shared if they have the same, else block by
    /// block, of the sum of their ranks.
    pub fn write(&self, directory: &Path, spec: &Spec) -> Result<(), ModelError> {
        write::write(self, directory, spec)
    }

    /// Checks that a model of this `spec` has all maps, in these shapes; `path` is for messages.
    pub fn check(&self, spec: &Spec, path: &Path) -> Result<(), ModelError> {
        for ((layer, part), map) in &self.maps {
            let tensor = format!("{part:?} of layer {layer}");
            let inputs = inputs(spec, *part);
            let outputs = spec.shape(Part::Layer(*layer, *part))[0];
            let missing = *layer >= spec.layers || (*part == LayerPart::Gate && !spec.mlp.gated);
            if missing || !TARGETS.contains(part) {
                let hint = "the adapter is of another model".to_owned();
                return Err(ModelError::Missing { path: path.to_owned(), what: tensor, hint });
            }
            let rank = map.rank(inputs).max(1);
            let found = [map.a.len(), map.b.len()];
            if found != [rank * inputs, outputs * rank] {
                let wanted = vec![rank * inputs, outputs * rank];
                return Err(ModelError::Shape { path: path.to_owned(), tensor, found: found.to_vec(), wanted });
            }
        }
        Ok(())
    }
}

fn inputs(spec: &Spec, part: LayerPart) -> usize {
    spec.shape(Part::Layer(0, part))[1]
}

fn scaling(alpha: f32, rank: usize, rslora: bool) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
    let rank = rank as f32;
    alpha / if rslora { rank.sqrt() } else { rank }
}
