//! What the commands that run a language model have in common: problems, templates, and the model itself.

use crate::cli::args::{Common, ProblemData};
use crate::cli::exit::{Exit, Failure};
use crate::dataset::{ProblemFields, problems};
use crate::domain::{Groups, Problem};
use crate::ml::adapter::Adapter;
use crate::ml::chat::ChatTemplate;
use crate::ml::decoder::{Decoder, Kept};
use crate::ml::files::Weights;
use crate::ml::shelf::Shelf;
use crate::ml::tokenizer::Tokenizer;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A model ready for use.
pub struct Model {
    /// As results name it.
    pub name: String,
    pub decoder: Decoder,
    pub tokenizer: Tokenizer,
}

/// A failure of input.
pub fn usage(error: impl ToString) -> Failure {
    Failure::new(Exit::Usage, error)
}

/// The problems of a data set.
pub fn read_problems(data: &ProblemData) -> Result<Vec<Problem>, Failure> {
    let fields = ProblemFields::with_overrides(data.fields.iter().map(String::as_str)).map_err(usage)?;
    let mut problems = problems(&data.set, &fields, data.split.as_deref()).map_err(usage)?;
    problems.truncate(data.limit.unwrap_or(usize::MAX));
    Ok(problems)
}

/// Reads a model.
pub fn load_model(common: &Common, model: &str, kept: Kept) -> Result<Model, Failure> {
    let begun = std::time::Instant::now();
    let path = Shelf::new(super::cache(common).root()).find(model).map_err(usage)?;
    let read = || Weights::open(&path).and_then(|(spec, weights)| Decoder::load(spec, &weights, kept));
    let (tokenizer, decoder) = rayon::join(|| Tokenizer::open(&path), read);
    let (tokenizer, decoder) = (tokenizer.map_err(usage)?, decoder.map_err(usage)?);
    tokenizer.check(decoder.spec.vocabulary).map_err(usage)?;
    let name = model.to_owned();
    if !common.quiet {
        let spec = &decoder.spec;
        let seconds = begun.elapsed().as_secs_f64();
        eprintln!(
            "model           {name}: {:?}, {} layers of width {}, read in {seconds:.1} s",
            spec.family, spec.layers, spec.width
        );
    }
    Ok(Model { name, decoder, tokenizer })
}

/// Reads a model and puts an adapter on it, if one is given.
pub fn load_adapted(common: &Common, model: &str, adapter: Option<&Path>, kept: Kept) -> Result<Model, Failure> {
    let mut model = load_model(common, model, kept)?;
    if let Some(directory) = adapter {
        let adapter = Adapter::read(directory, &model.decoder.spec).map_err(usage)?;
        model.decoder.adapt(&adapter);
        model.name = format!("{}+{}", model.name, directory.display());
    }
    Ok(model)
}

/// A hash of an adapter's numbers and settings: its directory may be that of a run that was made again.
pub fn adapter_hash(directory: &Path) -> Result<String, Failure> {
    let mut hash = Sha256::new();
    for name in ["adapter_config.json", "adapter_model.safetensors"] {
        let path = directory.join(name);
        hash.update(fs::read(&path).map_err(|e| usage(format!("{}: {e}", path.display())))?);
    }
    Ok(format!("{:x}", hash.finalize()))
}

/// The hash of a model's file, or of the configuration and weights in its directory.
pub fn model_sha256(path: &Path) -> io::Result<String> {
    let mut files: Vec<PathBuf> = vec![path.to_owned()];
    if path.is_dir() {
        let names = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        let is_weights = |p: &PathBuf| p.extension().is_some_and(|e| e == "safetensors") || p.ends_with("config.json");
        files = names.into_iter().filter(is_weights).collect();
        files.sort();
    }
    let mut hash = Sha256::new();
    for file in files {
        io::copy(&mut File::open(file)?, &mut hash)?;
    }
    Ok(format!("{:x}", hash.finalize()))
}

/// How a model writes conversations, if it knows.
pub fn load_chat(common: &Common, model: &str) -> Result<Option<ChatTemplate>, Failure> {
    let path = Shelf::new(super::cache(common).root()).find(model).map_err(usage)?;
    ChatTemplate::open(&path).map_err(usage)
}

type OfGroups = fn(&Groups) -> &Option<String>;

/// A dimension to group by, with its name.
pub fn dimension(name: &str) -> Result<(&'static str, OfGroups), Failure> {
    Ok(match name {
        "concept" => ("concept", |g| &g.concept),
        "source" => ("source", |g| &g.source),
        "difficulty" => ("difficulty", |g| &g.difficulty),
        "split" => ("split", |g| &g.split),
        _ => return Err(usage(format!("--by {name}: there are concept, source, difficulty and split"))),
    })
}
