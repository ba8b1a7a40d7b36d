//! Exports of the tiny models of all families, read again: the same parts and the same description, exact where numbers
//! stay 32 bits wide, within the type's rounding else; nothing left behind where writing fails.

use super::Export;
use crate::ml::error::ModelError;
use crate::ml::families_tests::{self as families, save};
use crate::ml::files::{Kind, Parts, Weights, parts};
use crate::ml::spec::{LayerPart, Part, Spec};
use crate::ml::tokenizer::Tokenizer;
use crate::ml::tokenizer::tests::{TEXTS, byte_level, sentence_piece};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn models() -> Vec<Value> {
    let all: Value = serde_json::from_str(families::REFERENCE).expect("JSON");
    all["models"].as_array().expect("models").clone()
}

/// The models, changed where GGUF cannot say what they are.
fn models_for_gguf() -> Vec<Value> {
    let mut all = models();
    for model in &mut all {
        let config = &mut model["config"];
        if config["model_type"] == "gemma3_text" {
            config["query_pre_attn_scalar"] = json!(16);
        }
        if config["rope_scaling"]["rope_type"] == "llama3" {
            config["rope_scaling"]["original_max_position_embeddings"] = json!(8192);
            config["rope_theta"] = json!(500_000.0);
        }
    }
    all
}

fn export(from: &Path, to: &Path, kind: Kind) -> Result<Vec<String>, ModelError> {
    let (_, weights) = Weights::open(from).expect("a model");
    Export { parts: &weights, source: from, kind, overwrite: false }.write(to)
}

/// Both have the same parts with the same numbers, up to `error` of the largest.
#[track_caller]
fn same(name: &str, one: &Path, other: &Path, error: f32) {
    let (spec, one) = Weights::open(one).expect("a model");
    let (again, other) = Weights::open(other).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(spec, again, "{name}");
    let mut found = 0;
    for part in parts(spec.layers) {
        assert_eq!(one.has(part), other.has(part), "{name}: {part:?}");
        if one.has(part) {
            found += 1;
            let (a, b) = (one.read(part).expect("read"), other.read(part).expect("read"));
            let largest = a.iter().fold(0.0f32, |most, v| most.max(v.abs()));
            let wrong = a.iter().zip(&b).position(|(a, b)| (a - b).abs() > error * largest);
            assert_eq!((a.len(), wrong), (b.len(), None), "{name}: {part:?}");
        }
    }
    assert!(found > 3 * spec.layers);
}

#[test]
fn directories_have_the_same_parts() {
    for model in models() {
        let name = model["name"].as_str().expect("a name");
        let home = tempfile::tempdir().expect("a directory");
        save(&model, home.path());
        for (kind, error) in [(Kind::F32, 0.0), (Kind::F16, 5e-4), (Kind::BF16, 4e-3)] {
            let to = home.path().join(format!("{kind:?}"));
            let notes = export(home.path(), &to, kind).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(notes, Vec::<String>::new());
            // Gemma's norms are stored without their one, so that the file's numbers are not those that are rounded.
            same(name, home.path(), &to, if kind == Kind::F32 { 6e-8 } else { error });
        }
    }
}

#[test]
fn gguf_has_the_same_parts_and_leads_back() {
    for model in models_for_gguf() {
        let name = model["name"].as_str().expect("a name");
        let home = tempfile::tempdir().expect("a directory");
        save(&model, home.path());
        for (kind, error) in [(Kind::F32, 0.0), (Kind::F16, 5e-4), (Kind::BF16, 4e-3), (Kind::Q8_0, 4.5e-3)] {
            let file = home.path().join(format!("{kind:?}.gguf"));
            let notes = export(home.path(), &file, kind).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(notes[0].contains("tokenizer.json is missing"), "{notes:?}");
            same(name, home.path(), &file, error);
        }
        let (file, again) = (home.path().join("F32.gguf"), home.path().join("again"));
        let notes = export(&file, &again, Kind::F32).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(notes[0].contains("no tokenizer was written"), "{notes:?}");
        same(name, home.path(), &again, 6e-8);
        let third = home.path().join("third.gguf");
        export(&file, &third, Kind::F32).expect("GGUF from GGUF");
        assert_eq!(fs::read(&file).expect("read"), fs::read(&third).expect("read"), "{name}: byte by byte");
    }
}

#[test]
fn what_gguf_cannot_say_is_refused_before_anything_is_written() {
    for (name, saying) in [("gemma3_text", "the scale of attention"), ("llama_llama3", "LLaMA 3.1's constants")] {
        let model = models().into_iter().find(|model| model["name"] == name).expect("there");
        let home = tempfile::tempdir().expect("a directory");
        save(&model, home.path());
        let said = export(home.path(), &home.path().join("a.gguf"), Kind::F32).expect_err("refused").to_string();
        assert!(said.contains(saying), "{said}");
        assert_eq!(fs::read_dir(home.path()).expect("listed").count(), 2);
    }
}

