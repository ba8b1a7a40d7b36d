//! The settings of a fine-tuning run, resolved: what `--show-settings` prints and the card of a run keeps. Owns their defaults
//! and what is wrong with them.

use super::Course;
use crate::ml::spec::{LayerPart, Spec};
use crate::ml::train::{Constants, Distillation, Divergence, Lora, Method, Objective, Schedule, Settings};
use serde::{Deserialize, Serialize};

/// What is trained, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MethodName {
    Lora,
    Full,
    Head,
}

/// What a run makes smaller, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectiveName {
    /// The loss of target tokens.
    Likelihood,
    /// Direct preference optimisation on pairs of answers.
    Preference,
    /// The distance from what a teacher says behind the same tokens.
    Distillation,
}

/// A linear map that can have an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Query,
    Key,
    Value,
    Output,
    Gate,
    Up,
    Down,
}

impl Target {
    /// The part of a layer.
    pub fn part(self) -> LayerPart {
        match self {
            Target::Query => LayerPart::Query,
            Target::Key => LayerPart::Key,
            Target::Value => LayerPart::Value,
            Target::Output => LayerPart::Output,
            Target::Gate => LayerPart::Gate,
            Target::Up => LayerPart::Up,
            Target::Down => LayerPart::Down,
        }
    }
}

/// A run, as people write it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plan {
    /// A name or a path.
    pub model: String,
    /// The condition trained on (with the objective `preference`, a file of pairs), and the one whose loss is watched (nothing if
    /// empty).
    pub data: String,
    pub dev: String,
    /// Tokens to train on, prompts and targets; without, every text once.
    pub tokens: Option<u64>,
    /// Times the examples are read.
    pub epochs: usize,
    /// Tokens of an example at most; longer ones are cut, or left out.
    pub context: usize,
    pub leave_out_long: bool,
    pub method: MethodName,
    pub objective: ObjectiveName,
    /// Of the objective `preference`: how dear it is to leave the model that training began with.
    pub beta: f64,
    /// Of the objective `distillation`: the model to learn from, a name or a path, and the directory of its adapter, empty for none.
    pub teacher: String,
    pub teacher_adapter: String,
    /// What the scores of teacher and student are divided by.
    pub temperature: f64,
    pub divergence: Divergence,
    /// Share of the loss of target tokens; the rest is the teacher's.
    pub hard_weight: f64,
    /// The directory of an adapter that training begins with, whose rank, scaling and maps it then keeps; empty for a new one.
    pub adapter: String,
    /// Of an adapter.
    pub rank: usize,
    pub alpha: f32,
    pub dropout: f32,
    pub rslora: bool,
    pub targets: Vec<Target>,
    pub learning_rate: f64,
    pub schedule: Schedule,
    /// Share of the steps in which the learning rate rises.
    pub warm_up: f64,
    /// Examples of a step.
    pub batch: usize,
    /// Tokens that go through the model together; larger steps are accumulated.
    pub tokens_at_once: usize,
    /// 0 cuts nothing.
    pub clip: f64,
    pub weight_decay: f32,
    pub beta1: f32,
    pub beta2: f32,
    pub epsilon: f32,
    pub seed: u64,
    /// Steps between two looks at the development set.
    pub dev_every: usize,
    /// Looks without a new best after which the run ends; 0 for never.
    pub patience: usize,
    /// Steps between checkpoints.
    pub checkpoint_every: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Plan {
            model: "gemma-3-270m".into(),
            data: "aligned:afcore:train".into(),
            dev: "aligned:afcore:dev".into(),
            tokens: None,
            epochs: 1,
            context: 512,
            leave_out_long: false,
            method: MethodName::Lora,
            objective: ObjectiveName::Likelihood,
            beta: 0.1,
            teacher: String::new(),
            teacher_adapter: String::new(),
            temperature: 1.0,
            divergence: Divergence::Forward,
            hard_weight: 0.0,
            adapter: String::new(),
            rank: 8,
            alpha: 16.0,
            dropout: 0.0,
            rslora: false,
            targets: vec![Target::Query, Target::Key, Target::Value, Target::Output],
            learning_rate: 3e-4,
            schedule: Schedule::Cosine,
            warm_up: 0.05,
            batch: 8,
            tokens_at_once: 1024,
            clip: 1.0,
            weight_decay: 0.01,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            seed: 1,
            dev_every: 50,
            patience: 0,
            checkpoint_every: 50,
        }
    }
}

/// A setting that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {value}: {why}")]
pub struct PlanError {
    pub name: &'static str,
    pub value: String,
    pub why: &'static str,
}

