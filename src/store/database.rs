//! The tables of the result cache and their SQL. Owns the schema; when to write, and what to do about errors, is for
//! those who call.
//!
//! Small rows (`entries`) and large ones (`blobs`) are apart: a use writes a row of a hundred bytes, and counting reads
//! no result. WAL mode: readers and one writer at a time do not wait for one another, and a process that is killed, or a
//! machine that loses power, leaves the state after some committed transaction.

use super::error::{StoreError, is_busy};
use super::key::Key;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Version of the tables below.
const SCHEMA: i64 = 1;

const TABLES: &str = "
CREATE TABLE judges (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    judge INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    created INTEGER NOT NULL,
    used INTEGER NOT NULL
);
CREATE INDEX entries_by_use ON entries (used, id);
CREATE TABLE blobs (id INTEGER PRIMARY KEY, report BLOB NOT NULL, request BLOB NOT NULL);
CREATE TRIGGER forget AFTER DELETE ON entries BEGIN DELETE FROM blobs WHERE id = old.id; END;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
";

/// How long a transaction of another process is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a log that was once large is cut back to.
const LOG_BYTES: i64 = 16 << 20;

/// A connection to a database that has its tables.
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    let start = Instant::now();
    // Going over to WAL mode does not wait for others in every case, as everything else does.
    while let Err(error) = prepare(&mut connection) {
        match error {
            StoreError::Sql(error) if is_busy(&error) && start.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            error => return Err(error),
        }
    }
    Ok(connection)
}

fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    // Takes effect only before the first table is made: pages can then be given back without copying everything.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A power cut may lose the last transactions, never the rest; a killed process loses none.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    let version = |connection: &Connection| connection.pragma_query_value(None, "user_version", |row| row.get(0));
    if version(connection)? == SCHEMA {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let found: i64 = version(&transaction)?;
    let empty = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))? == 0;
    match found {
        SCHEMA => {}
        0 if empty => {
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "user_version", SCHEMA)?;
        }
        other => return Err(StoreError::OtherVersion(other)),
    }
    transaction.commit()?;
    Ok(())
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

/// A row that was asked for.
pub(super) struct Row {
    pub id: i64,
    pub used: i64,
    /// Sealed.
    pub report: Vec<u8>,
}

/// Looks a key up.
pub(super) fn find(connection: &Connection, key: &Key) -> rusqlite::Result<Option<Row>> {
    let mut statement = connection
        .prepare_cached("SELECT e.id, e.used, b.report FROM entries e JOIN blobs b ON b.id = e.id WHERE e.key = ?1")?;
    statement
        .query_row([key.bytes()], |row| Ok(Row { id: row.get(0)?, used: row.get(1)?, report: row.get(2)? }))
        .optional()
}

/// The number of a judge, given to it if it has none.
pub(super) fn judge_id(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.prepare_cached("INSERT OR IGNORE INTO judges (name) VALUES (?1)")?.execute([name])?;
    connection.query_row("SELECT id FROM judges WHERE name = ?1", [name], |row| row.get(0))
}

/// An entry to be kept; both contents sealed.
pub(super) struct Entry {
    pub key: Key,
    pub verdict: String,
    pub report: Vec<u8>,
    pub request: Vec<u8>,
}

/// Keeps an entry unless there is one with its key.
pub(super) fn insert(connection: &Connection, judge: i64, entry: &Entry) -> rusqlite::Result<()> {
    let Entry { key, verdict, report, request } = entry;
    let bytes = (report.len() + request.len()) as i64;
    let inserted = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO entries (key, judge, verdict, bytes, created, used) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        )?
        .execute(params![key.bytes(), judge, verdict, bytes, now()])?;
    if inserted == 1 {
        connection.prepare_cached("INSERT INTO blobs (id, report, request) VALUES (?1, ?2, ?3)")?.execute(params![
            connection.last_insert_rowid(),
            report,
            request
        ])?;
    }
    Ok(())
}

/// Notes a use.
pub(super) fn touch(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE entries SET used = ?2 WHERE id = ?1")?.execute([id, now()]).map(drop)
}

/// Forgets an entry.
pub(super) fn remove(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM entries WHERE id = ?1")?.execute([id]).map(drop)
}

/// Adds to the count of hits.
pub(super) fn add_hits(connection: &Connection, hits: u64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO counters (name, value) VALUES ('hits', ?1)
             ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
        )?
        .execute([hits as i64])
        .map(drop)
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<u64> {
    connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map(|value| value.max(0) as u64)
}

/// Entries removed in one transaction of an eviction, so that others need not wait long.
const EVICTED_AT_ONCE: u64 = 500;

/// Removes the least recently used entries until what is left fills nine tenths of `limit` at most, if it fills more
/// than all of it. Says how many were removed.
pub(super) fn evict(connection: &Connection, limit: u64) -> rusqlite::Result<usize> {
    let page = pragma(connection, "page_size")?.max(1);
    let in_use =
        || Ok::<_, rusqlite::Error>((pragma(connection, "page_count")? - pragma(connection, "freelist_count")?) * page);
    let (mut full, goal) = (in_use()?, limit / 10 * 9);
    if full <= limit {
        return Ok(0);
    }
    let count: i64 = connection.query_row("SELECT count(*) FROM entries", [], |row| row.get(0))?;
    let mean = (full / count.max(1) as u64).max(1);
    let mut removed = 0;
    while full > goal {
        let some = (full - goal).div_ceil(mean).min(EVICTED_AT_ONCE);
        let gone = connection
            .prepare_cached("DELETE FROM entries WHERE id IN (SELECT id FROM entries ORDER BY used, id LIMIT ?1)")?
            .execute([some as i64])?;
        if gone == 0 {
            break;
        }
        removed += gone;
        full = in_use()?;
    }
    // Free pages are used again; only a file that is itself beyond the limit (which may have been lowered) is cut.
    if pragma(connection, "page_count")? * page > limit {
        give_back(connection)?;
    }
    Ok(removed)
}

/// Gives free pages back to the file system.
pub(super) fn give_back(connection: &Connection) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("PRAGMA incremental_vacuum")?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

/// What SQLite itself finds wrong with the file, nothing if it is sound.
pub(super) fn integrity(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}
