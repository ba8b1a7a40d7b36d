//! Gives the sources that decide verdicts a fingerprint, `AFCHECK_JUDGING`, which is part of every key of the result
//! cache: a constant to be raised by hand would be forgotten once, and old verdicts would then pass for new ones. And
//! lists the modules of `lean-project/`, which the binary carries, and compresses the training pairs, which it carries too.
//! And names what this build is, for `afcheck version`. Must not do anything else; must not read the clock or the
//! repository: the same sources built the same way give the same bytes.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a verdict depends on: the vocabulary, the judgement, the engine, the library that is built in. `Cargo.lock` stands
/// for the crates below.
const JUDGING: [&str; 5] = ["src/domain", "src/lean", "src/engine", LIBRARY, "Cargo.lock"];

/// Sources of the library that is built in.
const LIBRARY: &str = "lean-project";

/// Training pairs that are built in: 3.8 MB of regular text, an eighth of it compressed.
const TRAINING: &str = "data/afcore/train.jsonl";

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
    list_modules();
    compress_training();
    name_build();
}

/// Says what `afcheck version` cannot know otherwise. The commit comes from whoever builds: one that was read out of the
/// repository would compile everything again after each commit, and would lie about a tree that was changed.
fn name_build() {
    println!("cargo::rerun-if-env-changed=AFCHECK_COMMIT");
    let commit = std::env::var("AFCHECK_COMMIT").unwrap_or_default();
    let hexadecimal = commit.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    assert!(
        commit.is_empty() || (hexadecimal && (7..=64).contains(&commit.len())),
        "AFCHECK_COMMIT is {commit:?}, not a commit in hexadecimal"
    );
    let mut features: Vec<_> = cargo_says("CARGO_CFG_FEATURE").split(',').map(str::to_owned).collect();
    features.retain(|feature| !feature.is_empty() && feature != "default");
    features.sort();
    for (name, value) in [
        ("AFCHECK_BUILT_FROM", commit),
        ("AFCHECK_TARGET", cargo_says("TARGET")),
        ("AFCHECK_PROFILE", cargo_says("PROFILE")),
        ("AFCHECK_OPT_LEVEL", cargo_says("OPT_LEVEL")),
        ("AFCHECK_FEATURES", features.join(",")),
        ("AFCHECK_RUSTC", rustc_version()),
    ] {
        println!("cargo::rustc-env={name}={value}");
    }
}

/// The compiler's own line, such as `rustc 1.95.0 (59807616e 2026-04-14)`.
fn rustc_version() -> String {
    #[expect(clippy::disallowed_methods, reason = "the build asks its compiler; nothing that runs later starts it")]
    let output = Command::new(cargo_says("RUSTC")).arg("--version").output().expect("cargo found the compiler");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A variable that cargo sets for build scripts.
fn cargo_says(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|e| panic!("{name}, which cargo sets: {e}"))
}

/// Writes `train.jsonl.gz`.
fn compress_training() {
    println!("cargo::rerun-if-changed={TRAINING}");
    let pairs = fs::read(TRAINING).expect("the repository has the training pairs");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let compressed =
        encoder.write_all(&pairs).and_then(|()| encoder.finish()).expect("writing to memory does not fail");
    fs::write(out().join("train.jsonl.gz"), compressed).expect("the build directory is writable");
}

fn out() -> PathBuf {
    std::env::var_os("OUT_DIR").expect("cargo sets it").into()
}

/// Writes `modules.rs`: an array of module names with their sources.
fn list_modules() {
    let mut files = Vec::new();
    collect(Path::new(LIBRARY), &mut files);
    files.retain(|f| f.extension().is_some_and(|e| e == "lean"));
    let mut modules: Vec<(String, PathBuf)> = files
        .into_iter()
        .map(|file| {
            let below = file.strip_prefix(LIBRARY).expect("collected below it").with_extension("");
            let module: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            (module.join("."), fs::canonicalize(&file).expect("it was just listed"))
        })
        .collect();
    // By name: modules are looked up by binary search.
    modules.sort();
    let mut list = String::from("[\n");
    for (module, path) in modules {
        list.push_str(&format!("    ({module:?}, include_str!({path:?})),\n"));
    }
    list.push_str("]\n");
    fs::write(out().join("modules.rs"), list).expect("the build directory is writable");
}

/// The files at or below `path`; a missing `Cargo.lock` (afcheck as a dependency) counts as nothing.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| collect(&entry.path(), files)),
        Err(_) => files.push(path.to_owned()),
    }
}
