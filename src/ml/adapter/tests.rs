//! Adapters against peft: its files read and merged give its numbers, and what is written is read again. Reference:
//! tests/reference/ml/peft_adapters.py and .json. Other models and other methods are refused by name.

use super::{Adapter, LowRank, Merged, TARGETS};
use crate::ml::decoder::{Cache, Decoder, Kept, Sequence};
use crate::ml::export::Export;
use crate::ml::families_tests::{self as families, numbers, save, values};
use crate::ml::files::{Kind, Weights};
use crate::ml::loss::{Example, losses};
use crate::ml::spec::{LayerPart, Part, Spec};
use half::{bf16, f16};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const REFERENCE: &str = include_str!("../../../tests/reference/ml/peft_adapters.json");

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// A reference model by its name.
fn model(name: &str) -> Value {
    let all = parsed(families::REFERENCE);
    let all = all["models"].as_array().expect("models").clone();
    all.into_iter().find(|model| model["name"] == name).expect("there")
}

fn cases() -> Vec<Value> {
    let cases = parsed(REFERENCE)["cases"].as_array().expect("cases").clone();
    assert!(cases.len() >= 10, "all families are there");
    cases
}

/// Writes the adapter of a case with these tensors.
fn save_adapter(case: &Value, to: &Path) {
    let mut tensors = Vec::new();
    for (name, shape) in case["tensors"].as_object().expect("tensors") {
        let shape: Vec<usize> = numbers(shape);
        let values = values(&json!({"config": {"model_type": "gemma3"}}), name, &shape);
        let dtype = case["dtype"].as_str().expect("a type").to_owned();
        let bytes: Vec<u8> = match dtype.as_str() {
            "F32" => values.into_iter().flat_map(f32::to_le_bytes).collect(),
            "F16" => values.into_iter().flat_map(|v| f16::from_f32(v).to_le_bytes()).collect(),
            _ => values.into_iter().flat_map(|v| bf16::from_f32(v).to_le_bytes()).collect(),
        };
        tensors.push((name.clone(), dtype, shape, bytes));
    }
    let tensors: Vec<_> = tensors.iter().map(|(n, d, s, b)| (n.clone(), d.as_str(), s.clone(), b.clone())).collect();
    fs::write(to.join("adapter_model.safetensors"), crate::ml::files::writer::safetensors(&tensors)).expect("written");
    fs::write(to.join("adapter_config.json"), case["config"].to_string()).expect("written");
}

/// A case on disk: model and adapter.
fn saved(case: &Value) -> (TempDir, Spec, Weights) {
    let home = tempfile::tempdir().expect("a directory");
    save(&model(case["model"].as_str().expect("a name")), home.path());
    save_adapter(case, home.path());
    let (spec, weights) = Weights::open(home.path()).expect("the model");
    (home, spec, weights)
}

#[test]
fn adapters_of_peft_give_its_numbers_when_they_are_merged() {
    for case in cases() {
        let name = case["model"].as_str().expect("a name");
        let (home, spec, weights) = saved(&case);
        let adapter = Adapter::read(home.path(), &spec).unwrap_or_else(|e| panic!("{name}: {e}"));
        let merged = Merged::new(&weights, &adapter);
        let out = home.path().join("merged");
        let export = Export { parts: &merged, source: home.path(), kind: Kind::F32, overwrite: false };
        export.write(&out).unwrap_or_else(|e| panic!("{name}: {e}"));
        let (spec, weights) = Weights::open(&out).unwrap_or_else(|e| panic!("{name}: {e}"));
        let decoder = Decoder::load(spec, &weights, Kept::Dense).expect("its weights");
        let ids: Vec<u32> = numbers(&model(name)["ids"]);
        let mut cache = Cache::new(decoder.spec.layers, decoder.spec.kv_width());
        let hidden = decoder.hidden(&mut [Sequence { tokens: &ids, cache: &mut cache }]);
        let scores = decoder.scores(&hidden);
        let wanted: Vec<Vec<f32>> = serde_json::from_value(case["logits"].clone()).expect("logits");
        let first = scores.len() - wanted.len() * decoder.spec.vocabulary;
        for (found, wanted) in scores[first..].iter().zip(wanted.iter().flatten()) {
            assert!((found - wanted).abs() < 2e-5 * (1.0 + wanted.abs()), "{name}: {found} for {wanted}");
        }
        let example = Example { prompt: vec![ids[0]], target: ids[1..].to_vec() };
        let loss = losses(&decoder, &[&example])[0];
        let (found, wanted) = (loss.nats / loss.tokens as f64, case["loss"].as_f64().expect("a loss"));
        assert!((found - wanted).abs() < 4e-6 * wanted, "{name}: loss {found} for {wanted}");
    }
}

