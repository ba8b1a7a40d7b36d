//! What can be wrong with a model: its files, their contents, or what it asks for. Owns the words people read.

use std::io;
use std::path::PathBuf;

/// A model that cannot be used as it is.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file cannot be read.
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    /// A file cannot be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Unwritten { path: PathBuf, source: io::Error },
    /// Something is where a file should be written.
    #[error("{} exists{}", path.display(), in_brackets(.hint))]
    Exists { path: PathBuf, hint: String },
    /// A file is not what it should be: truncated, of another format, or with impossible numbers.
    #[error("{}: {what}", path.display())]
    Damaged { path: PathBuf, what: String },
    /// A tensor, a key of the metadata or a file is not there.
    #[error("{}: {what} is missing{}", path.display(), in_brackets(.hint))]
    Missing { path: PathBuf, what: String, hint: String },
    /// A tensor has another shape than the model's configuration asks for.
    #[error("{}: tensor `{tensor}` has shape {found:?}, the configuration asks for {wanted:?}", path.display())]
    Shape { path: PathBuf, tensor: String, found: Vec<usize>, wanted: Vec<usize> },
    /// The model is of a kind that is not built in.
    #[error("{what} is not supported{}", in_brackets(.hint))]
    Unsupported { what: String, hint: String },
}

fn in_brackets(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!(" ({hint})") }
}
