//! Texts with code of their own that Lean would run: commands, tactics, elaborators. Whatever that code claims, none is
//! accepted; the verdict says what was not trusted, unless an honest error comes first.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{judge, records, verdict};
use serde_json::Value;

const OPEN: &str = "import Lean\nopen Lean Meta Elab Command Term Tactic\n";
const THEOREM: &str = "\ntheorem after : 1 + 1 = 2 := rfl\n";

fn judge_all(texts: &[String]) -> Vec<Value> {
    judge(&records(&texts.iter().map(String::as_str).collect::<Vec<_>>()), &[])
}

/// Keyword that the verdict names, text.
const RUNS_CODE: [(&str, &str); 28] = [
    ("#eval", "#eval 1 + 1"),
    ("#eval", "open Nat in\n#eval 1 + 1"),
    ("#eval", "section\n#eval 1 + 1\nend"),
    ("#eval!", "#eval! 1 + 1"),
    ("#eval", "/-- info: 2 -/\n#guard_msgs in\n#eval 1 + 1"),
    ("#guard", "#guard 1 + 1 == 2"),
    ("run_cmd", "run_cmd logInfo \"x\""),
    ("run_meta", "run_meta logInfo \"x\""),
    ("run_elab", "run_elab logInfo \"x\""),
    ("elab", "elab \"close_it\" : tactic => do evalTactic (← `(tactic| rfl))"),
    ("elab", "elab \"make_it\" : command => do logInfo \"x\""),
    (
        "elab_rules",
        "syntax \"close_it\" : tactic\nelab_rules : tactic | `(tactic| close_it) => do evalTactic (← `(tactic| rfl))",
    ),
    ("simproc", "simproc two (1 + 1) := fun _ => return .continue"),
    ("simproc", "simproc_decl two (1 + 1) := fun _ => return .continue"),
    ("simproc", "dsimproc two (1 + 1) := fun _ => return .continue"),
    ("initialize", "initialize counter : IO.Ref Nat ← IO.mkRef 0"),
    ("initialize", "builtin_initialize counter : IO.Ref Nat ← IO.mkRef 0"),
    ("@[init]", "@[init] def start : IO Unit := pure ()"),
    ("native_decide", "theorem t : 1 + 1 = 2 := by native_decide"),
    ("native_decide", "theorem t : 1 + 1 = 3 := by native_decide"),
    ("by_elab", "theorem t : True := by_elab return Lean.mkConst ``True.intro"),
    ("run_tac", "theorem t : True := by run_tac evalTactic (← `(tactic| trivial))"),
    ("run_tac", "theorem t : True := by\n  first | run_tac evalTactic (← `(tactic| trivial)) | trivial"),
    ("bv_decide", "theorem t (x y : BitVec 8) : x &&& y = y &&& x := by bv_decide"),
    ("bv_normalize", "theorem t (x : BitVec 8) : x &&& x = x := by bv_normalize"),
    ("run_cmd", "macro \"log_it\" : command => `(run_cmd Lean.logInfo \"x\")\nlog_it"),
    (
        "@[tactic]",
        "syntax (name := closeIt) \"close_it\" : tactic\n@[tactic closeIt] def close : Tactic := fun _ => pure ()",
    ),
    (
        "@[term_elab]",
        "syntax (name := one) \"one!\" : term\n@[term_elab one] def elabOne : TermElab := fun _ _ => return mkNatLit 1",
    ),
];

#[test]
fn text_that_runs_code_is_undecided_and_the_code_is_named() {
    let texts: Vec<String> =
        RUNS_CODE.iter().map(|(_, t)| format!("import Std.Tactic.BVDecide\n{OPEN}{t}{THEOREM}")).collect();
    for ((keyword, text), result) in RUNS_CODE.iter().zip(judge_all(&texts)) {
        assert_eq!(verdict(&result), "undecided unsupported", "{text}: {result}");
        let detail = result["detail"].as_str().unwrap();
        assert!(detail.starts_with(&format!("`{keyword}` in line ")), "{text}: {detail}");
    }
}

