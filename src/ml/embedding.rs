//! Vectors of texts: the mean of a model's hidden states. Owns the mean; what the vectors are used for is the caller's.

use super::decoder::{Cache, Decoder, Sequence};

/// The mean over tokens of the hidden states behind the last norm, `[width]` for each text. All texts go through the model
/// together.
///
/// # Panics
/// If a text has no tokens or a token is not in the vocabulary.
pub fn mean_states(decoder: &Decoder, texts: &[&[u32]]) -> Vec<Vec<f32>> {
    let spec = &decoder.spec;
    let mut caches: Vec<Cache> = texts.iter().map(|_| Cache::new(spec.layers, spec.kv_width())).collect();
    let mut batch: Vec<Sequence<'_>> =
        texts.iter().zip(&mut caches).map(|(tokens, cache)| Sequence { tokens, cache }).collect();
    let hidden = decoder.hidden(&mut batch);
    let mut rows = hidden.chunks_exact(spec.width);
    texts
        .iter()
        .map(|text| {
            assert!(!text.is_empty(), "a text has tokens");
            let mut mean = vec![0.0; spec.width];
            for row in rows.by_ref().take(text.len()) {
                mean.iter_mut().zip(row).for_each(|(mean, x)| *mean += x / text.len() as f32);
            }
            mean
        })
        .collect()
}

/// Subtracts the mean of all vectors from each: the states of one model share most of their direction, and what is left is
/// what tells texts apart (Mu and Viswanath 2018).
pub fn centred(vectors: &mut [Vec<f32>]) {
    let Some(width) = vectors.first().map(Vec::len) else { return };
    let mut mean = vec![0.0; width];
    for vector in vectors.iter() {
        mean.iter_mut().zip(vector).for_each(|(mean, x)| *mean += x / vectors.len() as f32);
    }
    for vector in vectors {
        vector.iter_mut().zip(&mean).for_each(|(x, mean)| *x -= mean);
    }
}
