//! `config.json` of transformers from a `Spec`: the other direction of `files::config::hugging_face`.

use crate::ml::files::Parts;
use crate::ml::files::config::shortest;
use crate::ml::spec::{Activation, Family, LayerPart, Norm, Part, Position, Residual, Scaling, Spec};
use serde_json::{Map, Value, json};

/// The configuration of a model, without its tokens and type of numbers.
pub fn config(model: &dyn Parts) -> Map<String, Value> {
    let spec = model.spec();
    let has = |part| model.has(Part::Layer(0, part));
    let mut config = match spec.family {
        Family::Gemma3 => gemma3(spec),
        Family::Llama => llama(spec, has(LayerPart::QueryBias) || has(LayerPart::OutputBias)),
        Family::Qwen2 => qwen(spec, "qwen2", "Qwen2ForCausalLM"),
        Family::Qwen3 => qwen(spec, "qwen3", "Qwen3ForCausalLM"),
        Family::Gpt2 => gpt2(spec),
        Family::Phi => phi(spec),
        Family::Falcon => falcon(spec, has(LayerPart::QueryBias)),
    };
    config.insert("vocab_size".to_owned(), spec.vocabulary.into());
    config.insert("tie_word_embeddings".to_owned(), spec.tied.into());
    config
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn epsilon(spec: &Spec) -> Value {
    match spec.norm {
        Norm::Rms { epsilon } | Norm::Layer { epsilon } => shortest(epsilon),
    }
}

fn activation(spec: &Spec) -> &'static str {
    match spec.mlp.activation {
        Activation::Silu => "silu",
        Activation::Gelu => "gelu",
        Activation::GeluTanh => "gelu_pytorch_tanh",
    }
}

/// What models with rotary positions and separate projections share.
fn common(spec: &Spec, model_type: &str, class: &str) -> Map<String, Value> {
    let mut config = object(json!({
        "architectures": [class],
        "model_type": model_type,
        "hidden_size": spec.width,
        "num_hidden_layers": spec.layers,
        "num_attention_heads": spec.heads,
        "num_key_value_heads": spec.kv_heads,
        "head_dim": spec.head,
        "intermediate_size": spec.mlp.width,
        "hidden_act": activation(spec),
        "rms_norm_eps": epsilon(spec),
        "max_position_embeddings": spec.context,
    }));
    config.extend(rope(spec));
    config
}

fn rope(spec: &Spec) -> Map<String, Value> {
    let Position::Rotary { base, scaling, .. } = &spec.position else { return Map::new() };
    let scaling = match scaling {
        Scaling::None => Value::Null,
        Scaling::Linear { factor } => json!({"rope_type": "linear", "factor": float(*factor)}),
        Scaling::Llama3 { factor, low, high, original } => json!({
            "rope_type": "llama3",
            "factor": float(*factor),
            "low_freq_factor": float(*low),
            "high_freq_factor": float(*high),
            "original_max_position_embeddings": shortest(*original),
        }),
    };
    object(json!({"rope_theta": float(*base), "rope_scaling": scaling}))
}

/// As [`shortest`], with a point: transformers warns of factors that are whole numbers.
fn float(value: f32) -> Value {
    shortest(value).as_f64().map_or(Value::Null, Value::from)
}

/// The windows as transformers lists them: a kind for each layer, and the window there is.
fn windows(spec: &Spec) -> Option<(usize, Vec<&'static str>)> {
    let window = spec.windows.iter().flatten().next()?;
    let kind = |w: &Option<usize>| if w.is_some() { "sliding_attention" } else { "full_attention" };
    Some((*window, spec.windows.iter().map(kind).collect()))
}

