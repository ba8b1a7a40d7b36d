//! The command line: inputs that cannot be read, outputs that cannot be written, runs that are cut short and continued,
//! settings, exit codes and help.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{Ended, HONEST, afcheck, arg, bare, end, lines, records, results, run, verdict, wait_for_lines, write};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

const FALSE: &str = "theorem wrong : 1 = 2 := by\n  omega\n";

/// A file with an accepted and a rejected record.
fn two_records(directory: &Path) -> PathBuf {
    write(directory, "two.jsonl", lines(&records(&[HONEST, FALSE])))
}

/// A file with `count` quick records, each with its own text.
fn many_records(directory: &Path, name: &str, count: usize) -> PathBuf {
    let codes: Vec<String> = (0..count).map(|i| format!("theorem t{i} : {i} + 0 = {i} := rfl\n")).collect();
    write(directory, name, lines(&records(&codes.iter().map(String::as_str).collect::<Vec<_>>())))
}

fn verify(file: &Path, args: &[&str]) -> Ended {
    end(afcheck().args(["verify", arg(file)]).args(args), b"")
}

#[track_caller]
fn refused(ended: &Ended, code: i32, says: &[&str]) {
    assert_eq!(ended.code, Some(code), "{ended:?}");
    for part in says {
        assert!(ended.stderr.contains(part), "{part:?} in {}", ended.stderr);
    }
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
}

#[test]
fn bad_records_keep_their_place_and_the_others_are_judged() {
    let directory = common::directory();
    let honest = json!({"id": "good", "code": HONEST}).to_string();
    let mut text = format!("{honest}\n{{\"code\": \"theorem\n{{\"id\": \"no code\"}}\n").into_bytes();
    text.extend(b"{\"code\": \"\xff\"}\n[1]\n{\"id\":\"number\",\"code\":7}\n{\"id\":\"empty\",\"code\":\"\"}\n");
    text.extend(format!("\n{honest}").bytes());
    let file = write(directory.path(), "bad.jsonl", text);
    let ended = verify(&file, &["--format", "jsonl"]);
    let results = ended.results();
    let verdicts: Vec<String> = results.iter().map(verdict).collect();
    let bad = "undecided bad_record";
    assert_eq!(verdicts, ["accepted replay", bad, bad, bad, bad, bad, "rejected parsed/empty", "accepted replay"]);
    let detail = |i: usize| results[i]["detail"].as_str().unwrap();
    for (i, says) in [(1, "line 2, column "), (2, "line 3"), (3, "UTF-8"), (4, "line 5"), (5, "`code`")] {
        assert!(detail(i).contains(says), "{}", detail(i));
    }
    assert!(detail(2).contains("no field with code"), "{}", detail(2));
    assert_eq!(results[2]["id"], "no code");

    let strict = verify(&file, &["--strict"]);
    refused(&strict, 2, &[&format!("{}:2:", arg(&file)), "--strict"]);
    let keep_going = verify(&file, &["--keep-going", "--format", "jsonl"]);
    assert_eq!(keep_going.results().len(), 8);
}

#[test]
fn inputs_that_cannot_be_read() {
    let directory = common::directory();
    refused(&verify(directory.path(), &[]), 2, &["directory"]);
    refused(&verify(&directory.path().join("absent.jsonl"), &[]), 2, &["absent.jsonl", "no such file"]);
    refused(&verify(&write(directory.path(), "x.gz", "plain"), &[]), 2, &["gzip"]);
    refused(&verify(&write(directory.path(), "x.parquet", "plain"), &[]), 2, &["Parquet"]);
    let file = two_records(directory.path());
    for (args, says) in [
        (vec!["--mode", "guess"], "guess"),
        (vec!["--require", "truth"], "truth"),
        (vec!["--jobs", "0"], "--jobs"),
        (vec!["--heartbeats", "0"], "--heartbeats"),
        (vec!["--wall-clock", "soon"], "--wall-clock"),
        (vec!["--memory", "lots"], "--memory"),
        (vec!["--fail-under", "2"], "--fail-under"),
        (vec!["--lib", "/no/such/directory"], "--lib"),
        (vec!["--header", "absent.lean"], "absent.lean"),
        (vec!["--field", "code"], "ROLE=NAME"),
        (vec!["--field", "proof=x"], "unknown role"),
        (vec!["--resume"], "--out"),
        (vec!["--no-such-flag"], "--no-such-flag"),
    ] {
        refused(&verify(&file, &args), 2, &[says]);
    }
    refused(&run(&["verify"]), 2, &["FILE"]);
    refused(&run(&["very"]), 2, &["very"]);
}

