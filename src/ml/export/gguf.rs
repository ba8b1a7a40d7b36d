//! Writes a GGUF: metadata, table and tensors, in one pass.

use super::keys::{self, Keys};
use super::plan::{Planned, plan};
use super::{Export, check_same, metadata, vocabulary};
use crate::ml::error::ModelError;
use crate::ml::files::config::gguf as config;
use crate::ml::files::names::Format;
use crate::ml::files::whole::Whole;
use crate::ml::files::{Gguf, Kind, ModelFiles};
use crate::ml::spec::Spec;
use std::path::Path;

/// Where tensors begin is a multiple of this.
const ALIGNMENT: u64 = 32;

/// Keys of a GGUF that say how its tensors are stored, which an export changes.
const OF_STORAGE: [&str; 5] =
    ["general.alignment", "general.file_type", "general.quantization_version", "split.", "quantize."];

/// Name of the tensor of LLaMA 3.1's divisors of frequencies.
const DIVISORS: &str = "rope_freqs.weight";

pub fn write(export: &Export<'_>, out: &Path) -> Result<Vec<String>, ModelError> {
    if !export.overwrite && out.exists() {
        let hint = "--overwrite replaces it".to_owned();
        return Err(ModelError::Exists { path: out.to_owned(), hint });
    }
    let spec = export.parts.spec();
    let mut notes = Vec::new();
    let mut keys = match ModelFiles::find(export.source)? {
        ModelFiles::Gguf(file) => taken_over(&Gguf::open(&file)?)?,
        ModelFiles::HuggingFace { .. } => {
            let name = export.source.file_name().map_or_else(|| "model".into(), |name| name.to_string_lossy());
            let mut keys = metadata::metadata(spec, &name);
            notes.extend(vocabulary::add(export.source, spec, &mut keys)?);
            keys
        }
    };
    keys.size("general.file_type", file_type(export.kind));
    keys.size("general.quantization_version", 2);
    let tensors = plan(export.parts, Format::Gguf, export.kind)?;
    let divisors = metadata::divisors(spec);
    let mut file = Whole::create(out)?;
    let size = header(&mut file, &keys, &tensors, divisors.as_deref())?;
    if let Some(divisors) = &divisors {
        file.numbers(DIVISORS, Kind::F32, divisors)?;
        pad(&mut file, divisors.len() as u64 * 4)?;
    }
    check(&mut file, size, spec)?;
    for tensor in &tensors {
        file.numbers(&tensor.name, tensor.kind, &tensor.values(export.parts, Format::Gguf)?)?;
        pad(&mut file, bytes(tensor.kind, &tensor.shape))?;
    }
    file.finish()?;
    Ok(notes)
}

/// llama.cpp's number of a type of file.
fn file_type(kind: Kind) -> usize {
    match kind {
        Kind::F16 => 1,
        Kind::BF16 => 32,
        Kind::Q8_0 => 7,
        _ => 0,
    }
}

/// The metadata of another file, but for what its tensors decide.
fn taken_over(gguf: &Gguf) -> Result<Keys, ModelError> {
    let mut keys = Keys::default();
    for (key, bytes) in gguf.entries()? {
        if !OF_STORAGE.iter().any(|own| key == *own || (own.ends_with('.') && key.starts_with(own))) {
            keys.raw(&bytes);
        }
    }
    Ok(keys)
}

/// Bytes of a tensor.
fn bytes(kind: Kind, shape: &[usize]) -> u64 {
    (shape.iter().product::<usize>() / kind.values() * kind.bytes()) as u64
}

/// Everything in front of the numbers. Returns how long the file will be.
fn header(file: &mut Whole, keys: &Keys, tensors: &[Planned], divisors: Option<&[f32]>) -> Result<u64, ModelError> {
    let divisors = divisors.map(|divisors| (DIVISORS, Kind::F32, vec![divisors.len()]));
    let planned = tensors.iter().map(|t| (t.name.as_str(), t.kind, t.shape.clone()));
    let all: Vec<(&str, Kind, Vec<usize>)> = divisors.into_iter().chain(planned).collect();
    let mut head = b"GGUF".to_vec();
    head.extend(3u32.to_le_bytes());
    head.extend((all.len() as u64).to_le_bytes());
    head.extend(keys.count.to_le_bytes());
    head.extend(&keys.bytes);
    let mut offset = 0u64;
    for (name, kind, shape) in all {
        keys::text(name, &mut head);
        head.extend((u32::try_from(shape.len()).unwrap_or(u32::MAX)).to_le_bytes());
        // GGML counts dimensions from the one that is contiguous in memory.
        head.extend(shape.iter().rev().flat_map(|d| (*d as u64).to_le_bytes()));
        head.extend(kind.ggml().to_le_bytes());
        head.extend(offset.to_le_bytes());
        offset += bytes(kind, &shape).next_multiple_of(ALIGNMENT);
    }
    let begin = (head.len() as u64).next_multiple_of(ALIGNMENT);
    file.write(&head)?;
    pad(file, head.len() as u64)?;
    Ok(begin + offset)
}

fn pad(file: &mut Whole, written: u64) -> Result<(), ModelError> {
    let missing = written.next_multiple_of(ALIGNMENT) - written;
    file.write(&[0; ALIGNMENT as usize][..usize::try_from(missing).unwrap_or(0)])
}

/// Reads what the header says as any reader would, before the numbers are written.
fn check(file: &mut Whole, size: u64, spec: &Spec) -> Result<(), ModelError> {
    file.shown(size)?;
    check_same(spec, &config::spec(&Gguf::open(file.scratch())?)?, "GGUF")
}
