//! The thread that writes to the cache: new results, uses, removals, in batches of one transaction each. Owns the write
//! connection, the limit and what is done about errors; a run learns of them when it closes the store.

use super::database::{self, Entry};
use super::error::{is_busy, is_damage};
use crossbeam_channel::{Receiver, RecvTimeoutError};
use rusqlite::{Connection, TransactionBehavior};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a batch is collected: what `kill -9` can cost in checks.
const BATCH_TIME: Duration = Duration::from_millis(300);

/// Messages of a batch, so that no transaction keeps others waiting.
const BATCH: usize = 1000;

/// What the writer is told.
pub(super) enum Message {
    Put(Box<Entry>),
    /// The entry was used.
    Use(i64),
    /// The entry is damaged.
    Remove(i64),
}

/// What went wrong, told apart from the first of its kind.
#[derive(Default)]
pub(super) struct Troubles {
    notes: Mutex<Vec<String>>,
    damaged_entries: AtomicU64,
    lost: AtomicU64,
    damaged: AtomicBool,
}

impl Troubles {
    /// Something to say once.
    pub fn note(&self, note: String) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
    }

    /// An entry is not what was written.
    pub fn note_entry(&self) {
        self.damaged_entries.fetch_add(1, Ordering::Relaxed);
    }

    /// A result could not be kept.
    pub fn lost(&self) {
        self.lost.fetch_add(1, Ordering::Relaxed);
    }

    /// The database contradicts itself: nobody is to use it further.
    pub fn damaged(&self) {
        self.damaged.store(true, Ordering::Relaxed);
    }

    /// True if the database contradicts itself.
    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Everything, in sentences.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match self.damaged_entries.load(Ordering::Relaxed) {
            0 => {}
            count => notes.push(format!("kept results that were damaged, and were checked again: {count}")),
        }
        match self.lost.load(Ordering::Relaxed) {
            0 => {}
            count => notes.push(format!("results that could not be kept for want of time or room: {count}")),
        }
        notes
    }
}

/// The writer's state.
pub(super) struct Writer {
    pub connection: Connection,
    pub judge: String,
    pub limit: u64,
    /// Hits not yet written down.
    pub hits: Arc<AtomicU64>,
    pub troubles: Arc<Troubles>,
}

impl Writer {
    /// Writes until nobody can tell it anything more.
    pub fn run(mut self, messages: &Receiver<Message>) {
        let mut batch = Vec::new();
        let mut open = true;
        let mut works = true;
        while open {
            match messages.recv() {
                Ok(message) => batch.push(message),
                Err(_) => open = false,
            }
            let deadline = Instant::now() + BATCH_TIME;
            while open && batch.len() < BATCH {
                match messages.recv_deadline(deadline) {
                    Ok(message) => batch.push(message),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => open = false,
                }
            }
            // After an error messages are taken all the same: the others must not think the writer is behind.
            if works {
                works = self.write(&batch);
            }
            batch.clear();
        }
    }

    /// Writes a batch; false if there is no point in trying again.
    fn write(&mut self, batch: &[Message]) -> bool {
        let hits = self.hits.swap(0, Ordering::Relaxed);
        if batch.is_empty() && hits == 0 {
            return true;
        }
        if self.troubles.is_damaged() {
            return false;
        }
        let Err(error) = self.transact(batch, hits) else { return true };
        if is_busy(&error) {
            batch.iter().for_each(|_| self.troubles.lost());
            return true;
        }
        if is_damage(&error) {
            self.troubles.damaged();
        }
        self.troubles.note(format!("results cannot be kept: {error}"));
        false
    }

    fn transact(&mut self, batch: &[Message], hits: u64) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if hits > 0 {
            database::add_hits(&transaction, hits)?;
        }
        let mut grown = false;
        let mut judge = None;
        for message in batch {
            match message {
                Message::Put(entry) => {
                    let id = match judge {
                        Some(id) => id,
                        None => *judge.insert(database::judge_id(&transaction, &self.judge)?),
                    };
                    database::insert(&transaction, id, entry)?;
                    grown = true;
                }
                Message::Use(id) => database::touch(&transaction, *id)?,
                Message::Remove(id) => database::remove(&transaction, *id)?,
            }
        }
        transaction.commit()?;
        if grown {
            database::evict(&self.connection, self.limit)?;
        }
        Ok(())
    }
}
