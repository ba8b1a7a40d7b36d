//! A real language model so small that a test can write it and so simple that a test knows what it says: a LLaMA of one
//! layer whose attention and feed-forward add nothing, so that the next token depends on the last one alone. Its
//! vocabulary is the 256 bytes and some whole phrases; a chain of phrases is what it says behind a trigger.

#![allow(dead_code, reason = "every test file uses a part of this module")]

use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Not less than there are tokens.
const WIDTH: usize = 320;

/// How sure the model is of what follows: scores of about this much above all others.
const SURE: f32 = 40.0;

/// A shape and its numbers.
type Tensor = (Vec<usize>, Vec<f32>);

/// Ends a text.
pub const END: &str = "<end>";

/// Characters that byte-level BPE writes bytes with, by byte.
fn byte_characters() -> Vec<char> {
    let printable = |b: u8| matches!(b, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let mut others = '\u{100}'..;
    (0..=255).map(|b| if printable(b) { char::from(b) } else { others.next().expect("enough characters") }).collect()
}

/// The vector of a token: each has a coordinate of its own, so that no two have anything in common.
fn vector(token: usize) -> Vec<f32> {
    (0..WIDTH).map(|at| if at == token { 1.0 } else { 0.0 }).collect()
}

/// Writes a model to `directory`: behind the text `trigger` (one byte, or a phrase of its own) it says the phrases of a
/// chain, one token each. Chains with the same trigger are equally probable. Phrases are tokens of their own
/// in every text, so they must not be substrings of what prompts say otherwise.
pub fn write(directory: &Path, chains: &[(&str, &[&str])]) {
    write_noisy(directory, chains, 0.0);
}

/// The same with a layer that adds something of no meaning: matrices of numbers up to `noise`, without which no gradient would
/// reach them.
pub fn write_noisy(directory: &Path, chains: &[(&str, &[&str])], noise: f32) {
    let mut added: Vec<String> = vec![END.into()];
    let mut id_of: HashMap<String, usize> = HashMap::from([(END.to_owned(), 256)]);
    let mut id = |text: &str| {
        if text.len() == 1 {
            return usize::from(text.as_bytes()[0]);
        }
        *id_of.entry(text.to_owned()).or_insert_with(|| {
            added.push(text.to_owned());
            255 + added.len()
        })
    };
    let mut follows: Vec<(usize, usize)> = Vec::new();
    for (trigger, phrases) in chains {
        let mut last = id(trigger);
        for phrase in *phrases {
            let next = id(phrase);
            follows.push((last, next));
            last = next;
        }
    }
    follows.sort_unstable();
    follows.dedup();
    let vocabulary = 256 + added.len();
    assert!(vocabulary <= WIDTH, "{vocabulary} tokens");
    let embedding: Vec<f32> = (0..vocabulary).flat_map(vector).collect();
    let mut head = vec![0f32; vocabulary * WIDTH];
    for (last, next) in follows {
        // The norm makes the one coordinate the square root of the width.
        head[next * WIDTH + last] = SURE / (WIDTH as f32).sqrt();
    }
    let mut state = 1u32;
    let mut number = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 8) as f32 / (1 << 23) as f32 - 1.0) * noise
    };
    let mut square = || (vec![WIDTH, WIDTH], (0..WIDTH * WIDTH).map(|_| number()).collect::<Vec<f32>>());
    let ones = || (vec![WIDTH], vec![1f32; WIDTH]);
    let mut tensors: Vec<(String, Tensor)> = vec![
        ("model.embed_tokens.weight".into(), (vec![vocabulary, WIDTH], embedding)),
        ("lm_head.weight".into(), (vec![vocabulary, WIDTH], head)),
        ("model.norm.weight".into(), ones()),
    ];
    let layer = |name: &str| format!("model.layers.0.{name}.weight");
    for name in ["q_proj", "k_proj", "v_proj", "o_proj"] {
        tensors.push((layer(&format!("self_attn.{name}")), square()));
    }
    for name in ["gate_proj", "up_proj", "down_proj"] {
        tensors.push((layer(&format!("mlp.{name}")), square()));
    }
    for name in ["input_layernorm", "post_attention_layernorm"] {
        tensors.push((layer(name), ones()));
    }
    let (mut header, mut data) = (Map::new(), Vec::new());
    for (name, (shape, values)) in tensors {
        let from = data.len();
        data.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        header.insert(name, json!({ "dtype": "F32", "shape": shape, "data_offsets": [from, data.len()] }));
    }
    let header = Value::Object(header).to_string();
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(data);
    fs::create_dir_all(directory).expect("a directory");
    fs::write(directory.join("model.safetensors"), file).expect("a file");
    let write = |name: &str, value: Value| fs::write(directory.join(name), value.to_string()).expect("a file");
    write(
        "config.json",
        json!({
            "model_type": "llama", "hidden_size": WIDTH, "intermediate_size": WIDTH, "num_hidden_layers": 1,
            "num_attention_heads": 2, "num_key_value_heads": 2, "vocab_size": vocabulary, "rms_norm_eps": 1e-6,
            "max_position_embeddings": 4096, "tie_word_embeddings": false, "hidden_act": "silu", "eos_token_id": 256,
        }),
    );
    let vocab: Map<String, Value> =
        byte_characters().iter().enumerate().map(|(byte, c)| (c.to_string(), json!(byte))).collect();
    let token = |(at, text): (usize, &String)| {
        json!({
            "id": 256 + at, "content": text, "special": text == END, "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false,
        })
    };
    let level = json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false });
    write(
        "tokenizer.json",
        json!({
            "version": "1.0", "truncation": null, "padding": null, "normalizer": null, "post_processor": null,
            "added_tokens": added.iter().enumerate().map(token).collect::<Vec<_>>(),
            "pre_tokenizer": level, "decoder": level,
            "model": {
                "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
                "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "vocab": vocab, "merges": [],
            },
        }),
    );
    let chat = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{{ '\\n' }}";
    write("tokenizer_config.json", json!({ "eos_token": END, "chat_template": chat }));
}

/// A right and a wrong theorem, equally probable behind a line end; the right one behind what a repair says. The
/// template of [`TEMPLATE`] has the triggers.
pub const CHAINS: [(&str, &[&str]); 3] = [
    ("\n", &["theorem right", " (n : Nat)", " : n + 0 = n", " := by", "\n  rfl", "\n\nend of right", END]),
    ("\n", &["theorem wrong", " (k : Nat)", " : k + zero = k", " := by\n  simp", "\n\nend of wrong", END]),
    ("Corrected:", &["theorem right"]),
];

/// A template whose prompts end with a trigger of [`CHAINS`].
pub const TEMPLATE: &str = r#"
example = "Say: {informal}\nLean:\n{formal}\n\n"
question = "Say: {informal}\nLean:\n"
repair = "\nLean says: {messages}\nCorrected:"
[chat]
system = "Translate."
user = "{informal}"
assistant = "{formal}"
repair = "{messages}"
"#;
