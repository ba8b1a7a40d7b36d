//! `afcheck eval` through the real binary: text signals on the built-in benchmark, Lean's on a small one, comparisons,
//! the page, agreement with labels, and what it says to mistaken input.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{Ended, bare, end, lines, run};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A directory with files.
fn files(contents: &[(&str, String)]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let paths = contents.iter().map(|(name, text)| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    });
    let paths = paths.collect();
    (directory, paths)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn report(ended: &Ended) -> Value {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    serde_json::from_str(&ended.stdout).expect("JSON")
}

/// Four problems of two concepts over plain core Lean.
fn problems() -> String {
    let problem = |id: &str, concept: &str, formal: &str| json!({"id": id, "concept": concept, "informal": "..", "formal": format!("theorem {id} {formal} := by\n  sorry")});
    lines(&[
        problem("add", "arithmetic", "(a b : Nat) : a + b = b + a"),
        problem("even", "arithmetic", "(f : Nat → Nat) (h : ∀ n, f n = 2 * n) (x y : Nat) (e : f x = f y) : x = y"),
        problem("swap", "logic", "(p q : Prop) (h : p ∧ q) : q ∧ p"),
        problem("imp", "logic", "(p q : Prop) (P : Nat → Prop) (h : p → q) (hp : p) (n : Nat) (k : q → P n) : P n"),
    ])
}

#[test]
fn references_are_perfect_predictions_of_themselves() {
    let dev = include_str!("../data/afcore/dev.jsonl");
    let gold = dev.lines().map(|line| {
        let problem: Value = serde_json::from_str(line).expect("JSON");
        json!({"id": problem["id"], "code": problem["formal"]})
    });
    let gold: Vec<Value> = gold.collect();
    let (_directory, paths) = files(&[("gold.jsonl", lines(&gold))]);
    // Without Lean: nothing is set up for it.
    let args = ["eval", "--data", "afcore:dev", "--predictions", text(&paths[0]), "--metrics", "text"];
    let found = report(&end(bare().args(args), b""));
    assert_eq!((&found["schema"], &found["problems"]), (&json!("afcheck.eval/1"), &json!(gold.len())));
    assert_eq!(found["engine"], Value::Null);
    for signal in ["bleu", "chrf", "edit_similarity", "token_edit", "exact_match", "gted"] {
        let mean = found["signals"][signal]["mean"].as_f64().expect("a mean");
        assert!((mean - 1.0).abs() < 1e-12, "{signal}: {mean}");
    }
    assert_eq!(found["signals"].get("type_check"), None);
    let concepts = found["groups"]["concept"].as_object().expect("groups");
    assert!(concepts.len() >= 20 && concepts.values().all(|c| c["signals"]["exact_match"]["mean"] == 1.0));
}

#[test]
fn every_signal_says_what_it_should_of_a_known_prediction() {
    let predictions = lines(&[
        // Said in other words, and proved.
        json!({"id": "add", "code": "theorem t (x y : Nat) : y + x = x + y := by omega"}),
        // Another statement, in which the hypothesis is gone.
        json!({"id": "even", "code": "theorem t (f : Nat → Nat) (x y : Nat) (e : f x = f y) : x = y := sorry"}),
        // Curried: equivalent, and nothing alike as a string.
        json!({"id": "swap", "code": "```lean\ntheorem s (p q : Prop) : p → q → (q ∧ p) := sorry\n```"}),
        json!({"id": "imp", "code": "theorem t : P n := sorry"}),
    ]);
    let (_directory, paths) = files(&[("set.jsonl", problems()), ("out.jsonl", predictions)]);
    let (page, scores) = (paths[0].with_file_name("page.html"), paths[0].with_file_name("scores.jsonl"));
    let arguments = ["eval", "--data", text(&paths[0]), "--predictions", text(&paths[1]), "--by", "concept"];
    let ended = run(&[&arguments[..], &["--html", text(&page), "--out", text(&scores)]].concat());
    let found = report(&ended);
    let mean = |signal: &str| found["signals"][signal]["mean"].as_f64().expect("a mean");
    assert_eq!(mean("type_check"), 0.75);
    assert_eq!(mean("proof"), 0.25);
    assert_eq!(found["groups"]["concept"]["logic"]["signals"]["type_check"]["mean"], json!(0.5));
    assert_eq!(found["not_accepted"]["unknown_identifier"], json!(1));
    let examples = std::fs::read_to_string(&scores).expect("scores");
    let examples: Vec<Value> = examples.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |id: &str| examples.iter().find(|e| e["id"] == id).expect("an example");
    // The second is false without its hypothesis: whatever else, it is not equivalent.
    assert_eq!(of("even")["scores"]["equivalence"], json!(0.0), "{}", of("even"));
    assert_eq!(of("swap")["scores"]["type_check"], json!(1.0));
    assert_eq!(
        (of("imp")["scores"]["equivalence"].clone(), of("imp")["reason"].clone()),
        (json!(0.0), json!("unknown_identifier"))
    );
    assert!(of("swap")["scores"]["bleu"].as_f64().expect("a score") < 0.8);
    let page = std::fs::read_to_string(&page).expect("a page");
    assert!(page.contains("<svg") && !page.contains("<script") && !page.contains("http"), "the page stands alone");
    assert!(ended.stderr.contains("type-check rate") && ended.stderr.contains("logic"), "{}", ended.stderr);
}

