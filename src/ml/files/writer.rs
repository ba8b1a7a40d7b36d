//! Writes small GGUF and safetensors files, for tests.

use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// Bytes of a GGUF file, piece by piece.
#[derive(Default)]
pub struct GgufWriter {
    keys: Vec<u8>,
    key_count: u64,
    table: Vec<u8>,
    tensor_count: u64,
    data: Vec<u8>,
}

pub fn text(value: &str) -> Vec<u8> {
    [&(value.len() as u64).to_le_bytes(), value.as_bytes()].concat()
}

impl GgufWriter {
    /// A key with the bytes of a value of type `kind`.
    pub fn key(mut self, key: &str, kind: u32, value: &[u8]) -> Self {
        self.keys.extend([&text(key), &kind.to_le_bytes()[..], value].concat());
        self.key_count += 1;
        self
    }

    pub fn u32(self, key: &str, value: u32) -> Self {
        self.key(key, 4, &value.to_le_bytes())
    }

    pub fn f32(self, key: &str, value: f32) -> Self {
        self.key(key, 6, &value.to_le_bytes())
    }

    pub fn text(self, key: &str, value: &str) -> Self {
        self.key(key, 8, &text(value))
    }

    pub fn texts(self, key: &str, values: &[&str]) -> Self {
        let head = [&8u32.to_le_bytes()[..], &(values.len() as u64).to_le_bytes()].concat();
        let body: Vec<u8> = values.iter().flat_map(|value| text(value)).collect();
        self.key(key, 9, &[head, body].concat())
    }

    /// A list of four-byte values of type `kind`.
    pub fn list(self, key: &str, kind: u32, values: &[[u8; 4]]) -> Self {
        let head = [&kind.to_le_bytes()[..], &(values.len() as u64).to_le_bytes()].concat();
        self.key(key, 9, &[head, values.concat()].concat())
    }

    /// A tensor of type `kind`; `shape` has the contiguous dimension last.
    pub fn tensor(mut self, name: &str, kind: u32, shape: &[usize], bytes: &[u8]) -> Self {
        self.data.resize(self.data.len().next_multiple_of(32), 0);
        self.table.extend(text(name));
        self.table.extend(u32::try_from(shape.len()).expect("few").to_le_bytes());
        self.table.extend(shape.iter().rev().flat_map(|d| (*d as u64).to_le_bytes()));
        self.table.extend(kind.to_le_bytes());
        self.table.extend((self.data.len() as u64).to_le_bytes());
        self.data.extend(bytes);
        self.tensor_count += 1;
        self
    }

    pub fn floats(self, name: &str, shape: &[usize], values: &[f32]) -> Self {
        self.tensor(name, 0, shape, &le(values))
    }

    pub fn bytes(&self) -> Vec<u8> {
        let counts = [self.tensor_count.to_le_bytes(), self.key_count.to_le_bytes()].concat();
        let mut all = [b"GGUF", &3u32.to_le_bytes()[..], &counts, &self.keys, &self.table].concat();
        all.resize(all.len().next_multiple_of(32), 0);
        all.extend(&self.data);
        all
    }

    pub fn write(&self, directory: &Path) -> PathBuf {
        let path = directory.join("model.gguf");
        fs::write(&path, self.bytes()).expect("written");
        path
    }
}

pub fn le(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// Bytes of a safetensors file: name, dtype, shape, bytes of each tensor.
pub fn safetensors(tensors: &[(String, &str, Vec<usize>, Vec<u8>)]) -> Vec<u8> {
    let mut header = Map::new();
    header.insert("__metadata__".to_owned(), json!({"format": "pt"}));
    let mut data = Vec::new();
    for (name, dtype, shape, bytes) in tensors {
        let begin = data.len();
        data.extend(bytes);
        header.insert(name.clone(), json!({"dtype": dtype, "shape": shape, "data_offsets": [begin, data.len()]}));
    }
    let header = Value::Object(header).to_string();
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat()
}

/// Numbers that differ from each other and from those of another seed; eighths, so that `f16` and `bf16` hold them.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
pub fn numbers(seed: usize, count: usize) -> Vec<f32> {
    (0..count).map(|i| (((seed * 31 + i * 7) % 251) as f32 - 125.0) / 8.0).collect()
}
