//! Who answers questions. Owns the interface that the executor asks, and which engine it is for which kind of question.

use crate::domain::{CheckReport, CheckRequest, EquivalenceReport, EquivalenceRequest};
use crate::engine::{Comparer, Engine};
use crate::store::Question;

/// Answers questions of one kind. Shared by threads: each call answers one question and blocks until done.
pub trait Worker<Q: Question>: Sync {
    /// Never panics and never lies: trouble on the way is an answer that decides nothing.
    fn answer(&self, question: &Q) -> Q::Answer;

    /// Everything outside a question that can change its answer, as it is now.
    fn fingerprint(&self) -> String;
}

impl<E: Engine + ?Sized> Worker<CheckRequest> for E {
    fn answer(&self, question: &CheckRequest) -> CheckReport {
        self.check(question)
    }

    fn fingerprint(&self) -> String {
        Engine::fingerprint(self)
    }
}

impl<C: Comparer + ?Sized> Worker<EquivalenceRequest> for C {
    fn answer(&self, question: &EquivalenceRequest) -> EquivalenceReport {
        self.compare(question)
    }

    fn fingerprint(&self) -> String {
        Engine::fingerprint(self)
    }
}
