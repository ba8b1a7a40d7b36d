//! Configurations: what they mean where keys are absent, and that wrong ones name the key.

use super::{gguf, hugging_face};
use crate::ml::files::Gguf;
use crate::ml::files::writer::GgufWriter;
use crate::ml::spec::{Activation, Norm, Position, Scaling, Spec};
use serde_json::{Value, json};
use std::path::Path;

fn of(config: &Value) -> Result<Spec, String> {
    hugging_face::spec(Path::new("config.json"), &config.to_string()).map_err(|e| e.to_string())
}

/// `config` with more keys.
fn with(mut config: Value, more: &Value) -> Value {
    let more = more.as_object().expect("an object").clone();
    config.as_object_mut().expect("an object").extend(more);
    config
}

#[track_caller]
fn scaling(config: &Value) -> (f32, Option<f32>, Scaling) {
    match of(config).expect("a model").position {
        Position::Rotary { base, windowed_base, scaling, .. } => (base, windowed_base, scaling),
        Position::Learned { .. } => panic!("positions are learned"),
    }
}

#[test]
fn absent_keys_mean_what_transformers_means() {
    let bare = |model_type: &str| of(&json!({"model_type": model_type})).expect("a model");
    let sizes = |s: &Spec| (s.vocabulary, s.width, s.layers, s.heads, s.kv_heads, s.head, s.mlp.width, s.tied);
    assert_eq!(sizes(&bare("gemma3_text")), (262_208, 2304, 26, 8, 4, 256, 9216, true));
    assert_eq!(sizes(&bare("llama")), (32_000, 4096, 32, 32, 32, 128, 11_008, false));
    assert_eq!(sizes(&bare("mistral")), (32_000, 4096, 32, 32, 8, 128, 14_336, false));
    assert_eq!(sizes(&bare("qwen3")), (151_936, 4096, 32, 32, 32, 128, 22_016, false));
    assert_eq!(sizes(&bare("gpt2")), (50_257, 768, 12, 12, 12, 64, 3072, true));
    assert_eq!(sizes(&bare("phi")), (51_200, 2048, 24, 32, 32, 64, 8192, false));
    assert_eq!(sizes(&bare("falcon")), (65_024, 4544, 32, 71, 1, 64, 18_176, true));
    assert_eq!(bare("mistral").windows, vec![Some(4096); 32]);
    let none = json!({"model_type": "mistral", "sliding_window": null});
    assert_eq!(of(&none).expect("a model").windows, vec![None; 32]);
    assert_eq!(bare("gpt2").norm, Norm::Layer { epsilon: 1e-5 });
    let activations = ["gpt2", "phi", "falcon", "llama", "gemma3_text"].map(|m| bare(m).mlp.activation);
    let tanh = Activation::GeluTanh;
    assert_eq!(activations, [tanh, tanh, Activation::Gelu, Activation::Silu, tanh]);
    let windows: Vec<bool> = bare("gemma3_text").windows.iter().map(Option::is_some).collect();
    assert_eq!(windows[..7], [true, true, true, true, true, false, true]);
    match bare("phi").position {
        Position::Rotary { rotary, .. } => assert_eq!(rotary, 32),
        Position::Learned { .. } => panic!("positions are learned"),
    }
}

