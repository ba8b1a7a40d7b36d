//! `afcheck study` through the real binary, with a small model that the test writes and the real Lean: what a run leaves, that it can
//! be killed at any moment, that only what changed is made again, and what becomes of cells that fail.

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
use std::time::Duration;
use tempfile::TempDir;

/// A directory with a model, problems, texts and a study of them.
struct Place {
    home: TempDir,
}

const CONDITIONS: [(&str, &str, &str); 4] = [
    ("aligned pairs", "aligned:train.jsonl", "aligned"),
    ("statements", "formal:train.jsonl", "formal"),
    ("words", "informal:train.jsonl", "informal"),
    ("prose", "text:prose.txt", "other"),
];

impl Place {
    fn new() -> Place {
        let home = directory();
        chain_model::write_noisy(&home.path().join("model"), &chain_model::CHAINS, 0.01);
        fs::write(home.path().join("template.toml"), chain_model::TEMPLATE).unwrap();
        let problem = |name: &str, i: usize| {
            let formal = format!("theorem {name}{i} (m : Nat) : m + 0 = m := by sorry");
            let concept = ["zero", "one"][i % 2];
            json!({ "id": format!("{name}{i}"), "informal": format!("{i} zeros change nothing."), "formal": formal, "concept": concept })
                .to_string()
        };
        for (name, count) in [("train", 30), ("test", 8), ("dev", 6)] {
            let lines: Vec<String> = (0..count).map(|i| problem(name, i)).collect();
            fs::write(home.path().join(format!("{name}.jsonl")), lines.join("\n") + "\n").unwrap();
        }
        let prose: Vec<String> = (0..30).map(|i| format!("It rained for {i} days, and nobody minded.")).collect();
        fs::write(home.path().join("prose.txt"), prose.join("\n\n")).unwrap();
        Place { home }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes the study with some text instead of other.
    fn write(&self, name: &str, from: &str, to: &str) {
        let conditions: String = CONDITIONS
            .iter()
            .map(|(name, data, kind)| {
                format!("[[condition]]\nname = \"{name}\"\ndata = \"{data}\"\nkind = \"{kind}\"\n")
            })
            .collect();
        let text = format!(
            "out = \"out\"\nseeds = [1, 2]\ntemplate = \"template.toml\"\n\
             [target]\nproblems = \"test.jsonl\"\ncount = 6\ndev = \"dev.jsonl\"\ndev-count = 3\n\
             [[model]]\nname = \"chain\"\nmodel = \"model\"\n{conditions}\
             [finetune]\ntokens = 600\nepochs = 6\nbatch = 4\nlearning-rate = 3e-3\ndev-every = 2\ncheckpoint-every = 1\n\
             [in-context]\ntokens = 60\n\
             [generate]\nmax-tokens = 40\ntemperature = 0.8\n\
             [alignment]\nprobe = \"model\"\nbatches = 2\nbatch-size = 4\nseq-len = 16\nhead-epochs = 1\n\
             [report]\nresamples = 200\n"
        );
        assert!(from.is_empty() || text.contains(from), "{from}");
        fs::write(self.file(name), text.replace(from, to)).unwrap();
    }

    fn run(&self, args: &[&str]) -> Ended {
        end(afcheck().current_dir(self.home.path()).arg("study").args(args), b"")
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Tasks that the last run made.
    fn made(&self) -> Vec<String> {
        let log: Vec<Value> =
            self.text("out/log.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let from = log.iter().rposition(|line| line["event"] == "run").expect("a run");
        let made = log[from..].iter().filter(|line| line["event"] == "made");
        made.map(|line| line["task"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn a_study_is_made_and_only_what_changed_is_made_again() {
    let place = Place::new();
    place.write("study.toml", "", "");
    let plan = place.run(&["run", "study.toml", "--dry-run"]);
    assert_eq!(plan.code, Some(0), "{}", plan.stderr);
    for words in ["make  training: aligned pairs, finetune, seed 2, chain", "alignment ", " to make: about "] {
        assert!(plan.stdout.contains(words), "{}", plan.stdout);
    }
    assert!(!place.file("out").exists(), "a plan makes nothing");
    let ended = place.run(&["run", "study.toml"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(
        ended.stdout.contains("aligned pairs, in context") && ended.stdout.contains("Spearman"),
        "{}",
        ended.stdout
    );
    let report: Value = serde_json::from_str(&place.text("out/report.json")).unwrap();
    // Two seeds of the model as it is, and of four conditions in two ways.
    assert_eq!(report["rows"].as_array().unwrap().len(), 2 + 2 * 4 * 2);
    for row in report["rows"].as_array().unwrap() {
        let losses = row["outcomes"]["loss"].as_array().unwrap();
        assert_eq!((losses.len(), row["outcomes"]["type_check"].as_array().unwrap().len()), (6, 6), "{row}");
        if let Some(view) = row["view"].as_object() {
            let wanted = if row["way"] == "in-context" { 60 } else { 600 };
            assert_eq!(view["tokens"], wanted, "the budget is the same for all: {view:?}");
        }
    }
    // Trained on what it is asked, the model is better at it; trained on rain it is not.
    let gain = |condition: usize, way: &str| {
        let mut of =
            report["summaries"].as_array().unwrap().iter().filter(|s| s["condition"] == condition && s["way"] == way);
        of.next().unwrap()["gains"]["loss"]["mean"].as_f64().unwrap()
    };
    assert!(
        gain(0, "finetune") > 0.5 && gain(0, "finetune") > gain(3, "finetune"),
        "{} {}",
        gain(0, "finetune"),
        gain(3, "finetune")
    );
    let loss =
        &report["associations"].as_array().unwrap().iter().find(|a| a["outcome"] == "loss" && a["way"] == "finetune");
    assert!(loss.unwrap()["permutation"]["is_exact"].as_bool().unwrap());
    let page = place.text("out/report.html");
    for words in ["Learning curves", "By concept", "Showing or training", "alignment coefficient with the target"] {
        assert!(page.contains(words), "{words}");
    }
    let first = (page, place.text("out/report.md"), place.text("out/report.json"));
    let again =
        |place: &Place| (place.text("out/report.html"), place.text("out/report.md"), place.text("out/report.json"));

    let ended = place.run(&["run", "study.toml", "--jobs", "2"]);
    assert_eq!((ended.code, place.made().len()), (Some(0), 0), "{}", ended.stderr);
    assert_eq!(again(&place), first);
    let status = place.run(&["status", "study.toml", "--json"]);
    let status: Value = serde_json::from_str(&status.stdout).unwrap();
    assert!(status["tasks"].as_array().unwrap().iter().all(|task| task["there"] == true) && status["at_work"] == false);

    // A condition with another name is the same; of other sampling, answers and verdicts alone are others.
    place.write("study.toml", "name = \"prose\"", "name = \"rain\"");
    assert_eq!((place.run(&["run", "study.toml"]).code, place.made().len()), (Some(0), 0));
    place.write("study.toml", "max-tokens = 40", "max-tokens = 39");
    assert_eq!(place.run(&["run", "study.toml"]).code, Some(0));
    let made = place.made();
    assert!(made.iter().any(|task| task.starts_with("answers")), "{made:?}");
    assert!(made.iter().all(|task| task.starts_with("answers") || task.starts_with("verdicts")), "{made:?}");

    // What was changed on disk is found out and made again; as it comes out as it was, nothing behind it is.
    place.write("study.toml", "", "");
    let problems = status["tasks"][0]["directory"].as_str().unwrap();
    fs::write(place.file(problems).join("problems.jsonl"), "{}\n").unwrap();
    let ended = place.run(&["run", "study.toml"]);
    assert_eq!((ended.code, place.made()), (Some(0), vec!["problems".to_owned()]), "{}", ended.stderr);
    assert!(ended.stderr.contains("problems.jsonl was changed; it is made again"), "{}", ended.stderr);
    assert_eq!(again(&place), first);
}

#[test]
fn a_study_that_is_killed_ten_times_leaves_the_same_report() {
    let (whole, killed) = (Place::new(), Place::new());
    for place in [&whole, &killed] {
        place.write("study.toml", "seeds = [1, 2]", "seeds = [1]");
    }
    let ended = whole.run(&["run", "study.toml", "--jobs", "2"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let mut kills = 0;
    // Later and later, so that every kind of task is met; the last run is let alone.
    while kills < 10 {
        let mut command = afcheck();
        command.current_dir(killed.home.path()).args(["study", "run", "study.toml"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(300 + 170 * kills));
        if child.try_wait().unwrap().is_some_and(|status| status.success()) {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    assert!(kills >= 3, "it was over before it could be killed: {kills}");
    let ended = killed.run(&["run", "study.toml"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for name in ["out/report.html", "out/report.md", "out/report.json"] {
        assert_eq!(killed.text(name), whole.text(name), "{name}");
    }
}

#[test]
fn a_cell_that_fails_leaves_the_others_alone_and_mistakes_are_named() {
    let place = Place::new();
    place.write("study.toml", "seeds = [1, 2]", "seeds = [1]");
    let text = place.text("study.toml").replace("learning-rate = 3e-3", "learning-rate = 1e30");
    fs::write(place.file("study.toml"), text).unwrap();
    let ended = place.run(&["run", "study.toml"]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("failed: training") && ended.stderr.contains("diverged"), "{}", ended.stderr);
    assert!(ended.stdout.contains("in context") && ended.stdout.contains("cells are not whole"), "{}", ended.stdout);
    let status = place.run(&["status", "study.toml"]).stdout;
    assert!(status.contains("failed") && status.contains("it needs `training"), "{status}");

    let wrong = |from: &str, to: &str, says: &[&str]| {
        place.write("wrong.toml", from, to);
        let ended = place.run(&["run", "wrong.toml"]);
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        assert!(says.iter().all(|word| ended.stderr.contains(word)), "{}", ended.stderr);
    };
    wrong("max-tokens = 40", "max-tokns = 40", &["[generate]", "--max-tokns", "--max-tokens"]);
    wrong("data = \"text:prose.txt\"", "data = \"text:poetry.txt\"", &["condition `prose`", "poetry.txt"]);
    wrong("model = \"model\"", "model = \"no-such-model\"", &["no-such-model"]);
    wrong(
        "data = \"formal:train.jsonl\"",
        "data = \"formal:test.jsonl\"",
        &["condition `statements`", "teach the answers"],
    );
    wrong("problems = \"test.jsonl\"", "problems = \"toast.jsonl\"", &["[target]", "toast.jsonl"]);
    assert!(place.run(&["run", "nothing.toml"]).stderr.contains("study init"));

    // A budget that is spent leaves out what is left.
    place.write("study.toml", "seeds = [1, 2]", "seeds = [1]");
    let text = place.text("study.toml") + "[budget.stage.training]\ntokens = 700\n";
    fs::write(place.file("study.toml"), text).unwrap();
    let ended = place.run(&["run", "study.toml"]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("left out: training: words") && ended.stderr.contains("budget of stage training"),
        "{}",
        ended.stderr
    );
}

#[test]
fn continued_pre_training_learns_all_of_a_text() {
    let place = Place::new();
    place.write("study.toml", "seeds = [1, 2]", "seeds = [1]\nways = [\"continued\", \"finetune\"]");
    let continued =
        "[continued]\ntokens = 600\nmethod = \"full\"\nlearning-rate = 3e-3\nbatch = 4\nepochs = 2\ndev-every = 50\n";
    fs::write(place.file("study.toml"), place.text("study.toml") + continued).unwrap();
    let ended = place.run(&["run", "study.toml", "--format", "json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    let of = |way: &str| {
        let mut rows = report["rows"].as_array().unwrap().iter();
        rows.find(|row| row["way"] == way && row["condition"] == 0).unwrap().clone()
    };
    let (continued, finetuned) = (of("continued"), of("finetune"));
    assert_eq!(continued["view"]["sha256"], finetuned["view"]["sha256"], "the same texts");
    let mean = |row: &Value| {
        let losses = row["outcomes"]["loss"].as_array().unwrap();
        losses.iter().map(|item| item["value"].as_f64().unwrap()).sum::<f64>() / losses.len() as f64
    };
    let before = report["rows"].as_array().unwrap().iter().find(|row| row["way"].is_null()).unwrap();
    assert!(mean(&continued) < mean(before), "{} {}", mean(&continued), mean(before));
    // Both ways are compared with each other.
    assert!(report["versus"].as_array().unwrap().iter().any(|of| of["ways"] == json!(["continued", "finetune"])));
}
