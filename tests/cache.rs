//! The result cache through the real binary: what is checked and what is not, that results do not show it, and that
//! neither another process nor `kill -9` can spoil it. Each test has a cache of its own with the Lean of all.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{Ended, HONEST, afcheck, arg, end, lines, records, results, verdict, wait_for_lines, without_time, write};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const FALSE: &str = "theorem wrong : 1 = 2 := by\n  omega\n";

/// Never ends within a tenth of a second: allocates too little to meet the heartbeat budget first.
const BOMB: &str =
    "set_option maxHeartbeats 0 in\ntheorem bomb : (List.range 1000000).foldl (· + ·) 0 = 1 := by decide +kernel\n";

/// A cache directory with nothing kept and Lean set up.
struct Cache(TempDir);

impl Cache {
    fn new() -> Cache {
        let doctor = end(afcheck().args(["doctor", "--json"]), b"");
        let doctor: Value = serde_json::from_str(&doctor.stdout).unwrap();
        let shared = PathBuf::from(doctor["cache"].as_str().unwrap());
        let own = common::directory();
        for entry in fs::read_dir(shared).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if ["lean-", "package-"].iter().any(|lean| name.starts_with(lean)) {
                symlink(&path, own.path().join(name)).unwrap();
            }
        }
        Cache(own)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = afcheck();
        command.env_remove("AFCHECK_NO_CACHE").args(args).args(["--cache", arg(self.path())]);
        command
    }

    fn run(&self, args: &[&str]) -> Ended {
        end(&mut self.command(args), b"")
    }

    /// Judges records and says what was checked: hits, duplicates, checks.
    fn judge(&self, input: &[Value], args: &[&str]) -> (Vec<Value>, (u64, u64, u64)) {
        let mut command = self.command(&["verify", "-", "--format", "jsonl"]);
        if !args.contains(&"--heartbeats") {
            command.args(["--heartbeats", common::BUDGET]);
        }
        let ended = end(command.args(args), lines(input).as_bytes());
        let results = ended.results();
        assert_eq!(results.len(), input.len(), "{ended:?}");
        assert!(!ended.stderr.contains("warning"), "{}", ended.stderr);
        (results, counts(&ended.stderr, input.len() as u64))
    }

    /// Whether `cache verify` finds everything in order, and how many entries there are.
    #[track_caller]
    fn sound(&self) -> u64 {
        let ended = self.run(&["cache", "verify"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.stdout.contains(" 0 damaged"), "{ended:?}");
        ended.stdout.split(' ').next().unwrap().parse().unwrap()
    }

    fn stats(&self) -> Value {
        serde_json::from_str(&self.run(&["cache", "stats", "--json"]).stdout).unwrap()
    }
}

/// The numbers of the summary's row, which is missing if every record was checked.
fn counts(summary: &str, records: u64) -> (u64, u64, u64) {
    let Some(row) = summary.lines().find(|l| l.starts_with("cache ")) else { return (0, 0, records) };
    let numbers: Vec<u64> =
        row.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(|n| n.parse().unwrap()).collect();
    (numbers[0], numbers[1], numbers[2])
}

fn timeless(results: &[Value]) -> Vec<Value> {
    results.iter().map(without_time).collect()
}

#[test]
fn equal_records_are_checked_once_and_reported_for_each() {
    let cache = Cache::new();
    let other = HONEST.replace("honest", "other");
    let crlf = HONEST.replace('\n', "\r\n");
    let codes = [HONEST, FALSE, HONEST, &other, HONEST, FALSE, &crlf, HONEST];
    let (found, counted) = cache.judge(&records(&codes), &["--jobs", "2"]);
    assert_eq!(counted, (0, 5, 3));
    for (i, (result, code)) in found.iter().zip(codes).enumerate() {
        assert_eq!(result["id"], format!("r{i}"));
        assert_eq!(verdict(result).starts_with("accepted"), code != FALSE, "{result}");
    }
    assert_ne!(found[0]["sha256"], found[6]["sha256"], "a result's hash is that of its own text");
    let (uncached, _) = cache.judge(&records(&codes), &["--no-cache"]);
    assert_eq!(timeless(&found), timeless(&uncached), "line ends and all");
    assert_eq!(cache.sound(), 3);
    let out = cache.run(&["verify", "/dev/null", "--show-settings", "--cache-limit", "1GiB"]);
    assert!(out.stdout.contains("kept results = at most 1073741824 bytes"), "{out:?}");
}

