//! Arithmetic of a forward pass on slices. Row-major; a matrix `[rows, columns]` has its rows one after the other. Knows
//! nothing of models.
//!
//! Two kinds of products: [`product`] is fast for many rows and may round a row differently depending on how many there
//! are; [`rows`] treats every row alike, always in the same order, on every processor.

pub mod attention;
pub mod elementwise;
pub mod norm;
pub mod product;
pub mod rotary;
pub mod rows;
