//! The lines of `generate`'s output. Owns their shape, and the hash of a run's settings that tells whether an output may be
//! continued.

use super::prompt::hex;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A line of the output: what `verify` and `eval` read, and where it comes from.
#[derive(Clone, Debug, Serialize)]
pub struct Line<'a> {
    /// The problem's.
    pub id: &'a str,
    /// What Lean is to judge: the last attempt.
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<&'a str>,
    /// Which sample of the problem, from 0.
    pub sample: usize,
    pub model: &'a str,
    /// Of this sample alone.
    pub seed: u64,
    pub prompt_sha256: &'a str,
    /// Ids of the examples in the prompt.
    pub shots: &'a [&'a str],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
    pub finish_reason: &'static str,
    /// Which settings made it.
    pub run: &'a str,
    /// With rounds of repair, all attempts in order; the last is the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
}

/// One attempt of a repaired answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    pub code: String,
    pub seed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
    pub finish_reason: &'static str,
    /// What Lean said of it.
    pub judgement: Option<Judgement>,
}

/// What Lean said of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    pub verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// As the model is told.
    pub messages: String,
}

/// The first 16 hexadecimal digits of the SHA-256 of everything that decides what a run's lines are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunHash(String);

impl RunHash {
    /// Of settings, as JSON.
    pub fn of(settings: &serde_json::Value) -> RunHash {
        let mut hash = hex(&Sha256::digest(settings.to_string()));
        hash.truncate(16);
        RunHash(hash)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
