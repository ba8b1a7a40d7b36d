//! Models as files that other programs read: a directory of Hugging Face's, or a GGUF. Owns which files there are and
//! that they are there whole or not at all; where the numbers come from is a `Parts`. Changes no numbers but by rounding.

mod config;
mod gguf;
mod hugging_face;
mod keys;
mod metadata;
mod plan;
#[cfg(test)]
mod tests;
mod vocabulary;

use crate::ml::error::ModelError;
use crate::ml::files::{Kind, Parts};
use crate::ml::spec::Spec;
use std::path::Path;

/// A model to be written.
pub struct Export<'a> {
    /// The numbers.
    pub parts: &'a dyn Parts,
    /// The model they come from (as of `Weights::open`), whose tokenizer, and where it has the format that is written whose
    /// configuration, are taken over.
    pub source: &'a Path,
    /// How numbers are stored: dense types, in GGUF also Q8_0. Vectors and what a type cannot hold have a larger one in
    /// GGUF, as llama.cpp's converter has it.
    pub kind: Kind,
    /// What is there already may be replaced.
    pub overwrite: bool,
}

impl Export<'_> {
    /// Writes a GGUF if `out` ends with `.gguf`, else a directory with `config.json`, `model.safetensors` and the
    /// tokenizer's files. Tensors are read and written one by one. Nothing is left at `out` if anything fails.
    ///
    /// What could not be written though the model is complete without it is the answer, in words.
    pub fn write(&self, out: &Path) -> Result<Vec<String>, ModelError> {
        match out.extension().is_some_and(|e| e.eq_ignore_ascii_case("gguf")) {
            true => gguf::write(self, out),
            false => hugging_face::write(self, out),
        }
    }
}

/// An error if a model of this `spec` is another when it is read again.
fn check_same(spec: &Spec, again: &Spec, format: &str) -> Result<(), ModelError> {
    let Spec { family, vocabulary, width, layers, heads, kv_heads, head, norm, position, mlp, .. } = again;
    let differs = [
        ("the family", spec.family != *family),
        ("the vocabulary", spec.vocabulary != *vocabulary),
        ("the width", spec.width != *width),
        ("the number of layers", spec.layers != *layers),
        ("the heads", (spec.heads, spec.kv_heads, spec.head) != (*heads, *kv_heads, *head)),
        ("the norms", spec.norm != *norm),
        ("the positions", spec.position != *position),
        ("the feed-forward part", spec.mlp != *mlp),
        ("the order of norms and sums", spec.residual != again.residual),
        ("the norms of queries", spec.normalised_queries != again.normalised_queries),
        ("the scale of attention", spec.attention_scale != again.attention_scale),
        ("the scale of the embedding", spec.embedding_scale != again.embedding_scale),
        ("the windows", spec.windows != again.windows),
        ("the tied head", spec.tied != again.tied),
        ("the context", spec.context != again.context),
    ];
    match differs.iter().find(|(_, differs)| *differs) {
        Some((what, _)) => Err(ModelError::Unsupported {
            what: format!("{what} of this model in {format} of the family {:?}", spec.family),
            hint: "the format cannot say it".to_owned(),
        }),
        None => Ok(()),
    }
}
