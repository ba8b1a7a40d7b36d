//! Tokenizers built from small GGUF metadata and a small tokenizer.json: what they give, and that texts come back.

use super::Tokenizer;
use super::pieces::{Pieces, Sort, Stream, Writing};
use crate::ml::files::writer::GgufWriter;
use serde_json::json;
use std::fs;

/// Texts that are hard in one way or another.
pub(in crate::ml) const TEXTS: [&str; 12] = [
    "",
    " ",
    "a",
    " ab  abc\n",
    "theorem foo (n : ℕ) : n ≤ n + 1 := by simp",
    "∀ ε > 0, ∃ δ, ‖f x - f y‖ < ε",
    "\t\r\n\n  trailing  ",
    "日本語 🦀👩‍🔬 e\u{301}",
    "123456789 3.14159",
    "don't we'll I'M",
    "<0x41> ▂ \u{fffd}",
    "ÅΩ",
];

fn floats(values: impl IntoIterator<Item = f32>) -> Vec<[u8; 4]> {
    values.into_iter().map(f32::to_le_bytes).collect()
}

/// SentencePiece with bytes, a few letters and joins, and a token of its `own`: `b` joins with `c` before `a` with `b`.
pub(in crate::ml) fn sentence_piece(own: &str) -> GgufWriter {
    let mut tokens: Vec<String> = ["<unk>", "<s>", "</s>", own].map(str::to_owned).to_vec();
    tokens.extend((0..=255).map(|b| format!("<0x{b:02X}>")));
    tokens.extend(["\u{2581}", "a", "b", "c", "bc", "ab", "abc", "\u{2581}a"].map(str::to_owned));
    let types: Vec<[u8; 4]> = (0..tokens.len())
        .map(|i| match i {
            0 => 2i32,
            1 | 2 => 3,
            3 => 4,
            4..=259 => 6,
            _ => 1,
        })
        .map(i32::to_le_bytes)
        .collect();
    let scores = [-10.0, -11.0, -12.0, -13.0, -1.0, -2.0, -3.0, -4.0];
    let scores = floats([0.0; 260].into_iter().chain(scores));
    GgufWriter::default()
        .text("general.architecture", "llama")
        .text("tokenizer.ggml.model", "llama")
        .texts("tokenizer.ggml.tokens", &tokens.iter().map(String::as_str).collect::<Vec<_>>())
        .list("tokenizer.ggml.scores", 6, &scores)
        .list("tokenizer.ggml.token_type", 5, &types)
        .u32("tokenizer.ggml.bos_token_id", 1)
        .u32("tokenizer.ggml.eos_token_id", 2)
        .u32("tokenizer.ggml.unknown_token_id", 0)
}

/// The 256 characters of byte-level BPE, by byte.
fn characters() -> Vec<char> {
    let mut next = '\u{100}'..;
    (0..=255u8)
        .map(|b| match b {
            b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff => char::from(b),
            _ => next.next().expect("enough"),
        })
        .collect()
}

fn byte_tokens() -> Vec<String> {
    let mut tokens: Vec<String> = characters().iter().map(char::to_string).collect();
    tokens.extend(["he", "Ġt", "12", "<|endoftext|>"].map(str::to_owned));
    tokens
}

pub(in crate::ml) fn byte_level(pre: &str) -> GgufWriter {
    let tokens = byte_tokens();
    let types: Vec<[u8; 4]> = (0..tokens.len()).map(|i| if i == 259 { 3i32 } else { 1 }.to_le_bytes()).collect();
    GgufWriter::default()
        .text("general.architecture", "gpt2")
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", pre)
        .texts("tokenizer.ggml.tokens", &tokens.iter().map(String::as_str).collect::<Vec<_>>())
        .texts("tokenizer.ggml.merges", &["h e", "Ġ t", "1 2"])
        .list("tokenizer.ggml.token_type", 5, &types)
        .u32("tokenizer.ggml.bos_token_id", 259)
        .u32("tokenizer.ggml.eos_token_id", 259)
}

