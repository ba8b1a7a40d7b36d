//! The Lean library that the binary carries. Owns its text; must not know how it is elaborated or read.

/// The modules of AfCore with their sources, in the order of their names.
pub const BUILT_IN: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/modules.rs"));
