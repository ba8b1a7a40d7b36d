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
    let args = ["--epochs", "30", "--batch", "4", "--checkpoint-every", "7", "--dev-every", "10", "--dropout", "0.1"];
    killed(&Place::new(), &args, &[20, 60, 150]);
}

/// Makes a run whole, and again killed at so many lines of its journal each time, and compares what they leave.
fn killed(place: &Place, args: &[&str], at: &[usize]) {
    let whole = place.run(&[args, &["--out", "whole"]].concat());
    assert_eq!(whole.code, Some(0), "{}", whole.stderr);
    let journal = place.file("killed/journal.jsonl");
    let lines = || fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    for (at, least) in at.iter().enumerate() {
        let resume = if at == 0 { &[][..] } else { &["--resume"] };
        let args = place.args(&[args, &["--out", "killed"], resume].concat());
        let mut child = bare();
        let child = child.current_dir(place.home.path()).args(args).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.spawn().unwrap();
        let begun = Instant::now();
        while lines() < *least {
            assert!(begun.elapsed() < Duration::from_secs(120), "no {least} lines");
            sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "it was killed before its end");
    }
    let resumed = place.run(&[args, &["--out", "killed", "--resume"]].concat());
    assert_eq!(resumed.code, Some(0), "{}", resumed.stderr);
    for name in ["journal.jsonl", "adapter/adapter_model.safetensors"] {
        let of = |run: &str| fs::read(place.file(run).join(name)).unwrap();
        let (whole, killed) = (of("whole"), of("killed"));
        let at = whole.iter().zip(&killed).position(|(a, b)| a != b);
        assert!(whole == killed, "{name} differs: {:?} bytes, first at {at:?}", (whole.len(), killed.len()));
    }
}