#[track_caller]
fn opened(writer: &GgufWriter) -> Tokenizer {
    let directory = tempfile::tempdir().expect("a directory");
    Tokenizer::open(&writer.write(directory.path())).expect("a tokenizer")
}

#[track_caller]
fn refused(writer: &GgufWriter) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    Tokenizer::open(&writer.write(directory.path())).expect_err("refused").to_string()
}

/// Texts come back, whole and token by token; random texts too.
#[track_caller]
fn comes_back(tokenizer: &Tokenizer) {
    let mut texts: Vec<String> = TEXTS.map(str::to_owned).to_vec();
    let mut state = 7u64;
    for length in 0..200 {
        let text = (0..length % 23).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from_u32((state >> 40) as u32 % 0x3000).unwrap_or(' ')
        });
        texts.push(text.filter(|c| *c != '\u{2581}').collect());
    }
    for text in texts {
        let tokens = tokenizer.encode(&text, true).expect("encoded");
        assert_eq!(tokenizer.decode(&tokens), text, "{tokens:?}");
        let mut stream = tokenizer.stream();
        let pushed: String = tokens.iter().map(|t| stream.push(*t)).collect();
        assert_eq!(stream.finish(), "", "{text:?}");
        assert_eq!(pushed.trim_start_matches(' '), text.trim_start_matches(' '));
    }
}

#[test]
fn sentence_piece_joins_by_score_and_comes_back() {
    let gemma = opened(&sentence_piece("\n\n").key("tokenizer.ggml.add_space_prefix", 7, &[0]));
    let ids = |text: &str| gemma.encode(text, false).expect("encoded");
    assert_eq!((gemma.bos(), gemma.eos(), gemma.adds_bos()), (Some(1), &[2][..], true));
    // abc: bc has the better score, and then abc joins a and bc.
    assert_eq!(ids("abc"), [266]);
    assert_eq!(ids("ab"), [265]);
    assert_eq!(ids(" a"), [267]);
    assert_eq!(ids("é"), [4 + 0xc3, 4 + 0xa9]);
    assert_eq!(ids("a\n\nb</s>"), [261, 3, 262, 2]);
    assert_eq!(gemma.encode("a", true).expect("encoded"), [1, 261]);
    comes_back(&gemma);
    // As transformers and llama.cpp do, a space is put behind every token that is cut out of the text, too.
    let llama = opened(&sentence_piece("<own>"));
    assert_eq!(llama.encode("a<own>a", false).expect("encoded"), [267, 3, 267]);
    assert_eq!(llama.encode("a", false).expect("encoded"), [267]);
    assert_eq!(llama.decode(&[1, 267]), "a");
    comes_back(&llama);
}

#[test]
fn byte_level_splits_as_its_pre_tokenizer_says_and_comes_back() {
    let digits = |pre: &str| opened(&byte_level(pre)).encode("12", false).expect("encoded").len();
    assert_eq!(["gpt-2", "phi-2", "llama-bpe", "qwen2", "smollm"].map(digits), [1, 1, 1, 2, 2]);
    for pre in ["gpt-2", "llama-bpe", "smollm"] {
        let tokenizer = opened(&byte_level(pre));
        assert_eq!(tokenizer.encode("he the<|endoftext|>", false).expect("encoded"), [256, 257, 256, 259], "{pre}");
        assert_eq!(tokenizer.eos(), [259]);
        comes_back(&tokenizer);
    }
    assert!(!opened(&byte_level("gpt-2")).adds_bos() && opened(&byte_level("llama-bpe")).adds_bos());
    // Qwen composes characters first.
    assert_eq!(opened(&byte_level("qwen2")).encode("e\u{301}", false).expect("encoded").len(), 2);
}

