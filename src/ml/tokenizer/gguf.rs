//! A tokenizer rebuilt from GGUF metadata: SentencePiece with scores (`llama`) and byte-level BPE with merges (`gpt2`).

use super::Tokenizer;
use super::pieces::{Pieces, Sort, Writing};
use crate::ml::error::ModelError;
use crate::ml::files::Gguf;
use serde_json::Value;
use std::collections::HashMap;
use tokenizers::models::bpe::{BPE, Merges, Vocab};
use tokenizers::normalizers::{NFC, Prepend, Replace, Sequence};
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence as PreSequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{AddedToken, NormalizerWrapper, SplitDelimiterBehavior};

/// LLaMA 3's pre-tokenizer; Qwen 2's takes digits one by one instead of three by three.
const LLAMA_BPE: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2: &str =
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Special tokens that end a turn or a text, by the names that models give them, as llama.cpp takes them.
const ENDS: [&str; 8] =
    ["<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|eom_id|>", "<EOT>", "</s>"];

/// Types of tokens in `tokenizer.ggml.token_type`.
const NORMAL: i64 = 1;
const UNKNOWN: i64 = 2;
const CONTROL: i64 = 3;
const USER_DEFINED: i64 = 4;

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub fn tokenizer(gguf: &Gguf) -> Result<Tokenizer, ModelError> {
    let missing = |key: &str| ModelError::Missing {
        path: gguf.path.clone(),
        what: format!("key `{key}`"),
        hint: "or put the model's tokenizer.json beside the file".to_owned(),
    };
    let damaged = |what: String| ModelError::Damaged { path: gguf.path.clone(), what };
    let model = gguf.text("tokenizer.ggml.model")?.ok_or_else(|| missing("tokenizer.ggml.model"))?;
    let tokens = gguf.texts("tokenizer.ggml.tokens")?.ok_or_else(|| missing("tokenizer.ggml.tokens"))?;
    let types = gguf.integers("tokenizer.ggml.token_type")?.map_or_else(|| vec![NORMAL; tokens.len()], <[i64]>::to_vec);
    if types.len() != tokens.len() {
        let what = format!("key `tokenizer.ggml.token_type` has {} types for {} tokens", types.len(), tokens.len());
        return Err(damaged(what));
    }
    let writing = match model {
        "llama" => Writing::SentencePiece,
        "gpt2" => Writing::ByteLevel,
        other => return Err(unsupported(gguf, "tokenizer.ggml.model", other, "llama and gpt2 are")),
    };
    let adds_space = writing == Writing::SentencePiece && gguf.flag("tokenizer.ggml.add_space_prefix")?.unwrap_or(true);
    let encoder = match writing {
        Writing::SentencePiece => {
            let key = "tokenizer.ggml.scores";
            let scores = gguf.floats(key)?.ok_or_else(|| missing(key))?;
            if scores.len() != tokens.len() {
                return Err(damaged(format!("key `{key}` has {} scores for {} tokens", scores.len(), tokens.len())));
            }
            let unknown = named(gguf, tokens, "unknown_token_id")?.map(|id| tokens[id as usize].clone());
            sentence_piece(tokens, scores, &types, unknown, adds_space)
        }
        Writing::ByteLevel => byte_level(gguf, tokens, &missing)?,
    };
    let failed = |e: Failure| damaged(format!("keys `tokenizer.ggml.*`: {e}"));
    let mut encoder = encoder.map_err(failed)?;
    let of_type = |wanted: &'static [i64]| {
        tokens
            .iter()
            .zip(&types)
            .filter(|(text, t)| wanted.contains(t) && !text.is_empty())
            .map(|(text, _)| text.clone())
    };
    let special = of_type(&[UNKNOWN, CONTROL]).map(|text| AddedToken::from(text, true).normalized(false));
    encoder.add_special_tokens(special).map_err(failed)?;
    let own = of_type(&[USER_DEFINED]).map(|text| AddedToken::from(text, false).normalized(false));
    encoder.add_tokens(own).map_err(failed)?;
    let sort = |t: &i64| match *t {
        UNKNOWN | CONTROL => Sort::Special,
        USER_DEFINED => Sort::Literal,
        _ => Sort::Text,
    };
    let pieces = Pieces::new(writing, tokens.iter().map(String::as_str).zip(types.iter().map(sort)));
    let mut eos = Vec::new();
    for key in ["eos_token_id", "eot_token_id", "eom_token_id"] {
        eos.extend(named(gguf, tokens, key)?);
    }
    let ids = 0u32..;
    let by_name =
        ids.zip(tokens.iter().zip(&types)).filter(|(_, (text, t))| **t == CONTROL && ENDS.contains(&text.as_str()));
    eos.extend(by_name.map(|(id, _)| id));
    eos.sort_unstable();
    eos.dedup();
    let bos = named(gguf, tokens, "bos_token_id")?;
    let llama3 = gguf.text("tokenizer.ggml.pre")? == Some("llama-bpe");
    let adds_bos = gguf.flag("tokenizer.ggml.add_bos_token")?.unwrap_or(llama3 || writing == Writing::SentencePiece);
    Ok(Tokenizer {
        encoder,
        path: gguf.path.clone(),
        pieces,
        bos,
        eos,
        adds_bos: adds_bos && bos.is_some(),
        adds_space,
    })
}

