//! Models of the Hugging Face hub: which files of a repository make a model, and how they get here whole. Owns the choice,
//! the check of sizes and sums, and when a download is tried again; requests and resumption are `hf-hub`'s.

use crate::ml::error::ModelError;
use hf_hub::api::sync::{ApiBuilder, ApiError, ApiRepo};
use hf_hub::{Cache, Repo, RepoType};
use indicatif::ProgressBar;
use serde::Deserialize;
use std::env;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::Duration;

/// Tries of a file without a byte of progress.
const TRIES: u32 = 5;
/// The first wait between tries; it doubles.
const WAIT: Duration = Duration::from_millis(250);

/// `hf:OWNER/REPO[@REVISION][:FILE.gguf]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    repo: String,
    revision: Option<String>,
    file: Option<String>,
}

/// A model's files, in the directory they were asked into.
pub struct Fetched {
    /// With the commit that was fetched.
    pub source: String,
    pub name: String,
    pub licence: Option<String>,
}

/// What the hub says of a repository.
#[derive(Deserialize)]
struct Info {
    sha: String,
    #[serde(default)]
    siblings: Vec<Sibling>,
    #[serde(rename = "cardData")]
    card: Option<CardData>,
}

#[derive(Deserialize)]
struct CardData {
    license: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    sha256: Option<String>,
}

impl Address {
    /// Reads an address; `None` if it is of another kind.
    pub fn parse(text: &str) -> Option<Result<Address, ModelError>> {
        let rest = text.strip_prefix("hf:")?;
        let (rest, file) = rest.split_once(':').map_or((rest, None), |(rest, file)| (rest, Some(file.to_owned())));
        let (repo, revision) = rest.split_once('@').map_or((rest, None), |(repo, of)| (repo, Some(of.to_owned())));
        let is_plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        let is_revision = |of: &String| !of.is_empty() && of.split('/').all(is_plain);
        let is_file = |file: &String| file.ends_with(".gguf") && is_below(file);
        let is_fine = repo.split('/').count() <= 2
            && repo.split('/').all(is_plain)
            && revision.as_ref().is_none_or(is_revision)
            && file.as_ref().is_none_or(is_file);
        Some(match is_fine {
            true => Ok(Address { repo: repo.to_owned(), revision, file }),
            false => Err(ModelError::Unsupported {
                what: format!("`{text}` as an address on the hub"),
                hint: "hf:OWNER/REPO, hf:OWNER/REPO@REVISION, hf:OWNER/REPO:FILE.gguf".into(),
            }),
        })
    }

    fn missing(&self, what: impl Into<String>, hint: impl Into<String>) -> ModelError {
        ModelError::Missing { path: format!("hf:{}", self.repo).into(), what: what.into(), hint: hint.into() }
    }

    /// The files that make a model.
    fn chosen(&self, names: &[&str]) -> Result<Vec<String>, ModelError> {
        const SMALL: [&str; 8] = [
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer.model",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
        ];
        let ggufs: Vec<&str> = names.iter().copied().filter(|name| name.ends_with(".gguf") && is_below(name)).collect();
        let choices = || ggufs.iter().map(|file| format!("hf:{}:{file}", self.repo)).collect::<Vec<_>>().join(", ");
        if let Some(file) = &self.file {
            return match ggufs.contains(&file.as_str()) {
                true => Ok(vec![file.clone()]),
                false if ggufs.is_empty() => Err(self.missing(format!("`{file}`"), "it has no .gguf files")),
                false => Err(self.missing(format!("`{file}`"), format!("there are {}", choices()))),
            };
        }
        let is_weights = |name: &str| {
            name == "model.safetensors.index.json"
                || (name.starts_with("model") && name.ends_with(".safetensors") && !name.contains('/'))
        };
        if names.contains(&"config.json") && names.iter().any(|name| is_weights(name)) {
            let taken = names.iter().filter(|name| SMALL.contains(name) || is_weights(name));
            return Ok(taken.map(|name| (*name).to_owned()).collect());
        }
        match &ggufs[..] {
            [file] => Ok(vec![(*file).to_owned()]),
            [] => Err(self.missing("`config.json` beside `model.safetensors`, or a .gguf file,", "")),
            _ => Err(self.missing("the choice of one .gguf file", choices())),
        }
    }

