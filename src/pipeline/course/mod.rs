//! The course of long work that is a graph of tasks: which is made next, by how many at once, and what becomes of those that need
//! what failed. Owns the order and the budgets; which tasks there are is a plan's, how one is made its maker's.

use crate::config::study::{Budget, Stage};
use crate::store::artifacts::{Artifact, Artifacts, Found, Spent, key};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// A task of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub usize);

/// Tasks and what they are made from.
pub trait Plan: Sync {
    /// How many there are.
    fn count(&self) -> usize;
    /// What a task is made from: tasks in front of it.
    fn needs(&self, id: Id) -> Vec<Id>;
    /// Whose time and budget it takes.
    fn stage(&self, id: Id) -> Stage;
    /// What it is, for people. Different tasks have different titles.
    fn title(&self, id: Id) -> String;
    /// Everything that decides its contents, by the digests of what it needs.
    fn made_from(&self, id: Id, digest: &dyn Fn(Id) -> String) -> Value;
    /// What may be spent.
    fn budget(&self) -> &Budget;
    /// All tasks.
    fn ids(&self) -> std::iter::Map<std::ops::Range<usize>, fn(usize) -> Id> {
        (0..self.count()).map(Id)
    }
}

/// What making a task left in its directory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Made {
    /// Files whose contents count. Others stay beside them.
    pub files: Vec<String>,
    pub tokens: u64,
    pub money: f64,
}

/// Why a task was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It was asked to stop; a later run goes on with what is in the directory.
    Interrupted,
    Failed(String),
    /// Its files cannot be written: nobody else's could, so the whole run ends.
    Disk(String),
}

/// Artifacts of what a task needs.
pub type Needs<'a> = &'a dyn Fn(Id) -> &'a Artifact;

/// Who makes tasks.
pub trait Maker: Sync {
    /// Makes a task in a directory that may hold what an interrupted run left.
    fn make(&self, id: Id, directory: &Path, needs: Needs<'_>) -> Result<Made, Fault>;
}

/// What became of a task.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// What it needs is not there yet.
    Waiting,
    Running,
    /// Made now, or found.
    There {
        artifact: Box<Artifact>,
        is_new: bool,
    },
    Failed(String),
    /// It needs one that failed or was left out.
    Blocked(Id),
    /// Its stage, or the study, has no budget left.
    Unpaid(String),
    Interrupted,
}

impl State {
    /// The artifact, if it is there.
    pub fn artifact(&self) -> Option<&Artifact> {
        match self {
            State::There { artifact, .. } => Some(artifact),
            _ => None,
        }
    }
}

/// What happens in a run.
#[derive(Debug)]
pub enum Happening<'a> {
    Begun(Id),
    Ended(Id, &'a State),
    /// An artifact was not what it had been; it is made again.
    Damaged(Id, String),
}

/// A run over a plan.
pub struct Course<'a> {
    pub plan: &'a dyn Plan,
    pub artifacts: &'a Artifacts,
    /// Tasks at once.
    pub jobs: usize,
    pub stop: &'a AtomicBool,
}

/// States that threads share.
struct Shared<'o> {
    states: Vec<State>,
    spent: BTreeMap<Stage, Spent>,
    /// Keys of what has digests for all it needs.
    keys: HashMap<Id, (String, Value)>,
    /// Keys of what is being made: two tasks may come out as one artifact.
    under_way: HashSet<String>,
    on: &'o mut (dyn FnMut(Happening<'_>) + Send),
    error: Option<io::Error>,
}

