//! `afcheck repl` through the real binary: the protocol of leanprover-community/repl, with its own examples among others.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{afcheck, directory, end};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};

struct Repl {
    child: Child,
    to: ChildStdin,
    from: BufReader<std::process::ChildStdout>,
}

impl Repl {
    fn start(args: &[&str]) -> Repl {
        let mut command = afcheck();
        let mut child =
            command.arg("repl").args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Repl { child, to, from }
    }

    fn raw(&mut self, text: &str) -> Value {
        self.to.write_all(text.as_bytes()).and_then(|()| self.to.flush()).expect("it reads");
        let mut answer = String::new();
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).expect("a line") > 0, "it ended instead of answering {text}");
            if line.trim().is_empty() {
                return serde_json::from_str(&answer).expect("JSON");
            }
            answer += &line;
        }
    }

    fn ask(&mut self, message: Value) -> Value {
        self.raw(&format!("{message}\n\n"))
    }
}

impl Drop for Repl {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn environments_go_on_from_one_another_and_stay_what_they_are() {
    let mut repl = Repl::start(&[]);
    assert_eq!(repl.ask(json!({"cmd": "def f := 2"})), json!({"env": 0}));
    assert_eq!(repl.ask(json!({"cmd": "example : f = 2 := rfl", "env": 0})), json!({"env": 1}));
    let unknown = repl.ask(json!({"cmd": "#check f"}));
    assert_eq!(unknown["messages"][0]["severity"], "error", "nothing of another environment is there: {unknown}");
    assert_eq!(unknown["messages"][0]["pos"], json!({"line": 1, "column": 7}));
    assert_eq!(unknown["env"], 2);
    let twice = repl.ask(json!({"cmd": "def f := 3", "env": 0}));
    assert!(twice["messages"][0]["data"].as_str().unwrap().contains("already been declared"), "{twice}");
    assert_eq!(repl.ask(json!({"cmd": "def g := 3", "env": 0}))["env"], 4);
    assert_eq!(repl.ask(json!({"cmd": "example : f + g = 5 := rfl", "env": 4})), json!({"env": 5}));
    let lines = repl.ask(json!({"cmd": "\r\n#check f\r\n\r\n-- ∀ 𝔸\r\n  #check nope", "env": 0}));
    assert_eq!(lines["messages"][0]["data"], "f : Nat");
    assert_eq!(lines["messages"][1]["pos"], json!({"line": 5, "column": 9}), "{lines}");
    assert_eq!(repl.ask(json!({"cmd": "x", "env": 99})), json!({"message": "Unknown environment."}));
    let imported = repl.ask(json!({"cmd": "import Init", "env": 0}));
    assert!(imported["message"].as_str().unwrap().contains("import"), "{imported}");
}

#[test]
fn sorries_have_goals_and_can_be_filled_by_tactics() {
    let mut repl = Repl::start(&[]);
    let found = repl.ask(
        json!({"cmd": "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  have h : 1 = 1 := sorry\n  sorry"}),
    );
    assert_eq!(found["sorries"].as_array().unwrap().len(), 2, "{found}");
    assert_eq!(found["sorries"][0]["goal"], "p q : Prop\nhp : p\nhq : q\n⊢ 1 = 1");
    assert_eq!(found["sorries"][1]["goal"], "p q : Prop\nhp : p\nhq : q\nh : 1 = 1\n⊢ p ∧ q");
    assert_eq!(found["sorries"][1]["pos"], json!({"line": 3, "column": 2}));
    let (term, tactic) = (found["sorries"][0]["proofState"].clone(), found["sorries"][1]["proofState"].clone());
    // A term's place is filled by tactics too.
    let done = repl.ask(json!({"tactic": "rfl", "proofState": term}));
    assert_eq!((&done["goals"], &done["proofStatus"]), (&json!([]), &json!("Completed")), "{done}");
    let split = repl.ask(json!({"tactic": "constructor", "proofState": tactic}));
    assert_eq!(split["goals"].as_array().unwrap().len(), 2, "{split}");
    assert!(split["goals"][1].as_str().unwrap().ends_with("⊢ q"), "{split}");
    let left = repl.ask(json!({"tactic": "exact hp", "proofState": split["proofState"]}));
    assert_eq!(left["goals"].as_array().unwrap().len(), 1, "{left}");
    let wrong = repl.ask(json!({"tactic": "exact hp", "proofState": left["proofState"]}));
    assert!(wrong["message"].as_str().unwrap().starts_with("Lean error:\n"), "{wrong}");
    let nonsense = repl.ask(json!({"tactic": "no such tactic", "proofState": left["proofState"]}));
    assert!(nonsense["message"].as_str().unwrap().starts_with("Lean error:\n"), "{nonsense}");
    // States stay what they are, whatever was tried from them.
    let done = repl.ask(json!({"tactic": "first\n  | exact hp\n  | exact hq", "proofState": left["proofState"]}));
    assert_eq!((&done["goals"], &done["proofStatus"]), (&json!([]), &json!("Completed")), "{done}");
    let open = repl.ask(json!({"tactic": "have k : 2 = 2 := by sorry", "proofState": left["proofState"]}));
    assert_eq!(open["sorries"][0]["goal"].as_str().unwrap().lines().last(), Some("⊢ 2 = 2"), "{open}");
    assert_eq!(open["proofStatus"], "Incomplete: open goals remain");
    let over = repl.ask(json!({"tactic": "rfl", "proofState": done["proofState"]}));
    assert!(over["message"].as_str().unwrap().contains("no goals"), "{over}");
    assert_eq!(repl.ask(json!({"tactic": "rfl", "proofState": 99})), json!({"message": "Unknown proof state."}));
}

#[test]
fn tactics_are_listed_with_their_goals() {
    let mut repl = Repl::start(&[]);
    let found = repl.ask(json!({"cmd": "example (p : Prop) : p → p := by\n  intro h\n  exact h", "allTactics": true}));
    let tactics = found["tactics"].as_array().expect("tactics");
    let written: Vec<&str> = tactics.iter().map(|tactic| tactic["tactic"].as_str().unwrap()).collect();
    assert_eq!(written, ["intro h", "exact h"], "{found}");
    assert_eq!(tactics[1]["goals"], "p : Prop\nh : p\n⊢ p");
    let other = repl.ask(json!({"tactic": "assumption", "proofState": tactics[1]["proofState"]}));
    assert_eq!(other["goals"], json!([]), "{other}");
}

#[test]
fn files_and_pickles_are_read_and_written() {
    let home = directory();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("a.lean"), "def a := 1\ntheorem t : a = 1 := by sorry\n").unwrap();
    let (environment, state) = (path("environment"), path("state"));
    let mut repl = Repl::start(&[]);
    let found = repl.ask(json!({"path": path("a.lean")}));
    assert_eq!(found["sorries"][0]["goal"], "⊢ a = 1");
    assert_eq!(repl.ask(json!({"pickleTo": environment, "env": found["env"]})), json!({"env": found["env"]}));
    let place = &found["sorries"][0]["proofState"];
    assert_eq!(repl.ask(json!({"pickleTo": state, "proofState": place})), json!({"proofState": place}));
    let mut other = Repl::start(&[]);
    let env = other.ask(json!({"unpickleEnvFrom": environment}))["env"].clone();
    assert!(other.ask(json!({"cmd": "example : a = 1 := rfl", "env": env})).get("messages").is_none());
    let place = other.ask(json!({"unpickleProofStateFrom": state}));
    assert_eq!(place["goals"], json!(["⊢ a = 1"]));
    let done = other.ask(json!({"tactic": "rfl", "proofState": place["proofState"]}));
    assert_eq!(done["proofStatus"], "Completed", "{done}");
    for wrong in [
        json!({"path": path("none.lean")}),
        json!({"unpickleEnvFrom": state}),
        json!({"unpickleEnvFrom": path("a.lean")}),
    ] {
        assert!(other.ask(wrong)["message"].is_string());
    }
}

