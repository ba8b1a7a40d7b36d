//! The card of a run: what it was made of and what came of it. Owns its fields.

use super::Plan;
use crate::pipeline::conditions::Report;
use serde::Serialize;

/// The card, written as `card.json`.
#[derive(Debug, Serialize)]
pub struct Card<'a> {
    pub schema: &'static str,
    pub afcheck: &'static str,
    pub plan: &'a Plan,
    /// Hash of all that decides what the run's numbers are.
    pub run: &'a str,
    /// Hash of the model's numbers, those of its vectors and a part of each matrix.
    pub model_sha256: &'a str,
    /// With the objective `distillation`.
    pub teacher: Option<&'a TeacherCard>,
    pub data: &'a Report,
    pub dev: Option<&'a Report>,
    /// Numbers that were trained.
    pub trained: usize,
    pub steps: usize,
    /// Steps whose model was kept.
    pub step: usize,
    pub dev_before: Option<f64>,
    pub dev_loss: Option<f64>,
    pub ended: &'static str,
    pub threads: usize,
    pub seconds: f64,
    pub tokens_per_second: f64,
    pub peak_memory_bytes: Option<u64>,
}

/// Whom a run learnt from; the names are the plan's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TeacherCard {
    /// Hash of the teacher's numbers without its adapter, as `model_sha256` is one.
    pub model_sha256: String,
    /// Of the files of its adapter.
    pub adapter_sha256: Option<String>,
}

impl Card<'_> {
    /// Its schema.
    pub const SCHEMA: &'static str = "afcheck.finetune/1";
}
