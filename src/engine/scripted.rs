//! An engine that answers from a script: for tests of what lies above the engine, never for verdicts.

use super::Engine;
use crate::domain::{CheckReport, CheckRequest, EngineId, Mode, Rung, Verdict};
use std::time::Duration;

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
        CheckReport {
            verdict: (self.answer)(&request.code),
            mode: Mode::Proof,
            required: request.require.unwrap_or(Rung::Axioms),
            messages: vec![],
            axioms: vec![],
            declarations: vec![],
            heartbeats: 0,
            wall: Duration::ZERO,
            memory: 0,
            engine: self.id(),
        }
    }

    fn id(&self) -> EngineId {
        EngineId { lean: "0".into(), commit: "0".into(), kind: "scripted" }
    }

    fn parallelism(&self) -> usize {
        1
    }
}
