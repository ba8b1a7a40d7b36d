//! GGUF's tokenizer keys from a `tokenizer.json`: SentencePiece as scores, byte-level BPE as merges. What llama.cpp would
//! read differently is refused.

use super::keys::Keys;
use crate::ml::chat::ChatTemplate;
use crate::ml::error::ModelError;
use crate::ml::files::ModelFiles;
use crate::ml::spec::Spec;
use crate::ml::tokenizer::{Tokenizer, pre_tokenizer_of};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Types of tokens in `tokenizer.ggml.token_type`.
const NORMAL: i32 = 1;
const UNKNOWN: i32 = 2;
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;
const UNUSED: i32 = 5;
const BYTE: i32 = 6;

/// The tokens by number, and their types.
struct Vocabulary {
    path: PathBuf,
    json: Value,
    tokens: Vec<String>,
    types: Vec<i32>,
}

/// Adds the keys of the tokenizer of the model at `source`. If it has none, says so.
pub fn add(source: &Path, spec: &Spec, keys: &mut Keys) -> Result<Option<String>, ModelError> {
    let ModelFiles::HuggingFace { tensors, .. } = ModelFiles::find(source)? else { return Ok(None) };
    let path = tensors.with_file_name("tokenizer.json");
    if !path.exists() {
        keys.text("tokenizer.ggml.model", "none");
        return Ok(Some(format!("{} is missing: the GGUF has no tokenizer", path.display())));
    }
    let tokenizer = Tokenizer::open(source)?;
    tokenizer.check(spec.vocabulary)?;
    let vocabulary = Vocabulary::read(path, spec.vocabulary)?;
    if vocabulary.json["model"]["byte_fallback"] == true {
        vocabulary.sentence_piece(keys)?;
    } else {
        vocabulary.byte_level(keys)?;
    }
    let id = |id: u32| id as usize;
    if let Some(bos) = tokenizer.bos() {
        keys.size("tokenizer.ggml.bos_token_id", id(bos));
    }
    let own: Value = beside(&vocabulary.path, "tokenizer_config.json")?;
    let named = |key: &str| {
        let name = own[key].as_str().or_else(|| own[key]["content"].as_str())?;
        let id = vocabulary.tokens.iter().position(|token| token == name)?;
        u32::try_from(id).ok()
    };
    let eos = named("eos_token").or(tokenizer.eos().first().copied());
    if let Some(eos) = eos {
        keys.size("tokenizer.ggml.eos_token_id", id(eos));
    }
    if let Some(other) = tokenizer.eos().iter().find(|other| Some(**other) != eos) {
        keys.size("tokenizer.ggml.eot_token_id", id(*other));
    }
    for (name, key) in [("unk_token", "unknown_token_id"), ("pad_token", "padding_token_id")] {
        if let Some(token) = named(name) {
            keys.size(&format!("tokenizer.ggml.{key}"), id(token));
        }
    }
    keys.flag("tokenizer.ggml.add_bos_token", tokenizer.adds_bos());
    keys.flag("tokenizer.ggml.add_eos_token", false);
    if let Some((template, _)) = ChatTemplate::find(source)? {
        keys.text("tokenizer.chat_template", &template);
    }
    Ok(None)
}

fn beside(path: &Path, name: &str) -> Result<Value, ModelError> {
    let path = path.with_file_name(name);
    match fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text).map_err(|e| ModelError::Damaged { path, what: e.to_string() }),
        Err(_) => Ok(Value::Null),
    }
}

impl Vocabulary {
    /// As many tokens as the embedding has rows: numbers without a token get a name that no text has.
    fn read(path: PathBuf, rows: usize) -> Result<Vocabulary, ModelError> {
        let damaged = |what: String| ModelError::Damaged { path: path.clone(), what };
        let text = fs::read(&path).map_err(|source| ModelError::Io { path: path.clone(), source })?;
        let json: Value = serde_json::from_slice(&text).map_err(|e| damaged(e.to_string()))?;
        let mut tokens: Vec<String> = (0..rows).map(|id| format!("[PAD{id}]")).collect();
        let mut types = vec![UNUSED; rows];
        let entries = json["model"]["vocab"].as_object().ok_or_else(|| damaged("key `model.vocab`".to_owned()))?;
        let unknown = json["model"]["unk_token"].as_str();
        for (token, id) in entries {
            let id = id.as_u64().and_then(|id| usize::try_from(id).ok()).filter(|id| *id < rows).ok_or_else(|| {
                damaged(format!("token `{token}` has the number {id}, and the model has {rows} tokens"))
            })?;
            let byte = |token: &str| token.len() == 6 && token.starts_with("<0x") && token.ends_with('>');
            types[id] = match token.as_str() {
                _ if Some(token.as_str()) == unknown => UNKNOWN,
                token if json["model"]["byte_fallback"] == true && byte(token) => BYTE,
                _ => NORMAL,
            };
            tokens[id].clone_from(token);
        }
        for added in json["added_tokens"].as_array().into_iter().flatten() {
            let (id, text) = (added["id"].as_u64().unwrap_or(u64::MAX), added["content"].as_str().unwrap_or_default());
            // Some models have added tokens, for images, that their decoder has no row for.
            let Some(id) = usize::try_from(id).ok().filter(|id| *id < rows) else { continue };
            text.clone_into(&mut tokens[id]);
            types[id] = match added["special"] == true {
                _ if types[id] == UNKNOWN => UNKNOWN,
                true => CONTROL,
                false => USER_DEFINED,
            };
        }
        Ok(Vocabulary { path, json, tokens, types })
    }

