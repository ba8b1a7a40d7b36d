//! Writes adapters in the format of `peft`.

use super::config::Config;
use super::{Adapter, LowRank, fused, inputs};
use crate::ml::error::ModelError;
use crate::ml::files::names::{Layout, Names};
use crate::ml::files::quantised::Kind;
use crate::ml::files::safetensors;
use crate::ml::files::whole::{Whole, create_directory};
use crate::ml::spec::{Family, LayerPart, Spec};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a fused matrix has of queries, keys and values.
type Thirds<'a> = Vec<(LayerPart, &'a LowRank)>;

/// A module of transformers that gets an adapter.
struct Module<'a> {
    inputs: usize,
    map: Cow<'a, LowRank>,
}

pub fn write(adapter: &Adapter, directory: &Path, spec: &Spec) -> Result<(), ModelError> {
    adapter.check(spec, directory)?;
    let modules = modules(adapter, spec);
    let mut config = Config {
        rank: adapter.rank,
        alpha: adapter.alpha,
        dropout: adapter.dropout,
        rslora: adapter.rslora,
        base_model: adapter.base_model.clone(),
        ..Config::default()
    };
    for (name, module) in &modules {
        let rank = module.map.rank(module.inputs);
        if rank != adapter.rank {
            // The alpha with which the scaling is the adapter's.
            #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
            let times = rank as f32 / adapter.rank as f32;
            config.ranks.push((name.clone(), rank));
            config.alphas.push((name.clone(), adapter.alpha * if adapter.rslora { times.sqrt() } else { times }));
        }
    }
    create_directory(directory)?;
    let mut tensors: Vec<(String, [usize; 2], &[f32])> = Vec::new();
    for (name, Module { inputs, map }) in &modules {
        let rank = map.rank(*inputs);
        tensors.push((format!("base_model.model.{name}.lora_A.weight"), [rank, *inputs], &map.a));
        tensors.push((format!("base_model.model.{name}.lora_B.weight"), [map.b.len() / rank, rank], &map.b));
    }
    let mut file = Whole::create(&directory.join("adapter_model.safetensors"))?;
    file.write(&safetensors::header(tensors.iter().map(|(name, shape, _)| (name.as_str(), Kind::F32, &shape[..]))))?;
    for (name, _, values) in &tensors {
        file.numbers(name, Kind::F32, values)?;
    }
    let mut text = Whole::create(&directory.join("adapter_config.json"))?;
    text.write(config.text(&targets(&modules, spec), spec.family == Family::Gpt2).as_bytes())?;
    // Both are complete before either takes its place.
    file.finish()?;
    text.finish()
}

/// All modules with their maps, fused where the model's matrices are, by name.
fn modules<'a>(adapter: &'a Adapter, spec: &Spec) -> BTreeMap<String, Module<'a>> {
    let mut of_fused: BTreeMap<String, (Layout, Thirds<'_>)> = BTreeMap::new();
    let mut modules = BTreeMap::new();
    for ((layer, part), map) in &adapter.maps {
        let (name, layout) = Names::module(spec.family, *layer, *part).expect("checked: every family has this part");
        if layout.is_fused() {
            of_fused.entry(name).or_insert((layout, Vec::new())).1.push((*part, map));
        } else {
            modules.insert(name, Module { inputs: inputs(spec, *part), map: Cow::Borrowed(map) });
        }
    }
    for (name, (layout, maps)) in of_fused {
        let map = Cow::Owned(fused::join(&maps, spec, layout));
        modules.insert(name, Module { inputs: spec.width, map });
    }
    modules
}

/// `target_modules`: short names where all layers have the same modules, else whole ones.
fn targets(modules: &BTreeMap<String, Module<'_>>, spec: &Spec) -> Vec<String> {
    let mut layers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for name in modules.keys() {
        let (_, rest) = name.split_once('.').unwrap_or_default();
        let (_, rest) = rest.split_once('.').unwrap_or_default();
        let (layer, within) = rest.split_once('.').unwrap_or_default();
        layers.entry(layer).or_default().insert(within);
    }
    let mut of_layers = layers.values();
    let first = of_layers.next().cloned().unwrap_or_default();
    if layers.len() != spec.layers || of_layers.any(|other| *other != first) {
        return modules.keys().cloned().collect();
    }
    // `c_proj` of GPT-2 is in attention and behind it.
    let last = |name: &&str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let short = |name: &&str| if last(name) == "c_proj" { (*name).to_owned() } else { last(name) };
    let short: BTreeSet<String> = first.iter().map(short).collect();
    short.into_iter().collect()
}
