//! What need not be asked again: answers kept by earlier runs and those of this run, checks and comparisons alike. Owns
//! that memory, which is bounded; the executor acts on it.

use super::events::Origin;
use crate::store::{Answer, Judge, Key, Packed, Question, ResultStore};
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes of packed outcomes of this run that are remembered. What may be kept is in the store as well, or soon will be.
const LASTING_BYTES: usize = 32 << 20;

/// The same for outcomes that may not be kept: time bombs are few, and each is dear.
const FLEETING_BYTES: usize = 16 << 20;

/// What this and earlier runs have in common.
pub struct Reuse<'a> {
    judge: Judge,
    store: Option<&'a ResultStore>,
    /// The judge is no longer who it was when the run began: a library was edited.
    stale: AtomicBool,
    memory: Mutex<Memory>,
}

struct Memory {
    lasting: Recent,
    fleeting: Recent,
}

impl<'a> Reuse<'a> {
    /// For a run of `judge`. Without a store duplicates within the run are found all the same.
    pub fn new(judge: Judge, store: Option<&'a ResultStore>) -> Self {
        let memory = Memory { lasting: Recent::new(LASTING_BYTES), fleeting: Recent::new(FLEETING_BYTES) };
        Reuse { judge, store, stale: AtomicBool::new(false), memory: Mutex::new(memory) }
    }

    /// The key of a question to this judge.
    pub fn key<Q: Question>(&self, question: &Q) -> Key {
        Key::of(&self.judge, question)
    }

    /// The answer to a question that was asked before.
    pub fn find<A: Answer>(&self, key: &Key) -> Option<(A, Origin)> {
        let memory = self.memory();
        if let Some(answer) = memory.lasting.get(key).or_else(|| memory.fleeting.get(key)) {
            return Some((answer, Origin::Duplicate));
        }
        drop(memory);
        // Not under the lock: reading a disk must not hold up workers.
        let store = self.store.filter(|_| !self.stale.load(Ordering::Relaxed))?;
        Some((store.get(key)?, Origin::Store))
    }

