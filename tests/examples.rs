//! The example corpus through the binary: every record gets the verdict its author wrote down, twice the same, whatever
//! the number of jobs.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{BUDGET, without_time};
use serde_json::{Value, json};

fn corpus() -> Vec<Value> {
    let text = include_str!("../examples/outputs.jsonl");
    text.lines().map(|l| serde_json::from_str(l).expect("a record")).collect()
}

fn judged(jobs: &str) -> Vec<Value> {
    common::judge(&corpus(), &["--heartbeats", BUDGET, "--jobs", jobs])
}

#[test]
fn every_record_gets_its_verdict_and_the_same_one_each_time() {
    let results = judged("1");
    let mut wrong = Vec::new();
    for (record, result) in corpus().iter().zip(&results) {
        assert_eq!(record["id"], result["id"]);
        let keys = ["verdict", "level", "reason", "mode"];
        let got: Value = keys.iter().map(|k| ((*k).to_owned(), result[*k].clone())).collect();
        if got != record["expect"] {
            wrong.push(format!("{}: expected {}, got {got}", record["id"], record["expect"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");

    let again = judged("2");
    let text = |results: &[Value]| -> Vec<String> { results.iter().map(|r| without_time(r).to_string()).collect() };
    // The same bytes: verdicts, axioms, messages, heartbeats and the order of keys.
    for (one, two) in text(&results).iter().zip(text(&again)) {
        assert_eq!(*one, two);
    }
}

#[test]
fn the_place_of_a_record_in_a_run_does_not_matter() {
    let records = corpus();
    let reversed: Vec<Value> = records.iter().rev().take(40).cloned().collect();
    let backwards = common::judge(&reversed, &["--jobs", "1"]);
    let forwards: Vec<Value> = reversed.iter().rev().cloned().collect();
    let forwards = common::judge(&forwards, &["--jobs", "1"]);
    for (one, two) in backwards.iter().rev().zip(&forwards) {
        let place = |r: &Value| {
            let mut r = without_time(r);
            r["index"] = json!(0);
            r
        };
        assert_eq!(place(one), place(two));
    }
}
