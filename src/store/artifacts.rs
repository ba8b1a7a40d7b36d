//! Results of long work by what they were made from: a directory each, under a key that is a hash of everything that decides what
//! is in it. Owns the layout, what makes an artifact whole, and the note of what it cost; what is in one is for those who make it.
//!
//! ```text
//! ROOT/objects/KEY/about.json and the artifact's files      whole, or not there
//! ROOT/work/KEY/...                                         what is being made; a run that goes on finds it again
//! ```

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Changes when artifacts are laid out differently.
const SCHEMA: &str = "afcheck.artifact/1";
const ABOUT: &str = "about.json";

/// The directory of artifacts.
#[derive(Clone, Debug)]
pub struct Artifacts {
    root: PathBuf,
}

/// What making an artifact cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// Of the run that finished it.
    pub seconds: f64,
    /// Tokens trained on, generated, or read.
    pub tokens: u64,
    pub money: f64,
}

impl Spent {
    /// Both together.
    pub fn and(self, other: Spent) -> Spent {
        Spent {
            seconds: self.seconds + other.seconds,
            tokens: self.tokens + other.tokens,
            money: self.money + other.money,
        }
    }
}

/// What is known of an artifact, in its `about.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    schema: String,
    /// What it is, for people.
    pub what: String,
    /// What the key is the hash of.
    pub made_from: Value,
    pub afcheck: String,
    /// Of each file that counts, its SHA-256.
    pub files: BTreeMap<String, String>,
    /// Hash of these: equal for equal contents, whatever they were made from.
    pub digest: String,
    pub spent: Spent,
}

/// An artifact that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Artifact {
    pub directory: PathBuf,
    pub about: About,
}

impl Artifact {
    /// The path of one of its files.
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// What was found under a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    Whole(Box<Artifact>),
    Nothing,
    /// Something that is not what was once finished there; why.
    Damaged(String),
}

/// The key of what is made from `made_from`.
pub fn key(made_from: &Value) -> String {
    hex(&Sha256::digest(format!("{SCHEMA} {made_from}")))
}

impl Artifacts {
    /// Artifacts below a directory, which is made when the first is begun.
    pub fn below(root: &Path) -> Artifacts {
        Artifacts { root: root.to_owned() }
    }

    fn object(&self, key: &str) -> PathBuf {
        self.root.join("objects").join(key)
    }

    /// Looks for an artifact, and at every byte of it that counts.
    pub fn find(&self, key: &str) -> Found {
        let directory = self.object(key);
        let text = match fs::read_to_string(directory.join(ABOUT)) {
            Ok(text) => text,
            Err(_) if !directory.exists() => return Found::Nothing,
            Err(error) => return Found::Damaged(format!("{}: {error}", directory.join(ABOUT).display())),
        };
        let about: About = match serde_json::from_str(&text) {
            Ok(about) => about,
            Err(error) => return Found::Damaged(format!("{}: {error}", directory.join(ABOUT).display())),
        };
        for (name, wanted) in &about.files {
            let path = directory.join(name);
            match sha256(&path) {
                Ok(found) if found == *wanted => {}
                Ok(_) => return Found::Damaged(format!("{} was changed", path.display())),
                Err(error) => return Found::Damaged(format!("{}: {error}", path.display())),
            }
        }
        Found::Whole(Box::new(Artifact { directory, about }))
    }

    /// The directory in which an artifact is made, with what an earlier run left there.
    pub fn begin(&self, key: &str) -> io::Result<PathBuf> {
        let directory = self.root.join("work").join(key);
        fs::create_dir_all(&directory)?;
        fs::create_dir_all(self.root.join("objects"))?;
        Ok(directory)
    }