/// Two problems: five samples of the first, three of which say what the reference says in other words, and the last of
/// which does not elaborate; two of the second.
fn samples() -> (String, String) {
    let problem = |id: &str, formal: &str| json!({"id": id, "informal": "..", "formal": format!("theorem {id} {formal} := sorry")});
    let set = [
        problem("bound", "(f : Nat → Nat) (h : f 0 < 1) : f 1 = 0"),
        problem("swap", "(p q : Prop) (P : Nat → Prop) (h : p ∧ q → P 0) : q ∧ p → P 0"),
    ];
    let sample = |id: &str, formal: &str| json!({"id": id, "code": format!("theorem t {formal} := sorry")});
    let samples = [
        sample("bound", "(f : Nat → Nat) (h : f 0 < 2) : f 1 = 0"),
        sample("bound", "(g : Nat → Nat) (h : g 0 < 1) : g 1 = 0"),
        sample("bound", "(f : Nat → Nat) : 1 > f 0 → f 1 = 0"),
        sample("bound", "(f : Nat → Nat) (h : f 0 = 0) : f 1 = 0"),
        sample("bound", "(f : Nat → Nat) : g 1 = 0"),
        sample("swap", "(f : Nat → Nat) : f 0 = 1"),
        sample("swap", "(f : Nat → Nat) : f 0 = 1"),
    ];
    (lines(&set), lines(&samples))
}

#[test]
fn the_majority_by_proved_equivalence_is_found_in_other_words() {
    let (set, predictions) = samples();
    let (_directory, paths) = files(&[("set.jsonl", set), ("out.jsonl", predictions)]);
    let (page, scores) = (paths[0].with_file_name("page.html"), paths[0].with_file_name("scores.jsonl"));
    let arguments = ["eval", "--data", text(&paths[0]), "--predictions", text(&paths[1])];
    let more = ["--equivalence-classes", "--html", text(&page), "--out", text(&scores)];
    let ended = run(&[&arguments[..], &more].concat());
    let found = report(&ended);
    let examples = std::fs::read_to_string(&scores).expect("scores");
    let examples = examples.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let classes: Vec<Value> = examples.map(|example| example["class"].clone()).collect();
    assert_eq!(classes, [json!(0), json!(1), json!(1), json!(1), Value::Null, json!(0), json!(0)]);
    let equivalent = |choice: &str| found["selection"][choice]["equivalence"]["mean"].clone();
    assert_eq!(equivalent("majority (proved equivalence)"), json!(0.5), "{found:#}");
    // As texts all of them are different, so the first stands.
    assert_eq!((equivalent("majority (exact string)"), equivalent("first sample")), (json!(0.0), json!(0.0)));
    // Equal texts are not compared: the second problem costs nothing. Of the first, one pair follows from two others.
    assert_eq!(found["equivalence_classes"], json!({"formed": true, "comparisons": 5, "undecided": 0}));
    assert!(ended.stderr.contains("5 comparisons, 0 undecided"), "{}", ended.stderr);
    assert!(std::fs::read_to_string(&page).expect("a page").contains("5 comparisons, 0 undecided"));

    // Not asked for, it is said to be missing.
    let without = run(&arguments);
    let found = report(&without);
    assert_eq!(found["selection"].get("majority (proved equivalence)"), None);
    assert_eq!(found["equivalence_classes"]["formed"], json!(false));
    assert!(without.stderr.contains("(proved equivalence): not run; --equivalence-classes"), "{}", without.stderr);
    let mistaken = run(&[&arguments[..], &["--metrics", "text", "--equivalence-classes"]].concat());
    assert_eq!(mistaken.code, Some(2));
    assert!(mistaken.stderr.contains("add type_check"), "{}", mistaken.stderr);
}

