//! `afcheck nightly` through the real binary and the real Lean: a regression of five items is named everywhere, what is undecided
//! or flaky is none, a run that was killed goes on, and mistakes are explained. The workflow and the units in deploy/ are looked
//! at as text; the tools that check them in full are named in docs/nightly.md.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

#[cfg(feature = "ml")]
#[path = "common/chain_model.rs"]
mod chain_model;
mod common;

use common::{BUDGET, Ended, afcheck, bare, directory, end, wait_for_lines};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const ITEMS: usize = 12;

/// Problems, outputs and a file of runs.
struct Place {
    home: TempDir,
}

fn name(i: usize) -> String {
    format!("sum_{i:02}")
}

fn formal(i: usize) -> String {
    format!("theorem {} (a b : Nat) : a + b + {i} = b + a + {i} := by", name(i))
}

fn output(i: usize, proof: &str) -> Value {
    json!({ "id": name(i), "code": format!("{} {proof}", formal(i)) })
}

/// A right proof, and a wrong one.
const RIGHT: &str = "omega";
const WRONG: &str = "exact (rfl : 1 = 1)";

impl Place {
    fn new() -> Place {
        let place = Place { home: directory() };
        let problem = |i: usize| json!({ "id": name(i), "informal": "..", "formal": formal(i) });
        place.write("problems.jsonl", &lines((0..ITEMS).map(problem)));
        place.settings("");
        place
    }

