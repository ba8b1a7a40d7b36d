//! What is in a Lake project's directory: toolchain, Mathlib's revision, the REPL. Owns the reading of these files and what to say
//! of what is missing; starts nothing but `lake env`, which prints where Lean's files are.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

/// A project as it was when it was read.
#[derive(Clone, Debug, Default)]
pub struct Project {
    pub directory: PathBuf,
    /// The text of `lean-toolchain`, without `leanprover/lean4:`.
    pub toolchain: Option<String>,
    /// Packages with their revisions, from `lake-manifest.json`.
    pub packages: BTreeMap<String, String>,
    /// The REPL's program, if it is built.
    pub repl: Option<PathBuf>,
    /// Directories of packages that no revision pins.
    beside: Vec<PathBuf>,
}

/// Something people should know of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// True if no check can run because of it.
    pub is_fatal: bool,
    pub words: String,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    rev: Option<String>,
    #[serde(default)]
    dir: Option<PathBuf>,
}

/// Where a project's REPL stands once it is built.
const REPLS: [&str; 4] = [
    ".lake/packages/REPL/.lake/build/bin/repl",
    ".lake/packages/repl/.lake/build/bin/repl",
    ".lake/build/bin/repl",
    "repl/.lake/build/bin/repl",
];

/// Files whose change changes what is elaborated.
const FILES: [&str; 4] = ["lean-toolchain", "lake-manifest.json", "lakefile.lean", "lakefile.toml"];

/// Size and time of a file.
pub fn stamp(path: &Path) -> Vec<u8> {
    let Ok(about) = fs::metadata(path) else { return vec![] };
    let changed = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    [&about.len().to_le_bytes()[..], &changed.as_nanos().to_le_bytes()[..]].concat()
}

/// The compiled files below a directory, each with its stamp.
fn compiled(directory: &Path, stamps: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => compiled(&path, stamps),
            _ if path.extension().is_some_and(|e| e == "olean") => stamps.push((path.clone(), stamp(&path))),
            _ => {}
        }
    }
}

impl Project {
    /// Reads a directory. The error says why it is none that Lean could run in.
    pub fn read(directory: &Path) -> Result<Project, String> {
        if !directory.is_dir() {
            return Err(format!("{}: there is no such directory", directory.display()));
        }
        let directory = directory.canonicalize().map_err(|e| format!("{}: {e}", directory.display()))?;
        let text = |name: &str| fs::read_to_string(directory.join(name)).ok();
        let toolchain = text("lean-toolchain").map(|text| {
            let text = text.trim();
            text.strip_prefix("leanprover/lean4:").unwrap_or(text).to_owned()
        });
        let listed = match text("lake-manifest.json") {
            None => vec![],
            Some(text) => {
                serde_json::from_str::<Manifest>(&text)
                    .map_err(|e| format!("{}: {e}", directory.join("lake-manifest.json").display()))?
                    .packages
            }
        };
        let beside =
            listed.iter().filter(|p| p.rev.is_none()).filter_map(|p| p.dir.as_ref()).map(|d| directory.join(d));
        let beside = beside.collect();
        let packages = listed.into_iter().map(|package| (package.name, package.rev.unwrap_or_default())).collect();
        let repl = REPLS.iter().map(|name| directory.join(name)).find(|path| path.is_file());
        Ok(Project { toolchain, packages, repl, beside, directory })
    }

    /// What results of this project are kept under, as it is now: toolchain, manifest and lakefile by their text, compiled files of the
    /// project and of packages that no revision pins by size and time.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for name in FILES {
            let text = fs::read(self.directory.join(name)).unwrap_or_default();
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        for directory in [&self.directory].into_iter().chain(&self.beside) {
            let mut stamps = Vec::new();
            compiled(&directory.join(".lake/build/lib"), &mut stamps);
            stamps.sort();
            for (path, stamp) in stamps {
                hash.update(path.as_os_str().as_encoded_bytes());
                hash.update(stamp);
            }
        }
        format!("{:x}", hash.finalize())
    }

    /// What to know of the project before it is used.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut say = |is_fatal, words: String| findings.push(Finding { is_fatal, words });
        let has = |name: &str| self.directory.join(name).is_file();
        if !has("lakefile.lean") && !has("lakefile.toml") {
            say(true, "there is no lakefile: this is no Lake project".into());
        }
        match &self.toolchain {
            None => say(false, "there is no lean-toolchain: which Lean judges depends on the machine".into()),
            Some(toolchain) if !toolchain.starts_with('v') => {
                say(false, format!("the toolchain `{toolchain}` is no release: results cannot be repeated elsewhere"));
            }
            Some(_) => {}
        }
        if self.packages.is_empty() && !has("lake-manifest.json") {
            say(false, "there is no lake-manifest.json: run `lake update`".into());
        }
        if self.repl.is_none() {
            let version = self.toolchain.as_deref().unwrap_or("its toolchain's");
            say(
                true,
                format!(
                    "there is no REPL: add leanprover-community/repl at tag {version} to the lakefile, then `lake build repl`; \
                     or give a command (--lake-command)"
                ),
            );
        }
        findings
    }

    /// The command of the project's REPL.
    pub fn repl_command(&self) -> Result<Vec<String>, String> {
        match &self.repl {
            Some(path) => Ok(vec![path.to_string_lossy().into_owned()]),
            None => {
                let words: Vec<String> = self.findings().into_iter().filter(|f| f.is_fatal).map(|f| f.words).collect();
                Err(format!("{}: {}", self.directory.display(), words.join("; ")))
            }
        }
    }

    /// What `lake env` says: where Lean and the packages' compiled files are. Asked once, outside of the sandbox: it runs the
    /// lakefile, which is the user's own. Empty if there is no `lake`; the REPL then says what it misses.
    #[expect(clippy::disallowed_methods, reason = "this is the engine's door to processes")]
    pub fn lake_environment(&self) -> BTreeMap<String, String> {
        let mut command = Command::new("lake");
        command.arg("env").current_dir(&self.directory).stdin(Stdio::null()).stderr(Stdio::null());
        let Ok(output) = command.output() else { return BTreeMap::new() };
        let text = String::from_utf8_lossy(&output.stdout);
        let wanted = |name: &str| {
            name.starts_with("LEAN")
                || name.starts_with("LAKE")
                || matches!(name, "PATH" | "LD_LIBRARY_PATH" | "ELAN_HOME" | "ELAN_TOOLCHAIN")
        };
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        pairs.filter(|(name, _)| wanted(name)).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}
