//! Language models through the real binary: `model`, `loss` and `generate` with a model that the test writes and whose words
//! it knows, judged by the real Lean.

#![cfg(feature = "ml")]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

#[path = "common/chain_model.rs"]
mod chain_model;
mod common;

use common::{Ended, arg, bare, directory, end};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const RIGHT: &str = "theorem right (n : Nat) : n + 0 = n := by\n  rfl";
const WRONG: &str = "theorem wrong (k : Nat) : k + zero = k := by\n  simp";

/// A directory with a model, a template and problems.
struct Place {
    home: TempDir,
}

impl Place {
    fn new() -> Place {
        let home = directory();
        chain_model::write(&home.path().join("chain"), &chain_model::CHAINS);
        fs::write(home.path().join("template.toml"), chain_model::TEMPLATE).unwrap();
        let problem = |i: usize| {
            let (concept, formal) = (["adding", "nothing"][i % 2], format!("theorem p{i} : {i} + 0 = {i} := by sorry"));
            let text = format!("Zero added to {i} changes nothing.");
            serde_json::json!({ "id": format!("p{i}"), "informal": text, "formal": formal, "concept": concept })
                .to_string()
        };
        let problems: Vec<String> = (0..9).map(problem).collect();
        fs::write(home.path().join("problems.jsonl"), problems.join("\n") + "\n").unwrap();
        Place { home }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Runs a command in the directory, with the model and the problems as its own.
    fn run(&self, command: &str, args: &[&str]) -> Ended {
        let common = ["--model", "chain", "--data", "problems.jsonl", "--template", "template.toml"];
        end(bare().current_dir(self.home.path()).arg(command).args(common).args(args), b"")
    }

    fn generate(&self, args: &[&str]) -> BTreeMap<(String, u64), Value> {
        let ended = self.run("generate", args);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        samples(&ended.stdout)
    }
}

fn samples(text: &str) -> BTreeMap<(String, u64), Value> {
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let count = lines.len();
    let key = |line: &Value| (line["id"].as_str().unwrap().to_owned(), line["sample"].as_u64().unwrap());
    let samples: BTreeMap<_, _> = lines.into_iter().map(|line| (key(&line), line)).collect();
    assert_eq!(samples.len(), count, "every sample once");
    samples
}

#[test]
fn samples_are_what_the_model_says_and_depend_on_their_seeds_alone() {
    let place = Place::new();
    let alone = place.generate(&["-n", "4", "--shots", "2", "--shots-from", "problems.jsonl", "--batch", "1"]);
    let together = place.generate(&["-n", "4", "--shots", "2", "--shots-from", "problems.jsonl", "--batch", "13"]);
    assert_eq!(alone, together, "the batch does not matter");
    assert_eq!(alone.len(), 36);
    let few = place.generate(&["-n", "2", "--limit", "3", "--shots", "2", "--shots-from", "problems.jsonl"]);
    assert!(few.iter().all(|(key, line)| line == &alone[key]), "nor what else is asked");
    let codes: Vec<&str> = alone.values().map(|line| line["code"].as_str().unwrap()).collect();
    assert!(codes.iter().all(|code| [RIGHT, WRONG].contains(code)), "{codes:?}");
    let right = codes.iter().filter(|code| **code == RIGHT).count();
    assert!((4..33).contains(&right), "both are as probable: {right} of 36");
    let other = place.generate(&["-n", "4", "--shots", "2", "--shots-from", "problems.jsonl", "--seed", "2"]);
    assert!(other.iter().any(|(key, line)| line["code"] != alone[key]["code"]));
    for ((id, _), line) in &alone {
        assert_eq!(line["finish_reason"], "stop", "the declaration's end stops");
        let shots = line["shots"].as_array().unwrap();
        assert!(shots.len() == 2 && shots.iter().all(|shot| shot != id.as_str()), "never the problem itself: {line}");
    }
    let greedy = place.generate(&["--temperature", "0", "--max-tokens", "3"]);
    assert!(greedy.values().all(|line| line["finish_reason"] == "length" && line["tokens"] == 3));
}

#[test]
fn every_way_to_choose_examples_gives_some() {
    let place = Place::new();
    let shots = |by: &str, more: &[&str]| {
        let args = ["--shots", "3", "--shots-from", "problems.jsonl", "--shots-by", by, "--temperature", "0"];
        let found = place.generate(&[&args[..], more].concat());
        found.into_iter().map(|((id, _), line)| (id, line["shots"].clone())).collect::<BTreeMap<_, _>>()
    };
    for by in ["random", "bm25", "embedding", "task2vec", "concept"] {
        let found = shots(by, &[]);
        assert!(found.iter().all(|(id, shots)| shots.as_array().unwrap().iter().all(|s| s != id.as_str())), "{by}");
        assert!(found.values().all(|shots| shots.as_array().unwrap().len() == 3), "{by}");
        assert_eq!(found, shots(by, &["--batch", "1"]), "{by}");
        if by == "concept" {
            let number = |shot: &Value| shot.as_str().unwrap()[1..].parse::<usize>().unwrap();
            assert!(found["p1"].as_array().unwrap().iter().all(|shot| number(shot) % 2 == 1), "{found:?}");
        }
    }
    assert_ne!(shots("bm25", &[]), shots("random", &[]));
    let refused = place.run("generate", &["--shots", "2", "--diversity", "0.5"]);
    assert!(
        refused.code == Some(2) && refused.stderr.contains("--shots-by bm25, embedding or task2vec"),
        "{}",
        refused.stderr
    );
}

#[test]
fn aligned_examples_have_the_prompts_of_generation() {
    let place = Place::new();
    let asked = place.generate(&["--shots", "0"]);
    let show = |args: &[&str]| {
        let common = ["data", "show", "aligned:problems.jsonl", "--model", "chain", "--template", "template.toml"];
        end(bare().current_dir(place.home.path()).args(common).args(args), b"")
    };
    let shown = show(&["--format", "jsonl"]);
    assert_eq!((shown.code, shown.stdout.lines().count()), (Some(0), 9), "{}", shown.stderr);
    for line in shown.stdout.lines() {
        let example: Value = serde_json::from_str(line).unwrap();
        let sample = &asked[&(example["id"].as_str().unwrap().to_owned(), 0)];
        let hash: String =
            Sha256::digest(example["prompt"].as_str().unwrap()).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(
            (&Value::from(hash), &example["prompt_tokens"]),
            (&sample["prompt_sha256"], &sample["prompt_tokens"])
        );
        // One token a byte, but for a phrase of the model's, and the end of text.
        let target = example["target"].as_str().unwrap();
        assert!(target.starts_with("theorem p"), "{target}");
        assert_eq!(example["target_tokens"], (target.len() - " := by".len() + 2) as u64);
    }
    let budget = show(&["--tokens", "777"]);
    assert!(budget.stdout.contains("tokens     777, of which "), "{}{}", budget.stdout, budget.stderr);
}

#[test]
fn an_interrupted_run_is_continued_sample_by_sample() {
    let place = Place::new();
    let out = place.file("o.jsonl");
    let args = ["-n", "3", "--out", "o.jsonl"];
    assert_eq!(place.run("generate", &args).code, Some(0));
    let whole = fs::read_to_string(&out).unwrap();
    // Killed in the middle of a line, with some samples of a problem written.
    let cut = whole.len() * 2 / 5;
    fs::write(&out, &whole[..cut]).unwrap();
    let refused = place.run("generate", &args);
    assert!(refused.code == Some(2) && refused.stderr.contains("o.jsonl already holds results"), "{}", refused.stderr);
    let ended = place.run("generate", &[&args[..], &["--resume"]].concat());
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let kept = whole[..cut].rfind('\n').map_or(0, |at| at + 1);
    let now = fs::read_to_string(&out).unwrap();
    assert!(now.starts_with(&whole[..kept]), "what was whole stays as it is");
    assert_eq!(samples(&now), samples(&whole));
    // Wrong input does not cost what is there.
    for wrong in [&["-n", "0"][..], &["--max-tokens", "4090"], &["--model", "nowhere"]] {
        let all = [&["generate", "--data", "problems.jsonl", "--out", "o.jsonl", "--overwrite"][..], wrong].concat();
        let model: &[&str] = if wrong[0] == "--model" { &[] } else { &["--model", "chain"] };
        let ended = end(bare().current_dir(place.home.path()).args(all).args(model), b"");
        assert_eq!((ended.code, fs::read_to_string(&out).unwrap().len()), (Some(2), now.len()), "{}", ended.stderr);
    }
    // Other settings are not mixed in, more samples are.
    let refused = place.run("generate", &[&args[..], &["--resume", "--temperature", "0.5"]].concat());
    assert!(refused.code == Some(2) && refused.stderr.contains("other settings"), "{}", refused.stderr);
    let more = place.run("generate", &["-n", "5", "--out", "o.jsonl", "--resume"]);
    assert_eq!(more.code, Some(0), "{}", more.stderr);
    let found = samples(&fs::read_to_string(&out).unwrap());
    assert!(found.len() == 45 && samples(&whole).iter().all(|(key, line)| &found[key] == line));
}

#[test]
fn what_lean_refuses_is_repaired_and_the_way_is_kept() {
    let place = Place::new();
    let args = ["-n", "2", "--repair", "2", "--quiet"];
    let common = ["generate", "--model", "chain", "--data", "problems.jsonl", "--template", "template.toml"];
    let ended = end(common::afcheck().current_dir(place.home.path()).args(common).args(args), b"");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let found = samples(&ended.stdout);
    assert_eq!(found.len(), 18);
    let (mut at_once, mut repaired) = (0, 0);
    for line in found.values() {
        assert_eq!(line["code"], RIGHT, "the last attempt counts");
        let attempts = line["attempts"].as_array().unwrap();
        let verdicts: Vec<&Value> = attempts.iter().map(|attempt| &attempt["judgement"]["verdict"]).collect();
        match attempts.len() {
            1 => at_once += 1,
            _ => {
                repaired += 1;
                assert_eq!(verdicts, ["rejected", "accepted"]);
                assert_eq!(attempts[0]["code"], WRONG);
                let messages = attempts[0]["judgement"]["messages"].as_str().unwrap();
                assert!(messages.contains("zero"), "Lean's own words: {messages}");
                assert_ne!(attempts[0]["seed"], attempts[1]["seed"]);
            }
        }
    }
    assert!(at_once > 1 && repaired > 1, "{at_once} at once, {repaired} repaired");
    // Without repair the first attempts are the samples.
    for (key, line) in place.generate(&["-n", "2"]) {
        assert_eq!(line["code"], found[&key]["attempts"][0]["code"]);
    }
}

#[test]
fn samples_are_input_of_verify_and_eval() {
    let place = Place::new();
    let out = place.file("o.jsonl");
    assert_eq!(place.run("generate", &["-n", "2", "--out", "o.jsonl"]).code, Some(0));
    let mut verify = common::afcheck();
    let ended = end(verify.current_dir(place.home.path()).args(["verify", "o.jsonl", "--format", "jsonl"]), b"");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let verdicts: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let written = fs::read_to_string(&out).unwrap();
    let lines: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), verdicts.len());
    for verdict in &verdicts {
        let line = &lines[verdict["index"].as_u64().unwrap() as usize];
        assert_eq!(verdict["verdict"] == "accepted", line["code"] == RIGHT, "{verdict}");
    }
    let eval = ["eval", "--data", "problems.jsonl", "--predictions", "o.jsonl", "--metrics", "text"];
    let ended = end(bare().current_dir(place.home.path()).args(eval), b"");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn losses_are_those_of_the_model_and_rank_predictions() {
    let place = Place::new();
    let predictions =
        [("p0", RIGHT), ("p0", WRONG), ("p1", "theorem right (n : Nat) : n + 0 = n := by\n  simp"), ("x", "y")];
    let lines = predictions.map(|(id, code)| serde_json::json!({ "id": id, "code": code }).to_string());
    fs::write(place.file("p.jsonl"), lines.join("\n")).unwrap();
    let ended = place.run("loss", &["--predictions", "p.jsonl", "--out", "l.jsonl", "--by", "concept"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("1 predictions are for other problems"), "{}", ended.stderr);
    let text = fs::read_to_string(place.file("l.jsonl")).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let loss = |at: usize| lines[at]["loss"].as_f64().unwrap();
    // The first of six tokens is one of two that are as probable, the others are sure.
    let wanted = 2f64.ln() / lines[0]["tokens"].as_f64().unwrap();
    assert!((loss(0) - wanted).abs() < 1e-3, "{} and {wanted}", loss(0));
    assert!(loss(2) > 1.0, "what the model would not say costs: {}", loss(2));
    let ranks: Vec<(&Value, &Value)> = lines.iter().map(|line| (&line["sample"], &line["rank"])).collect();
    assert!(ranks[2] == (&0.into(), &1.into()) && ranks[0].1 != ranks[1].1, "{ranks:?}");
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&report["loss"]["examples"], report["by"]["concept"].as_object().unwrap().len()), (&3.into(), 2));
    let references = place.run("loss", &["--limit", "4"]);
    let report: Value = serde_json::from_str(&references.stdout).unwrap();
    assert_eq!(report["loss"]["examples"], 4);
}

