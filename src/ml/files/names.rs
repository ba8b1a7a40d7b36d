//! What the parts of a decoder are called in files: tables, and how a part lies in the tensor that has it. Reads nothing.

use crate::ml::spec::LayerPart as L;
use crate::ml::spec::{Family, Part, Residual, Spec};

/// Formats of files, which name parts differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Gguf,
    Safetensors,
}

/// How a part lies in its tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// As `Spec::shape` says.
    Plain,
    /// `[in, out]`.
    Transposed,
    /// Rows of queries, then of keys, then of values.
    Stacked,
    /// Columns of queries, then of keys, then of values.
    StackedTransposed,
    /// For each head of keys: rows of the queries it serves, of the keys, of the values.
    Grouped,
}

/// A part of every layer, or one behind them; `Norm`s of the whole model, biases and so on are parts too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Model(Part),
    Layer(L),
}

use Layout::{Grouped, Plain, Stacked, StackedTransposed, Transposed};
use Place::{Layer, Model};

type Row = (Place, &'static str, Layout);

/// Names in GGUF, the same in all families; `{}` is the layer. Where a part has several, the first that is there counts.
const GGUF: &[Row] = &[
    (Model(Part::Embedding), "token_embd.weight", Plain),
    (Model(Part::Positions), "position_embd.weight", Plain),
    (Model(Part::FinalNorm), "output_norm.weight", Plain),
    (Model(Part::FinalNormBias), "output_norm.bias", Plain),
    (Model(Part::Head), "output.weight", Plain),
    (Model(Part::HeadBias), "output.bias", Plain),
    (Layer(L::Query), "blk.{}.attn_q.weight", Plain),
    (Layer(L::Query), "blk.{}.attn_qkv.weight", Stacked),
    (Layer(L::QueryBias), "blk.{}.attn_q.bias", Plain),
    (Layer(L::QueryBias), "blk.{}.attn_qkv.bias", Stacked),
    (Layer(L::Key), "blk.{}.attn_k.weight", Plain),
    (Layer(L::Key), "blk.{}.attn_qkv.weight", Stacked),
    (Layer(L::KeyBias), "blk.{}.attn_k.bias", Plain),
    (Layer(L::KeyBias), "blk.{}.attn_qkv.bias", Stacked),
    (Layer(L::Value), "blk.{}.attn_v.weight", Plain),
    (Layer(L::Value), "blk.{}.attn_qkv.weight", Stacked),
    (Layer(L::ValueBias), "blk.{}.attn_v.bias", Plain),
    (Layer(L::ValueBias), "blk.{}.attn_qkv.bias", Stacked),
    (Layer(L::QueryNorm), "blk.{}.attn_q_norm.weight", Plain),
    (Layer(L::KeyNorm), "blk.{}.attn_k_norm.weight", Plain),
    (Layer(L::Output), "blk.{}.attn_output.weight", Plain),
    (Layer(L::OutputBias), "blk.{}.attn_output.bias", Plain),
    (Layer(L::Gate), "blk.{}.ffn_gate.weight", Plain),
    (Layer(L::Up), "blk.{}.ffn_up.weight", Plain),
    (Layer(L::UpBias), "blk.{}.ffn_up.bias", Plain),
    (Layer(L::Down), "blk.{}.ffn_down.weight", Plain),
    (Layer(L::DownBias), "blk.{}.ffn_down.bias", Plain),
    // Falcon with two norms: the one in front of attention is `attn_norm_2`, the one in front of the rest `attn_norm`.
    (Layer(L::AttentionNorm), "blk.{}.attn_norm_2.weight", Plain),
    (Layer(L::AttentionNorm), "blk.{}.attn_norm.weight", Plain),
    (Layer(L::AttentionNormBias), "blk.{}.attn_norm_2.bias", Plain),
    (Layer(L::AttentionNormBias), "blk.{}.attn_norm.bias", Plain),
    (Layer(L::AttentionPostNorm), "blk.{}.post_attention_norm.weight", Plain),
    (Layer(L::MlpNorm), "blk.{}.ffn_norm.weight", Plain),
    (Layer(L::MlpNormBias), "blk.{}.ffn_norm.bias", Plain),
    (Layer(L::MlpPostNorm), "blk.{}.post_ffw_norm.weight", Plain),
];

/// In front of [`GGUF`] for Falcon.
const GGUF_FALCON: &[Row] =
    &[(Layer(L::MlpNorm), "blk.{}.attn_norm.weight", Plain), (Layer(L::MlpNormBias), "blk.{}.attn_norm.bias", Plain)];

/// LLaMA, Mistral, Qwen, and, behind [`GEMMA`], Gemma.
const LLAMA: &[Row] = &[
    (Model(Part::Embedding), "embed_tokens.weight", Plain),
    (Model(Part::FinalNorm), "norm.weight", Plain),
    (Layer(L::AttentionNorm), "layers.{}.input_layernorm.weight", Plain),
    (Layer(L::MlpNorm), "layers.{}.post_attention_layernorm.weight", Plain),
    (Layer(L::Query), "layers.{}.self_attn.q_proj.weight", Plain),
    (Layer(L::QueryBias), "layers.{}.self_attn.q_proj.bias", Plain),
    (Layer(L::Key), "layers.{}.self_attn.k_proj.weight", Plain),
    (Layer(L::KeyBias), "layers.{}.self_attn.k_proj.bias", Plain),
    (Layer(L::Value), "layers.{}.self_attn.v_proj.weight", Plain),
    (Layer(L::ValueBias), "layers.{}.self_attn.v_proj.bias", Plain),
    (Layer(L::QueryNorm), "layers.{}.self_attn.q_norm.weight", Plain),
    (Layer(L::KeyNorm), "layers.{}.self_attn.k_norm.weight", Plain),
    (Layer(L::Output), "layers.{}.self_attn.o_proj.weight", Plain),
    (Layer(L::OutputBias), "layers.{}.self_attn.o_proj.bias", Plain),
    (Layer(L::OutputBias), "layers.{}.self_attn.o_proj.bias", Plain),
    (Layer(L::Gate), "layers.{}.mlp.gate_proj.weight", Plain),
    (Layer(L::Up), "layers.{}.mlp.up_proj.weight", Plain),
    (Layer(L::Down), "layers.{}.mlp.down_proj.weight", Plain),
];

/// In front of [`LLAMA`]: Gemma's four norms, one of them by LLaMA's name for another.
const GEMMA: &[Row] = &[
    (Layer(L::AttentionPostNorm), "layers.{}.post_attention_layernorm.weight", Plain),
    (Layer(L::MlpNorm), "layers.{}.pre_feedforward_layernorm.weight", Plain),
    (Layer(L::MlpPostNorm), "layers.{}.post_feedforward_layernorm.weight", Plain),
];

/// GPT-2, whose matrices are those of `Conv1D`: `[in, out]`.
const GPT2: &[Row] = &[
    (Model(Part::Embedding), "wte.weight", Plain),
    (Model(Part::Positions), "wpe.weight", Plain),
    (Model(Part::FinalNorm), "ln_f.weight", Plain),
    (Model(Part::FinalNormBias), "ln_f.bias", Plain),
    (Layer(L::AttentionNorm), "h.{}.ln_1.weight", Plain),
    (Layer(L::AttentionNormBias), "h.{}.ln_1.bias", Plain),
    (Layer(L::Query), "h.{}.attn.c_attn.weight", StackedTransposed),
    (Layer(L::QueryBias), "h.{}.attn.c_attn.bias", Stacked),
    (Layer(L::Key), "h.{}.attn.c_attn.weight", StackedTransposed),
    (Layer(L::KeyBias), "h.{}.attn.c_attn.bias", Stacked),
    (Layer(L::Value), "h.{}.attn.c_attn.weight", StackedTransposed),
    (Layer(L::ValueBias), "h.{}.attn.c_attn.bias", Stacked),
    (Layer(L::Output), "h.{}.attn.c_proj.weight", Transposed),
    (Layer(L::OutputBias), "h.{}.attn.c_proj.bias", Plain),
    (Layer(L::MlpNorm), "h.{}.ln_2.weight", Plain),
    (Layer(L::MlpNormBias), "h.{}.ln_2.bias", Plain),
    (Layer(L::Up), "h.{}.mlp.c_fc.weight", Transposed),
    (Layer(L::UpBias), "h.{}.mlp.c_fc.bias", Plain),
    (Layer(L::Down), "h.{}.mlp.c_proj.weight", Transposed),
    (Layer(L::DownBias), "h.{}.mlp.c_proj.bias", Plain),
];

const PHI: &[Row] = &[
    (Model(Part::Embedding), "embed_tokens.weight", Plain),
    (Model(Part::FinalNorm), "final_layernorm.weight", Plain),
    (Model(Part::FinalNormBias), "final_layernorm.bias", Plain),
    (Layer(L::AttentionNorm), "layers.{}.input_layernorm.weight", Plain),
    (Layer(L::AttentionNormBias), "layers.{}.input_layernorm.bias", Plain),
    (Layer(L::Query), "layers.{}.self_attn.q_proj.weight", Plain),
    (Layer(L::QueryBias), "layers.{}.self_attn.q_proj.bias", Plain),
    (Layer(L::Key), "layers.{}.self_attn.k_proj.weight", Plain),
    (Layer(L::KeyBias), "layers.{}.self_attn.k_proj.bias", Plain),
    (Layer(L::Value), "layers.{}.self_attn.v_proj.weight", Plain),
    (Layer(L::ValueBias), "layers.{}.self_attn.v_proj.bias", Plain),
    (Layer(L::Output), "layers.{}.self_attn.dense.weight", Plain),
    (Layer(L::OutputBias), "layers.{}.self_attn.dense.bias", Plain),
    (Layer(L::Up), "layers.{}.mlp.fc1.weight", Plain),
    (Layer(L::UpBias), "layers.{}.mlp.fc1.bias", Plain),
    (Layer(L::Down), "layers.{}.mlp.fc2.weight", Plain),
    (Layer(L::DownBias), "layers.{}.mlp.fc2.bias", Plain),
];

const FALCON: &[Row] = &[
    (Model(Part::Embedding), "word_embeddings.weight", Plain),
    (Model(Part::FinalNorm), "ln_f.weight", Plain),
    (Model(Part::FinalNormBias), "ln_f.bias", Plain),
    (Layer(L::AttentionNorm), "h.{}.ln_attn.weight", Plain),
    (Layer(L::AttentionNorm), "h.{}.input_layernorm.weight", Plain),
    (Layer(L::AttentionNormBias), "h.{}.ln_attn.bias", Plain),
    (Layer(L::AttentionNormBias), "h.{}.input_layernorm.bias", Plain),
    (Layer(L::MlpNorm), "h.{}.ln_mlp.weight", Plain),
    (Layer(L::MlpNorm), "h.{}.post_attention_layernorm.weight", Plain),
    (Layer(L::MlpNormBias), "h.{}.ln_mlp.bias", Plain),
    (Layer(L::MlpNormBias), "h.{}.post_attention_layernorm.bias", Plain),
    (Layer(L::Query), "h.{}.self_attention.query_key_value.weight", Grouped),
    (Layer(L::QueryBias), "h.{}.self_attention.query_key_value.bias", Grouped),
    (Layer(L::Key), "h.{}.self_attention.query_key_value.weight", Grouped),
    (Layer(L::KeyBias), "h.{}.self_attention.query_key_value.bias", Grouped),
    (Layer(L::Value), "h.{}.self_attention.query_key_value.weight", Grouped),
    (Layer(L::ValueBias), "h.{}.self_attention.query_key_value.bias", Grouped),
    (Layer(L::Output), "h.{}.self_attention.dense.weight", Plain),
    (Layer(L::OutputBias), "h.{}.self_attention.dense.bias", Plain),
    (Layer(L::Up), "h.{}.mlp.dense_h_to_4h.weight", Plain),
    (Layer(L::UpBias), "h.{}.mlp.dense_h_to_4h.bias", Plain),
    (Layer(L::Down), "h.{}.mlp.dense_4h_to_h.weight", Plain),
    (Layer(L::DownBias), "h.{}.mlp.dense_4h_to_h.bias", Plain),
];

/// The head, which in safetensors does not stand behind the decoder's prefix.
const HEAD: &[Row] = &[(Model(Part::Head), "lm_head.weight", Plain), (Model(Part::HeadBias), "lm_head.bias", Plain)];

/// What may stand in front of the decoder's names in safetensors, and in front of the head's: a bare decoder, one with
/// a head, and one within a model that also sees.
const PREFIXES: &[(&str, &str)] = &[
    ("model.", ""),
    ("transformer.", ""),
    ("", ""),
    ("language_model.model.", "language_model."),
    ("model.language_model.", ""),
];

/// What stands in front of the decoder's names in files that transformers writes.
fn own_prefix(family: Family) -> &'static str {
    if matches!(family, Family::Gpt2 | Family::Falcon) { "transformer." } else { "model." }
}

