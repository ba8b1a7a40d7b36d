//! Language models on the CPU: files, tokenizers, the decoder, loss and sampling.
//!
//! Everything is 32-bit floating point on slices, row-major, with no tape: a forward pass is a function, and so is its
//! backward pass. A tensor library was measured and left out (docs/language-models.md): what counts here is which
//! buffers exist, and that the result of one example does not depend on what else is in the batch.

pub mod adapter;
pub mod chat;
pub mod decoder;
pub mod embedding;
pub mod error;
pub mod export;
pub mod files;
pub mod fisher;
pub mod generation;
pub mod loss;
pub mod math;
pub mod probe;
pub mod sampling;
pub mod shelf;
pub mod spec;
pub mod tokenizer;
pub mod train;

#[cfg(test)]
mod families_tests;
#[cfg(test)]
mod gemma_tests;
