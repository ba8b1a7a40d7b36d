//! Who may wait, and who works. Owns the bounded queue between requests and Lean: a request is let in with all its snippets or not at
//! all, a snippet whose client has gone is not begun, and every snippet that was let in is answered.

use super::metrics::Metrics;
use crate::domain::{CheckReport, CheckRequest, Elaboration, ElaborationRequest, NotInspected};
use crate::engine::Elaborator;
use crate::runner::Reuse;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// What is asked of Lean, with where the answer goes.
enum Question {
    Elaborate(ElaborationRequest, oneshot::Sender<(Result<Elaboration, NotInspected>, Duration)>),
    Check(Box<CheckRequest>, oneshot::Sender<CheckReport>),
}

/// A question that waits.
pub struct Waiting {
    question: Question,
    since: Instant,
}

/// The queue.
pub struct Gate {
    /// `None` once it is closed.
    queue: Mutex<Option<Sender<Waiting>>>,
    waiting: AtomicUsize,
    limit: usize,
    is_closed: AtomicBool,
}

/// Room for some snippets, given back as they are begun. Who has it puts as many questions before anything else can happen.
pub struct Room(usize);

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// For now.
    Now { waiting: usize },
    /// It alone has more snippets than may wait.
    Always { limit: usize },
}

impl Gate {
    pub fn new(limit: usize) -> (Gate, Receiver<Waiting>) {
        let (queue, work) = unbounded();
        let queue = Mutex::new(Some(queue));
        (Gate { queue, waiting: AtomicUsize::new(0), limit, is_closed: AtomicBool::new(false) }, work)
    }

    /// Snippets that wait.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Room for `count` snippets, or none.
    pub fn reserve(&self, count: usize) -> Result<Room, Full> {
        if count > self.limit {
            return Err(Full::Always { limit: self.limit });
        }
        let add = |waiting: usize| (waiting + count <= self.limit).then_some(waiting + count);
        match self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add) {
            Ok(_) => Ok(Room(count)),
            Err(waiting) => Err(Full::Now { waiting }),
        }
    }

    /// Has a text elaborated, in a place of `room`; with how long Lean took.
    pub fn elaborate(
        &self,
        room: &mut Room,
        request: ElaborationRequest,
    ) -> oneshot::Receiver<(Result<Elaboration, NotInspected>, Duration)> {
        let (reply, answer) = oneshot::channel();
        self.put(room, Question::Elaborate(request, reply));
        answer
    }

    /// Has a text judged, in a place of `room`.
    pub fn check(&self, room: &mut Room, request: CheckRequest) -> oneshot::Receiver<CheckReport> {
        let (reply, answer) = oneshot::channel();
        self.put(room, Question::Check(Box::new(request), reply));
        answer
    }

    fn put(&self, room: &mut Room, question: Question) {
        debug_assert!(room.0 > 0);
        room.0 -= 1;
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        // A closed queue drops the question, and its client is told that there is no answer.
        if let Some(queue) = queue.as_ref() {
            let _ = queue.send(Waiting { question, since: Instant::now() });
        }
    }

    /// Lets workers end.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        *self.queue.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// One worker: answers until the queue is closed.
pub fn work(
    queue: &Receiver<Waiting>,
    lean: &dyn Elaborator,
    reuse: Option<&Reuse<'_>>,
    metrics: &Metrics,
    gate: &Gate,
) {
    for Waiting { question, since } in queue {
        gate.waiting.fetch_sub(1, Ordering::Relaxed);
        let has_gone = match &question {
            Question::Elaborate(_, reply) => reply.is_closed(),
            Question::Check(_, reply) => reply.is_closed(),
        };
        if has_gone || gate.is_closed.load(Ordering::Relaxed) {
            metrics.abandoned();
            continue;
        }
        metrics.begun(since.elapsed());
        let start = Instant::now();
        match question {
            Question::Elaborate(request, reply) => {
                let found = lean.elaborate(&request);
                metrics.elaborated(start.elapsed(), found.as_ref().err().map(|why| why.cause));
                let _ = reply.send((found, start.elapsed()));
            }
            Question::Check(request, reply) => {
                let report = judge(lean, reuse, &request);
                metrics.checked(start.elapsed(), report.verdict.as_str());
                let _ = reply.send(report);
            }
        }
    }
}

/// A verdict, kept from an earlier request if there is one.
fn judge(lean: &dyn Elaborator, reuse: Option<&Reuse<'_>>, request: &CheckRequest) -> CheckReport {
    let Some(reuse) = reuse else { return lean.check(request) };
    let key = reuse.key(request);
    if let Some((report, _)) = reuse.find(&key) {
        return report;
    }
    let report = lean.check(request);
    reuse.remember(key, request, &report, &|| lean.fingerprint());
    report
}

#[cfg(test)]
mod tests {
    use super::{Full, Gate};

    #[test]
    fn a_request_is_let_in_whole_or_not_at_all() {
        let (gate, _work) = Gate::new(10);
        let room = gate.reserve(8).expect("room");
        assert_eq!(gate.reserve(3).err(), Some(Full::Now { waiting: 8 }));
        let other = gate.reserve(2).expect("room");
        assert_eq!(gate.reserve(11).err(), Some(Full::Always { limit: 10 }));
        assert_eq!((room.0, other.0, gate.waiting()), (8, 2, 10));
    }
}
