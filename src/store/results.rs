//! The cache as a run uses it: look up, keep, close. Owns the read connection and the end of the writer; a run never
//! waits for a write, and what goes wrong is collected for people and otherwise counts as not found.

use super::database;
use super::error::{StoreError, is_busy, is_damage};
use super::key::{Judge, Key};
use super::location;
use super::pack::{Packed, pack, unpack};
use super::question::{Answer, Question};
use super::seal::{seal, unseal};
use super::writer::{Message, Troubles, Writer};
use crossbeam_channel::{Sender, bounded};
use rusqlite::Connection;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Messages the writer may be behind. Beyond it results are not kept: another process holds the database.
const BACKLOG: usize = 4096;

/// A use is written down if the last one known is older than this, in seconds: the order of eviction need not be finer,
/// and a run over warm records should write nothing.
const USE_GRAIN: i64 = 3600;

/// Results of earlier checks and comparisons by one judge.
pub struct ResultStore {
    judge: Judge,
    directory: PathBuf,
    /// `None` once the database proved unreadable.
    reader: Mutex<Option<Connection>>,
    hits: Arc<AtomicU64>,
    troubles: Arc<Troubles>,
    to_writer: Option<Sender<Message>>,
    writer: Option<JoinHandle<()>>,
    lock: File,
}

impl ResultStore {
    /// Opens the cache in `directory`, which grows to about `limit` bytes.
    pub fn open(directory: &Path, limit: u64, judge: Judge) -> Result<ResultStore, StoreError> {
        let opened = location::open(directory)?;
        let reader = database::connect(&directory.join(location::DATABASE))?;
        let (hits, troubles) = (Arc::new(AtomicU64::new(0)), Arc::new(Troubles::default()));
        if let Some(note) = opened.note {
            troubles.note(note);
        }
        let (to_writer, messages) = bounded(BACKLOG);
        let writer = Writer {
            connection: opened.connection,
            judge: judge.name().to_owned(),
            limit,
            hits: hits.clone(),
            troubles: troubles.clone(),
        };
        let writer = std::thread::Builder::new()
            .name("afcheck-results".into())
            .spawn(move || writer.run(&messages))
            .map_err(|source| StoreError::File { path: directory.to_owned(), source })?;
        Ok(ResultStore {
            judge,
            directory: directory.to_owned(),
            reader: Mutex::new(Some(reader)),
            hits,
            troubles,
            to_writer: Some(to_writer),
            writer: Some(writer),
            lock: opened.lock,
        })
    }

    /// Whose results these are.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// What was answered before to the question of this key.
    pub fn get<A: Answer>(&self, key: &Key) -> Option<A> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if self.troubles.is_damaged() {
            *reader = None;
        }
        let row = match database::find(reader.as_ref()?, key) {
            Ok(row) => row?,
            Err(error) => {
                if is_damage(&error) {
                    self.troubles.damaged();
                }
                if !is_busy(&error) {
                    self.troubles.note(format!("kept results cannot be read: {error}"));
                    *reader = None;
                }
                return None;
            }
        };
        drop(reader);
        let Some(answer) = unseal(key, A::CONTENT, &row.report).and_then(|bytes| unpack(bytes).ok()) else {
            self.troubles.note_entry();
            self.tell(Message::Remove(row.id));
            return None;
        };
        self.hits.fetch_add(1, Ordering::Relaxed);
        if database::now() - row.used > USE_GRAIN {
            self.tell(Message::Use(row.id));
        }
        Some(answer)
    }

    /// Keeps an answer if its outcome may outlive the run. Written soon, together with others.
    pub fn put<Q: Question>(&self, key: &Key, question: &Q, answer: &Packed) {
        if !answer.is_lasting() {
            return;
        }
        self.tell(Message::Put(Box::new(database::Entry {
            key: *key,
            verdict: answer.outcome.clone(),
            report: seal(key, Q::Answer::CONTENT, &answer.bytes),
            request: seal(key, Q::CONTENT, &pack(question)),
        })));
    }

    /// Writes what is left and closes the files. Says what people should know of, in sentences.
    pub fn close(mut self) -> Vec<String> {
        self.stop();
        let mut notes = self.troubles.notes();
        if self.troubles.is_damaged() {
            notes.extend(match location::set_aside_if_broken(&self.directory, &self.lock) {
                Ok(true) => Some("the database of kept results is broken and was set aside".into()),
                Ok(false) => None,
                Err(error) => Some(error.to_string()),
            });
        }
        notes
    }

    fn tell(&self, message: Message) {
        // A worker that waited here would be a lost core; a result that is not kept is one more check another time.
        if self.to_writer.as_ref().is_some_and(|writer| writer.try_send(message).is_err()) {
            self.troubles.lost();
        }
    }

    fn stop(&mut self) {
        self.to_writer = None;
        *self.reader.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl Drop for ResultStore {
    fn drop(&mut self) {
        self.stop();
    }
}
