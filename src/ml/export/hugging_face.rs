//! Writes a directory as `save_pretrained` of transformers does: `config.json`, `model.safetensors`,
//! `generation_config.json` and the tokenizer's files.

use super::config::config;
use super::plan::plan;
use super::{Export, check_same};
use crate::ml::chat::ChatTemplate;
use crate::ml::error::ModelError;
use crate::ml::files::config::hugging_face;
use crate::ml::files::names::Format;
use crate::ml::files::whole::{self, Whole, create_directory, settle, unwritten};
use crate::ml::files::{Gguf, Kind, ModelFiles, safetensors};
use crate::ml::tokenizer::Tokenizer;
use serde_json::{Map, Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Files beside the weights that are copied as they are.
const COPIED: [&str; 9] = [
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
    "generation_config.json",
];

pub fn write(export: &Export<'_>, out: &Path) -> Result<Vec<String>, ModelError> {
    if !export.kind.is_dense() {
        return Err(ModelError::Unsupported {
            what: format!("{:?} in safetensors", export.kind),
            hint: "f32, f16 and bf16 are; a name that ends with .gguf makes a GGUF".to_owned(),
        });
    }
    is_free(out, export.overwrite)?;
    let directory = out.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    create_directory(directory)?;
    let everybody = Permissions::from_mode(0o777);
    let scratch = tempfile::Builder::new().prefix(".exporting-").permissions(everybody).tempdir_in(directory);
    let scratch = scratch.map_err(unwritten(out))?;
    let home = scratch.path();
    let notes = fill(export, out, home).map_err(|e| match e {
        // People know the place where the file should have been.
        ModelError::Unwritten { path, source } => {
            ModelError::Unwritten { path: path.strip_prefix(home).map_or(path.clone(), |name| out.join(name)), source }
        }
        e => e,
    })?;
    put(home, out)?;
    Ok(notes)
}

/// Writes all files to `home`, from where they come to `out`.
fn fill(export: &Export<'_>, out: &Path, home: &Path) -> Result<Vec<String>, ModelError> {
    let source = ModelFiles::find(export.source)?;
    let weights = match &source {
        ModelFiles::Gguf(file) => file,
        ModelFiles::HuggingFace { tensors, .. } => tensors,
    };
    let mut notes = Vec::new();
    for name in COPIED {
        let from = weights.with_file_name(name);
        if from.exists() && (name != "generation_config.json" || matches!(source, ModelFiles::HuggingFace { .. })) {
            let bytes = fs::read(&from).map_err(|source| ModelError::Io { path: from.clone(), source })?;
            whole::write(&home.join(name), &bytes)?;
        }
    }
    let mut ids = Map::new();
    if let ModelFiles::Gguf(file) = &source {
        match Tokenizer::open(file) {
            Ok(tokenizer) => {
                tokenizer.check(export.parts.spec().vocabulary)?;
                tokens(&tokenizer, file, export.parts.spec().context, home, &mut ids)?;
            }
            Err(e @ (ModelError::Missing { .. } | ModelError::Unsupported { .. })) => {
                notes.push(format!("no tokenizer was written: {e}"));
            }
            Err(e) => return Err(e),
        }
    }
    let mut config = configuration(export, &source)?;
    config.extend(ids);
    let text = format!("{:#}\n", Value::Object(config));
    check_same(export.parts.spec(), &hugging_face::spec(&out.join("config.json"), &text)?, "config.json")?;
    whole::write(&home.join("config.json"), text.as_bytes())?;
    tensors(export, &home.join("model.safetensors"))?;
    Ok(notes)
}

/// An error if something is at `out` that may not be replaced: anything but an empty directory or, with `overwrite`, a
/// model.
fn is_free(out: &Path, overwrite: bool) -> Result<(), ModelError> {
    let hint = |hint: &str| ModelError::Exists { path: out.to_owned(), hint: hint.to_owned() };
    let Ok(found) = fs::symlink_metadata(out) else { return Ok(()) };
    if !found.is_dir() {
        return Err(hint("and is no directory; a name that ends with .gguf makes a GGUF"));
    }
    let entries = fs::read_dir(out).map_err(|source| ModelError::Io { path: out.to_owned(), source })?;
    match (entries.count() == 0, out.join("config.json").exists(), overwrite) {
        (true, ..) | (_, true, true) => Ok(()),
        (_, true, false) => Err(hint("--overwrite replaces it")),
        (_, false, _) => Err(hint("and holds other files than a model's")),
    }
}

/// The source's own configuration if it has one that is only the decoder's, else one made for it.
fn configuration(export: &Export<'_>, source: &ModelFiles) -> Result<Map<String, Value>, ModelError> {
    let mut all = Map::new();
    if let ModelFiles::HuggingFace { config: file, .. } = source {
        let text = fs::read(file).map_err(|source| ModelError::Io { path: file.clone(), source })?;
        let damaged = |e: serde_json::Error| ModelError::Damaged { path: file.clone(), what: e.to_string() };
        all = serde_json::from_slice(&text).map_err(damaged)?;
        // Tokens of the whole are those of the decoder within.
        if let Some(Value::Object(within)) = all.remove("text_config") {
            let ids = ["bos_token_id", "eos_token_id", "pad_token_id"];
            all.retain(|key, _| ids.contains(&key.as_str()) && !within.contains_key(key));
            all.extend(config(export.parts));
            all.extend(within.into_iter().filter(|(key, _)| key.ends_with("_token_id")));
        }
    }
    if all.is_empty() {
        all = config(export.parts);
    }
    all.remove("dtype");
    all.insert("torch_dtype".to_owned(), dtype(export.kind).into());
    Ok(all)
}

fn dtype(kind: Kind) -> &'static str {
    match kind {
        Kind::F16 => "float16",
        Kind::BF16 => "bfloat16",
        _ => "float32",
    }
}

