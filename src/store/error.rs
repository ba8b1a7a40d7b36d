//! Why results cannot be kept. Owns the translation of SQLite's codes; no text here says what to do about a run, which
//! goes on without a cache in any case.

use rusqlite::ErrorCode;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why there is no result cache, or no longer.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error("{}: {source}", .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("another process holds {} for longer than it should", .0.display())]
    Locked(PathBuf),
    #[error("{} is damaged ({reason}) and cannot be set aside while another process uses it", .path.display())]
    DamagedInUse { path: PathBuf, reason: String },
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    /// The tables are not those of this version.
    #[error("its tables are those of another version ({0})")]
    OtherVersion(i64),
}

impl StoreError {
    /// True if the file itself is at fault: it is no database, a broken one, or one of another version.
    pub fn is_damage(&self) -> bool {
        match self {
            StoreError::Sql(error) => is_damage(error),
            StoreError::OtherVersion(_) => true,
            _ => false,
        }
    }
}

/// True if the database contradicts itself. A missing table or column is among it: the version said it is there.
pub fn is_damage(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(error, message) => match error.code {
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => true,
            ErrorCode::Unknown => message.as_deref().is_some_and(|m| m.contains("no such")),
            _ => false,
        },
        rusqlite::Error::SqlInputError { msg, .. } => msg.contains("no such"),
        rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::IntegralValueOutOfRange(..) => true,
        _ => false,
    }
}

/// True if another process was in the way for longer than one waits.
pub fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
