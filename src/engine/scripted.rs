//! Engines that answer from a script: for tests of what lies above the engine, never for verdicts.

use super::{Comparer, Elaborator, Engine};
use crate::domain::{
    Cause, CheckReport, CheckRequest, Elaboration, ElaborationRequest, EngineId, EquivalenceReport, EquivalenceRequest,
    EquivalenceVerdict, LadderKind, Mode, NotInspected, Rung, Verdict,
};

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
        scripted_id()
    }

    fn fingerprint(&self) -> String {
        "scripted".into()
    }

    fn parallelism(&self) -> usize {
        1
    }
}

impl<F: Fn(&str) -> Verdict + Send + Sync> Elaborator for Scripted<F> {
    fn elaborate(&self, _: &ElaborationRequest) -> Result<Elaboration, NotInspected> {
        Err(NotInspected { cause: Cause::Unsupported, detail: "a script elaborates nothing".into() })
    }
}

/// Compares with `answer(request)` and accepts every check.
pub struct ScriptedComparer<F> {
    answer: F,
}

impl<F: Fn(&EquivalenceRequest) -> EquivalenceVerdict + Send + Sync> ScriptedComparer<F> {
    /// An engine that gives each comparison the verdict `answer` says.
    pub fn new(answer: F) -> Self {
        ScriptedComparer { answer }
    }
}

impl<F: Fn(&EquivalenceRequest) -> EquivalenceVerdict + Send + Sync> Engine for ScriptedComparer<F> {
    fn check(&self, request: &CheckRequest) -> CheckReport {
        Scripted::new(|_| Verdict::Accepted { level: Rung::Axioms }).check(request)
    }

    fn id(&self) -> EngineId {
        scripted_id()
    }

    fn fingerprint(&self) -> String {
        "scripted".into()
    }

    fn parallelism(&self) -> usize {
        1
    }
}

impl<F: Fn(&EquivalenceRequest) -> EquivalenceVerdict + Send + Sync> Comparer for ScriptedComparer<F> {
    fn compare(&self, request: &EquivalenceRequest) -> EquivalenceReport {
        EquivalenceReport::new((self.answer)(request), LadderKind::BeqCore, self.id())
    }
}

fn scripted_id() -> EngineId {
    EngineId { lean: "0".into(), commit: "0".into(), kind: "scripted" }
}
