//! Arithmetic of a forward pass on slices, and of the backward passes (`*_backward`). Row-major; a matrix `[rows, columns]` has its rows one after the other. Knows
//! nothing of models.
//!
//! Two kinds of products with weights: [`many`] is fast for many vectors and may round one differently depending on how many
//! there are; [`rows`] treats every vector alike, always in the same order, on every processor. [`product`] is for all other
//! shapes.

pub mod attention;
pub mod attention_backward;
#[cfg(test)]
pub mod differences;
pub mod elementwise;
pub mod elementwise_backward;
pub mod group;
pub mod lanes;
pub mod likelihood;
pub mod many;
pub mod norm;
pub mod norm_backward;
pub mod product;
pub mod rotary;
pub mod rows;
