//! The file of `afcheck distill`. Owns its keys, its commented example and what of it can be wrong by itself.

use super::options::{OF_ALL, OF_GENERATION, OF_TRAINING, not_its_own};
use super::study::{Budget, Report};
use crate::domain::Feedback;
use serde::{Deserialize, Serialize};

/// The commented example, printed by `afcheck distill init`.
pub const EXAMPLE: &str = include_str!("distill.toml");

/// Who revises what with whose help, and what is learnt from it. Unknown keys are errors.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Distill {
    #[serde(default = "default_out")]
    pub out: String,
    pub title: Option<String>,
    #[serde(default = "one")]
    pub seed: u64,
    #[serde(default = "two")]
    pub rounds: usize,
    #[serde(default = "default_feedback", with = "names")]
    pub feedback: Vec<Feedback>,
    #[serde(default)]
    pub revise: Revise,
    pub texts: Option<String>,
    pub template: Option<String>,
    pub problems: Set,
    pub held_out: Set,
    pub student: Student,
    pub teacher: Option<Teacher>,
    /// Options of `afcheck generate`.
    #[serde(default)]
    pub generate: toml::Table,
    /// Options of `afcheck finetune`.
    #[serde(default)]
    pub finetune: toml::Table,
    #[serde(default)]
    pub learn: Learn,
    /// Options of `afcheck finetune --objective distillation`.
    pub logits: Option<toml::Table>,
    #[serde(default)]
    pub report: Report,
    #[serde(default)]
    pub budget: Budget,
}

mod names {
    use crate::domain::Feedback;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Vec<Feedback>, D::Error> {
        let names: Vec<String> = Vec::deserialize(deserializer)?;
        names.iter().map(|name| name.parse().map_err(D::Error::custom)).collect()
    }

    pub fn serialize<S: Serializer>(all: &[Feedback], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(all.iter().map(|kind| kind.as_str()))
    }
}

fn default_out() -> String {
    "distill".to_owned()
}

fn one() -> u64 {
    1
}

fn two() -> usize {
    2
}

fn default_feedback() -> Vec<Feedback> {
    Feedback::ALL.to_vec()
}

/// Which attempts are revised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Revise {
    /// Those that Lean refused; the others stay as they are.
    #[default]
    Refused,
    All,
}

/// Problems.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Set {
    pub set: String,
    pub split: Option<String>,
    #[serde(default)]
    pub fields: Vec<String>,
    pub count: Option<usize>,
    #[serde(default = "one")]
    pub seed: u64,
}

/// `[student]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Student {
    pub model: String,
    pub adapter: Option<String>,
    #[serde(default)]
    pub chat: bool,
}

/// `[teacher]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Teacher {
    /// A name, or empty for [`Teacher::advice`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// No model: Lean's diagnostics, put into words.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub advice: bool,
    pub adapter: Option<String>,
    /// Where it is, which reports do not depend on.
    #[serde(skip_serializing)]
    pub base_url: Option<String>,
    pub api_key_env: Option<String>,
    #[serde(default)]
    pub chat: bool,
    #[serde(default)]
    pub price_in: f64,
    #[serde(default)]
    pub price_out: f64,
    #[serde(default = "default_tokens")]
    pub max_tokens: usize,
    #[serde(default)]
    pub temperature: f32,
}

impl Teacher {
    /// For people.
    pub fn name(&self) -> &str {
        if self.advice { "Lean's diagnostics as advice" } else { &self.model }
    }
}

fn default_tokens() -> usize {
    96
}

/// `[learn]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Learn {
    pub keep: Keep,
}

/// Which revisions are learnt from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// Their statements elaborate.
    #[default]
    Elaborate,
    /// And are proved equivalent to the reference.
    Equivalent,
}

impl Distill {
    /// The sections that are options of other commands, by name.
    pub fn section(&self, name: &str) -> Option<&toml::Table> {
        match name {
            "generate" => Some(&self.generate),
            "finetune" => Some(&self.finetune),
            "logits" => self.logits.as_ref(),
            _ => None,
        }
    }

