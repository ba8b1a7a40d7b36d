//! Each family's parts, read from small files, are those that were written, in the one convention.

use crate::ml::files::Weights;
use crate::ml::files::writer::{GgufWriter, le, numbers, safetensors};
use crate::ml::spec::LayerPart as L;
use crate::ml::spec::{Part, Position, Residual, Scaling, Spec};
use half::{bf16, f16};
use serde_json::{Value, json};
use std::fs;

type Written = (String, &'static str, Vec<usize>, Vec<u8>);

fn floats(name: &str, seed: usize, shape: &[usize]) -> Written {
    (name.to_owned(), "F32", shape.to_vec(), le(&numbers(seed, shape.iter().product())))
}

pub fn llama_config() -> Value {
    json!({"model_type": "llama", "vocab_size": 12, "hidden_size": 8, "intermediate_size": 6, "num_hidden_layers": 2,
        "num_attention_heads": 2, "num_key_value_heads": 1, "rms_norm_eps": 1e-5})
}

/// Tensors of [`llama_config`], in all three types.
pub fn llama_tensors() -> Vec<Written> {
    let mut all = vec![
        floats("model.embed_tokens.weight", 1, &[12, 8]),
        floats("model.norm.weight", 2, &[8]),
        floats("lm_head.weight", 3, &[12, 8]),
    ];
    for layer in 0..2 {
        let shapes: [(&str, &[usize]); 9] = [
            ("input_layernorm", &[8]),
            ("post_attention_layernorm", &[8]),
            ("self_attn.q_proj", &[8, 8]),
            ("self_attn.k_proj", &[4, 8]),
            ("self_attn.v_proj", &[4, 8]),
            ("self_attn.o_proj", &[8, 8]),
            ("mlp.gate_proj", &[6, 8]),
            ("mlp.up_proj", &[6, 8]),
            ("mlp.down_proj", &[8, 6]),
        ];
        for (i, (name, shape)) in shapes.into_iter().enumerate() {
            all.push(floats(&format!("model.layers.{layer}.{name}.weight"), 10 * layer + i, shape));
        }
    }
    let halves = |t: &mut Written, values: Vec<u8>, dtype| (t.1, t.3) = (dtype, values);
    let (f, b) = (numbers(2, 8), numbers(1, 96));
    halves(&mut all[1], f.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect(), "F16");
    halves(&mut all[0], b.iter().flat_map(|v| bf16::from_f32(*v).to_le_bytes()).collect(), "BF16");
    all
}

/// Opens a directory with this configuration and these tensors.
#[track_caller]
fn opened(config: &Value, tensors: &[Written]) -> (Spec, Weights) {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("config.json"), config.to_string()).expect("written");
    fs::write(directory.path().join("model.safetensors"), safetensors(tensors)).expect("written");
    // The files stay open when the directory goes.
    Weights::open(directory.path()).expect("a model")
}

#[track_caller]
fn read(weights: &Weights, part: Part) -> Vec<f32> {
    weights.read(part).expect("a part")
}

/// Rows `which` of a matrix of `cols` columns.
fn rows(values: &[f32], cols: usize, which: &[usize]) -> Vec<f32> {
    which.iter().flat_map(|r| values[r * cols..(r + 1) * cols].to_vec()).collect()
}

#[test]
fn llama_from_safetensors() {
    let (spec, weights) = opened(&llama_config(), &llama_tensors());
    assert_eq!((spec.head, spec.kv_heads, spec.context, spec.tied), (4, 1, 2048, false));
    assert_eq!(read(&weights, Part::Embedding), numbers(1, 96));
    assert_eq!(read(&weights, Part::FinalNorm), numbers(2, 8));
    assert_eq!(read(&weights, Part::Head), numbers(3, 96));
    assert_eq!(read(&weights, Part::Layer(1, L::Key)), numbers(13, 32));
    assert_eq!(read(&weights, Part::Layer(0, L::Down)), numbers(8, 48));
    assert_eq!(weights.read_blocks(Part::Head).expect("readable"), None);
    assert!(!weights.has(Part::Layer(0, L::QueryBias)) && !weights.has(Part::Positions));
    assert!(weights.read(Part::Positions).is_err());
}