/// A proof that exists only because the text's own code said so.
#[test]
fn theorems_that_need_the_texts_own_elaborator_are_never_accepted() {
    let unchecked = "match (← getEnv).addDeclCore 0 (.thmDecl { name := `bad, levelParams := [], \
                     type := Lean.mkConst ``False, value := Lean.mkConst ``True.intro }) none (doCheck := false) with\n  \
                     | .ok env => setEnv env\n  | .error _ => throwError \"the kernel refused\"\n";
    let texts = [
        format!(
            "{OPEN}syntax (name := make) \"make_it\" : command\n@[command_elab make] def makeIt : CommandElab := fun _ => do\n  elabCommand (← `(theorem $(mkIdent `helper) : 1 = 1 := rfl))\nmake_it\ntheorem t : 1 = 1 := helper"
        ),
        format!(
            "{OPEN}elab \"make_it\" : command => do\n  elabCommand (← `(theorem $(mkIdent `helper) : 1 = 1 := rfl))\nmake_it\ntheorem t : 1 = 1 := helper"
        ),
        format!(
            "{OPEN}elab \"close_it\" : tactic => do evalTactic (← `(tactic| rfl))\ntheorem t : 1 = 1 := by close_it"
        ),
        format!(
            "{OPEN}elab \"cheat!\" : term => do\n  {unchecked}  return Lean.mkConst `bad\ntheorem t : False := cheat!"
        ),
        format!(
            "{OPEN}syntax (name := cheat) \"cheat!\" : term\n@[term_elab cheat] def c : TermElab := fun _ _ => do\n  {unchecked}  return Lean.mkConst `bad\ntheorem t : False := cheat!"
        ),
        format!("{OPEN}theorem t : False := by_elab do\n  {unchecked}  return Lean.mkConst `bad"),
        format!(
            "{OPEN}theorem t : False := by\n  run_tac do\n  {unchecked}  (← getMainGoal).assign (Lean.mkConst `bad)"
        ),
        format!(
            "{OPEN}dsimproc three (1 + 1) := fun _ => return .done (mkNatLit 3)\ntheorem t : 1 + 1 = 3 := by simp only [three]"
        ),
        // The command is built by hand, so that no syntax of the text shows it.
        format!(
            "{OPEN}def cheat : CommandElabM Unit := do\n  {unchecked}macro \"cheat!\" : command => do\n  return ⟨mkNode (Name.mkStr2 \"Lean\" \"runCmd\") #[mkAtom \"run_cmd\", (← `(doSeq| cheat))]⟩\ncheat!\ntheorem t : False := bad"
        ),
    ];
    for (text, result) in texts.iter().zip(judge_all(&texts)) {
        assert_ne!(result["verdict"], "accepted", "{text}");
        let found = errors_of(&result);
        assert!(!found.contains("elabCommand"), "the attempt itself is well-formed: {text}\n{found}");
    }
}

fn errors_of(result: &Value) -> String {
    format!("{:?}", common::errors(result))
}

/// `debug.skipKernelTC` makes Lean trust `decide +kernel` blindly; the engine checks all the same.
#[test]
fn the_kernel_cannot_be_skipped() {
    let texts: Vec<String> = [
        "set_option debug.skipKernelTC true\ntheorem t : 1 = 2 := by decide +kernel",
        "set_option debug.skipKernelTC true in\ntheorem t : 1 = 2 := by decide +kernel",
        "set_option «debug».«skipKernelTC» true in\ntheorem t : 1 = 2 := by decide +kernel",
        "theorem t : 1 = 2 := by\n  set_option debug.skipKernelTC true in decide +kernel",
        "theorem t : 1 = 2 := set_option debug.skipKernelTC true in (by decide +kernel)",
        "set_option debug.skipKernelTC true in\ntheorem helper : 1 = 2 := by decide +kernel\ntheorem t : 1 = 2 := helper",
        "set_option debug.skipKernelTC true in\nexample : 1 = 2 := by decide +kernel",
        "theorem t : 1 = 2 := by decide +kernel",
    ]
    .iter()
    .map(|t| (*t).to_owned())
    .collect();
    for (text, result) in texts.iter().zip(judge_all(&texts)) {
        assert_eq!(verdict(&result), "rejected proof/tactic_failed", "{text}: {result}");
    }
    let honest = "set_option debug.skipKernelTC true\ntheorem t : 2 + 2 = 4 := by decide +kernel".to_owned();
    assert_eq!(verdict(&judge_all(&[honest])[0]), "accepted replay");
}

#[test]
fn an_error_before_the_code_rejects_and_one_after_it_does_not() {
    let texts: Vec<String> = [
        "theorem a : 1 = 2 := rfl\n#eval 1",
        "theorem a : 1 = 2 := by\n  omega\n#eval 1",
        "theorem a (n : Nat) n = n := rfl\n#eval 1\ntheorem b : 1 = 1 := rfl",
        "#eval 1\ntheorem a : 1 = 2 := by\n  omega",
        "#eval 1\ntheorem a : 1 = := rfl",
    ]
    .iter()
    .map(|t| (*t).to_owned())
    .collect();
    let verdicts: Vec<String> = judge_all(&texts).iter().map(verdict).collect();
    assert!(verdicts[0].starts_with("rejected"), "{}", verdicts[0]);
    assert_eq!(verdicts[1], "rejected proof/tactic_failed");
    assert_eq!(verdicts[2], "rejected parsed/syntax");
    assert_eq!(verdicts[3..], ["undecided unsupported", "undecided unsupported"]);
}

#[test]
fn code_that_is_only_quoted_or_commented_is_no_obstacle() {
    let texts: Vec<String> = [
        "-- #eval 1\n/- run_cmd foo -/\n/-- `by_elab` -/\ntheorem t : 1 = 1 := rfl",
        "theorem t : \"#eval 1\" = \"#eval 1\" := rfl",
        "theorem t : 1 = 1 := rfl\n#exit\n#eval 1",
        "macro \"done!\" : tactic => `(tactic| omega)\ntheorem t (n : Nat) : n < n + 1 := by done!",
        "infixl:65 \" ⊞ \" => fun a b => a + b\ntheorem t : 1 ⊞ 1 = 2 := rfl",
        "#reduce 1 + 1\n#check Nat\n#print axioms Nat.add_comm\ntheorem t : 1 = 1 := rfl",
    ]
    .iter()
    .map(|t| (*t).to_owned())
    .collect();
    for (text, result) in texts.iter().zip(judge_all(&texts)) {
        assert_eq!(verdict(&result), "accepted replay", "{text}: {result}");
    }
}
