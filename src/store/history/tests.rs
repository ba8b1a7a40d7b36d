//! The history on real files: what a killed run leaves, what is refused, what is forgotten.

use super::forged::{cell, finished, judged, plan};
use super::{Cell, History, HistoryError, Plan, Standing, State, Texts};
use Standing::{Accepted as A, Rejected as R, Undecided as U};
use rusqlite::Connection;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

fn place() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("below/nightly.sqlite");
    (directory, path)
}

#[test]
fn what_is_written_is_read_again() {
    let (_directory, path) = place();
    let mut history = History::open_or_begin(&path).expect("a new history");
    let mut written = cell(vec![judged("b", "1", A), judged("a", "2", R), judged("c", "3", U)]);
    written.judged[1].again = vec![R, A];
    written.judged[2].sha256 = None;
    let plan = Plan { revision: Some("abc".into()), by_sample: true, ..plan() };
    let run = finished(&mut history, &plan, std::slice::from_ref(&written));
    drop(history);
    let history = History::open(&path).expect("it is there");
    assert_eq!(history.runs().expect("runs"), std::slice::from_ref(&run));
    assert_eq!(history.cell(run.id, "m", "d").expect("a cell"), Some(written), "in the same order");
    assert_eq!(history.cell(run.id, "m", "e").expect("no cell"), None);
    let texts = history.texts(["1", "statement of a", "unknown"]).expect("texts");
    assert_eq!((texts.len(), texts["statement of a"].as_str()), (2, "theorem a"));
}

#[test]
fn a_run_is_whole_or_unfinished() {
    let (_directory, path) = place();
    let mut history = History::open_or_begin(&path).expect("a new history");
    let run = history.begin(&plan(), 7).expect("a run");
    // Two cells of one name break off the transaction after the first was written.
    let twice = [cell(vec![judged("a", "1", A)]), cell(vec![judged("a", "1", A)])];
    assert!(history.finish(run.id, 9, &twice, &Texts::new()).is_err());
    drop(history);
    let mut history = History::open(&path).expect("it is there");
    let left = history.unfinished().expect("runs").expect("the run");
    assert_eq!((left.id, left.state, left.ended), (run.id, State::Unfinished, None));
    assert_eq!(history.cells(run.id).expect("cells"), vec![]);
    history.finish(run.id, 9, &twice[..1], &Texts::new()).expect("now");
    assert_eq!(history.unfinished().expect("runs"), None);
}

#[test]
fn files_that_are_not_ours_are_refused_and_left_alone() {
    let (directory, _) = place();
    let refused = |name: &str, says: &[&str]| {
        let path = directory.path().join(name);
        let before = fs::read(&path).expect("the file");
        for open in [History::open, History::open_or_begin] {
            let error = open(&path).expect_err(name).to_string();
            assert!(says.iter().all(|word| error.contains(word)), "{error}");
        }
        assert_eq!(fs::read(&path).expect("the file"), before, "{name} is as it was");
    };
    fs::write(directory.path().join("text"), "not a database, but long enough to have a header ".repeat(40)).unwrap();
    refused("text", &["no history", "not a database"]);
    let other = Connection::open(directory.path().join("other")).unwrap();
    other.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)").unwrap();
    drop(other);
    refused("other", &["no history", "another database"]);
    // One of a later afcheck.
    let later = directory.path().join("later");
    drop(History::open_or_begin(&later).expect("a new history"));
    let connection = Connection::open(&later).unwrap();
    connection.pragma_update(None, "user_version", 7).unwrap();
    connection.pragma_update(None, "journal_mode", "DELETE").unwrap();
    drop(connection);
    refused("later", &["version 7", "reads version 1", "left as it is"]);
    let absent = History::open(&directory.path().join("absent"));
    assert!(matches!(absent, Err(HistoryError::Absent(_))));
}

#[test]
fn one_judge_that_says_two_things_is_noticed() {
    let (_directory, path) = place();
    let mut history = History::open_or_begin(&path).expect("a new history");
    let rows = |a, b, c| cell(vec![judged("a", "1", a), judged("b", "2", b), judged("c", "3", c)]);
    let first = finished(&mut history, &plan(), &[rows(A, A, A)]);
    let mut second = rows(R, A, A);
    second.judged[1].again = vec![A, R];
    let second = finished(&mut history, &plan(), &[second]);
    // Another judge, another way of judging: they may see it otherwise.
    let third = finished(&mut history, &Plan { judge: "k".into(), ..plan() }, &[rows(A, A, R)]);
    finished(&mut history, &Plan { judging: "t".into(), ..plan() }, &[rows(A, A, R)]);
    let unsteady = history.unsteady(third.id).expect("unsteady ones");
    let found: Vec<&str> = ["1", "2", "3"].into_iter().filter(|code| unsteady.has(&second, code)).collect();
    assert_eq!(found, ["1", "2"], "between runs, and within one");
    assert!(!unsteady.has(&third, "1"), "the other judge never wavered");
    let then = history.unsteady(first.id).expect("unsteady ones");
    assert!(!then.has(&first, "1"), "after the first run nobody knew");
}

#[test]
fn old_runs_go_but_the_best_stays() {
    let (_directory, path) = place();
    let mut history = History::open_or_begin(&path).expect("a new history");
    let run = |history: &mut History, code: &str, solved: usize| {
        let rows = (0..4).map(|i| judged(&i.to_string(), &format!("{code}{i}"), if i < solved { A } else { R }));
        finished(history, &plan(), &[cell(rows.collect::<Vec<_>>())]).id
    };
    let low = run(&mut history, "low", 1);
    let early = run(&mut history, "early", 3);
    let best = run(&mut history, "best", 3);
    let killed = history.begin(&plan(), 1).expect("a run").id;
    history.abandon(killed).expect("given up");
    let later: Vec<i64> = (0..3).map(|i| run(&mut history, &format!("later{i}"), 2)).collect();
    assert_eq!(history.best_before("m", "d", later[0]).expect("a best"), Some(best), "among equals the latest");
    assert_eq!(history.prune(2).expect("pruned"), [low, early, killed, later[0]]);
    let left: Vec<i64> = history.runs().expect("runs").iter().map(|run| run.id).collect();
    assert_eq!(left, [best, later[1], later[2]]);
    let texts = history.texts(["low0", "best0", "later10", "statement of 1"]).expect("texts");
    assert!(!texts.contains_key("low0") && texts.len() == 3, "texts that nothing refers to are gone: {texts:?}");
    let cell: Option<Cell> = history.cell(low, "m", "d").expect("no cell");
    assert_eq!(cell, None);
    assert_eq!(history.past("m", "d", i64::MAX).expect("runs").len(), 3);
}
