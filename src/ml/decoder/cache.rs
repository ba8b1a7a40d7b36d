//! Keys and values of the positions a sequence has behind it. Sequences with the same beginning share it.

use crate::ml::math::attention::Segment;
use std::sync::Arc;

/// What attention needs of the tokens so far.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    shared: Option<Arc<Cache>>,
    /// `[layer][position, kv_width]`.
    keys: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
    /// Positions, the shared ones among them.
    len: usize,
    kv_width: usize,
}

impl Cache {
    /// An empty cache of a model with so many layers.
    pub fn new(layers: usize, kv_width: usize) -> Self {
        Cache { shared: None, keys: vec![vec![]; layers], values: vec![vec![]; layers], len: 0, kv_width }
    }

    /// A cache that goes on behind `shared`, which must not itself share.
    pub fn behind(shared: &Arc<Cache>) -> Self {
        assert!(shared.shared.is_none(), "one level is enough for a prompt and its samples");
        let layers = shared.keys.len();
        Cache { shared: Some(shared.clone()), len: shared.len, ..Cache::new(layers, shared.kv_width) }
    }

    /// Positions so far.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds keys and values of a layer.
    pub(super) fn extend(&mut self, layer: usize, keys: &[f32], values: &[f32]) {
        self.keys[layer].extend_from_slice(keys);
        self.values[layer].extend_from_slice(values);
    }

    /// Counts what was added to every layer.
    pub(super) fn extend_to_keys(&mut self) {
        let own = self.keys.last().map_or(0, Vec::len) / self.kv_width.max(1);
        self.len = self.shared.as_ref().map_or(0, |shared| shared.len) + own;
    }

    /// Keys and values of a layer, in order.
    pub(super) fn segments(&self, layer: usize) -> Vec<Segment<'_>> {
        let shared = self.shared.as_deref();
        let all = shared.into_iter().chain([self]);
        all.map(|cache| Segment { keys: &cache.keys[layer], values: &cache.values[layer] }).collect()
    }
}