    /// Fetches the model into `home`. What is not yet whole stays in `parts` and is continued next time.
    pub fn fetch(&self, parts: &Path, home: &Path, is_shown: bool) -> Result<Fetched, ModelError> {
        let failed = |error: ApiError| self.explained(&error);
        // The endpoint and the token's file are the hub's own settings.
        let mut builder = ApiBuilder::from_env().with_cache_dir(parts.to_owned()).with_user_agent("afcheck", VERSION);
        if let Some(token) = env::var("HF_TOKEN").ok().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()) {
            builder = builder.with_token(Some(token));
        }
        let api = builder.build().map_err(failed)?;
        let of = |revision: &str| Repo::with_revision(self.repo.clone(), RepoType::Model, revision.to_owned());
        let request = api.repo(of(self.revision.as_deref().unwrap_or("main"))).info_request().query("blobs", "true");
        let info: Info = request
            .call()
            .and_then(|mut response| response.body_mut().read_json())
            .map_err(|e| failed(ApiError::RequestError(Box::new(e))))?;
        let names: Vec<&str> = info.siblings.iter().map(|s| s.rfilename.as_str()).collect();
        let chosen = self.chosen(&names)?;
        let files: Vec<&Sibling> = info.siblings.iter().filter(|s| chosen.contains(&s.rfilename)).collect();
        fs::create_dir_all(parts).map_err(super::io(parts))?;
        let folder = parts.join(of(&info.sha).folder_name());
        has_room(parts, files.iter().filter_map(|file| file.size).sum::<u64>().saturating_sub(held(&folder)))?;
        // One commit for all files, whatever is pushed meanwhile.
        let repo = api.repo(of(&info.sha));
        let here = Cache::new(parts.to_owned()).repo(of(&info.sha));
        let mut whole = Vec::new();
        for file in files {
            let kept = here.get(&file.rfilename).filter(|path| is_whole(path, file).unwrap_or(false));
            let path = match kept {
                Some(path) => path,
                None => self.download(&repo, file, &folder, is_shown)?,
            };
            whole.push((path, file));
        }
        for (path, file) in whole {
            let name = Path::new(&file.rfilename).file_name().unwrap_or_default();
            let blob = fs::canonicalize(&path).map_err(super::io(&path))?;
            fs::rename(&blob, home.join(name)).map_err(super::io(&blob))?;
        }
        fs::remove_dir_all(&folder).map_err(super::io(&folder))?;
        let file = self.file.as_ref().map(|file| format!(":{file}")).unwrap_or_default();
        let stem = self.file.as_deref().and_then(|file| Path::new(file).file_stem()).map(|s| s.to_string_lossy());
        let name = stem.unwrap_or_else(|| self.repo.rsplit('/').next().unwrap_or_default().into()).into_owned();
        let licence = info.card.and_then(|card| card.license?.as_str().map(str::to_owned));
        Ok(Fetched { source: format!("hf:{}@{}{file}", self.repo, info.sha), name, licence })
    }

    /// Downloads a file, again and again as long as there is progress.
    fn download(&self, repo: &ApiRepo, file: &Sibling, folder: &Path, is_shown: bool) -> Result<PathBuf, ModelError> {
        let (mut tries, mut before) = (0, held(folder));
        loop {
            let bar = if is_shown { ProgressBar::new(0) } else { ProgressBar::hidden() };
            let why = match repo.download_with_progress(&file.rfilename, bar) {
                Ok(path) if is_whole(&path, file).map_err(super::io(&path))? => return Ok(path),
                Ok(path) => {
                    let blob = fs::canonicalize(&path).map_err(super::io(&path))?;
                    fs::remove_file(&blob).and_then(|()| fs::remove_file(&path)).map_err(super::io(&path))?;
                    let what = format!("{} as downloaded has another size or sum than the hub says", file.rfilename);
                    ModelError::Damaged { path: format!("hf:{}", self.repo).into(), what }
                }
                Err(error) if is_final(&error) => return Err(self.explained(&error)),
                Err(error) => {
                    // A part that is whole, or too long: there is nothing behind it to ask for.
                    if matches!(&error, ApiError::InvalidResume) || status(&error) == Some(416) {
                        remove_parts(folder).map_err(super::io(folder))?;
                    }
                    self.explained(&error)
                }
            };
            let now = held(folder);
            tries = if now > before { 1 } else { tries + 1 };
            before = now;
            if tries >= TRIES {
                return Err(why);
            }
            thread::sleep(WAIT * 2u32.pow(tries));
        }
    }

    /// An error of the hub in words.
    fn explained(&self, error: &ApiError) -> ModelError {
        let token = "a token with access is read from HF_TOKEN, or from the file that `hf auth login` writes";
        match status(error) {
            Some(404) => self.missing("this repository or revision", "its name on the hub, with its owner"),
            Some(401 | 403) => self.missing("access to this repository", token),
            Some(code) => self.missing(format!("the model (the hub answers with status {code})"), "try again later"),
            None => {
                let hint = "what is here of it is kept: the same command continues; HF_ENDPOINT names another hub";
                self.missing(format!("the model ({error})"), hint)
            }
        }
    }
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whether a path leads below where it starts.
fn is_below(file: &str) -> bool {
    !file.is_empty() && Path::new(file).components().all(|part| matches!(part, Component::Normal(_)))
}

