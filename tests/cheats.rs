//! The corpus of cheats, `tests/cheats/*`: texts that look as if they proved a target. Each must be refused for the
//! reason its `expect.toml` states, and the honest text beside it accepted. See `tests/cheats/README.md`.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{judge, verdict};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Letters of the checks in the table of tricks, and what each holds at least.
const ROWS: [(&str, &str, usize); 6] = [
    ("A", "axioms the proof rests on", 10),
    ("S", "the statement, compared with the target", 20),
    ("K", "the kernel checks every declaration", 8),
    ("B", "isolation and budgets", 8),
    ("V", "the verdict itself", 10),
    ("W", "warnings", 8),
];

/// What `expect.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Expectation {
    trick: String,
    row: String,
    source: String,
    verdict: String,
    stage: Option<String>,
    reason: Option<String>,
    contains: Option<String>,
    #[serde(default)]
    honest_warnings: BTreeSet<String>,
    #[serde(default)]
    warnings: BTreeSet<String>,
    target_name: Option<String>,
    /// The cheat is judged as if there were no target: only warnings can see it.
    #[serde(default)]
    alone: bool,
    /// How the cheat is judged; `proof` if nothing is said.
    mode: Option<String>,
}

#[derive(Debug)]
struct Case {
    name: String,
    expect: Expectation,
    target: String,
    honest: String,
    cheat: String,
}

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn cases() -> Vec<Case> {
    let folders = fs::read_dir(directory("cheats")).expect("the corpus");
    let mut folders: Vec<PathBuf> = folders.map(|f| f.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    folders
        .iter()
        .map(|folder| {
            let read = |file: &str| {
                let path = folder.join(file);
                fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
            };
            Case {
                name: folder.file_name().unwrap().to_string_lossy().into_owned(),
                expect: toml::from_str(&read("expect.toml")).unwrap_or_else(|e| panic!("{}: {e}", folder.display())),
                target: read("target.lean"),
                honest: read("honest.lean"),
                cheat: read("cheat.lean"),
            }
        })
        .collect()
}

/// A case with what was said of its texts.
struct Judged {
    case: Case,
    honest: Value,
    cheat: Value,
    /// For cheats that are judged alone: the same text against the target.
    against: Option<Value>,
}

/// Every case judged once, in one process and one worker: the cheat follows its honest neighbour.
fn judged() -> &'static [Judged] {
    static JUDGED: OnceLock<Vec<Judged>> = OnceLock::new();
    JUDGED.get_or_init(|| {
        let cases = cases();
        let record = |case: &Case, kind: &str, code: &str, alone: bool| {
            let mut record = json!({"id": format!("{}/{kind}", case.name), "code": code});
            if !alone {
                record["target"] = json!(case.target);
            }
            if let (Some(name), false) = (&case.expect.target_name, alone) {
                record["target_name"] = json!(name);
            }
            record
        };
        let (mut proofs, mut statements) = (Vec::new(), Vec::new());
        for case in &cases {
            proofs.push(record(case, "honest", &case.honest, false));
            match case.expect.mode.as_deref() {
                Some("statement") => statements.push(record(case, "cheat", &case.cheat, true)),
                _ => proofs.push(record(case, "cheat", &case.cheat, case.expect.alone)),
            }
            if case.expect.alone {
                proofs.push(record(case, "against", &case.cheat, false));
            }
        }
        let mut results = BTreeMap::new();
        for (records, mode) in [(&proofs, "proof"), (&statements, "statement")] {
            for result in judge(records, &["--mode", mode]) {
                results.insert(result["id"].as_str().expect("an id").to_owned(), result);
            }
        }
        let take =
            |results: &mut BTreeMap<String, Value>, name: &str, kind: &str| results.remove(&format!("{name}/{kind}"));
        cases
            .into_iter()
            .map(|case| Judged {
                honest: take(&mut results, &case.name, "honest").expect("a result"),
                cheat: take(&mut results, &case.name, "cheat").expect("a result"),
                against: take(&mut results, &case.name, "against"),
                case,
            })
            .collect()
    })
}

/// Kinds of the warnings of a result.
fn warnings(result: &Value) -> BTreeSet<String> {
    let kinds = result["warnings"].as_array().into_iter().flatten();
    kinds.filter_map(|w| w["kind"].as_str().map(str::to_owned)).collect()
}

/// All that a result says in words.
fn words(result: &Value) -> String {
    let said = ["detail", "messages", "axioms", "target", "replay"].map(|key| text(&result[key]));
    said.join("\n")
}