/// The tables of a family in safetensors: its own, which comes first, and one that it shares with others.
fn tables(family: Family) -> (&'static [Row], &'static [Row]) {
    match family {
        Family::Gemma3 => (GEMMA, LLAMA),
        Family::Llama | Family::Qwen2 | Family::Qwen3 => (&[], LLAMA),
        Family::Gpt2 => (&[], GPT2),
        Family::Phi => (&[], PHI),
        Family::Falcon => (&[], FALCON),
    }
}

/// The names of one model's files.
#[derive(Clone, Debug)]
pub struct Names {
    tables: Vec<(&'static [Row], &'static str)>,
}

impl Names {
    /// Names of `family` in `format`; `present` says which tensors there are, and by it which prefix they have.
    pub fn of(family: Family, format: Format, present: impl Fn(&str) -> bool) -> Names {
        if format == Format::Gguf {
            let own: &[Row] = if family == Family::Falcon { GGUF_FALCON } else { &[] };
            return Names { tables: vec![(own, ""), (GGUF, "")] };
        }
        let (own, shared) = tables(family);
        let known = |prefix: &&(&str, &str)| shared.iter().any(|row| present(&format!("{}{}", prefix.0, row.1)));
        let (prefix, head) = *PREFIXES.iter().find(known).unwrap_or(&PREFIXES[0]);
        Names { tables: vec![(own, prefix), (shared, prefix), (HEAD, head)] }
    }