#[test]
fn an_empty_input_is_no_mistake() {
    let directory = common::directory();
    let file = write(directory.path(), "empty.jsonl", "");
    assert_eq!(verify(&file, &["--format", "jsonl"]).results(), Vec::<Value>::new());
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let directory = common::directory();
    let file = many_records(directory.path(), "many.jsonl", 60);
    for format in ["human", "jsonl"] {
        let mut command = afcheck();
        command.args(["verify", arg(&file), "--format", format]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut first = [0; 1];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(5), "{stderr}");
        assert!(stderr.contains("went away") && !stderr.contains("panicked"), "{stderr}");
    }
}

#[test]
fn a_full_disk_is_said_and_ends_the_run() {
    let directory = common::directory();
    let file = two_records(directory.path());
    let out = verify(&file, &["--out", "/dev/full"]);
    refused(&out, 5, &["/dev/full", "no room"]);
    for format in ["human", "jsonl", "junit", "markdown"] {
        let mut command = afcheck();
        let full = File::options().write(true).open("/dev/full").unwrap();
        command.args(["verify", arg(&file), "--format", format]).stdout(full).stderr(Stdio::piped());
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(5), "{format}: {stderr}");
        assert!(stderr.contains("no room") && !stderr.contains("panicked"), "{format}: {stderr}");
    }
    refused(&verify(&file, &["--out", "/no/such/directory/x"]), 2, &["/no/such/directory/x"]);
    refused(&verify(&file, &["--out", arg(directory.path())]), 2, &[]);
}

/// Killed three times at moments that depend on what is written, then finished: each record has one result.
#[test]
fn a_killed_run_is_resumed() {
    const RECORDS: usize = 150;
    let directory = common::directory();
    let file = many_records(directory.path(), "many.jsonl", RECORDS);
    let out = directory.path().join("results.jsonl");
    let mut seed = 20_260_728_u64;
    let mut killed = 0;
    for round in 0..3 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let wanted = 10 + 40 * round + (seed >> 33) as usize % 35;
        let mut command = afcheck();
        command.args(["verify", arg(&file), "--out", arg(&out), "--resume", "--quiet", "--jobs", "2"]);
        let mut child = command.spawn().unwrap();
        wait_for_lines(&mut child, &out, wanted);
        child.kill().unwrap();
        killed += usize::from(child.wait().unwrap().code().is_none());
    }
    assert!(killed > 0, "no run was caught in time");
    // What a power cut leaves: a torn line.
    let mut torn = File::options().append(true).open(&out).unwrap();
    torn.write_all(b"{\"id\":\"r9\",\"ind").unwrap();
    drop(torn);
    let last = verify(&file, &["--out", arg(&out), "--resume"]);
    assert_eq!(last.code, Some(0), "{last:?}");
    let found = results(&fs::read_to_string(&out).unwrap());
    let indices: Vec<u64> = found.iter().map(|r| r["index"].as_u64().unwrap()).collect();
    assert_eq!(indices, (0..RECORDS as u64).collect::<Vec<_>>());
    assert!(found.iter().all(|r| verdict(r) == "accepted replay"));

    // Nothing is left to do, and nothing is done.
    let before = fs::read(&out).unwrap();
    assert_eq!(verify(&file, &["--out", arg(&out), "--resume"]).code, Some(0));
    assert_eq!(fs::read(&out).unwrap(), before);
}

#[test]
fn an_interrupted_run_says_so_and_is_resumed() {
    const RECORDS: usize = 400;
    let directory = common::directory();
    let file = many_records(directory.path(), "many.jsonl", RECORDS);
    let out = directory.path().join("results.jsonl");
    let mut command = afcheck();
    command.args(["verify", arg(&file), "--out", arg(&out), "--jobs", "2"]).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    wait_for_lines(&mut child, &out, 5);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    let done = results(&fs::read_to_string(&out).unwrap());
    assert!((5..RECORDS).contains(&done.len()), "{} records were judged", done.len());
    assert!(done.iter().all(|r| verdict(r) == "accepted replay"), "no record suffers from the signal");
    assert_eq!(verify(&file, &["--out", arg(&out), "--resume", "--quiet"]).code, Some(0));
    assert_eq!(results(&fs::read_to_string(&out).unwrap()).len(), RECORDS);
}