#[test]
fn no_message_ends_the_loop() {
    let mut repl = Repl::start(&["--heartbeats", "20000"]);
    for broken in ["not json\n\n", "{\"cmd\": \"def\n\n", "[1, 2]\n\n", "{}\n\n", "\u{0}\n\n", "{\"cmd\": 7}\n\n"] {
        assert!(repl.raw(broken)["message"].as_str().unwrap().starts_with("Could not parse"), "{broken}");
    }
    let bomb = repl.ask(json!({"cmd": "theorem t : (List.range 100000).foldl (· + ·) 0 = 0 := by decide"}));
    let is_told =
        bomb["message"].as_str().is_some_and(|text| text.contains("heartbeats")) || bomb["messages"].is_array();
    assert!(is_told, "{bomb}");
    let deep = format!("theorem t : {}True{} := trivial", "(".repeat(20_000), ")".repeat(20_000));
    let _ = repl.ask(json!({"cmd": deep}));
    let pretty = repl.raw("{\n  \"cmd\":\n  \"example : 1 = 1 := rfl\"\n}\n\n");
    assert!(pretty["env"].is_u64() && pretty.get("messages").is_none(), "{pretty}");
    let ended = end(afcheck().arg("repl"), b"{\"cmd\": \"example : 1 = 1 := rfl\"}\n");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "{\"env\":0}\n\n"), "the last blank line may be missing");
}

