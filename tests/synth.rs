//! `data synth` and `data show` through the real binary: the real Lean accepts an instance of every schema, the output
//! depends on nothing but its seed, and data sets are shown. Needs the AfCore library in `lean-project/`.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{Ended, afcheck, arg, bare, directory, end};
use serde_json::Value;
use std::collections::BTreeSet;
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
    let expected = "id split concept source difficulty informal header formal schema statement phrasing distractor";
    assert_eq!(keys.join(" "), expected);
    assert!(first["formal"].as_str().unwrap().starts_with("theorem afcore_synth_3_1_1 "));

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
fn the_released_file_is_what_its_seed_gives() {
    // Lean refused none of it, so that the file can be made without Lean.
    let released = include_str!("../data/afcore/train.jsonl");
    let count = released.lines().count().to_string();
    let excluded = ["--exclude", "data/afcore/test.jsonl", "--exclude", "data/afcore/dev.jsonl"];
    let made = synth(&[&["--seed", "1", "--count", &count, "--no-check"][..], &excluded].concat()).stdout;
    let differing = made.lines().zip(released.lines()).position(|(made, released)| made != released);
    assert!(made == released, "the card's command gives another file, from line {differing:?} (counted from 0) on");
}

#[test]
fn phrasings_are_records_with_one_key() {
    let ended = synth(&["--seed", "8", "--count", "90", "--phrasings", "3", "--no-check"]);
    let pairs = pairs(&ended.stdout);
    let keys: BTreeSet<&str> = pairs.iter().map(|pair| pair["statement"].as_str().unwrap()).collect();
    assert!(pairs.len() == 90 && (30..36).contains(&keys.len()), "{} of {}", keys.len(), pairs.len());
    let directory = directory();
    let file = directory.path().join("pairs.jsonl");
    fs::write(&file, &ended.stdout).unwrap();
    let stats = end(bare().args(["data", "stats", arg(&file)]), b"");
    assert!(stats.stdout.contains(&format!("statements  {} ", keys.len())), "{}", stats.stdout);
    assert!(stats.stdout.contains("distractor"), "{}", stats.stdout);
}

#[test]
fn problems_are_shown() {
    let show = |args: &[&str]| end(bare().args(["data", "show"]).args(args), b"");
    let dev = include_str!("../data/afcore/dev.jsonl");
    let first = &pairs(dev)[0];
    let id = first["id"].as_str().unwrap();
    // For people: all parts, lines as they are in the file.
    let shown = show(&["afcore:dev", "--id", id]).stdout;
    for part in ["informal", "formal", "proof"] {
        assert!(shown.contains(&format!("\n  {part}:\n    ")), "{shown}");
        for line in first[part].as_str().unwrap().lines() {
            assert!(shown.contains(line.trim()), "{line} in {shown}");
        }
    }
    assert!(shown.starts_with(id) && shown.contains("  difficulty: "), "{shown}");
    assert_eq!(shown.matches("\n  formal:").count(), 1);
    // For programs: a data set again.
    let whole = show(&["afcore:dev", "--format", "jsonl"]).stdout;
    assert_eq!(whole.lines().count(), dev.lines().count());
    let directory = directory();
    let file = directory.path().join("dev.jsonl");
    fs::write(&file, &whole).unwrap();
    assert_eq!(show(&[arg(&file), "--format", "jsonl"]).stdout, whole);
    assert_eq!(show(&[arg(&file), "--id", id]).stdout, shown);
    // A sample is the same for the same seed.
    let sample = |seed| show(&["afcore", "--sample", "7", "--seed", seed, "--format", "jsonl"]).stdout;
    assert_eq!((sample("1").lines().count(), sample("1")), (7, sample("1")));
    assert_ne!(sample("1"), sample("2"));
    for (args, saying) in [
        (&["afcore", "--id", "nobody"][..], "no problem `nobody`"),
        (&["proofnet"][..], "download it"),
        (&["nowhere.jsonl"][..], "built in: afcore, afcore:dev"),
        (&["afcore", "--id", "x", "--sample", "3"][..], "cannot be used with"),
        (&["afcore", "--data-field", "cook=x"][..], "cook"),
    ] {
        let ended = show(args);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(saying), "{args:?}: {}", ended.stderr);
    }
}

#[test]
fn mistakes_are_explained() {
    for (args, saying) in [
        (&["--concepts", "cookery"][..], "no concept `cookery`"),
        (&["--exclude", "/nowhere.jsonl"][..], "/nowhere.jsonl"),
        (&["--jobs", "0"][..], "--jobs 0"),
        (&["--phrasings", "0"][..], "--phrasings 0"),
    ] {
        let ended = synth(args);
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(saying), "{args:?}: {}", ended.stderr);
    }
}
