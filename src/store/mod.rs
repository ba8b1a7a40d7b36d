//! L2: the result cache: what was judged or compared once need not be judged or compared again; and, on its own, the history
//! of nightly runs (`history`) and the artifacts of studies (`artifacts`).
//!
//! Owns the database `results.sqlite` in the cache directory, the key of a result and its form on disk. Must not judge,
//! must not know of engines, data sets or reports. Best effort: whatever goes wrong here costs a check, never a verdict
//! and never a run. docs/cache.md is its manual.
//!
//! ```text
//! ResultStore ── question.rs (what can be kept), key.rs (what makes two the same) ── pack.rs, form.rs (as bytes)
//!             ├─ reads: its own connection
//!             └─ writer.rs (a thread: batches, uses, eviction) ── database.rs, location.rs (opening, damage)
//! Maintenance ── what `afcheck cache` asks
//! ```

pub mod artifacts;
mod database;
mod error;
mod form;
pub mod history;
mod key;
mod location;
mod maintenance;
mod pack;
mod question;
mod results;
mod seal;
#[cfg(test)]
mod tests;
mod writer;

pub use error::StoreError;
pub use form::Mirror;
pub use key::{Judge, Key};
pub use location::DATABASE;
pub use maintenance::{Exchange, Findings, Kept, Maintenance, Sample, Stats};
pub use pack::Packed;
pub use question::{Answer, Question};
pub use results::ResultStore;

/// Disk space for results unless a setting says otherwise.
pub const DEFAULT_LIMIT: u64 = 2 << 30;
