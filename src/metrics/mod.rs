//! L1: pure statistics. Owns formulas with their sources; knows nothing of records, files or Lean.

mod wilson;

pub use wilson::wilson_interval;
