//! What makes two questions the same question. Owns the hash that results are kept under. Everything that can change an
//! outcome goes in; a field that a request gains does not compile until it has its place here.

use super::question::Question;
use crate::domain::{AxiomPolicy, Budget, CheckRequest, EquivalenceRequest, Target};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;

/// Changes whenever the meaning of a key or of a kept result does.
const REVISION: u32 = 2;

/// Who judges: this version of afcheck, the sources of its judgement, and the engine with its libraries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judge(String);

impl Judge {
    /// The judge that this build is with an engine of this fingerprint.
    pub fn new(fingerprint: &str) -> Judge {
        // build.rs hashes the sources that decide verdicts: between releases the version alone would lie.
        let (version, judging) = (env!("CARGO_PKG_VERSION"), env!("AFCHECK_JUDGING"));
        Judge(format!("afcheck {version} {judging}, results {REVISION}, {fingerprint}"))
    }

    /// A judge by the name it had.
    pub(super) fn named(name: String) -> Judge {
        Judge(name)
    }

    /// The name, for people and for the database.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// SHA-256 of a judge and a question: equal exactly if the outcome must be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of a question. Line ends of texts do not count: Lean reads `\r\n` as `\n`, and no position in a report
    /// depends on it.
    pub fn of<Q: Question>(judge: &Judge, question: &Q) -> Key {
        let mut parts = Parts(Sha256::new());
        parts.part(judge.name().as_bytes());
        parts.part(Q::KIND.as_bytes());
        question.hash(&mut parts);
        Key(parts.0.finalize().into())
    }

    /// A key as it is kept; `None` unless it is 32 bytes.
    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Key> {
        bytes.try_into().ok().map(Key)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// 64 lower-case hexadecimal digits.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Every part is preceded by its length, so that nothing can move from one to the next unnoticed.
pub struct Parts(Sha256);

impl Parts {
    /// A check.
    pub(super) fn check(&mut self, request: &CheckRequest) {
        let CheckRequest { header, code, target, mode, is_proof, require, budget, axioms, warnings, engine } = request;
        let AxiomPolicy { permitted } = axioms;
        self.option(header.as_deref());
        self.text(code);
        self.number(target.is_some().into());
        if let Some(Target { text, header, name }) = target {
            self.text(text);
            self.option(header.as_deref());
            self.option(name.as_deref());
        }
        self.part(mode.as_str().as_bytes());
        self.option(is_proof.map(|yes| if yes { "yes" } else { "no" }));
        self.option(require.map(|rung| rung.as_str()));
        self.budget(*budget);
        self.number(permitted.len() as u64);
        for axiom in permitted {
            self.part(axiom.as_bytes());
        }
        self.number((*warnings).into());
        self.option(engine.as_deref());
    }

    /// A comparison. Which ladder is climbed, and how, is the judge's: its sources are in the judge's name.
    pub(super) fn comparison(&mut self, request: &EquivalenceRequest) {
        let EquivalenceRequest { header, a, b, budget } = request;
        self.option(header.as_deref());
        self.text(a);
        self.text(b);
        self.budget(*budget);
    }

    fn budget(&mut self, Budget { heartbeats, wall_clock, memory }: Budget) {
        self.number(heartbeats);
        self.number(wall_clock.as_secs());
        self.number(wall_clock.subsec_nanos().into());
        self.number(memory);
    }

    fn part(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn number(&mut self, number: u64) {
        self.part(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.part(line_feeds(text).as_bytes());
    }

    fn option(&mut self, text: Option<&str>) {
        self.number(text.is_some().into());
        self.text(text.unwrap_or_default());
    }
}

fn line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") { text.replace("\r\n", "\n").into() } else { text.into() }
}