/// The strings of a value, as they are and not as JSON writes them.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join("\n"),
        Value::Object(values) => values.values().map(text).collect::<Vec<_>>().join("\n"),
        _ => String::new(),
    }
}

impl Judged {
    fn expected(&self) -> String {
        let expect = &self.case.expect;
        let or_null = |text: &Option<String>| text.clone().unwrap_or_else(|| "null".into());
        match expect.verdict.as_str() {
            "rejected" => format!("rejected {}/{}", or_null(&expect.stage), or_null(&expect.reason)),
            "undecided" => format!("undecided {}", or_null(&expect.reason)),
            _ if expect.alone => "accepted".into(),
            _ => "accepted target".into(),
        }
    }

    /// What is not as it should be.
    fn faults(&self) -> Vec<String> {
        let (expect, mut faults) = (&self.case.expect, Vec::new());
        let got = verdict(&self.cheat);
        // Without a target a cheat is accepted at whatever rung was asked for.
        let matches = got == self.expected() || (expect.alone && self.cheat["verdict"] == self.expected().as_str());
        if !matches {
            faults.push(format!("the cheat should be {} but is {got}: {}", self.expected(), self.cheat));
        }
        if let Some(part) = &expect.contains
            && !words(&self.cheat).contains(part)
        {
            faults.push(format!("nothing said of the cheat contains {part:?}: {}", self.cheat));
        }
        let missing: Vec<_> = expect.warnings.difference(&warnings(&self.cheat)).cloned().collect();
        if !missing.is_empty() {
            faults.push(format!("the cheat is not warned of: {missing:?} in {}", self.cheat["warnings"]));
        }
        if verdict(&self.honest) != "accepted target" {
            faults.push(format!("the honest text should be accepted target but is {}", verdict_in_full(&self.honest)));
        }
        let missing: Vec<_> = expect.honest_warnings.difference(&warnings(&self.honest)).cloned().collect();
        if !missing.is_empty() {
            faults.push(format!("the honest text is not warned of: {missing:?} in {}", self.honest["warnings"]));
        }
        let only_the_cheats = expect.warnings.difference(&expect.honest_warnings).cloned().collect();
        let wrong: Vec<_> = warnings(&self.honest).intersection(&only_the_cheats).cloned().collect();
        if !wrong.is_empty() {
            faults.push(format!("the honest text is warned of: {wrong:?}"));
        }
        if let (Some(against), None) = (&self.against, &expect.mode)
            && verdict(against) != "rejected target/target_mismatch"
        {
            faults.push(format!("against the target the cheat should be refused: {}", verdict_in_full(against)));
        }
        faults
    }
}

fn verdict_in_full(result: &Value) -> String {
    format!("{}: {result}", verdict(result))
}

