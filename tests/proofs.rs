//! `afcheck data proofs` through the real binary and the real Lean: goals, steps and terms of accepted proofs, and what is said of
//! others.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{afcheck, directory, end};
use serde_json::{Value, json};
use std::fs;

#[test]
fn lean_writes_out_goals_and_terms() {
    let home = directory();
    let problem =
        |id: &str, proof: Value| json!({ "id": id, "formal": "theorem x : True", "proof": proof }).to_string();
    let steps = "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  constructor\n  · exact h.2\n  · exact h.1\n";
    let lines = [
        problem("steps", json!(steps)),
        problem("term", json!("theorem two : 1 + 1 = 2 := rfl")),
        problem("wrong", json!("theorem wrong : 1 = 2 := by\n  rfl")),
        problem("none", Value::Null),
    ];
    fs::write(home.path().join("set.jsonl"), lines.join("\n") + "\n").unwrap();
    let ended = end(afcheck().current_dir(home.path()).args(["data", "proofs", "set.jsonl", "--out", "o.jsonl"]), b"");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let text = fs::read_to_string(home.path().join("o.jsonl")).unwrap();
    let found: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |kind: &str| found.iter().filter(|line| line["kind"] == kind).collect::<Vec<_>>();
    let states = of("state");
    assert_eq!(states.len(), 3, "{text}");
    assert_eq!(states[0]["state"], "p q : Prop\nh : p ∧ q\n⊢ q ∧ p");
    assert_eq!((&states[0]["id"], &states[0]["tactic"]), (&json!("steps/1"), &json!("constructor")));
    // Both goals are there in front of the second step, one in front of the third.
    assert_eq!(states[1]["state"].as_str().unwrap().matches('⊢').count(), 2, "{}", states[1]);
    assert_eq!(
        (&states[2]["tactic"], states[2]["text"].as_str().unwrap().matches('⊢').count()),
        (&json!("· exact h.1"), 1)
    );
    let terms = of("term");
    assert_eq!(terms.len(), 2, "{text}");
    let term = terms[0]["text"].as_str().unwrap();
    assert!(term.starts_with("theorem swap : ∀ (p q : Prop), p ∧ q → q ∧ p :=") && term.contains("h.right"), "{term}");
    for part in ["4, 1 without a proof", "3 states with their steps, 2 terms", "wrong: "] {
        assert!(ended.stderr.contains(part), "{part} in {}", ended.stderr);
    }
    let ended = end(afcheck().current_dir(home.path()).args(["data", "show", "jsonl:o.jsonl"]), b"");
    assert!(ended.code == Some(0) && ended.stdout.contains("5 texts"), "{} {}", ended.stdout, ended.stderr);
}
