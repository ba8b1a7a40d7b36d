//! The engine of a Lake project through the real binary. With `afcheck repl` as its child it judges as the embedded engine does, by
//! the same corpora; with a child that breaks down in every way known, the record under way is undecided and the next is fine.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{afcheck, directory, end, errors, lines, records, results, verdict, write};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A directory that reads like a Lake project.
fn project() -> TempDir {
    let project = directory();
    write(project.path(), "lakefile.toml", "name = \"p\"\n");
    write(project.path(), "lean-toolchain", "leanprover/lean4:v4.28.0\n");
    project
}

/// Where the embedded Lean of the child lives: the child may use it in its sandbox.
fn cache() -> String {
    let shown = end(afcheck().args(["doctor", "--json"]), b"");
    let shown: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    shown["cache"].as_str().expect("a directory").to_owned()
}

/// `verify` on an engine whose REPL is `afcheck repl`.
fn with_repl(project: &Path, more: &[&str]) -> Command {
    let mut command = afcheck();
    let repl = format!("'{}' repl --heartbeats {}", env!("CARGO_BIN_EXE_afcheck"), common::BUDGET);
    command.args(["verify", "-", "--format", "jsonl", "--quiet", "--jobs", "1", "--sandbox-write", &cache()]);
    command.args(["--engine", &format!("lake:{}", project.display()), "--lake-command", &repl]).args(more);
    command
}

