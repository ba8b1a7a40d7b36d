//! `afcheck finetune` through the real binary, with a small model that the test writes: what a run leaves, that it can be
//! killed, and what it says of settings and data that are wrong.

#![cfg(feature = "ml")]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

#[path = "common/chain_model.rs"]
mod chain_model;
mod common;

use common::{Ended, bare, directory, end};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A directory with a model and problems.
struct Place {
    home: TempDir,
}

impl Place {
    fn new() -> Place {
        let home = directory();
        chain_model::write_noisy(&home.path().join("model"), &chain_model::CHAINS, 0.1);
        let problem = |i: usize| {
            let (informal, formal) =
                (format!("Zero added to {i} is {i}."), format!("theorem p{i} : {i} + 0 = {i} := by sorry"));
            serde_json::json!({ "id": format!("p{i}"), "informal": informal, "formal": formal }).to_string()
        };
        let write = |name: &str, range: std::ops::Range<usize>| {
            let lines: Vec<String> = range.map(problem).collect();
            fs::write(home.path().join(name), lines.join("\n") + "\n").unwrap();
        };
        write("train.jsonl", 0..40);
        write("dev.jsonl", 40..45);
        Place { home }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn args<'a>(&self, args: &[&'a str]) -> Vec<&'a str> {
        let common = ["finetune", "--model", "model", "--dev", "aligned:dev.jsonl"];
        let data = if args.contains(&"--data") { &[][..] } else { &["--data", "aligned:train.jsonl"] };
        [&common[..], data, args].concat()
    }

    fn run(&self, args: &[&str]) -> Ended {
        end(bare().current_dir(self.home.path()).args(self.args(args)), b"")
    }

    /// Mean loss of the development problems.
    fn loss(&self, model: &[&str]) -> f64 {
        let common = ["loss", "--data", "dev.jsonl"];
        let ended = end(bare().current_dir(self.home.path()).args(common).args(model), b"");
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let report: Value = serde_json::from_str(&ended.stdout).expect("JSON");
        report["loss"]["loss"].as_f64().expect("a loss")
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).expect("JSON")
}

