//! What people ask of the cache: how much is in it, forget it, is it sound. Owns those questions; judging a sample again
//! is `pipeline`'s.

use super::database;
use super::error::StoreError;
use super::key::{Judge, Key};
use super::location::{self, DATABASE, Opened};
use super::pack::unpack;
use super::question::{Answer, Question};
use super::seal::{Content, unseal};
use crate::domain::{CheckReport, CheckRequest, EquivalenceReport, EquivalenceRequest};
use rusqlite::{OptionalExtension, Row};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The cache as its owner sees it.
pub struct Maintenance {
    directory: PathBuf,
    connection: rusqlite::Connection,
    lock: File,
    /// What people should know of how it was opened.
    pub note: Option<String>,
}

/// How many entries of a kind, and their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub name: String,
    pub entries: u64,
    pub bytes: u64,
}

/// What the cache holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub entries: u64,
    /// Bytes of the entries, as they are kept.
    pub bytes: u64,
    /// Bytes of the files, room for reuse and a broken database set aside included.
    pub disk: u64,
    /// Results given instead of checks, ever.
    pub hits: u64,
    pub verdicts: Vec<Kept>,
    /// By what judged: version of afcheck, engine, library.
    pub judges: Vec<Kept>,
    /// When the oldest entry was made, in seconds since 1970.
    pub oldest: Option<u64>,
}

/// An entry to be judged again.
pub struct Sample {
    id: i64,
    pub key: Key,
    pub exchange: Exchange,
}

/// What was asked and what was answered.
pub enum Exchange {
    Check(CheckRequest, Box<CheckReport>),
    Comparison(EquivalenceRequest, Box<EquivalenceReport>),
}

/// What an examination found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    pub entries: u64,
    /// What SQLite finds wrong with the file.
    pub file: Vec<String>,
    /// Keys of entries that are not what was written, and why.
    pub damaged: Vec<String>,
}

impl Maintenance {
    /// Opens the cache of a directory; `None` if there is none.
    pub fn open(directory: &Path) -> Result<Option<Maintenance>, StoreError> {
        if !directory.join(DATABASE).exists() {
            return Ok(None);
        }
        let Opened { connection, lock, note } = location::open(directory)?;
        Ok(Some(Maintenance { directory: directory.to_owned(), connection, lock, note }))
    }

