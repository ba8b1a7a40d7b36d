//! `Spec` from a `config.json` of Hugging Face. Where a key is absent, the default of transformers' configuration
//! class holds. Settings that change the result and are not built are errors, never ignored.

use super::{Keys, Sizes, head_of, rotary_of};
use crate::ml::error::ModelError;
use crate::ml::spec::{Activation, Family, Mlp, Norm, Position, Residual, Scaling, Spec};
use serde_json::Value;
use std::path::Path;

/// The supported values of `model_type`.
const MODEL_TYPES: &str = "gemma3_text, gemma3, llama, mistral, qwen2, qwen3, gpt2, phi and falcon are";

/// What a family's configuration class says where keys are absent.
struct Defaults {
    vocabulary: usize,
    width: usize,
    layers: usize,
    heads: usize,
    /// `None`: as many as heads.
    kv_heads: Option<usize>,
    /// `None`: the width divided by the heads.
    head: Option<usize>,
    context: usize,
    /// Width of the feed-forward part; `None`: four times the width.
    mlp: Option<usize>,
    tied: bool,
}

/// The model that the `config.json` at `path` with this `text` describes.
pub fn spec(path: &Path, text: &str) -> Result<Spec, ModelError> {
    let damaged = |e: serde_json::Error| ModelError::Damaged { path: path.to_owned(), what: e.to_string() };
    let root: serde_json::Map<String, Value> = serde_json::from_str(text).map_err(damaged)?;
    let keys = Keys { path, prefix: "", map: &root };
    match keys.text("model_type")?.ok_or_else(|| keys.missing("model_type"))? {
        "gemma3_text" => gemma3(&keys),
        "gemma3" => gemma3(&keys.below("text_config", "text_config.")?.ok_or_else(|| keys.missing("text_config"))?),
        "llama" => llama(&keys),
        "mistral" => mistral(&keys),
        "qwen2" => qwen(&keys, Family::Qwen2),
        "qwen3" => qwen(&keys, Family::Qwen3),
        "gpt2" => gpt2(&keys),
        "phi" => phi(&keys),
        "falcon" => falcon(&keys),
        other => Err(keys.unsupported("model_type", format_args!("`{other}`"), MODEL_TYPES)),
    }
}

fn gemma3(keys: &Keys) -> Result<Spec, ModelError> {
    refuse(keys, &["final_logit_softcapping", "attn_logit_softcapping", "use_bidirectional_attention"])?;
    let defaults = Defaults {
        vocabulary: 262_208,
        width: 2304,
        layers: 26,
        heads: 8,
        kv_heads: Some(4),
        head: Some(256),
        context: 131_072,
        mlp: Some(9216),
        tied: true,
    };
    let spec = gated(keys, Family::Gemma3, &defaults, Activation::GeluTanh, "hidden_activation")?;
    let (base, scaling) = rope(keys, Some("full_attention"), "rope_theta", 1e6)?;
    let (windowed, _) = rope(keys, Some("sliding_attention"), "rope_local_base_freq", 1e4)?;
    let position = Position::Rotary { rotary: spec.head, base, windowed_base: Some(windowed), scaling };
    let window = keys.count(&["sliding_window"], Some(4096))?;
    let every = keys.count(&["sliding_window_pattern", "_sliding_window_pattern"], Some(6))?;
    let windows = windows(keys, spec.layers, window, |layer| (layer + 1) % every != 0)?;
    #[expect(clippy::cast_precision_loss, reason = "widths are far below 2^24")]
    let embedding_scale = (spec.width as f32).sqrt();
    let attention_scale = keys.number("query_pre_attn_scalar", Some(256.0))?.sqrt().recip();
    let residual = Residual::Sandwich;
    Ok(Spec { position, windows, residual, normalised_queries: true, embedding_scale, attention_scale, ..spec })
}

fn llama(keys: &Keys) -> Result<Spec, ModelError> {
    if keys.flag("mlp_bias", false)? {
        return Err(keys.unsupported("mlp_bias", "true", ""));
    }
    let defaults = Defaults {
        vocabulary: 32_000,
        width: 4096,
        layers: 32,
        heads: 32,
        kv_heads: None,
        head: None,
        context: 2048,
        mlp: Some(11_008),
        tied: false,
    };
    gated(keys, Family::Llama, &defaults, Activation::Silu, "hidden_act")
}

