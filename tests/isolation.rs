//! Texts that try to reach the machine: files, processes, the environment, clocks, the network. None gets there, none is
//! accepted, and the record after each is judged as if nothing had been tried.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{HONEST, arg, judge, records, verdict, without_time};
use serde_json::Value;
use std::fs;

const THEOREM: &str = "\ntheorem after : 1 + 1 = 2 := rfl\n";

/// Judges each text with an honest record after it; gives the results of the texts.
fn judge_between_honest_ones(texts: &[String], args: &[&str]) -> Vec<Value> {
    let codes: Vec<&str> = texts.iter().flat_map(|t| [t.as_str(), HONEST]).collect();
    let results = judge(&records(&codes), args);
    let honest = without_time(&judge(&records(&[HONEST]), args)[0]);
    for pair in results.chunks(2) {
        for key in ["verdict", "level", "messages", "axioms", "declarations", "heartbeats"] {
            assert_eq!(pair[1][key], honest[key], "{key} of the honest record after {}", pair[0]);
        }
    }
    results.into_iter().step_by(2).collect()
}

#[test]
fn no_file_is_read_written_or_removed() {
    const SECRET: &str = "canary 5f1c0a77";
    let directory = common::directory();
    let canary = common::write(directory.path(), "canary", SECRET);
    let made = |name: &str| directory.path().join(name);
    let at = |name: &str| format!("{:?}", arg(&made(name)));
    let (canary_path, root) = (at("canary"), format!("{:?}", arg(directory.path())));
    let attempts = [
        format!("#eval IO.FS.readFile {canary_path}"),
        "#eval IO.FS.readFile \"/etc/passwd\"".to_owned(),
        format!("#eval (do let entries ← System.FilePath.readDir {root}; return entries.size : IO Nat)"),
        format!("#eval IO.FS.writeFile {canary_path} \"overwritten\""),
        format!("#eval IO.FS.writeFile {} \"new\"", at("new")),
        format!("#eval IO.FS.removeFile {canary_path}"),
        format!("#eval IO.FS.rename {canary_path} {}", at("renamed")),
        format!("#eval IO.FS.createDir {}", at("directory")),
        format!("#eval IO.FS.createDirAll {}", at("deep/directory")),
        format!("#eval IO.FS.removeDirAll {root}"),
        format!("#eval (do let h ← IO.FS.Handle.mk {canary_path} .read; h.getLine : IO String)"),
        format!("#eval (do let h ← IO.FS.Handle.mk {} .write; h.putStr \"x\" : IO Unit)", at("handle")),
        format!("def text : String := include_str {canary_path}\n#print text"),
        "def text : String := include_str \"/etc/passwd\"\n#print text".to_owned(),
        format!("import Lean\nrun_cmd Lean.Elab.Command.liftIO (IO.FS.writeFile {} \"x\")", at("run_cmd")),
        format!("import Lean\ninitialize IO.FS.writeFile {} \"x\"", at("initialize")),
    ];
    let texts: Vec<String> = attempts.iter().map(|t| t.clone() + THEOREM).collect();
    for (text, result) in texts.iter().zip(judge_between_honest_ones(&texts, &[])) {
        assert_ne!(result["verdict"], "accepted", "{text}");
        if text.contains("#eval") || text.contains("run_cmd") {
            // The attempt was made, and refused.
            assert!(result["messages"].to_string().contains("permission denied"), "{text}: {result}");
        }
        let all = result.to_string();
        assert!(!all.contains(SECRET) && !all.contains("root:x:0"), "{text}: {all}");
        // The path is the text's own; what is in it is not.
        assert!(!result["messages"].to_string().contains("canary 5f"), "{text}");
    }
    assert_eq!(fs::read_to_string(&canary).expect("the canary is still there"), SECRET);
    let left: Vec<_> = fs::read_dir(directory.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["canary"]);
}

