//! Where the database is, who uses it, and what happens to a broken one. Owns the files `results.*` of the cache
//! directory: every user holds a shared lock on `results.lock`, so that a broken database is set aside only when nobody
//! else has it open (a database that is renamed while in use is what SQLite warns of).

use super::database;
use super::error::StoreError;
use rusqlite::Connection;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// Name of the database in the cache directory.
pub const DATABASE: &str = "results.sqlite";
const LOCK: &str = "results.lock";
const DAMAGED: &str = "results.damaged.sqlite";

/// How often, and how long apart, a lock is tried for: others hold the exclusive one for a rename only.
const TRIES: usize = 30;
const PAUSE: Duration = Duration::from_millis(50);

/// A database in use.
pub(super) struct Opened {
    pub connection: Connection,
    /// Held as long as any connection of this user lives.
    pub lock: File,
    /// What people should know of how it was opened.
    pub note: Option<String>,
}

/// Opens the database of a cache directory, which is made if need be. A broken one is set aside.
pub(super) fn open(directory: &Path) -> Result<Opened, StoreError> {
    let path = directory.join(DATABASE);
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| StoreError::File { path, source }
    };
    fs::create_dir_all(directory).map_err(failed(directory))?;
    let lock_path = directory.join(LOCK);
    let options = File::options().create(true).append(true).open(&lock_path);
    let lock = options.map_err(failed(&lock_path))?;
    let mut note = None;
    let mut last = None;
    for _ in 0..TRIES {
        match lock.try_lock_shared() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                thread::sleep(PAUSE);
                continue;
            }
            Err(TryLockError::Error(source)) => return Err(StoreError::File { path: lock_path, source }),
        }
        match database::connect(&path) {
            Ok(connection) => return Ok(Opened { connection, lock, note }),
            Err(error) if !error.is_damage() => return Err(error),
            Err(error) => last = Some(error.to_string()),
        }
        // Only a lock that is given up can be had exclusively by one of several who found the damage.
        lock.unlock().map_err(failed(&lock_path))?;
        if lock.try_lock().is_ok() {
            // Whoever had it before may have mended it.
            if let Some(reason) = damage(&path) {
                set_aside(directory).map_err(failed(&path))?;
                let aside = directory.join(DAMAGED);
                note = Some(format!(
                    "{} could not be used ({reason}) and was renamed to {}; results are kept anew",
                    path.display(),
                    aside.display()
                ));
            }
            lock.unlock().map_err(failed(&lock_path))?;
        } else {
            thread::sleep(PAUSE);
        }
    }
    Err(match last {
        Some(reason) => StoreError::DamagedInUse { path, reason },
        None => StoreError::Locked(path),
    })
}

/// Sets the database aside if all of it, looked at thoroughly, turns out to be broken and nobody else uses it. `lock` is
/// the caller's own, whose connections are closed.
pub(super) fn set_aside_if_broken(directory: &Path, lock: &File) -> Result<bool, StoreError> {
    let path = directory.join(DATABASE);
    let failed = |source| StoreError::File { path: path.clone(), source };
    lock.unlock().map_err(failed)?;
    if lock.try_lock().is_err() {
        return Err(StoreError::DamagedInUse { path, reason: "it contradicts itself".into() });
    }
    let broken = match database::connect(&path) {
        Err(error) => error.is_damage(),
        Ok(connection) => !database::integrity(&connection)?.is_empty(),
    };
    if broken {
        set_aside(directory).map_err(failed)?;
    }
    lock.unlock().map_err(failed)?;
    Ok(broken)
}

fn damage(path: &Path) -> Option<String> {
    let error = database::connect(path).err()?;
    error.is_damage().then(|| error.to_string())
}

/// One broken database is kept for whoever wants to look; it replaces the one before.
fn set_aside(directory: &Path) -> io::Result<()> {
    for suffix in ["-wal", "-shm", ""] {
        let from = directory.join(format!("{DATABASE}{suffix}"));
        match fs::rename(from, directory.join(format!("{DAMAGED}{suffix}"))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The files of the cache in a directory, those of a broken one included.
pub(super) fn files(directory: &Path) -> Vec<PathBuf> {
    let names = [DATABASE, DAMAGED].into_iter().flat_map(|n| ["", "-wal", "-shm"].map(|s| format!("{n}{s}")));
    names.map(|name| directory.join(name)).filter(|path| path.exists()).collect()
}