    fn damaged(&self, what: String) -> ModelError {
        ModelError::Damaged { path: self.path.clone(), what }
    }

    fn unsupported(&self, what: &str, hint: &str) -> ModelError {
        ModelError::Unsupported { what: format!("{}: {what} in GGUF", self.path.display()), hint: hint.to_owned() }
    }

    fn shared(&self, keys: &mut Keys, model: &str) {
        keys.text("tokenizer.ggml.model", model);
        keys.texts("tokenizer.ggml.tokens", &self.tokens);
        keys.integers("tokenizer.ggml.token_type", &self.types);
    }

    /// The two pieces of each merge.
    fn merges(&self) -> Result<Vec<(&str, &str)>, ModelError> {
        let list =
            self.json["model"]["merges"].as_array().ok_or_else(|| self.damaged("key `model.merges`".to_owned()))?;
        let mut merges = Vec::with_capacity(list.len());
        for (i, merge) in list.iter().enumerate() {
            let halves = match merge {
                Value::String(both) => both.split_once(' '),
                other => other[0].as_str().zip(other[1].as_str()),
            };
            merges.push(halves.ok_or_else(|| self.damaged(format!("key `model.merges`, number {i}: not two pieces")))?);
        }
        Ok(merges)
    }

    /// SentencePiece's BPE joins the neighbours whose union has the best score. Converters to `tokenizer.json` made of it
    /// merges in the order of scores, all that give a piece behind each other; a score is how early a piece comes.
    fn sentence_piece(&self, keys: &mut Keys) -> Result<(), ModelError> {
        let ids: HashMap<&str, usize> = self.tokens.iter().map(String::as_str).zip(0..).collect();
        let merges = self.merges()?;
        let known: HashSet<(&str, &str)> = merges.iter().copied().collect();
        let mut scores = vec![0.0f32; self.tokens.len()];
        let mut ranked = vec![false; self.tokens.len()];
        let (mut rank, mut last) = (0.0, usize::MAX);
        let mut union = String::new();
        for (a, b) in &merges {
            union.clear();
            union.push_str(a);
            union.push_str(b);
            let Some(id) = ids.get(union.as_str()).copied() else { continue };
            if id == last {
                continue;
            }
            if ranked[id] && self.types[id] == NORMAL {
                let what = format!("merges that give `{union}` at several places");
                return Err(self.unsupported(&what, "llama.cpp knows one score for a piece"));
            }
            rank -= 1.0;
            (scores[id], ranked[id], last) = (rank, true, id);
        }
        for (id, token) in self.tokens.iter().enumerate().filter(|(id, _)| self.types[*id] == NORMAL) {
            let splits = token.char_indices().skip(1).map(|(at, _)| token.split_at(at));
            let mut lacking =
                splits.filter(|(a, b)| ids.contains_key(a) && ids.contains_key(b) && !known.contains(&(*a, *b)));
            if let Some((a, b)) = lacking.next() {
                let what = format!("token {id} `{token}`, which `{a}` and `{b}` do not give");
                return Err(self.unsupported(&what, "llama.cpp would join them"));
            }
        }
        self.shared(keys, "llama");
        keys.floats("tokenizer.ggml.scores", &scores);
        keys.flag("tokenizer.ggml.add_space_prefix", self.adds_space());
        Ok(())
    }

    /// Whether a space is put in front of texts.
    fn adds_space(&self) -> bool {
        let steps = |step: &Value, list: &str| match step[list].as_array() {
            Some(steps) => steps.clone(),
            None => vec![step.clone()],
        };
        let prepends = |step: &Value| step["type"] == "Prepend";
        let marks = |step: &Value| {
            step["type"] == "Metaspace" && step["prepend_scheme"] != "never" && step["add_prefix_space"] != false
        };
        steps(&self.json["normalizer"], "normalizers").iter().any(prepends)
            || steps(&self.json["pre_tokenizer"], "pretokenizers").iter().any(marks)
    }

    fn byte_level(&self, keys: &mut Keys) -> Result<(), ModelError> {
        if self.json["model"]["type"] != "BPE" {
            let what = format!("a tokenizer of type {}", self.json["model"]["type"]);
            return Err(self.unsupported(&what, "BPE is"));
        }
        let Some(pre) = pre_tokenizer_of(&self.json) else {
            return Err(self.unsupported("this `pre_tokenizer`", "those of GPT-2, LLaMA 3, Qwen 2 and SmolLM are"));
        };
        self.shared(keys, "gpt2");
        keys.text("tokenizer.ggml.pre", pre);
        let merges: Vec<String> = self.merges()?.into_iter().map(|(a, b)| format!("{a} {b}")).collect();
        keys.texts("tokenizer.ggml.merges", &merges);
        Ok(())
    }
}
