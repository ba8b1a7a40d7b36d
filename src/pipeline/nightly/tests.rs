//! Reviews of forged histories: which changes count, when the gate says no, and that a review does not change later.

use super::{Change, Review, review};
use crate::config::nightly::{Against, FailOn, Gate};
use crate::store::history::forged::{cell, finished, judged, plan};
use crate::store::history::{History, Judged, Plan, Run, Standing};
use Standing::{Accepted as A, Rejected as R, Undecided as U};
use tempfile::TempDir;

struct Past {
    _directory: TempDir,
    history: History,
}

impl Past {
    fn new() -> Past {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let history = History::open_or_begin(&directory.path().join("h.sqlite")).expect("a new history");
        Past { _directory: directory, history }
    }

    /// A run whose outputs are those of `code`, one for each verdict.
    fn run(&mut self, code: &str, standings: &[Standing]) -> Run {
        let rows = standings
            .iter()
            .enumerate()
            .map(|(i, standing)| judged(&format!("p{i}"), &format!("{code}{i}"), *standing));
        self.add(&plan(), rows.collect())
    }

    fn add(&mut self, plan: &Plan, rows: Vec<Judged>) -> Run {
        finished(&mut self.history, plan, &[cell(rows)])
    }

    fn review(&self, run: &Run, fail_on: FailOn, against: Against) -> Review {
        review(&self.history, run, Gate { fail_on, alpha: 0.05, against }).expect("a review")
    }
}

fn names(changes: &[Change]) -> Vec<&str> {
    changes.iter().map(Change::name).collect()
}

#[test]
fn the_first_run_has_nothing_to_be_compared_with() {
    let mut past = Past::new();
    let run = past.run("x", &[A, R, U]);
    let found = past.review(&run, FailOn::Any, Against::Both);
    assert!(!found.has_failed() && found.cells[0].last.is_none() && found.cells[0].best.is_none());
    assert_eq!(found.cells[0].undecided().count(), 1);
}

#[test]
fn the_last_and_the_best_run_are_asked_as_the_gate_says() {
    let mut past = Past::new();
    let best = past.run("best", &[A, A, A, R]);
    let last = past.run("last", &[A, R, R, R]);
    let run = past.run("now", &[A, R, R, A]);
    let of = |against| past.review(&run, FailOn::Any, against);
    let found = of(Against::Last);
    let cell = &found.cells[0];
    let compared = |is_best: bool| cell.compared(is_best).expect("a comparison");
    assert_eq!((compared(false).with.id, compared(true).with.id), (last.id, best.id));
    assert_eq!(names(&compared(true).regressions), ["p1", "p2"]);
    assert_eq!(names(&compared(false).newly_solved), ["p3"]);
    assert!(!found.has_failed() && found.regressions(cell).is_empty());
    for against in [Against::Best, Against::Both] {
        let found = of(against);
        let regressions = found.regressions(&found.cells[0]);
        assert!(found.has_failed());
        assert_eq!(regressions.iter().map(|c| c.name()).collect::<Vec<_>>(), ["p1", "p2"]);
    }
    assert_eq!(found.texts["best1"], "text of best1");
    assert_eq!(found.texts["statement of p1"], "theorem p1");
}

#[test]
fn a_flaky_verdict_is_listed_and_is_no_regression() {
    let mut past = Past::new();
    past.add(&plan(), vec![judged("p0", "same", A), judged("p1", "old", A)]);
    // The same output, the same judge, another verdict; and a real regression beside it.
    let run = past.add(&plan(), vec![judged("p0", "same", R), judged("p1", "new", R)]);
    let found = past.review(&run, FailOn::Any, Against::Last);
    let cell = &found.cells[0];
    let last = cell.last.as_ref().expect("a comparison");
    assert_eq!((names(&last.flaky), names(&last.regressions), last.pairs), (vec!["p0"], vec!["p1"], 1));
    assert_eq!(cell.flaky().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["p0"]);
    // Under another judge the same change is a regression.
    let other = Plan { judge: "k".into(), ..plan() };
    let run = past.add(&other, vec![judged("p0", "steady", A)]);
    let next = past.add(&Plan { judge: "l".into(), ..plan() }, vec![judged("p0", "steady", R)]);
    assert!(past.review(&run, FailOn::Any, Against::Last).cells[0].last.as_ref().expect("one").regressions.is_empty());
    let found = past.review(&next, FailOn::Any, Against::Last);
    let last = found.cells[0].last.as_ref().expect("a comparison");
    assert_eq!(names(&last.regressions), ["p0"]);
    assert!(last.circumstances[0].contains("judge"), "{:?}", last.circumstances);
}

#[test]
fn a_second_opinion_within_a_run_makes_an_item_flaky() {
    let mut past = Past::new();
    past.run("x", &[A]);
    let run = past.add(&plan(), vec![Judged { again: vec![R, A], ..judged("p0", "y", R) }]);
    let found = past.review(&run, FailOn::Any, Against::Last);
    let last = found.cells[0].last.as_ref().expect("a comparison");
    assert!(!found.has_failed() && names(&last.flaky) == ["p0"], "{last:?}");
}

#[test]
fn a_significant_drop_is_one_that_chance_does_not_explain() {
    let fails = |lost: usize, won: usize, fail_on| {
        let mut past = Past::new();
        let side = |before: bool| (0..40).map(move |i| if (i < lost) == before && i < lost + won { A } else { R });
        past.run("x", &side(true).collect::<Vec<_>>());
        let run = past.run("y", &side(false).collect::<Vec<_>>());
        let found = past.review(&run, fail_on, Against::Last);
        let last = found.cells[0].last.as_ref().expect("a comparison");
        assert_eq!((last.regressions.len(), last.newly_solved.len(), last.pairs), (lost, won, 40));
        found.has_failed()
    };
    // Exact two-sided p: 5 to 0 is .0625, 6 to 0 is .031.
    assert!(!fails(5, 0, FailOn::Significant) && fails(6, 0, FailOn::Significant));
    assert!(!fails(0, 6, FailOn::Significant), "getting better is no failure");
    assert!(fails(1, 30, FailOn::Any) && !fails(20, 0, FailOn::Never) && !fails(0, 3, FailOn::Any));
}

#[test]
fn a_review_made_again_later_is_the_same() {
    let mut past = Past::new();
    past.run("a", &[A, R]);
    let run = past.run("b", &[R, R]);
    let said = |past: &Past| {
        let found = past.review(&run, FailOn::Any, Against::Both);
        (format!("{:?}", found.cells), found.texts)
    };
    let then = said(&past);
    // Now the first output of that run is known to be flaky, and there is a better run.
    past.run("b", &[A, A]);
    assert_eq!(said(&past), then);
}

#[test]
fn items_that_are_not_in_both_runs_are_no_pairs() {
    let mut past = Past::new();
    past.add(&plan(), vec![judged("gone", "1", A), judged("both", "2", A)]);
    let mut cell = cell(vec![judged("both", "3", R), judged("new", "4", R)]);
    cell.asked[0].statement = "another".into();
    let run = finished(&mut past.history, &plan(), &[cell]);
    let found = past.review(&run, FailOn::Any, Against::Last);
    let last = found.cells[0].last.as_ref().expect("a comparison");
    assert_eq!((last.pairs, names(&last.restated)), (0, vec!["both"]));
    assert_eq!((&last.missing[..], &last.added[..]), (&["gone".to_owned()][..], &["new".to_owned()][..]));
    assert!(!found.has_failed());
}