#[test]
fn a_sharded_model_reads_as_the_whole_one() {
    let directory = tempfile::tempdir().expect("a directory");
    let all = llama_tensors();
    let (first, second) = all.split_at(7);
    let map: serde_json::Map<String, Value> = first.iter().map(|t| (t.0.clone(), json!("a.safetensors"))).collect();
    let rest = second.iter().map(|t| (t.0.clone(), json!("b.safetensors")));
    let index = json!({"metadata": {}, "weight_map": map.into_iter().chain(rest).collect::<serde_json::Map<_, _>>()});
    let write = |name: &str, bytes: Vec<u8>| fs::write(directory.path().join(name), bytes).expect("written");
    write("config.json", llama_config().to_string().into_bytes());
    write("a.safetensors", safetensors(first));
    write("b.safetensors", safetensors(second));
    write("model.safetensors.index.json", index.to_string().into_bytes());
    let (spec, sharded) = Weights::open(directory.path()).expect("a model");
    let (whole_spec, whole) = opened(&llama_config(), &all);
    assert_eq!(spec, whole_spec);
    for part in [Part::Embedding, Part::Head, Part::Layer(0, L::Gate), Part::Layer(1, L::Down)] {
        assert_eq!(read(&sharded, part), read(&whole, part), "{part:?}");
    }
}

/// Q8_0 of rows of 32 numbers: half of each code.
fn eights(seed: usize, rows: usize) -> (Vec<u8>, Vec<f32>) {
    let codes: Vec<i8> = (0..rows * 32).map(|i| i8::try_from((seed * 17 + i * 5) % 200).unwrap_or(-3)).collect();
    let block = |c: &[i8]| {
        [&f16::from_f32(0.5).to_le_bytes()[..], &c.iter().map(|c| c.cast_unsigned()).collect::<Vec<_>>()].concat()
    };
    let values = codes.iter().map(|c| f32::from(*c) * 0.5).collect();
    (codes.chunks(32).flat_map(block).collect(), values)
}

fn gguf_base(arch: &str) -> GgufWriter {
    let key = |name: &str| format!("{arch}.{name}");
    GgufWriter::default()
        .text("general.architecture", arch)
        .u32(&key("embedding_length"), 32)
        .u32(&key("block_count"), 1)
        .u32(&key("attention.head_count"), 4)
        .u32(&key("attention.head_count_kv"), 2)
        .u32(&key("feed_forward_length"), 32)
        .u32(&key("context_length"), 64)
        .f32(&key("attention.layer_norm_rms_epsilon"), 1e-6)
        .f32(&key("attention.layer_norm_epsilon"), 1e-5)
        .texts("tokenizer.ggml.tokens", &["a", "b", "c"])
        .tensor("token_embd.weight", 8, &[3, 32], &eights(1, 3).0)
        .floats("output_norm.weight", &[32], &numbers(2, 32))
}

fn gguf_layer(writer: GgufWriter, heads_together: bool) -> GgufWriter {
    let writer = match heads_together {
        true => writer.tensor("blk.0.attn_qkv.weight", 8, &[64, 32], &eights(3, 64).0),
        false => writer
            .tensor("blk.0.attn_q.weight", 8, &[32, 32], &eights(4, 32).0)
            .floats("blk.0.attn_k.weight", &[16, 32], &numbers(5, 512))
            .tensor("blk.0.attn_v.weight", 8, &[16, 32], &eights(6, 16).0),
    };
    writer
        .floats("blk.0.attn_norm.weight", &[32], &numbers(7, 32))
        .floats("blk.0.attn_output.weight", &[32, 32], &numbers(8, 1024))
        .floats("blk.0.ffn_up.weight", &[32, 32], &numbers(9, 1024))
        .floats("blk.0.ffn_down.weight", &[32, 32], &numbers(10, 1024))
}