/// An adapter with maps of its own everywhere, by the rule.
fn everywhere(spec: &Spec) -> Adapter {
    let mut maps = BTreeMap::new();
    for layer in 0..spec.layers {
        for part in TARGETS.into_iter().filter(|part| *part != LayerPart::Gate || spec.mlp.gated) {
            let shape = spec.shape(Part::Layer(layer, part));
            let numbers = |factor: &str, n: usize| {
                let uniform = families::uniform(&format!("{factor}{layer}{part:?}")).take(n);
                uniform.map(|u| (u - 0.5) as f32 * 0.4).collect()
            };
            let map = LowRank { a: numbers("A", 3 * shape[1]), b: numbers("B", 3 * shape[0]) };
            maps.insert((layer, part), map);
        }
    }
    let base_model = Some("a model".to_owned());
    Adapter { rank: 3, alpha: 4.5, dropout: 0.05, rslora: spec.layers.is_multiple_of(2), base_model, maps }
}

#[test]
fn what_is_written_is_read_again() {
    for case in cases() {
        let (home, spec, _) = saved(&case);
        for adapter in [Adapter::read(home.path(), &spec).expect("an adapter"), everywhere(&spec)] {
            let to = home.path().join("new").join("adapter");
            adapter.write(&to, &spec).expect("written");
            let again = Adapter::read(&to, &spec).expect("read again");
            assert_eq!(again, adapter, "{}", case["model"]);
            let left: Vec<_> = fs::read_dir(&to).expect("listed").map(|e| e.expect("listed").file_name()).collect();
            assert_eq!(left.len(), 2, "{left:?}");
        }
    }
}

#[test]
fn the_configuration_says_what_peft_needs() {
    let written = |name: &str, change: &dyn Fn(&mut Adapter)| {
        let home = tempfile::tempdir().expect("a directory");
        save(&model(name), home.path());
        let (spec, _) = Weights::open(home.path()).expect("the model");
        let mut adapter = everywhere(&spec);
        change(&mut adapter);
        adapter.write(home.path(), &spec).expect("written");
        parsed(&fs::read_to_string(home.path().join("adapter_config.json")).expect("read"))
    };
    let llama = written("mistral", &|_| {});
    let all = json!(["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"]);
    assert_eq!((&llama["target_modules"], &llama["r"], &llama["lora_alpha"]), (&all, &json!(3), &json!(4.5)));
    assert_eq!((&llama["lora_dropout"], &llama["fan_in_fan_out"]), (&json!(0.05), &json!(false)));
    assert_eq!((&llama["peft_type"], &llama["task_type"]), (&json!("LORA"), &json!("CAUSAL_LM")));
    let last = written("mistral", &|a| a.maps.retain(|key, _| *key == (2, LayerPart::Value)));
    assert_eq!(last["target_modules"], json!(["model.layers.2.self_attn.v_proj"]));
    let gpt2 = written("gpt2", &|_| {});
    assert_eq!(gpt2["target_modules"], json!(["attn.c_proj", "c_attn", "c_fc", "mlp.c_proj"]));
    assert_eq!(
        (&gpt2["fan_in_fan_out"], &gpt2["rank_pattern"]["transformer.h.0.attn.c_attn"]),
        (&json!(true), &json!(9))
    );
    assert_eq!(gpt2["alpha_pattern"]["transformer.h.2.attn.c_attn"], json!(13.5));
}

/// What reading the first case says when its configuration or its tensors are changed.
fn refused(change: impl Fn(&mut Value)) -> String {
    let mut case = cases().remove(0);
    change(&mut case);
    let (home, spec, _) = saved(&case);
    Adapter::read(home.path(), &spec).expect_err("refused").to_string()
}