#[test]
fn no_process_is_started_and_none_is_ended() {
    let directory = common::directory();
    let touched = directory.path().join("touched");
    let touch = format!("{{ cmd := \"touch\", args := #[{:?}] }}", arg(&touched));
    let texts = [
        format!("#eval (do let c ← IO.Process.spawn {touch}; discard c.wait : IO Unit)"),
        format!("#eval IO.Process.output {touch}"),
        format!("#eval IO.Process.run {touch}"),
        "#eval (IO.Process.exit 0 : IO Unit)".to_owned(),
        "#eval (IO.Process.exit 7 : IO Unit)".to_owned(),
        "#eval (IO.Process.forceExit 0 : IO Unit)".to_owned(),
        "#eval (panic! \"stop\" : Nat)".to_owned(),
        "#eval (unreachable! : Nat)".to_owned(),
    ];
    let texts: Vec<String> = texts.iter().map(|t| t.clone() + THEOREM).collect();
    for (text, result) in texts.iter().zip(judge_between_honest_ones(&texts, &[])) {
        assert_ne!(result["verdict"], "accepted", "{text}");
    }
    assert!(!touched.exists());
}

/// The information a text prints is a constant: it can tell neither machines nor moments apart.
#[test]
fn the_machine_and_the_moment_cannot_be_told() {
    let texts: Vec<String> = [
        "#eval IO.getEnv \"HOME\"",
        "#eval IO.getEnv \"AFCHECK_CACHE\"",
        "#eval IO.getEnv \"AFCHECK_CANARY\"",
        "#eval IO.appPath",
        "#eval IO.currentDir",
        "#eval IO.monoMsNow",
        "#eval IO.monoNanosNow",
        "#eval IO.getRandomBytes 16",
        "#eval IO.rand 0 1000000000",
        "#eval IO.Process.getPID",
        "#eval (do let i ← IO.getStdin; i.getLine : IO String)",
    ]
    .iter()
    .map(|t| (*t).to_owned())
    .collect();
    let run = |canary: &str| {
        let codes: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut command = common::afcheck();
        command.env("AFCHECK_CANARY", canary).current_dir(env!("CARGO_MANIFEST_DIR"));
        command.args(["verify", "-", "--format", "jsonl", "--jobs", "1", "--heartbeats", common::BUDGET]);
        common::end(&mut command, common::lines(&records(&codes)).as_bytes()).results()
    };
    let (one, two) = (run("one-7d21"), run("two-7d21"));
    for ((text, a), b) in texts.iter().zip(&one).zip(&two) {
        assert_ne!(a["verdict"], "accepted", "{text}");
        assert_eq!(without_time(a), without_time(b), "{text}");
        let all = format!("{} {}", a["messages"], a["detail"]);
        let home = std::env::var("HOME").unwrap_or_else(|_| "/root".into());
        for secret in ["7d21", env!("CARGO_MANIFEST_DIR"), &home] {
            assert!(!all.contains(secret) || text.contains(secret), "{text} knows {secret}: {all}");
        }
    }
    assert!(verdict(&one[0]).starts_with("undecided"), "{}", one[0]);
}

#[test]
fn no_socket_is_opened() {
    let texts = [
        "import Std.Internal.Async.TCP\nopen Std.Internal.IO Async\n#eval (do discard TCP.Socket.Client.mk : IO Unit)",
        "import Std.Internal.UV\n#eval (do discard Std.Internal.UV.TCP.Socket.new : IO Unit)",
        "import Std.Internal.UV\n#eval (do discard Std.Internal.UV.UDP.Socket.new : IO Unit)",
        "import Std.Internal.UV\n#eval Std.Internal.UV.System.osHomedir",
        "import Std.Internal.UV\n#eval Std.Internal.UV.System.osGetHostname",
    ];
    let texts: Vec<String> = texts.iter().map(|t| (*t).to_owned() + THEOREM).collect();
    for (text, result) in texts.iter().zip(judge_between_honest_ones(&texts, &[])) {
        // The attempt reached the runtime, which was built without a network.
        assert_eq!(verdict(&result), "undecided engine_crash", "{text}: {result}");
    }
}

#[test]
fn endless_output_and_sleep_end_by_a_budget() {
    let texts = [
        "partial def talk (n : Nat) : IO Unit := do IO.println \"again and again\"; talk (n + 1)\n#eval talk 0",
        "partial def shout (n : Nat) : IO Unit := do IO.eprintln \"again and again\"; shout (n + 1)\n#eval shout 0",
        "#eval IO.sleep 100000000",
    ];
    let texts: Vec<String> = texts.iter().map(|t| (*t).to_owned() + THEOREM).collect();
    for result in judge_between_honest_ones(&texts, &["--heartbeats", "500", "--wall-clock", "3s"]) {
        assert_ne!(result["verdict"], "accepted");
        assert!(result.to_string().len() < 200_000, "kept output is bounded");
    }
}