/// A Gemma 3 of one layer.
pub fn gemma_gguf() -> GgufWriter {
    let writer = gguf_base("gemma3").u32("gemma3.attention.sliding_window", 16).u32("gemma3.attention.key_length", 8);
    gguf_layer(writer, false)
        .floats("blk.0.ffn_gate.weight", &[32, 32], &numbers(11, 1024))
        .floats("blk.0.attn_q_norm.weight", &[8], &numbers(12, 8))
        .floats("blk.0.attn_k_norm.weight", &[8], &numbers(13, 8))
        .floats("blk.0.post_attention_norm.weight", &[32], &numbers(14, 32))
        .floats("blk.0.ffn_norm.weight", &[32], &numbers(15, 32))
        .floats("blk.0.post_ffw_norm.weight", &[32], &numbers(16, 32))
}

#[track_caller]
fn opened_gguf(writer: &GgufWriter) -> (Spec, Weights) {
    let directory = tempfile::tempdir().expect("a directory");
    Weights::open(&writer.write(directory.path())).expect("a model")
}

#[test]
fn gemma_from_gguf() {
    let (spec, weights) = opened_gguf(&gemma_gguf());
    assert_eq!((spec.residual, spec.windows.as_slice(), spec.tied), (Residual::Sandwich, &[Some(16)][..], true));
    assert_eq!((spec.attention_scale, spec.embedding_scale), (8f32.sqrt().recip(), 32f32.sqrt()));
    let position = Position::Rotary { rotary: 8, base: 1e6, windowed_base: Some(1e4), scaling: Scaling::None };
    assert_eq!(spec.position, position);
    assert_eq!(read(&weights, Part::Embedding), eights(1, 3).1);
    assert_eq!(read(&weights, Part::Layer(0, L::Query)), eights(4, 32).1);
    assert_eq!(read(&weights, Part::Layer(0, L::AttentionPostNorm)), numbers(14, 32));
    assert_eq!(read(&weights, Part::Layer(0, L::MlpNorm)), numbers(15, 32));
    assert!(!weights.has(Part::Head) && weights.read(Part::Head).is_err());
    let blocks = weights.read_blocks(Part::Layer(0, L::Value)).expect("readable").expect("quantised");
    assert_eq!((blocks.rows, blocks.cols, blocks.block, blocks.offsets.len()), (16, 32, 32, 0));
    let values: Vec<f32> = blocks.codes.iter().map(|c| f32::from(*c) * 0.5).collect();
    assert_eq!(values, eights(6, 16).1);
}

#[test]
fn gemma_from_safetensors_has_its_norms_one_higher() {
    let config = json!({"model_type": "gemma3", "text_config": {"vocab_size": 12, "hidden_size": 8,
        "intermediate_size": 6, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
        "head_dim": 4, "rope_scaling": {"rope_type": "linear", "factor": 8.0}}});
    let mut tensors = llama_tensors();
    tensors.retain(|t| !t.0.contains("layers.1") && !t.0.starts_with("lm_head"));
    tensors.push(floats("model.layers.0.self_attn.q_norm.weight", 30, &[4]));
    tensors.push(floats("model.layers.0.self_attn.k_norm.weight", 31, &[4]));
    tensors.push(floats("model.layers.0.pre_feedforward_layernorm.weight", 32, &[8]));
    tensors.push(floats("model.layers.0.post_feedforward_layernorm.weight", 33, &[8]));
    for tensor in &mut tensors {
        tensor.0 = tensor.0.replace("model.", "language_model.model.");
    }
    let (spec, weights) = opened(&config, &tensors);
    let position =
        Position::Rotary { rotary: 4, base: 1e6, windowed_base: Some(1e4), scaling: Scaling::Linear { factor: 8.0 } };
    assert_eq!((spec.position.clone(), spec.attention_scale), (position, 1.0 / 16.0));
    let more = |values: Vec<f32>| values.iter().map(|v| v + 1.0).collect::<Vec<_>>();
    assert_eq!(read(&weights, Part::Layer(0, L::MlpNorm)), more(numbers(32, 8)));
    assert_eq!(read(&weights, Part::Layer(0, L::AttentionPostNorm)), more(numbers(1, 8)));
    assert_eq!(read(&weights, Part::Layer(0, L::QueryNorm)), more(numbers(30, 4)));
    assert_eq!(read(&weights, Part::FinalNorm), more(numbers(2, 8)));
    assert_eq!(read(&weights, Part::Layer(0, L::Gate)), numbers(6, 48));
}

