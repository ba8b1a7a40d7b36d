//! `nightly`: models on data sets, run after run. Owns what an item is, how runs are compared and when a run fails; what is kept
//! between runs is `store::history`'s, pages and comments are `report`'s. docs/nightly.md is its manual.
//!
//! ```text
//! cell.rs (outputs joined with problems, judged) ── results.rs (verdicts of a file of results)
//! recheck.rs (some judged again)
//! review.rs (a run among earlier ones) ── item.rs ── compare.rs (pairs) ── gate.rs (does it fail?)
//! ```

mod cell;
mod compare;
mod gate;
mod item;
mod recheck;
mod results;
mod review;
#[cfg(test)]
mod tests;

pub use cell::{Joined, NO_PREDICTION, Predictions, judge};
pub use compare::{Change, Comparison, compare};
pub use gate::Failing;
pub use item::{Item, counts, items};
pub use recheck::recheck;
pub use review::{CellReview, Compared, Review, compare_runs, review};
