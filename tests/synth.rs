//! `data synth` through the real binary: the real Lean accepts an instance of every schema, and the output depends on
//! nothing but its seed. Needs the AfCore library in `lean-project/`.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{Ended, afcheck, arg, directory, end};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn synth(args: &[&str]) -> Ended {
    end(afcheck().current_dir(env!("CARGO_MANIFEST_DIR")).args(["data", "synth"]).args(args), b"")
}

fn pairs(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn lean_accepts_an_instance_of_every_schema() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("lean-project/AfCore/Automaton.lean");
    assert!(library.exists(), "the AfCore library is complete");
    let all = pairs(&synth(&["--each-schema", "--no-check"]).stdout);
    let checked = synth(&["--each-schema"]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    assert_eq!(pairs(&checked.stdout), all, "{}", checked.stderr);
    assert!(all.len() > 250 && checked.stderr.contains(" 0 refused"), "{}", checked.stderr);
}

#[test]
fn the_same_seed_gives_the_same_file() {
    let directory = directory();
    let file = |name: &str| directory.path().join(name);
    for name in ["a", "b"] {
        let out = file(name);
        let ended = synth(&["--seed", "3", "--count", "300", "--no-check", "--out", arg(&out)]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{}", ended.stderr);
    }
    let text = fs::read_to_string(file("a")).unwrap();
    assert_eq!(text, fs::read_to_string(file("b")).unwrap());
    let first = &pairs(&text)[0];
    let keys: Vec<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = "id split concept source difficulty informal header formal schema phrasing";
    assert_eq!(keys.join(" "), expected);
    assert!(first["formal"].as_str().unwrap().starts_with("theorem afcore_synth_3_1 "));

    // What is excluded does not come again, and the statistics say so.
    let other = file("other");
    let excluded = file("a");
    let args = ["--seed", "3", "--count", "300", "--no-check", "--exclude", arg(&excluded), "--out", arg(&other)];
    assert_eq!(synth(&args).code, Some(0));
    let stats = end(afcheck().args(["data", "stats", arg(&other), "--against", arg(&excluded)]), b"");
    assert!(stats.stdout.contains("shared      0 with"), "{}", stats.stdout);
    let stats = end(afcheck().args(["data", "stats", arg(&excluded), "--against", arg(&excluded)]), b"");
    assert!(stats.stdout.contains("shared      300 with"), "{}", stats.stdout);
}

#[test]
fn mistakes_are_explained() {
    for (args, saying) in [
        (&["--concepts", "cookery"][..], "no concept `cookery`"),
        (&["--exclude", "/nowhere.jsonl"][..], "/nowhere.jsonl"),
        (&["--jobs", "0"][..], "--jobs 0"),
    ] {
        let ended = synth(args);
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(saying), "{args:?}: {}", ended.stderr);
    }
}