/// A place with an adapter that a teacher has learnt: `teacher/adapter`.
fn with_teacher() -> Place {
    let place = Place::new();
    let ended = place.run(&["--epochs", "4", "--learning-rate", "2e-2", "--targets", ALL, "--out", "teacher"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    place
}

const ALL: &str = "query,key,value,output,gate,up,down";
const TAUGHT: [&str; 6] = ["--objective", "distillation", "--teacher", "model", "--teacher-adapter", "teacher/adapter"];

fn steps(journal: &Path) -> Vec<Value> {
    let text = fs::read_to_string(journal).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.filter(|line| line["kind"] == "step").collect()
}

#[test]
fn a_model_learns_from_itself_with_an_adapter() {
    let place = with_teacher();
    let plain = place.loss(&["--model", "model"]);
    let goal = place.loss(&["--model", "model", "--adapter", "teacher/adapter"]);
    assert!(goal < 0.95 * plain, "{plain} to {goal}");
    // The given tokens say nothing here: what is learnt is the teacher's alone, but for the last.
    let runs: [&[&str]; 4] = [
        &["--out", "forward", "--learning-rate", "2e-2", "--targets", ALL],
        &[
            "--out",
            "reverse",
            "--learning-rate",
            "2e-2",
            "--targets",
            ALL,
            "--divergence",
            "reverse",
            "--temperature",
            "2",
        ],
        &["--out", "full", "--learning-rate", "3e-3", "--method", "full"],
        &[
            "--out",
            "head",
            "--learning-rate",
            "1e-2",
            "--method",
            "head",
            "--temperature",
            "1.5",
            "--hard-weight",
            "0.5",
        ],
    ];
    for args in runs {
        let ended = place.run(&[&TAUGHT[..], &["--epochs", "4"], args].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let out = args[1];
        let model = [format!("{out}/adapter"), format!("{out}/model")];
        let taught = match place.file(&model[0]).exists() {
            true => place.loss(&["--model", "model", "--adapter", &model[0]]),
            false => place.loss(&["--model", &model[1]]),
        };
        assert!(taught < plain - 0.5 * (plain - goal), "{out}: {plain} to {taught}, the teacher has {goal}");
        let steps = steps(&place.file(out).join("journal.jsonl"));
        // Where given tokens count too, a student may well leave its teacher behind.
        let field = if args.contains(&"--hard-weight") { "loss" } else { "divergence" };
        let of = |at: usize| steps[at][field].as_f64().expect("a number");
        let (first, last) = (of(0), of(steps.len() - 1));
        assert!(first > 0.0 && last < 0.7 * first, "{out}: {field} {first} to {last}");
        let card = json(&place.file(out).join("card.json"));
        assert_eq!(card["plan"]["teacher_adapter"], "teacher/adapter");
        // The teacher is the student's own model.
        assert_eq!(card["teacher"]["model_sha256"], card["model_sha256"]);
        assert_eq!(card["teacher"]["adapter_sha256"].as_str().map(str::len), Some(64));
    }
    let first = |out: &str, field: &str| steps(&place.file(out).join("journal.jsonl"))[0][field].as_f64().unwrap();
    assert_eq!(first("forward", "loss"), first("forward", "divergence"));
    assert_eq!(first("reverse", "loss"), 4.0 * first("reverse", "divergence"));
    assert_ne!(first("head", "loss"), first("head", "divergence"));
}

#[test]
fn a_killed_run_with_a_teacher_goes_on_as_if_nothing_had_happened() {
    let place = with_teacher();
    let own = ["--epochs", "12", "--batch", "4", "--checkpoint-every", "7", "--dev-every", "10", "--dropout", "0.1"];
    let how = ["--temperature", "2", "--divergence", "reverse", "--hard-weight", "0.2", "--tokens-at-once", "128"];
    killed(&place, &[&TAUGHT[..], &own, &how].concat(), &[20, 60]);
    // Another teacher under the same name makes another run.
    let adapter = place.file("teacher/adapter/adapter_config.json");
    let config = fs::read_to_string(&adapter).unwrap();
    fs::write(&adapter, config.replace("16", "17")).unwrap();
    let other = place.run(&[&TAUGHT[..], &own, &how, &["--out", "killed", "--resume"]].concat());
    assert_eq!(other.code, Some(2), "{}", other.stderr);
    assert!(other.stderr.contains("of another run"), "{}", other.stderr);
}

#[test]
fn a_teacher_has_its_students_tokens() {
    let place = Place::new();
    let said = |args: &[&str], parts: &[&str]| {
        let ended = place.run(&[&["--out", "new"], args].concat());
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.stderr);
        for part in parts {
            assert!(ended.stderr.contains(part), "{part} in {}", ended.stderr);
        }
        assert!(!place.file("new/journal.jsonl").exists(), "{args:?}");
    };
    // As many tokens, one of them another text; and one token more.
    let right =
        ["theorem right", " (m : Nat)", " : n + 0 = n", " := by", "\n  rfl", "\n\nend of right", chain_model::END];
    let [_, wrong, corrected] = chain_model::CHAINS;
    chain_model::write_noisy(&place.file("other"), &[("\n", &right[..]), wrong, corrected], 0.1);
    let more = [&right[..], &["more"]].concat();
    chain_model::write_noisy(&place.file("more"), &[("\n", &more[..]), wrong, corrected], 0.1);
    let objective = ["--objective", "distillation"];
    let taught = |teacher: &'static str| [objective[0], objective[1], "--teacher", teacher];
    said(
        &taught("other"),
        &["the teacher other cannot teach model: token", "` (m : Nat)` to it and ` (n : Nat)` to its student"],
    );
    said(
        &taught("more"),
        &["the teacher more cannot teach model", "tokens, its student for", "need the same tokenizer"],
    );
    said(&taught("nobody"), &["nobody"]);
    said(&objective, &["teacher '': the objective distillation needs a model to learn from"]);
    said(&["--teacher", "model"], &["teacher model: it goes with the objective distillation only"]);
    said(&["--teacher-adapter", "a"], &["teacher_adapter a: there is no teacher to put it on"]);
    said(&[&taught("model")[..], &["--temperature", "0"]].concat(), &["temperature 0: a number above 0"]);
    said(&[&taught("model")[..], &["--hard-weight", "1.5"]].concat(), &["hard_weight 1.5: it is a share"]);
    said(&[&taught("model")[..], &["--divergence", "sideways"]].concat(), &["sideways", "forward"]);
    let wild =
        ["--learning-rate", "1e30", "--clip", "0", "--schedule", "constant", "--warm-up", "0", "--hard-weight", "0.5"];
    let ended = place.run(&[&taught("model")[..], &wild, &["--epochs", "2", "--out", "wild"]].concat());
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("step 2") && ended.stderr.contains("has diverged"), "{}", ended.stderr);
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
