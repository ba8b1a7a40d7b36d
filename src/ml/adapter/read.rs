//! Reads adapters in the format of `peft`.

use super::config::Config;
use super::{Adapter, LowRank, TARGETS, fused, inputs};
use crate::ml::error::ModelError;
use crate::ml::files::layout;
use crate::ml::files::names::{Layout, Names};
use crate::ml::files::safetensors;
use crate::ml::files::tensors::Tensors;
use crate::ml::spec::{LayerPart, Part, Spec};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What stands in front of the model's own names.
const PREFIX: &str = "base_model.model.";

/// An adapter's tensors, and what they are read for.
struct Files<'a> {
    path: PathBuf,
    tensors: Tensors,
    config: Config,
    spec: &'a Spec,
}

pub fn read(directory: &Path, spec: &Spec) -> Result<Adapter, ModelError> {
    let path = directory.join("adapter_config.json");
    let text = fs::read_to_string(&path).map_err(|source| ModelError::Io { path: path.clone(), source })?;
    let config = Config::parse(&path, &text)?;
    let path = directory.join("adapter_model.safetensors");
    if !path.exists() && directory.join("adapter_model.bin").exists() {
        let hint = "adapter_model.bin is not read: save the adapter with safe_serialization=True".to_owned();
        let what = "`adapter_model.safetensors`".to_owned();
        return Err(ModelError::Missing { path: directory.to_owned(), what, hint });
    }
    let files = Files { tensors: safetensors::open(&path)?, path, config, spec };
    let names: BTreeSet<&String> = files.tensors.by_name.keys().collect();
    let modules = names.into_iter().map(|name| files.module(name)).collect::<Result<BTreeSet<_>, _>>()?;
    let mut maps = BTreeMap::new();
    for module in modules {
        files.add(module, &mut maps)?;
    }
    if maps.is_empty() {
        let what = "the adapter has no tensors".to_owned();
        return Err(ModelError::Damaged { path: files.path, what });
    }
    let Config { rank, alpha, dropout, rslora, base_model, .. } = files.config;
    Ok(Adapter { rank, alpha, dropout, rslora, base_model, maps })
}

impl Files<'_> {
    /// The module that a tensor belongs to.
    fn module<'t>(&self, tensor: &'t str) -> Result<&'t str, ModelError> {
        let suffix =
            |name: &'t str| name.strip_suffix(".lora_A.weight").or_else(|| name.strip_suffix(".lora_B.weight"));
        tensor.strip_prefix(PREFIX).and_then(suffix).ok_or_else(|| {
            let hint = "`lora_A.weight` and `lora_B.weight` of linear maps are";
            self.unsupported(tensor, hint)
        })
    }

    fn unsupported(&self, tensor: &str, hint: &str) -> ModelError {
        let what = format!("{}: tensor `{tensor}`", self.path.display());
        ModelError::Unsupported { what, hint: hint.to_owned() }
    }

    /// Adds the maps of a module.
    fn add(&self, module: &str, maps: &mut BTreeMap<(usize, LayerPart), LowRank>) -> Result<(), ModelError> {
        let spec = self.spec;
        let [a, b] = ["A", "B"].map(|factor| format!("{PREFIX}{module}.lora_{factor}.weight"));
        let known = Names::parts_of_module(spec.family, module);
        let known = known.filter(|(_, parts)| parts.iter().all(|(part, _)| TARGETS.contains(part)));
        let Some((layer, parts)) = known else {
            let hint = format!("the model is of the family {:?}, which has no such map in its layers", spec.family);
            return Err(self.unsupported(&a, &hint));
        };
        let (first, layout) = parts[0];
        if layer >= spec.layers {
            let layers = spec.layers;
            let what = format!("tensor `{a}` is of layer {layer}, and the model has layers 0 to {}", layers - 1);
            return Err(ModelError::Damaged { path: self.path.clone(), what });
        }
        let (rank, scaling) = self.config.of_module(module);
        let outputs = match layout.is_fused() {
            true => layout::tensor_shape(spec, Part::Layer(layer, first), Layout::Stacked)[0],
            false => spec.shape(Part::Layer(layer, first))[0],
        };
        let mut map =
            LowRank { a: self.values(&a, [rank, inputs(spec, first)])?, b: self.values(&b, [outputs, rank])? };
        let own = super::scaling(self.config.alpha, self.config.rank, self.config.rslora);
        let times = scaling / own;
        if (times - 1.0).abs() > 1e-6 {
            map.b.iter_mut().for_each(|b| *b *= times);
        }
        if !layout.is_fused() {
            maps.insert((layer, first), map);
            return Ok(());
        }
        let is_zero = |map: &LowRank| map.b.iter().all(|b| *b == 0.0);
        let part = |(part, layout): &(LayerPart, Layout)| {
            ((layer, *part), fused::part_of(&map, spec, *part, *layout, self.config.rank))
        };
        // A part of which nothing was trained has no map of its own, unless nothing was trained at all.
        let own = parts.iter().map(part).filter(|(_, own)| is_zero(&map) || !is_zero(own));
        maps.extend(own);
        Ok(())
    }

    fn values(&self, name: &str, wanted: [usize; 2]) -> Result<Vec<f32>, ModelError> {
        let (tensor, _) = self.tensors.known(name)?;
        if tensor.shape != wanted {
            let (path, tensor, found) = (self.path.clone(), name.to_owned(), tensor.shape.clone());
            return Err(ModelError::Shape { path, tensor, found, wanted: wanted.to_vec() });
        }
        let values = self.tensors.values(name, None)?;
        match values.iter().find(|v| !v.is_finite()) {
            Some(value) => Err(ModelError::Damaged {
                path: self.path.clone(),
                what: format!("tensor `{name}` has the number {value}"),
            }),
            None => Ok(values),
        }
    }
}