#[test]
fn a_warm_run_gives_the_cold_one_s_results_byte_for_byte() {
    let cache = Cache::new();
    let texts = [
        HONEST,
        FALSE,
        "theorem s (n : Nat) : n = n := by sorry",
        "#eval 1",
        "theorem t : True := trivial -- é ∀\r\n\r\n#check (1 : \r\n",
        "Here is it:\n```lean\ntheorem m (a : Nat) (h : a < 1) : a = 0 := by\n  omega\n```\n",
        "import Mathlib\ntheorem x : True := trivial",
        "theorem axiomatic : True ∨ False := by\n  exact Classical.em _ |>.elim (fun _ => .inl trivial) (fun _ => .inl trivial)",
        "",
    ];
    let mut input = records(&texts);
    input
        .push(json!({"id": "target", "code": HONEST, "target": "theorem honest (a b : Nat) : a + b = b + a := sorry"}));
    input.push(json!({"id": "header", "code": "theorem h : succ 1 = 2 := rfl", "header": "open Nat\r\n"}));
    let args = ["--jobs", "1"];
    let (cold, first) = cache.judge(&input, &args);
    assert_eq!(first, (0, 0, 11));
    let (warm, second) = cache.judge(&input, &args);
    assert_eq!(second, (11, 0, 0));
    assert_eq!(cold, warm, "even the time is that of the check");
    let (uncached, _) = cache.judge(&input, &["--jobs", "1", "--no-cache"]);
    assert_eq!(timeless(&cold), timeless(&uncached));

    // As bytes: order, keys and all.
    let file = write(cache.path(), "in.jsonl", lines(&input));
    let mut outputs = vec![];
    for extra in [vec![], vec!["--no-cache"]] {
        let mut args = vec!["verify", arg(&file), "--format", "jsonl", "--jobs", "1", "-q"];
        args.extend(extra);
        args.extend(["--heartbeats", common::BUDGET]);
        let text = cache.run(&args).stdout;
        let strip = |line: &str| {
            let (before, after) = line.split_once("\"wall_ms\":").unwrap();
            format!("{before}{}", after.trim_start_matches(|c: char| c != ','))
        };
        outputs.push(text.lines().map(strip).collect::<Vec<_>>());
    }
    assert_eq!(outputs[0], outputs[1]);
    assert_eq!(cache.stats()["hits"], 22);
}

/// Keys read `\r\n` as `\n`, so a result must not depend on it: not in its verdict, not in a message or position.
#[test]
fn line_ends_change_nothing_but_the_hash() {
    let cache = Cache::new();
    let texts = [
        "theorem a : 1 = 2 := by\n  omega\n\ntheorem b : True := by\n  skip\n",
        "def s := \"two\nlines\"\ntheorem t : s.length = 9 := by decide\ntheorem u : s.length = 10 := by decide",
        "Text é.\n\n```lean4\ntheorem m : p := by\n  exact 𝔽\n```\nmore\n```lean\n#check m\n```\n",
        "```lean\ntheorem open_fence : 1 = 2 := by\n  simp\n",
        "theorem statement (n : Nat) :\n    n = n :=\n",
        "theorem statement (n : Nat) : n = n := by\n\n\n",
        "theorem unfinished (n : Nat\n",
        "/- never closed\n\ntheorem t : True := trivial\n",
        "theorem lean3 : true := begin\n  trivial,\nend\n",
        "-- only a comment\n",
        "\n\n",
        "theorem t : True :=\n  by trivial -- end\n#exit\nnonsense (\n",
        "theorem c (a b : Nat) (h : a = b) : b = a := calc\n  b = a := h\n  _ = a := rfl",
    ];
    let of = |text: &dyn Fn(&str) -> String| {
        let mut input: Vec<Value> = texts.iter().map(|t| json!({"id": "x", "code": text(t)})).collect();
        let header = text("open Nat\ntheorem broken : 1 = 2 := rfl\n");
        input.push(json!({"id": "header", "code": text("theorem h : succ 1 = 2 :=\n  rfl"), "header": header}));
        let target = text("theorem t :\n  True := sorry\n");
        input.push(json!({"id": "target", "code": text("theorem t :\n  True := trivial\n"), "target": target}));
        let (found, counted) = cache.judge(&input, &["--no-cache"]);
        assert_eq!(counted.2, input.len() as u64);
        let strip = |result: &Value| {
            let mut result = without_time(result);
            result.as_object_mut().unwrap().remove("sha256");
            result
        };
        found.iter().map(strip).collect::<Vec<_>>()
    };
    let (feeds, returns) = (of(&|text| text.into()), of(&|text| text.replace('\n', "\r\n")));
    for (i, (feed, carriage)) in feeds.iter().zip(&returns).enumerate() {
        assert_eq!(feed, carriage, "text {i}");
    }
}

