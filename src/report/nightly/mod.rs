//! What is read of nightly runs: a page, a comment for a pull request, JUnit, JSON, and tables for people. Owns their words; every
//! figure and every name is of the same `Review`. Ids, revisions, messages and outputs are untrusted.

mod comment;
mod details;
mod figures;
mod json;
mod junit;
mod page;
mod runs;
mod table;
#[cfg(test)]
mod tests;
mod trend;

pub use comment::comment;
pub use json::{compared_json, runs_json, summary};
pub use junit::junit;
pub use page::page;
pub use runs::{compared_table, runs_table};
pub use table::table;
