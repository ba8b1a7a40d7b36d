//! Gemma 3 270M itself against what other programs read in its file. Not run by default: the model is no part of the
//! repository. `AFCHECK_TEST_GEMMA=MODEL.gguf cargo test --lib gemma_270m -- --ignored`

use crate::ml::files::Weights;
use crate::ml::tokenizer::Tokenizer;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::PathBuf;

const REFERENCE: &str = include_str!("../../../../tests/reference/ml/gemma_files.json");

fn model() -> PathBuf {
    PathBuf::from(std::env::var_os("AFCHECK_TEST_GEMMA").expect("AFCHECK_TEST_GEMMA names the model's file"))
}

#[test]
#[ignore = "needs the model's file, see above"]
fn gemma_270m_has_the_values_of_the_reference() {
    let (spec, weights) = Weights::open(&model()).expect("the model");
    assert_eq!((spec.vocabulary, spec.width, spec.layers, spec.heads, spec.kv_heads), (262_144, 640, 18, 4, 1));
    assert_eq!((spec.head, spec.mlp.width, spec.tied, spec.attention_scale), (256, 2048, true, 1.0 / 16.0));
    assert_eq!(spec.windows.iter().filter(|w| **w == Some(512)).count(), 15);
    let reference: Value = serde_json::from_str(REFERENCE).expect("JSON");
    for tensor in reference["tensors"].as_array().expect("a list") {
        let name = tensor["name"].as_str().expect("a name");
        let values = weights.tensors.values(name, None).expect("readable");
        let mut hash = Sha256::new();
        values.iter().for_each(|v| hash.update(v.to_le_bytes()));
        let hash = hash.finalize().iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("into a string");
            text
        });
        assert_eq!(tensor["sha256"], hash, "{name}");
    }
}

#[test]
#[ignore = "needs the model's file, see above"]
fn gemma_270m_tokens_are_those_of_llama_cpp() {
    let tokenizer = Tokenizer::open(&model()).expect("a tokenizer");
    let reference: Value = serde_json::from_str(REFERENCE).expect("JSON");
    assert_eq!(reference["bos"].as_u64(), tokenizer.bos().map(u64::from));
    assert!(tokenizer.eos().iter().any(|id| reference["eos"] == *id));
    for case in reference["texts"].as_array().expect("a list") {
        let text = case["text"].as_str().expect("a text");
        let tokens = tokenizer.encode(text, false).expect("encoded");
        assert_eq!(serde_json::to_value(&tokens).expect("JSON"), case["tokens"], "{text:?}");
        if !tokens.iter().any(|token| tokenizer.is_special(*token)) {
            assert_eq!(tokenizer.decode(&tokens), text);
        }
    }
}