fn status(error: &ApiError) -> Option<u16> {
    match error {
        ApiError::RequestError(error) => match **error {
            ureq::Error::StatusCode(status) => Some(status),
            _ => None,
        },
        ApiError::TooManyRetries(error) => status(error),
        _ => None,
    }
}

/// Whether another try could not help.
fn is_final(error: &ApiError) -> bool {
    let is_full = matches!(error, ApiError::IoError(e) if e.kind() == io::ErrorKind::StorageFull);
    is_full || status(error).is_some_and(|status| (400..500).contains(&status) && ![408, 416, 429].contains(&status))
}

/// Whether a file is what the hub has, as far as the hub tells.
fn is_whole(path: &Path, file: &Sibling) -> io::Result<bool> {
    let is_long = file.size.is_none_or(|size| fs::metadata(path).is_ok_and(|m| m.len() == size));
    Ok(is_long
        && match file.lfs.as_ref().and_then(|lfs| lfs.sha256.as_ref()) {
            Some(wanted) => super::sha256(path).map_err(io::Error::other)? == *wanted,
            None => true,
        })
}

/// Bytes of a repository that are here.
fn held(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder.join("blobs")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

fn remove_parts(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder.join("blobs"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "part") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn has_room(directory: &Path, bytes: u64) -> Result<(), ModelError> {
    let system = rustix::fs::statvfs(directory).map_err(|e| super::io(directory)(e.into()))?;
    let free = system.f_bavail.saturating_mul(system.f_frsize);
    if bytes <= free {
        return Ok(());
    }
    let what = format!("the model needs {:.1} GB, and {:.1} GB are free", bytes as f64 / 1e9, free as f64 / 1e9);
    Err(super::io(directory)(io::Error::new(io::ErrorKind::StorageFull, what)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("of the hub").expect("well formed")
    }

    #[test]
    fn addresses_have_a_repository_and_perhaps_a_revision_and_a_file() {
        let some = |text: &str| Some(text.to_owned());
        let plain = Address { repo: "me/tiny".into(), revision: None, file: None };
        assert_eq!(address("hf:me/tiny"), plain);
        assert_eq!(address("hf:me/tiny@refs/pr/1"), Address { revision: some("refs/pr/1"), ..plain.clone() });
        let both = Address { revision: some("v1"), file: some("sub/q4.gguf"), ..plain };
        assert_eq!(address("hf:me/tiny@v1:sub/q4.gguf"), both);
        assert!(Address::parse("me/tiny").is_none());
        for wrong in ["hf:", "hf:a/b/c", "hf:../b", "hf:a/b@", "hf:a/b:x.bin", "hf:a/b:../x.gguf", "hf:a/b?c"] {
            let error = Address::parse(wrong).expect("of the hub").expect_err(wrong).to_string();
            assert!(error.contains("hf:OWNER/REPO@REVISION"), "{error}");
        }
    }

    #[test]
    fn a_model_is_its_tensors_and_what_reads_them_or_one_gguf() {
        let chosen = |text: &str, names: &[&str]| address(text).chosen(names).map_err(|e| e.to_string());
        let all = [
            "README.md",
            "config.json",
            "model-1.safetensors",
            "model.safetensors.index.json",
            "onnx/model.safetensors",
            "pytorch_model.bin",
            "tokenizer.json",
            "x.gguf",
        ];
        let wanted = ["config.json", "model-1.safetensors", "model.safetensors.index.json", "tokenizer.json"];
        assert_eq!(chosen("hf:a/b", &all), Ok(wanted.map(str::to_owned).to_vec()));
        assert_eq!(chosen("hf:a/b:x.gguf", &all), Ok(vec!["x.gguf".into()]));
        assert_eq!(chosen("hf:a/b", &["x.gguf", "README.md"]), Ok(vec!["x.gguf".into()]));
        let error = chosen("hf:a/b", &["x.gguf", "y.gguf"]).expect_err("two");
        assert!(error.contains("hf:a/b:x.gguf, hf:a/b:y.gguf"), "{error}");
        let error = chosen("hf:a/b:z.gguf", &["x.gguf", "../y.gguf"]).expect_err("another");
        assert!(error.contains("there are hf:a/b:x.gguf") && !error.contains("y.gguf"), "{error}");
        assert!(chosen("hf:a/b", &["pytorch_model.bin"]).is_err());
    }

    #[test]
    fn a_model_that_has_no_room_is_not_begun() {
        let error = has_room(Path::new("."), u64::MAX / 2).expect_err("too large").to_string();
        assert!(error.contains("GB are free"), "{error}");
    }
}
