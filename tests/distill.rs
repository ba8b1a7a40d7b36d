//! `afcheck distill` through the real binary, with a small student that the test writes, a teacher behind the real HTTP server and the
//! real Lean: feedback does what it says, students learn from what Lean accepts, and a run can be killed at any moment.

#![cfg(all(feature = "ml", feature = "serve"))]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

#[path = "common/chain_model.rs"]
mod chain_model;
mod common;

use common::{Ended, afcheck, bare, directory, end};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;
use tempfile::TempDir;

/// What the student reads ends with a trigger of its chains: behind `Corrected:` it says the right theorem, behind a line end the right
/// or the wrong one. So what Lean says helps it, and what its teacher says does not.
const TEXTS: &str = r#"
teacher = "Attempt: {attempt}\nLean: {messages}\nWhat to change:\n"
stop = [" :"]
none = "\nAgain:\n"
lean = "\nLean says: {messages}\nCorrected:"
student = "\nThe teacher says: {feedback}\nAgain:\n"
both = "\nLean says: {messages}\nThe teacher says: {feedback}\nCorrected:"
"#;

/// Behind a line end the right theorem or one that does not elaborate, equally often; behind `Corrected:` the right one.
const CHAINS: [(&str, &[&str]); 3] = [
    ("\n", &["theorem right", " (n : Nat)", " : n + 0 = n", " := by", "\n  rfl", "\n\nend of right", chain_model::END]),
    ("\n", &["theorem wrong", " (k : Nat)", " : k = true", " := by\n  simp", "\n\nend of wrong", chain_model::END]),
    ("Corrected:", &["theorem right"]),
];

struct Place {
    home: TempDir,
}

