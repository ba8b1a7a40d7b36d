//! Results of earlier runs around a command's work: opened before, closed after, and whatever is wrong with them told once.

use crate::cli::args::Common;
use crate::engine::Engine;
use crate::runner::Reuse;
use crate::store::{Judge, ResultStore};

/// Does `work` with what is kept of this engine, at most `limit` bytes of it; without `limit` nothing is used or kept. A
/// cache that cannot be opened is said, and the run goes on without it.
pub fn with_results<T>(
    common: &Common,
    engine: &dyn Engine,
    limit: Option<u64>,
    work: impl FnOnce(Option<&Reuse<'_>>) -> T,
) -> T {
    let Some(limit) = limit else { return work(None) };
    let judge = Judge::new(&engine.fingerprint());
    let store = match ResultStore::open(super::cache(common).root(), limit, judge.clone()) {
        Ok(store) => Some(store),
        Err(error) => {
            eprintln!("warning: results of other runs are not used, and none are kept: {error}");
            None
        }
    };
    let done = work(Some(&Reuse::new(judge, store.as_ref())));
    for note in store.map(ResultStore::close).unwrap_or_default() {
        eprintln!("warning: {note}");
    }
    done
}
