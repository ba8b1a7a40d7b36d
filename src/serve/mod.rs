//! Servers: edges with their own wire types.

#[cfg(feature = "ml")]
pub mod model;
