//! How models are asked, as a fact of long work. Owns which options of a generation decide its texts.

use super::files::hash_of;
use super::{Base, Words};
use crate::cli::commands::models::usage;
use crate::cli::exit::Failure;
use crate::dataset::{ProblemFields, problems};
use crate::domain::Problem;
use crate::lean::Shown;
use serde_json::{Value, json};

/// Options that decide no text: how much is done at once, and names of what is hashed instead.
const UNDECIDING: [&str; 9] =
    ["batch", "concurrency", "retries", "timeout", "shots-from", "shots-probe", "jobs", "no-cache", "offline"];

/// How models are asked.
pub struct Asking {
    /// Everything of the section `[generate]` that decides answers: its options, and the contents of what its examples are drawn
    /// from and of the network that chooses them.
    pub fact: Value,
    /// What its examples are drawn from; none without examples.
    pub examples: Vec<Problem>,
}

impl Asking {
    /// By the section of a file. `model` gives the hash of a model.
    pub fn of(
        base: &Base,
        table: &toml::Table,
        model: &mut dyn FnMut(&str) -> Result<String, Failure>,
    ) -> Result<Asking, Failure> {
        let words = Words::of("generate").option("model", "m").option("data", "d").section(base, "generate", table)?;
        let prompts = words.generate()?.prompts;
        let (mut shots, mut examples) = (Value::Null, vec![]);
        if prompts.shots > 0 {
            let all = problems(&prompts.shots_from, &ProblemFields::default(), None);
            examples = all.map_err(|e| usage(format!("[generate] shots-from: {e}")))?;
            let from = hash_of(&examples);
            shots = match &prompts.shots_probe {
                None => json!(from),
                Some(probe) => json!([from, model(probe)?]),
            };
        }
        Ok(Asking { fact: json!([deciding(&base.options("generate", table)?), shots]), examples })
    }

    /// The statements among which answers are looked for that copy one.
    pub fn shown(&self) -> Shown {
        Shown::statements(self.examples.iter().map(|problem| problem.formal.as_str()))
    }

    /// What decides those.
    pub fn examples_fact(&self) -> Value {
        if self.examples.is_empty() { Value::Null } else { json!(hash_of(&self.examples)) }
    }
}

fn deciding(options: &[String]) -> Vec<&String> {
    let name = |option: &str| option.trim_start_matches("--").split('=').next().unwrap_or_default().to_owned();
    options.iter().filter(|option| !UNDECIDING.contains(&name(option).as_str())).collect()
}