#[test]
fn frequencies_are_read_as_transformers_4_and_5_write_them() {
    let llama3 = json!({"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192});
    let wanted = (5e5, None, Scaling::Llama3 { factor: 32.0, low: 1.0, high: 4.0, original: 8192.0 });
    let four = json!({"model_type": "llama", "rope_theta": 5e5, "rope_scaling": llama3});
    let five = json!({"model_type": "llama", "rope_parameters": with(llama3, &json!({"rope_theta": 5e5}))});
    assert_eq!((scaling(&four), scaling(&five)), (wanted, wanted));
    let linear = Scaling::Linear { factor: 8.0 };
    let old = json!({"model_type": "llama", "rope_scaling": {"type": "linear", "factor": 8.0}});
    assert_eq!(scaling(&old), (1e4, None, linear));
    let gemma = json!({"model_type": "gemma3_text", "rope_parameters": {
        "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 2e6},
        "sliding_attention": {"rope_type": "default", "rope_theta": 3e4}}});
    assert_eq!(scaling(&gemma), (2e6, Some(3e4), linear));
    assert_eq!(scaling(&json!({"model_type": "gemma3_text"})), (1e6, Some(1e4), Scaling::None));
}

#[test]
fn windows_follow_layer_types_or_the_family() {
    let qwen = json!({"model_type": "qwen2", "num_hidden_layers": 3, "use_sliding_window": true, "max_window_layers": 1,
        "sliding_window": 7});
    assert_eq!(of(&qwen).expect("a model").windows, [None, Some(7), Some(7)]);
    let listed = with(qwen.clone(), &json!({"layer_types": ["sliding_attention", "full_attention", "full_attention"]}));
    assert_eq!(of(&listed).expect("a model").windows, [Some(7), None, None]);
    let off = with(qwen, &json!({"use_sliding_window": false}));
    assert_eq!(of(&off).expect("a model").windows, [None; 3]);
}

#[test]
fn wrong_values_name_their_key() {
    let cases = [
        (json!({}), "key `model_type` is missing"),
        (json!({"model_type": "bert"}), "key `model_type` `bert` is not supported"),
        (json!({"model_type": "llama", "num_key_value_heads": 5}), "key `num_key_value_heads` is 5"),
        (json!({"model_type": "llama", "num_attention_heads": 3}), "key `num_attention_heads` is 3"),
        (json!({"model_type": "llama", "hidden_size": 0}), "key `hidden_size` is 0"),
        (json!({"model_type": "llama", "hidden_size": -1}), "key `hidden_size` is -1"),
        (json!({"model_type": "llama", "vocab_size": "many"}), "key `vocab_size` is \"many\""),
        (json!({"model_type": "llama", "num_hidden_layers": 100_000}), "key `num_hidden_layers` is 100000"),
        (json!({"model_type": "llama", "rms_norm_eps": 0}), "key `rms_norm_eps` is 0"),
        (json!({"model_type": "llama", "hidden_act": "relu"}), "key `hidden_act` \"relu\" is not supported"),
        (json!({"model_type": "llama", "mlp_bias": true}), "key `mlp_bias`"),
        (json!({"model_type": "llama", "rope_scaling": {"rope_type": "yarn"}}), "key `rope_scaling.rope_type` `yarn`"),
        (
            json!({"model_type": "llama", "rope_scaling": {"rope_type": "linear"}}),
            "key `rope_scaling.factor` is missing",
        ),
        (json!({"model_type": "gemma3"}), "key `text_config` is missing"),
        (json!({"model_type": "gemma3", "text_config": {"head_dim": 5}}), "key `text_config.head_dim` rotates 5"),
        (json!({"model_type": "gemma3_text", "final_logit_softcapping": 30.0}), "key `final_logit_softcapping`"),
        (json!({"model_type": "gemma3_text", "layer_types": ["full_attention"]}), "key `layer_types`"),
        (json!({"model_type": "falcon", "alibi": true}), "key `alibi` true is not supported"),
        (json!({"model_type": "phi", "qk_layernorm": true}), "key `qk_layernorm`"),
        (
            json!({"model_type": "phi", "partial_rotary_factor": 2.0}),
            "key `partial_rotary_factor` rotates 128 of the 64",
        ),
        (json!({"model_type": "gpt2", "scale_attn_weights": false}), "key `scale_attn_weights`"),
    ];
    for (config, saying) in cases {
        let error = of(&config).expect_err("a wrong configuration");
        assert!(error.contains(saying) && error.contains("config.json"), "{config}: {error}");
    }
}

fn llama_gguf() -> GgufWriter {
    GgufWriter::default()
        .text("general.architecture", "llama")
        .u32("llama.embedding_length", 128)
        .u32("llama.block_count", 1)
        .u32("llama.attention.head_count", 2)
        .u32("llama.feed_forward_length", 8)
        .u32("llama.context_length", 64)
        .u32("llama.vocab_size", 4)
        .f32("llama.rope.freq_base", 5e5)
        .f32("llama.attention.layer_norm_rms_epsilon", 1e-5)
}

fn of_gguf(writer: &GgufWriter) -> Result<Spec, String> {
    let directory = tempfile::tempdir().expect("a directory");
    let gguf = Gguf::open(&writer.write(directory.path())).expect("a GGUF file");
    gguf::spec(&gguf).map_err(|e| e.to_string())
}

/// The divisors as llama.cpp's converter computes them (its `generate_extra_tensors`), in `f64`.
#[expect(clippy::cast_possible_truncation, reason = "the file has f32")]
fn divisors(factor: f64) -> Vec<f32> {
    let divisor = |i: u32| {
        let wavelength = std::f64::consts::TAU * 5e5f64.powf(f64::from(2 * i) / 64.0);
        match wavelength {
            short if short < 8192.0 / 4.0 => 1.0,
            long if long > 8192.0 => factor,
            _ => {
                let smooth = (8192.0 / wavelength - 1.0) / 3.0;
                1.0 / ((1.0 - smooth) / factor + smooth)
            }
        }
    };
    (0..32).map(|i| divisor(i) as f32).collect()
}

#[test]
fn gguf_metadata_makes_a_model_and_names_what_is_wrong() {
    let spec = of_gguf(&llama_gguf()).expect("a model");
    assert_eq!((spec.kv_heads, spec.head, spec.vocabulary, spec.tied), (2, 64, 4, true));
    let stretched = of_gguf(&llama_gguf().floats("rope_freqs.weight", &[32], &divisors(8.0))).expect("a model");
    let wanted = Scaling::Llama3 { factor: 8.0, low: 1.0, high: 4.0, original: 8192.0 };
    assert!(matches!(stretched.position, Position::Rotary { scaling, .. } if scaling == wanted));
    let mut other = divisors(8.0);
    other[3] = 1.5;
    let error = of_gguf(&llama_gguf().floats("rope_freqs.weight", &[32], &other)).expect_err("other divisors");
    assert!(error.contains("tensor `rope_freqs.weight` is not supported"), "{error}");
    let cases = [
        (llama_gguf().u32("llama.attention.head_count_kv", 3), "key `llama.attention.head_count_kv` is 3"),
        (llama_gguf().u32("llama.expert_count", 8), "key `llama.expert_count`"),
        (llama_gguf().u32("llama.rope.dimension_count", 65), "key `llama.rope.dimension_count` rotates 65"),
        (llama_gguf().text("llama.rope.scaling.type", "yarn"), "key `llama.rope.scaling.type` `yarn`"),
        (llama_gguf().u32("llama.attention.value_length", 32), "key `llama.attention.value_length`"),
        (GgufWriter::default().text("general.architecture", "bert"), "key `general.architecture` `bert`"),
        (GgufWriter::default().text("general.architecture", "llama"), "key `llama.embedding_length` is missing"),
        (GgufWriter::default(), "key `general.architecture` is missing"),
        (GgufWriter::default().u32("general.architecture", 1), "key `general.architecture` is not a text"),
    ];
    for (writer, saying) in cases {
        let error = of_gguf(&writer).expect_err("wrong metadata");
        assert!(error.contains(saying), "{error}");
    }
}