fn unsupported(gguf: &Gguf, key: &str, value: &str, hint: &str) -> ModelError {
    ModelError::Unsupported {
        what: format!("{}: key `{key}` `{value}`", gguf.path.display()),
        hint: format!("{hint}; or put the model's tokenizer.json beside the file"),
    }
}

/// The token whose number stands under a key.
fn named(gguf: &Gguf, tokens: &[String], key: &str) -> Result<Option<u32>, ModelError> {
    let key = format!("tokenizer.ggml.{key}");
    let Some(id) = gguf.integer(&key)? else { return Ok(None) };
    let known = u32::try_from(id).ok().filter(|id| (*id as usize) < tokens.len());
    let what = || format!("key `{key}` is {id}, and there are {} tokens", tokens.len());
    known.map(Some).ok_or_else(|| ModelError::Damaged { path: gguf.path.clone(), what: what() })
}

/// SentencePiece's BPE joins the two neighbours whose union has the best score. The same as merges: every split of
/// every normal piece into two pieces, the best scores first.
fn sentence_piece(
    tokens: &[String],
    scores: &[f64],
    types: &[i64],
    unknown: Option<String>,
    adds_space: bool,
) -> Result<tokenizers::Tokenizer, Failure> {
    let ids: HashMap<&str, u32> = tokens.iter().map(String::as_str).zip(0..).collect();
    let mut best: Vec<usize> = (0..tokens.len()).filter(|id| types[*id] == NORMAL).collect();
    best.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let mut merges = Merges::new();
    for id in best {
        let token = &tokens[id];
        let halves = token.char_indices().skip(1).map(|(at, _)| token.split_at(at));
        let known = halves.filter_map(|(a, b)| Some((*ids.get(a)?, *ids.get(b)?, a, b)));
        let mut known: Vec<_> = known.collect();
        known.sort_unstable();
        merges.extend(known.into_iter().map(|(.., a, b)| (a.to_owned(), b.to_owned())));
    }
    let mut bpe = BPE::builder().vocab_and_merges(vocabulary(tokens), merges).byte_fallback(true).fuse_unk(true);
    if let Some(unknown) = unknown {
        bpe = bpe.unk_token(unknown);
    }
    let mut tokenizer = tokenizers::Tokenizer::new(bpe.build()?);
    let spaces: NormalizerWrapper = Replace::new(" ", "\u{2581}")?.into();
    match adds_space {
        true => {
            let prefix = Prepend::new("\u{2581}".to_owned()).into();
            tokenizer.with_normalizer(Some(Sequence::new(vec![prefix, spaces])))?
        }
        false => tokenizer.with_normalizer(Some(spaces))?,
    };
    Ok(tokenizer)
}