#[test]
fn runs_are_compared_problem_by_problem() {
    let gold: Vec<Value> = problems()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|p| json!({"id": p["id"], "code": p["formal"]}))
        .collect();
    let worse: Vec<Value> = gold.iter().map(|p| json!({"id": p["id"], "code": "theorem t : True := sorry"})).collect();
    let (_directory, paths) =
        files(&[("set.jsonl", problems()), ("ours.jsonl", lines(&gold)), ("theirs.jsonl", lines(&worse[..3]))]);
    let arguments =
        ["eval", "--metrics", "bleu,exact_match", "--data", text(&paths[0]), "--predictions", text(&paths[1])];
    let found = report(&end(bare().args(arguments).args(["--compare", text(&paths[2])]), b""));
    let exact = &found["comparison"]["signals"]["exact_match"];
    // Their unanswered problem counts as failed.
    assert_eq!((&exact["problems"], &exact["difference"]), (&json!(4), &json!(1.0)));
    assert_eq!((&exact["only_theirs"], exact["mcnemar_p"].as_f64()), (&json!(0), Some(0.25)));
    assert_eq!(exact["only_ours"], json!(3), "McNemar counts answers that were given");
}

#[test]
fn agreement_with_labels_is_perfect_for_a_perfect_signal() {
    let pairs: Vec<Value> = (0..40)
        .map(|i| {
            let (a, same) = (format!("theorem a (n : Nat) : n + {i} = {i} + n := sorry"), i % 2 == 0);
            let b = if same { a.replace("theorem a", "theorem b") } else { "theorem b : True := sorry".to_owned() };
            json!({"id": i.to_string(), "a": a, "b": b, "equivalent": same})
        })
        .collect();
    let (_directory, paths) = files(&[("labels.jsonl", lines(&pairs))]);
    let arguments = ["eval", "agreement", "--labels", text(&paths[0]), "--metrics", "bleu,exact_match", "--folds", "5"];
    let ended = end(bare().args(arguments), b"");
    let found = report(&ended);
    for signal in ["bleu", "exact_match"] {
        assert_eq!(found["signals"][signal]["kappa"], json!(1.0), "{signal}: {found}");
        assert_eq!(found["signals"][signal]["true_positive"], json!(20));
    }
    assert!(found["signals"]["exact_match"]["thresholds"].is_null());
    assert!(ended.stderr.contains("40 pairs, 20 called equivalent"), "{}", ended.stderr);
}

#[test]
fn mistakes_are_explained() {
    let (_directory, paths) = files(&[
        ("set.jsonl", problems()),
        ("strangers.jsonl", lines(&[json!({"id": "x", "code": "theorem t : True"})])),
        (
            "mathlib.jsonl",
            lines(&[json!({"name": "a", "header": "import Mathlib", "formal_statement": "theorem a : True := sorry"})]),
        ),
        ("a.jsonl", lines(&[json!({"id": "a", "code": "theorem t : True := sorry"})])),
    ]);
    let set = text(&paths[0]);
    let mistaken = |arguments: &[&str], words: &str| {
        let ended = end(bare().arg("eval").args(arguments), b"");
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    };
    let strangers = text(&paths[1]);
    mistaken(&["--data", set, "--predictions", strangers], "--field id=NAME");
    mistaken(&["--data", set, "--predictions", strangers, "--metrics", "blue"], "unknown metric `blue`");
    mistaken(&["--data", set, "--predictions", strangers, "--by", "author"], "one of concept, source");
    mistaken(&["--data", "proofnet", "--predictions", strangers], "download it");
    mistaken(&["--data", set, "--predictions", "nowhere.jsonl"], "no such file");
    mistaken(&["--data", set], "--predictions");
    // A set that needs Mathlib is scored as text, and says so.
    let ended = end(bare().args(["eval", "--data", text(&paths[2]), "--predictions", text(&paths[3])]), b"");
    assert!(ended.stderr.contains("import Mathlib") && ended.stderr.contains("Lean is not asked"), "{}", ended.stderr);
    assert_eq!(report(&ended)["signals"].get("type_check"), None);
}

#[test]
fn the_library_is_built_in_and_a_lean_file_is_a_record() {
    let lean = "import AfCore.Logic\n\ntheorem one : ∃! n : Nat, n = 1 := ⟨1, rfl, fun _ h => h⟩\n";
    let (_directory, paths) = files(&[("one.lean", lean.to_owned())]);
    let ended = run(&["verify", text(&paths[0]), "--format", "jsonl", "--quiet"]);
    let results = ended.results();
    assert_eq!((&results[0]["id"], &results[0]["verdict"]), (&json!("one"), &json!("accepted")), "{ended:?}");
}
