//! `afcheck equiv` through the real binary, with the real Lean: what is called equivalent, what is not, and why.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{afcheck, arg, directory, end, lines, run, write};
use serde_json::{Value, json};

/// Compares pairs one after the other; one result per pair, in order.
fn compare(pairs: &[Value], args: &[&str]) -> Vec<Value> {
    let mut command = afcheck();
    command.args(["equiv", "--pairs", "-", "--jobs", "2", "--quiet"]).args(args);
    let ended = end(&mut command, lines(pairs).as_bytes());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let results: Vec<Value> = ended.stdout.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(results.len(), pairs.len(), "{ended:?}");
    results
}

fn pair(a: &str, b: &str) -> Value {
    json!({"a": format!("theorem a {a} := sorry"), "b": format!("theorem b {b} := sorry")})
}

/// Verdicts of pairs.
fn verdicts(pairs: &[(&str, &str)]) -> Vec<String> {
    let pairs: Vec<Value> = pairs.iter().map(|(a, b)| pair(a, b)).collect();
    compare(&pairs, &[]).iter().map(|r| r["verdict"].as_str().expect("a verdict").to_owned()).collect()
}

#[test]
fn no_labelled_slip_is_called_equivalent() {
    let text = std::fs::read_to_string("tests/equivalence/pairs.jsonl").expect("the pairs");
    let pairs: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let results = compare(&pairs, &[]);
    let mut missed = Vec::new();
    for (pair, result) in pairs.iter().zip(&results) {
        let called = result["verdict"] == "equivalent";
        if pair["equivalent"] == false {
            assert!(!called, "{pair}\n{result}");
        } else if !called {
            missed.push(pair["id"].as_str().expect("an id").to_owned());
        }
    }
    assert_eq!(missed, [""; 0]);
}

#[test]
fn the_rung_of_each_direction_is_told() {
    let results = compare(
        &[
            pair("(x y : Nat) (h : x < y) : x ≠ y", "(a b : Nat) (hab : a < b) : a ≠ b"),
            pair("(f : Nat → Nat) (h : f 0 > 1) : f 1 = 0", "(f : Nat → Nat) (h : 1 < f 0) : f 1 = 0"),
            pair("(p q : Nat → Prop) (hp : p 0) (hq : q 0) : p 1", "(p q : Nat → Prop) (hq : q 0) (hp : p 0) : p 1"),
        ],
        &[],
    );
    let rungs: Vec<_> = results.iter().map(|r| r["a_to_b"]["rung"].as_str().unwrap_or("none")).collect();
    assert_eq!(rungs, ["identical", "definitional", "apply"]);
    assert!(results.iter().all(|r| r["verdict"] == "equivalent" && r["b_to_a"]["outcome"] == "shown"), "{results:?}");
}

#[test]
fn variables_may_come_in_another_order() {
    let (p, r) = ("(P : Nat → Nat → Prop) (h : ∀ n, P n n)", "(α : Type) (r : α → α → Prop) (x y : α)");
    let found = verdicts(&[
        (&format!("{p} : ∀ x y : Nat, x < y → P x y"), &format!("{p} : ∀ x y : Nat, y < x → P y x")),
        (&format!("{r} (h : r x y) : r y x"), &format!("{r} (h : r y x) : r x y")),
        (&format!("{r} (h : r x y) : r y x"), &format!("{r} (h : r x y) : r y y")),
    ]);
    assert_eq!(found[..2], ["equivalent", "equivalent"]);
    assert_ne!(found[2], "equivalent");
}

#[test]
fn two_true_statements_are_no_evidence() {
    let found = verdicts(&[
        ("(a b : Nat) : a + b = b + a", "(a b : Nat) : a * b = b * a"),
        ("(n : Nat) : n < n + 1", "(n : Nat) : n < n + 2"),
        // The same hypotheses and the same conclusion, differently said: true or not, that is the same statement.
        ("(n : Int) (h : n % 2 = 1) : (n + 1) % 2 = 0", "(n : Int) (h : 1 = n % 2) : 0 = (n + 1) % 2"),
    ]);
    assert_eq!(found[..2], ["both_provable", "both_provable"]);
    assert_eq!(found[2], "equivalent");
}

