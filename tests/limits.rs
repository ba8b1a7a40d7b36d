//! Texts that take too much of something. Each is judged within its budget, by the cause that is right, and the record
//! after it in the same process is judged as usual.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{HONEST, judge, records, verdict, without_time};
use serde_json::Value;

const UNLIMITED: &str = "set_option maxHeartbeats 0\nset_option maxRecDepth 1000000\n";

/// A proof by 2^20 cases.
fn bomb() -> String {
    let names: Vec<String> = (0..20).map(|i| format!("x{i}")).collect();
    let reversed: Vec<String> = names.iter().rev().cloned().collect();
    let (binders, one, two) = (names.join(" "), names.join(" && "), reversed.join(" && "));
    format!("{UNLIMITED}theorem bomb : ∀ {binders} : Bool, ({one}) = ({two}) := by decide\n")
}

/// The same in the kernel, which counts no heartbeats of its own.
fn kernel_bomb() -> String {
    format!(
        "{UNLIMITED}theorem bomb : (List.range 100000).foldl (fun a b => (a * 31 + b) % 1000003) 7 = 0 := by\n  \
         decide +kernel\n"
    )
}

/// Judges each text with an honest record after it; gives the results of the texts.
fn judge_between_honest_ones(texts: &[String], args: &[&str]) -> Vec<Value> {
    let codes: Vec<&str> = texts.iter().flat_map(|t| [t.as_str(), HONEST]).collect();
    let results = judge(&records(&codes), args);
    for pair in results.chunks(2) {
        assert_eq!(verdict(&pair[1]), "accepted replay", "after {}: {}", verdict(&pair[0]), pair[1]);
    }
    results.into_iter().step_by(2).collect()
}

#[test]
fn heartbeats_end_a_check_at_the_same_place_every_time() {
    let texts = [bomb(), kernel_bomb(), bomb()];
    let args = ["--heartbeats", "1000"];
    let (one, two) = (judge_between_honest_ones(&texts, &args), judge_between_honest_ones(&texts, &args));
    for (a, b) in one.iter().zip(&two) {
        assert_eq!(verdict(a), "undecided heartbeats");
        assert_eq!(without_time(a), without_time(b));
        assert_eq!(a["heartbeats"], 1_000_001, "the first one above the budget");
    }
}

/// Lean's own limit is reported as an error of the text; it is an exhausted limit all the same.
#[test]
fn leans_own_heartbeat_limit_is_undecided() {
    let text = bomb().replace("maxHeartbeats 0", "maxHeartbeats 200");
    let result = judge_between_honest_ones(&[text], &[]).remove(0);
    assert_eq!(verdict(&result), "undecided heartbeats");
    assert!(result["detail"].as_str().unwrap().contains("maximum number of heartbeats"), "{result}");
}

#[test]
fn the_wall_clock_ends_a_check() {
    let texts = [bomb(), kernel_bomb()];
    for result in judge_between_honest_ones(&texts, &["--heartbeats", "1000000000", "--wall-clock", "300ms"]) {
        assert_eq!(verdict(&result), "undecided wall_clock");
    }
}

#[test]
fn memory_ends_a_check() {
    let doubling = format!(
        "{UNLIMITED}set_option exponentiation.threshold 4000000000\n\
                            theorem t : 2 ^ 2000000000 % 7 = 4 := by decide +kernel\n"
    );
    let texts = [doubling, "theorem t : 1 = 1 := ".to_owned() + &"(".repeat(20_000) + "rfl" + &")".repeat(20_000)];
    for result in judge_between_honest_ones(&texts, &["--memory", "400MiB"]) {
        assert_eq!(verdict(&result), "undecided memory", "{result}");
    }
}

