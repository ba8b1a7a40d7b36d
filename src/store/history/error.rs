//! Why a history cannot be used. Owns the words; the file is left as it is in every case.

use crate::store::error::is_damage;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why there is no history to read or write.
#[derive(Debug, Error)]
pub enum HistoryError {
    #[error("{}: {source}", .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("there is no history at {}; `afcheck nightly run` begins one", .0.display())]
    Absent(PathBuf),
    #[error("{} is no history of nightly runs ({reason}); name another file with `history`, it was left as it is", .path.display())]
    Foreign { path: PathBuf, reason: String },
    #[error(
        "{} has tables of version {found}, and this afcheck reads version {known}: use the afcheck that wrote it, or name \
         another file with `history`; it was left as it is", .path.display()
    )]
    OtherVersion { path: PathBuf, found: i64, known: i64 },
    #[error("{} is damaged ({reason}); put back a copy, or name another file with `history`; it was left as it is", .path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error("{}: {source}", .path.display())]
    Sql { path: PathBuf, source: rusqlite::Error },
}

impl HistoryError {
    /// The error for something SQLite said of the file.
    pub(super) fn of_sql(path: &Path, source: rusqlite::Error) -> HistoryError {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => HistoryError::Foreign { path, reason: source.to_string() },
            _ if is_damage(&source) => HistoryError::Damaged { path, reason: source.to_string() },
            _ => HistoryError::Sql { path, source },
        }
    }
}
