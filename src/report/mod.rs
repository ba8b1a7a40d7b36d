//! L4: what people and programs read.
//!
//! Owns the JSON spelling of results and every other rendering of a run. All of it is fed by
//! [`runner::events`](crate::runner::events), so no report knows more than another. Must not judge, read inputs or
//! decide where output goes: every reporter writes to what it is given. Texts of records and of Lean are untrusted;
//! they reach terminals and comments through `untrusted.rs` only.

#[cfg(feature = "ml")]
pub mod curve;
#[cfg(feature = "ml")]
pub mod distill;
pub mod equivalence;
mod error_kinds;
pub mod eval;
mod explanation;
mod human;
pub mod improve;
mod jsonl;
mod junit;
mod markdown;
pub mod nightly;
#[cfg(feature = "ml")]
pub mod study;
mod style;
mod summary;
mod svg;
mod tally;
#[cfg(feature = "ml")]
pub mod task2vec;
#[cfg(test)]
mod tests;
mod untrusted;

pub use human::Human;
pub use jsonl::{Jsonl, result_line};
pub use junit::Junit;
pub use markdown::Markdown;
pub use summary::Summary;
pub use tally::{Rate, Tally};
pub use untrusted::shown_line;
