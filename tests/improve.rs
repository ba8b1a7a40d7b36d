//! `afcheck improve` through the real binary, with a small model that the test writes and the real Lean: what it keeps is what
//! Lean accepts, it learns from it, and a run that was killed goes on.

#![cfg(feature = "ml")]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

#[path = "common/chain_model.rs"]
mod chain_model;
mod common;

use common::{Ended, afcheck, directory, end};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A model that says a right and a wrong theorem equally often, and problems whose reference is the right one.
struct Place {
    home: TempDir,
}

const PROBLEMS: usize = 12;

impl Place {
    fn new() -> Place {
        let home = directory();
        chain_model::write_noisy(&home.path().join("model"), &chain_model::CHAINS, 0.01);
        fs::write(home.path().join("template.toml"), chain_model::TEMPLATE).unwrap();
        let problem = |name: &str, i: usize| {
            let formal = format!("theorem {name}{i} (m : Nat) : m + 0 = m := by sorry");
            json!({ "id": format!("{name}{i}"), "informal": format!("{i} zeros change nothing."), "formal": formal })
                .to_string()
        };
        for (name, count) in [("train", PROBLEMS), ("dev", 6)] {
            let lines: Vec<String> = (0..count).map(|i| problem(name, i)).collect();
            fs::write(home.path().join(format!("{name}.jsonl")), lines.join("\n") + "\n").unwrap();
        }
        let settings = "[finetune]\ndev = \"aligned:dev.jsonl\"\nbatch = 2\n\
            targets = [\"query\", \"key\", \"value\", \"output\", \"gate\", \"up\", \"down\"]\n";
        fs::write(home.path().join("afcheck.toml"), settings).unwrap();
        Place { home }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn args<'a>(&self, args: &[&'a str]) -> Vec<&'a str> {
        let common = ["improve", "--model", "model", "--template", "template.toml", "--max-tokens", "40"];
        let training = ["-n", "4", "--keep", "proved", "--learning-rate", "3e-3", "--epochs", "4"];
        let data = if args.contains(&"--data") { &[][..] } else { &["--data", "train.jsonl"] };
        [&common[..], &training, data, args].concat()
    }

    fn run(&self, args: &[&str]) -> Ended {
        end(afcheck().current_dir(self.home.path()).args(self.args(args)), b"")
    }

    fn lines(&self, name: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.file(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

fn number(value: &Value, path: &str) -> u64 {
    value.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("{path} in {value}"))
}

#[test]
fn a_model_learns_from_what_lean_accepts() {
    let place = Place::new();
    let ended = place.run(&["--rounds", "2", "--eval", "dev.jsonl", "--eval-samples", "4", "--out", "run"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let rounds = report["rounds"].as_array().expect("rounds");
    assert_eq!(rounds.len(), 3, "a measurement and two rounds");
    let all = (4 * PROBLEMS) as u64;
    let met = |at: usize| number(&rounds[at], "/sampled/met");
    assert_eq!((number(&rounds[1], "/sampled/samples"), number(&rounds[2], "/sampled/samples")), (all, all));
    assert!((all / 4..=3 * all / 4).contains(&met(1)), "about half: {}", met(1));
    assert!(met(2) >= 9 * all / 10, "{rounds:?}");
    let measured = |at: usize| number(&rounds[at], "/measured/met");
    assert!(measured(0) <= 18 && measured(1) >= 22 && measured(2) >= 22, "{rounds:?}");
    assert!(ended.stderr.contains("eval type-check"), "{}", ended.stderr);

    // Kept is what was accepted, each text of a problem once; refused are the others.
    let samples = place.lines("run/round-1/samples.jsonl");
    let judged = place.lines("run/round-1/judged.jsonl");
    assert_eq!((samples.len(), judged.len()), (all as usize, all as usize));
    for (sample, judged) in samples.iter().zip(&judged) {
        let right = sample["code"].as_str().unwrap().contains("theorem right");
        assert_eq!(judged["proof_of_reference"].as_f64(), Some(f64::from(u8::from(right))), "{sample} {judged}");
    }
    let kept = place.lines("run/round-1/kept.jsonl");
    assert!(kept.len() <= PROBLEMS && kept.iter().all(|k| k["formal"].as_str().unwrap().contains("theorem right")));
    let pairs = place.lines("run/round-1/pairs.jsonl");
    assert!(!pairs.is_empty() && pairs.iter().all(|p| p["rejected"].as_str().unwrap().contains("theorem wrong")));
    assert!(pairs[0]["prompt"].as_str().unwrap().ends_with("Lean:\n"));
    assert_eq!(place.lines("run/rounds.jsonl").len(), 3);

    // The adapter works in `generate`, and the pairs train by preference what they say.
    let dpo = [
        "finetune",
        "--model",
        "model",
        "--template",
        "template.toml",
        "--objective",
        "preference",
        "--data",
        "run/round-1/pairs.jsonl",
        "--epochs",
        "10",
        "--learning-rate",
        "3e-3",
        "--out",
        "dpo",
    ];
    let ended = end(afcheck().current_dir(place.home.path()).args(dpo), b"");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let steps: Vec<Value> = place.lines("dpo/journal.jsonl").into_iter().filter(|l| l["kind"] == "step").collect();
    let (first, last) = (&steps[0], &steps[steps.len() - 1]);
    assert!((first["loss"].as_f64().unwrap() - std::f64::consts::LN_2).abs() < 1e-6, "{first}");
    assert_eq!((first["preferred"].as_f64(), last["preferred"].as_f64()), (Some(0.0), Some(1.0)));
    assert!(last["loss"].as_f64().unwrap() < 0.5, "{last}");
    let generate = [
        "generate",
        "--model",
        "model",
        "--adapter",
        "dpo/adapter",
        "--template",
        "template.toml",
        "--data",
        "dev.jsonl",
        "-n",
        "8",
        "--max-tokens",
        "40",
        "--quiet",
    ];
    let ended = end(afcheck().current_dir(place.home.path()).args(generate), b"");
    let right = ended.stdout.matches("theorem right").count();
    assert!(right >= 40, "{right} of 48 behind preference training, {}", ended.stderr);
}

#[test]
fn a_killed_run_goes_on_and_other_settings_are_refused() {
    let place = Place::new();
    let whole = place.run(&["--out", "whole"]);
    assert_eq!(whole.code, Some(0), "{}", whole.stderr);
    let marks = ["killed/round-1/samples.jsonl", "killed/round-1/run/journal.jsonl", "killed/round-2/samples.jsonl"];
    for (at, mark) in marks.into_iter().enumerate() {
        let resume = if at == 0 { &[][..] } else { &["--resume"] };
        let args = place.args(&[&["--out", "killed"][..], resume].concat());
        let mut child = afcheck();
        let errors = fs::File::create(place.file("errors")).unwrap();
        let child = child.current_dir(place.home.path()).args(args).stdout(Stdio::null()).stderr(errors);
        let mut child = child.spawn().unwrap();
        let begun = Instant::now();
        while fs::read(place.file(mark)).map_or(0, |text| text.len()) == 0 {
            let errors = || fs::read_to_string(place.file("errors")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(60), "no {mark}: {}", errors());
            sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let resumed = place.run(&["--out", "killed", "--resume"]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.stderr);
    for name in ["round-2/samples.jsonl", "round-2/kept.jsonl", "round-2/run/adapter/adapter_model.safetensors"] {
        let mut both = ["whole", "killed"].map(|run| fs::read(place.file(run).join(name)).unwrap());
        if name.ends_with("samples.jsonl") {
            // Samples come in the order in which they end; those of a killed run in two parts.
            both = both.map(|text| {
                let text = String::from_utf8(text).unwrap().replace("killed/", "whole/");
                let mut lines: Vec<&str> = text.lines().collect();
                lines.sort_unstable();
                lines.join("\n").into_bytes()
            });
        }
        assert!(both[0] == both[1], "{name} differs");
    }
    let said = |args: &[&str], parts: &[&str]| {
        let ended = place.run(args);
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.stderr);
        for part in parts {
            assert!(ended.stderr.contains(part), "{part} in {}", ended.stderr);
        }
    };
    said(&["--out", "killed"], &["has a run already", "--resume"]);
    said(&["--out", "killed", "--resume", "--seed", "2"], &["other settings"]);
    said(&["--out", "new", "--eval", "train.jsonl"], &["`train0` is in --data and in --eval"]);
    said(&["--out", "new", "--rounds", "0"], &["at least 1"]);
    // A reference that nothing the model says is equivalent to.
    let other =
        json!({ "id": "o", "informal": "Nothing.", "formal": "theorem o (m n : Nat) : m * n = n * m := by sorry" });
    fs::write(place.file("other.jsonl"), other.to_string() + "\n").unwrap();
    said(&["--out", "other", "--data", "other.jsonl"], &["round 1 left nothing to learn from", "--shots"]);
}
