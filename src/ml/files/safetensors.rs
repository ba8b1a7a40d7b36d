//! Reads the headers of safetensors files, of one file or of several named by an index, and writes them. Trusts no length
//! in what it reads.

use super::quantised::Kind;
use super::tensors::{Tensor, Tensors};
use crate::ml::error::ModelError;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// Longest header the format permits.
const LONGEST_HEADER: u64 = 100_000_000;

/// What a header says about one tensor.
#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (u64, u64),
}

/// The tensors of one file.
pub fn open(path: &Path) -> Result<Tensors, ModelError> {
    let mut tensors = Tensors { files: Vec::new(), by_name: HashMap::new() };
    add(path, &mut tensors)?;
    Ok(tensors)
}

/// The tensors of all files that `index`, a `model.safetensors.index.json`, names; they lie beside it.
pub fn open_sharded(index: &Path) -> Result<Tensors, ModelError> {
    let damaged = |what: String| ModelError::Damaged { path: index.to_owned(), what };
    let text = fs::read(index).map_err(|source| ModelError::Io { path: index.to_owned(), source })?;
    let root: Value = serde_json::from_slice(&text).map_err(|e| damaged(e.to_string()))?;
    let map = root.get("weight_map").and_then(Value::as_object);
    let map = map.ok_or_else(|| damaged("key `weight_map` is missing".to_owned()))?;
    let mut names = BTreeSet::new();
    for (tensor, file) in map {
        let plain = |name: &&str| Path::new(name).components().all(|c| matches!(c, Component::Normal(_)));
        let file = file.as_str().filter(plain);
        names.insert(file.ok_or_else(|| damaged(format!("key `weight_map.{tensor}` names no file beside this one")))?);
    }
    let mut tensors = Tensors { files: Vec::new(), by_name: HashMap::new() };
    names.into_iter().try_for_each(|name| add(&index.with_file_name(name), &mut tensors))?;
    match map.iter().find(|(tensor, _)| tensors.get(tensor).is_none()) {
        Some((tensor, file)) => Err(ModelError::Missing {
            path: index.to_owned(),
            what: format!("tensor `{tensor}`"),
            hint: format!("it should be in {file}"),
        }),
        None => Ok(tensors),
    }
}

/// The beginning of a file with these tensors, which follow it in this order without gaps: name, type, shape.
///
/// # Panics
///
/// If a type is not dense.
pub fn header<'a>(tensors: impl Iterator<Item = (&'a str, Kind, &'a [usize])>) -> Vec<u8> {
    let mut header = Map::new();
    header.insert("__metadata__".to_owned(), json!({"format": "pt"}));
    let mut begin = 0;
    for (name, kind, shape) in tensors {
        assert!(kind.is_dense(), "safetensors knows no blocks");
        let end = begin + shape.iter().product::<usize>() * kind.bytes();
        let entry = json!({"dtype": format!("{kind:?}"), "shape": shape, "data_offsets": [begin, end]});
        header.insert(name.to_owned(), entry);
        begin = end;
    }
    let mut header = Value::Object(header).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    [&(header.len() as u64).to_le_bytes()[..], &header].concat()
}

fn add(path: &Path, to: &mut Tensors) -> Result<(), ModelError> {
    let failed = |source: io::Error| ModelError::Io { path: path.to_owned(), source };
    let damaged = |what: String| ModelError::Damaged { path: path.to_owned(), what };
    let mut file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let mut length = [0; 8];
    if size < 8 {
        return Err(damaged("this is no safetensors file: it has no header".to_owned()));
    }
    file.read_exact(&mut length).map_err(failed)?;
    let length = u64::from_le_bytes(length);
    if length > (size - 8).min(LONGEST_HEADER) {
        return Err(damaged(format!(
            "a header of {length} bytes in a file of {size}; it is truncated or of another kind"
        )));
    }
    let mut header = Vec::new();
    Read::by_ref(&mut file).take(length).read_to_end(&mut header).map_err(failed)?;
    let header: Map<String, Value> =
        serde_json::from_slice(&header).map_err(|e| damaged(format!("the header is no JSON object: {e}")))?;
    let (number, data) = (to.files.len(), 8 + length);
    for (name, value) in header {
        if name == "__metadata__" {
            continue;
        }
        let about = |what: &dyn std::fmt::Display| damaged(format!("tensor `{name}`: {what}"));
        let entry: Entry = serde_json::from_value(value).map_err(|e| about(&e))?;
        let (begin, end) = entry.data_offsets;
        if begin > end || end > size - data {
            return Err(about(&format_args!("bytes {begin} to {end} are not in the file; it is truncated")));
        }
        let kind = kind_of(&entry.dtype);
        let tensor = Tensor { file: number, kind, shape: entry.shape, start: data + begin };
        tensor.check(size).map_err(|e| about(&e))?;
        if let Ok(kind) = &tensor.kind
            && tensor.shape.iter().product::<usize>() as u64 * kind.bytes() as u64 != end - begin
        {
            return Err(about(&format_args!("{} bytes are not {:?} numbers in {kind:?}", end - begin, tensor.shape)));
        }
        if to.by_name.insert(name.clone(), tensor).is_some() {
            return Err(about(&"it is in two files"));
        }
    }
    to.files.push((PathBuf::from(path), file));
    Ok(())
}

fn kind_of(dtype: &str) -> Result<Kind, String> {
    match dtype {
        "F32" => Ok(Kind::F32),
        "F16" => Ok(Kind::F16),
        "BF16" => Ok(Kind::BF16),
        other => Err(format!("dtype {other}")),
    }
}
