//! What is asked of an engine. Owns the request and the policy on axioms; no text processing here.

use super::{Budget, Rung, Target};
use std::collections::BTreeSet;
use std::str::FromStr;

/// The axioms of Lean's classical logic, permitted unless a caller says otherwise. Compiler axioms
/// (`Lean.ofReduceBool`, `Lean.trustCompiler`) are not among them: `native_decide` can prove `False`.
pub const STANDARD_AXIOMS: [&str; 3] = ["propext", "Classical.choice", "Quot.sound"];

/// What a text is judged as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// Does the statement elaborate? `sorry` and missing bodies are fine.
    Statement,
    /// Is the statement proved?
    Proof,
    /// Statement if the text ends without a proof (`sorry`, `:=`, `by`, or no body), proof otherwise.
    #[default]
    Auto,
}

impl Mode {
    /// The name used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Statement => "statement",
            Mode::Proof => "proof",
            Mode::Auto => "auto",
        }
    }
}

impl FromStr for Mode {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        [Mode::Statement, Mode::Proof, Mode::Auto]
            .into_iter()
            .find(|m| m.as_str() == s)
            .ok_or_else(|| format!("unknown mode `{s}`; one of statement, proof, auto"))
    }
}

/// Which axioms an accepted proof may rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxiomPolicy {
    /// Exact structural names, dot-separated; compared as whole names, never by prefix.
    pub permitted: BTreeSet<String>,
}

impl Default for AxiomPolicy {
    fn default() -> Self {
        AxiomPolicy { permitted: STANDARD_AXIOMS.iter().map(|s| s.to_string()).collect() }
    }
}

/// One check. `code` is the candidate's text exactly as it was given; positions in the report refer to it.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    /// Trusted text elaborated before the candidate (imports, `open`s). Messages from it carry `in_header`.
    pub header: Option<String>,
    /// The candidate: raw Lean or Markdown with fences.
    pub code: String,
    /// The trusted statement the candidate is to prove.
    pub target: Option<Target>,
    /// What it is judged as.
    pub mode: Mode,
    /// Hint for [`Mode::Auto`], see [`Record::is_proof`](super::Record::is_proof).
    pub is_proof: Option<bool>,
    /// The rung that counts; `None` means [`Rung::Statement`] in statement mode, and in proof mode
    /// [`Rung::Target`] if there is a target, [`Rung::Replay`] otherwise.
    pub require: Option<Rung>,
    /// Limits of the check.
    pub budget: Budget,
    /// Permitted axioms.
    pub axioms: AxiomPolicy,
    /// Whether the statement is looked at for what people should know of it.
    pub warnings: bool,
    /// Name of the engine to ask, where there are several.
    pub engine: Option<String>,
}

impl CheckRequest {
    /// A check of a text alone, with everything by default and no look at its statements.
    pub fn new(code: impl Into<String>) -> Self {
        CheckRequest {
            header: None,
            code: code.into(),
            target: None,
            mode: Mode::Auto,
            is_proof: None,
            require: None,
            budget: Budget::default(),
            axioms: AxiomPolicy::default(),
            warnings: false,
            engine: None,
        }
    }
}
