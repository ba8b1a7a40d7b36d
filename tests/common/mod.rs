//! Runs the real binary: records in, results out. Owns the once-per-machine set-up of Lean and the reading of results;
//! what they should say is each test's business.

#![allow(dead_code, reason = "every test file uses a part of this module")]

use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;

/// Heartbeats (in thousands) that are enough for every honest text of the tests and few enough for bombs.
pub const BUDGET: &str = "20000";

/// A record that any engine accepts.
pub const HONEST: &str = "theorem honest (a b : Nat) : a + b = b + a := by omega\n";

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// The JSON lines on standard output, by index.
    pub fn results(&self) -> Vec<Value> {
        assert_eq!(self.code, Some(0), "{self:?}");
        results(&self.stdout)
    }
}

/// The binary, knowing no setting but the cache directory. Kept results are not used: tests are about Lean, and one that
/// passed because another version once passed would show nothing. `tests/cache.rs` takes the variable away.
pub fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afcheck"));
    for (name, _) in std::env::vars() {
        if name.starts_with("AFCHECK_") && name != "AFCHECK_CACHE" {
            command.env_remove(name);
        }
    }
    command.env("AFCHECK_NO_CACHE", "1");
    command.current_dir(std::env::temp_dir());
    command
}

/// The binary with Lean set up: the first caller waits for it, so that no run of a test does.
pub fn afcheck() -> Command {
    static SET_UP: Once = Once::new();
    SET_UP.call_once(|| {
        let done = bare().args(["setup", "lean"]).stdout(Stdio::null()).status().expect("the binary starts");
        assert!(done.success(), "Lean cannot be set up: {done}");
    });
    bare()
}

/// Runs a command to its end.
pub fn end(command: &mut Command, stdin: &[u8]) -> Ended {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut input = child.stdin.take().expect("a pipe");
    let stdin = stdin.to_vec();
    // Whoever does not read its input closes the pipe.
    let writer = std::thread::spawn(move || drop(input.write_all(&stdin)));
    let output = child.wait_with_output().expect("the binary ends");
    writer.join().expect("the writer does not panic");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Runs the binary without input.
pub fn run(args: &[&str]) -> Ended {
    end(afcheck().args(args), b"")
}

/// Records as JSON lines.
pub fn lines(records: &[Value]) -> String {
    records.iter().map(|r| format!("{r}\n")).collect()
}

/// Records of these codes, with their number as id.
pub fn records(codes: &[&str]) -> Vec<Value> {
    codes.iter().enumerate().map(|(i, code)| json!({"id": format!("r{i}"), "code": code})).collect()
}

/// Judges records one after the other in one process; one result per record, in order.
pub fn judge(records: &[Value], args: &[&str]) -> Vec<Value> {
    let mut command = afcheck();
    command.args(["verify", "-", "--format", "jsonl", "--quiet"]);
    if !args.contains(&"--jobs") {
        command.args(["--jobs", "1"]);
    }
    if !args.contains(&"--heartbeats") {
        command.args(["--heartbeats", BUDGET]);
    }
    let ended = end(command.args(args), lines(records).as_bytes());
    let results = ended.results();
    assert_eq!(results.len(), records.len(), "{ended:?}");
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    results
}

/// Judges one text.
pub fn judge_one(code: &str, args: &[&str]) -> Value {
    judge(&records(&[code]), args).remove(0)
}

/// Results by index.
pub fn results(text: &str) -> Vec<Value> {
    let mut results: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).expect("a result is JSON")).collect();
    results.sort_by_key(|r| r["index"].as_u64());
    results
}

/// `accepted axioms`, `rejected proof/tactic_failed` or `undecided heartbeats`.
pub fn verdict(result: &Value) -> String {
    let text = |key: &str| result[key].as_str().unwrap_or("null").to_owned();
    match text("verdict").as_str() {
        "accepted" => format!("accepted {}", text("level")),
        "rejected" => format!("rejected {}/{}", text("stage"), text("reason")),
        other => format!("{other} {}", text("reason")),
    }
}

/// `line:column` and the first line of every error.
pub fn errors(result: &Value) -> Vec<(u64, u64, String)> {
    let messages = result["messages"].as_array().expect("messages");
    let errors = messages.iter().filter(|m| m["severity"] == "error");
    let text = |m: &Value| m["text"].as_str().unwrap_or("").lines().next().unwrap_or("").to_owned();
    errors.map(|m| (m["line"].as_u64().unwrap(), m["column"].as_u64().unwrap(), text(m))).collect()
}

/// Everything of a result but how long it took.
pub fn without_time(result: &Value) -> Value {
    let mut result = result.clone();
    result.as_object_mut().expect("an object").remove("wall_ms").expect("every result has it");
    result
}

/// A directory of one test, deleted with it.
pub fn directory() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

/// Writes a file and gives its path.
pub fn write(directory: &Path, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
    let path = directory.join(name);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
    std::fs::write(&path, contents).expect("room for a file");
    path
}

/// A path as an argument.
pub fn arg(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

/// Waits until a file has `count` lines. Gives up if the child has ended, or after a minute.
pub fn wait_for_lines(child: &mut Child, path: &Path, count: usize) {
    for _ in 0..12_000 {
        let lines = std::fs::read(path).map_or(0, |t| t.iter().filter(|b| **b == b'\n').count());
        if lines >= count || child.try_wait().expect("a child").is_some() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}
