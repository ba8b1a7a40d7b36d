//! Servers: edges with their own wire types.

pub mod lean;
#[cfg(feature = "ml")]
pub mod model;