/// Fails with every fault of the cases of a row.
fn check(row: &str) {
    let of_row = judged().iter().filter(|j| j.case.expect.row == row);
    let faults: Vec<String> =
        of_row.flat_map(|j| j.faults().into_iter().map(|f| format!("{}: {f}", j.case.name))).collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn proofs_on_sand_are_refused_by_the_axioms() {
    check("A");
}

#[test]
fn other_statements_are_refused_by_the_target() {
    check("S");
}

#[test]
fn forgeries_are_refused_by_the_kernel_or_not_run() {
    check("K");
}

#[test]
fn attempts_on_the_machine_and_the_budgets_decide_nothing() {
    check("B");
}

#[test]
fn only_the_target_itself_proved_counts() {
    check("V");
}

#[test]
fn what_only_people_can_judge_is_reported() {
    check("W");
}

#[test]
fn every_honest_neighbour_is_accepted_at_the_target() {
    let refused: Vec<String> = judged()
        .iter()
        .filter(|j| verdict(&j.honest) != "accepted target")
        .map(|j| format!("{}: {}", j.case.name, verdict_in_full(&j.honest)))
        .collect();
    assert!(refused.is_empty(), "{} refused\n{}", refused.len(), refused.join("\n"));
}

#[test]
fn the_corpus_is_complete() {
    let cases = cases();
    assert!(cases.len() >= 60, "{} cheats", cases.len());
    for (row, what, least) in ROWS {
        let count = cases.iter().filter(|c| c.expect.row == row).count();
        assert!(count >= least, "row {row} ({what}) has {count} cheats");
    }
    for case in &cases {
        let (name, expect) = (&case.name, &case.expect);
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{name}");
        assert!(ROWS.iter().any(|(row, ..)| *row == expect.row), "{name}: row {}", expect.row);
        assert!(!expect.trick.is_empty() && !expect.source.is_empty(), "{name}");
        let keys = (expect.stage.is_some(), expect.reason.is_some());
        match expect.verdict.as_str() {
            "rejected" => assert_eq!(keys, (true, true), "{name}: a rejection has a stage and a reason"),
            "undecided" => assert_eq!(keys, (false, true), "{name}: an undecided cheat has a cause"),
            "accepted" => assert_eq!((keys, expect.row.as_str()), ((false, false), "W"), "{name}"),
            other => panic!("{name}: verdict {other}"),
        }
        let warned = !expect.warnings.is_empty();
        assert_eq!(warned, expect.verdict == "accepted", "{name}: warnings go with acceptance");
        let open = case.target.contains("sorry");
        assert!(open, "{name}: the target is an open statement");
        assert!(!case.honest.contains("native_decide"), "{name}: the honest text is honest");
        assert_ne!(case.honest, case.cheat, "{name}");
    }
}

/// A target that does not elaborate would make its cheat undecided for the wrong reason.
#[test]
fn every_target_is_a_statement() {
    let cases = cases();
    let records: Vec<Value> = cases.iter().map(|c| json!({"id": c.name, "code": c.target})).collect();
    for (case, result) in cases.iter().zip(judge(&records, &["--mode", "statement"])) {
        assert_eq!(verdict(&result), "accepted statement", "{}: {result}", case.name);
    }
}

/// `just cheats`: the table, and every file of tests/honest if there are any.
#[test]
#[ignore = "prints the table of cheats; run with `just cheats`"]
fn table() {
    let mut bad = 0;
    println!("{:<30} {:<2} {:<38} {:<38} {:<4} trick", "name", "", "expected", "got", "ok");
    for judged in judged() {
        let faults = judged.faults();
        let got = match judged.case.expect.warnings.is_empty() {
            true => verdict(&judged.cheat),
            false => format!("{} {:?}", verdict(&judged.cheat), warnings(&judged.cheat)),
        };
        let ok = if faults.is_empty() { "yes" } else { "NO" };
        let (name, expect) = (&judged.case.name, &judged.case.expect);
        println!("{name:<30} {:<2} {:<38} {got:<38} {ok:<4} {}", expect.row, judged.expected(), expect.trick);
        for fault in &faults {
            println!("    {}", fault.chars().take(400).collect::<String>());
        }
        bad += faults.len();
    }
    for (row, what, _) in ROWS {
        let of_row: Vec<_> = judged().iter().filter(|j| j.case.expect.row == row).collect();
        let good = of_row.iter().filter(|j| j.faults().is_empty()).count();
        println!("{row}: {good} of {} as expected ({what})", of_row.len());
    }
    let accepted = judged().iter().filter(|j| verdict(&j.honest) == "accepted target").count();
    println!("honest neighbours: {accepted} of {} accepted at the target", judged().len());
    let (files, theorems, refused) = honest_files();
    println!("tests/honest: {files} files, {theorems} proofs, {refused} files refused");
    assert_eq!(bad + refused, 0, "{bad} faults, {refused} honest files refused");
}

/// Files of tests/honest, the proofs in them, and how many files were refused.
fn honest_files() -> (usize, usize, usize) {
    let Ok(entries) = fs::read_dir(directory("honest")) else { return (0, 0, 0) };
    let mut paths: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "lean"));
    paths.sort();
    let texts: Vec<String> = paths.iter().map(|p| fs::read_to_string(p).expect("a text")).collect();
    let records: Vec<Value> =
        paths.iter().zip(&texts).map(|(p, t)| json!({"id": p.file_name().unwrap().to_str(), "code": t})).collect();
    let is_proof = |line: &str| {
        let line = line.trim_start_matches("private ").trim_start_matches("protected ");
        let line = line.rsplit_once("] ").map_or(line, |(_, rest)| rest);
        ["theorem ", "example "].iter().any(|start| line.starts_with(start))
    };
    let theorems = texts.iter().flat_map(|t| t.lines()).filter(|l| is_proof(l)).count();
    let results =
        if records.is_empty() { vec![] } else { judge(&records, &["--mode", "proof", "--heartbeats", "200000"]) };
    let refused: Vec<_> = results.iter().filter(|r| r["verdict"] != "accepted").collect();
    for result in &refused {
        println!("    {}: {}", result["id"], verdict_in_full(result));
    }
    (paths.len(), theorems, refused.len())
}
