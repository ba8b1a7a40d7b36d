//! One unit of work as it was read from a file. Owns the fields every data set has in common; reading them is
//! `dataset`'s business, judging them the engine's.

use super::Target;

/// A model output to be judged, with what the data set says about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Zero-based position in the input: the key of resumed runs (ids may repeat, positions cannot).
    pub index: u64,
    /// The data set's own name for the record; the index as text where it has none.
    pub id: String,
    /// The model output: raw Lean, or Markdown with Lean fences.
    pub code: String,
    /// Trusted text put before the code (imports, `open`s), from the data set or `--header`.
    pub header: Option<String>,
    /// The trusted statement the code is to prove, from the data set.
    pub target: Option<Target>,
    /// The informal statement the code should say, shown in reports only.
    pub informal: Option<String>,
    /// True if the code came from a field that holds proofs, false for fields that hold statements only, `None` when
    /// the field says nothing. Used by [`Mode::Auto`](super::Mode::Auto).
    pub is_proof: Option<bool>,
    /// Name of the engine that is to judge it, where there are several.
    pub engine: Option<String>,
}