#[test]
fn an_adapter_lowers_the_loss_and_is_the_same_for_the_same_seed() {
    let place = Place::new();
    let all = "query,key,value,output,gate,up,down";
    let args = ["--targets", all, "--epochs", "3", "--learning-rate", "1e-2", "--dropout", "0.1", "--dev-every", "5"];
    let run = |out: &str, more: &[&str]| {
        let ended = place.run(&[&args[..], &["--out", out], more].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        fs::read(place.file(out).join("adapter/adapter_model.safetensors")).unwrap()
    };
    let one = run("one", &[]);
    assert_eq!(run("again", &[]), one, "the same seed");
    assert_eq!(run("passes", &["--tokens-at-once", "64"]).len(), one.len());
    assert_ne!(run("other", &["--seed", "2"]), one);
    let card = json(&place.file("one/card.json"));
    let (before, after) = (card["dev_before"].as_f64().unwrap(), card["dev_loss"].as_f64().unwrap());
    assert!(after < 0.95 * before, "{before} to {after}");
    assert_eq!((&card["step"], &card["ended"]), (&Value::from(15), &Value::from("complete")));
    // The adapter does in `loss` what it did in training; the target there is without the end of text.
    let (plain, adapted) =
        (place.loss(&["--model", "model"]), place.loss(&["--model", "model", "--adapter", "one/adapter"]));
    assert!(adapted < 0.95 * plain, "{plain} to {adapted}");
    let merge = ["model", "merge", "--model", "model", "--adapter", "one/adapter", "--out", "merged"];
    assert_eq!(end(bare().current_dir(place.home.path()).args(merge), b"").code, Some(0));
    let merged = place.loss(&["--model", "merged"]);
    assert!((merged - adapted).abs() < 1e-4 * adapted, "{merged} for {adapted}");
    let journal = fs::read_to_string(place.file("one/journal.jsonl")).unwrap();
    assert_eq!((journal.matches("\"kind\":\"step\"").count(), journal.matches("\"kind\":\"dev\"").count()), (15, 4));
    assert!(fs::read_to_string(place.file("one/curve.svg")).unwrap().contains("nats per target token"));
}

#[test]
fn all_numbers_or_the_head_alone_can_be_trained() {
    let place = Place::new();
    let plain = place.loss(&["--model", "model"]);
    for method in ["full", "head"] {
        let ended = place.run(&["--method", method, "--epochs", "3", "--learning-rate", "3e-3", "--out", method]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let trained = place.loss(&["--model", &format!("{method}/model")]);
        assert!(trained < 0.8 * plain, "{method}: {plain} to {trained}");
    }
    let of = |method: &str| json(&place.file(method).join("card.json"))["trained"].as_u64().unwrap();
    assert!(of("full") > 2 * of("head"), "{} {}", of("full"), of("head"));
}

#[test]
fn a_killed_run_goes_on_as_if_nothing_had_happened() {
    let place = Place::new();
    let args = ["--epochs", "30", "--batch", "4", "--checkpoint-every", "7", "--dev-every", "10", "--dropout", "0.1"];
    let whole = place.run(&[&args[..], &["--out", "whole"]].concat());
    assert_eq!(whole.code, Some(0), "{}", whole.stderr);
    let journal = place.file("killed/journal.jsonl");
    let lines = || fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    for (at, least) in [20, 60, 150].into_iter().enumerate() {
        let resume = if at == 0 { &[][..] } else { &["--resume"] };
        let args = place.args(&[&args[..], &["--out", "killed"], resume].concat());
        let mut child = bare();
        let child = child.current_dir(place.home.path()).args(args).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.spawn().unwrap();
        let begun = Instant::now();
        while lines() < least {
            assert!(begun.elapsed() < Duration::from_secs(120), "no {least} lines");
            sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "it was killed before its end");
    }
    let resumed = place.run(&[&args[..], &["--out", "killed", "--resume"]].concat());
    assert_eq!(resumed.code, Some(0), "{}", resumed.stderr);
    for name in ["journal.jsonl", "adapter/adapter_model.safetensors"] {
        let of = |run: &str| fs::read(place.file(run).join(name)).unwrap();
        let (whole, killed) = (of("whole"), of("killed"));
        let at = whole.iter().zip(&killed).position(|(a, b)| a != b);
        assert!(whole == killed, "{name} differs: {:?} bytes, first at {at:?}", (whole.len(), killed.len()));
    }
}

#[test]
fn early_stopping_keeps_the_best_model() {
    let place = Place::new();
    // A learning rate that spoils what it has learnt.
    let args =
        ["--epochs", "20", "--learning-rate", "0.05", "--schedule", "constant", "--dev-every", "2", "--patience", "3"];
    let ended = place.run(&[&args[..], &["--out", "run"]].concat());
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let card = json(&place.file("run/card.json"));
    assert_eq!(card["ended"], "early");
    let journal = fs::read_to_string(place.file("run/journal.jsonl")).unwrap();
    let looks: Vec<Value> = journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let looks = looks.iter().filter(|entry| entry["kind"] == "dev");
    let best =
        looks.min_by(|a, b| a["dev_loss"].as_f64().unwrap().total_cmp(&b["dev_loss"].as_f64().unwrap())).unwrap();
    assert_eq!((&card["step"], &card["dev_loss"]), (&best["step"], &best["dev_loss"]));
}

#[test]
fn what_is_wrong_is_said_and_costs_nothing() {
    let place = Place::new();
    let said = |args: &[&str], code: i32, parts: &[&str]| {
        let ended = place.run(args);
        assert_eq!(ended.code, Some(code), "{args:?}: {}", ended.stderr);
        for part in parts {
            assert!(ended.stderr.contains(part), "{part} in {}", ended.stderr);
        }
    };
    said(&["--out", "run", "--epochs", "1"], 0, &[]);
    let adapter = fs::read(place.file("run/adapter/adapter_model.safetensors")).unwrap();
    said(&["--out", "run"], 2, &["has a run already", "--resume", "--overwrite"]);
    said(&["--out", "run", "--resume", "--rank", "3"], 2, &["of another run"]);
    said(&["--out", "new", "--rank", "0"], 2, &["rank 0: at least 1"]);
    said(&["--out", "new", "--targets", "query,gaet"], 2, &["unknown variant `gaet`"]);
    said(&["--out", "new", "--dropout", "1"], 2, &["dropout 1"]);
    said(&["--out", "new", "--data", "aligned:nothing.jsonl"], 2, &["nothing.jsonl"]);
    // So much of a step that nothing is left of the model.
    let wild = [
        "--learning-rate",
        "1e30",
        "--clip",
        "0",
        "--schedule",
        "constant",
        "--warm-up",
        "0",
        "--checkpoint-every",
        "1",
    ];
    let parts = ["step 2", "has diverged", "its examples were p", "last good checkpoint is that of step 1"];
    said(&[&wild[..], &["--out", "wild", "--epochs", "2"]].concat(), 2, &parts);
    assert_eq!(fs::read(place.file("run/adapter/adapter_model.safetensors")).unwrap(), adapter);
    fs::write(place.file("run.toml"), "[finetune]\nrank = 3\nlearnig_rate = 1\n").unwrap();
    said(&["--config", "run.toml", "--out", "new"], 2, &["[finetune]: unknown field `learnig_rate`"]);
    fs::write(place.file("run.toml"), "[finetune]\nrank = 3\nseed = 9\n").unwrap();
    let shown = place.run(&["--config", "run.toml", "--seed", "4", "--show-settings"]);
    assert!(shown.stdout.contains("rank = 3\n") && shown.stdout.contains("seed = 4\n"), "{}", shown.stdout);
}
