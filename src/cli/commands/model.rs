//! `afcheck model`: the models on this machine.

use super::cache;
use super::model_bench::{self, Size};
use super::model_export;
use super::models::usage;
use crate::cli::args::{Common, Model, ModelWhat};
use crate::cli::exit::{Exit, Failure};
use crate::ml::files::Weights;
use crate::ml::shelf::{Card, Shelf};
use crate::prompts;
use std::fmt::Write as _;

/// Runs the command.
pub fn run(common: &Common, args: &Model) -> Result<Exit, Failure> {
    let shelf = Shelf::new(cache(common).root());
    match &args.what {
        ModelWhat::Add { model, name } => {
            if !common.quiet {
                eprintln!("adding {model} (fetching takes as long as its size)");
            }
            let card = shelf.add(model, name.as_deref(), !common.quiet).map_err(usage)?;
            if let Some(licence) = card.licence.as_ref().filter(|_| !common.quiet) {
                eprintln!("licence: {licence}");
            }
            super::print(&format!("{}\n", line(&card)))
        }
        ModelWhat::List => {
            let cards = shelf.list().map_err(usage)?;
            if cards.is_empty() && !common.quiet {
                let known: Vec<&str> = Shelf::known().collect();
                eprintln!("no models; `afcheck model add NAME` fetches one of: {}", known.join(", "));
            }
            super::print(&cards.iter().map(|card| line(card) + "\n").collect::<String>())
        }
        ModelWhat::Show { model } => {
            let path = shelf.find(model).map_err(usage)?;
            let (spec, _) = Weights::open(&path).map_err(usage)?;
            let mut text = format!("path            {}\n", path.display());
            if let Ok(card) = shelf.card(model) {
                let _ = writeln!(text, "source          {}", card.source);
                let _ = writeln!(text, "licence         {}", card.licence.as_deref().unwrap_or("not known"));
                for file in &card.files {
                    let _ =
                        writeln!(text, "file            {}  {} bytes  sha256 {}", file.name, file.bytes, file.sha256);
                }
            }
            let _ = writeln!(text, "family          {:?}", spec.family);
            let _ = writeln!(text, "layers          {} of width {}", spec.layers, spec.width);
            let _ =
                writeln!(text, "heads           {} of {}, {} of keys and values", spec.heads, spec.head, spec.kv_heads);
            let _ = writeln!(text, "feed-forward    {}", spec.mlp.width);
            let _ = writeln!(text, "vocabulary      {}", spec.vocabulary);
            let _ = writeln!(text, "context         {}", spec.context);
            super::print(&text)
        }
        ModelWhat::Merge { adapter, written } => model_export::run(common, Some(adapter.as_path()), written),
        ModelWhat::Export { written } => model_export::run(common, None, written),
        ModelWhat::Template => super::print(prompts::DEFAULT),
        ModelWhat::Bench { model, train: Some(method), targets, runs, .. } => {
            model_bench::train(common, model, method, *targets, *runs)
        }
        ModelWhat::Bench { model, embed: Some(file), head_epochs, draws, .. } => {
            model_bench::embed(common, model, file, *head_epochs, *draws)
        }
        ModelWhat::Bench { model, prompt, tokens, batch, runs, dense, .. } => {
            let size = Size { prompt: *prompt, tokens: *tokens, batch: *batch, runs: *runs, dense: *dense };
            model_bench::run(common, model, &size)
        }
        ModelWhat::Remove { model } => match shelf.remove(model).map_err(usage)? {
            true => Ok(Exit::Success),
            false => Err(usage(format!("there is no model `{model}`; `afcheck model list` shows what there is"))),
        },
    }
}

fn line(card: &Card) -> String {
    let bytes: u64 = card.files.iter().map(|f| f.bytes).sum();
    format!("{}\t{:.1} MB\t{}", card.name, bytes as f64 / 1e6, card.source)
}
