//! Outputs that are made in a run, by `afcheck generate`. Owns how the file's keys become its arguments.

use super::place::Place;
use super::usage;
use crate::cli::args::{Args, Command, Common};
use crate::cli::commands::generate;
use crate::cli::exit::{Exit, Failure};
use crate::config::nightly::{Data, Model};
use clap::Parser;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Has a model answer every problem of a data set, or goes on where it stopped. `false` if it was interrupted.
pub fn generate(
    common: &Common,
    place: &Place,
    (model, data): (&Model, &Data),
    out: &Path,
    stop: &AtomicBool,
) -> Result<bool, Failure> {
    let Some(name) = &model.model else { return Ok(true) };
    let mut words: Vec<String> = ["afcheck", "generate", "--resume"].map(str::to_owned).into();
    // With `=`, what begins with a dash is a value all the same.
    let mut option = |name: &str, value: &dyn ToString| words.push(format!("{name}={}", value.to_string()));
    let name = if model.base_url.is_some() { name.clone() } else { place.path_or_name(name) };
    option("--model", &name);
    option("--data", &place.path_or_name(&data.problems));
    data.split.iter().for_each(|split| option("--split", split));
    data.limit.iter().for_each(|limit| option("--limit", limit));
    data.fields.iter().for_each(|field| option("--data-field", field));
    model.adapter.iter().for_each(|path| option("--adapter", &place.path(path).display()));
    model.template.iter().for_each(|path| option("--template", &place.path(path).display()));
    model.shots.iter().for_each(|shots| option("--shots", shots));
    model.shots_from.iter().for_each(|set| option("--shots-from", &place.path_or_name(set)));
    model.samples.iter().for_each(|samples| option("--samples", samples));
    model.max_tokens.iter().for_each(|tokens| option("--max-tokens", tokens));
    model.temperature.iter().for_each(|temperature| option("--temperature", temperature));
    model.top_p.iter().for_each(|top_p| option("--top-p", top_p));
    model.seed.iter().for_each(|seed| option("--seed", seed));
    model.base_url.iter().for_each(|url| option("--base-url", url));
    model.api_key_env.iter().for_each(|variable| option("--api-key-env", variable));
    option("--out", &out.display());
    if model.chat {
        words.push("--chat".to_owned());
    }
    let parsed = Args::try_parse_from(&words).map_err(|e| usage(format!("model `{}`: {e}", model.name)))?;
    let Command::Generate(args) = parsed.command else { return Err(usage("the words of a generation")) };
    match generate::answer(common, &args, stop) {
        Ok(Exit::Success) => Ok(true),
        Ok(Exit::Interrupted) => Ok(false),
        Ok(exit) => {
            let words = format!("outputs of model `{}` could not be made; run again to go on", model.name);
            Err(Failure::new(exit, words))
        }
        Err(failure) => Err(Failure::new(failure.exit, format!("model `{}`: {}", model.name, failure.message))),
    }
}