impl Place {
    fn new() -> Place {
        let home = directory();
        chain_model::write_noisy(&home.path().join("model"), &CHAINS, 0.01);
        fs::write(home.path().join("template.toml"), chain_model::TEMPLATE).unwrap();
        fs::write(home.path().join("texts.toml"), TEXTS).unwrap();
        let problem = |name: &str, i: usize| {
            let formal = format!("theorem {name}{i} (m : Nat) : m + 0 = m := by sorry");
            json!({ "id": format!("{name}{i}"), "informal": format!("{i} zeros change nothing."), "formal": formal })
                .to_string()
        };
        for (name, count) in [("train", 16), ("test", 10)] {
            let lines: Vec<String> = (0..count).map(|i| problem(name, i)).collect();
            fs::write(home.path().join(format!("{name}.jsonl")), lines.join("\n") + "\n").unwrap();
        }
        Place { home }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn write(&self, more: &str) {
        let text = format!(
            "out = \"out\"\nrounds = 2\ntexts = \"texts.toml\"\ntemplate = \"template.toml\"\n\
             [problems]\nset = \"train.jsonl\"\ncount = 12\n[held-out]\nset = \"test.jsonl\"\n\
             [student]\nmodel = \"model\"\n[teacher]\nmodel = \"model\"\nmax-tokens = 12\n\
             [generate]\nmax-tokens = 40\ntemperature = 0.8\n\
             [finetune]\nepochs = 24\nbatch = 2\nlearning-rate = 3e-3\ncheckpoint-every = 1\n\
             targets = [\"query\", \"key\", \"value\", \"output\", \"gate\", \"up\", \"down\"]\n\
             [report]\nresamples = 200\n{more}"
        );
        fs::write(self.file("distill.toml"), text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Ended {
        end(afcheck().current_dir(self.home.path()).arg("distill").args(args), b"")
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }
}

/// The teacher's server, which ends with the test.
struct Served {
    child: Child,
    url: String,
}

impl Served {
    fn new(place: &Place) -> Served {
        let mut command = bare();
        command.current_dir(place.home.path());
        command.args(["serve-model", "--model", "model", "--port", "0", "--for", "10m", "--quiet"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains("http://")).expect("the server says where it is");
        std::thread::spawn(move || lines.for_each(drop));
        let url = line[line.find("http://").unwrap()..].trim().to_owned();
        Served { child, url: if url.ends_with("/v1") { url } else { format!("{url}/v1") } }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_helps_a_student_is_told_from_what_does_not_and_it_learns_from_it() {
    let place = Place::new();
    let teacher = Served::new(&place);
    place.write("[logits]\nteacher = \"model\"\ndata = \"aligned:train.jsonl\"\ntokens = 400\nlearning-rate = 1e-4\ntargets = [\"query\", \"value\"]\n");
    let ended = place.run(&["run", "distill.toml", "--base-url", &teacher.url]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report: Value = serde_json::from_str(&place.text("out/report.json")).unwrap();
    let of = |feedback: &str, round: u64| {
        let rounds = report["rounds"].as_array().unwrap().iter().find(|r| r["feedback"] == feedback).unwrap();
        let mut all = rounds["rounds"].as_array().unwrap().iter();
        all.find(|r| r["round"] == round && r["measure"] == "type-check rate").unwrap().clone()
    };
    let rate = |feedback: &str, round: u64| of(feedback, round)["mean"].as_f64().unwrap();
    let first = rate("none", 0);
    assert!((0.1..0.9).contains(&first), "right and wrong are equally probable: {first}");
    for feedback in ["lean", "teacher", "both"] {
        assert_eq!(rate(feedback, 0), first, "all begin with the same attempts");
    }
    assert_eq!((rate("lean", 1), rate("both", 1)), (1.0, 1.0), "what Lean says leads to the right theorem");
    assert!(rate("teacher", 1) < 1.0 && rate("none", 1) < 1.0, "{} {}", rate("teacher", 1), rate("none", 1));
    let to_none = of("lean", 1)["to_none"].clone();
    assert!(to_none["only_first"].as_u64().unwrap() > 0 && to_none["only_second"] == 0, "{to_none}");

    // Trajectories have what was said between the attempts.
    let lines: Vec<Value> =
        place.text("out/trajectories.jsonl").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 4 * 12);
    for line in &lines {
        let attempts = line["attempts"].as_array().unwrap();
        let is_refused = attempts[0]["type_check"] == 0.0;
        assert_eq!(attempts.len() > 1, is_refused, "what Lean accepts stands: {line}");
        if is_refused {
            assert!(attempts[0]["messages"].as_str().unwrap().contains("error"), "{line}");
            let has_teacher = ["teacher", "both"].contains(&line["feedback"].as_str().unwrap());
            assert_eq!(attempts[1]["feedback"].is_string(), has_teacher, "{line}");
        }
    }

    // Who learnt from revisions that Lean accepts says what is right; who was left alone does not always.
    let students = report["students"].as_array().unwrap();
    let student =
        |name: &str| students.iter().find(|s| s["student"] == name).unwrap_or_else(|| panic!("{name}")).clone();
    let held_out = |name: &str| student(name)["outcomes"]["type_check"]["mean"].as_f64().unwrap();
    assert!(held_out("untouched") < 0.9, "{}", held_out("untouched"));
    assert!(held_out("revisions, Lean's messages") > held_out("untouched"), "{students:?}");
    assert!(student("revisions, Lean's messages")["texts"].as_u64().unwrap() > 0);
    // A student that learns its own distributions has nothing to learn.
    let own = &student("distributions of the teacher")["gains"]["loss"]["mean"];
    assert!(own.as_f64().unwrap().abs() < 0.05, "{own}");
    let page = place.text("out/report.html");
    for words in ["Round by round", "On held-out problems", "Trajectories", "Teacher: "] {
        assert!(page.contains(words), "{words}");
    }

    // All is there: the teacher is not asked again, and need not be.
    drop(teacher);
    let first = place.text("out/report.json");
    let ended = place.run(&["run", "distill.toml", "--base-url", "http://127.0.0.1:9/v1"]);
    assert_eq!((ended.code, place.text("out/report.json") == first), (Some(0), true), "{}", ended.stderr);
}

#[test]
fn a_distillation_that_is_killed_leaves_the_same_report() {
    let (whole, killed) = (Place::new(), Place::new());
    let teacher = Served::new(&whole);
    for place in [&whole, &killed] {
        place.write("");
    }
    let ended = whole.run(&["run", "distill.toml", "--base-url", &teacher.url, "--jobs", "2"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for kills in 0..10 {
        let mut command = afcheck();
        command.current_dir(killed.home.path()).args(["distill", "run", "distill.toml", "--base-url", &teacher.url]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(300 + 150 * kills));
        if child.try_wait().unwrap().is_some_and(|status| status.success()) {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(killed.run(&["run", "distill.toml", "--base-url", &teacher.url]).code, Some(0));
    for name in ["out/report.html", "out/report.md", "out/report.json", "out/trajectories.jsonl"] {
        assert_eq!(killed.text(name), whole.text(name), "{name}");
    }
}

#[test]
fn a_teacher_that_does_not_answer_stops_its_own_kinds_of_feedback_only() {
    let place = Place::new();
    place.write("");
    let text = place.text("distill.toml").replace("[teacher]\n", "[teacher]\nbase-url = \"http://127.0.0.1:9/v1\"\n");
    fs::write(place.file("distill.toml"), text).unwrap();
    let ended = place.run(&["run", "distill.toml"]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("failed: teacher: first attempts"), "{}", ended.stderr);
    assert!(ended.stdout.contains("Lean's messages") && !ended.stdout.contains("teacher and Lean"), "{}", ended.stdout);
    let status = place.run(&["status", "distill.toml"]).stdout;
    assert!(status.contains("127.0.0.1:9"), "{status}");
    let wrong = place.run(&["run", "nothing.toml"]);
    assert!(wrong.code == Some(2) && wrong.stderr.contains("distill init"), "{}", wrong.stderr);
    assert_eq!(place.run(&["texts"]).stdout, include_str!("../src/prompts/feedback.toml"));
}

#[test]
fn leans_diagnostics_can_be_the_teacher() {
    let place = Place::new();
    place.write("");
    let text = place.text("distill.toml").replace("rounds = 2", "rounds = 1\nfeedback = [\"teacher\"]");
    let text = text.replace("[teacher]\nmodel = \"model\"\nmax-tokens = 12\n", "[teacher]\nadvice = true\n");
    fs::write(place.file("distill.toml"), text).unwrap();
    // Without a verb it is `run`.
    let ended = place.run(&["distill.toml", "--jobs", "2"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let heard: Vec<String> = place
        .text("out/trajectories.jsonl")
        .lines()
        .filter_map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            line["attempts"][1]["feedback"].as_str().map(str::to_owned)
        })
        .collect();
    assert!(
        !heard.is_empty() && heard.iter().any(|words| words.contains("something of another type is needed")),
        "{heard:?}"
    );
    assert!(place.text("out/report.md").contains("teacher Lean's diagnostics as advice"));
    let wrong = place.run(&["run", "distill.toml", "--base-url", "http://127.0.0.1:9/v1"]);
    assert!(wrong.code == Some(2) && wrong.stderr.contains("the file has none"), "{}", wrong.stderr);
}
