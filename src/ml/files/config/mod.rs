//! A model's `Spec` from what its files say: `config.json` of Hugging Face, or the metadata of GGUF. Owns the reading of
//! keys and the checks that both share; a value that no decoder can have is an error that names its key.

pub mod gguf;
pub mod hugging_face;
#[cfg(test)]
mod tests;

use crate::ml::error::ModelError;
use serde_json::{Map, Value};
use std::path::Path;

/// Largest number a key may say: none of a real model comes near, and products of two fit.
const LARGEST: u64 = 1 << 28;

/// Most layers.
const LAYERS: usize = 10_000;

/// Keys and values of one object of a configuration.
#[derive(Clone, Copy)]
struct Keys<'a> {
    path: &'a Path,
    /// What stands in front of the keys in the file.
    prefix: &'a str,
    map: &'a Map<String, Value>,
}

/// How many of everything.
struct Sizes {
    vocabulary: usize,
    width: usize,
    layers: usize,
    heads: usize,
    kv_heads: usize,
    head: usize,
    context: usize,
}

impl<'a> Keys<'a> {
    /// The first of `keys` that is there and not null.
    fn find<'k>(&self, keys: &[&'k str]) -> Option<(&'k str, &'a Value)> {
        keys.iter().find_map(|key| self.map.get(*key).filter(|v| !v.is_null()).map(|v| (*key, v)))
    }

    fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    fn damaged(&self, key: &str, what: impl std::fmt::Display) -> ModelError {
        ModelError::Damaged { path: self.path.to_owned(), what: format!("key `{}{key}` {what}", self.prefix) }
    }

    fn missing(&self, key: &str) -> ModelError {
        let what = format!("key `{}{key}`", self.prefix);
        ModelError::Missing { path: self.path.to_owned(), what, hint: String::new() }
    }

    fn unsupported(&self, key: &str, what: impl std::fmt::Display, hint: &str) -> ModelError {
        let what = format!("{}: key `{}{key}` {what}", self.path.display(), self.prefix);
        ModelError::Unsupported { what, hint: hint.to_owned() }
    }

    /// A whole number from 1 on; `default` if no key is there.
    fn count(&self, keys: &[&str], default: Option<usize>) -> Result<usize, ModelError> {
        let Some((key, value)) = self.find(keys) else {
            return default.ok_or_else(|| self.missing(keys.first().copied().unwrap_or_default()));
        };
        match value.as_u64() {
            Some(n @ 1..=LARGEST) => Ok(usize::try_from(n).unwrap_or(usize::MAX)),
            _ => Err(self.damaged(key, format_args!("is {value}, not a whole number from 1 to {LARGEST}"))),
        }
    }

    /// A number above zero; `default` if the key is not there.
    fn number(&self, key: &str, default: Option<f32>) -> Result<f32, ModelError> {
        let Some((_, value)) = self.find(&[key]) else { return default.ok_or_else(|| self.missing(key)) };
        #[expect(clippy::cast_possible_truncation, reason = "models compute in f32")]
        let number = value.as_f64().map(|n| n as f32).filter(|n| n.is_finite() && *n > 0.0);
        number.ok_or_else(|| self.damaged(key, format_args!("is {value}, not a number above zero")))
    }

    fn flag(&self, key: &str, default: bool) -> Result<bool, ModelError> {
        let Some((_, value)) = self.find(&[key]) else { return Ok(default) };
        value.as_bool().ok_or_else(|| self.damaged(key, format_args!("is {value}, not true or false")))
    }

    fn text(&self, key: &str) -> Result<Option<&'a str>, ModelError> {
        let Some((_, value)) = self.find(&[key]) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| self.damaged(key, format_args!("is {value}, not a text")))
    }

    /// An object below this one. `prefix` is what stands in front of its keys.
    fn below(&self, key: &str, prefix: &'a str) -> Result<Option<Keys<'a>>, ModelError> {
        let Some((_, value)) = self.find(&[key]) else { return Ok(None) };
        let map = value.as_object().ok_or_else(|| self.damaged(key, "is not an object"))?;
        Ok(Some(Keys { path: self.path, prefix, map }))
    }
}

impl Sizes {
    /// Checks what must divide what. Of the layers and the heads of keys and values, the names of the keys are given.
    fn checked(self, keys: &Keys, layers: &str, kv_heads: &str) -> Result<Sizes, ModelError> {
        if !self.heads.is_multiple_of(self.kv_heads) {
            let what = format!("is {}, which does not divide the {} heads", self.kv_heads, self.heads);
            return Err(keys.damaged(kv_heads, what));
        }
        if self.layers > LAYERS {
            return Err(keys.damaged(layers, format_args!("is {}, more than {LAYERS}", self.layers)));
        }
        Ok(self)
    }
}

/// A number as a configuration says it: the shortest that is read as this one, without a point if it is whole.
pub fn shortest(value: f32) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return Value::from(value as i64);
    }
    Value::from(value.to_string().parse::<f64>().unwrap_or(f64::from(value)))
}

/// The width of a head where the file does not say it.
fn head_of(keys: &Keys, key: &str, width: usize, heads: usize) -> Result<usize, ModelError> {
    match width.is_multiple_of(heads) {
        true => Ok(width / heads),
        false => Err(keys.damaged(key, format_args!("is {heads}, which does not divide the width {width}"))),
    }
}

/// Checks how many coordinates of a head are rotated.
fn rotary_of(keys: &Keys, key: &str, rotary: usize, head: usize) -> Result<usize, ModelError> {
    match rotary {
        _ if rotary.is_multiple_of(2) && (1..=head).contains(&rotary) => Ok(rotary),
        _ => Err(keys.damaged(key, format_args!("rotates {rotary} of the {head} coordinates of a head"))),
    }
}