    /// Counts.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        let number = |row: &Row<'_>, i| row.get::<_, i64>(i).map(|n| n.max(0) as u64);
        let kept = |sql: &str| -> rusqlite::Result<Vec<Kept>> {
            let mut statement = self.connection.prepare(sql)?;
            let rows = statement.query_map([], |row| {
                Ok(Kept { name: row.get(0)?, entries: number(row, 1)?, bytes: number(row, 2)? })
            })?;
            rows.collect()
        };
        let verdicts =
            kept("SELECT verdict, count(*), sum(bytes) FROM entries GROUP BY verdict ORDER BY count(*) DESC")?;
        let judges = kept(
            "SELECT j.name, count(*), sum(e.bytes) FROM entries e JOIN judges j ON j.id = e.judge
             GROUP BY j.id ORDER BY count(*) DESC",
        )?;
        let hits = self
            .connection
            .query_row("SELECT value FROM counters WHERE name = 'hits'", [], |row| number(row, 0))
            .optional()?;
        let oldest: Option<i64> =
            self.connection.query_row("SELECT min(created) FROM entries", [], |row| row.get(0))?;
        let sizes = location::files(&self.directory).into_iter().map(|file| fs::metadata(file).map_or(0, |m| m.len()));
        Ok(Stats {
            entries: verdicts.iter().map(|v| v.entries).sum(),
            bytes: verdicts.iter().map(|v| v.bytes).sum(),
            disk: sizes.sum(),
            hits: hits.unwrap_or(0),
            verdicts,
            judges,
            oldest: oldest.map(|seconds| seconds.max(0) as u64),
        })
    }

    /// Forgets entries that were not used for at least `age`, all without one. Says how many.
    pub fn clear(&self, age: Option<Duration>) -> Result<u64, StoreError> {
        let before = match age {
            Some(age) => database::now() - i64::try_from(age.as_secs()).unwrap_or(i64::MAX),
            None => i64::MAX,
        };
        let gone = self.connection.execute("DELETE FROM entries WHERE used <= ?1", [before])?;
        self.connection.execute("DELETE FROM judges WHERE id NOT IN (SELECT judge FROM entries)", [])?;
        database::give_back(&self.connection)?;
        // Also gives the log's room back; if another process is reading, later.
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).optional()?;
        Ok(gone as u64)
    }

    /// Looks at everything: the file, and every entry's seal, contents and key. Damaged entries are removed.
    pub fn examine(&self) -> Result<Findings, StoreError> {
        let mut findings = Findings { file: database::integrity(&self.connection)?, ..Findings::default() };
        if !findings.file.is_empty() {
            return Ok(findings);
        }
        let mut bad = Vec::new();
        let mut statement = self.connection.prepare(
            "SELECT e.id, e.key, j.name, b.report, b.request FROM entries e
             LEFT JOIN judges j ON j.id = e.judge LEFT JOIN blobs b ON b.id = e.id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            findings.entries += 1;
            if let Err(reason) = read(row) {
                let key: Vec<u8> = row.get(1)?;
                let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
                findings.damaged.push(format!("{key}: {reason}"));
                bad.push(row.get(0)?);
            }
        }
        drop(rows);
        for id in bad {
            database::remove(&self.connection, id)?;
        }
        Ok(findings)
    }

    /// Sets a broken database aside, so that the next run begins anew. False if it is sound after all.
    pub fn set_aside(self) -> Result<bool, StoreError> {
        let Maintenance { directory, connection, lock, .. } = self;
        drop(connection);
        location::set_aside_if_broken(&directory, &lock)
    }

    /// At most `count` entries of a judge, at random.
    pub fn sample(&self, judge: &Judge, count: usize) -> Result<Vec<Sample>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT e.id, e.key, j.name, b.report, b.request FROM
             (SELECT e.id FROM entries e JOIN judges j ON j.id = e.judge WHERE j.name = ?1 ORDER BY random() LIMIT ?2) s
             JOIN entries e ON e.id = s.id JOIN judges j ON j.id = e.judge JOIN blobs b ON b.id = e.id",
        )?;
        let mut rows = statement.query(rusqlite::params![judge.name(), i64::try_from(count).unwrap_or(i64::MAX)])?;
        let mut samples = Vec::new();
        while let Some(row) = rows.next()? {
            samples.extend(read(row).ok());
        }
        Ok(samples)
    }

    /// Forgets an entry that turned out wrong.
    pub fn remove(&self, sample: &Sample) -> Result<(), StoreError> {
        Ok(database::remove(&self.connection, sample.id)?)
    }
}

/// An entry from a row of id, key, judge, report and request.
fn read(row: &Row<'_>) -> Result<Sample, String> {
    let text = |e: rusqlite::Error| e.to_string();
    let key: Vec<u8> = row.get(1).map_err(text)?;
    let key = Key::of_bytes(&key).ok_or("the key is not 32 bytes")?;
    let judge: Option<String> = row.get(2).map_err(text)?;
    let judge = Judge::named(judge.ok_or("nobody is named as its judge")?);
    let bytes = |column| {
        let sealed: Option<Vec<u8>> = row.get(column).map_err(text)?;
        sealed.ok_or_else(|| "a part is missing".to_owned())
    };
    let (report, request): (Vec<u8>, Vec<u8>) = (bytes(3)?, bytes(4)?);
    // The seal says what kind it is: one kind never passes for the other.
    let exchange = if unseal(&key, Content::EquivalenceRequest, &request).is_some() {
        let (request, report) = exchange(&judge, &key, &request, &report)?;
        Exchange::Comparison(request, Box::new(report))
    } else {
        let (request, report) = exchange(&judge, &key, &request, &report)?;
        Exchange::Check(request, Box::new(report))
    };
    Ok(Sample { id: row.get(0).map_err(text)?, key, exchange })
}

fn exchange<Q: Question>(judge: &Judge, key: &Key, request: &[u8], report: &[u8]) -> Result<(Q, Q::Answer), String> {
    let part = |content, sealed| unseal(key, content, sealed).ok_or_else(|| format!("the {content:?} was changed"));
    let report = unpack(part(Q::Answer::CONTENT, report)?)?;
    let request = unpack(part(Q::CONTENT, request)?)?;
    // Not of what an older version would have hashed, if hashing had changed: REVISION is in the judge's name.
    if Key::of(judge, &request) != *key {
        return Err("the request is another's".into());
    }
    Ok((request, report))
}