#[test]
fn results_that_are_there_are_kept_unless_told_otherwise() {
    let directory = common::directory();
    let (file, other) = (two_records(directory.path()), many_records(directory.path(), "other.jsonl", 3));
    let out = directory.path().join("results.jsonl");
    assert_eq!(verify(&file, &["--out", arg(&out)]).code, Some(0));
    let written = fs::read(&out).unwrap();
    refused(&verify(&file, &["--out", arg(&out)]), 2, &["already holds results", "resume"]);
    refused(&verify(&other, &["--out", arg(&out), "--resume"]), 2, &["another input"]);
    refused(&verify(&other, &["--out", arg(&file), "--resume"]), 2, &["not a result of afcheck"]);
    refused(&verify(&other, &["--out", arg(&out), "--resume", "--overwrite"]), 2, &["--overwrite"]);
    assert_eq!(fs::read(&out).unwrap(), written, "nothing was changed");
    assert_eq!(verify(&other, &["--out", arg(&out), "--overwrite"]).code, Some(0));
    assert_eq!(results(&fs::read_to_string(&out).unwrap()).len(), 3);
}

#[test]
fn the_acceptance_rate_decides_the_exit_code_if_asked() {
    let directory = common::directory();
    let file = two_records(directory.path());
    assert_eq!(verify(&file, &[]).code, Some(0), "a rejected record is a result, not a failure");
    assert_eq!(verify(&file, &["--fail-under", "0.5"]).code, Some(0));
    refused(&verify(&file, &["--fail-under", "0.51"]), 1, &["0.5000", "1 of 2", "0.51"]);
    let out = directory.path().join("results.jsonl");
    assert_eq!(verify(&file, &["--out", arg(&out)]).code, Some(0));
    // Over a resumed run the earlier results count.
    assert_eq!(verify(&file, &["--out", arg(&out), "--resume", "--fail-under", "0.5"]).code, Some(0));
    assert_eq!(verify(&file, &["--out", arg(&out), "--resume", "--fail-under", "0.6"]).code, Some(1));
    let undecided = write(directory.path(), "none.jsonl", lines(&records(&["#eval 1"])));
    assert_eq!(verify(&undecided, &["--fail-under", "0.1"]).code, Some(1), "nothing decided is no success");
}

#[test]
fn a_flag_overrides_the_environment_which_overrides_the_file() {
    let directory = common::directory();
    let file = two_records(directory.path());
    let config = write(
        directory.path(),
        "settings.toml",
        "[verify]\njobs = 3\nheartbeats = 111\nwall-clock = \"7s\"\nmemory = \"300MiB\"\nmode = \"proof\"\n\
         permit-axioms = [\"mine\"]\nheader = \"open Nat\"\n",
    );
    let show = |flags: &[&str], environment: &[(&str, &str)], config: Option<&Path>| {
        let mut command = bare();
        command.args(["verify", arg(&file), "--show-settings"]).args(flags).envs(environment.iter().copied());
        if let Some(config) = config {
            command.args(["--config", arg(config)]);
        }
        let ended = end(&mut command, b"");
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.stdout
    };
    let environment = [("AFCHECK_HEARTBEATS", "222"), ("AFCHECK_JOBS", "4")];
    assert!(show(&[], &[], None).contains("heartbeats = 200000 thousand"));
    let from_file = show(&[], &[], Some(&config));
    for line in
        ["heartbeats = 111 thousand", "jobs = 3", "wall-clock = 7s", "mode = proof", "header = \"open Nat\"", "mine"]
    {
        assert!(from_file.contains(line), "{line} in {from_file}");
    }
    let from_environment = show(&[], &environment, Some(&config));
    for line in ["heartbeats = 222 thousand", "jobs = 4", "wall-clock = 7s"] {
        assert!(from_environment.contains(line), "{line} in {from_environment}");
    }
    let from_flags = show(&["--heartbeats", "333", "--permit-axiom", "yours"], &environment, Some(&config));
    for line in ["heartbeats = 333 thousand", "jobs = 4", "mine", "yours"] {
        assert!(from_flags.contains(line), "{line} in {from_flags}");
    }
    // A file in the working directory is found; one named by the environment is preferred to it.
    write(directory.path(), "afcheck.toml", "[verify]\nheartbeats = 444\n");
    let mut here = bare();
    here.current_dir(directory.path()).args(["verify", "two.jsonl", "--show-settings"]);
    assert!(end(&mut here, b"").stdout.contains("heartbeats = 444 thousand"));
    assert!(end(here.env("AFCHECK_CONFIG", &config), b"").stdout.contains("heartbeats = 111 thousand"));
}

