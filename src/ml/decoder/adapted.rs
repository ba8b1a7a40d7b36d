//! A decoder with an adapter: how one is put on, and how it is read off again. Owns the way between the files' form of an
//! adapter and the one that products read.

use super::Decoder;
use super::linear::{Dropout, LowRank};
use crate::ml::adapter::{self, Adapter};
use crate::ml::math::matrix::Matrix;
use crate::ml::spec::LayerPart;

impl Decoder {
    /// Puts an adapter on, in place of one that is there. It must be one of this model's `Spec` (`Adapter::check`).
    pub fn adapt(&mut self, adapter: &Adapter) {
        let scaling = adapter.scaling();
        for (layer, block) in self.blocks.iter_mut().enumerate() {
            for (part, linear) in block.linear_mut() {
                let (outputs, inputs) = linear.matrix.shape();
                linear.low_rank = adapter.maps.get(&(layer, part)).map(|map| {
                    let rank = map.rank(inputs);
                    let (a, b) = (Matrix::dense(&map.a, rank, inputs), Matrix::dense(&map.b, outputs, rank));
                    LowRank { a, b, scaling, dropout: None }
                });
            }
        }
    }

    /// Takes the adapter off, if one is there.
    pub fn bare(&mut self) {
        for block in &mut self.blocks {
            block.linear_mut().for_each(|(_, linear)| linear.low_rank = None);
        }
    }

    /// Takes the factors of the adapter that is on into `adapter`, whose other fields stay.
    pub fn factors(&mut self, adapter: &mut Adapter) {
        adapter.maps.clear();
        for (layer, block) in self.blocks.iter_mut().enumerate() {
            for (part, linear) in block.linear_mut() {
                if let Some(low_rank) = &linear.low_rank {
                    let map = adapter::LowRank { a: low_rank.a.values(), b: low_rank.b.values() };
                    adapter.maps.insert((layer, part), map);
                }
            }
        }
    }

    /// Has the adapter leave out inputs at random from now on, other ones at each linear map; with probability 0, none.
    pub fn drop_out(&mut self, probability: f32, key: u64) {
        for (layer, block) in self.blocks.iter_mut().enumerate() {
            for (part, linear) in block.linear_mut() {
                if let Some(low_rank) = &mut linear.low_rank {
                    let key = key ^ place(layer, part);
                    low_rank.dropout = (probability > 0.0).then_some(Dropout { probability, key });
                }
            }
        }
    }
}

/// A number of a linear map's own.
fn place(layer: usize, part: LayerPart) -> u64 {
    let at = adapter::TARGETS.iter().position(|target| *target == part).unwrap_or(adapter::TARGETS.len());
    ((layer * (adapter::TARGETS.len() + 1) + at) as u64 + 1).wrapping_mul(0xd134_2543_de82_ef95)
}