/// A LLaMA with as many rows as these tokenizers have tokens.
fn with_tokenizer(gguf: &Path, home: &Path) -> Tokenizer {
    let mut model = models().into_iter().find(|model| model["name"] == "llama_tied_linear").expect("there");
    model["config"]["vocab_size"] = json!(270);
    model["config"]["eos_token_id"] = Value::Null;
    model["tensors"]["model.embed_tokens.weight"] = json!([270, 32]);
    save(&model, home);
    let tokenizer = Tokenizer::open(gguf).expect("a tokenizer");
    fs::write(home.join("tokenizer.json"), tokenizer.to_json().expect("JSON")).expect("written");
    let token = |id: u32| String::from_utf8_lossy(tokenizer.piece(id)).into_owned();
    let config = json!({
        "bos_token": tokenizer.bos().map(token),
        "eos_token": token(tokenizer.eos()[0]),
        "chat_template": "{{ messages }}",
    });
    fs::write(home.join("tokenizer_config.json"), config.to_string()).expect("written");
    let ends = json!({"eos_token_id": tokenizer.eos()});
    fs::write(home.join("generation_config.json"), ends.to_string()).expect("written");
    tokenizer
}

#[track_caller]
fn same_tokens(one: &Tokenizer, other: &Path) {
    let other = Tokenizer::open(other).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((one.bos(), one.eos(), one.adds_bos()), (other.bos(), other.eos(), other.adds_bos()));
    for text in TEXTS.into_iter().chain(["abc ab  aabcbc he the 1212", "<own> x", "aXb"]) {
        let tokens = one.encode(text, true).expect("tokens");
        assert_eq!(tokens, other.encode(text, true).expect("tokens"), "{text:?}");
        assert_eq!(one.decode(&tokens), other.decode(&tokens), "{text:?}");
    }
}

#[test]
fn tokenizers_go_from_gguf_to_a_directory_and_back() {
    let writers = [
        sentence_piece("<own>"),
        sentence_piece("<own>").key("tokenizer.ggml.add_space_prefix", 7, &[0]),
        byte_level("gpt-2"),
        byte_level("llama-bpe"),
        byte_level("qwen2"),
        byte_level("smollm"),
    ];
    for writer in writers {
        let (home, scratch) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
        let tokenizer = with_tokenizer(&writer.write(scratch.path()), home.path());
        same_tokens(&tokenizer, home.path());
        let file = scratch.path().join("made.gguf");
        assert_eq!(export(home.path(), &file, Kind::F16).expect("written"), Vec::<String>::new());
        same_tokens(&tokenizer, &file);
        let again = scratch.path().join("again");
        assert_eq!(export(&file, &again, Kind::F16).expect("written"), Vec::<String>::new());
        same_tokens(&tokenizer, &again);
        let config: Value =
            serde_json::from_slice(&fs::read(again.join("tokenizer_config.json")).expect("read")).expect("JSON");
        assert_eq!(config["chat_template"], "{{ messages }}");
    }
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
    let (home, scratch) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    with_tokenizer(&byte_level("gpt-2").write(scratch.path()), home.path());
    let small = models().into_iter().find(|model| model["name"] == "llama_tied_linear").expect("there");
    save(&small, home.path());
    let said = export(home.path(), &scratch.path().join("a.gguf"), Kind::F32).expect_err("refused").to_string();
    assert!(said.contains("has the number") && said.contains("the model has 96"), "{said}");
}

/// A model whose reading fails in the middle.
struct Failing<'a>(&'a Weights);

impl Parts for Failing<'_> {
    fn spec(&self) -> &Spec {
        Parts::spec(self.0)
    }

    fn has(&self, part: Part) -> bool {
        self.0.has(part)
    }

    fn read(&self, part: Part) -> Result<Vec<f32>, ModelError> {
        match part {
            Part::Layer(1, LayerPart::Up) => {
                Err(ModelError::Damaged { path: PathBuf::from("x"), what: "the disk is on fire".to_owned() })
            }
            part => self.0.read(part),
        }
    }
}

#[test]
fn nothing_is_left_of_an_export_that_fails_and_nothing_there_is_lost() {
    let home = tempfile::tempdir().expect("a directory");
    save(&models_for_gguf()[0], home.path());
    let (_, weights) = Weights::open(home.path()).expect("a model");
    let failing = Failing(&weights);
    let there = |path: &Path| fs::read_dir(path).expect("listed").count();
    for name in ["a.gguf", "a"] {
        let scratch = tempfile::tempdir().expect("a directory");
        let out = scratch.path().join(name);
        let mut export = Export { parts: &failing, source: home.path(), kind: Kind::F32, overwrite: false };
        assert!(export.write(&out).expect_err("fails").to_string().contains("on fire"));
        assert_eq!(there(scratch.path()), 0, "{name}");
        export.parts = &weights;
        export.write(&out).expect("written");
        assert!(export.write(&out).expect_err("in the way").to_string().contains("--overwrite"));
        (export.parts, export.overwrite) = (&failing, true);
        export.write(&out).expect_err("fails");
        same(name, home.path(), &out, 6e-8);
        export.parts = &weights;
        export.write(&out).expect("replaced");
        same(name, home.path(), &out, 6e-8);
        assert_eq!(there(scratch.path()), 1, "{name}");
    }
    let scratch = tempfile::tempdir().expect("a directory");
    fs::write(scratch.path().join("notes.txt"), "mine").expect("written");
    let export = Export { parts: &weights, source: home.path(), kind: Kind::F32, overwrite: true };
    assert!(export.write(scratch.path()).expect_err("not a model").to_string().contains("other files"));
    let below = scratch.path().join("notes.txt").join("a.gguf");
    assert!(matches!(export.write(&below), Err(ModelError::Unwritten { .. })));
}
