//! The snapshots of an engine: made on demand, one per import set, kept on disk and evicted by size. Owns their keys.

use super::audit;
use super::boot;
use super::host::Files;
use super::install::disk_usage;
use super::instance::{Failure, INITIAL_PAGES, Instance, Program};
use super::library::{self, Closure};
use super::snapshot::Snapshot;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Disk space for snapshots of one engine.
const LIMIT: u64 = 6 << 30;

/// Identifies an import set and the library sources in it.
pub type Key = String;

type Slot = Arc<Mutex<Option<Result<Arc<Snapshot>, String>>>>;

/// Snapshots on disk and those in use.
pub struct Snapshots {
    directory: PathBuf,
    slots: Mutex<HashMap<Key, Slot>>,
}

impl Snapshots {
    /// Snapshots in `directory`, which exists.
    pub fn new(directory: PathBuf) -> Self {
        Snapshots { directory, slots: Mutex::default() }
    }

    /// The key of a closure: equal closures, equal snapshots.
    pub fn key(closure: &Closure) -> Key {
        let mut hasher = Sha256::new();
        for module in &closure.core {
            hasher.update(module);
            hasher.update([0]);
        }
        for (module, source) in &closure.modules {
            hasher.update([1]);
            hasher.update(module);
            hasher.update([0]);
            hasher.update(source);
        }
        hasher.finalize().iter().take(12).map(|b| format!("{b:02x}")).collect()
    }

    /// The snapshot of a closure. Made by the first who asks; the others wait. The inner error is Lean's: the import
    /// set does not load.
    pub fn get(&self, program: &Arc<Program>, closure: &Closure) -> Result<Result<Arc<Snapshot>, String>, Failure> {
        let key = Self::key(closure);
        let slot = lock(&self.slots).entry(key.clone()).or_default().clone();
        let mut slot = lock(&slot);
        if let Some(known) = &*slot {
            return Ok(known.clone());
        }
        let path = self.directory.join(&key);
        let snapshot = match Snapshot::open(&path) {
            Ok(snapshot) => Ok(Arc::new(snapshot)),
            Err(_) => match self.make(program, closure, &path)? {
                Ok(()) => Ok(Arc::new(Snapshot::open(&path)?)),
                Err(error) => Err(error),
            },
        };
        if snapshot.is_ok() {
            touch(&path);
        }
        *slot = Some(snapshot.clone());
        Ok(snapshot)
    }

    fn make(&self, program: &Arc<Program>, closure: &Closure, path: &Path) -> Result<Result<(), String>, Failure> {
        self.evict()?;
        // A directory that is there but cannot be opened was damaged from outside.
        if path.exists() {
            fs::remove_dir_all(path)?;
        }
        let mut lean = Instance::new(program, INITIAL_PAGES, Files::library(program.library.clone()))?;
        boot::initialise(&mut lean)?;
        let mut core: BTreeSet<String> = closure.core.clone();
        core.insert("Init".into());
        let core: Vec<String> = core.into_iter().collect();
        let mut environment = match boot::import(&mut lean, &core)? {
            Ok(environment) => environment,
            Err(error) => return Ok(Err(error)),
        };
        for (module, source) in &closure.modules {
            environment = match library::elaborate_module(&mut lean, environment, module, source)? {
                Ok(environment) => environment,
                Err(error) => return Ok(Err(format!("the library does not compile: {error}"))),
            };
        }
        let base: HashSet<u32> = match closure.modules.is_empty() {
            true => HashSet::new(),
            false => audit::added_constants(&mut lean, environment, &HashSet::new())?.into_iter().collect(),
        };
        Snapshot::write(&mut lean, environment, &base, &core, path)?;
        Ok(Ok(()))
    }

    /// Removes the least recently used snapshots until there is room. A snapshot in use stays readable: its file is
    /// mapped.
    fn evict(&self) -> io::Result<()> {
        let mut entries: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let path = entry?.path();
            let used =
                fs::metadata(path.join("meta.json")).and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
            entries.push((used, disk_usage(&path), path));
        }
        entries.sort();
        let mut total: u64 = entries.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, bytes, path) in entries {
            if total <= LIMIT {
                break;
            }
            fs::remove_dir_all(path)?;
            total -= bytes;
        }
        Ok(())
    }
}

/// Marks a snapshot as used now. Failing to do so only makes it look older than it is.
fn touch(path: &Path) {
    if let Ok(file) = File::options().append(true).open(path.join("meta.json")) {
        let _ = file.set_modified(SystemTime::now());
    }
}

/// A poisoned lock only means that another check panicked; the maps behind it are still whole.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
