//! Embeddings of batches that were made before, in the cache directory. Owns their key, their form on disk and how many there are.
//! Best effort: what cannot be read is made again, what cannot be written is not kept.

use super::source::Batch;
use crate::ml::probe::Settings;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// Bytes that are kept at most; those used longest ago go first. Of Gemma 3 270M about 1,200 embeddings.
const LIMIT: u64 = 2 << 30;

/// How many embeddings a run makes before it looks at the limit again.
const OFTEN: u64 = 64;

/// Below the cache's root.
const DIRECTORY: &str = "task2vec";

/// Changes when embeddings of the same settings come out different.
const VERSION: u32 = 2;

/// A directory of embeddings.
#[derive(Debug)]
pub struct Kept {
    root: Option<PathBuf>,
    model_sha256: String,
    /// Embeddings that were put there.
    put: AtomicU64,
}

/// What is in the cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub embeddings: u64,
    pub bytes: u64,
}

/// Counts the embeddings below a cache's root.
pub fn held(root: &Path) -> Held {
    let files = files(root);
    Held { embeddings: files.len() as u64, bytes: files.iter().map(|file| file.bytes).sum() }
}

/// Forgets the embeddings below a cache's root that were not used for `age`, all without one. Says how many.
pub fn forget(root: &Path, age: Option<Duration>) -> u64 {
    let now = SystemTime::now();
    let is_old = |file: &OnDisk| age.is_none_or(|age| now.duration_since(file.used).is_ok_and(|since| since >= age));
    files(root).iter().filter(|file| is_old(file) && fs::remove_file(&file.path).is_ok()).count() as u64
}

/// Forgets those used longest ago until `limit` bytes are left.
fn prune(root: &Path, limit: u64) {
    let mut files = files(root);
    files.sort_by_key(|file| file.used);
    let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
    for file in files {
        if bytes <= limit {
            return;
        }
        let _ = fs::remove_file(&file.path);
        bytes -= file.bytes;
    }
}

struct OnDisk {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}

fn files(root: &Path) -> Vec<OnDisk> {
    let inside = |directory: PathBuf| fs::read_dir(directory).into_iter().flatten().flatten();
    let file = |entry: fs::DirEntry| {
        let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some(OnDisk { path: entry.path(), bytes: about.len(), used: about.modified().ok()? })
    };
    inside(root.join(DIRECTORY)).flat_map(|folder| inside(folder.path())).filter_map(file).collect()
}

impl Kept {
    /// Below the cache's root, for a probe whose file has this hash; nothing is kept without a root.
    pub fn new(root: Option<&Path>, model_sha256: &str) -> Kept {
        Kept { root: root.map(Path::to_owned), model_sha256: model_sha256.to_owned(), put: AtomicU64::new(0) }
    }

    /// True if embeddings are kept at all.
    pub fn is_kept(&self) -> bool {
        self.root.is_some()
    }

    /// What decides an embedding: the probe, how it is used, the tokens and the seed.
    fn path(&self, settings: Settings, batch: &Batch) -> Option<PathBuf> {
        let mut hash = Sha256::new();
        let about = json!({ "version": VERSION, "model": self.model_sha256, "settings": settings, "seed": batch.seed });
        hash.update(about.to_string());
        for text in &batch.texts {
            hash.update((text.len() as u64).to_le_bytes());
            text.iter().for_each(|token| hash.update(token.to_le_bytes()));
        }
        let key = format!("{:x}", hash.finalize());
        Some(self.root.as_ref()?.join(DIRECTORY).join(&key[..2]).join(key))
    }

    /// The embedding of a batch, if it is there and whole.
    pub fn get(&self, settings: Settings, batch: &Batch) -> Option<Vec<f32>> {
        let path = self.path(settings, batch)?;
        let bytes = fs::read(&path).ok()?;
        let (numbers, hash) = bytes.split_at_checked(bytes.len().checked_sub(32)?)?;
        let (numbers, []) = numbers.as_chunks::<4>() else { return None };
        if Sha256::digest(numbers.as_flattened())[..] != *hash {
            return None;
        }
        // The time of the last use.
        let _ = File::open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        Some(numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    /// Keeps an embedding.
    pub fn put(&self, settings: Settings, batch: &Batch, embedding: &[f32]) {
        let Some(path) = self.path(settings, batch) else { return };
        let mut bytes: Vec<u8> = embedding.iter().flat_map(|x| x.to_le_bytes()).collect();
        let hash = Sha256::digest(&bytes);
        bytes.extend(hash);
        if let Some(directory) = path.parent()
            && fs::create_dir_all(directory).is_ok()
        {
            let _ = crate::ml::files::whole::write(&path, &bytes);
        }
        if self.put.fetch_add(1, Ordering::Relaxed).is_multiple_of(OFTEN)
            && let Some(root) = &self.root
        {
            prune(root, LIMIT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_found_again_unless_it_was_hurt_or_something_differs() {
        let root = tempfile::tempdir().expect("a directory");
        let kept = Kept::new(Some(root.path()), "a");
        let batch = Batch { seed: 1, texts: vec![vec![1, 2], vec![3]] };
        let (settings, embedding) = (Settings::default(), vec![1.0, -0.0, f32::MIN_POSITIVE]);
        assert_eq!(kept.get(settings, &batch), None);
        kept.put(settings, &batch, &embedding);
        assert_eq!(kept.get(settings, &batch), Some(embedding));
        assert_eq!(Kept::new(Some(root.path()), "b").get(settings, &batch), None);
        assert_eq!(kept.get(Settings { minibatch: 4, ..settings }, &batch), None);
        assert_eq!(kept.get(settings, &Batch { seed: 1, texts: vec![vec![1], vec![2, 3]] }), None);
        assert_eq!(kept.get(settings, &Batch { seed: 2, ..batch.clone() }), None);
        let path = kept.path(settings, &batch).expect("a path");
        let mut bytes = fs::read(&path).expect("bytes");
        bytes[5] ^= 1;
        fs::write(&path, bytes).expect("written");
        assert_eq!(kept.get(settings, &batch), None);
        Kept::new(None, "a").put(settings, &batch, &[1.0]);
    }

    #[test]
    fn those_used_longest_ago_are_forgotten_first() {
        let root = tempfile::tempdir().expect("a directory");
        let kept = Kept::new(Some(root.path()), "a");
        let batch = |seed| Batch { seed, texts: vec![vec![1, 2]] };
        let settings = Settings::default();
        let hours = |hours| SystemTime::now() - Duration::from_secs(3600 * hours);
        for seed in 0..4 {
            kept.put(settings, &batch(seed), &[0.0; 8]);
            let file = File::open(kept.path(settings, &batch(seed)).expect("a path")).expect("a file");
            file.set_modified(hours(4 - seed)).expect("a time");
        }
        assert_eq!(held(root.path()), Held { embeddings: 4, bytes: 4 * 64 });
        assert!(kept.get(settings, &batch(0)).is_some(), "a use");
        prune(root.path(), 2 * 64);
        let left: Vec<u64> =
            (0..4).filter(|seed| kept.path(settings, &batch(*seed)).is_some_and(|p| p.exists())).collect();
        assert_eq!(left, [0, 3]);
        assert_eq!(forget(root.path(), Some(Duration::from_secs(1800))), 1, "the last is an hour old");
        assert_eq!(forget(root.path(), None), 1);
        assert_eq!(held(root.path()), Held::default());
    }
}
