//! Arithmetic of forward passes on slices, and of backward passes (`*_backward`, `gradients`, `cross_entropy`, `divergence`).
//! Row-major; a matrix `[rows, columns]` of activations has its rows one after the other. Knows nothing of models.
//!
//! [`products`] multiply vectors with the rows of a [`matrix`], every result in the same order of sums, on every processor and
//! in any company. [`product`] is for all other shapes.

pub mod attention;
pub mod attention_backward;
pub mod cross_entropy;
#[cfg(test)]
pub mod differences;
pub mod divergence;
#[cfg(test)]
mod divergence_tests;
pub mod elementwise;
pub mod elementwise_backward;
pub mod gradients;
pub mod group;
pub mod head;
pub mod lanes;
pub mod likelihood;
pub mod matrix;
mod matrix_unit;
pub mod norm;
pub mod norm_backward;
pub mod product;
pub mod products;
pub mod rotary;
pub mod streaming;
mod tile;