#[test]
fn llama_from_gguf_is_put_back_in_order() {
    let writer = gguf_layer(gguf_base("llama"), false)
        .floats("blk.0.ffn_gate.weight", &[32, 32], &numbers(11, 1024))
        .floats("blk.0.ffn_norm.weight", &[32], &numbers(15, 32))
        .tensor("output.weight", 8, &[3, 32], &eights(21, 3).0);
    let (spec, weights) = opened_gguf(&writer);
    assert!(!spec.tied && weights.has(Part::Head));
    // Heads of 8: file rows 0, 2, 4, 6 are the first halves of four pairs, 1, 3, 5, 7 the second ones.
    let order: Vec<usize> = (0..4).flat_map(|h| [0, 2, 4, 6, 1, 3, 5, 7].map(|r| 8 * h + r)).collect();
    assert_eq!(read(&weights, Part::Layer(0, L::Query)), rows(&eights(4, 32).1, 32, &order));
    assert_eq!(read(&weights, Part::Layer(0, L::Key)), rows(&numbers(5, 512), 32, &order[..16]));
    assert_eq!(read(&weights, Part::Layer(0, L::Value)), eights(6, 16).1);
    let blocks = weights.read_blocks(Part::Layer(0, L::Query)).expect("readable").expect("quantised");
    let values: Vec<f32> = blocks.codes.iter().map(|c| f32::from(*c) * 0.5).collect();
    assert_eq!(values, read(&weights, Part::Layer(0, L::Query)));
}

#[test]
fn falcon_from_gguf_is_split_and_its_two_norms_are_told_apart() {
    let writer = gguf_layer(gguf_base("falcon"), true).floats("blk.0.attn_norm.bias", &[32], &numbers(17, 32));
    let writer = writer.floats("output_norm.bias", &[32], &numbers(18, 32));
    let (spec, weights) = opened_gguf(&writer);
    assert_eq!(spec.residual, Residual::Parallel { norms: 1 });
    let all = eights(3, 64).1;
    assert_eq!(read(&weights, Part::Layer(0, L::Query)), all[..32 * 32]);
    assert_eq!(read(&weights, Part::Layer(0, L::Key)), all[32 * 32..48 * 32]);
    assert_eq!(read(&weights, Part::Layer(0, L::Value)), all[48 * 32..]);
    assert!(!weights.has(Part::Layer(0, L::MlpNorm)));
    let writer = writer.floats("blk.0.attn_norm_2.weight", &[32], &numbers(19, 32));
    let (spec, weights) = opened_gguf(&writer.floats("blk.0.attn_norm_2.bias", &[32], &numbers(20, 32)));
    assert_eq!(spec.residual, Residual::Parallel { norms: 2 });
    assert_eq!(read(&weights, Part::Layer(0, L::AttentionNorm)), numbers(19, 32));
    assert_eq!(read(&weights, Part::Layer(0, L::MlpNorm)), numbers(7, 32));
}

#[test]
fn gpt2_from_safetensors_is_transposed_and_split() {
    let config =
        json!({"model_type": "gpt2", "vocab_size": 5, "n_embd": 4, "n_layer": 1, "n_head": 2, "n_positions": 7});
    let mut tensors = vec![floats("wte.weight", 1, &[5, 4]), floats("wpe.weight", 2, &[7, 4])];
    let shapes: [(&str, &[usize]); 13] = [
        ("ln_f.weight", &[4]),
        ("ln_f.bias", &[4]),
        ("h.0.attn.c_attn.weight", &[4, 12]),
        ("h.0.attn.c_attn.bias", &[12]),
        ("h.0.attn.c_proj.weight", &[4, 4]),
        ("h.0.attn.c_proj.bias", &[4]),
        ("h.0.ln_1.weight", &[4]),
        ("h.0.ln_1.bias", &[4]),
        ("h.0.ln_2.weight", &[4]),
        ("h.0.ln_2.bias", &[4]),
        ("h.0.mlp.c_fc.weight", &[4, 16]),
        ("h.0.mlp.c_fc.bias", &[16]),
        ("h.0.mlp.c_proj.weight", &[16, 4]),
    ];
    tensors.extend(shapes.into_iter().enumerate().map(|(i, (name, shape))| floats(name, i + 3, shape)));
    tensors.push(floats("h.0.mlp.c_proj.bias", 16, &[4]));
    for prefix in ["", "transformer."] {
        let named: Vec<Written> =
            tensors.iter().map(|t| (format!("{prefix}{}", t.0), t.1, t.2.clone(), t.3.clone())).collect();
        let (spec, weights) = opened(&config, &named);
        assert_eq!((spec.position.clone(), spec.mlp.width), (Position::Learned { positions: 7 }, 16));
        let fused = numbers(5, 48);
        let key: Vec<f32> =
            (4..8).flat_map(|out| (0..4).map(move |i| (i, out))).map(|(i, o)| fused[i * 12 + o]).collect();
        assert_eq!(read(&weights, Part::Layer(0, L::Key)), key);
        assert_eq!(read(&weights, Part::Layer(0, L::ValueBias)), numbers(6, 12)[8..]);
        let up = numbers(13, 64);
        let wanted: Vec<f32> = (0..16).flat_map(|out| (0..4).map(move |i| i * 16 + out)).map(|at| up[at]).collect();
        assert_eq!(read(&weights, Part::Layer(0, L::Up)), wanted);
        assert_eq!(read(&weights, Part::Positions), numbers(2, 28));
        assert!(spec.tied && !weights.has(Part::Head));
    }
}