fn byte_level(
    gguf: &Gguf,
    tokens: &[String],
    missing: &dyn Fn(&str) -> ModelError,
) -> Result<Result<tokenizers::Tokenizer, Failure>, ModelError> {
    let (pre_key, merges_key) = ("tokenizer.ggml.pre", "tokenizer.ggml.merges");
    let pre = gguf.text(pre_key)?.ok_or_else(|| missing(pre_key))?;
    let lines = gguf.texts(merges_key)?.ok_or_else(|| missing(merges_key))?;
    let mut merges = Merges::new();
    for (i, line) in lines.iter().enumerate() {
        let what = || format!("key `{merges_key}`, number {i}: `{line}` is not two pieces");
        let halves = line.split_once(' ').filter(|(a, b)| !a.is_empty() && !b.is_empty());
        let (a, b) = halves.ok_or_else(|| ModelError::Damaged { path: gguf.path.clone(), what: what() })?;
        merges.push((a.to_owned(), b.to_owned()));
    }
    let regex = |pattern: &str| {
        let pattern = SplitPattern::Regex(pattern.to_owned());
        Split::new(pattern, SplitDelimiterBehavior::Isolated, false).map(PreTokenizerWrapper::from)
    };
    let bytes = |use_regex: bool| PreTokenizerWrapper::from(ByteLevel::new(false, true, use_regex));
    let split: Result<Vec<PreTokenizerWrapper>, Failure> = match pre {
        "gpt-2" | "phi-2" => Ok(vec![bytes(true)]),
        "llama-bpe" => regex(LLAMA_BPE).map(|split| vec![split, bytes(false)]),
        "qwen2" => regex(QWEN2).map(|split| vec![split, bytes(false)]),
        "smollm" => Ok(vec![Digits::new(true).into(), bytes(true)]),
        other => return Err(unsupported(gguf, pre_key, other, "gpt-2, phi-2, llama-bpe, qwen2 and smollm are")),
    };
    let build = |split: Vec<PreTokenizerWrapper>| {
        let bpe = BPE::builder().vocab_and_merges(vocabulary(tokens), merges).ignore_merges(pre == "llama-bpe");
        let mut tokenizer = tokenizers::Tokenizer::new(bpe.build()?);
        tokenizer.with_pre_tokenizer(Some(PreSequence::new(split)));
        if pre == "qwen2" {
            tokenizer.with_normalizer(Some(NFC))?;
        }
        Ok(tokenizer)
    };
    Ok(split.and_then(build))
}

/// The name in `tokenizer.ggml.pre` of the pre-tokenizer of a `tokenizer.json` of byte-level BPE, if it has one of those
/// that are built above.
pub fn pre_tokenizer_of(json: &Value) -> Option<&'static str> {
    let pre = &json["pre_tokenizer"];
    let lone = [pre.clone()];
    let steps: &[Value] = pre["pretokenizers"].as_array().map_or(&lone, Vec::as_slice);
    let bytes = |step: &Value, use_regex: bool| {
        step["type"] == "ByteLevel" && step["add_prefix_space"] == false && (step["use_regex"] != false) == use_regex
    };
    let splits = |step: &Value, by: &str| {
        step["type"] == "Split"
            && step["pattern"]["Regex"] == by
            && step["behavior"] == "Isolated"
            && step["invert"] == false
    };
    let composes = json["normalizer"]["type"] == "NFC";
    if !(composes || json["normalizer"].is_null()) {
        return None;
    }
    match steps {
        [all] if bytes(all, true) && !composes => Some("gpt-2"),
        [split, rest] if splits(split, LLAMA_BPE) && bytes(rest, false) && !composes => Some("llama-bpe"),
        [split, rest] if splits(split, QWEN2) && bytes(rest, false) && composes => Some("qwen2"),
        [digits, rest]
            if digits["type"] == "Digits" && digits["individual_digits"] == true && bytes(rest, true) && !composes =>
        {
            Some("smollm")
        }
        _ => None,
    }
}

fn vocabulary(tokens: &[String]) -> Vocab {
    tokens.iter().cloned().zip(0..).collect()
}
