//! The directory of a file of settings, where its paths start, and the directory where its work goes. Owns paths, the lock that keeps
//! two runs apart, and how tables become options.

use crate::cli::commands::models::usage;
use crate::cli::exit::{Exit, Failure};
use crate::pipeline::conditions::{Condition, View};
use crate::store::artifacts::Artifacts;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

const LOCK: &str = "lock";

/// Options of other commands that name data or models, which may be paths beside the file.
const NAMES: [&str; 5] = ["shots-from", "shots-probe", "probe", "teacher", "teacher-adapter"];

/// A file and its surroundings.
pub struct Base {
    pub file: PathBuf,
    directory: PathBuf,
    pub out: PathBuf,
    pub artifacts: Artifacts,
}

impl Base {
    /// Of a file whose work goes to `out` beside it.
    pub fn of(file: &Path, out: &str) -> Base {
        let directory = file.parent().map(Path::to_owned).unwrap_or_default();
        let out = directory.join(out);
        let artifacts = Artifacts::below(&out.join("artifacts"));
        Base { file: file.to_owned(), directory, out, artifacts }
    }

    /// The text of a file; `hint` says how one is begun.
    pub fn text(file: &Path, hint: &str) -> Result<String, Failure> {
        fs::read_to_string(file).map_err(|error| {
            let hint = match error.kind() {
                std::io::ErrorKind::NotFound => format!("; {hint} begins one"),
                _ => String::new(),
            };
            usage(format!("{}: {error}{hint}", file.display()))
        })
    }

    /// Keeps other runs away as long as it lives.
    pub fn lock(&self, command: &str) -> Result<File, Failure> {
        let failed = |error| Failure::new(Exit::Output, format!("{}: {error}", self.out.display()));
        fs::create_dir_all(&self.out).map_err(failed)?;
        let file = File::create(self.out.join(LOCK)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(usage(format!(
                "another `afcheck {command} run` is at work in {}; `afcheck {command} status` tells how far it is",
                self.out.display()
            ))),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Whether some process is at work right now.
    pub fn is_at_work(&self) -> bool {
        let Ok(file) = File::open(self.out.join(LOCK)) else { return false };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// A path of the file.
    pub fn path(&self, text: &str) -> PathBuf {
        self.directory.join(text)
    }

    /// A data set or model of the file: a path beside it if there is one, otherwise a name.
    pub fn path_or_name(&self, text: &str) -> String {
        let path = self.path(text);
        if path.exists() { path.display().to_string() } else { text.to_owned() }
    }

    /// A data condition of the file, with its paths.
    pub fn condition(&self, text: &str) -> Result<Condition, Failure> {
        let mut condition: Condition = text.parse().map_err(usage)?;
        for part in &mut condition.parts {
            let (View::Aligned(name)
            | View::Formal(name)
            | View::Informal(name)
            | View::Unpaired { set: name, .. }
            | View::Texts { path: name, .. }) = &mut part.view;
            *name = self.path_or_name(name);
        }
        Ok(condition)
    }

    /// A table of the file as options of a command. Values that are paths beside the file become such.
    pub fn options(&self, section: &str, table: &toml::Table) -> Result<Vec<String>, Failure> {
        let mut words = Vec::new();
        for (key, value) in table {
            let key = key.replace('_', "-");
            let word = |value: &toml::Value| match value {
                toml::Value::String(text) if NAMES.contains(&key.as_str()) => Ok(self.path_or_name(text)),
                toml::Value::String(text) => Ok(text.clone()),
                toml::Value::Integer(number) => Ok(number.to_string()),
                toml::Value::Float(number) => Ok(number.to_string()),
                other => Err(usage(format!("[{section}] {key} = {other}: a text, a number or true is needed"))),
            };
            match value {
                toml::Value::Boolean(true) => words.push(format!("--{key}")),
                toml::Value::Boolean(false) => {}
                toml::Value::Array(all) => {
                    let all = all.iter().map(word).collect::<Result<Vec<_>, _>>()?;
                    words.push(format!("--{key}={}", all.join(",")));
                }
                one => words.push(format!("--{key}={}", word(one)?)),
            }
        }
        Ok(words)
    }
}