#[test]
fn models_are_kept_by_name() {
    let place = Place::new();
    let cache = place.file("cache");
    let model = |args: &[&str]| {
        end(bare().current_dir(place.home.path()).args(["--cache", arg(&cache), "model"]).args(args), b"")
    };
    let template = model(&["template"]).stdout;
    assert!(template.contains("[chat]") && template.contains("{informal}"), "{template}");
    assert_eq!(model(&["add", "chain", "--name", "small"]).code, Some(0));
    assert!(model(&["list"]).stdout.starts_with("small\t"));
    let shown = model(&["show", "small"]).stdout;
    assert!(shown.contains("Llama") && shown.contains("model.safetensors"), "{shown}");
    truncate(&place.file("chain/model.safetensors"));
    let refused = model(&["add", "chain", "--name", "small"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("model.safetensors"), "{}", refused.stderr);
    assert!(model(&["show", "small"]).stdout.contains("Llama"), "the one before stays");
    assert_eq!(model(&["remove", "small"]).code, Some(0));
    let gone = model(&["show", "small"]);
    assert!(gone.code == Some(2) && gone.stderr.contains("afcheck model list"), "{}", gone.stderr);
}

fn truncate(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

#[test]
fn conversations_and_wrong_input_are_answered_with_a_hint() {
    let place = Place::new();
    let said = place.generate(&["--chat", "--temperature", "0"]);
    assert!(said.values().all(|line| [RIGHT, WRONG].contains(&line["code"].as_str().unwrap())), "{said:?}");
    for (args, wanted) in [
        (&["--max-tokens", "4090"][..], "the prompt of `p0` has"),
        (&["--temperature=-1"], "--temperature"),
        (&["--template", "nowhere.toml"], "nowhere.toml"),
        (&["-n", "0"], "-n is at least 1"),
    ] {
        let mut all = vec!["generate", "--model", "chain", "--data", "problems.jsonl"];
        all.extend(args);
        let ended = end(bare().current_dir(place.home.path()).args(all), b"");
        assert!(ended.code == Some(2) && ended.stderr.contains(wanted), "{args:?}: {}", ended.stderr);
    }
}

#[test]
fn a_model_is_exported_and_merged_whole_or_not_at_all() {
    let place = Place::new();
    let model = |args: &[&str]| end(bare().current_dir(place.home.path()).arg("model").args(args), b"");
    let done = model(&["export", "--model", "chain", "--out", "made", "--dtype", "bf16"]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let samples = |model: &str| {
        let rest = ["--data", "problems.jsonl", "--template", "template.toml", "-n", "3"];
        let command = ["generate", "--model", model];
        end(bare().current_dir(place.home.path()).args(command).args(rest), b"").stdout.replace(model, "MODEL")
    };
    let texts = |out: &str| -> Vec<Value> {
        out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["code"].clone()).collect()
    };
    assert_eq!(texts(&samples("chain")), texts(&samples("made")));
    assert!(!texts(&samples("made")).is_empty());
    // What is there stays without --overwrite; what cannot be written says why.
    let again = model(&["export", "--model", "chain", "--out", "made"]);
    assert!(again.code == Some(2) && again.stderr.contains("--overwrite"), "{}", again.stderr);
    assert_eq!(model(&["export", "--model", "chain", "--out", "made", "--overwrite"]).code, Some(0));
    let q8 = model(&["export", "--model", "chain", "--out", "other", "--dtype", "q8_0"]);
    assert!(q8.code == Some(2) && q8.stderr.contains(".gguf"), "{}", q8.stderr);
    let gguf = model(&["export", "--model", "chain", "--out", "chain.gguf"]);
    assert!(gguf.code == Some(2) && gguf.stderr.contains("`pre_tokenizer`"), "{}", gguf.stderr);
    let nowhere = model(&["export", "--model", "chain", "--out", "problems.jsonl/below"]);
    assert!(nowhere.code == Some(5) && nowhere.stderr.contains("cannot be written"), "{}", nowhere.stderr);
    let merge = model(&["merge", "--model", "chain", "--adapter", "chain", "--out", "merged"]);
    assert!(merge.code == Some(2) && merge.stderr.contains("adapter_config.json"), "{}", merge.stderr);
    assert!(["other", "chain.gguf", "merged"].iter().all(|name| !place.file(name).exists()));
}