    fn settings(&self, more: &str) {
        let text = format!(
            "{more}\n[judging]\nheartbeats = {BUDGET}\n[[data]]\nname = \"sums\"\nproblems = \"problems.jsonl\"\n\
             [[model]]\nname = \"prover\"\noutputs = \"outputs.jsonl\"\n"
        );
        self.write("nightly.toml", &text);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("room for a file");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Right proofs for all problems but these.
    fn outputs(&self, wrong: &[usize]) {
        let proof = |i| if wrong.contains(&i) { WRONG } else { RIGHT };
        self.write("outputs.jsonl", &lines((0..ITEMS).map(|i| output(i, proof(i)))));
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = afcheck();
        command.env_remove("GITHUB_SHA").arg("nightly").args(args);
        command.arg("--config").arg(self.path("nightly.toml"));
        command
    }

    fn nightly(&self, args: &[&str]) -> Ended {
        let ended = end(&mut self.command(args), b"");
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        ended
    }

    /// A run that ends like this; its summary.
    fn run(&self, code: i32, args: &[&str]) -> Value {
        let ended = self.nightly(&[&["run", "--jobs", "1"], args].concat());
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        let summary: Value = serde_json::from_str(&ended.stdout).expect("JSON");
        let written: Value = serde_json::from_str(&self.read("nightly/summary.json")).expect("JSON");
        assert_eq!(summary, written);
        summary
    }
}

fn lines(records: impl Iterator<Item = Value>) -> String {
    records.map(|record| format!("{record}\n")).collect()
}

fn names(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap_or_else(|| panic!("a list: {list}"));
    list.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

/// The items that occur in a text.
fn named_in(text: &str) -> Vec<String> {
    (0..ITEMS).map(name).filter(|name| text.contains(name.as_str())).collect()
}

/// What stands between two marks of a text.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("no `{from}` in {text}")).1;
    rest.split_once(to).map_or(rest, |(part, _)| part)
}

#[test]
fn five_regressions_are_named_by_every_report() {
    let place = Place::new();
    let seeded = [1, 3, 4, 7, 11];
    let five: Vec<String> = seeded.map(name).into();
    // Before, 0 and 2 were not solved; 0 stays so, 2 is newly solved.
    place.outputs(&[0, 2]);
    let first = place.run(0, &["--revision", "aaaaaaaaaaaaaaaa"]);
    assert_eq!((&first["failed"], &first["cells"][0]["accepted"]), (&json!(false), &json!(ITEMS - 2)));
    assert_eq!(first["cells"][0]["last"], Value::Null);

    place.outputs(&[&[0][..], &seeded].concat());
    let ended = place.nightly(&["run", "--revision", "bbbbbbbbbbbbbbbb"]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    let summary: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(names(&summary["regressions"]), five);
    assert_eq!(names(&summary["newly_solved"]), [name(2)]);
    let cell = &summary["cells"][0];
    assert_eq!((&cell["last"]["pairs"], &cell["items"]), (&json!(ITEMS), &json!(ITEMS)));
    // 5 to 1: 2 (1 + 6) / 64.
    let p = cell["last"]["p"].as_f64().expect("a number");
    assert!((p - 0.21875).abs() < 1e-12, "{p}");
    assert_eq!(summary["regressions"][0]["after"]["reason"], "type_mismatch");
    assert_eq!(names(&cell["best"]["regressions"]), five, "the last run is the best");
    let told: String = ended.stderr.lines().filter(|line| line.starts_with("  regression")).collect();
    assert_eq!(named_in(&told), five, "{}", ended.stderr);

    let comment = place.read("nightly/comment.md");
    assert!(comment.starts_with("## afcheck nightly: 5 regressions\n"), "{comment}");
    assert_eq!(named_in(between(&comment, "**Regressions", "**Newly solved")), five);
    assert_eq!(named_in(between(&comment, "**Newly solved", "\nRates are")), [name(2)]);

    let page = place.read("nightly/dashboard.html");
    assert_eq!(named_in(between(&page, "<h4>Regressions</h4>", "</table>")), five);
    assert_eq!(named_in(between(&page, "<h4>Newly solved</h4>", "</table>")), [name(2)]);
    assert!(page.contains(WRONG) && page.contains("<svg") && page.contains("5 regressions</span>"));
    assert!(!page.contains("<script") && !page.contains("http"), "one file that loads nothing");

    let junit = place.read("nightly/junit.xml");
    let failed = junit.split("<testcase ").filter(|case| case.contains("<failure type=\"regression\""));
    assert_eq!(failed.map(|case| between(case, "name=\"", "\"").to_owned()).collect::<Vec<_>>(), five);

    // The history afterwards: both runs, compared by hand, and the reports made again.
    let history = place.nightly(&["history"]);
    assert!(history.stdout.contains("aaaaaaaaaaa") && history.stdout.contains("10 of 12"), "{}", history.stdout);
    let listed: Value = serde_json::from_str(&place.nightly(&["history", "--format", "json"]).stdout).expect("JSON");
    assert_eq!(listed["runs"][1]["cells"][0]["accepted"], json!(6));
    let compared = place.nightly(&["compare", "1", "2", "--format", "json"]);
    let compared: Value = serde_json::from_str(&compared.stdout).expect("JSON");
    assert_eq!(names(&compared["cells"][0]["regressions"]), five);
    let back = place.nightly(&["compare", "2", "1"]);
    assert_eq!(named_in(&back.stdout.lines().filter(|l| l.contains("newly solved")).collect::<String>()), five);
    fs::remove_file(place.path("nightly/dashboard.html")).expect("the page");
    assert_eq!(place.nightly(&["report"]).code, Some(0));
    assert_eq!(place.read("nightly/dashboard.html"), page);

    // A drop that chance explains passes where only a significant one fails; the five are named all the same.
    place.settings("[gate]\nfail_on = \"significant\"");
    let ended = place.nightly(&["report"]);
    let summary: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!((&summary["failed"], names(&summary["regressions"])), (&json!(false), five));
}

#[test]
fn what_is_undecided_missing_or_restated_is_told_apart() {
    let place = Place::new();
    let decidable = |text: &str| json!({ "id": "decidable", "formal": format!("theorem decidable : {text} := by") });
    let problems = place.read("problems.jsonl");
    place.write("problems.jsonl", &format!("{problems}{}\n", decidable("2 + 2 = 4")));
    let all = |proof: &str, of: &dyn Fn(usize) -> Option<Value>| {
        let code = format!("theorem decidable : 2 + 2 = 4 := by {proof}");
        let mut records: Vec<Value> = (0..ITEMS).filter_map(of).collect();
        records.push(json!({ "id": "decidable", "code": code }));
        records.push(json!({ "id": "nobody's", "code": "theorem x : True := trivial" }));
        lines(records.into_iter())
    };
    place.write("outputs.jsonl", &all("rfl", &|i| Some(output(i, RIGHT))));
    place.run(0, &[]);

    // What embedded Lean cannot run is not refused; an output that says another theorem is.
    let changed = |i: usize| match i {
        2 => None,
        3 => Some(json!({ "id": name(3), "code": format!("theorem {} : True := trivial", name(3)) })),
        _ => Some(output(i, RIGHT)),
    };
    place.write("outputs.jsonl", &all("native_decide", &changed));
    let restated = problems.replace("+ 5 =", "+ 5 + 0 =");
    assert_ne!(restated, problems);
    place.write("problems.jsonl", &format!("{restated}{}\n", decidable("2 + 2 = 4")));
    let summary = place.run(1, &[]);
    let cell = &summary["cells"][0];
    assert_eq!(names(&summary["regressions"]), [name(2), name(3)]);
    let reasons: Vec<&str> =
        summary["regressions"].as_array().unwrap().iter().map(|r| r["after"]["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["no_prediction", "target_mismatch"]);
    assert_eq!(names(&cell["undecided_items"]), ["decidable"]);
    assert_eq!(cell["undecided_items"][0]["reason"], "unsupported");
    assert_eq!(names(&cell["last"]["undecided_now"]), ["decidable"]);
    assert_eq!(names(&cell["last"]["restated"]), [name(5)]);
    assert_eq!(cell["last"]["pairs"], json!(ITEMS - 1), "neither the undecided nor the restated one");
    assert!(place.read("nightly/comment.md").contains("Undecided now"));
    let junit = place.read("nightly/junit.xml");
    assert!(between(&junit, "name=\"decidable\"", "</testcase>").contains("<skipped"));

    // Alone, it makes no run fail; and a record that cannot be read leaves its problem open.
    place.write("problems.jsonl", &format!("{restated}{}\n", decidable("2 + 2 = 4")));
    let broken = all("native_decide", &|i| match i {
        2 => Some(json!({ "id": name(2), "nothing": 1 })),
        _ => Some(output(i, RIGHT)),
    });
    place.write("outputs.jsonl", &broken);
    place.settings("[gate]\nagainst = \"both\"");
    let summary = place.run(0, &[]);
    let open = &summary["cells"][0]["undecided_items"];
    assert_eq!(names(open), [name(2), "decidable".to_owned()], "{open}");
    assert_eq!(open[0]["reason"], "bad_record");
    assert_eq!(names(&summary["newly_solved"])[0], name(3));
}

#[test]
fn a_killed_run_goes_on_and_keeps_others_out() {
    let place = Place::new();
    let problem = |i: usize| json!({ "id": name(i), "formal": formal(i) });
    let many = 40;
    place.write("problems.jsonl", &lines((0..many).map(problem)));
    place.write("outputs.jsonl", &lines((0..many).map(|i| output(i, if i == 9 { WRONG } else { RIGHT }))));
    let mut command = place.command(&["run", "--jobs", "1", "--recheck", "5"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts");
    let results = place.path("nightly/runs/1/0.results.jsonl");
    wait_for_lines(&mut child, &results, 3);
    let pid = rustix::process::Pid::from_raw(child.id() as i32).expect("a process");
    rustix::process::kill_process(pid, rustix::process::Signal::STOP).expect("it is ours");
    let second = place.nightly(&["run"]);
    assert_eq!(second.code, Some(2), "{}", second.stderr);
    assert!(second.stderr.contains("another `afcheck nightly run` is at work"), "{}", second.stderr);
    child.kill().expect("kill -9");
    child.wait().expect("it ends");
    let before = fs::read_to_string(&results).expect("results").lines().count();
    assert!(before < many, "killed in the middle");
    let listed = place.nightly(&["history"]);
    assert!(listed.stdout.contains("unfinished"), "{}", listed.stdout);
    assert_eq!(place.nightly(&["report"]).code, Some(2), "there is nothing to report");

    let ended = place.nightly(&["run", "--jobs", "1", "--recheck", "5"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("resumed         run 1"), "{}", ended.stderr);
    let summary: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!((&summary["run"]["run"], &summary["cells"][0]["accepted"]), (&json!(1), &json!(many - 1)));
    assert_eq!(summary["cells"][0]["flaky_items"], json!([]), "Lean says the same each time");
    let mut indices: Vec<u64> = fs::read_to_string(&results)
        .expect("results")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["index"].as_u64().expect("an index"))
        .collect();
    indices.sort_unstable();
    assert_eq!(indices, (0..many as u64).collect::<Vec<_>>(), "nothing lost, nothing doubled");

    // An unfinished run about other inputs is not continued.
    let mut command = place.command(&["run", "--jobs", "1"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts");
    wait_for_lines(&mut child, &place.path("nightly/runs/2/0.results.jsonl"), 1);
    child.kill().expect("kill -9");
    child.wait().expect("it ends");
    place.outputs(&[9]);
    let ended = place.nightly(&["run", "--jobs", "1"]);
    assert!(ended.stderr.contains("run 2 was not finished, and inputs"), "{}", ended.stderr);
    let summary: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(summary["run"]["run"], json!(3));
    assert_eq!(
        (ended.code, names(&summary["regressions"]).len()),
        (Some(1), many - ITEMS),
        "no output is a regression"
    );
}

#[test]
fn samples_count_as_the_file_says() {
    let place = Place::new();
    let samples = |first: &'static str, second: &'static str| {
        let of = |proof: &'static str| (0..ITEMS).map(move |i| output(i, proof));
        lines(of(first).chain(of(second)))
    };
    place.write("outputs.jsonl", &samples(WRONG, RIGHT));
    assert_eq!(place.run(0, &[])["cells"][0]["accepted"], json!(ITEMS), "one accepted sample is enough");
    place.settings("count = \"sample\"");
    place.write("outputs.jsonl", &samples(WRONG, WRONG));
    let summary = place.run(1, &[]);
    assert_eq!(summary["cells"][0]["items"], json!(2 * ITEMS));
    let second: Vec<String> = (0..ITEMS).map(|i| format!("{} #1", name(i))).collect();
    assert_eq!(names(&summary["regressions"]), second);
}

/// A small model of this process, which says a right and a wrong theorem equally often.
#[cfg(feature = "ml")]
#[test]
fn a_model_that_is_run_here_is_measured_like_any_other() {
    let place = Place::new();
    chain_model::write_noisy(&place.path("model"), &chain_model::CHAINS, 0.01);
    place.write("template.toml", chain_model::TEMPLATE);
    let problem = |i: usize| {
        let formal = format!("theorem zero{i} (m : Nat) : m + 0 = m := by sorry");
        json!({ "id": format!("zero{i}"), "informal": format!("{i} zeros change nothing."), "formal": formal })
    };
    place.write("problems.jsonl", &lines((0..6).map(problem)));
    place.settings("count = \"sample\"");
    let settings = place.read("nightly.toml");
    let made = "model = \"model\"\ntemplate = \"template.toml\"\nsamples = 4\nmax_tokens = 40\nseed = 1";
    let settings =
        settings.replace("outputs = \"outputs.jsonl\"", made).replace("[judging]", "[judging]\ntarget = false");
    place.write("nightly.toml", &settings);
    let first = place.run(0, &[]);
    let cell = &first["cells"][0];
    let accepted = cell["accepted"].as_u64().expect("a count");
    assert_eq!(cell["items"], json!(24));
    assert!((4..=20).contains(&accepted), "about half: {accepted}");
    let said = fs::read_to_string(place.path("nightly/runs/1/0.outputs.jsonl")).expect("its outputs");
    assert_eq!(said.matches("theorem right").count() as u64, accepted, "Lean accepts what is right: {said}");
    // The same seed says the same; another does not.
    let again = place.run(0, &[]);
    assert_eq!((&again["cells"][0]["accepted"], names(&again["newly_solved"])), (&json!(accepted), vec![]));
    place.write(
        "nightly.toml",
        &settings.replace("seed = 1", "seed = 2").replace("[judging]", "[gate]\nfail_on = \"never\"\n[judging]"),
    );
    let other = place.run(0, &[]);
    assert!(!names(&other["regressions"]).is_empty() && other["failed"] == false, "{other}");
    place.write("nightly.toml", &settings.replace("\"model\"\ntemplate", "\"no-such-model\"\ntemplate"));
    let ended = place.nightly(&["run"]);
    assert!(
        ended.code == Some(2) && ended.stderr.contains("`prover`") && ended.stderr.contains("no-such-model"),
        "{ended:?}"
    );
}

#[test]
fn hostile_names_do_no_harm() {
    let place = Place::new();
    let hostile = ["</td><script>alert(1)</script>", "a|b`@all` ]]>", "../../../x\n\u{1b}[31m", "--help"];
    let code = |i: usize, proof: &str| format!("theorem h{i} (a b : Nat) : a + b = b + a := by {proof}");
    let problem = |(i, id): (usize, &&str)| json!({ "id": id, "formal": code(i, "sorry") });
    place.write("problems.jsonl", &lines(hostile.iter().enumerate().map(problem)));
    let outputs =
        |proof: &str| lines(hostile.iter().enumerate().map(|(i, id)| json!({ "id": id, "code": code(i, proof) })));
    let settings =
        place.read("nightly.toml").replace("\"prover\"", "\"../<b>|`\"").replace("\"sums\"", "\"../../<i>\"");
    place.write("nightly.toml", &settings);
    place.write("outputs.jsonl", &outputs(RIGHT));
    place.run(0, &[]);
    place.write("outputs.jsonl", &outputs(WRONG));
    let summary = place.run(1, &["--revision", "<img src=x>"]);
    assert_eq!(names(&summary["regressions"]), hostile);
    let page = place.read("nightly/dashboard.html");
    for tag in ["<script", "<b>", "<i>", "<img"] {
        assert!(!page.contains(tag) && !place.read("nightly/junit.xml").contains(tag), "{tag}");
    }
    assert!(!place.read("nightly/comment.md").contains('\u{1b}') && !page.contains('\u{1b}'));
    // Everything that was written lies in `out`.
    let mut there: Vec<String> = fs::read_dir(place.home.path())
        .expect("the directory")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    there.sort();
    assert_eq!(there, ["nightly", "nightly.toml", "outputs.jsonl", "problems.jsonl"]);
}

#[test]
fn mistakes_are_explained_before_anything_runs() {
    let place = Place::new();
    place.outputs(&[]);
    let refused = |says: &[&str]| {
        let ended = place.nightly(&["run"]);
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        assert!(says.iter().all(|word| ended.stderr.contains(word)), "{says:?}: {}", ended.stderr);
        assert!(!ended.stderr.contains(": judging"), "nothing was judged: {}", ended.stderr);
    };
    place.settings("kep = 9");
    refused(&["nightly.toml", "kep", "`keep`", "line 1"]);
    place.settings("[gate]\nfail_on = \"sometimes\"");
    refused(&["sometimes", "`significant`"]);
    let settings = |from: &str, to: &str| {
        place.settings("");
        let text = place.read("nightly.toml");
        assert!(text.contains(from));
        place.write("nightly.toml", &text.replace(from, to));
    };
    settings("outputs.jsonl", "absent.jsonl");
    refused(&["`prover`", "absent.jsonl", "no such file"]);
    settings("problems.jsonl", "nowhere");
    refused(&["`sums`", "nowhere", "built in: afcore"]);
    settings("heartbeats", "mode = \"guess\"\nheartbeats");
    refused(&["unknown mode `guess`", "proof"]);
    settings("heartbeats", "memory = \"lots\"\nheartbeats");
    refused(&["memory lots", "512MiB"]);
    settings("outputs = \"outputs.jsonl\"", "outputs = \"outputs.jsonl\"\nfields = [\"id=code\"]");
    refused(&["belong to no problem of `sums`", "`sum_00`", "id=NAME"]);
    place.settings("");
    for (args, says) in [
        (&["history"][..], "there is no history"),
        (&["report"], "there is no history"),
        (&["compare", "1", "2"], "there is no history"),
    ] {
        fs::remove_dir_all(place.path("nightly")).ok();
        let ended = place.nightly(args);
        assert!(ended.code == Some(2) && ended.stderr.contains(says), "{args:?}: {}", ended.stderr);
    }
    let ended = end(bare().args(["nightly", "run", "--config", "/nowhere/nightly.toml"]), b"");
    assert!(ended.code == Some(2) && ended.stderr.contains("afcheck nightly init"), "{}", ended.stderr);

    // A history of another version stays as it is.
    place.run(0, &[]);
    let ended = place.nightly(&["compare", "1", "5"]);
    assert!(ended.code == Some(2) && ended.stderr.contains("no run 5; it has 1"), "{}", ended.stderr);
    let path = place.path("nightly/nightly.sqlite");
    let connection = rusqlite::Connection::open(&path).expect("a database");
    connection.pragma_update(None, "user_version", 99).expect("room");
    drop(connection);
    refused(&["version 99", "reads version 1", "left as it is"]);
    let connection = rusqlite::Connection::open(&path).expect("a database");
    let runs: i64 = connection.query_row("SELECT count(*) FROM runs", [], |row| row.get(0)).expect("runs");
    assert_eq!(runs, 1);
}

#[test]
fn the_example_and_what_deploys_it_fit_the_commands() {
    let ended = end(bare().args(["nightly", "init"]), b"");
    assert_eq!(ended.code, Some(0));
    assert!(ended.stdout.contains("[[data]]") && ended.stdout.contains("fail_on"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let workflow = read("deploy/github/nightly.yml");
    let service = read("deploy/systemd/afcheck-nightly.service");
    let timer = read("deploy/systemd/afcheck-nightly.timer");
    assert!(timer.contains("OnCalendar=") && timer.contains("Persistent=true"));
    // Every command that they run is one that the binary knows, with its options.
    let mut commands = 0;
    for text in [&workflow, &service] {
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            let Some((_, words)) = line.split_once("afcheck nightly ") else { continue };
            let words: Vec<&str> =
                words.split_whitespace().take_while(|word| !word.contains(['|', '>', ';'])).collect();
            let ended = end(bare().arg("nightly").args(&words).arg("--help"), b"");
            assert_eq!(ended.code, Some(0), "{line}: {}", ended.stderr);
            commands += 1;
        }
    }
    assert!(commands >= 2, "the workflow and the service run it");
    for file in ["dashboard.html", "comment.md", "junit.xml", "nightly.sqlite"] {
        assert!(workflow.contains(file), "the workflow keeps or shows {file}");
    }
}
