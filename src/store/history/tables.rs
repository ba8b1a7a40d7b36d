//! The tables of the history, and how its file is opened. Owns the schema and every refusal of a file that is not ours; changes
//! nothing in such a file.

use super::{History, HistoryError};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Version of the tables below.
pub(super) const SCHEMA: i64 = 1;

/// Marks the file as ours ("afnh").
const APPLICATION: i64 = 0x6166_6e68;

const TABLES: &str = "
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    revision TEXT,
    afcheck TEXT NOT NULL,
    lean TEXT NOT NULL,
    judge TEXT NOT NULL,
    judging TEXT NOT NULL,
    inputs TEXT NOT NULL,
    by_sample INTEGER NOT NULL
);
CREATE TABLE cells (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    data TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    undecided INTEGER NOT NULL,
    UNIQUE (run, model, data)
);
CREATE TABLE asked (
    cell INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
    problem TEXT NOT NULL,
    statement TEXT NOT NULL,
    UNIQUE (cell, problem)
);
CREATE TABLE judged (
    id INTEGER PRIMARY KEY,
    cell INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
    problem TEXT NOT NULL,
    sample INTEGER NOT NULL,
    sha256 TEXT,
    verdict TEXT NOT NULL,
    stage TEXT,
    reason TEXT,
    detail TEXT NOT NULL,
    heartbeats INTEGER NOT NULL,
    UNIQUE (cell, problem, sample)
);
CREATE INDEX judged_by_text ON judged (sha256, verdict);
CREATE TABLE again (
    judged INTEGER NOT NULL REFERENCES judged (id) ON DELETE CASCADE,
    verdict TEXT NOT NULL
);
CREATE INDEX again_by_judged ON again (judged);
CREATE INDEX asked_by_statement ON asked (statement);
CREATE TABLE texts (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
";

/// How long a transaction of another process is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

impl History {
    /// Opens a history, which is begun if there is none.
    pub fn open_or_begin(path: &Path) -> Result<History, HistoryError> {
        if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
            fs::create_dir_all(directory)
                .map_err(|source| HistoryError::File { path: directory.to_owned(), source })?;
        }
        History::connect(path, OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens a history that is there.
    pub fn open(path: &Path) -> Result<History, HistoryError> {
        match path.exists() {
            true => History::connect(path, OpenFlags::empty()),
            false => Err(HistoryError::Absent(path.to_owned())),
        }
    }

    fn connect(path: &Path, more: OpenFlags) -> Result<History, HistoryError> {
        let failed = |source| HistoryError::of_sql(path, source);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
        let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        // Looked at before anything is written: the file may be somebody else's.
        refuse(&connection, path)?;
        // A killed process loses nothing; a power cut at most the last run, whose outputs are there to be judged again.
        connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        if number(&transaction, "user_version").map_err(failed)? == 0 {
            transaction.execute_batch(TABLES).map_err(failed)?;
            transaction.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
            transaction.pragma_update(None, "user_version", SCHEMA).map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        Ok(History { connection, path: path.to_owned() })
    }
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}

/// Says no to a file that is not empty and not ours, or of another version.
fn refuse(connection: &Connection, path: &Path) -> Result<(), HistoryError> {
    let failed = |source| HistoryError::of_sql(path, source);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    let version = number(connection, "user_version").map_err(failed)?;
    if number(connection, "application_id").map_err(failed)? != APPLICATION {
        return match (tables, version) {
            (0, 0) => Ok(()),
            _ => Err(HistoryError::Foreign { path: path.to_owned(), reason: "it is another database".to_owned() }),
        };
    }
    match version {
        SCHEMA => Ok(()),
        found => Err(HistoryError::OtherVersion { path: path.to_owned(), found, known: SCHEMA }),
    }
}
