//! One problem of a benchmark: an informal statement with its reference formalization. Owns the fields every benchmark has
//! in common; reading them is `dataset`'s business.

/// An informal statement and what a data set knows of its formal side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// Zero-based position in the data set.
    pub index: u64,
    /// The data set's own name for it; predictions refer to it by this.
    pub id: String,
    /// What a model is to formalise.
    pub informal: Option<String>,
    /// Imports and `open`s the formal statement stands under.
    pub header: Option<String>,
    /// The reference statement, as the data set has it: a theorem that ends in `sorry`, in `:= by`, or in nothing.
    pub formal: String,
    /// The theorem with its proof, or the proof alone.
    pub proof: Option<String>,
    /// The same for all problems that put one statement into words, where the data set says so.
    pub statement: Option<String>,
    pub groups: Groups,
}

/// What a problem is grouped by in reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// The mathematical concept, such as "divisibility".
    pub concept: Option<String>,
    /// The textbook or chapter it is from.
    pub source: Option<String>,
    pub difficulty: Option<String>,
    /// Part of the data set, such as "test".
    pub split: Option<String>,
}