#[test]
fn the_examples_get_the_verdicts_their_author_wrote_down() {
    let project = project();
    let corpus: Vec<Value> =
        include_str!("../examples/outputs.jsonl").lines().map(|l| serde_json::from_str(l).expect("a record")).collect();
    let results = end(&mut with_repl(project.path(), &[]), lines(&corpus).as_bytes()).results();
    let mut wrong = Vec::new();
    for (record, result) in corpus.iter().zip(&results) {
        let got: Value =
            ["verdict", "level", "reason", "mode"].iter().map(|k| ((*k).to_owned(), result[*k].clone())).collect();
        if got != record["expect"] {
            wrong.push(format!("{}: expected {}, got {got}", record["id"], record["expect"]));
        }
        assert_eq!(result["engine"]["kind"], "lake");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Cheats of every row of the table in docs/trust.md. All of them: tests/long/lake_corpus.py.
const CHEATS: [&str; 18] = [
    "abbrev-prop",
    "axiom-name-guillemets",
    "axiom-private",
    "extra-hypothesis",
    "guillemet-name",
    "hole-left-open",
    "junk-hole",
    "local-notation",
    "matcher-shadow",
    "print-axioms-redefined",
    "private-theorem",
    "proved-as-other-name",
    "sorry-in-instance",
    "subtype-value",
    "universe-fixed",
    "variable-false-hypothesis",
    "weaker-def-transitive",
    "weaker-inductive",
];

#[test]
fn cheats_are_refused_for_the_reasons_they_are_refused_for_elsewhere() {
    let (project, corpus) = (project(), Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cheats"));
    let mut records = Vec::new();
    for name in CHEATS {
        let read = |file: &str| fs::read_to_string(corpus.join(name).join(file)).expect("a file of the corpus");
        let target_name = read("expect.toml").lines().find_map(|line| {
            line.strip_prefix("target-name = ").map(|name| name.trim().trim_matches(['"', '\'']).to_owned())
        });
        for kind in ["honest", "cheat"] {
            let code = read(&format!("{kind}.lean"));
            let mut record = json!({"id": format!("{name}/{kind}"), "code": code, "target": read("target.lean")});
            if let Some(name) = &target_name {
                record["target_name"] = json!(name);
            }
            records.push(record);
        }
    }
    let lake = end(&mut with_repl(project.path(), &["--mode", "proof"]), lines(&records).as_bytes()).results();
    let embedded = common::judge(&records, &["--mode", "proof"]);
    for (lake, embedded) in lake.iter().zip(&embedded) {
        assert_eq!(verdict(lake), verdict(embedded), "{}: {lake}", lake["id"]);
    }
}

/// A child that goes wrong as its texts say.
struct Scripted {
    project: TempDir,
    arguments: Vec<String>,
    variables: Vec<(&'static str, String)>,
}

impl Scripted {
    fn new() -> Scripted {
        let project = project();
        write(project.path(), "faults.sh", include_str!("lake/faults.sh"));
        let scripted = Scripted { project, arguments: vec![], variables: vec![] };
        // The counts are written in the project.
        let place = scripted.project.path().to_str().unwrap().to_owned();
        scripted.with(&["--sandbox-write", &place])
    }

    fn with(mut self, arguments: &[&str]) -> Scripted {
        self.arguments.extend(arguments.iter().map(|a| (*a).to_owned()));
        self
    }

    fn run(&self, texts: &[&str]) -> Vec<Value> {
        let mut command = afcheck();
        command.args(["verify", "-", "--format", "jsonl", "--quiet", "--jobs", "1", "--mode", "statement"]);
        command.args([
            "--engine",
            &format!("lake:{}", self.project.path().display()),
            "--lake-command",
            &self.command(),
        ]);
        command.args(["--wall-clock", "2s"]).args(&self.arguments);
        let begun = Instant::now();
        let ended = end(&mut command, lines(&records(texts)).as_bytes());
        assert!(begun.elapsed() < Duration::from_secs(60), "it waited too long");
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        ended.results()
    }

    /// The child; its variables go with the command, for a confined process gets none of others'.
    fn command(&self) -> String {
        let variables: String = self.variables.iter().map(|(name, value)| format!("{name}={value} ")).collect();
        format!("env {variables}sh faults.sh")
    }

    fn starts(&self) -> u32 {
        fs::read_to_string(self.project.path().join("starts")).expect("a count").trim().parse().expect("a number")
    }
}

const FINE: &str = "theorem fine : True := sorry";

/// The verdict on a text in which `word` names what goes wrong, with a fine record before and behind it.
fn fault(scripted: &Scripted, word: &str) -> Value {
    let text = format!("theorem {word} : True := sorry");
    let results = scripted.run(&[FINE, &text, FINE]);
    assert_eq!(verdict(&results[0]), "accepted statement", "{}", results[0]);
    assert_eq!(verdict(&results[2]), "accepted statement", "behind {word}: {}", results[2]);
    results[1].clone()
}

#[test]
fn a_child_that_breaks_down_decides_nothing_and_the_next_record_is_fine() {
    let scripted = Scripted::new().with(&["--lake-memory", "200MiB"]);
    for (word, cause, words) in [
        ("hang", "wall_clock", "no answer within"),
        ("drip", "wall_clock", "no answer within"),
        ("deaf", "wall_clock", "no answer within"),
        ("crash", "engine_crash", "the REPL ended (signal: 11"),
        ("garbage", "engine_crash", "no JSON: \"not JSON at all"),
        ("half", "engine_crash", "no JSON"),
        ("shape", "engine_crash", "another shape"),
        ("huge", "engine_crash", "more than 64 MiB"),
        ("flood", "engine_crash", "more than 64 MiB"),
        ("memory", "memory", "of 200 MiB that it may"),
        ("forks", "memory", "processes"),
    ] {
        let result = fault(&scripted, word);
        assert_eq!(verdict(&result), format!("undecided {cause}"), "{word}: {result}");
        assert!(result["detail"].as_str().unwrap().contains(words), "{word}: {result}");
    }
    // Whatever was started is gone with its process.
    let left = || {
        let cmdlines = fs::read_dir("/proc").into_iter().flatten().flatten().map(|p| p.path().join("cmdline"));
        cmdlines.filter_map(|p| fs::read(p).ok()).filter(|text| text.starts_with(b"sleep\0876543")).count()
    };
    let until = Instant::now() + Duration::from_secs(5);
    while left() > 0 && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(left(), 0, "processes were left behind");
}

#[test]
fn what_is_only_odd_is_survived() {
    let scripted = Scripted::new();
    assert_eq!(verdict(&fault(&scripted, "noise")), "accepted statement");
    assert_eq!(verdict(&fault(&scripted, "stderr")), "accepted statement", "three megabytes of it");
    let long = fault(&scripted, "long");
    assert_eq!(verdict(&long), "accepted statement");
    assert!(long["messages"][0]["text"].as_str().unwrap().starts_with("bbbb"));
    // An answer too many: the process is replaced before anybody takes it for theirs.
    assert_eq!(verdict(&fault(&scripted, "chatter")), "accepted statement");
}

#[test]
fn a_child_that_dies_after_many_texts_costs_no_record() {
    let mut scripted = Scripted::new().with(&["--recycle", "0"]);
    scripted.variables.push(("DIES_AFTER", "30".into()));
    let results = scripted.run(&[FINE; 100]);
    assert!(results.iter().all(|r| verdict(r) == "accepted statement"), "{results:#?}");
    assert_eq!(scripted.starts(), 4, "`#version`, a header and 28 texts, then 29 each");
    // Replaced in time, it never comes to that.
    let scripted =
        Scripted { variables: vec![("DIES_AFTER", "30".into())], ..Scripted::new().with(&["--recycle", "10"]) };
    assert!(scripted.run(&[FINE; 40]).iter().all(|r| verdict(r) == "accepted statement"));
    assert_eq!(scripted.starts(), 4);
}

#[test]
fn a_child_that_does_not_start_is_told_and_tried_again() {
    let mut scripted = Scripted::new();
    scripted.variables.push(("FAIL_STARTS", "0".into()));
    let mut command = afcheck();
    command.args(["verify", "-", "--engine", &format!("lake:{}", scripted.project.path().display())]);
    command.args(["--lake-command", &scripted.command(), "--quiet"]).args(&scripted.arguments);
    let ended = end(&mut command, lines(&records(&[FINE])).as_bytes());
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.stderr.contains("no such toolchain"), "{}", ended.stderr);
    // In the middle of a run: the record that met it is undecided, those behind are not.
    fs::remove_file(scripted.project.path().join("starts")).unwrap();
    scripted.variables = vec![("FAIL_STARTS", "1".into())];
    let crash = "theorem crash : True := sorry";
    let results = scripted.run(&[crash, FINE, FINE]);
    let verdicts: Vec<String> = results.iter().map(verdict).collect();
    assert_eq!(verdicts, ["undecided engine_crash", "undecided engine_crash", "accepted statement"], "{results:#?}");
    assert!(results[1]["detail"].as_str().unwrap().contains("no such toolchain"), "{}", results[1]);
    // A program that is not there.
    let mut command = afcheck();
    command.args(["verify", "-", "--engine", &format!("lake:{}", scripted.project.path().display())]);
    let ended = end(command.args(["--lake-command", "/no/such/program"]), lines(&records(&[FINE])).as_bytes());
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.stderr.contains("/no/such/program"), "{}", ended.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_confined_child_reads_the_project_and_writes_nowhere_but_its_own_place() {
    let (project, secret) = (project(), directory());
    let secret = write(secret.path(), "secret", "x");
    write(project.path(), "faults.sh", include_str!("lake/faults.sh"));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let run = |sandbox: &str| {
        let mut command = afcheck();
        command.args(["verify", "-", "--format", "jsonl", "--quiet", "--mode", "statement", "--sandbox", sandbox]);
        let child = format!("env SECRET={} PORT={port} bash faults.sh", secret.display());
        command.args(["--engine", &format!("lake:{}", project.path().display()), "--lake-command", &child]);
        command.env("KEY_OF_OTHERS", "sesame");
        let ended = end(&mut command, lines(&records(&["theorem touch : True := sorry"])).as_bytes());
        if ended.code == Some(3) && ended.stderr.contains("--sandbox require") {
            // An older kernel: nothing may be started there.
            return None;
        }
        let result = ended.results().remove(0);
        Some((result["messages"][0]["text"].as_str().expect("a message").trim().to_owned(), result["caveats"].clone()))
    };
    let (free, caveats) = run("off").expect("it starts");
    assert_eq!(free, "read-secret wrote-project wrote-scratch read-project connected saw-key");
    assert!(caveats.to_string().contains("not confined"), "{caveats}");
    if let Some((confined, caveats)) = run("require") {
        assert_eq!(confined, "wrote-scratch read-project");
        assert!(!caveats.to_string().contains("confined"), "{caveats}");
    }
}

#[test]
fn records_are_judged_by_the_engine_they_name() {
    let project = project();
    write(project.path(), "faults.sh", include_str!("lake/faults.sh"));
    let records = [
        json!({"id": "a", "code": "theorem a : True := sorry", "by": "other"}),
        json!({"id": "b", "code": "theorem b : True := sorry"}),
        json!({"id": "c", "code": "theorem c : True := sorry", "by": "nobody"}),
    ];
    let mut command = afcheck();
    command.args([
        "verify",
        "-",
        "--format",
        "jsonl",
        "--quiet",
        "--field",
        "engine=by",
        "--lake-command",
        "sh faults.sh",
    ]);
    command.args(["--engine", &format!("other=lake:{}", project.path().display())]);
    command.args(["--sandbox-write", project.path().to_str().unwrap()]);
    let results = end(&mut command, lines(&records).as_bytes()).results();
    let kinds: Vec<&str> = results.iter().map(|r| r["engine"]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["lake", "embedded", "embedded"]);
    assert_eq!(verdict(&results[2]), "undecided bad_record");
    assert!(results[2]["detail"].as_str().unwrap().contains("there are: other"), "{}", results[2]);
}

#[test]
fn kept_results_are_those_of_the_project_as_it_was() {
    let (project, cache_directory) = (Scripted::new(), directory());
    let run = || {
        let mut command = common::bare();
        command.env_remove("AFCHECK_NO_CACHE").env("AFCHECK_CACHE", cache_directory.path());
        command.args(["verify", "-", "--format", "jsonl", "--mode", "statement", "--lake-command", "sh faults.sh"]);
        command.args(["--engine", &format!("lake:{}", project.project.path().display())]).args(&project.arguments);
        let ended = end(&mut command, lines(&records(&[FINE])).as_bytes());
        (results(&ended.stdout).remove(0), ended.stderr)
    };
    let (first, _) = run();
    let (second, summary) = run();
    assert_eq!(common::without_time(&first), common::without_time(&second));
    assert!(summary.contains("1 hit"), "{summary}");
    write(project.project.path(), ".lake/build/lib/lean/Own.olean", "compiled");
    let (_, summary) = run();
    assert!(!summary.contains("1 hit"), "the project's own modules were built again: {summary}");
    write(project.project.path(), "lake-manifest.json", r#"{"packages": [{"name": "mathlib", "rev": "abc"}]}"#);
    let (_, summary) = run();
    assert!(!summary.contains("1 hit"), "another revision: {summary}");
}

#[test]
fn places_are_those_of_the_record() {
    let project = project();
    let code = "import Init\n\n-- ∀\nexample : 1 = 1 := rfl\nexample (n : Nat) : n = n + 1 := by omega\n\
                theorem t : nothing_of_this_name = 1 := rfl\n";
    let markdown = format!("Here it is:\n\n```lean4\n{code}```\n");
    let results = end(&mut with_repl(project.path(), &[]), lines(&records(&[code, &markdown])).as_bytes()).results();
    let embedded = common::judge(&records(&[code, &markdown]), &[]);
    for (lake, embedded) in results.iter().zip(&embedded) {
        assert_eq!(errors(lake), errors(embedded));
        assert_eq!(verdict(lake), verdict(embedded));
    }
}

#[test]
fn doctor_says_what_a_project_has_and_lacks() {
    let project = project();
    write(project.path(), "lake-manifest.json", r#"{"packages": [{"name": "mathlib", "rev": "abc123"}]}"#);
    write(project.path(), "faults.sh", include_str!("lake/faults.sh"));
    let engine = format!("lake:{}", project.path().display());
    let without = end(afcheck().args(["doctor", "--engine", &engine]), b"");
    assert_eq!(without.code, Some(3), "{without:?}");
    assert!(without.stdout.contains("v4.28.0") && without.stdout.contains("mathlib abc123"), "{}", without.stdout);
    assert!(without.stdout.contains("problem: there is no REPL"), "{}", without.stdout);
    let with = end(afcheck().args(["doctor", "--engine", &engine, "--lake-command", "sh faults.sh"]), b"");
    assert_eq!(with.code, Some(0), "{with:?}");
    assert!(with.stdout.contains("its REPL answers"), "{}", with.stdout);
    let missing = end(afcheck().args(["doctor", "--engine", "lake:/no/such/place"]), b"");
    assert!(missing.code == Some(3) && missing.stdout.contains("no such directory"), "{missing:?}");
}