    fn check(&self) -> Result<(), String> {
        let wrong = |text: &str| Err(text.to_owned());
        if self.feedback.is_empty() {
            return wrong("feedback names no kind: none, lean, teacher and both are there");
        }
        if let Some(twice) = self.feedback.iter().enumerate().find(|(at, kind)| self.feedback[..*at].contains(kind)) {
            return Err(format!("feedback has `{}` twice", twice.1.as_str()));
        }
        if self.teacher.is_none() && self.feedback.iter().any(|kind| kind.has_teacher()) {
            return wrong(
                "feedback of a teacher needs a section [teacher]; without one, feedback = [\"none\", \"lean\"]",
            );
        }
        if self.rounds == 0 || [self.problems.count, self.held_out.count].contains(&Some(0)) {
            return wrong("rounds and count are at least 1");
        }
        if let Some(teacher) = &self.teacher {
            let model = !teacher.model.is_empty() || teacher.base_url.is_some() || teacher.adapter.is_some();
            if model == teacher.advice || teacher.base_url.is_some() && teacher.model.is_empty() {
                return wrong("[teacher] has either `model`, or `advice = true` and no model");
            }
            if teacher.max_tokens == 0 || teacher.temperature < 0.0 || !teacher.temperature.is_finite() {
                return wrong("[teacher]: max-tokens is at least 1, temperature a number from 0 up");
            }
            if teacher.base_url.is_some() && teacher.adapter.is_some() {
                return wrong("[teacher]: an adapter is for a model here; a server puts on its own");
            }
        }
        if self.problems.set == self.held_out.set && self.problems.split == self.held_out.split {
            return Err(format!(
                "[held-out] is `{}`, which [problems] is, too: what was learnt from measures nothing",
                self.held_out.set
            ));
        }
        if self.logits.as_ref().is_some_and(|logits| !logits.contains_key("teacher")) {
            return wrong("[logits] needs `teacher`, a model here whose distributions are learnt");
        }
        for (section, own, but) in
            [("generate", OF_GENERATION, ""), ("finetune", OF_TRAINING, ""), ("logits", OF_TRAINING, "data")]
        {
            let key = self.section(section).and_then(|table| not_its_own(table, &[OF_ALL, own], &[but]));
            if let Some(key) = key {
                return Err(format!("[{section}] has `{key}`, which `afcheck distill` gives itself"));
            }
        }
        Ok(())
    }
}

/// Reads the text of a file. The error names line and column, and lists the known keys for an unknown one.
pub fn parse(text: &str) -> Result<Distill, String> {
    let distill: Distill = toml::from_str(text).map_err(|e| e.to_string())?;
    distill.check().map(|()| distill)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uncommented() -> String {
        let line = |line: &str| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") || rest.starts_with('[') => rest.to_owned() + "\n",
            _ => line.to_owned() + "\n",
        };
        EXAMPLE.lines().map(line).collect()
    }

    #[test]
    fn the_example_is_valid_with_and_without_its_comments() {
        let plain = parse(EXAMPLE).expect("the example");
        assert_eq!((plain.feedback.len(), plain.rounds, plain.logits.is_none()), (4, 2, true));
        let full = parse(&uncommented()).expect("all settings of the example");
        assert_eq!((full.revise, full.learn, full.report), (Revise::default(), Learn::default(), Report::default()));
        assert!(full.logits.is_some() && full.student.adapter.is_some());
    }

    #[test]
    fn mistakes_are_named_with_a_remedy() {
        let wrong = |from: &str, to: &str, says: &[&str]| {
            assert!(EXAMPLE.contains(from), "{from}");
            let error = parse(&EXAMPLE.replace(from, to)).expect_err(to);
            assert!(says.iter().all(|word| error.contains(word)), "{error}");
        };
        wrong("rounds = 2", "rounds = 0", &["at least 1"]);
        wrong("\"none\", \"lean\", ", "\"teacher\", ", &["`teacher` twice"]);
        wrong("[teacher]", "[teachers]", &["teachers"]);
        wrong("set = \"afcore:test\"", "set = \"afcore:train\"", &["[held-out]", "nothing"]);
        wrong("samples = 1", "seed = 1", &["[generate]", "`seed`"]);
        wrong("epochs = 2", "adapter = \"a\"", &["[finetune]", "`adapter`"]);
        wrong("# [report]", "[logits]\ntokens = 3\n# [report]", &["[logits]", "`teacher`"]);
        wrong("# chat = true", "adapter = \"a\"", &["[teacher]", "server"]);
        wrong("# chat = true", "advice = true", &["[teacher]", "no model"]);
        wrong("[teacher]\nmodel = \"gemma-3-270m\"", "[teacher]", &["[teacher]", "`advice = true`"]);
    }
}
