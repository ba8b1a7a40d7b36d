//! What is checked again, through the real binary: examples, what they rest on, and what cannot be read at all.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{judge, judge_one, verdict};
use serde_json::json;

/// A universe so high that its levels are nested deeper than the engine reads.
const TOO_DEEP: &str = "set_option maxUniverseOffset 10000
axiom cheat (α : Sort 5000) : False
";

#[test]
fn an_example_may_rest_on_the_header() {
    let header = "theorem h : 1 + 1 = 2 := rfl\ndef two : Nat := 2\naxiom cheat : False";
    let record = |code: &str| json!({"id": "x", "header": header, "code": code});
    let records = [
        record("example : 1 + 1 = 2 := h"),
        record("example : two = 2 := rfl\nexample : two = 1 + 1 := h.symm"),
        record("theorem t : two = 2 := rfl\nexample : two = 2 := t\ndef s := two\nexample : s = two := rfl"),
        record("example : 1 = 2 := cheat.elim"),
        record("example : 1 = 2 := by\n  have : False := cheat\n  exact this.elim\nexample : True := trivial"),
        record("example : True := trivial"),
    ];
    let verdicts: Vec<String> = judge(&records, &[]).iter().map(verdict).collect();
    let cheat = "rejected axioms/axiom";
    let fine = "accepted replay";
    assert_eq!(verdicts, [fine, fine, fine, cheat, cheat, fine]);
}

/// Each example has an environment of its own; what they share is read once.
#[test]
fn a_thousand_examples_are_checked_again() {
    let code: String = (0..1000).map(|i| format!("theorem t{i} : True := trivial\nexample : True := t{i}\n")).collect();
    let result = judge_one(&code, &["--heartbeats", "200000"]);
    assert_eq!(verdict(&result), "accepted replay", "{result}");
    assert_eq!((&result["replay"]["theorems"], &result["replay"]["definitions"]), (&json!(1000), &json!(1000)));
}

#[test]
fn what_cannot_be_read_is_accepted_at_no_rung() {
    let code = format!("{TOO_DEEP}theorem t : 1 = 2 := (cheat PUnit.{{5000}}).elim\n");
    for rung in ["proof", "no_sorry", "axioms", "replay"] {
        let result = judge_one(&code, &["--require", rung]);
        assert_eq!(result["verdict"], "undecided", "{rung}: {result}");
        assert_eq!(result["reason"], "memory", "{rung}: {result}");
    }
}

/// A target brings imports of its own: they are loaded while what the candidate declared still waits to be read.
#[test]
fn a_target_may_import_more_than_its_candidate() {
    let lemmas: String =
        (0..40).map(|i| format!("theorem l{i} (a b : Nat) : a + b + {i} = b + a + {i} := by omega\n")).collect();
    for target in ["import Std.Data.HashMap\ntheorem t : True := sorry", "theorem t : True := sorry"] {
        let record = |code: String| json!({"id": "x", "target": target, "code": code});
        let records = [
            record(format!("{lemmas}theorem t : True := trivial")),
            record(format!("{lemmas}theorem t : 0 = 0 := rfl")),
            record(format!("{lemmas}theorem u : True := trivial")),
        ];
        let verdicts: Vec<String> = judge(&records, &[]).iter().map(verdict).collect();
        let expected = ["accepted target", "rejected target/target_mismatch", "rejected target/target_missing"];
        assert_eq!(verdicts, expected, "{target}");
    }
}