#[test]
fn metadata_that_makes_no_tokenizer_names_the_key() {
    assert!(refused(&byte_level("deepseek")).contains("key `tokenizer.ggml.pre` `deepseek` is not supported"));
    let none = GgufWriter::default().text("tokenizer.ggml.model", "bert").texts("tokenizer.ggml.tokens", &["a"]);
    assert!(refused(&none).contains("key `tokenizer.ggml.model` `bert`"));
    assert!(refused(&GgufWriter::default()).contains("key `tokenizer.ggml.model` is missing"));
    let far = refused(&sentence_piece("\n\n").u32("tokenizer.ggml.eot_token_id", 999));
    assert!(far.contains("`tokenizer.ggml.eot_token_id` is 999"), "{far}");
    let scores = GgufWriter::default()
        .text("tokenizer.ggml.model", "llama")
        .texts("tokenizer.ggml.tokens", &["a", "b"])
        .list("tokenizer.ggml.scores", 6, &floats([0.0]));
    assert!(refused(&scores).contains("`tokenizer.ggml.scores` has 1 scores for 2 tokens"));
    let merges = GgufWriter::default()
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "gpt-2")
        .texts("tokenizer.ggml.tokens", &["a", "b"])
        .texts("tokenizer.ggml.merges", &["a b", "ab"]);
    assert!(refused(&merges).contains("key `tokenizer.ggml.merges`, number 1: `ab` is not two pieces"));
}

#[test]
fn a_tokenizer_json_is_read_with_what_stands_beside_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let vocab: serde_json::Map<_, _> = byte_tokens().into_iter().zip(0..).map(|(t, id)| (t, json!(id))).collect();
    let tokenizer = json!({
        "version": "1.0",
        "added_tokens": [{"id": 259, "content": "<|endoftext|>", "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": true}],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
        "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
        "model": {"type": "BPE", "vocab": vocab, "merges": [["h", "e"], ["Ġ", "t"], ["1", "2"]]},
    });
    let write = |name: &str, value: &serde_json::Value| {
        fs::write(directory.path().join(name), value.to_string()).expect("written");
    };
    write("tokenizer.json", &tokenizer);
    write("config.json", &json!({"bos_token_id": 3, "eos_token_id": 259}));
    write("generation_config.json", &json!({"eos_token_id": [258, 9999]}));
    write("tokenizer_config.json", &json!({"bos_token": {"content": "<|endoftext|>"}}));
    write("model.safetensors", &json!(null));
    let tokenizer = Tokenizer::open(directory.path()).expect("a tokenizer");
    assert_eq!((tokenizer.bos(), tokenizer.eos()), (Some(259), &[258, 259][..]));
    assert_eq!(tokenizer.encode("he the", true).expect("encoded"), [259, 256, 257, 256]);
    assert_eq!((tokenizer.len(), tokenizer.piece(257), tokenizer.piece(4000)), (260, &b" t"[..], &[][..]));
    comes_back(&tokenizer);
    write("tokenizer.json", &json!({"decoder": {"type": "WordPiece"}}));
    assert!(Tokenizer::open(directory.path()).is_err());
}

#[test]
fn a_stream_never_cuts_a_character() {
    let names: Vec<String> = (0..=255).map(|b| format!("<0x{b:02X}>")).collect();
    let pieces = Pieces::new(Writing::SentencePiece, names.iter().map(|n| (n.as_str(), Sort::Text)));
    let stream = |bytes: &[u8]| {
        let mut stream = Stream::new(&pieces);
        let mut parts: Vec<String> = bytes.iter().map(|b| stream.push(u32::from(*b))).collect();
        parts.push(stream.finish());
        parts
    };
    assert_eq!(stream("a🦀".as_bytes()), ["a", "", "", "", "🦀", ""]);
    // A beginning that nothing completes comes out as one U+FFFD, when that is certain.
    assert_eq!(stream(b"\xf0\x9fa"), ["", "", "\u{fffd}a", ""]);
    assert_eq!(stream(b"\xe2\x88"), ["", "", "\u{fffd}"]);
    assert_eq!(stream(b"\xff"), ["\u{fffd}", ""]);
    for bytes in ["∀ε".as_bytes(), b"\xe2\x28\xa1", b"\x80\xc3\xc3\xa9\xf4\x90"] {
        assert_eq!(stream(bytes).concat(), String::from_utf8_lossy(bytes), "{bytes:?}");
    }
}