#[test]
fn other_methods_are_refused_by_name() {
    let cases = [
        ("peft_type", json!("LOHA"), "key `peft_type` \"LOHA\""),
        ("task_type", json!("SEQ_CLS"), "key `task_type`"),
        ("bias", json!("all"), "key `bias` \"all\""),
        ("use_dora", json!(true), "key `use_dora` true"),
        ("modules_to_save", json!(["lm_head"]), "key `modules_to_save` [\"lm_head\"]"),
        ("init_lora_weights", json!("pissa"), "key `init_lora_weights`"),
        ("rank_pattern", json!({"^model.*q_proj": 3}), "key `rank_pattern` \"^model.*q_proj\""),
        ("r", json!(0), "key `r` is 0"),
        ("lora_alpha", json!("x"), "key `lora_alpha` is \"x\""),
    ];
    for (key, value, saying) in cases {
        let said = refused(|case| case["config"][key] = value.clone());
        assert!(said.contains(saying) && said.contains("adapter_config.json"), "{said}");
    }
}

#[test]
fn an_adapter_of_another_model_names_the_tensor_and_both_shapes() {
    let rename = |from: &'static str, to: &'static str| {
        move |case: &mut Value| {
            let tensors = case["tensors"].as_object().expect("tensors").clone();
            let renamed = tensors.into_iter().map(|(name, shape)| (name.replace(from, to), shape));
            case["tensors"] = Value::Object(renamed.collect());
        }
    };
    let q = "base_model.model.model.layers.0.self_attn.q_proj";
    let wide = refused(|case| case["tensors"][format!("{q}.lora_A.weight")] = json!([4, 64]));
    assert!(
        wide.contains(&format!("tensor `{q}.lora_A.weight` has shape [4, 64]")) && wide.contains("[4, 32]"),
        "{wide}"
    );
    let rank = refused(|case| case["config"]["r"] = json!(16));
    assert!(rank.contains("has shape [4, ") && rank.contains("asks for [16, "), "{rank}");
    let deep = refused(rename("layers.2.", "layers.20."));
    assert!(deep.contains("is of layer 20, and the model has layers 0 to 2"), "{deep}");
    let head = refused(rename("layers.2.mlp.up_proj", "lm_head"));
    assert!(head.contains("lm_head.lora_A.weight` is not supported") && head.contains("Gemma3"), "{head}");
    let dora = refused(rename("0.self_attn.q_proj.lora_B.weight", "0.self_attn.q_proj.lora_magnitude_vector"));
    assert!(dora.contains("lora_magnitude_vector` is not supported"), "{dora}");
    let alone = refused(|case| {
        case["tensors"].as_object_mut().expect("tensors").remove(&format!("{q}.lora_B.weight"));
    });
    assert!(alone.contains(&format!("tensor `{q}.lora_B.weight` is missing")), "{alone}");
    let home = tempfile::tempdir().expect("a directory");
    save(&model("gpt2"), home.path());
    let (spec, _) = Weights::open(home.path()).expect("the model");
    let said = everywhere(&Spec { width: 8, ..spec.clone() }).write(home.path(), &spec).expect_err("another width");
    assert!(said.to_string().contains("Query of layer 0"), "{said}");
}

/// For tests/long/peft_roundtrip.py, which then has peft load what is written here. `AFCHECK_TEST_ADAPTER` is a directory
/// with a model; its adapter comes to `adapter` in it, with the alpha `AFCHECK_TEST_ALPHA` if that is set.
#[test]
#[ignore = "writes files for tests/long/peft_roundtrip.py"]
fn writes_an_adapter_for_peft() {
    let home = std::env::var_os("AFCHECK_TEST_ADAPTER").expect("AFCHECK_TEST_ADAPTER names a model's directory");
    let (spec, _) = Weights::open(Path::new(&home)).expect("a model");
    let mut adapter = everywhere(&spec);
    if let Ok(alpha) = std::env::var("AFCHECK_TEST_ALPHA") {
        adapter.alpha = alpha.parse().expect("AFCHECK_TEST_ALPHA is a number");
    }
    adapter.write(&Path::new(&home).join("adapter"), &spec).expect("written");
}
