//! `adapter_config.json` of `peft`: what of it is read, what is refused, and what is written.

use super::scaling;
use crate::ml::error::ModelError;
use crate::ml::files::config::shortest;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Settings that change what an adapter computes and are not built: an error unless absent, null, false or empty.
const REFUSED: [&str; 13] = [
    "use_dora",
    "lora_bias",
    "modules_to_save",
    "layer_replication",
    "target_parameters",
    "trainable_token_indices",
    "alora_invocation_tokens",
    "use_qalora",
    "use_bdlora",
    "arrow_config",
    "kasa_config",
    "monteclora_config",
    "velora_config",
];

/// Values of `init_lora_weights` that leave the model as it is.
const INITIALISED: [&str; 3] = ["gaussian", "eva", "orthogonal"];

/// What of the configuration counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    pub rank: usize,
    pub alpha: f32,
    pub dropout: f32,
    pub rslora: bool,
    pub base_model: Option<String>,
    /// Ranks and alphas of certain modules, by name or by the end of it: the first that fits counts.
    pub ranks: Vec<(String, usize)>,
    pub alphas: Vec<(String, f32)>,
}

impl Config {
    /// Reads the text of the file at `path`.
    pub fn parse(path: &Path, text: &str) -> Result<Config, ModelError> {
        let damaged = |what: String| ModelError::Damaged { path: path.to_owned(), what };
        let unsupported = |key: &str, value: &Value, hint: &str| ModelError::Unsupported {
            what: format!("{}: key `{key}` {value}", path.display()),
            hint: hint.to_owned(),
        };
        let root: Map<String, Value> = serde_json::from_str(text).map_err(|e| damaged(e.to_string()))?;
        let get = |key: &str| root.get(key).unwrap_or(&Value::Null);
        let wrong = |key: &str, wanted: &str| damaged(format!("key `{key}` is {}, not {wanted}", get(key)));
        match get("peft_type") {
            kind if kind == "LORA" => {}
            other => return Err(unsupported("peft_type", other, "LORA is")),
        }
        match get("task_type") {
            kind if kind.is_null() || kind == "CAUSAL_LM" => {}
            other => return Err(unsupported("task_type", other, "CAUSAL_LM is")),
        }
        match get("bias") {
            bias if bias.is_null() || bias == "none" => {}
            other => return Err(unsupported("bias", other, "none is: biases stay as they are")),
        }
        for key in REFUSED {
            let value = get(key);
            let is_empty = value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty);
            if !(value.is_null() || value == false || is_empty) {
                return Err(unsupported(key, value, "plain LoRA on linear maps is"));
            }
        }
        match get("init_lora_weights") {
            Value::Null | Value::Bool(_) => {}
            Value::String(name) if INITIALISED.contains(&name.as_str()) => {}
            other => return Err(unsupported("init_lora_weights", other, "it changes the model's own weights")),
        }
        let whole = |value: &Value| value.as_u64().filter(|n| (1..1 << 20).contains(n)).map(|n| n as usize);
        #[expect(clippy::cast_possible_truncation, reason = "adapters are computed in f32")]
        let number = |value: &Value| value.as_f64().map(|n| n as f32).filter(|n| n.is_finite());
        let pattern = |key: &'static str| -> Result<Vec<(String, Value)>, ModelError> {
            let Some(map) = get(key).as_object() else {
                return if get(key).is_null() { Ok(vec![]) } else { Err(wrong(key, "an object")) };
            };
            let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._".contains(&b));
            match map.keys().find(|name| !is_name(name)) {
                Some(name) => Err(unsupported(key, &Value::from(name.as_str()), "names of modules are, not patterns")),
                None => Ok(map.iter().map(|(name, value)| (name.clone(), value.clone())).collect()),
            }
        };
        let ranks = pattern("rank_pattern")?.into_iter().map(|(name, v)| Some((name, whole(&v)?))).collect();
        let alphas = pattern("alpha_pattern")?.into_iter().map(|(name, v)| Some((name, number(&v)?))).collect();
        let flag = |key: &str| if get(key).is_null() { Some(false) } else { get(key).as_bool() };
        let dropout = if get("lora_dropout").is_null() { Some(0.0) } else { number(get("lora_dropout")) };
        Ok(Config {
            rank: whole(get("r")).ok_or_else(|| wrong("r", "a whole number from 1 up"))?,
            alpha: number(get("lora_alpha"))
                .filter(|n| *n != 0.0)
                .ok_or_else(|| wrong("lora_alpha", "a number but 0"))?,
            dropout: dropout.filter(|p| (0.0..1.0).contains(p)).ok_or_else(|| wrong("lora_dropout", "in [0, 1)"))?,
            rslora: flag("use_rslora").ok_or_else(|| wrong("use_rslora", "true or false"))?,
            base_model: get("base_model_name_or_path").as_str().map(str::to_owned),
            ranks: Option::ok_or_else(ranks, || wrong("rank_pattern", "an object of whole numbers"))?,
            alphas: Option::ok_or_else(alphas, || wrong("alpha_pattern", "an object of numbers"))?,
        })
    }

    /// Rank and scaling of a module.
    pub fn of_module(&self, module: &str) -> (usize, f32) {
        let rank = pick(&self.ranks, module).unwrap_or(self.rank);
        (rank, scaling(pick(&self.alphas, module).unwrap_or(self.alpha), rank, self.rslora))
    }

    /// The file's text, with the keys that every version of `peft` since 0.6 knows.
    pub fn text(&self, target_modules: &[String], fan_in_fan_out: bool) -> String {
        let ranks: Map<String, Value> = self.ranks.iter().map(|(name, n)| (name.clone(), (*n).into())).collect();
        let alphas: Map<String, Value> = self.alphas.iter().map(|(name, n)| (name.clone(), shortest(*n))).collect();
        let all = json!({
            "alpha_pattern": alphas,
            "auto_mapping": null,
            "base_model_name_or_path": self.base_model,
            "bias": "none",
            "fan_in_fan_out": fan_in_fan_out,
            "inference_mode": true,
            "init_lora_weights": true,
            "layers_pattern": null,
            "layers_to_transform": null,
            "lora_alpha": shortest(self.alpha),
            "lora_dropout": shortest(self.dropout),
            "modules_to_save": null,
            "peft_type": "LORA",
            "r": self.rank,
            "rank_pattern": ranks,
            "revision": null,
            "target_modules": target_modules,
            "task_type": "CAUSAL_LM",
            "use_dora": false,
            "use_rslora": self.rslora,
        });
        format!("{all:#}\n")
    }
}

/// The value of the first name that is the module's or its end, as `peft` looks for it.
fn pick<T: Copy>(map: &[(String, T)], module: &str) -> Option<T> {
    let is_end = |name: &str| module.strip_suffix(name).is_some_and(|front| front.is_empty() || front.ends_with('.'));
    map.iter().find(|(name, _)| is_end(name)).map(|(_, value)| *value)
}