impl Plan {
    /// Checks what can be checked without a model.
    pub fn check(&self) -> Result<(), PlanError> {
        let wrong = |name, value: &dyn ToString, why| Err(PlanError { name, value: value.to_string(), why });
        let counts = [
            ("epochs", self.epochs),
            ("rank", self.rank),
            ("batch", self.batch),
            ("tokens_at_once", self.tokens_at_once),
            ("dev_every", self.dev_every),
            ("checkpoint_every", self.checkpoint_every),
        ];
        if let Some((name, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            return wrong(name, &0, "at least 1 is needed");
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return wrong("dropout", &self.dropout, "a probability below 1 is needed");
        }
        if !(self.beta > 0.0 && self.beta.is_finite()) {
            return wrong("beta", &self.beta, "a number above 0 is needed");
        }
        if self.objective == ObjectiveName::Preference && self.dropout > 0.0 {
            return wrong("dropout", &self.dropout, "a preference is measured with all inputs: it goes with 0 only");
        }
        self.check_teacher()?;
        if !self.adapter.is_empty() && self.method != MethodName::Lora {
            return wrong("adapter", &self.adapter, "training goes on from an adapter with the method lora only");
        }
        if !(self.learning_rate > 0.0 && self.learning_rate.is_finite()) {
            return wrong("learning_rate", &self.learning_rate, "a number above 0 is needed");
        }
        if !(0.0..=1.0).contains(&self.warm_up) {
            return wrong("warm_up", &self.warm_up, "it is a share of the steps, from 0 to 1");
        }
        if !(self.clip >= 0.0 && self.clip.is_finite()) {
            return wrong("clip", &self.clip, "a length from 0 up is needed, 0 for no limit");
        }
        if !(self.alpha > 0.0 && self.alpha.is_finite()) {
            return wrong("alpha", &self.alpha, "a number above 0 is needed");
        }
        if [self.beta1, self.beta2].iter().any(|beta| !(0.0..1.0).contains(beta)) {
            return wrong("beta1 or beta2", &format!("{}, {}", self.beta1, self.beta2), "they are from 0 to below 1");
        }
        if self.method == MethodName::Lora && self.targets.is_empty() {
            return wrong("targets", &"[]", "an adapter needs at least one linear map");
        }
        Ok(())
    }

    fn check_teacher(&self) -> Result<(), PlanError> {
        let wrong = |name, value: &dyn ToString, why| Err(PlanError { name, value: value.to_string(), why });
        match (self.objective == ObjectiveName::Distillation, self.teacher.is_empty()) {
            (true, true) => return wrong("teacher", &"''", "the objective distillation needs a model to learn from"),
            (false, false) => return wrong("teacher", &self.teacher, "it goes with the objective distillation only"),
            _ => {}
        }
        if self.teacher.is_empty() && !self.teacher_adapter.is_empty() {
            return wrong("teacher_adapter", &self.teacher_adapter, "there is no teacher to put it on");
        }
        if !(self.temperature > 0.0 && self.temperature.is_finite()) {
            return wrong("temperature", &self.temperature, "a number above 0 is needed");
        }
        if !(0.0..=1.0).contains(&self.hard_weight) {
            return wrong("hard_weight", &self.hard_weight, "it is a share of the loss, from 0 to 1");
        }
        Ok(())
    }

    /// What a trainer needs, for a model of this `spec` and so many steps.
    pub fn settings(&self, spec: &Spec, steps: usize) -> Result<Settings, PlanError> {
        if self.method == MethodName::Lora && self.targets.contains(&Target::Gate) && !spec.mlp.gated {
            return Err(PlanError { name: "targets", value: "gate".into(), why: "this model has no gate" });
        }
        let method = match self.method {
            MethodName::Lora => Method::Lora(self.lora()),
            MethodName::Full => Method::Full,
            MethodName::Head => Method::Head,
        };
        let objective = match self.objective {
            ObjectiveName::Likelihood => Objective::Likelihood,
            ObjectiveName::Preference => Objective::Preference { beta: self.beta },
            ObjectiveName::Distillation => Objective::Distillation(Distillation {
                temperature: self.temperature,
                divergence: self.divergence,
                hard_weight: self.hard_weight,
            }),
        };
        Ok(Settings {
            method,
            objective,
            learning_rate: self.learning_rate,
            schedule: self.schedule,
            warm_up: (self.warm_up * steps as f64).round() as usize,
            batch: self.batch,
            epochs: self.epochs,
            tokens_at_once: self.tokens_at_once,
            clip: (self.clip > 0.0).then_some(self.clip),
            optimizer: Constants {
                beta1: self.beta1,
                beta2: self.beta2,
                epsilon: self.epsilon,
                weight_decay: self.weight_decay,
            },
            seed: self.seed,
        })
    }

    /// The adapter of the method `lora`.
    pub fn lora(&self) -> Lora {
        let mut targets: Vec<LayerPart> = self.targets.iter().map(|target| target.part()).collect();
        targets.sort_unstable();
        targets.dedup();
        Lora { rank: self.rank, alpha: self.alpha, rslora: self.rslora, dropout: self.dropout, targets }
    }

    /// The course of the run.
    pub fn course(&self) -> Course {
        Course {
            dev_every: self.dev_every,
            patience: (self.patience > 0).then_some(self.patience),
            checkpoint_every: self.checkpoint_every,
        }
    }
}
