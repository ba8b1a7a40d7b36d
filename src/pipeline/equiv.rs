//! `equiv`: pairs of statements in, what each says of the other out. Owns the order of results, which is that of the
//! pairs, and how many are compared at once.

use crate::dataset::{BadPair, Pair};
use crate::domain::{Budget, Cause, EngineId, EquivalenceReport, EquivalenceRequest, EquivalenceVerdict, LadderKind};
use crate::engine::Comparer;
use crossbeam_channel::unbounded;
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// A pair with its outcome.
#[derive(Clone, Debug)]
pub struct Compared {
    pub index: usize,
    pub pair: Pair,
    pub report: EquivalenceReport,
}

/// How pairs are compared.
pub struct Comparing<'a> {
    pub comparer: &'a dyn Comparer,
    /// Which Lean compares, for pairs that never come to it.
    pub engine: EngineId,
    pub budget: Budget,
    /// Put in front of pairs without a header of their own.
    pub header: Option<String>,
    pub jobs: usize,
    pub stop: &'a AtomicBool,
}

impl Comparing<'_> {
    /// Compares all pairs and gives each to `take` in the order of the input. `false` if it was stopped before the end.
    pub fn run(
        &self,
        pairs: Vec<Result<Pair, BadPair>>,
        take: &mut dyn FnMut(&Compared) -> io::Result<()>,
    ) -> io::Result<bool> {
        let next = AtomicUsize::new(0);
        let (done, finished) = unbounded::<Compared>();
        let total = pairs.len();
        let mut waiting = BTreeMap::new();
        let mut taken = 0;
        let mut outcome = Ok(());
        thread::scope(|scope| {
            for _ in 0..self.jobs.clamp(1, total.max(1)) {
                let (done, next, pairs) = (done.clone(), &next, &pairs);
                scope.spawn(move || {
                    while !self.stop.load(Ordering::Relaxed) {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(pair) = pairs.get(index) else { break };
                        if done.send(self.compared(index, pair)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(done);
            for compared in finished {
                waiting.insert(compared.index, compared);
                while let Some(compared) = waiting.remove(&taken) {
                    taken += 1;
                    if outcome.is_ok() {
                        outcome = take(&compared);
                    }
                    if outcome.is_err() {
                        self.stop.store(true, Ordering::Relaxed);
                    }
                }
            }
        });
        outcome.map(|()| taken == total)
    }

    fn compared(&self, index: usize, pair: &Result<Pair, BadPair>) -> Compared {
        match pair {
            Ok(pair) => {
                let request = EquivalenceRequest {
                    header: pair.header.clone().or_else(|| self.header.clone()),
                    a: pair.a.clone(),
                    b: pair.b.clone(),
                    budget: self.budget,
                };
                Compared { index, pair: pair.clone(), report: self.comparer.compare(&request) }
            }
            Err(bad) => {
                let verdict = EquivalenceVerdict::Undecided { cause: Cause::BadRecord, detail: bad.to_string() };
                let report = EquivalenceReport::new(verdict, LadderKind::BeqCore, self.engine.clone());
                Compared { index, pair: Pair { id: bad.id.clone(), ..Pair::default() }, report }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    struct Slow;

    impl Comparer for Slow {
        fn compare(&self, request: &EquivalenceRequest) -> EquivalenceReport {
            // The first takes longest.
            std::thread::sleep(Duration::from_millis(if request.a == "0" { 30 } else { 1 }));
            EquivalenceReport::new(EquivalenceVerdict::NotShown, LadderKind::BeqCore, engine())
        }

        fn parallelism(&self) -> usize {
            4
        }
    }

    fn engine() -> EngineId {
        EngineId { lean: "0".into(), commit: "0".into(), kind: "scripted" }
    }

    #[test]
    fn results_come_in_the_order_of_the_pairs() {
        let pairs = |i: usize| match i {
            3 => Err(BadPair { id: "3".into(), line: 4, why: "no".into() }),
            _ => Ok(Pair { id: i.to_string(), a: i.to_string(), ..Pair::default() }),
        };
        let stop = AtomicBool::new(false);
        let comparing = Comparing {
            comparer: &Slow,
            engine: engine(),
            budget: Budget::default(),
            header: None,
            jobs: 4,
            stop: &stop,
        };
        let mut seen = Vec::new();
        let ended = comparing.run((0..8).map(pairs).collect(), &mut |compared| {
            seen.push((compared.pair.id.clone(), compared.report.verdict.as_str()));
            Ok(())
        });
        assert!(matches!(ended, Ok(true)));
        let ids: Vec<&str> = seen.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6", "7"]);
        assert_eq!(seen[3].1, "undecided");
    }

    #[test]
    fn what_cannot_be_written_ends_the_run() {
        let stop = AtomicBool::new(false);
        let comparing = Comparing {
            comparer: &Slow,
            engine: engine(),
            budget: Budget::default(),
            header: None,
            jobs: 1,
            stop: &stop,
        };
        let pairs = (0..100).map(|i| Ok(Pair { id: i.to_string(), ..Pair::default() })).collect();
        let ended = comparing.run(pairs, &mut |_| Err(io::Error::other("full")));
        assert!(ended.is_err() && stop.load(Ordering::Relaxed));
    }
}