#[test]
fn falcon_from_safetensors_is_split_in_groups() {
    let falcon = |new: bool, kv: usize| {
        json!({"model_type": "falcon", "vocab_size": 5, "hidden_size": 8, "num_hidden_layers": 1,
            "num_attention_heads": 4, "new_decoder_architecture": new, "multi_query": true, "num_kv_heads": kv})
    };
    let tensors = |norms: &[&str], fused: usize| {
        let mut all = vec![
            floats("transformer.word_embeddings.weight", 1, &[5, 8]),
            floats("transformer.ln_f.weight", 2, &[8]),
            floats("transformer.ln_f.bias", 3, &[8]),
            floats("transformer.h.0.self_attention.query_key_value.weight", 4, &[fused, 8]),
            floats("transformer.h.0.self_attention.dense.weight", 5, &[8, 8]),
            floats("transformer.h.0.mlp.dense_h_to_4h.weight", 6, &[32, 8]),
            floats("transformer.h.0.mlp.dense_4h_to_h.weight", 7, &[8, 32]),
        ];
        for (i, norm) in norms.iter().enumerate() {
            all.push(floats(&format!("transformer.h.0.{norm}.weight"), 8 + 2 * i, &[8]));
            all.push(floats(&format!("transformer.h.0.{norm}.bias"), 9 + 2 * i, &[8]));
        }
        all
    };
    // Falcon 7B: four heads of queries, then one of keys, one of values, each of two rows.
    let (spec, weights) = opened(&falcon(false, 4), &tensors(&["input_layernorm"], 12));
    assert_eq!((spec.kv_heads, spec.residual), (1, Residual::Parallel { norms: 1 }));
    assert_eq!(read(&weights, Part::Layer(0, L::Query)), numbers(4, 96)[..64]);
    assert_eq!(read(&weights, Part::Layer(0, L::Key)), numbers(4, 96)[64..80]);
    assert_eq!(read(&weights, Part::Layer(0, L::Value)), numbers(4, 96)[80..]);
    // Falcon 40B with two heads of keys: two of queries, one of keys, one of values, twice.
    let (spec, weights) = opened(&falcon(true, 2), &tensors(&["ln_attn", "ln_mlp"], 16));
    assert_eq!((spec.kv_heads, spec.residual), (2, Residual::Parallel { norms: 2 }));
    let all = numbers(4, 128);
    assert_eq!(read(&weights, Part::Layer(0, L::Query)), rows(&all, 8, &[0, 1, 2, 3, 8, 9, 10, 11]));
    assert_eq!(read(&weights, Part::Layer(0, L::Key)), rows(&all, 8, &[4, 5, 12, 13]));
    assert_eq!(read(&weights, Part::Layer(0, L::Value)), rows(&all, 8, &[6, 7, 14, 15]));
    assert_eq!(read(&weights, Part::Layer(0, L::MlpNorm)), numbers(10, 8));
}