#[test]
fn one_direction_alone_is_told() {
    let found = verdicts(&[("(f : Nat → Nat) (n : Nat) : f n = 0", "(f : Nat → Nat) (n : Nat) (h : 0 < n) : f n = 0")]);
    assert_eq!(found, ["a_implies_b_only"]);
}

#[test]
fn names_of_one_text_mean_nothing_in_the_other() {
    let texts = |a: &str, b: &str| json!({"a": a, "b": b});
    let results = compare(
        &[
            // The same name, another meaning.
            texts(
                "def P (n : Nat) : Prop := n = 0\ntheorem t (f : Nat → Nat) (n : Nat) : P (f n) := sorry",
                "def P (n : Nat) : Prop := n = 1\ntheorem t (f : Nat → Nat) (n : Nat) : P (f n) := sorry",
            ),
            // Another name, the same meaning.
            texts(
                "def P (n : Nat) : Prop := n = 0\ntheorem t (f : Nat → Nat) (n : Nat) : P (f n) := sorry",
                "def Q (n : Nat) : Prop := n = 0\ntheorem t (f : Nat → Nat) (n : Nat) : Q (f n) := sorry",
            ),
            // A notation of one text is not seen by the scripts, nor by the other text.
            texts(
                "notation:50 a \" ≤ \" b => a = b\ntheorem t (f : Nat → Nat) (h : f 0 ≤ 1) : f 1 = 0 := sorry",
                "theorem t (f : Nat → Nat) (h : f 0 ≤ 1) : f 1 = 0 := sorry",
            ),
            texts("axiom cheat : False\ntheorem t : (2 : Nat) = 3 := cheat.elim", "theorem t : (1 : Nat) = 5 := sorry"),
        ],
        &[],
    );
    let verdict = |i: usize| results[i]["verdict"].as_str().unwrap_or_default();
    assert_ne!(verdict(0), "equivalent");
    assert_eq!(verdict(1), "equivalent");
    assert_ne!(verdict(2), "equivalent");
    assert_ne!(verdict(3), "equivalent", "{}", results[3]);
}

#[test]
fn universes_are_compared_as_they_are() {
    let found = verdicts(&[
        (
            ".{u} {α : Type u} (xs ys : List α) (h : xs = ys) : xs ++ ys = []",
            "{β : Type _} (xs ys : List β) (h : ys = xs) : xs ++ ys = []",
        ),
        ("(h : ∀ α : Type, ∀ x y : α, x = y) : False", "(h : ∀ α : Type 1, ∀ x y : α, x = y) : False"),
    ]);
    assert_eq!(found[0], "equivalent");
    assert_ne!(found[1], "equivalent");
}

#[test]
fn a_text_that_states_nothing_is_ill_typed() {
    let results = compare(
        &[
            json!({"a": "theorem a : 1 = 1", "b": "theorem b : Unknown.thing = 1 := sorry"}),
            json!({"a": "I cannot do that.", "b": "theorem b : 1 = 1 := sorry"}),
            json!({"a": "theorem a : 1 = 1 := by\n  exact absurd", "b": "theorem b : 1 = 1 := rfl"}),
            json!({"a": "def d : Nat := 1", "b": "theorem b : 1 = 1 := rfl"}),
        ],
        &[],
    );
    let told: Vec<_> = results.iter().map(|r| (r["verdict"].as_str().unwrap(), r["side"].as_str())).collect();
    assert_eq!(
        told,
        [("ill_typed", Some("b")), ("ill_typed", Some("a")), ("equivalent", None), ("ill_typed", Some("a"))]
    );
    assert!(results[0]["detail"].as_str().is_some_and(|d| d.contains("line 1")), "{}", results[0]);
}