fn mistral(keys: &Keys) -> Result<Spec, ModelError> {
    let defaults = Defaults {
        vocabulary: 32_000,
        width: 4096,
        layers: 32,
        heads: 32,
        kv_heads: Some(8),
        head: None,
        context: 131_072,
        mlp: Some(14_336),
        tied: false,
    };
    let spec = gated(keys, Family::Llama, &defaults, Activation::Silu, "hidden_act")?;
    // Absent means the default, null means no window.
    if keys.has("sliding_window") && keys.find(&["sliding_window"]).is_none() {
        return Ok(spec);
    }
    let window = keys.count(&["sliding_window"], Some(4096))?;
    Ok(Spec { windows: vec![Some(window); spec.layers], ..spec })
}

fn qwen(keys: &Keys, family: Family) -> Result<Spec, ModelError> {
    let defaults = Defaults {
        vocabulary: 151_936,
        width: 4096,
        layers: 32,
        heads: 32,
        kv_heads: Some(32),
        head: (family == Family::Qwen3).then_some(128),
        context: 32_768,
        mlp: Some(22_016),
        tied: false,
    };
    let mut spec = gated(keys, family, &defaults, Activation::Silu, "hidden_act")?;
    spec.normalised_queries = family == Family::Qwen3;
    if keys.flag("use_sliding_window", false)? {
        let window = keys.count(&["sliding_window"], Some(4096))?;
        let first = keys.map.get("max_window_layers").and_then(Value::as_u64).unwrap_or(28);
        spec.windows = windows(keys, spec.layers, window, |layer| layer as u64 >= first)?;
    }
    Ok(spec)
}

fn gpt2(keys: &Keys) -> Result<Spec, ModelError> {
    refuse(keys, &["scale_attn_by_inverse_layer_idx", "add_cross_attention"])?;
    if !keys.flag("scale_attn_weights", true)? {
        return Err(keys.unsupported("scale_attn_weights", "false", ""));
    }
    let defaults = Defaults {
        vocabulary: 50_257,
        width: 768,
        layers: 12,
        heads: 12,
        kv_heads: None,
        head: None,
        context: 1024,
        mlp: None,
        tied: true,
    };
    let norm = Norm::Layer { epsilon: keys.number("layer_norm_epsilon", Some(1e-5))? };
    let spec = plain(keys, Family::Gpt2, &defaults, norm, Activation::GeluTanh)?;
    Ok(Spec { position: Position::Learned { positions: spec.context }, ..spec })
}

fn phi(keys: &Keys) -> Result<Spec, ModelError> {
    refuse(keys, &["qk_layernorm"])?;
    let defaults = Defaults {
        vocabulary: 51_200,
        width: 2048,
        layers: 24,
        heads: 32,
        kv_heads: None,
        head: None,
        context: 2048,
        mlp: Some(8192),
        tied: false,
    };
    let norm = Norm::Layer { epsilon: keys.number("layer_norm_eps", Some(1e-5))? };
    let spec = plain(keys, Family::Phi, &defaults, norm, Activation::GeluTanh)?;
    let (base, scaling) = rope(keys, None, "rope_theta", 1e4)?;
    let parameters = keys.below("rope_parameters", "rope_parameters.")?;
    let factor = match parameters.filter(|p| p.has("partial_rotary_factor")) {
        Some(parameters) => parameters.number("partial_rotary_factor", None)?,
        None => keys.number("partial_rotary_factor", Some(0.5))?,
    };
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "as transformers: the integer part; a head has few coordinates"
    )]
    let rotary = (spec.head as f64 * f64::from(factor)) as usize;
    let rotary = rotary_of(keys, "partial_rotary_factor", rotary, spec.head)?;
    let position = Position::Rotary { rotary, base, windowed_base: None, scaling };
    Ok(Spec { position, residual: Residual::Parallel { norms: 1 }, ..spec })
}