#[test]
fn another_judgement_is_another_entry() {
    let cache = Cache::new();
    let (a, b) = (cache.path().join("a"), cache.path().join("b"));
    write(&a, "Own.lean", "def own := 1\n");
    write(&b, "Own.lean", "def own := 2\n");
    let input = records(&["theorem t (n : Nat) : n + 0 = n := rfl"]);
    let with = |args: &[&str]| cache.judge(&input, args).1;
    let variants: [&[&str]; 12] = [
        &[],
        &["--heartbeats", "20001"],
        &["--wall-clock", "59s"],
        &["--memory", "900MiB"],
        &["--permit-axiom", "mine"],
        &["--mode", "proof"],
        &["--mode", "statement"],
        &["--require", "proof"],
        &["--no-warnings"],
        &["--header", "open Nat"],
        &["--target", "theorem t (n : Nat) : n + 0 = n := sorry"],
        &["--target", "theorem t (n : Nat) : n + 0 = n := sorry", "--target-name", "t"],
    ];
    for variant in variants {
        assert_eq!(with(variant), (0, 0, 1), "{variant:?}");
        assert_eq!(with(variant), (1, 0, 0), "{variant:?}");
    }
    assert_eq!(cache.sound(), variants.len() as u64);

    let imports = records(&["import Own\ntheorem o : own = 1 := rfl"]);
    let own = |library: &Path| {
        let (found, counted) = cache.judge(&imports, &["--lib", arg(library)]);
        (found[0]["verdict"] == "accepted", counted)
    };
    assert_eq!([own(&a), own(&b), own(&a)], [(true, (0, 0, 1)), (false, (0, 0, 1)), (true, (1, 0, 0))]);
    write(&b, "Own.lean", "def own := 1\n");
    assert_eq!(own(&b), (true, (1, 0, 0)), "the same sources are the same library, wherever they are");
    write(&a, "Own.lean", "def own := 3\n");
    assert_eq!(own(&a), (false, (0, 0, 1)), "an edited library is another one");
}

#[test]
fn what_met_the_clock_is_checked_again_but_once_a_run() {
    let cache = Cache::new();
    let input = records(&[BOMB, BOMB, BOMB]);
    let args = ["--wall-clock", "100ms", "--heartbeats", "100000000"];
    for _ in 0..2 {
        let (found, counted) = cache.judge(&input, &args);
        assert_eq!(found.iter().map(verdict).collect::<Vec<_>>(), vec!["undecided wall_clock"; 3]);
        assert_eq!(counted, (0, 2, 1));
    }
    assert_eq!(cache.sound(), 0);
}

#[test]
fn without_the_cache_everything_is_checked_and_nothing_kept() {
    let cache = Cache::new();
    let input = records(&[HONEST, HONEST]);
    assert_eq!(cache.judge(&input, &["--no-cache"]).1, (0, 0, 2));
    assert!(!cache.path().join("results.sqlite").exists());
    let config = write(cache.path(), "off.toml", "[cache]\nresults = false\n");
    assert_eq!(cache.judge(&input, &["--config", arg(&config)]).1, (0, 0, 2));
    assert!(!cache.path().join("results.sqlite").exists());
    let ended = cache.run(&["cache", "stats"]);
    assert!(ended.code == Some(0) && ended.stdout.contains("entries   0"), "{ended:?}");
    assert_eq!(cache.run(&["cache", "verify"]).code, Some(0));
    let mistake = cache.run(&["verify", "/dev/null", "--cache-limit", "7"]);
    assert!(mistake.code == Some(2) && mistake.stderr.contains("--no-cache"), "{mistake:?}");
    let mistake = cache.run(&["cache", "clear", "--older-than", "yesterday"]);
    assert!(mistake.code == Some(2) && mistake.stderr.contains("yesterday"), "{mistake:?}");
}