impl Course<'_> {
    /// Makes everything that is not there; the states of all tasks at the end. An error is one of the disk.
    pub fn run(&self, maker: &dyn Maker, on: &mut (dyn FnMut(Happening<'_>) + Send)) -> io::Result<Vec<State>> {
        let states = vec![State::Waiting; self.plan.count()];
        let shared = Mutex::new(Shared {
            states,
            spent: BTreeMap::new(),
            keys: HashMap::new(),
            under_way: HashSet::new(),
            on,
            error: None,
        });
        let changed = Condvar::new();
        thread::scope(|scope| {
            for _ in 0..self.jobs.max(1) {
                scope.spawn(|| self.work(maker, &shared, &changed));
            }
        });
        let Shared { states, error, .. } = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
        error.map_or(Ok(states), Err)
    }

    /// The states of all tasks as they are on disk: what is there, and what waits.
    pub fn look(&self) -> Vec<State> {
        let mut states = vec![State::Waiting; self.plan.count()];
        for id in self.plan.ids() {
            if let Some((key, _)) = self.key(id, &states)
                && let Found::Whole(artifact) = self.artifacts.find(&key)
            {
                states[id.0] = State::There { artifact, is_new: false };
            }
        }
        states
    }

    /// The key of a task whose needs are there.
    fn key(&self, id: Id, states: &[State]) -> Option<(String, Value)> {
        let needs = self.plan.needs(id);
        if !needs.iter().all(|need| matches!(states[need.0], State::There { .. })) {
            return None;
        }
        let digest = |need: Id| match &states[need.0] {
            State::There { artifact, .. } => artifact.about.digest.clone(),
            _ => String::new(),
        };
        let made_from = self.plan.made_from(id, &digest);
        Some((key(&made_from), made_from))
    }

    fn work(&self, maker: &dyn Maker, shared: &Mutex<Shared<'_>>, changed: &Condvar) {
        let lock = || shared.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = lock();
        loop {
            if state.error.is_some() {
                changed.notify_all();
                return;
            }
            self.settle(&mut state);
            let Some(id) = self.next(&state) else {
                let is_over = !state.states.iter().any(|state| matches!(state, State::Running));
                changed.notify_all();
                if is_over {
                    return;
                }
                state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let Some((key, made_from)) = state.keys.remove(&id) else { continue };
            state.states[id.0] = State::Running;
            state.under_way.insert(key.clone());
            drop(state);
            let made = self.make(maker, id, (&key, made_from), shared);
            state = lock();
            state.under_way.remove(&key);
            let ended = match made {
                Ok(ended) => ended,
                Err(error) => {
                    let why = error.to_string();
                    state.error.get_or_insert(error);
                    State::Failed(why)
                }
            };
            if let State::There { artifact, .. } = &ended {
                self.pay(&mut state.spent, id, artifact.about.spent);
            }
            state.states[id.0] = ended;
            let Shared { states, on, .. } = &mut *state;
            on(Happening::Ended(id, &states[id.0]));
            changed.notify_all();
        }
    }

    /// Makes a task that was marked as running, or finds that it is there.
    fn make(
        &self,
        maker: &dyn Maker,
        id: Id,
        (key, made_from): (&str, Value),
        shared: &Mutex<Shared<'_>>,
    ) -> io::Result<State> {
        let lock = || shared.lock().unwrap_or_else(PoisonError::into_inner);
        let state = lock();
        let needs = self.plan.needs(id).into_iter();
        let needs: HashMap<Id, Artifact> = needs
            .filter_map(|need| match &state.states[need.0] {
                State::There { artifact, .. } => Some((need, (**artifact).clone())),
                _ => None,
            })
            .collect();
        let unpaid = self.unpaid(&state.spent, id);
        drop(state);
        match self.artifacts.find(key) {
            Found::Whole(artifact) => return Ok(State::There { artifact, is_new: false }),
            Found::Damaged(why) => (lock().on)(Happening::Damaged(id, why)),
            Found::Nothing => {}
        }
        if self.stop.load(Ordering::Relaxed) {
            return Ok(State::Interrupted);
        }
        if let Some(why) = unpaid {
            return Ok(State::Unpaid(why));
        }
        (lock().on)(Happening::Begun(id));
        let directory = self.artifacts.begin(key)?;
        let begun = Instant::now();
        let made = catch_unwind(AssertUnwindSafe(|| maker.make(id, &directory, &|need| &needs[&need])));
        let made = match made {
            Ok(Ok(made)) => made,
            Ok(Err(Fault::Interrupted)) => return Ok(State::Interrupted),
            Ok(Err(Fault::Failed(why))) => return Ok(State::Failed(why)),
            Ok(Err(Fault::Disk(why))) => return Err(io::Error::other(why)),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
                return Ok(State::Failed(format!("a fault of afcheck itself (panic: {text})")));
            }
        };
        let spent = Spent { seconds: begun.elapsed().as_secs_f64(), tokens: made.tokens, money: made.money };
        let what = self.plan.title(id);
        let artifact = self.artifacts.finish(key, what, made_from, &made.files, spent)?;
        Ok(State::There { artifact: Box::new(artifact), is_new: true })
    }

    /// Finds out which tasks cannot be made, and the keys of those that can.
    fn settle(&self, shared: &mut Shared<'_>) {
        for id in self.plan.ids() {
            if shared.states[id.0] != State::Waiting || shared.keys.contains_key(&id) {
                continue;
            }
            let needs = self.plan.needs(id);
            let missing = needs.iter().find(|need| {
                let state = &shared.states[need.0];
                !matches!(state, State::There { .. } | State::Waiting | State::Running)
            });
            if let Some(missing) = missing {
                let is_interrupted = shared.states[missing.0] == State::Interrupted;
                shared.states[id.0] = if is_interrupted { State::Interrupted } else { State::Blocked(*missing) };
                let Shared { states, on, .. } = &mut *shared;
                on(Happening::Ended(id, &states[id.0]));
            } else if let Some(key) = self.key(id, &shared.states) {
                shared.keys.insert(id, key);
            }
        }
    }

    fn next(&self, shared: &Shared<'_>) -> Option<Id> {
        let is_free = |id: &Id| shared.keys.get(id).is_some_and(|(key, _)| !shared.under_way.contains(key));
        self.plan.ids().find(|id| shared.states[id.0] == State::Waiting && is_free(id))
    }

    fn pay(&self, spent: &mut BTreeMap<Stage, Spent>, id: Id, more: Spent) {
        let of = spent.entry(self.plan.stage(id)).or_default();
        *of = of.and(more);
    }

    /// Why a task may not begin, if its budget or that of all is spent.
    fn unpaid(&self, spent: &BTreeMap<Stage, Spent>, id: Id) -> Option<String> {
        let Budget { time, tokens, money, stage } = self.plan.budget();
        let all = spent.values().fold(Spent::default(), |all, spent| all.and(*spent));
        let is_spent = |of: Spent, (time, tokens, money): (Option<_>, Option<u64>, Option<f64>)| {
            time.is_some_and(|time: std::time::Duration| of.seconds >= time.as_secs_f64())
                || tokens.is_some_and(|tokens| of.tokens >= tokens)
                || money.is_some_and(|money| of.money >= money)
        };
        let own = self.plan.stage(id);
        if is_spent(all, (*time, *tokens, *money)) {
            return Some("the budget of all is spent".to_owned());
        }
        let of_stage = stage.get(&own).is_some_and(|budget| {
            is_spent(spent.get(&own).copied().unwrap_or_default(), (budget.time, budget.tokens, budget.money))
        });
        of_stage.then(|| format!("the budget of stage {} is spent", own.as_str()))
    }
}

#[cfg(test)]
mod tests;