#[test]
fn a_spent_budget_is_undecided_and_the_same_everywhere() {
    let one = [pair("(f : Nat → Nat) (h : f 0 = 1) : f 1 < 2", "(f : Nat → Nat) (h : 1 = f 0) : f 1 ≤ 1")];
    let starved = compare(&one, &["--heartbeats", "10"]).remove(0);
    assert_eq!((&starved["verdict"], &starved["cause"]), (&json!("undecided"), &json!("heartbeats")));
    let twice = [compare(&one, &[]).remove(0), compare(&one, &[]).remove(0)];
    assert_eq!(twice[0]["heartbeats"], twice[1]["heartbeats"]);
    assert_eq!(twice[0]["verdict"], "equivalent");
}

/// A text that meets a limit, Lean's own or the engine's, has not been shown to say anything else; the pair after it does
/// not suffer.
#[test]
fn a_limit_is_never_a_denial() {
    let instances = "class Up (n : Nat) where\n  x : Nat\ninstance (n : Nat) [Up (n + 1)] : Up n := ⟨0⟩\n";
    let doubling =
        "set_option exponentiation.threshold 4000000000\nexample : 2 ^ 2000000000 % 7 = 4 := by decide +kernel\n";
    let texts = [
        (format!("{instances}theorem a : (inferInstance : Up 0).x = 0"), "heartbeats"),
        ("theorem a : ".to_owned() + &"(".repeat(20_000) + "1 = 1" + &")".repeat(20_000), "memory"),
        (format!("{doubling}theorem a (f : Nat → Nat) : f 0 = 1"), "memory"),
    ];
    let honest = pair("(f : Nat → Nat) (h : f 0 < 1) : f 1 = 0", "(f : Nat → Nat) : 1 > f 0 → f 1 = 0");
    let pairs = texts.iter().flat_map(|(text, _)| [json!({"a": text, "b": text}), honest.clone()]);
    let results = compare(&pairs.collect::<Vec<_>>(), &[]);
    for ((text, cause), found) in texts.iter().zip(results.chunks(2)) {
        let beginning: String = text.chars().take(60).collect();
        assert_eq!((&found[0]["verdict"], &found[0]["cause"]), (&json!("undecided"), &json!(cause)), "{beginning}");
        assert_eq!(found[1]["verdict"], "equivalent", "after {beginning}");
    }
}

#[test]
fn single_pairs_come_from_files_or_text() {
    let home = directory();
    let a = write(home.path(), "a.lean", "theorem a (x y : Nat) (h : x < y) : x ≠ y := by omega");
    let ended = run(&["equiv", "--a", arg(&a), "--b", "theorem b (x y : Nat) : y > x → ¬ x = y"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.starts_with("pair  equivalent  a→b by definitional"), "{}", ended.stdout);
    let missing = run(&["equiv", "--a", "missing.lean", "--b", arg(&a)]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("--a missing.lean: there is no such file"), "{}", missing.stderr);
    let half = run(&["equiv", "--a", arg(&a)]);
    assert_eq!(half.code, Some(2));
    assert!(half.stderr.contains("--b"), "{}", half.stderr);
}

#[test]
fn labels_give_a_table_and_bad_pairs_keep_their_place() {
    let labelled = |label: bool, a: &str| json!({"a": format!("theorem a {a}"), "b": "theorem b (f : Nat → Nat) : f 0 = 1", "equivalent": label});
    let mut input = lines(&[labelled(true, "(g : Nat → Nat) : g 0 = 1"), labelled(false, "(f : Nat → Nat) : f 0 = 2")]);
    input.push_str("{\"a\": \"theorem a : True\"}\n");
    let ended = end(afcheck().args(["equiv", "--pairs", "-", "--jobs", "1"]), input.as_bytes());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let third: Value = serde_json::from_str(ended.stdout.lines().nth(2).expect("three results")).expect("JSON");
    assert_eq!((&third["verdict"], &third["cause"]), (&json!("undecided"), &json!("bad_record")));
    assert!(third["detail"].as_str().is_some_and(|d| d.contains("no field `b`")), "{third}");
    for part in ["3 pairs, median", "against 2 labels", "precision", "(1 of 1;", "accuracy", "(2 of 2;"] {
        assert!(ended.stderr.contains(part), "{part} in {}", ended.stderr);
    }
    let none = end(afcheck().args(["equiv", "--pairs", "-"]), b"{\"x\": 1}\n");
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("a pair has `a` and `b`"), "{}", none.stderr);
}
