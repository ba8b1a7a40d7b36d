//! Arithmetic of a forward pass on slices. Row-major; a matrix `[rows, columns]` has its rows one after the other. Knows
//! nothing of models.
//!
//! [`products`] multiply vectors with the rows of a [`matrix`], every result in the same order of sums, on every processor and
//! in any company. [`product`] is for all other shapes.

pub mod attention;
pub mod cross_entropy;
pub mod elementwise;
pub mod gradients;
pub mod lanes;
pub mod likelihood;
pub mod matrix;
pub mod norm;
pub mod product;
pub mod products;
pub mod rotary;
mod tile;