fn falcon(keys: &Keys) -> Result<Spec, ModelError> {
    if keys.flag("alibi", false)? {
        return Err(keys.unsupported("alibi", "true", "Falcon models with rotary positions are"));
    }
    let defaults = Defaults {
        vocabulary: 65_024,
        width: 4544,
        layers: 32,
        heads: 71,
        kv_heads: None,
        head: None,
        context: 2048,
        mlp: None,
        tied: true,
    };
    let norm = Norm::Layer { epsilon: keys.number("layer_norm_epsilon", Some(1e-5))? };
    let spec = plain(keys, Family::Falcon, &defaults, norm, Activation::Gelu)?;
    let new = keys.flag("new_decoder_architecture", false)?;
    let kv_heads = match (new, keys.flag("multi_query", true)?) {
        (false, true) => 1,
        (true, _) => keys.count(&["num_kv_heads", "n_head_kv"], Some(spec.heads))?,
        (false, false) => spec.heads,
    };
    if !spec.heads.is_multiple_of(kv_heads) {
        return Err(keys.damaged("num_kv_heads", format_args!("is {kv_heads}, which does not divide the heads")));
    }
    let residual = match keys.flag("parallel_attn", true)? || new {
        false => Residual::Sequential,
        true => match keys.count(&["num_ln_in_parallel_attn"], Some(if new { 2 } else { 1 }))? {
            norms @ 1..=2 => Residual::Parallel { norms },
            other => return Err(keys.damaged("num_ln_in_parallel_attn", format_args!("is {other}, not 1 or 2"))),
        },
    };
    let (base, scaling) = rope(keys, None, "rope_theta", 1e4)?;
    let rotary = rotary_of(keys, "num_attention_heads", spec.head, spec.head)?;
    let position = Position::Rotary { rotary, base, windowed_base: None, scaling };
    Ok(Spec { kv_heads, residual, position, ..spec })
}

/// A model with gated feed-forward parts, RMS norms and rotary positions.
fn gated(
    keys: &Keys,
    family: Family,
    defaults: &Defaults,
    activation: Activation,
    activation_key: &str,
) -> Result<Spec, ModelError> {
    let norm = Norm::Rms { epsilon: keys.number("rms_norm_eps", Some(1e-6))? };
    let mut spec = plain(keys, family, defaults, norm, activation)?;
    spec.mlp.gated = true;
    spec.mlp.activation = activation_of(keys, &[activation_key, "hidden_act"], activation)?;
    let (base, scaling) = rope(keys, None, "rope_theta", 1e4)?;
    let rotary = rotary_of(keys, "head_dim", spec.head, spec.head)?;
    spec.position = Position::Rotary { rotary, base, windowed_base: None, scaling };
    Ok(spec)
}

/// What all families share; positions are the caller's to set.
fn plain(
    keys: &Keys,
    family: Family,
    defaults: &Defaults,
    norm: Norm,
    activation: Activation,
) -> Result<Spec, ModelError> {
    let width = keys.count(&["hidden_size", "n_embd", "n_embed"], Some(defaults.width))?;
    let (head_keys, kv_key) = (["num_attention_heads", "n_head"], "num_key_value_heads");
    let heads = keys.count(&head_keys, Some(defaults.heads))?;
    let head_key = keys.find(&head_keys).map_or(head_keys[0], |(key, _)| key);
    let head = match (keys.find(&["head_dim"]), defaults.head) {
        (None, None) => head_of(keys, head_key, width, heads)?,
        (_, default) => keys.count(&["head_dim"], default)?,
    };
    let kv_default = if keys.has(kv_key) { None } else { defaults.kv_heads };
    let sizes = Sizes {
        vocabulary: keys.count(&["vocab_size"], Some(defaults.vocabulary))?,
        width,
        layers: keys.count(&["num_hidden_layers", "n_layer"], Some(defaults.layers))?,
        heads,
        kv_heads: keys.count(&[kv_key], Some(kv_default.unwrap_or(heads)))?,
        head,
        context: keys.count(&["max_position_embeddings", "n_positions"], Some(defaults.context))?,
    };
    let Sizes { vocabulary, width, layers, heads, kv_heads, head, context } =
        sizes.checked(keys, "num_hidden_layers", kv_key)?;
    let mlp_default = defaults.mlp.unwrap_or(4 * width);
    let mlp = Mlp {
        width: keys.count(&["intermediate_size", "n_inner", "ffn_hidden_size"], Some(mlp_default))?,
        activation: activation_of(keys, &["hidden_act", "activation_function", "activation"], activation)?,
        gated: false,
    };
    #[expect(clippy::cast_precision_loss, reason = "heads are far below 2^24 wide")]
    let attention_scale = (head as f32).sqrt().recip();
    Ok(Spec {
        family,
        vocabulary,
        width,
        layers,
        heads,
        kv_heads,
        head,
        norm,
        position: Position::Learned { positions: context },
        mlp,
        residual: Residual::Sequential,
        normalised_queries: false,
        attention_scale,
        embedding_scale: 1.0,
        windows: vec![None; layers],
        tied: keys.flag("tie_word_embeddings", defaults.tied)?,
        context,
    })
}

