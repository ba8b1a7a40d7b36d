//! Embeddings of batches that were made before, in the cache directory. Owns their key and their form on disk. Best effort: what
//! cannot be read is made again, what cannot be written is not kept.

use super::source::Batch;
use crate::ml::probe::Settings;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Changes when embeddings of the same settings come out different.
const VERSION: u32 = 2;

/// A directory of embeddings.
#[derive(Clone, Debug)]
pub struct Kept {
    directory: Option<PathBuf>,
    model_sha256: String,
}

impl Kept {
    /// Below the cache's root, for a probe whose file has this hash; nothing is kept without a root.
    pub fn new(root: Option<&Path>, model_sha256: &str) -> Kept {
        Kept { directory: root.map(|root| root.join("task2vec")), model_sha256: model_sha256.to_owned() }
    }

    /// True if embeddings are kept at all.
    pub fn is_kept(&self) -> bool {
        self.directory.is_some()
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
        Some(self.directory.as_ref()?.join(&key[..2]).join(key))
    }

    /// The embedding of a batch, if it is there and whole.
    pub fn get(&self, settings: Settings, batch: &Batch) -> Option<Vec<f32>> {
        let bytes = fs::read(self.path(settings, batch)?).ok()?;
        let (numbers, hash) = bytes.split_at_checked(bytes.len().checked_sub(32)?)?;
        let (numbers, []) = numbers.as_chunks::<4>() else { return None };
        (Sha256::digest(numbers.as_flattened())[..] == *hash)
            .then(|| numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
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
}