    /// Names of a model that is written.
    pub fn written(family: Family, format: Format) -> Names {
        let own = own_prefix(family);
        Names::of(family, format, |name| tables(family).1.iter().any(|row| name == format!("{own}{}", row.1)))
    }

    /// The name under which a part is written, and how it lies in the tensor of that name: the one that the libraries of
    /// the format ask for. `None` if the family has no such part.
    pub fn to_write(&self, spec: &Spec, format: Format, part: Part) -> Option<(String, Layout)> {
        let all: Vec<_> = self.candidates(part).collect();
        let (any, of_two) = (
            |fits: &dyn Fn(&(String, Layout)) -> bool| all.iter().any(fits),
            |c: &(String, Layout)| ["attn_norm_2", "ln_attn", "ln_mlp"].iter().any(|norm| c.0.contains(norm)),
        );
        let is_fused = |c: &(String, Layout)| c.1.is_fused();
        // llama.cpp reads GPT-2 and Falcon fused only, and other families not fused.
        let wants_fused = format == Format::Gguf && matches!(spec.family, Family::Gpt2 | Family::Falcon);
        let choice_of_fused = any(&is_fused) && any(&|c| !is_fused(c));
        let (choice_of_norm, two_norms) = (any(&of_two), spec.residual == Residual::Parallel { norms: 2 });
        let fits = |c: &&(String, Layout)| {
            (!choice_of_fused || is_fused(c) == wants_fused) && (!choice_of_norm || of_two(c) == two_norms)
        };
        all.iter().find(fits).cloned()
    }