#[test]
fn mistakes_in_the_settings_file_are_named() {
    let directory = common::directory();
    let file = two_records(directory.path());
    let with = |text: &str| {
        let config = write(directory.path(), "settings.toml", text);
        verify(&file, &["--config", arg(&config)])
    };
    refused(&with("[verify]\nwallclock = \"3s\"\n"), 2, &["settings.toml", "line 2", "wallclock", "wall-clock"]);
    refused(&with("[verify]\njobs = \"two\"\n"), 2, &["settings.toml", "line 2"]);
    refused(&with("[verify"), 2, &["settings.toml", "line 1"]);
    refused(&verify(&file, &["--config", "/no/such.toml"]), 2, &["/no/such.toml"]);
    let default = run(&["config"]);
    assert_eq!(default.code, Some(0));
    let config = write(directory.path(), "default.toml", default.stdout);
    assert_eq!(verify(&file, &["--config", arg(&config)]).code, Some(0));
}

#[test]
fn without_lean_the_exit_code_is_3_and_the_remedy_is_named() {
    let directory = common::directory();
    let file = two_records(directory.path());
    let cache = directory.path().join("cache");
    let without = |args: &[&str]| end(bare().args(args).args(["--cache", arg(&cache)]), b"");
    refused(&without(&["verify", arg(&file), "--offline"]), 3, &["afcheck setup lean", "--package"]);
    refused(&without(&["setup", "lean", "--offline"]), 3, &["--package"]);
    // SHA-512 of "abc", FIPS 180-2 appendix C.1.
    let package = write(directory.path(), "wrong.tgz", "abc");
    refused(
        &without(&["setup", "lean", "--package", arg(&package)]),
        3,
        &["wrong.tgz", "SHA-512", "ddaf35a193617abacc417349ae204131"],
    );
    let absent = directory.path().join("absent.tgz");
    refused(&without(&["setup", "lean", "--package", arg(&absent)]), 3, &["absent.tgz"]);
    // A mistake in the command is found before Lean is missed.
    refused(&without(&["verify", "absent.jsonl", "--offline"]), 2, &["absent.jsonl"]);

    let doctor = without(&["doctor"]);
    assert_eq!(doctor.code, Some(3), "{doctor:?}");
    assert!(doctor.stdout.contains("not ready") && doctor.stdout.contains("afcheck setup lean"), "{doctor:?}");
    let json: Value = serde_json::from_str(&without(&["doctor", "--json"]).stdout).unwrap();
    assert_eq!(json["lean"]["ready"], false);
    assert!(!json["problems"].as_array().unwrap().is_empty());

    let unusable = end(bare().args(["setup", "lean", "--offline", "--cache", "/dev/null/cache"]), b"");
    refused(&unusable, 3, &["/dev/null/cache"]);
}

#[test]
fn doctor_finds_nothing_wrong_with_a_set_up_lean() {
    let doctor = run(&["doctor"]);
    assert_eq!(doctor.code, Some(0), "{doctor:?}");
    assert!(doctor.stdout.contains("ready") && !doctor.stdout.contains("problem"), "{doctor:?}");
    let doctor = run(&["doctor", "--json"]);
    let json: Value = serde_json::from_str(&doctor.stdout).unwrap();
    assert_eq!((doctor.code, &json["lean"]["ready"], &json["problems"]), (Some(0), &json!(true), &json!([])));
    assert!(json["lean"]["commit"].as_str().is_some_and(|c| !c.is_empty()));
}