    /// Makes what was begun an artifact: everything in its directory stays, `files` are what counts.
    pub fn finish(
        &self,
        key: &str,
        what: String,
        made_from: Value,
        files: &[String],
        spent: Spent,
    ) -> io::Result<Artifact> {
        let work = self.begin(key)?;
        let mut hashes = BTreeMap::new();
        for name in files {
            let path = work.join(name);
            File::open(&path)?.sync_all()?;
            hashes.insert(name.clone(), sha256(&path)?);
        }
        let digest = hex(&Sha256::digest(serde_json::to_string(&hashes)?));
        let afcheck = env!("CARGO_PKG_VERSION").to_owned();
        let about = About { schema: SCHEMA.to_owned(), what, made_from, afcheck, files: hashes, digest, spent };
        let mut file = File::create(work.join(ABOUT))?;
        file.write_all(serde_json::to_string_pretty(&about)?.as_bytes())?;
        file.sync_all()?;
        let directory = self.object(key);
        if directory.exists() {
            fs::remove_dir_all(&directory)?;
        }
        fs::rename(&work, &directory)?;
        Ok(Artifact { directory, about })
    }

    /// Keys of all artifacts that are there.
    pub fn keys(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root.join("objects")).into_iter().flatten();
        let mut keys: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        keys.sort_unstable();
        keys
    }

    /// What making an artifact cost, without a look at its files.
    pub fn spent(&self, key: &str) -> Option<About> {
        serde_json::from_str(&fs::read_to_string(self.object(key).join(ABOUT)).ok()?).ok()
    }
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hex(&hash.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn made(artifacts: &Artifacts, from: &Value, text: &str) -> Artifact {
        let key = key(from);
        let work = artifacts.begin(&key).expect("a directory");
        fs::write(work.join("text"), text).expect("written");
        fs::write(work.join("log"), "seconds").expect("written");
        artifacts.finish(&key, "a text".into(), from.clone(), &["text".into()], Spent::default()).expect("finished")
    }

    #[test]
    fn an_artifact_is_there_whole_or_not_at_all() {
        let root = tempfile::tempdir().expect("a directory");
        let artifacts = Artifacts::below(root.path());
        let from = json!({ "of": [1, 2] });
        assert_eq!(artifacts.find(&key(&from)), Found::Nothing);
        fs::write(artifacts.begin(&key(&from)).expect("a directory").join("half"), "h").expect("written");
        assert_eq!(artifacts.find(&key(&from)), Found::Nothing, "what is begun is not there");
        let artifact = made(&artifacts, &from, "words");
        assert!(artifact.file("half").exists() && artifact.file("log").exists(), "everything stays");
        assert_eq!(artifacts.find(&key(&from)), Found::Whole(Box::new(artifact.clone())));
        assert_eq!(artifacts.keys(), [key(&from)]);
        assert_eq!(artifacts.spent(&key(&from)), Some(artifact.about.clone()));
        fs::write(artifact.file("log"), "other seconds").expect("written");
        assert!(matches!(artifacts.find(&key(&from)), Found::Whole(_)), "a log does not count");
        fs::write(artifact.file("text"), "wards").expect("written");
        assert!(matches!(artifacts.find(&key(&from)), Found::Damaged(why) if why.ends_with("text was changed")));
        fs::remove_file(artifact.file(ABOUT)).expect("removed");
        assert!(matches!(artifacts.find(&key(&from)), Found::Damaged(_)));
        made(&artifacts, &from, "words");
        assert!(matches!(artifacts.find(&key(&from)), Found::Whole(_)), "made again in the place of the damaged one");
    }

    #[test]
    fn contents_have_a_digest_whatever_they_were_made_from() {
        let root = tempfile::tempdir().expect("a directory");
        let artifacts = Artifacts::below(root.path());
        let digest = |from: u32, text: &str| made(&artifacts, &json!(from), text).about.digest;
        assert_eq!(digest(1, "words"), digest(2, "words"));
        assert_ne!(digest(3, "words"), digest(4, "wards"));
        assert_ne!(key(&json!(1)), key(&json!(2)));
    }
}
