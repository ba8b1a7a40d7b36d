//! `Spec` from the metadata of a GGUF file. What llama.cpp's converter leaves out is filled in as llama.cpp does.

use super::{Keys, Sizes, head_of, rotary_of};
use crate::ml::error::ModelError;
use crate::ml::files::gguf::{Gguf, Value as Stored};
use crate::ml::files::tensors::Tensors;
use crate::ml::spec::{Activation, Family, Mlp, Norm, Position, Residual, Scaling, Spec};
use serde_json::{Map, Value};

/// The supported values of `general.architecture`.
const ARCHITECTURES: &str = "gemma3, llama, qwen2, qwen3, gpt2, phi2 and falcon are";

/// Layers of Gemma 3 27B, the one size whose scores are scaled by `width / heads` and not by the width of a head.
const GEMMA_27B_LAYERS: usize = 62;

/// What the metadata of a file says about the model.
pub fn spec(gguf: &Gguf) -> Result<Spec, ModelError> {
    let missing = |what: &str| ModelError::Missing {
        path: gguf.path.clone(),
        what: format!("key `{what}`"),
        hint: String::new(),
    };
    let name = gguf.text("general.architecture")?.ok_or_else(|| missing("general.architecture"))?;
    let prefix = format!("{name}.");
    let map = scalars(gguf, &prefix);
    let keys = Keys { path: &gguf.path, prefix: &prefix, map: &map };
    let family = match name {
        "gemma3" => Family::Gemma3,
        "llama" => Family::Llama,
        "qwen2" => Family::Qwen2,
        "qwen3" => Family::Qwen3,
        "gpt2" => Family::Gpt2,
        "phi2" => Family::Phi,
        "falcon" => Family::Falcon,
        other => {
            let what = format!("{}: key `general.architecture` `{other}`", gguf.path.display());
            return Err(ModelError::Unsupported { what, hint: ARCHITECTURES.to_owned() });
        }
    };
    if keys.find(&["expert_count"]).is_some_and(|(_, n)| *n != 0) {
        return Err(keys.unsupported("expert_count", "(a mixture of experts)", ""));
    }
    build(gguf, &keys, family)
}

/// The keys that begin with `prefix`, without it, if they are single values.
fn scalars(gguf: &Gguf, prefix: &str) -> Map<String, Value> {
    let scalar = |stored: &Stored| match stored {
        Stored::Integer(i) => Some(Value::from(*i)),
        Stored::Float(f) => Some(Value::from(*f)),
        Stored::Bool(b) => Some(Value::from(*b)),
        Stored::Text(text) => Some(Value::from(text.as_str())),
        // Some converters write a list with one number for each layer; one that says the same of all is as good.
        Stored::Integers(list) => match list.split_first() {
            Some((first, rest)) if rest.iter().all(|other| other == first) => Some(Value::from(*first)),
            _ => Some(Value::from("a list of different numbers")),
        },
        Stored::Floats(_) | Stored::Texts(_) => Some(Value::from("a list")),
    };
    let own = gguf.metadata.iter().filter_map(|(key, stored)| Some((key.strip_prefix(prefix)?, scalar(stored)?)));
    own.map(|(key, value)| (key.to_owned(), value)).collect()
}

fn build(gguf: &Gguf, keys: &Keys, family: Family) -> Result<Spec, ModelError> {
    let width = keys.count(&["embedding_length"], None)?;
    let heads = keys.count(&["attention.head_count"], None)?;
    let head = match keys.find(&["attention.key_length"]) {
        Some(_) => keys.count(&["attention.key_length"], None)?,
        None => head_of(keys, "attention.head_count", width, heads)?,
    };
    if let value @ 1.. = keys.count(&["attention.value_length"], Some(head))?
        && value != head
    {
        return Err(keys.unsupported("attention.value_length", format_args!("{value} beside keys of {head}"), ""));
    }
    let sizes = Sizes {
        vocabulary: vocabulary(gguf, keys)?,
        width,
        layers: keys.count(&["block_count"], None)?,
        heads,
        kv_heads: keys.count(&["attention.head_count_kv"], Some(heads))?,
        head,
        context: keys.count(&["context_length"], None)?,
    };
    let sizes = sizes.checked(keys, "block_count", "attention.head_count_kv")?;
    let Sizes { vocabulary, layers, kv_heads, context, .. } = sizes;
    let (gated, activation) = match family {
        Family::Gemma3 => (true, Activation::GeluTanh),
        Family::Llama | Family::Qwen2 | Family::Qwen3 => (true, Activation::Silu),
        Family::Gpt2 | Family::Phi => (false, Activation::GeluTanh),
        Family::Falcon => (false, Activation::Gelu),
    };
    let norm = match family {
        Family::Gpt2 | Family::Phi | Family::Falcon => {
            Norm::Layer { epsilon: keys.number("attention.layer_norm_epsilon", None)? }
        }
        _ => Norm::Rms { epsilon: keys.number("attention.layer_norm_rms_epsilon", None)? },
    };
    let residual = match family {
        Family::Gemma3 => Residual::Sandwich,
        Family::Phi => Residual::Parallel { norms: 1 },
        Family::Falcon if gguf.tensors.contains_key("blk.0.attn_norm_2.weight") => Residual::Parallel { norms: 2 },
        Family::Falcon => Residual::Parallel { norms: 1 },
        _ => Residual::Sequential,
    };
    let position = match family {
        Family::Gpt2 => Position::Learned { positions: context },
        _ => rotary(gguf, keys, family, head)?,
    };
    #[expect(clippy::cast_precision_loss, reason = "widths are far below 2^24")]
    let root = |n: usize| (n as f32).sqrt();
    let gemma = family == Family::Gemma3;
    let scores = if gemma && layers == GEMMA_27B_LAYERS { width / heads } else { head };
    Ok(Spec {
        family,
        vocabulary,
        width,
        layers,
        heads,
        kv_heads,
        head,
        norm,
        position,
        mlp: Mlp { width: keys.count(&["feed_forward_length"], None)?, activation, gated },
        residual,
        normalised_queries: gemma || family == Family::Qwen3,
        attention_scale: root(scores).recip(),
        embedding_scale: if gemma { root(width) } else { 1.0 },
        windows: windows(keys, family, layers)?,
        tied: !gguf.tensors.contains_key("output.weight"),
        context,
    })
}