#[test]
fn a_cache_that_cannot_be_used_is_said_once_and_does_not_matter() {
    let cache = Cache::new();
    fs::create_dir(cache.path().join("results.lock")).unwrap();
    let file = write(cache.path(), "in.jsonl", lines(&records(&[HONEST, HONEST])));
    let ended = cache.run(&["verify", arg(&file), "--format", "jsonl"]);
    assert_eq!(ended.results().len(), 2);
    assert_eq!(ended.stderr.matches("warning:").count(), 1, "{}", ended.stderr);
    assert_eq!(counts(&ended.stderr, 2), (0, 1, 1), "duplicates of the run are found all the same");

    let cache = Cache::new();
    write(cache.path(), "results.sqlite", "no database at all, as anyone can see who reads these words");
    let ended = cache.run(&["verify", arg(&file), "--format", "jsonl", "-q"]);
    assert_eq!(ended.results().len(), 2);
    assert!(ended.stderr.matches("warning:").count() == 1 && ended.stderr.contains("renamed"), "{}", ended.stderr);
    assert_eq!(cache.sound(), 1);
}

#[test]
fn looking_after_it() {
    let cache = Cache::new();
    let codes: Vec<String> = (0..20).map(|i| format!("theorem t{i} : {i} + 0 = {i} := rfl\n")).collect();
    let input = records(&codes.iter().map(String::as_str).collect::<Vec<_>>());
    cache.judge(&input, &[]);
    let stats = cache.stats();
    assert_eq!((&stats["entries"], &stats["verdicts"][0]["name"]), (&json!(20), &json!("accepted")));
    assert!(stats["engines"][0]["name"].as_str().unwrap().contains("embedded Lean 4."), "{stats}");
    let recheck = cache.run(&["cache", "verify", "--recheck", "5"]);
    assert_eq!(recheck.code, Some(0), "{recheck:?}");
    assert!(recheck.stdout.contains("5 judged again by this engine: 5 agree"), "{recheck:?}");
    assert!(cache.run(&["cache", "clear", "--older-than", "1h"]).stderr.starts_with("0 "));
    assert_eq!(cache.stats()["entries"], 20);
    assert!(cache.run(&["cache", "clear"]).stderr.starts_with("20 "));
    assert_eq!(cache.stats()["entries"], 0);
    assert_eq!(cache.judge(&input, &[]).1, (0, 0, 20));
    for args in [["cache", "stats", "--help"], ["cache", "clear", "--help"], ["cache", "verify", "--help"]] {
        let help = cache.run(&args).stdout;
        assert!(help.contains("Examples:\n  afcheck cache"), "{help}");
    }
    assert!(cache.run(&["doctor"]).stdout.contains("kept results"));
}

/// Pairs that are equivalent, not so, a slip, and one for which the budget is too small.
fn pairs() -> Vec<Value> {
    let pair =
        |a: &str, b: &str| json!({"a": format!("theorem a {a} := sorry"), "b": format!("theorem b {b} := sorry")});
    vec![
        pair("(f : Nat → Nat) (h : f 0 < 1) : f 1 = 0", "(f : Nat → Nat) : 1 > f 0 → f 1 = 0"),
        pair("(f : Nat → Nat) (h : f 0 < 1) : f 1 = 0", "(f : Nat → Nat) : f 1 = 0"),
        pair("(a b : Nat) : a + b = b + a", "(a b : Nat) : a * b = b * a"),
        pair("(a b : Nat) : a + b = c", "(a b : Nat) : a * b = b * a"),
    ]
}

