//! Two runs of one model on one data set. Owns which items are a pair and what each change is called; the test is `metrics`'.

use super::item::{Item, only_in};
use crate::metrics::{ExactMcNemar, mcnemar_exact};
use crate::store::history::{Run, Standing};
use std::collections::HashMap;

/// An item that both runs have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub before: Item,
    pub after: Item,
}

impl Change {
    /// The item's name.
    pub fn name(&self) -> &str {
        &self.after.name
    }
}

/// How a run differs from an earlier one. Every item that both have is in exactly one of: restated, flaky, undecided now,
/// undecided before, a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The earlier run.
    pub with: Run,
    /// Items decided in both, with the same statement and no doubt: what the test is of.
    pub pairs: u64,
    /// Pairs solved before and not now.
    pub regressions: Vec<Change>,
    /// Pairs solved now and not before.
    pub newly_solved: Vec<Change>,
    /// Undecided now and not restated or flaky: neither a regression nor newly solved.
    pub undecided_now: Vec<Change>,
    /// Decided now, undecided before.
    pub undecided_before: Vec<Change>,
    /// Items that hang on an unsteady verdict in one of the two runs.
    pub flaky: Vec<Change>,
    /// Items whose problem has another statement now.
    pub restated: Vec<Change>,
    /// Items only the earlier run has, and only this one.
    pub missing: Vec<String>,
    pub added: Vec<String>,
    pub test: ExactMcNemar,
    /// What changed beside the outputs.
    pub circumstances: Vec<String>,
}

/// Compares the items of a run with those of an earlier one.
pub fn compare((before_run, before): (&Run, &[Item]), (run, after): (&Run, &[Item])) -> Comparison {
    let earlier: HashMap<&str, &Item> = before.iter().map(|item| (item.name.as_str(), item)).collect();
    let mut found = Comparison {
        with: before_run.clone(),
        pairs: 0,
        regressions: vec![],
        newly_solved: vec![],
        undecided_now: vec![],
        undecided_before: vec![],
        flaky: vec![],
        restated: vec![],
        missing: only_in(before, after),
        added: only_in(after, before),
        test: mcnemar_exact(0, 0),
        circumstances: circumstances(before_run, run),
    };
    for after in after {
        let Some(before) = earlier.get(after.name.as_str()) else { continue };
        let change = || Change { before: (*before).clone(), after: after.clone() };
        if before.statement != after.statement {
            found.restated.push(change());
        } else if before.is_flaky || after.is_flaky {
            found.flaky.push(change());
        } else if after.standing == Standing::Undecided {
            found.undecided_now.push(change());
        } else if before.standing == Standing::Undecided {
            found.undecided_before.push(change());
        } else {
            found.pairs += 1;
            match (before.standing, after.standing) {
                (Standing::Accepted, Standing::Rejected) => found.regressions.push(change()),
                (Standing::Rejected, Standing::Accepted) => found.newly_solved.push(change()),
                _ => {}
            }
        }
    }
    found.test = mcnemar_exact(found.regressions.len() as u64, found.newly_solved.len() as u64);
    found
}

/// What else changed that can change verdicts.
fn circumstances(before: &Run, after: &Run) -> Vec<String> {
    let (before, after) = (&before.plan, &after.plan);
    let mut changed = Vec::new();
    let mut differs = |what: &str, before: &str, after: &str| {
        if before != after {
            changed.push(format!("{what} was {before} and is {after}"));
        }
    };
    differs("afcheck", &before.afcheck, &after.afcheck);
    differs("Lean", &before.lean, &after.lean);
    if changed.is_empty() && before.judge != after.judge {
        changed.push("the judge is another: sources of afcheck's judgement, Lean's package or libraries".to_owned());
    }
    if before.judging != after.judging {
        changed.push("outputs are judged by other settings".to_owned());
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::history::{Judged, Plan, State};

    fn run(id: i64) -> Run {
        let plan = Plan {
            revision: None,
            afcheck: "1".into(),
            lean: "4".into(),
            judge: "j".into(),
            judging: "s".into(),
            inputs: String::new(),
            by_sample: false,
        };
        Run { id, state: State::Finished, started: 0, ended: Some(1), plan }
    }

    fn item(name: &str, standing: Standing) -> Item {
        let by = Judged {
            problem: name.into(),
            sample: 0,
            sha256: None,
            standing,
            stage: None,
            reason: None,
            detail: String::new(),
            heartbeats: 0,
            again: vec![],
        };
        Item { name: name.into(), statement: "s".into(), standing, is_flaky: false, by, samples: 1, accepted: 0 }
    }

    fn names(changes: &[Change]) -> Vec<&str> {
        changes.iter().map(Change::name).collect()
    }

    use Standing::{Accepted as A, Rejected as R, Undecided as U};

    #[test]
    fn every_change_has_one_name() {
        let states = [A, R, U];
        let mut before: Vec<Item> = Vec::new();
        let mut after: Vec<Item> = Vec::new();
        for (b, a) in states.iter().flat_map(|b| states.iter().map(move |a| (*b, *a))) {
            for kind in ["plain", "restated", "flaky"] {
                let name = format!("{kind} {} {}", b.as_str(), a.as_str());
                before.push(item(&name, b));
                let statement = if kind == "restated" { "other" } else { "s" };
                after.push(Item { statement: statement.into(), is_flaky: kind == "flaky", ..item(&name, a) });
            }
        }
        before.push(item("gone", A));
        after.push(item("new", R));
        let found = compare((&run(1), &before), (&run(2), &after));
        assert_eq!(names(&found.regressions), ["plain accepted rejected"]);
        assert_eq!(names(&found.newly_solved), ["plain rejected accepted"]);
        assert_eq!(
            names(&found.undecided_now),
            ["plain accepted undecided", "plain rejected undecided", "plain undecided undecided"]
        );
        assert_eq!(names(&found.undecided_before), ["plain undecided accepted", "plain undecided rejected"]);
        assert_eq!((found.pairs, found.flaky.len(), found.restated.len()), (4, 9, 9));
        assert_eq!((found.missing, found.added), (vec!["gone".to_owned()], vec!["new".to_owned()]));
    }

    #[test]
    fn the_test_is_of_the_pairs_that_differ() {
        let before: Vec<Item> = (0..12).map(|i| item(&i.to_string(), if i < 8 { A } else { R })).collect();
        let after: Vec<Item> = (0..12).map(|i| item(&i.to_string(), if (5..9).contains(&i) { A } else { R })).collect();
        let found = compare((&run(1), &before), (&run(2), &after));
        assert_eq!(names(&found.regressions), ["0", "1", "2", "3", "4"]);
        assert_eq!(names(&found.newly_solved), ["8"]);
        assert_eq!(found.test, mcnemar_exact(5, 1));
    }

    #[test]
    fn what_changed_beside_the_outputs_is_said() {
        let same = compare((&run(1), &[]), (&run(2), &[]));
        assert_eq!(same.circumstances, Vec::<String>::new());
        let mut other = run(2);
        other.plan.lean = "5".into();
        other.plan.judge = "k".into();
        other.plan.judging = "t".into();
        let found = compare((&run(1), &[]), (&other, &[])).circumstances;
        assert_eq!(found, ["Lean was 4 and is 5", "outputs are judged by other settings"]);
    }
}
