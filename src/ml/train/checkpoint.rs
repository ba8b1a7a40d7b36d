//! Checkpoints: a directory each, with what is trained, its moments and where the run is. Owns their form on disk; a checkpoint
//! is there whole or not at all, and writing one harms none that is there.

use super::Trainer;
use crate::ml::decoder::parameters::Parameter;
use crate::ml::error::ModelError;
use crate::ml::files::whole::{self, Whole, create_directory, settle, unwritten};
use crate::ml::files::{Kind, safetensors};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where a run is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps taken.
    pub step: usize,
    /// What the run's settings, model and examples are, as a hash: a run goes on only with the same.
    pub run: String,
    /// What the caller wants to remember. Numbers as text, which comes back as it was.
    #[serde(default)]
    pub notes: BTreeMap<String, String>,
}

const TENSORS: &str = "trained.safetensors";
const PROGRESS: &str = "progress.json";

/// The name of a checkpoint's directory.
fn name(step: usize) -> String {
    format!("step-{step:08}")
}

/// The checkpoints in a directory that are complete, by step.
pub(super) fn all(directory: &Path) -> Vec<(usize, PathBuf)> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut found: Vec<(usize, PathBuf)> = entries
        .filter_map(|entry| {
            let step = entry.file_name().to_str()?.strip_prefix("step-")?.parse().ok()?;
            entry.path().join(PROGRESS).exists().then(|| (step, entry.path()))
        })
        .collect();
    found.sort();
    found
}

/// Reads where the run of a checkpoint was.
pub(super) fn progress(checkpoint: &Path) -> Result<Progress, ModelError> {
    let path = checkpoint.join(PROGRESS);
    let text = fs::read_to_string(&path).map_err(|source| ModelError::Io { path: path.clone(), source })?;
    serde_json::from_str(&text).map_err(|e| ModelError::Damaged { path, what: e.to_string() })
}

/// Writes a checkpoint of a trainer.
pub(super) fn write(trainer: &mut Trainer<'_>, directory: &Path, progress: &Progress) -> Result<PathBuf, ModelError> {
    create_directory(directory)?;
    let place = directory.join(name(progress.step));
    let scratch = directory.join(format!(".writing-{}", name(progress.step)));
    if scratch.exists() {
        fs::remove_dir_all(&scratch).map_err(unwritten(&scratch))?;
    }
    create_directory(&scratch)?;
    let written = contents(trainer, &scratch, progress);
    let placed = written.and_then(|()| {
        if place.exists() {
            fs::remove_dir_all(&place).map_err(unwritten(&place))?;
        }
        fs::rename(&scratch, &place).map_err(unwritten(&place))?;
        settle(&place)
    });
    if placed.is_err() {
        // What is half written is of no use; the error that stopped it is the one to tell.
        let _ = fs::remove_dir_all(&scratch);
    }
    placed.map(|()| place)
}

fn contents(trainer: &mut Trainer<'_>, to: &Path, progress: &Progress) -> Result<(), ModelError> {
    let Trainer { decoder, optimizer, .. } = trainer;
    let mut sizes: Vec<(String, usize)> = vec![];
    decoder.each_parameter(|parameter, _, numbers| {
        if let Some(moments) = optimizer.moments.get(&parameter) {
            let (x, moments) = (numbers.len(), moments.first.len());
            sizes.extend(names(parameter).into_iter().zip([x, moments, moments]));
        }
    });
    let mut file = Whole::create(&to.join(TENSORS))?;
    let shapes: Vec<[usize; 1]> = sizes.iter().map(|(_, size)| [*size]).collect();
    let each = sizes.iter().zip(&shapes).map(|((name, _), shape)| (name.as_str(), Kind::F32, &shape[..]));
    file.write(&safetensors::header(each))?;
    let mut result = Ok(());
    decoder.each_parameter(|parameter, _, numbers| {
        let Some(moments) = optimizer.moments.get(&parameter) else { return };
        let [x, first, second] = names(parameter);
        for (name, values) in [(x, &*numbers), (first, &moments.first), (second, &moments.second)] {
            if result.is_ok() {
                result = file.numbers(&name, Kind::F32, values);
            }
        }
    });
    result?;
    file.finish()?;
    let text = serde_json::to_string_pretty(progress).expect("numbers and names are JSON");
    whole::write(&to.join(PROGRESS), text.as_bytes())
}

/// What a parameter, and the means of its gradient and of its square, are called.
fn names(parameter: Parameter) -> [String; 3] {
    ["parameter", "first", "second"].map(|what| format!("{what} {parameter:?}"))
}

/// Reads a checkpoint into a trainer of the same run.
pub(super) fn read(trainer: &mut Trainer<'_>, checkpoint: &Path) -> Result<(), ModelError> {
    let Progress { step, .. } = progress(checkpoint)?;
    let path = checkpoint.join(TENSORS);
    let tensors = safetensors::open(&path)?;
    let mut result = Ok(());
    let Trainer { decoder, optimizer, .. } = &mut *trainer;
    decoder.each_parameter(|parameter, _, numbers| {
        let Some(moments) = optimizer.moments.get_mut(&parameter) else { return };
        for (name, to) in names(parameter).iter().zip([numbers, &mut moments.first, &mut moments.second]) {
            if result.is_ok() {
                result = tensors.values(name, None).and_then(|values| {
                    if values.len() != to.len() {
                        let (found, wanted) = (vec![values.len()], vec![to.len()]);
                        return Err(ModelError::Shape { path: path.clone(), tensor: name.clone(), found, wanted });
                    }
                    to.copy_from_slice(&values);
                    Ok(())
                });
            }
        }
    });
    result?;
    optimizer.steps = step as u64;
    trainer.step = step;
    Ok(())
}

/// Deletes all checkpoints but those of the last `keep` steps and of `best`.
pub(super) fn prune(directory: &Path, keep: usize, best: Option<usize>) -> Result<(), ModelError> {
    let all = all(directory);
    let old = all.len().saturating_sub(keep);
    for (_, path) in all[..old].iter().filter(|(step, _)| Some(*step) != best) {
        fs::remove_dir_all(path).map_err(unwritten(path))?;
    }
    Ok(())
}
