//! `afcheck data show` of data conditions, through the real binary, without Lean and without a model. Owns its samples only.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{Ended, bare, end};
use serde_json::Value;
use std::collections::HashSet;
use std::fs;

fn show(args: &[&str]) -> Ended {
    end(bare().args(["data", "show"]).args(args), b"")
}

fn lines(ended: &Ended) -> Vec<Value> {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    ended.stdout.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn tokens(example: &Value) -> u64 {
    ["prompt_tokens", "target_tokens"].iter().map(|name| example[*name].as_u64().expect("a number")).sum()
}

#[test]
fn a_condition_is_shown_with_its_statistics() {
    let shown = show(&["aligned:afcore:train", "--tokens", "5000", "--sample", "2"]);
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    for part in [
        "condition  aligned:afcore:train\nwords      5000, of which ",
        "\n  7000 texts, ",
        "100.0 % of all (100.0 % wanted)",
        "    Lean 4:\n  target (",
        "words):\n    theorem ",
    ] {
        assert!(shown.stdout.contains(part), "{part} in {}", shown.stdout);
    }
    assert_eq!(shown.stdout.matches("  prompt (").count(), 2);
    assert_eq!(show(&["aligned:afcore:train", "--sample", "0"]).stdout.matches("  prompt (").count(), 0);
}

#[test]
fn conditions_of_one_budget_have_the_same_number_of_tokens() {
    for condition in [
        "aligned:afcore:train",
        "unpaired:afcore:train",
        "formal:afcore:train",
        "informal:afcore:train",
        "0.7*aligned:afcore:train+0.3*lean-docs:afcore:library",
    ] {
        let ended = show(&[condition, "--tokens", "12345", "--format", "jsonl"]);
        let examples = lines(&ended);
        assert_eq!(examples.iter().map(tokens).sum::<u64>(), 12_345, "{condition}");
        assert!(ended.stderr.contains("words      12345, of which"), "{}", ended.stderr);
        assert_eq!(show(&[condition, "--tokens", "12345", "--format", "jsonl"]).stdout, ended.stdout, "{condition}");
        let other = show(&[condition, "--tokens", "12345", "--format", "jsonl", "--seed", "2", "--quiet"]);
        assert_ne!(other.stdout, ended.stdout, "{condition}");
        assert_eq!(other.stderr, "");
    }
}

#[test]
fn files_and_records_can_be_sources() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name);
    fs::write(path("a.py"), "import os\n\ndef f(x):\n    return x\n\nclass A:\n    pass\n").expect("written");
    fs::write(path("b.v"), "Lemma a : True. Proof. exact I. Qed.\n").expect("written");
    fs::write(path("c.jsonl"), "{\"text\": \"One.\"}\n{\"text\": \"Two.\"}\n").expect("written");
    let examples =
        |kind: &str, name: &str| lines(&show(&[&format!("{kind}:{}", path(name).display()), "--format", "jsonl"]));
    let targets = |examples: &[Value]| -> HashSet<String> {
        examples.iter().map(|e| e["target"].as_str().expect("a text").to_owned()).collect()
    };
    let python = examples("python", "");
    assert_eq!(targets(&python), ["def f(x):\n    return x", "class A:\n    pass"].map(str::to_owned).into());
    let id = python.iter().find(|e| e["target"].as_str().is_some_and(|t| t.starts_with("class"))).map(|e| &e["id"]);
    assert_eq!(id.and_then(Value::as_str), Some(format!("{}:6", path("a.py").display()).as_str()));
    assert!(python.iter().all(|e| e["prompt"] == "" && e["prompt_tokens"] == 1));
    assert_eq!(targets(&examples("coq", "b.v")), ["Lemma a : True. Proof. exact I. Qed.".to_owned()].into());
    assert_eq!(targets(&examples("jsonl", "c.jsonl")), ["One.", "Two."].map(str::to_owned).into());
    let short = show(&[
        &format!("python:{}", path("").display()),
        "--context",
        "5",
        "--too-long",
        "leave-out",
        "--tokens",
        "9",
    ]);
    assert!(short.stdout.contains("context    5: 0 examples were cut to it, 1 texts left out"), "{}", short.stdout);
}

#[test]
fn an_exported_condition_trains_and_tests_apart() {
    let ids = |condition: &str| -> HashSet<String> {
        lines(&show(&[condition, "--format", "jsonl"])).iter().map(|e| e["target"].to_string()).collect()
    };
    for view in ["informal", "aligned"] {
        let (test, train) = (ids(&format!("{view}:afcore:test")), ids(&format!("{view}:afcore:train")));
        assert!(test.len() > 250 && train.len() > 3_000 && test.is_disjoint(&train), "{view}");
    }
}

#[test]
fn mistakes_are_explained() {
    for (args, saying) in [
        (&["formal:"][..], "names no data"),
        (&["formal:nowhere.jsonl"][..], "there is no file `nowhere.jsonl`"),
        (&["python:nowhere"][..], "cannot read nowhere"),
        (&["0*formal:afcore"][..], "`0` is no weight"),
        (&["formal:afcore+informal:afcore"][..], "0.5*formal:afcore+0.5*informal:afcore"),
        (&["unpaired/5000:afcore:dev", "--tokens", "9000"][..], "cannot keep a window of 5000 examples"),
        (&["formal:afcore", "--tokens", "1"][..], "a budget of 1 words"),
        (&["formal:afcore", "--id", "x"][..], "--id x is for data sets"),
        (&["formal:afcore", "--split", "valid"][..], "no problem of split `valid`"),
        (&["formal:afcore", "--too-long", "cut"][..], "--context"),
        (&["formal:afcore", "--template", "/nowhere.toml"][..], "/nowhere.toml"),
        (&["afcore", "--tokens", "5"][..], "--tokens is for data conditions, such as aligned:afcore"),
    ] {
        let ended = show(args);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(saying), "{args:?}: {}", ended.stderr);
    }
}
