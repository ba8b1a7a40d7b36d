//! What of a model is trained. Owns the rules by which parameters are chosen, and how an adapter begins.

use crate::metrics::Random;
use crate::ml::adapter::{Adapter, LowRank};
use crate::ml::decoder::parameters::Parameter;
use crate::ml::spec::{LayerPart, Part, Spec};
use serde::{Deserialize, Serialize};

/// A low-rank adapter (Hu et al. 2021).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lora {
    pub rank: usize,
    pub alpha: f32,
    /// Scaling by `alpha / sqrt(rank)` instead of `alpha / rank`.
    pub rslora: bool,
    /// Probability with which an input of the adapter is left out of a step.
    pub dropout: f32,
    /// The linear maps that have one, in every layer.
    pub targets: Vec<LayerPart>,
}

/// What is trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    Lora(Lora),
    /// All numbers of the model.
    Full,
    /// The matrix from hidden states to scores alone: the embedding, where the two are one.
    Head,
}

impl Method {
    /// Whether a parameter of a model of this `spec` is trained.
    pub fn trains(&self, parameter: Parameter, spec: &Spec) -> bool {
        let head = if spec.tied { Part::Embedding } else { Part::Head };
        match (self, parameter) {
            (Method::Lora(_), Parameter::A(..) | Parameter::B(..)) => true,
            (Method::Full, Parameter::Part(_)) => true,
            (Method::Head, Parameter::Part(part)) => part == head || part == Part::HeadBias,
            _ => false,
        }
    }
}

impl Lora {
    /// The adapter that training begins with: `A` uniform within `1 / sqrt(in)`, as `peft` has it, and `B` zero, so that it adds
    /// nothing yet.
    pub fn begun(&self, spec: &Spec, seed: u64, base_model: Option<String>) -> Adapter {
        let mut adapter = Adapter {
            rank: self.rank,
            alpha: self.alpha,
            dropout: self.dropout,
            rslora: self.rslora,
            base_model,
            maps: Default::default(),
        };
        let mut random = Random::new(seed);
        for layer in 0..spec.layers {
            for part in &self.targets {
                let shape = spec.shape(Part::Layer(layer, *part));
                let (outputs, inputs) = (shape[0], shape[1]);
                let bound = 1.0 / (inputs as f64).sqrt();
                let a = (0..self.rank * inputs).map(|_| ((2.0 * random.unit() - 1.0) * bound) as f32).collect();
                adapter.maps.insert((layer, *part), LowRank { a, b: vec![0.0; outputs * self.rank] });
            }
        }
        adapter
    }
}
