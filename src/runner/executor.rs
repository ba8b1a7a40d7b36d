//! Owns the jobs: one thread feeds questions, others have them answered. Knows nothing of what is asked or why; what need
//! not be asked is `reuse`'s and `under_way`'s to say, what becomes of answers is the receiver's business.

use super::events::Origin;
use super::reuse::Reuse;
use super::under_way::UnderWay;
use super::worker::Worker;
use crate::store::{Key, Question};
use crossbeam_channel::{Receiver, SendError, Sender, bounded};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Scope;

/// Who answers, and how.
pub struct Asking<'a, W: ?Sized> {
    pub worker: &'a W,
    /// Where answers come from that need no work; `None` asks every question.
    pub reuse: Option<&'a Reuse<'a>>,
    /// Questions at once.
    pub jobs: usize,
    pub stop: &'a AtomicBool,
}

impl<W: ?Sized> Clone for Asking<'_, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<W: ?Sized> Copy for Asking<'_, W> {}

/// What is fed: a question with a place for its answer, or something that only passes through.
pub(super) enum Fed<P, Q, M> {
    Ask(P, Q),
    Say(M),
}

/// What comes out, in completion order.
pub(super) enum Told<P, A, M> {
    Answer(P, A, Origin),
    Said(M),
}

/// A question to be asked.
struct Job<P, Q> {
    place: P,
    question: Q,
    /// Under which the answer is reused, if it is.
    key: Option<Key>,
}

/// Nobody listens any more.
struct Gone;

impl<T> From<SendError<T>> for Gone {
    fn from(_: SendError<T>) -> Gone {
        Gone
    }
}

/// Starts the threads. The channel closes when everything fed has been told. Once `stop` is set nothing more is asked:
/// what is under way is finished, what was only queued is not told.
pub(super) fn start<'scope, Q, P, M, W>(
    scope: &'scope Scope<'scope, '_>,
    input: impl Iterator<Item = Fed<P, Q, M>> + Send + 'scope,
    asking: Asking<'scope, W>,
) -> Receiver<Told<P, Q::Answer, M>>
where
    Q: Question + 'scope,
    Q::Answer: 'scope,
    P: Send + 'scope,
    M: Send + 'scope,
    W: Worker<Q> + ?Sized,
{
    let jobs = asking.jobs.max(1);
    let (told, received) = bounded(64);
    let (queue, queued) = bounded::<Job<P, Q>>(2 * jobs);
    let under_way = Arc::new(UnderWay::new());
    for _ in 0..jobs {
        let (queued, told, under_way) = (queued.clone(), told.clone(), under_way.clone());
        scope.spawn(move || {
            for job in queued {
                // A question that was only queued keeps its place for a resumed run, as do those that wait for it.
                if !asking.stop.load(Ordering::Relaxed) && answer(asking, &under_way, job, &told).is_err() {
                    return;
                }
            }
        });
    }
    scope.spawn(move || {
        for fed in input {
            if asking.stop.load(Ordering::Relaxed) || feed(asking, &under_way, fed, &queue, &told).is_err() {
                return;
            }
        }
    });
    received
}

/// Has a question answered, and tells it and those that waited for it.
fn answer<Q: Question, P, M, W: Worker<Q> + ?Sized>(
    asking: Asking<'_, W>,
    under_way: &UnderWay<P>,
    Job { place, question, key }: Job<P, Q>,
    told: &Sender<Told<P, Q::Answer, M>>,
) -> Result<(), Gone> {
    let answer = asking.worker.answer(&question);
    if let (Some(reuse), Some(key)) = (asking.reuse, key) {
        // Remembered first: who no longer finds it under way must find it there.
        reuse.remember(key, &question, &answer, &|| asking.worker.fingerprint());
        for follower in under_way.end(&key) {
            told.send(Told::Answer(follower, answer.clone(), Origin::Duplicate))?;
        }
    }
    Ok(told.send(Told::Answer(place, answer, Origin::Check))?)
}

fn feed<Q: Question, P, M, W: Worker<Q> + ?Sized>(
    asking: Asking<'_, W>,
    under_way: &UnderWay<P>,
    fed: Fed<P, Q, M>,
    queue: &Sender<Job<P, Q>>,
    told: &Sender<Told<P, Q::Answer, M>>,
) -> Result<(), Gone> {
    let (place, question) = match fed {
        Fed::Ask(place, question) => (place, question),
        Fed::Say(message) => return Ok(told.send(Told::Said(message))?),
    };
    let Some(reuse) = asking.reuse else { return Ok(queue.send(Job { place, question, key: None })?) };
    let key = reuse.key(&question);
    let Some(place) = under_way.follow(&key, place, asking.stop) else { return Ok(()) };
    if let Some((answer, origin)) = reuse.find(&key) {
        return Ok(told.send(Told::Answer(place, answer, origin))?);
    }
    // Only here does anything get under way, so nothing can have come between.
    under_way.begin(key);
    Ok(queue.send(Job { place, question, key: Some(key) })?)
}
