//! The signals of an evaluation: one number per prediction each, missing where nothing was found out. Owns their names,
//! order and kinds; the formulas are `metrics/`'s.

use std::fmt;
use std::str::FromStr;

/// What a prediction is scored by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// Nats per token of the reference formal statement, from `--losses`; lower is better, all others higher.
    Loss,
    Bleu,
    Chrf,
    EditSimilarity,
    TokenEdit,
    ExactMatch,
    /// Similarity of operator trees.
    Gted,
    /// The prediction's statement elaborates.
    TypeCheck,
    /// The statement is shown to be equivalent to the reference.
    Equivalence,
    /// The prediction carries a proof of its own statement, accepted at the required rung.
    Proof,
    /// Both: what was asked is said and proved.
    ProofOfReference,
}

impl Signal {
    /// All, in the order of reports.
    pub const ALL: [Signal; 11] = [
        Signal::Loss,
        Signal::Bleu,
        Signal::Chrf,
        Signal::EditSimilarity,
        Signal::TokenEdit,
        Signal::ExactMatch,
        Signal::Gted,
        Signal::TypeCheck,
        Signal::Equivalence,
        Signal::Proof,
        Signal::ProofOfReference,
    ];

    /// The name used by `--metrics` and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Signal::Loss => "loss",
            Signal::Bleu => "bleu",
            Signal::Chrf => "chrf",
            Signal::EditSimilarity => "edit_similarity",
            Signal::TokenEdit => "token_edit",
            Signal::ExactMatch => "exact_match",
            Signal::Gted => "gted",
            Signal::TypeCheck => "type_check",
            Signal::Equivalence => "equivalence",
            Signal::Proof => "proof",
            Signal::ProofOfReference => "proof_of_reference",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Signal::Loss => "loss (nats per token)",
            Signal::Bleu => "BLEU",
            Signal::Chrf => "chrF",
            Signal::EditSimilarity => "edit similarity",
            Signal::TokenEdit => "token edit similarity",
            Signal::ExactMatch => "exact match",
            Signal::Gted => "GTED similarity",
            Signal::TypeCheck => "type-check rate",
            Signal::Equivalence => "proved equivalence",
            Signal::Proof => "proof accuracy",
            Signal::ProofOfReference => "equivalent and proved",
        }
    }

    /// True if it needs a Lean.
    pub fn needs_lean(self) -> bool {
        self >= Signal::TypeCheck
    }

    /// True if a prediction either has it or has it not.
    pub fn is_rate(self) -> bool {
        self == Signal::ExactMatch || self.needs_lean()
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Signal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Signal::ALL.into_iter().find(|s| s.as_str() == text.trim());
        known.ok_or_else(|| {
            let names = Signal::ALL.map(Signal::as_str).join(", ");
            format!("unknown metric `{text}`; one of {names}, or text or lean for all of a kind")
        })
    }
}
