//! `afcheck embed`, `align`, `diversity` and `data select` through the real binary, with a small model that the test writes: what they
//! say and leave behind, that work is not done twice, and what they say of what is wrong.

#![cfg(feature = "ml")]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

#[path = "common/chain_model.rs"]
mod chain_model;
mod common;

use common::{Ended, bare, directory, end};
use serde_json::Value;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A directory with a model, a cache of its own, problems of two concepts and prose.
fn place() -> TempDir {
    let home = directory();
    chain_model::write_noisy(&home.path().join("model"), &chain_model::CHAINS, 0.1);
    let problem = |i: usize| {
        let (concept, informal, formal) = match i % 2 {
            0 => ("zero", format!("Zero added to {i} is {i}."), format!("theorem p{i} : {i} + 0 = {i} := by sorry")),
            _ => (
                "lists",
                format!("The list [{i}] has length one."),
                "example (xs : List Nat) : xs.length ≥ 0".to_owned(),
            ),
        };
        serde_json::json!({ "id": format!("p{i}"), "concept": concept, "informal": informal, "formal": formal })
            .to_string()
    };
    let lines: Vec<String> = (0..40).map(problem).collect();
    fs::write(home.path().join("train.jsonl"), lines.join("\n") + "\n").unwrap();
    let prose =
        |i: usize| format!("WHEREAS the party of the {i} part SHALL NOT be liable; AND FURTHERMORE, see section {i}.");
    fs::write(home.path().join("prose.txt"), (0..40).map(prose).collect::<Vec<_>>().join("\n\n")).unwrap();
    home
}

const SMALL: [&str; 12] = [
    "--probe",
    "model",
    "--batches",
    "5",
    "--batch-size",
    "4",
    "--seq-len",
    "24",
    "--head-epochs",
    "1",
    "--draws",
    "2",
];

fn run(home: &TempDir, args: &[&str]) -> Ended {
    let cache = home.path().join("cache");
    end(bare().current_dir(home.path()).env("AFCHECK_CACHE", cache).args(args), b"")
}

fn ok(home: &TempDir, args: &[&str]) -> Ended {
    let ended = run(home, args);
    assert_eq!(ended.code, Some(0), "{args:?}: {}", ended.stderr);
    ended
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).expect("JSON")
}