#[test]
fn comparisons_are_kept_like_checks() {
    let cache = Cache::new();
    let compare = |args: &[&str], input: &[Value]| {
        let ended = end(cache.command(&["equiv", "--pairs", "-"]).args(args), lines(input).as_bytes());
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let row = ended.stderr.lines().find(|line| line.starts_with("not compared again"));
        (ended.stdout.clone(), row.unwrap_or_default().to_owned())
    };
    let (cold, row) = compare(&[], &pairs());
    assert_eq!((cold.lines().count(), row.as_str()), (4, ""));
    let (warm, row) = compare(&[], &pairs());
    assert_eq!(warm, cold, "byte for byte, times and all");
    assert_eq!(row, "not compared again: 4 kept by earlier runs, 0 equal pairs");
    assert_eq!(cache.sound(), 4);

    // Another budget, header or order is another question.
    for args in [["--heartbeats", "20001"], ["--wall-clock", "59s"], ["--header", "open Nat"]] {
        assert_eq!(compare(&args, &pairs()).1, "", "{args:?}");
        assert_eq!(compare(&args, &pairs()).1, row, "{args:?}");
    }
    assert_eq!(compare(&["--heartbeats", "10"], &pairs()[..1]).1, "");
    let exchanged: Vec<Value> = pairs().iter().map(|p| json!({"a": p["b"], "b": p["a"]})).collect();
    assert_eq!(
        compare(&[], &[&exchanged[..], &exchanged[..]].concat()).1,
        row.replace("4 kept", "0 kept").replace("0 equal", "4 equal")
    );
    let entries = cache.sound();
    assert_eq!(entries, 4 * 4 + 1 + 4);

    // Switched off, nothing is used and nothing kept.
    assert_eq!(compare(&["--no-cache"], &pairs()).1, "");
    assert_eq!(compare(&["--no-cache", "--heartbeats", "30000"], &pairs()).1, "");
    assert_eq!(cache.sound(), entries);

    let verdicts = cache.stats()["verdicts"].clone();
    let named =
        |name: &str| verdicts.as_array().unwrap().iter().find(|v| v["name"] == name).map(|v| v["entries"].clone());
    assert_eq!(named("comparison: undecided"), Some(json!(1)), "a spent budget is the same everywhere");
    assert_eq!(named("comparison: equivalent"), Some(json!(5)), "{verdicts}");
    let again = cache.run(&["cache", "verify", "--recheck", "100"]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(again.stdout.contains(&format!("{entries} judged again by this engine: {entries} agree")), "{again:?}");
}

#[test]
fn a_second_evaluation_asks_nothing() {
    let cache = Cache::new();
    let problem =
        json!({"id": "p", "informal": "..", "formal": "theorem p (f : Nat → Nat) (h : f 0 < 1) : f 1 = 0 := sorry"});
    let sample = |formal: &str| json!({"id": "p", "code": format!("theorem t {formal} := sorry")});
    let samples =
        ["(f : Nat → Nat) : 1 > f 0 → f 1 = 0", "(f : Nat → Nat) : f 1 = 0", "(f : Nat → Nat) (h : f 0 = 0) : f 1 = 0"];
    let data = write(cache.path(), "set.jsonl", lines(&[problem]));
    let predictions = write(cache.path(), "out.jsonl", lines(&samples.map(sample)));
    let evaluate = |args: &[&str]| {
        let fixed = ["eval", "--data", arg(&data), "--predictions", arg(&predictions), "--equivalence-classes"];
        let ended = cache.run(&[&fixed[..], args].concat());
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.stdout
    };
    let counts = || {
        let stats = cache.stats();
        (stats["entries"].as_u64().unwrap(), stats["hits"].as_u64().unwrap())
    };
    let cold = evaluate(&[]);
    // Three checks, three comparisons with the reference, three among the samples.
    assert_eq!(counts(), (9, 0));
    assert_eq!(evaluate(&[]), cold);
    assert_eq!(counts(), (9, 9));
    assert_eq!(evaluate(&["--no-cache"]), cold);
    assert_eq!(counts(), (9, 9));
    assert_eq!(cache.sound(), 9);
}

#[test]
fn interrupted_comparisons_begin_again_where_they_stopped() {
    const PAIRS: usize = 80;
    let cache = Cache::new();
    let statement =
        |name: &str, i: usize, rest: &str| format!("theorem {name} (f : Nat → Nat) {rest} : f {i} = 0 := sorry");
    let pair = |i| json!({"a": statement("a", i, "(h : f 0 < 1)"), "b": statement("b", i, "(n : Nat) (h : f n < 1)")});
    let file = write(cache.path(), "pairs.jsonl", lines(&(0..PAIRS).map(pair).collect::<Vec<_>>()));
    let out = cache.path().join("results.jsonl");
    let mut command = cache.command(&["equiv", "--pairs", arg(&file), "--jobs", "2"]);
    let mut child = command.stdout(fs::File::create(&out).unwrap()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_lines(&mut child, &out, 3);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    let told = fs::read_to_string(&out).unwrap();
    let done = told.lines().count();
    assert!((3..PAIRS).contains(&done), "{done} pairs were compared");
    assert_eq!(cache.sound(), done as u64, "what was told is kept, nothing else was begun");
    let ended = cache.run(&["equiv", "--pairs", arg(&file)]);
    assert_eq!(ended.stdout.lines().count(), PAIRS);
    assert!(ended.stdout.starts_with(&told), "the beginning is the same, byte for byte");
    let row = format!("not compared again: {done} kept by earlier runs, 0 equal pairs");
    assert!(ended.stderr.contains(&row), "{row}: {}", ended.stderr);
}

#[test]
fn two_processes_at_once_share_it() {
    let cache = Cache::new();
    let codes: Vec<String> = (0..120).map(|i| format!("theorem t{i} : {i} + 0 = {i} := rfl\n")).collect();
    let file = write(cache.path(), "in.jsonl", lines(&records(&codes.iter().map(String::as_str).collect::<Vec<_>>())));
    let start = || {
        let mut command = cache.command(&["verify", arg(&file), "--format", "jsonl", "--jobs", "1", "-q"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let both = [start(), start()].map(|child| child.wait_with_output().unwrap());
    let [a, b] = both.map(|output| {
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        timeless(&results(&String::from_utf8(output.stdout).unwrap()))
    });
    assert_eq!(a.len(), 120);
    assert_eq!(a, b);
    assert_eq!(cache.sound(), 120);
}

/// Killed ten times at moments that depend on what is written; what is kept is whole each time, and right in the end.
#[test]
fn kill_9_does_not_spoil_it() {
    const RECORDS: usize = 1000;
    let cache = Cache::new();
    let codes: Vec<String> = (0..RECORDS).map(|i| format!("theorem t{i} : {i} + 0 = {i} := rfl\n")).collect();
    let file = write(cache.path(), "in.jsonl", lines(&records(&codes.iter().map(String::as_str).collect::<Vec<_>>())));
    let (mut killed, mut seed, mut kept) = (0, 20_260_801_u64, 0);
    for round in 0..10 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let out = cache.path().join(format!("out{round}.jsonl"));
        let args = ["verify", arg(&file), "--out", arg(&out), "--quiet", "--jobs", "2"];
        let mut child = cache.command(&args).spawn().unwrap();
        // A little further than what is kept, so that there is something to lose, and in half of the rounds far enough
        // for the writer, which keeps what 300 ms brought, to have begun: on a fast machine that is 120 records.
        wait_for_lines(&mut child, &out, kept as usize + 1 + (seed >> 33) as usize % 200);
        child.kill().unwrap();
        killed += usize::from(child.wait().unwrap().code().is_none());
        let now = cache.sound();
        assert!(now >= kept, "what was kept stays: {kept}, then {now}");
        kept = now;
    }
    assert!(killed > 3, "only {killed} runs were caught in time");
    assert!(kept > 0, "something was kept");
    let input: Vec<Value> =
        fs::read_to_string(&file).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let args = ["--heartbeats", "200000"];
    let (found, (hits, _, checked)) = cache.judge(&input, &args);
    assert_eq!((hits, checked), (kept, RECORDS as u64 - kept));
    let (uncached, _) = cache.judge(&input, &["--heartbeats", "200000", "--no-cache"]);
    assert_eq!(timeless(&found), timeless(&uncached));
    assert_eq!(cache.sound(), RECORDS as u64);
}