fn gemma3(spec: &Spec) -> Map<String, Value> {
    let mut config = common(spec, "gemma3_text", "Gemma3ForCausalLM");
    config.remove("hidden_act");
    let scalar = spec.attention_scale.powi(-2);
    // A whole number, as it is in all published models, if that gives the scale.
    let whole = scalar.round();
    let scalar = if whole.sqrt().recip() == spec.attention_scale { whole } else { scalar };
    let local = match spec.position {
        Position::Rotary { windowed_base: Some(base), .. } => base,
        _ => 1e4,
    };
    let (window, kinds) = windows(spec).unwrap_or((4096, vec!["full_attention"; spec.layers]));
    config.extend(object(json!({
        "hidden_activation": activation(spec),
        "query_pre_attn_scalar": shortest(scalar),
        "rope_local_base_freq": float(local),
        "sliding_window": window,
        "layer_types": kinds,
        "attention_bias": false,
        "attn_logit_softcapping": null,
        "final_logit_softcapping": null,
    })));
    config
}

/// LLaMA; with windows Mistral, which is the same otherwise.
fn llama(spec: &Spec, has_biases: bool) -> Map<String, Value> {
    let Some((window, _)) = windows(spec) else {
        let mut config = common(spec, "llama", "LlamaForCausalLM");
        config.extend(object(json!({"attention_bias": has_biases, "mlp_bias": false})));
        return config;
    };
    let mut config = common(spec, "mistral", "MistralForCausalLM");
    config.insert("sliding_window".to_owned(), window.into());
    config
}

fn qwen(spec: &Spec, model_type: &str, class: &str) -> Map<String, Value> {
    let mut config = common(spec, model_type, class);
    config.insert("use_sliding_window".to_owned(), false.into());
    if let Some((window, kinds)) = windows(spec) {
        let first = kinds.iter().take_while(|kind| **kind == "full_attention").count();
        config.extend(object(json!({
            "use_sliding_window": true,
            "sliding_window": window,
            "max_window_layers": first,
            "layer_types": kinds,
        })));
    }
    config
}

fn gpt2(spec: &Spec) -> Map<String, Value> {
    object(json!({
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "n_embd": spec.width,
        "n_layer": spec.layers,
        "n_head": spec.heads,
        "n_inner": spec.mlp.width,
        "n_positions": spec.context,
        "activation_function": if spec.mlp.activation == Activation::GeluTanh { "gelu_new" } else { activation(spec) },
        "layer_norm_epsilon": epsilon(spec),
    }))
}

fn phi(spec: &Spec) -> Map<String, Value> {
    let mut config = common(spec, "phi", "PhiForCausalLM");
    config.remove("head_dim");
    config.remove("rms_norm_eps");
    let rotary = match spec.position {
        Position::Rotary { rotary, .. } => rotary,
        Position::Learned { .. } => 0,
    };
    // transformers cuts the product with the head's width to a whole number: rounding must not bring it below.
    #[expect(clippy::cast_precision_loss, reason = "heads are small")]
    let factor = [0.0, 0.5].map(|more| (rotary as f32 + more) / spec.head as f32);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "as transformers: the integer part; a head has few coordinates"
    )]
    let is_right = |factor: &f32| (f64::from(*factor) * spec.head as f64) as usize == rotary;
    let factor = factor.into_iter().find(is_right).unwrap_or(1.0);
    config.extend(object(json!({
        "layer_norm_eps": epsilon(spec),
        "partial_rotary_factor": float(factor),
        "qk_layernorm": false,
    })));
    config
}

fn falcon(spec: &Spec, has_biases: bool) -> Map<String, Value> {
    let norms = if let Residual::Parallel { norms } = spec.residual { norms } else { 0 };
    let is_new = norms == 2 || (spec.kv_heads != 1 && spec.kv_heads != spec.heads);
    let mut config = object(json!({
        "architectures": ["FalconForCausalLM"],
        "model_type": "falcon",
        "hidden_size": spec.width,
        "num_hidden_layers": spec.layers,
        "num_attention_heads": spec.heads,
        "num_kv_heads": spec.kv_heads,
        "multi_query": spec.kv_heads == 1,
        "new_decoder_architecture": is_new,
        "parallel_attn": norms > 0,
        "ffn_hidden_size": spec.mlp.width,
        "activation": activation(spec),
        "layer_norm_epsilon": epsilon(spec),
        "max_position_embeddings": spec.context,
        "alibi": false,
        "bias": has_biases,
    }));
    if is_new {
        config.insert("num_ln_in_parallel_attn".to_owned(), norms.into());
    }
    config.extend(rope(spec));
    config
}