#[test]
fn sources_are_compared_with_targets_and_each_other() {
    let home = place();
    let sources = ["--source", "formal:train.jsonl", "--source", "text:prose.txt", "--target", "formal:train.jsonl"];
    let found = json(&ok(&home, &[&["align"], &sources[..], &SMALL, &["--format", "json"]].concat()));
    let pairs = found["comparison"]["pairs"].as_array().expect("pairs");
    let value = |at: usize, name: &str| pairs[at][name].as_f64().unwrap_or_else(|| panic!("{name} of {}", pairs[at]));
    for measure in ["gzip", "unigrams", "bigrams", "states", "mauve"] {
        assert!(
            value(0, measure) > value(1, measure),
            "{measure}: a source is more like itself than like prose: {pairs:?}"
        );
    }
    let alignment = |at: usize| pairs[at]["alignment"]["value"].as_f64().expect("a coefficient");
    assert!(alignment(0) > alignment(1), "{pairs:?}");
    let interval = pairs[1]["alignment"]["interval"].as_array().expect("an interval");
    let (low, high) = (interval[0].as_f64().unwrap(), interval[1].as_f64().unwrap());
    assert!(low <= alignment(1) && alignment(1) <= high);
    assert!(found["about"]["probe_sha256"].as_str().is_some_and(|hash| hash.len() == 64));

    let matrix = [
        "align",
        "--matrix",
        "--source",
        "formal:train.jsonl",
        "--source",
        "text:prose.txt",
        "--html",
        "m.html",
        "--svg",
        "plots",
    ];
    let again = ok(&home, &[&matrix[..], &["--source", "bound:uniform"], &SMALL].concat());
    // What was embedded for the first comparison is not embedded again.
    assert!(again.stderr.contains("15 batches, 10 of them before"), "{}", again.stderr);
    assert_eq!(
        again.stdout.lines().filter(|line| line.contains("train.jsonl") || line.contains("prose.txt")).count(),
        5
    );
    let page = fs::read_to_string(home.path().join("m.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("Which are alike") && !page.contains("NaN"));
    for (name, what) in [("heat-map.svg", "<rect"), ("dendrogram.svg", "<path")] {
        let plot = fs::read_to_string(home.path().join("plots").join(name)).unwrap();
        assert!(
            plot.starts_with("<svg") && plot.contains("xmlns") && plot.contains(what) && plot.contains("<style>"),
            "{plot}"
        );
    }
    let markdown = ok(&home, &[&["align"], &sources[..], &SMALL, &["--format", "markdown", "--quiet"]].concat());
    assert!(markdown.stdout.starts_with("| source | target | alignment |") && markdown.stderr.is_empty());
}

#[test]
fn diversity_is_of_sources_and_of_groups() {
    let home = place();
    let found =
        ok(&home, &[&["diversity", "--data", "text:prose.txt", "--data", "bound:constant"], &SMALL[..]].concat());
    assert!(found.stdout.contains("text:prose.txt") && found.stdout.contains("bound:constant"), "{}", found.stdout);
    let by = ["diversity", "--data", "formal:train.jsonl", "--by", "concept", "--format", "json", "--html", "d.html"];
    let found = json(&ok(&home, &[&by[..], &SMALL].concat()));
    let groups = found["diversity"]["groups"].as_array().expect("groups");
    let names: Vec<&str> = groups.iter().map(|group| group["group"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let of = |name: &str| found["diversity"][name].as_f64().expect(name);
    assert!(of("between") > of("within"), "{found:#}");
    assert!(fs::read_to_string(home.path().join("d.html")).unwrap().contains("<svg"));
    for (args, words) in [
        (vec!["--data", "text:prose.txt", "--by", "concept"], "groups are of problems"),
        (vec!["--data", "formal:train.jsonl", "--by", "colour"], "there are concept, source"),
        (vec!["--data", "formal:train.jsonl", "--by", "difficulty"], "has 0 of them"),
        (vec!["--data", "formal:none.jsonl"], "none.jsonl"),
        (
            vec!["--data", "formal:train.jsonl", "--compat", "beyond-scale", "--params", "adapters"],
            "--compat goes with",
        ),
        (vec!["--data", "formal:train.jsonl", "--seq-len", "100000"], "reads"),
    ] {
        let ended = run(&home, &[&["diversity"], &SMALL[..6], &args[..]].concat());
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{args:?}: {}", ended.stderr);
    }
}

#[test]
fn an_embedding_that_was_killed_goes_on_where_it_was() {
    let home = place();
    let args = ["embed", "--data", "formal:train.jsonl", "--probe", "model", "--batch-size", "8", "--seq-len", "24"];
    let args = [&args[..], &["--batches", "12", "--head-epochs", "40", "--draws", "4", "--out", "e"]].concat();
    let cache = home.path().join("cache");
    let mut child = bare()
        .current_dir(home.path())
        .env("AFCHECK_CACHE", &cache)
        .args(&args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let kept = || {
        let folders = fs::read_dir(cache.join("task2vec")).into_iter().flatten().flatten();
        folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten()).count()
    };
    let begun = Instant::now();
    while kept() < 2 && begun.elapsed() < Duration::from_secs(120) {
        sleep(Duration::from_millis(2));
    }
    child.kill().expect("killed");
    child.wait().expect("it ended");
    assert!(kept() >= 2);
    let ended = ok(&home, &args);
    assert!(!ended.stderr.contains(" 0 of them before"), "{}", ended.stderr);
    let card = json(&ended);
    let (batches, numbers) = (card["batches"].as_u64().unwrap(), card["numbers"].as_u64().unwrap());
    assert_eq!(batches, 12);
    let bytes = fs::read(home.path().join("e/embeddings.safetensors")).unwrap();
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap());
    assert_eq!(bytes.len() as u64, 8 + header + 4 * batches * numbers);
    // The same numbers as in one go.
    let whole = [&args[..args.len() - 1], &["f", "--no-cache"]].concat();
    ok(&home, &whole);
    assert_eq!(fs::read(home.path().join("f/embeddings.safetensors")).unwrap(), bytes);
    assert_eq!(fs::read_to_string(home.path().join("e/card.json")).unwrap(), ended.stdout);
}

#[test]
fn chosen_texts_fit_the_budget_and_can_be_trained_on() {
    let home = place();
    let select = |by: &str, more: &[&str]| {
        let args =
            ["data", "select", "formal:train.jsonl", "--by", by, "--budget", "400", "--out", "c.jsonl", "--shard", "4"];
        let found = json(&ok(&home, &[&args[..], more, &SMALL].concat()));
        assert!(found["tokens"].as_u64().is_some_and(|tokens| tokens > 200 && tokens <= 400), "{found}");
        let lines = fs::read_to_string(home.path().join("c.jsonl")).unwrap();
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(lines.len() as u64, found["texts"].as_u64().unwrap());
        lines
    };
    fs::write(home.path().join("target.txt"), "theorem q : 7 + 0 = 7 := by sorry\n\ntheorem r : 9 + 0 = 9 := by sorry")
        .unwrap();
    let zero = |lines: &[Value]| lines.iter().filter(|line| line["concept"] == "zero").count();
    let near = select("gzip", &["--target", "text:target.txt"]);
    assert_eq!(zero(&near), near.len(), "what the target compresses: {near:?}");
    assert!(near.is_sorted_by(|a, b| a["score"].as_f64() >= b["score"].as_f64()));
    let random = select("random", &[]);
    assert!(zero(&random) < random.len() && random[0].get("score").is_none());
    select("diversity", &[]);
    select("alignment", &["--target", "text:target.txt"]);
    let shown = ok(&home, &["data", "show", "aligned:c.jsonl", "--sample", "1"]);
    assert!(shown.stdout.contains("aligned:c.jsonl"), "{}", shown.stdout);
    let prose = ["data", "select", "text:prose.txt", "--by", "random", "--budget", "300", "--out", "p.jsonl"];
    ok(&home, &[&prose[..], &SMALL].concat());
    ok(&home, &["data", "show", "jsonl:p.jsonl"]);
    for (args, words) in [
        (vec!["formal:train.jsonl", "--by", "gzip", "--budget", "9"], "--target"),
        (vec!["formal:train.jsonl", "--by", "random", "--budget", "2"], "no text is as short"),
        (vec!["unpaired:train.jsonl", "--by", "random", "--budget", "99"], "two sides"),
    ] {
        let ended = run(&home, &[&["data", "select"], &args[..], &["--out", "x.jsonl"], &SMALL].concat());
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{args:?}: {}", ended.stderr);
    }
}
