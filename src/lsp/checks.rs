//! What is asked of Lean, in the order in which people wait for it. Owns the queue and the threads that work it off; what becomes
//! of an answer is the session's business.

use super::unit::Unit;
use crate::domain::{CheckReport, EquivalenceRequest};
use crate::engine::{Comparer, Inspector};
use crate::runner::Reuse;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A Lean that editors can ask everything.
pub trait Lean: Inspector + Comparer {}

impl<T: Inspector + Comparer> Lean for T {}

/// How soon somebody wants an answer, the soonest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Somebody looks at the place.
    Asked,
    /// It was changed just now.
    Edited,
    /// It is on somebody's screen.
    Visible,
    /// It is open.
    Rest,
}

/// Hears of a unit whose knowledge has grown.
pub type Tell = Arc<dyn Fn(&Arc<Unit>, Urgency) + Send + Sync>;

/// A question for whichever thread is free.
pub type Question = Box<dyn FnOnce(&dyn Lean) + Send>;

enum Task {
    Check { unit: Arc<Unit>, tell: Tell },
    Compare { unit: Arc<Unit>, reference: Arc<str>, tell: Tell },
    Ask(Question),
}

#[derive(Default)]
struct Lists {
    tasks: [VecDeque<Task>; 4],
    /// Threads that work on what nobody waits for.
    at_rest: usize,
    is_closed: bool,
}

/// The questions of all sessions.
pub struct Queue {
    lists: Mutex<Lists>,
    ready: Condvar,
    /// Threads that may work on what nobody waits for: one is kept free for those who do, if there are two.
    most_at_rest: usize,
}

impl Queue {
    /// For so many threads.
    pub fn new(jobs: usize) -> Queue {
        Queue { lists: Mutex::default(), ready: Condvar::new(), most_at_rest: jobs.saturating_sub(1).max(1) }
    }

    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, urgency: Urgency, tasks: impl Iterator<Item = Task>) {
        self.lists().tasks[urgency as usize].extend(tasks);
        self.ready.notify_all();
    }

    /// Has units checked that nobody has claimed by then.
    pub fn check<'a>(&self, urgency: Urgency, units: impl Iterator<Item = &'a Arc<Unit>>, tell: &Tell) {
        self.push(urgency, units.map(|unit| Task::Check { unit: unit.clone(), tell: tell.clone() }));
    }

    /// Has a unit compared with the reference statement of its problem, when there is time.
    pub fn compare(&self, unit: &Arc<Unit>, reference: Arc<str>, tell: &Tell) {
        self.push(Urgency::Rest, [Task::Compare { unit: unit.clone(), reference, tell: tell.clone() }].into_iter());
    }

    /// Asks something that somebody waits for.
    pub fn ask(&self, question: Question) {
        self.push(Urgency::Asked, [Task::Ask(question)].into_iter());
    }

    /// No more work: the threads end.
    pub fn close(&self) {
        self.lists().is_closed = true;
        self.ready.notify_all();
    }

    /// The most urgent task there is.
    fn next(&self) -> Option<(Urgency, Task)> {
        let mut lists = self.lists();
        loop {
            if lists.is_closed {
                return None;
            }
            for urgency in [Urgency::Asked, Urgency::Edited, Urgency::Visible, Urgency::Rest] {
                let is_rest = urgency >= Urgency::Visible;
                if is_rest && lists.at_rest >= self.most_at_rest {
                    break;
                }
                if let Some(task) = lists.tasks[urgency as usize].pop_front() {
                    lists.at_rest += usize::from(is_rest);
                    return Some((urgency, task));
                }
            }
            lists = self.ready.wait(lists).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn done(&self, urgency: Urgency) {
        if urgency >= Urgency::Visible {
            self.lists().at_rest -= 1;
            self.ready.notify_all();
        }
    }

    /// Works until the queue is closed. A panic of a task ends that task only.
    pub fn work(&self, lean: &dyn Lean, reuse: Option<&Reuse<'_>>) {
        while let Some((urgency, task)) = self.next() {
            let _ = catch_unwind(AssertUnwindSafe(|| match task {
                Task::Check { unit, tell } => check(lean, reuse, &unit, urgency, &tell),
                Task::Compare { unit, reference, tell } => compare(lean, reuse, &unit, &reference, &tell),
                Task::Ask(question) => question(lean),
            }));
            self.done(urgency);
        }
    }
}

fn check(lean: &dyn Lean, reuse: Option<&Reuse<'_>>, unit: &Arc<Unit>, urgency: Urgency, tell: &Tell) {
    if unit.is_gone() || !unit.claim() {
        return;
    }
    let key = reuse.map(|reuse| (reuse, reuse.key(&unit.request)));
    let kept = key.as_ref().filter(|_| !unit.is_to_be_anew());
    let known: Option<CheckReport> = kept.and_then(|(reuse, key)| Some(reuse.find(key)?.0));
    let report = known.or_else(|| {
        let report = lean.check_unless(&unit.request, &unit.cancelled)?;
        if let Some((reuse, key)) = key {
            reuse.remember(key, &unit.request, &report, &|| lean.fingerprint());
        }
        Some(report)
    });
    let Some(report) = report else { return };
    unit.known().report = Some(Arc::new(report));
    tell(unit, urgency);
}

fn compare(lean: &dyn Lean, reuse: Option<&Reuse<'_>>, unit: &Arc<Unit>, reference: &str, tell: &Tell) {
    if unit.is_gone() {
        return;
    }
    let request = EquivalenceRequest {
        header: unit.request.header.clone(),
        a: unit.record.code.clone(),
        b: reference.to_owned(),
        budget: unit.request.budget,
    };
    let key = reuse.map(|reuse| (reuse, reuse.key(&request)));
    let known = key.as_ref().and_then(|(reuse, key)| Some(reuse.find(key)?.0));
    let report = known.unwrap_or_else(|| {
        let report = lean.compare(&request);
        if let Some((reuse, key)) = key {
            reuse.remember(key, &request, &report, &|| lean.fingerprint());
        }
        report
    });
    unit.known().equivalence = Some(Arc::new(report));
    tell(unit, Urgency::Rest);
}