/// What a directory made of the GGUF `file` says of tokens, and the tokenizer itself where none was copied. Adds to `config`
/// the tokens that begin and end texts.
fn tokens(
    tokenizer: &Tokenizer,
    file: &Path,
    context: usize,
    home: &Path,
    config: &mut Map<String, Value>,
) -> Result<(), ModelError> {
    let gguf = Gguf::open(file)?;
    let text = |id: u32| String::from_utf8_lossy(tokenizer.piece(id)).into_owned();
    let mut own = json!({
        "tokenizer_class": "PreTrainedTokenizerFast",
        "clean_up_tokenization_spaces": false,
        "model_max_length": context,
    });
    for (name, key) in [("bos", "bos"), ("eos", "eos"), ("pad", "padding"), ("unk", "unknown")] {
        let id = gguf.integer(&format!("tokenizer.ggml.{key}_token_id"))?;
        let id = id.and_then(|id| u32::try_from(id).ok()).filter(|id| (*id as usize) < tokenizer.len());
        let Some(id) = id else { continue };
        own[format!("{name}_token")] = text(id).into();
        if name != "unk" {
            config.insert(format!("{name}_token_id"), id.into());
        }
    }
    if let [_, _, ..] = tokenizer.eos() {
        config.insert("eos_token_id".to_owned(), json!(tokenizer.eos()));
    }
    whole::write(&home.join("generation_config.json"), format!("{:#}\n", Value::Object(config.clone())).as_bytes())?;
    if home.join("tokenizer.json").exists() {
        return Ok(());
    }
    if let Some((template, _)) = ChatTemplate::find(file)? {
        own["chat_template"] = template.into();
    }
    whole::write(&home.join("tokenizer.json"), tokenizer.to_json()?.as_bytes())?;
    whole::write(&home.join("tokenizer_config.json"), format!("{own:#}\n").as_bytes())
}

fn tensors(export: &Export<'_>, path: &Path) -> Result<(), ModelError> {
    let planned = plan(export.parts, Format::Safetensors, export.kind)?;
    let mut file = Whole::create(path)?;
    file.write(&safetensors::header(planned.iter().map(|t| (t.name.as_str(), t.kind, t.shape.as_slice()))))?;
    for tensor in &planned {
        file.numbers(&tensor.name, tensor.kind, &tensor.values(export.parts, Format::Safetensors)?)?;
    }
    file.finish()
}

/// Puts a finished directory in its place. What was there is moved away first and deleted last.
fn put(home: &Path, out: &Path) -> Result<(), ModelError> {
    let failed = || unwritten(out);
    if fs::symlink_metadata(out).is_ok() {
        let before = home.with_extension("before");
        fs::rename(out, &before).map_err(failed())?;
        if let Err(e) = fs::rename(home, out) {
            fs::rename(&before, out).map_err(failed())?;
            return Err(failed()(e));
        }
        fs::remove_dir_all(&before).map_err(failed())?;
    } else {
        fs::rename(home, out).map_err(failed())?;
    }
    settle(out)
}