#[test]
fn what_is_brought_back_is_constants_and_scopes() {
    let home = directory();
    let file = home.path().join("pickle").to_str().unwrap().to_owned();
    let mut repl = Repl::start(&["--heartbeats", "20000"]);
    let text = "namespace A\nopen Nat\nset_option pp.all true\nvariable (k : Nat)\n@[simp] theorem t : 1 + 1 = 2 := rfl\n\
                axiom magic : False\ntheorem u : 1 = 2 := magic.elim\nmacro \"#print\" : command => `(#check Nat)\n\
                notation \"two\" => 2";
    let env = repl.ask(json!({"cmd": text}))["env"].clone();
    assert_eq!(repl.ask(json!({"cmd": "#check two", "env": env}))["messages"][0]["severity"], "info");
    repl.ask(json!({"pickleTo": file, "env": env}));
    let back = repl.ask(json!({"unpickleEnvFrom": file}))["env"].clone();
    let ask = |repl: &mut Repl, text: &str| repl.ask(json!({"cmd": text, "env": back}))["messages"][0].clone();
    assert_eq!(ask(&mut repl, "#check two")["severity"], "error", "notations are gone");
    assert_eq!(
        ask(&mut repl, "#print axioms _root_.A.u")["data"],
        "'A.u' depends on axioms: [magic]".replace("magic", "A.magic")
    );
    assert_eq!(
        ask(&mut repl, "#print axioms t")["data"],
        "'A.t' does not depend on any axioms",
        "the namespace is open"
    );
    assert!(ask(&mut repl, "#check k")["data"].as_str().unwrap().contains("Nat"), "and the variable is there");
    assert!(ask(&mut repl, "#check @t")["data"].as_str().unwrap().contains("@Eq"), "and the option is set");
    // Once more, from what was brought back.
    let further = repl.ask(json!({"cmd": "theorem w : 2 = 2 := rfl", "env": back}))["env"].clone();
    repl.ask(json!({"pickleTo": file, "env": further}));
    let again = repl.ask(json!({"unpickleEnvFrom": file}))["env"].clone();
    let both = repl.ask(json!({"cmd": "#check @A.t\n#check @A.w", "env": again}));
    assert!(both["messages"].as_array().unwrap().iter().all(|m| m["severity"] == "info"), "{both}");
    // Theorems of the library are no axioms here.
    let omega = repl.ask(json!({"cmd": "theorem o (a b : Nat) : a + b = b + a := by omega\n#print axioms o"}));
    assert_eq!(omega["messages"][0]["data"], "'o' does not depend on any axioms");
    let eval = repl.ask(json!({"cmd": "#eval 1"}));
    assert!(eval["messages"].to_string().contains("afcheck: `#eval`"), "{eval}");
}