/// llama.cpp takes the number of tokens; files without a tokenizer have a key.
fn vocabulary(gguf: &Gguf, keys: &Keys) -> Result<usize, ModelError> {
    match gguf.texts("tokenizer.ggml.tokens")? {
        Some(tokens) if !tokens.is_empty() => Ok(tokens.len()),
        _ => keys.count(&["vocab_size"], None),
    }
}

fn rotary(gguf: &Gguf, keys: &Keys, family: Family, head: usize) -> Result<Position, ModelError> {
    let gemma = family == Family::Gemma3;
    let rotary = keys.count(&["rope.dimension_count"], Some(head))?;
    let rotary = rotary_of(keys, "rope.dimension_count", rotary, head)?;
    let base = keys.number("rope.freq_base", Some(if gemma { 1e6 } else { 1e4 }))?;
    let windowed_base = if gemma { Some(keys.number("rope.freq_base_swa", Some(1e4))?) } else { None };
    let scaling = match keys.text("rope.scaling.type")? {
        None | Some("none") if gguf.tensors.contains_key("rope_freqs.weight") => llama3(gguf, rotary, base)?,
        None | Some("none") => Scaling::None,
        Some("linear") => Scaling::Linear { factor: keys.number("rope.scaling.factor", None)? },
        Some(other) => return Err(keys.unsupported("rope.scaling.type", format_args!("`{other}`"), "linear is")),
    };
    Ok(Position::Rotary { rotary, base, windowed_base, scaling })
}

/// LLaMA 3.1's stretching, which the converter writes as a divisor for each frequency: found again from the divisors,
/// with the constants that all published models share, and checked against all of them.
fn llama3(gguf: &Gguf, rotary: usize, base: f32) -> Result<Scaling, ModelError> {
    let name = "rope_freqs.weight";
    let file = gguf.file.try_clone().map_err(|source| ModelError::Io { path: gguf.path.clone(), source })?;
    let tensors = Tensors { files: vec![(gguf.path.clone(), file)], by_name: gguf.tensors.clone() };
    let divisors = tensors.values(name, None)?;
    let factor = divisors.iter().copied().fold(1.0, f32::max);
    let (low, high, original) = (1.0, 4.0, 8192.0);
    let agrees = |(i, found): (usize, &f32)| {
        #[expect(clippy::cast_precision_loss, reason = "a head has few coordinates")]
        let wavelength = std::f32::consts::TAU * base.powf((2 * i) as f32 / rotary as f32);
        let blend = ((original / wavelength - low) / (high - low)).clamp(0.0, 1.0);
        let wanted = ((1.0 - blend) / factor + blend).recip();
        (found - wanted).abs() <= 1e-3 * wanted
    };
    match divisors.len() == rotary / 2 && divisors.iter().enumerate().all(agrees) {
        true => Ok(Scaling::Llama3 { factor, low, high, original }),
        false => Err(ModelError::Unsupported {
            what: format!("{}: stretching of frequencies by tensor `{name}`", gguf.path.display()),
            hint: "LLaMA 3.1's constants are".to_owned(),
        }),
    }
}

fn windows(keys: &Keys, family: Family, layers: usize) -> Result<Vec<Option<usize>>, ModelError> {
    let key = "attention.sliding_window";
    let window = keys.find(&[key]).filter(|(_, n)| **n != 0).map(|_| keys.count(&[key], None)).transpose()?;
    Ok(match (family, window) {
        (Family::Gemma3, Some(_)) => {
            let every = keys.count(&["attention.sliding_window_pattern"], Some(6))?;
            (0..layers).map(|layer| window.filter(|_| (layer + 1) % every != 0)).collect()
        }
        (Family::Gemma3, None) => return Err(keys.missing(key)),
        (_, window) => vec![window; layers],
    })
}
