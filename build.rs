//! Gives the sources that decide verdicts a fingerprint, `AFCHECK_JUDGING`, which is part of every key of the result
//! cache: a constant to be raised by hand would be forgotten once, and old verdicts would then pass for new ones. Must
//! not do anything else.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// What a verdict depends on: the vocabulary, the judgement, the engine. `Cargo.lock` stands for the crates below.
const JUDGING: [&str; 4] = ["src/domain", "src/lean", "src/engine", "Cargo.lock"];

fn main() {
    let mut hasher = DefaultHasher::new();
    for root in JUDGING {
        println!("cargo::rerun-if-changed={root}");
        let mut files = Vec::new();
        collect(Path::new(root), &mut files);
        files.sort();
        for file in files {
            (&file, fs::read(&file).unwrap_or_default()).hash(&mut hasher);
        }
    }
    println!("cargo::rustc-env=AFCHECK_JUDGING={:016x}", hasher.finish());
}

/// The files at or below `path`; a missing `Cargo.lock` (afcheck as a dependency) counts as nothing.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| collect(&entry.path(), files)),
        Err(_) => files.push(path.to_owned()),
    }
}
