//! Names and sizes of what is in the cache directory.

use super::{LEAN_VERSION, PACKAGE_SHA512};
use crate::engine::embedded::rewrite::REWRITER_VERSION;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The cache directory.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// A cache at `root`, or at the user's cache directory (`$XDG_CACHE_HOME/afcheck`).
    pub fn new(root: Option<PathBuf>) -> Self {
        let root = root.unwrap_or_else(|| match directories::ProjectDirs::from("", "", "afcheck") {
            Some(dirs) => dirs.cache_dir().to_owned(),
            None => std::env::temp_dir().join("afcheck-cache"),
        });
        Cache { root }
    }

    /// The directory itself; it may not exist yet.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the unpacked package is.
    pub fn package_home(&self) -> PathBuf {
        self.root.join(format!("package-{}", &PACKAGE_SHA512[..16]))
    }

    /// Where the engine compiled for this package, rewriter, wasmtime (version and settings) and CPU is.
    pub fn engine_home(&self, engine: &wasmtime::Engine) -> PathBuf {
        let mut hasher = std::hash::DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        (PACKAGE_SHA512, REWRITER_VERSION, LEAN_VERSION).hash(&mut hasher);
        self.root.join(format!("lean-{:016x}", hasher.finish()))
    }

    /// Takes the lock between processes; `waiting` is called first if another holds it.
    pub fn lock(&self, waiting: impl FnOnce()) -> io::Result<File> {
        let file = File::options().create(true).append(true).open(self.root.join("lean.lock"))?;
        if file.try_lock().is_err() {
            waiting();
            file.lock()?;
        }
        Ok(file)
    }

    /// What the cache holds, for `afcheck doctor`.
    pub fn inventory(&self) -> io::Result<Inventory> {
        let mut items = Vec::new();
        let entries = match fs::read_dir(&self.root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Inventory { items }),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            items.push(Item { bytes: disk_usage(&path), path });
        }
        items.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Inventory { items })
    }
}

/// What a cache holds.
#[derive(Clone, Debug)]
pub struct Inventory {
    pub items: Vec<Item>,
}

/// One entry of the cache directory.
#[derive(Clone, Debug)]
pub struct Item {
    pub path: PathBuf,
    /// Bytes on disk, holes of sparse files not counted.
    pub bytes: u64,
}

/// Bytes on disk below `path`; what cannot be read counts nothing.
pub fn disk_usage(path: &Path) -> u64 {
    let Ok(metadata) = fs::symlink_metadata(path) else { return 0 };
    let own = metadata.blocks() * 512;
    if !metadata.is_dir() {
        return own;
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    own + entries.map(|e| disk_usage(&e.path())).sum::<u64>()
}
