//! `equiv`: pairs of statements in, what each says of the other out. Owns the order of results, which is that of the
//! pairs; who compares, how many at once and what is known already is `runner`'s.

use crate::dataset::{BadPair, Pair};
use crate::domain::{Budget, Cause, EquivalenceReport, EquivalenceRequest, EquivalenceVerdict, LadderKind};
use crate::engine::Comparer;
use crate::runner::events::Origin;
use crate::runner::{Asking, ask};
use std::collections::BTreeMap;
use std::io;

/// A pair with its outcome.
#[derive(Clone, Debug)]
pub struct Compared {
    pub index: usize,
    pub pair: Pair,
    pub report: EquivalenceReport,
    pub origin: Origin,
}

/// How pairs are compared.
pub struct Comparing<'a> {
    pub asking: Asking<'a, dyn Comparer + 'a>,
    pub budget: Budget,
    /// Put in front of pairs without a header of their own.
    pub header: Option<String>,
}

impl Comparing<'_> {
    /// Compares all pairs and gives each to `take` in the order of the input. `false` if it was stopped before the end.
    pub fn run(
        &self,
        pairs: Vec<Result<Pair, BadPair>>,
        take: &mut dyn FnMut(&Compared) -> io::Result<()>,
    ) -> io::Result<bool> {
        let total = pairs.len();
        let mut waiting = BTreeMap::new();
        let mut input = Vec::new();
        for (index, pair) in pairs.into_iter().enumerate() {
            match pair {
                Ok(pair) => {
                    let request = self.request(&pair);
                    input.push(((index, pair), request));
                }
                Err(bad) => drop(waiting.insert(index, self.not_compared(index, &bad))),
            }
        }
        let mut taken = 0;
        let mut in_order = |waiting: &mut BTreeMap<usize, Compared>| {
            while let Some(compared) = waiting.remove(&taken) {
                taken += 1;
                take(&compared)?;
            }
            Ok(())
        };
        in_order(&mut waiting)?;
        ask(self.asking, input.into_iter(), &mut |(index, pair), report, origin| {
            waiting.insert(index, Compared { index, pair, report, origin });
            in_order(&mut waiting)
        })?;
        Ok(taken == total)
    }

    fn request(&self, pair: &Pair) -> EquivalenceRequest {
        EquivalenceRequest {
            header: pair.header.clone().or_else(|| self.header.clone()),
            a: pair.a.clone(),
            b: pair.b.clone(),
            budget: self.budget,
        }
    }

    fn not_compared(&self, index: usize, bad: &BadPair) -> Compared {
        let verdict = EquivalenceVerdict::Undecided { cause: Cause::BadRecord, detail: bad.to_string() };
        let report = EquivalenceReport::new(verdict, LadderKind::BeqCore, self.asking.worker.id());
        Compared { index, pair: Pair { id: bad.id.clone(), ..Pair::default() }, report, origin: Origin::Check }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, ScriptedComparer};
    use crate::runner::Reuse;
    use crate::store::{DEFAULT_LIMIT, Judge, Maintenance, ResultStore};
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::time::Duration;

    fn comparing<'a>(worker: &'a dyn Comparer, jobs: usize, stop: &'a AtomicBool) -> Comparing<'a> {
        let asking = Asking { worker, reuse: None, jobs, stop };
        Comparing { asking, budget: Budget::default(), header: None }
    }

    fn pairs(count: usize) -> Vec<Result<Pair, BadPair>> {
        (0..count).map(|i| Ok(Pair { id: i.to_string(), a: i.to_string(), ..Pair::default() })).collect()
    }

    #[test]
    fn results_come_in_the_order_of_the_pairs() {
        let slow = ScriptedComparer::new(|request| {
            // The first takes longest.
            std::thread::sleep(Duration::from_millis(if request.a == "0" { 30 } else { 1 }));
            EquivalenceVerdict::NotShown
        });
        let stop = AtomicBool::new(false);
        let mut input = pairs(8);
        for bad in [0, 3, 7] {
            input[bad] = Err(BadPair { id: bad.to_string(), line: 1, why: "no".into() });
        }
        let mut seen = Vec::new();
        let ended = comparing(&slow, 4, &stop).run(input, &mut |compared| {
            seen.push((compared.pair.id.clone(), compared.report.verdict.as_str()));
            Ok(())
        });
        assert!(matches!(ended, Ok(true)));
        let ids: Vec<&str> = seen.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6", "7"]);
        assert_eq!((seen[2].1, seen[3].1), ("not_shown", "undecided"));
    }

    #[test]
    fn what_cannot_be_written_ends_the_run() {
        let stop = AtomicBool::new(false);
        let comparer = ScriptedComparer::new(|_| EquivalenceVerdict::NotShown);
        let ended = comparing(&comparer, 1, &stop).run(pairs(100), &mut |_| Err(io::Error::other("full")));
        assert!(ended.is_err() && stop.load(Ordering::Relaxed));
    }

    /// Compares `input` with what `directory` keeps; how often the engine was asked, and the origins in order.
    /// Stops itself after `enough` comparisons.
    fn kept(
        directory: &Path,
        input: Vec<Result<Pair, BadPair>>,
        budget: Budget,
        enough: usize,
    ) -> (usize, Vec<Origin>, bool) {
        let (asked, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
        let comparer = ScriptedComparer::new(|request| {
            if asked.fetch_add(1, Ordering::Relaxed) + 1 >= enough {
                stop.store(true, Ordering::Relaxed);
            }
            match request.a.as_str() {
                "1" => EquivalenceVerdict::Equivalent,
                "2" => EquivalenceVerdict::Undecided { cause: Cause::Heartbeats, detail: String::new() },
                "3" => EquivalenceVerdict::Undecided { cause: Cause::EngineCrash, detail: String::new() },
                "4" => EquivalenceVerdict::Undecided { cause: Cause::WallClock, detail: String::new() },
                _ => EquivalenceVerdict::NotShown,
            }
        });
        let store = ResultStore::open(directory, DEFAULT_LIMIT, Judge::new(&comparer.fingerprint())).unwrap();
        let reuse = Reuse::new(store.judge().clone(), Some(&store));
        let asking = Asking { worker: &comparer as &dyn Comparer, reuse: Some(&reuse), jobs: 2, stop: &stop };
        let mut origins = Vec::new();
        let comparing = Comparing { asking, budget, header: None };
        let finished = comparing.run(input, &mut |compared| {
            origins.push(compared.origin);
            Ok(())
        });
        drop(reuse);
        assert_eq!(store.close(), Vec::<String>::new());
        (asked.into_inner(), origins, finished.unwrap())
    }

    #[test]
    fn a_second_run_asks_nothing_but_what_the_machine_left_open() {
        let directory = tempfile::tempdir().unwrap();
        let run = |budget| kept(directory.path(), pairs(20), budget, usize::MAX);
        let (asked, origins, finished) = run(Budget::default());
        assert_eq!((asked, origins, finished), (20, vec![Origin::Check; 20], true));
        let (asked, origins, finished) = run(Budget::default());
        // A crash and a slow machine are not what the next run would find.
        let expected: Vec<_> =
            (0..20).map(|i| if [3, 4].contains(&i) { Origin::Check } else { Origin::Store }).collect();
        assert_eq!((asked, origins, finished), (2, expected, true));
        let dearer = Budget { heartbeats: Budget::default().heartbeats + 1, ..Budget::default() };
        assert_eq!(run(dearer).0, 20, "with another budget it is another question");
        let found = Maintenance::open(directory.path()).unwrap().unwrap().examine().unwrap();
        assert_eq!((found.entries, found.damaged), (36, vec![]));
    }

    #[test]
    fn equal_pairs_of_a_run_are_compared_once() {
        let directory = tempfile::tempdir().unwrap();
        let input = (0..30).map(|i| Ok(Pair { id: i.to_string(), a: (i % 3).to_string(), ..Pair::default() }));
        let (asked, origins, _) = kept(directory.path(), input.collect(), Budget::default(), usize::MAX);
        assert_eq!((asked, origins.iter().filter(|o| **o == Origin::Duplicate).count()), (3, 27));
    }

    #[test]
    fn an_interrupted_run_begins_again_where_it_stopped() {
        let directory = tempfile::tempdir().unwrap();
        let input = || (0..40).map(|i| Ok(Pair { a: format!("pair {i}"), ..Pair::default() })).collect();
        let (first, taken, finished) = kept(directory.path(), input(), Budget::default(), 10);
        assert!(!finished && (10..=11).contains(&first) && taken.len() == first, "{first} asked, {} told", taken.len());
        let (second, origins, finished) = kept(directory.path(), input(), Budget::default(), usize::MAX);
        assert!(finished && origins[..first].iter().all(|o| *o == Origin::Store), "{origins:?}");
        assert_eq!(first + second, 40);
    }
}