#[test]
fn deep_nesting() {
    let nested = |n: usize, open: &str, inner: &str, close: &str| open.repeat(n) + inner + &close.repeat(n);
    let theorem = |statement: String| format!("theorem t : {statement} := by decide\n");
    let texts = [
        (format!("theorem t : 1 = 1 := {}\n", nested(20_000, "(", "rfl", ")")), "undecided memory"),
        (format!("theorem t : 1 = 1 := {}\n", nested(50_000, "(", "rfl", ")")), "undecided memory"),
        (theorem(nested(20_000, "(", "1 = 1", ")")), "undecided memory"),
        (format!("theorem t : 1 = 1 := {}\n", "(".repeat(50_000)), "undecided memory"),
        (theorem(format!("0 < {}", vec!["1"; 3_000].join(" + "))), "undecided heartbeats"),
        (theorem("∀ x : Nat, ".repeat(20_000) + "True"), "undecided memory"),
    ];
    let codes: Vec<String> = texts.iter().map(|(t, _)| t.clone()).collect();
    for ((text, expected), result) in texts.iter().zip(judge_between_honest_ones(&codes, &["--heartbeats", "5000"])) {
        let beginning: String = text.chars().take(60).collect();
        assert_eq!(verdict(&result), *expected, "{beginning}: {}", result["detail"]);
    }
}

#[test]
fn long_texts() {
    let line = "-- a comment that says nothing, so that the text becomes long\n";
    let comments = line.repeat(1_000_000 / line.len() + 1);
    let theorem = "theorem t : 1 = 1 := rfl\n";
    let nested_comment = "/- ".repeat(200_000) + " -/".repeat(200_000).as_str() + "\n";
    let texts = [
        (comments.clone() + theorem, "accepted replay"),
        (theorem.to_owned() + &comments, "accepted replay"),
        (theorem.to_owned() + &"\n".repeat(1_000_000), "accepted replay"),
        (nested_comment.clone() + theorem, "accepted replay"),
        ("/- ".repeat(200_000) + theorem, "rejected parsed/syntax"),
        (format!("theorem t : \"{}\" = \"\" := rfl\n", "a".repeat(1_000_000)), "rejected proof/type_mismatch"),
        ((0..20_000).map(|i| format!("theorem t{i} : {i} = {i} := rfl\n")).collect(), "undecided heartbeats"),
    ];
    let codes: Vec<String> = texts.iter().map(|(t, _)| t.clone()).collect();
    for ((text, expected), result) in texts.iter().zip(judge_between_honest_ones(&codes, &["--heartbeats", "10000"])) {
        let beginning: String = text.chars().take(60).collect();
        assert_eq!(verdict(&result), *expected, "{beginning}: {}", result["detail"]);
    }
}

#[test]
fn deep_recursion_in_instances_and_reduction() {
    let class = "class Up (n : Nat) where\n  x : Nat\ninstance (n : Nat) [Up (n + 1)] : Up n := ⟨0⟩\n\
                 theorem t : (inferInstance : Up 0).x = 0 := rfl\n";
    let unlimited = "set_option synthInstance.maxSize 10000000\nset_option synthInstance.maxHeartbeats 0\n".to_owned();
    let texts = [
        class.to_owned(),
        unlimited + UNLIMITED + class,
        "theorem t : (List.range 100000).length = 100000 := by decide\n".to_owned(),
        "set_option maxRecDepth 100000000\ntheorem t : (List.range 100000).length = 100000 := by decide\n".to_owned(),
        "set_option maxRecDepth 100000000\nset_option maxHeartbeats 0\n\
         theorem t : (List.replicate 100000 1).length = 3 := by simp [List.replicate]\n"
            .to_owned(),
    ];
    let results = judge_between_honest_ones(&texts, &["--heartbeats", "5000"]);
    let verdicts: Vec<String> = results.iter().map(verdict).collect();
    assert_eq!(verdicts[0..2], ["undecided heartbeats", "undecided heartbeats"]);
    // Lean's recursion counter is the same everywhere and the text may raise it: an ordinary error.
    assert_eq!(verdicts[2], "rejected proof/elaboration");
    assert!(verdicts[3..].iter().all(|v| v.starts_with("undecided")), "{verdicts:?}");
}
