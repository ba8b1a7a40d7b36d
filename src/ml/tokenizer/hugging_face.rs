//! A tokenizer from `tokenizer.json` and the small files beside it, which say which tokens begin and end texts.

use super::Tokenizer;
use super::pieces::{Pieces, Sort, Writing};
use crate::ml::error::ModelError;
use serde::Deserialize;
use serde_json::Value;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// What of `tokenizer.json` is read here; the rest is the crate's.
#[derive(Deserialize)]
struct Outline {
    decoder: Option<Value>,
}

pub fn tokenizer(path: &Path) -> Result<Tokenizer, ModelError> {
    let damaged = |what: String| ModelError::Damaged { path: path.to_owned(), what };
    let text = fs::read(path).map_err(|source| ModelError::Io { path: path.to_owned(), source })?;
    let outline: Outline = serde_json::from_slice(&text).map_err(|e| damaged(e.to_string()))?;
    let encoder = tokenizers::Tokenizer::from_bytes(&text).map_err(|e| damaged(e.to_string()))?;
    let decoder = outline.decoder.unwrap_or_default();
    let steps = steps(&decoder);
    let has = |wanted: &str| steps.iter().any(|step| step["type"] == wanted);
    let writing = match () {
        () if has("ByteLevel") => Writing::ByteLevel,
        () if has("ByteFallback") || has("Metaspace") => Writing::SentencePiece,
        () => {
            return Err(ModelError::Unsupported {
                what: format!("{}: key `decoder` {}", path.display(), decoder["type"]),
                hint: "those of byte-level BPE and SentencePiece are".to_owned(),
            });
        }
    };
    let adds_space = steps.iter().any(|step| match step["type"].as_str() {
        Some("Strip") => step["start"] == 1 && step["content"] == " ",
        Some("Metaspace") => step["prepend_scheme"] != "never" && step["add_prefix_space"] != false,
        _ => false,
    });
    let added = encoder.get_added_tokens_decoder();
    let vocabulary = encoder.get_vocab(true);
    let count = vocabulary.values().max().map_or(0, |last| last.saturating_add(1));
    // Numbers may have gaps, but a list by number must not be much longer than the vocabulary.
    if count as usize > 8 * vocabulary.len() + 1024 {
        return Err(damaged(format!("a token has the number {}, and there are {}", count - 1, vocabulary.len())));
    }
    let names: Vec<String> = (0..count).map(|id| encoder.id_to_token(id).unwrap_or_default()).collect();
    let sort = |id: u32| match added.get(&id) {
        Some(token) if token.special => Sort::Special,
        Some(_) => Sort::Literal,
        None => Sort::Text,
    };
    let pieces = Pieces::new(writing, names.iter().map(String::as_str).zip((0..count).map(sort)));
    let beside = |name: &str| optional(&path.with_file_name(name));
    let (config, generation) = (beside("config.json")?, beside("generation_config.json")?);
    let own = beside("tokenizer_config.json")?;
    let named = |key: &str| {
        let token = own[key].as_str().or_else(|| own[key]["content"].as_str());
        token.and_then(|token| encoder.token_to_id(token))
    };
    let numbered = |key: &str| {
        [&generation, &config, &config["text_config"]].into_iter().flat_map(|v| ids(&v[key])).collect::<Vec<_>>()
    };
    let bos = named("bos_token").or_else(|| numbered("bos_token_id").first().copied()).filter(|id| *id < count);
    let mut eos = numbered("eos_token_id");
    eos.extend(named("eos_token"));
    eos.retain(|id| *id < count);
    eos.sort_unstable();
    eos.dedup();
    let empty = encoder.encode_fast("", true).map_err(|e| damaged(e.to_string()))?;
    let adds_bos = bos.is_some() && empty.get_ids().first().copied() == bos;
    Ok(Tokenizer { encoder, path: path.to_owned(), pieces, bos, eos, adds_bos, adds_space })
}

/// A decoder's steps: itself, or those of a sequence.
fn steps(decoder: &Value) -> Vec<&Value> {
    match decoder["decoders"].as_array() {
        Some(steps) => steps.iter().flat_map(|step| self::steps(step)).collect(),
        None => vec![decoder],
    }
}

/// The object in a file, null if there is no such file.
fn optional(path: &Path) -> Result<Value, ModelError> {
    match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .map_err(|e| ModelError::Damaged { path: path.to_owned(), what: e.to_string() }),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(Value::Null),
        Err(source) => Err(ModelError::Io { path: path.to_owned(), source }),
    }
}

/// One number of a token, or a list of them.
fn ids(value: &Value) -> Vec<u32> {
    let id = |value: &Value| value.as_u64().and_then(|id| u32::try_from(id).ok());
    value.as_array().map_or_else(|| id(value).into_iter().collect(), |list| list.iter().filter_map(id).collect())
}
