//! From batches to their embeddings. Owns the order of the work: what is kept is not made again, what is made is kept at once.

use super::kept::Kept;
use super::source::Sample;
use crate::ml::probe::{Happening, Probe, Settings};
use std::sync::atomic::{AtomicBool, Ordering};

/// A source with the embeddings of its batches.
#[derive(Clone, Debug)]
pub struct Embedded {
    pub sample: Sample,
    /// Of every batch, all as long as each other.
    pub embeddings: Vec<Vec<f32>>,
    /// Batches that were embedded before.
    pub reused: usize,
}

/// Embeds the batches of a sample. `done` is told of steps and gradients, of [`Probe::work`] for every batch in all. `None` if
/// `stop` was set; what was embedded by then is kept.
pub fn embed(
    probe: &mut Probe,
    settings: Settings,
    sample: Sample,
    kept: &Kept,
    stop: &AtomicBool,
    done: &mut dyn FnMut(u64),
) -> Option<Embedded> {
    let (mut embeddings, mut reused) = (Vec::with_capacity(sample.batches.len()), 0);
    for batch in &sample.batches {
        if let Some(embedding) = kept.get(settings, batch) {
            reused += 1;
            done(probe.work(batch.texts.len()));
            embeddings.push(embedding);
            continue;
        }
        let mut on = |_: Happening| {
            done(1);
            !stop.load(Ordering::Relaxed)
        };
        let embedding = probe.embed(&batch.texts, batch.seed, &mut on)?;
        kept.put(settings, batch, &embedding);
        embeddings.push(embedding);
    }
    Some(Embedded { sample, embeddings, reused })
}