    /// Remembers an answer, for later runs too if it may last.
    pub fn remember<Q: Question>(&self, key: Key, question: &Q, answer: &Q::Answer, fingerprint: &dyn Fn() -> String) {
        let packed = Packed::new(answer);
        if let Some(store) = self.store.filter(|_| packed.is_lasting()) {
            // Asked after the answer: a library that was edited before or during the work shows by now.
            if Judge::new(&fingerprint()) == self.judge {
                store.put(&key, question, &packed);
            } else {
                self.stale.store(true, Ordering::Relaxed);
            }
        }
        let mut memory = self.memory();
        let Memory { lasting, fleeting } = &mut *memory;
        if packed.is_lasting() { lasting } else { fleeting }.add(key, packed);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // Nothing panics between two changes that belong together.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Packed outcomes, first in first out, bounded by their bytes.
#[derive(Default)]
struct Recent {
    outcomes: HashMap<Key, Packed>,
    order: VecDeque<Key>,
    bytes: usize,
    limit: usize,
}

impl Recent {
    fn new(limit: usize) -> Self {
        Recent { limit, ..Recent::default() }
    }

    fn get<A: Answer>(&self, key: &Key) -> Option<A> {
        self.outcomes.get(key)?.answer().ok()
    }

    fn add(&mut self, key: Key, outcome: Packed) {
        self.bytes += size(&outcome);
        if let Some(old) = self.outcomes.insert(key, outcome) {
            self.bytes -= size(&old);
        } else {
            self.order.push_back(key);
        }
        while self.bytes > self.limit {
            let Some(oldest) = self.order.pop_front() else { break };
            self.bytes -= self.outcomes.remove(&oldest).map_or(0, |old| size(&old));
        }
    }
}

/// An outcome and its place in the maps.
fn size(outcome: &Packed) -> usize {
    outcome.len() + 200
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{ReadOptions, Records};
    use crate::domain::{Cause, CheckReport, CheckRequest, Record, Rung, Verdict};
    use crate::engine::{Engine, Scripted};
    use crate::runner::events::{Event, Reporter, Started};
    use crate::runner::under_way::WAITING;
    use crate::runner::{Asking, Work, run};
    use std::io;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    /// Index and verdict of every outcome, and how many had a check of their own.
    #[derive(Default)]
    struct Log(Vec<(u64, &'static str)>, usize);

    impl Reporter for Log {
        fn on(&mut self, event: &Event) -> io::Result<()> {
            if let Event::Checked(outcome) = event {
                assert_eq!(outcome.id, outcome.index.to_string(), "each under its own name");
                self.0.push((outcome.index, outcome.report.verdict.as_str()));
                self.1 += usize::from(outcome.origin == Origin::Check);
            }
            Ok(())
        }
    }

    fn request(record: &Record) -> CheckRequest {
        CheckRequest::new(record.code.clone())
    }

    /// Runs records of these codes with two jobs; says how often the engine was asked.
    fn go(codes: impl Iterator<Item = String>, store: Option<&ResultStore>, log: &mut Log) -> usize {
        let checks = AtomicUsize::new(0);
        let engine = Scripted::new(|code: &str| {
            checks.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(code.len() as u64));
            match code.starts_with("bomb") {
                true => Verdict::Undecided { cause: Cause::WallClock, detail: String::new() },
                false => Verdict::Accepted { level: Rung::Axioms },
            }
        });
        let input: String = codes.map(|code| format!("{{\"code\":\"{code}\"}}\n")).collect();
        let records = Records::from_reader("test", io::Cursor::new(input), ReadOptions::default()).unwrap();
        let reuse = Reuse::new(Judge::new(&engine.fingerprint()), store);
        let stop = AtomicBool::new(false);
        let work = Work {
            records: Box::new(records),
            asking: Asking { worker: &engine, reuse: Some(&reuse), jobs: 2, stop: &stop },
            request: &request,
            is_done: &|_, _| Ok(false),
            strict: false,
        };
        run(work, Started::default(), &mut [log]).unwrap();
        log.0.sort_unstable();
        checks.into_inner()
    }

    #[test]
    fn equal_records_are_checked_once_whatever_comes_of_them() {
        let mut log = Log::default();
        let codes = (0..300).map(|i| format!("{} {}", if i % 2 == 0 { "bomb" } else { "honest" }, i % 6));
        assert_eq!(go(codes, None, &mut log), 6);
        assert_eq!(log.1, 6);
        let verdict = |i| if i % 2 == 0 { "undecided" } else { "accepted" };
        assert_eq!(log.0, (0..300).map(|i| (i, verdict(i))).collect::<Vec<_>>());
    }

    #[test]
    fn what_may_last_is_found_by_the_next_run() {
        let directory = tempfile::tempdir().unwrap();
        let codes = || (0..40).map(|i| format!("{} {}", if i % 2 == 0 { "bomb" } else { "honest" }, i % 10));
        for checks in [10, 5] {
            let store = ResultStore::open(directory.path(), 1 << 30, Judge::new("scripted")).unwrap();
            let mut log = Log::default();
            assert_eq!(go(codes(), Some(&store), &mut log), checks);
            assert_eq!(log.0.len(), 40);
            assert_eq!(store.close(), Vec::<String>::new());
        }
    }

    #[test]
    fn feeding_pauses_while_too_many_wait() {
        let mut log = Log::default();
        let slow = "a".repeat(200);
        let codes = (0..WAITING + 1000).map(|_| slow.clone());
        assert_eq!(go(codes, None, &mut log), 1);
        assert_eq!(log.0.len(), WAITING + 1000);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (judge, engine) = (Judge::new("scripted"), Scripted::new(|_| Verdict::Accepted { level: Rung::Axioms }));
        let mut recent = Recent::new(10_000);
        let key = |i: u64| Key::of(&judge, &request(&Record { code: i.to_string(), ..Record::default() }));
        for i in 0..1000 {
            let report = engine.check(&request(&Record::default()));
            recent.add(key(i), Packed::new(&report));
            recent.add(key(i), Packed::new(&report));
        }
        assert!(recent.bytes <= 10_000 && recent.outcomes.len() == recent.order.len());
        assert!((10..50).contains(&recent.outcomes.len()), "{} outcomes", recent.outcomes.len());
        assert!(recent.get::<CheckReport>(&key(999)).is_some() && recent.get::<CheckReport>(&key(0)).is_none());
    }
}