#[test]
fn every_format_says_the_same() {
    let directory = common::directory();
    let file = write(directory.path(), "three.jsonl", lines(&records(&[HONEST, FALSE, "#eval 1"])));
    let with = |format: &str| {
        let ended = verify(&file, &["--format", format, "--color", "never"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(!ended.stdout.contains('\u{1b}') && !ended.stderr.contains('\u{1b}'), "no colours: {ended:?}");
        ended
    };
    let verdicts: Vec<String> = with("jsonl").results().iter().map(verdict).collect();
    assert_eq!(verdicts, ["accepted replay", "rejected proof/tactic_failed", "undecided unsupported"]);
    let human = with("human");
    for part in ["✓ r0", "✗ r1", "proof/tactic_failed", "? r2", "unsupported"] {
        assert!(human.stdout.contains(part), "{part} in {}", human.stdout);
    }
    assert_eq!(human.stdout.lines().count(), 3);
    assert!(!human.stderr.is_empty(), "the summary is on standard error");
    let junit = with("junit").stdout;
    for part in ["<?xml", "tests=\"3\"", "failures=\"1\"", "errors=\"1\"", "tactic_failed", "</testsuites>"] {
        assert!(junit.contains(part), "{part} in {junit}");
    }
    let markdown = with("markdown").stdout;
    assert!(markdown.contains('|') && markdown.contains("tactic_failed"), "{markdown}");
    let quiet = verify(&file, &["--quiet"]);
    assert_eq!((quiet.stdout.lines().count(), quiet.stderr.as_str()), (3, ""));

    let out = directory.path().join("results.jsonl");
    let silent = verify(&file, &["--out", arg(&out)]);
    assert_eq!((silent.code, silent.stdout.as_str()), (Some(0), ""), "with --out nothing goes to standard output");
    let both = verify(&file, &["--out", arg(&out), "--overwrite", "--format", "jsonl"]);
    let (printed, written) = (both.results(), results(&fs::read_to_string(&out).unwrap()));
    assert_eq!(printed, written);
}

#[test]
fn inputs_of_every_kind() {
    let directory = common::directory();
    let text = lines(&records(&[HONEST, FALSE]));
    let array = format!("[{}]", text.trim().replace('\n', ","));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(text.as_bytes(), 1).unwrap();
    let expected = ["accepted replay", "rejected proof/tactic_failed"];
    let check = |ended: Ended, what: &str| {
        let verdicts: Vec<String> = ended.results().iter().map(verdict).collect();
        assert_eq!(verdicts, expected, "{what}");
    };
    for (name, contents) in [
        ("plain.jsonl", text.as_bytes()),
        ("array.json", array.as_bytes()),
        ("packed.jsonl.gz", &gzip),
        ("packed.jsonl.zst", &zstd),
    ] {
        check(verify(&write(directory.path(), name, contents), &["--format", "jsonl"]), name);
        let piped = end(afcheck().args(["verify", "-", "--format", "jsonl"]), contents);
        check(piped, &format!("{name} on standard input"));
    }
    let cut = &gzip[..gzip.len() / 2];
    let ended = verify(&write(directory.path(), "cut.jsonl.gz", cut), &["--format", "jsonl"]);
    refused(&ended, 2, &["cut.jsonl.gz"]);
    let fields = lines(&[json!({"key": "a", "answer": {"text": HONEST}})]);
    let args = ["--format", "jsonl", "--field", "code=answer.text", "--field", "id=key"];
    let ended = verify(&write(directory.path(), "fields.jsonl", fields), &args);
    assert_eq!(ended.results()[0]["id"], "a");
    assert_eq!(verdict(&ended.results()[0]), "accepted replay");
}

#[test]
fn help_has_examples_and_completions_know_the_commands() {
    for args in [vec!["verify", "--help"], vec!["setup", "lean", "--help"]] {
        let help = end(bare().args(&args), b"");
        assert_eq!(help.code, Some(0));
        assert!(help.stdout.contains("Examples:\n  afcheck "), "{args:?}: {}", help.stdout);
    }
    for args in [vec!["--help"], vec!["doctor", "--help"], vec!["config", "--help"], vec!["--version"]] {
        assert_eq!(end(bare().args(&args), b"").code, Some(0), "{args:?}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = end(bare().args(["completions", shell]), b"");
        assert_eq!(script.code, Some(0));
        assert!(script.stdout.contains("verify") && script.stdout.contains("doctor"), "{shell}");
    }
}