fn activation_of(keys: &Keys, names: &[&str], default: Activation) -> Result<Activation, ModelError> {
    let Some((key, value)) = keys.find(names) else { return Ok(default) };
    match value.as_str() {
        Some("silu" | "swish") => Ok(Activation::Silu),
        Some("gelu") => Ok(Activation::Gelu),
        Some("gelu_new" | "gelu_pytorch_tanh" | "gelu_fast") => Ok(Activation::GeluTanh),
        _ => Err(keys.unsupported(key, value, "silu, gelu, gelu_new and gelu_pytorch_tanh are")),
    }
}

/// The base of the frequencies and how they are stretched. transformers 4 writes `rope_theta` and `rope_scaling`; 5
/// writes `rope_parameters`, in models with windows one for each `kind` of layer.
fn rope(keys: &Keys, kind: Option<&str>, base_key: &str, default: f32) -> Result<(f32, Scaling), ModelError> {
    let all = keys.below("rope_parameters", "rope_parameters.")?;
    let own = match (&all, kind) {
        (Some(all), Some(kind)) if all.has(kind) => all.below(kind, "rope_parameters.")?,
        _ => all.filter(|_| base_key == "rope_theta"),
    };
    let base = match own {
        Some(own) if own.has("rope_theta") => own.number("rope_theta", None)?,
        _ => keys.number(base_key, Some(default))?,
    };
    let stretched = match own {
        Some(own) => Some(own),
        None if base_key == "rope_theta" => keys.below("rope_scaling", "rope_scaling.")?,
        None => None,
    };
    let Some(keys) = stretched else { return Ok((base, Scaling::None)) };
    let key = if keys.has("rope_type") { "rope_type" } else { "type" };
    let scaling = match keys.text(key)? {
        None | Some("default") => Scaling::None,
        Some("linear") => Scaling::Linear { factor: keys.number("factor", None)? },
        Some("llama3") => {
            let (low, high) = (keys.number("low_freq_factor", None)?, keys.number("high_freq_factor", None)?);
            if low >= high {
                return Err(keys.damaged("high_freq_factor", format_args!("is {high}, not above {low}")));
            }
            let original = keys.number("original_max_position_embeddings", None)?;
            Scaling::Llama3 { factor: keys.number("factor", None)?, low, high, original }
        }
        Some(other) => return Err(keys.unsupported(key, format_args!("`{other}`"), "linear and llama3 are")),
    };
    Ok((base, scaling))
}

/// Windows by `layer_types`, or by `windowed` where they are not listed.
fn windows(
    keys: &Keys,
    layers: usize,
    window: usize,
    windowed: impl Fn(usize) -> bool,
) -> Result<Vec<Option<usize>>, ModelError> {
    let Some((key, value)) = keys.find(&["layer_types"]) else {
        return Ok((0..layers).map(|layer| windowed(layer).then_some(window)).collect());
    };
    let list = value.as_array().filter(|list| list.len() == layers);
    let list = list.ok_or_else(|| keys.damaged(key, format_args!("is not a list of {layers}, one for each layer")))?;
    let of = |kind: &Value| match kind.as_str() {
        Some("sliding_attention") => Ok(Some(window)),
        Some("full_attention") => Ok(None),
        _ => Err(keys.unsupported(key, kind, "sliding_attention and full_attention are")),
    };
    list.iter().map(of).collect()
}

/// An error if one of these is set to anything but null and false.
fn refuse(keys: &Keys, names: &[&str]) -> Result<(), ModelError> {
    for name in names {
        if let Some((key, value)) = keys.find(&[name]).filter(|(_, value)| **value != Value::Bool(false)) {
            return Err(keys.unsupported(key, value, ""));
        }
    }
    Ok(())
}
