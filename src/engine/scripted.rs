//! An engine that answers from a script: for tests of what lies above the engine, never for verdicts.

use super::Engine;
use crate::domain::{CheckReport, CheckRequest, EngineId, Mode, Rung, Verdict};

/// Answers every request with `answer(code)`.
pub struct Scripted<F> {
    answer: F,
}

impl<F: Fn(&str) -> Verdict + Send + Sync> Scripted<F> {
    /// An engine that gives each code the verdict `answer` says.
    pub fn new(answer: F) -> Self {
        Scripted { answer }
    }
}

impl<F: Fn(&str) -> Verdict + Send + Sync> Engine for Scripted<F> {
    fn check(&self, request: &CheckRequest) -> CheckReport {
        let required = request.require.unwrap_or(Rung::Axioms);
        CheckReport::new((self.answer)(&request.code), Mode::Proof, required, self.id())
    }

    fn id(&self) -> EngineId {
        EngineId { lean: "0".into(), commit: "0".into(), kind: "scripted" }
    }

    fn fingerprint(&self) -> String {
        "scripted".into()
    }

    fn parallelism(&self) -> usize {
        1
    }
}
