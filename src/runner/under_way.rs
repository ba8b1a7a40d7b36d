//! Questions being answered right now, and whose answers come with theirs. Owns the places that wait, which are bounded.
//!
//! Decided where questions are fed: a worker that waited for another worker's answer would be a lost core.

use crate::store::Key;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Places that may wait. Each takes some 100 bytes; beyond it feeding pauses.
pub(super) const WAITING: usize = 50_000;

/// Questions under way with the places that wait for them.
pub(super) struct UnderWay<P> {
    state: Mutex<State<P>>,
    /// Told when places stop waiting.
    room: Condvar,
}

struct State<P> {
    waiting: usize,
    places: HashMap<Key, Vec<P>>,
}

impl<P> UnderWay<P> {
    /// Nothing is under way.
    pub fn new() -> Self {
        UnderWay { state: Mutex::new(State { waiting: 0, places: HashMap::new() }), room: Condvar::new() }
    }

    /// Waits with this place for the answer to an equal question, if one is under way; otherwise gives it back. Blocks
    /// while too many wait, unless `stop` is set.
    pub fn follow(&self, key: &Key, place: P, stop: &AtomicBool) -> Option<P> {
        let mut state = self.state();
        while state.places.contains_key(key) && state.waiting >= WAITING && !stop.load(Ordering::Relaxed) {
            let waited = self.room.wait_timeout(state, Duration::from_millis(100));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let State { waiting, places } = &mut *state;
        let Some(followers) = places.get_mut(key) else { return Some(place) };
        followers.push(place);
        *waiting += 1;
        None
    }

    /// A question is under way from now on.
    pub fn begin(&self, key: Key) {
        self.state().places.insert(key, Vec::new());
    }

    /// It is answered: who waited for it.
    pub fn end(&self, key: &Key) -> Vec<P> {
        let mut state = self.state();
        let followers = state.places.remove(key).unwrap_or_default();
        state.waiting -= followers.len();
        self.room.notify_all();
        followers
    }

    fn state(&self) -> MutexGuard<'_, State<P>> {
        // Nothing panics between two changes that belong together.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
