//! GGUF's description of a model from its `Spec`: the other direction of `files::config::gguf`.

use super::keys::Keys;
use crate::ml::spec::{Family, Norm, Position, Scaling, Spec};

/// Layers between those of Gemma that see everything, if no key says another number.
const GEMMA_PATTERN: usize = 6;

/// llama.cpp's name of a family.
fn architecture(family: Family) -> &'static str {
    match family {
        Family::Gemma3 => "gemma3",
        Family::Llama => "llama",
        Family::Qwen2 => "qwen2",
        Family::Qwen3 => "qwen3",
        Family::Gpt2 => "gpt2",
        Family::Phi => "phi2",
        Family::Falcon => "falcon",
    }
}

/// The keys of a model without its tokenizer. Whether they say all of `spec` is for the caller to check.
pub fn metadata(spec: &Spec, name: &str) -> Keys {
    let mut keys = Keys::default();
    let architecture = architecture(spec.family);
    let key = |key: &str| format!("{architecture}.{key}");
    keys.text("general.architecture", architecture);
    keys.text("general.type", "model");
    keys.text("general.name", name);
    keys.size(&key("vocab_size"), spec.vocabulary);
    keys.size(&key("context_length"), spec.context);
    keys.size(&key("embedding_length"), spec.width);
    keys.size(&key("block_count"), spec.layers);
    keys.size(&key("feed_forward_length"), spec.mlp.width);
    keys.size(&key("attention.head_count"), spec.heads);
    keys.size(&key("attention.head_count_kv"), spec.kv_heads);
    keys.size(&key("attention.key_length"), spec.head);
    keys.size(&key("attention.value_length"), spec.head);
    match spec.norm {
        Norm::Rms { epsilon } => keys.float(&key("attention.layer_norm_rms_epsilon"), epsilon),
        Norm::Layer { epsilon } => keys.float(&key("attention.layer_norm_epsilon"), epsilon),
    }
    if let Position::Rotary { rotary, base, windowed_base, scaling } = &spec.position {
        keys.size(&key("rope.dimension_count"), *rotary);
        keys.float(&key("rope.freq_base"), *base);
        if let Some(base) = windowed_base {
            keys.float(&key("rope.freq_base_swa"), *base);
        }
        if let Scaling::Linear { factor } = scaling {
            keys.text(&key("rope.scaling.type"), "linear");
            keys.float(&key("rope.scaling.factor"), *factor);
        }
    }
    if let Some(window) = spec.windows.iter().flatten().next() {
        keys.size(&key("attention.sliding_window"), *window);
        // The windows of Gemma that a file without this key has.
        let usual = |layer: usize| !(layer + 1).is_multiple_of(GEMMA_PATTERN);
        let is_usual = spec.windows.iter().enumerate().all(|(layer, window)| window.is_some() == usual(layer));
        if spec.family == Family::Gemma3 && !is_usual {
            let every = spec.windows.iter().take_while(|window| window.is_some()).count() + 1;
            keys.size(&key("attention.sliding_window_pattern"), every);
        }
    }
    keys
}

/// LLaMA 3.1's stretching, which GGUF has as a divisor for each frequency.
pub fn divisors(spec: &Spec) -> Option<Vec<f32>> {
    let Position::Rotary { rotary, base, scaling: Scaling::Llama3 { factor, low, high, original }, .. } = spec.position
    else {
        return None;
    };
    let divisor = |i: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a head has few coordinates")]
        let wavelength = std::f32::consts::TAU * base.powf((2 * i) as f32 / rotary as f32);
        let blend = ((original / wavelength - low) / (high - low)).clamp(0.0, 1.0);
        ((1.0 - blend) / factor + blend).recip()
    };
    Some((0..rotary / 2).map(divisor).collect())
}