    /// The name of a part's linear map as a module of transformers, and how the part lies in its weight; `None` if the
    /// family has no such part.
    pub fn module(family: Family, layer: usize, part: L) -> Option<(String, Layout)> {
        let (_, shared) = tables(family);
        let row = shared.iter().find(|row| row.0 == Layer(part) && row.1.ends_with(".weight"))?;
        let name = row.1.trim_end_matches(".weight").replace("{}", &layer.to_string());
        Some((format!("{}{name}", own_prefix(family)), row.2))
    }

    /// The layer and the parts of a module of transformers with this name, whatever stands in front of the decoder.
    pub fn parts_of_module(family: Family, name: &str) -> Option<(usize, Vec<(L, Layout)>)> {
        let (_, shared) = tables(family);
        let of = |prefix: &str| {
            let name = format!("{}.weight", name.strip_prefix(prefix)?);
            let mut found = None;
            for (place, pattern, layout) in shared {
                let (Layer(part), Some((front, back))) = (place, pattern.split_once("{}")) else { continue };
                let layer = name.strip_prefix(front).and_then(|rest| rest.strip_suffix(back));
                let Some(layer) = layer.and_then(|layer| layer.parse().ok()) else { continue };
                found.get_or_insert((layer, Vec::new())).1.push((*part, *layout));
            }
            found
        };
        PREFIXES.iter().find_map(|(prefix, _)| of(prefix))
    }

    /// The names a part can have, the best first, and how it lies in the tensor of that name.
    pub fn candidates(&self, part: Part) -> impl Iterator<Item = (String, Layout)> {
        let (place, layer) = match part {
            Part::Layer(layer, part) => (Layer(part), layer.to_string()),
            part => (Model(part), String::new()),
        };
        // A table of one family decides a part's name alone; the shared one behind it then does not count.
        let own = |&&(table, _): &&(&'static [Row], &'static str)| table.iter().any(|row| row.0 == place);
        let (table, prefix) = self.tables.iter().find(own).copied().unwrap_or((&[], ""));
        let rows = table.iter().filter(move |row| row.0 == place);
        rows.map(move |(_, name, layout)| (format!("{prefix}{}", name.replace("{}", &layer)), *layout))
    }
}
