//! How models are asked, as a fact of long work. Owns which options of a generation decide its texts.

use super::files::hash_of;
use super::{Base, Words};
use crate::cli::commands::models::usage;
use crate::cli::exit::Failure;
use crate::dataset::{ProblemFields, problems};
use serde_json::{Value, json};

/// Options that decide no text: how much is done at once, and names of what is hashed instead.
const UNDECIDING: [&str; 9] =
    ["batch", "concurrency", "retries", "timeout", "shots-from", "shots-probe", "jobs", "no-cache", "offline"];

/// Everything of the section `[generate]` that decides answers: its options, and the contents of what its examples are drawn
/// from and of the network that chooses them. `model` gives the hash of a model.
pub fn asking(
    base: &Base,
    table: &toml::Table,
    model: &mut dyn FnMut(&str) -> Result<String, Failure>,
) -> Result<Value, Failure> {
    let words = Words::of("generate").option("model", "m").option("data", "d").section(base, "generate", table)?;
    let prompts = words.generate()?.prompts;
    let mut shots = Value::Null;
    if prompts.shots > 0 {
        let all = problems(&prompts.shots_from, &ProblemFields::default(), None);
        let from = hash_of(&all.map_err(|e| usage(format!("[generate] shots-from: {e}")))?);
        shots = match &prompts.shots_probe {
            None => json!(from),
            Some(probe) => json!([from, model(probe)?]),
        };
    }
    Ok(json!([deciding(&base.options("generate", table)?), shots]))
}

fn deciding(options: &[String]) -> Vec<&String> {
    let name = |option: &str| option.trim_start_matches("--").split('=').next().unwrap_or_default().to_owned();
    options.iter().filter(|option| !UNDECIDING.contains(&name(option).as_str())).collect()
}
