//! L1: pure statistics. Owns formulas with their sources; knows nothing of records, files or Lean.

mod histogram;
mod wilson;

pub use histogram::LogHistogram;
pub use wilson::wilson_interval;
