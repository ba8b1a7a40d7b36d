//! How a text is read: where it lies in an output, where its errors are, what counts as stated, proved and permitted,
//! and where its modules come from.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{arg, errors, judge, judge_one, records, verdict, write};
use serde_json::json;

/// The verdict of each text under `args` is the expected one.
fn expect(args: &[&str], cases: &[(&str, &str)]) {
    let codes: Vec<&str> = cases.iter().map(|(code, _)| *code).collect();
    for ((code, expected), result) in cases.iter().zip(judge(&records(&codes), args)) {
        assert_eq!(verdict(&result), *expected, "{args:?} {code}\n{result}");
    }
}

/// An error in the last line of the Lean, at the place of `nope`, in outputs of several shapes.
#[test]
fn errors_are_where_they_are_in_the_output() {
    let cases = [
        ("theorem t : 1 = 1 := by\n  exact nope\n", 2, 8),
        ("\u{feff}theorem t : 1 = 1 := nope\n", 1, 22),
        ("theorem t : 1 = 1 := by\r\n  exact nope\r\n", 2, 8),
        ("Sure:\n\n```lean\ntheorem t : 1 = 1 := by\n  exact nope\n```\nDone.", 5, 8),
        ("```lean\ntheorem a : 1 = 1 := rfl\n```\nThen\n```lean4\ntheorem t : 1 = 1 := nope\n```", 6, 21),
        ("\u{feff}Text 𝔸\r\n```lean\r\ntheorem t : 1 = 1 := by\r\n  exact nope\r\n```\r\n", 4, 8),
        // Columns are code points, whatever their bytes.
        ("theorem «𝔸𝔹» (𝓍 : Nat) : 𝓍 = 𝓍 := nope\n", 1, 34),
        ("/- 𝔸𝔹 🎲 -/ theorem t : 1 = 1 := nope\n", 1, 32),
        ("theorem t : 1 = 1 := /- é -/ nope<|im_end|>", 1, 29),
        ("  theorem t : 1 = 1 :=\n    by exact nope", 2, 13),
    ];
    let codes: Vec<&str> = cases.iter().map(|(code, ..)| *code).collect();
    for ((code, line, column), result) in cases.iter().zip(judge(&records(&codes), &[])) {
        assert_eq!(verdict(&result), "rejected proof/unknown_identifier", "{code:?} {result}");
        let (found_line, found_column, text) = &errors(&result)[0];
        assert_eq!((found_line, found_column), (line, column), "{code:?}: {text}");
    }
}

#[test]
fn ends_of_messages_are_in_the_output_too() {
    let code = "theorem t : 1 = 1 := by\n  exact nope\n";
    let message = &judge_one(code, &[])["messages"][0];
    assert_eq!((&message["endLine"], &message["endColumn"]), (&json!(2), &json!(12)), "{message}");
    // The body that completes a statement is behind the end of the text; nothing is reported there.
    for code in [
        "theorem t : 1 = Nat.nope",
        "theorem t : 1 = Nat.nope :=",
        "theorem t : 1 = Nat.nope := by\n",
        "theorem t : 1 = Nat.nope := by sorry",
    ] {
        let result = judge_one(code, &[]);
        assert_eq!(verdict(&result), "rejected statement/unknown_identifier", "{result}");
        assert_eq!(result["mode"], "statement");
        assert_eq!((errors(&result)[0].0, errors(&result)[0].1), (1, 16), "{code}");
        for message in result["messages"].as_array().unwrap() {
            assert!(message["endColumn"].as_u64().unwrap() <= code.chars().count() as u64, "{code}: {message}");
        }
    }
}

#[test]
fn errors_of_the_header_are_marked_and_keep_their_own_lines() {
    let header = "open Nat\nopen Nowhere\n";
    let code = "theorem t : 1 = 1 := nope\n";
    let records =
        [json!({"header": header, "code": code}), json!({"code": code}), json!({"header": "open Nat", "code": code})];
    let results = judge(&records, &[]);
    assert_eq!(verdict(&results[0]), "rejected statement/unknown_identifier");
    let messages = results[0]["messages"].as_array().unwrap();
    let places: Vec<_> = messages.iter().map(|m| (m["line"].as_u64(), m["in_header"].as_bool())).collect();
    assert_eq!(places, [(Some(2), Some(true)), (Some(1), None)]);
    assert_eq!((errors(&results[2])[0].0, errors(&results[2])[0].1), (1, 21));
    let with_flag = judge(&records[1..2], &["--header", header]);
    assert_eq!(with_flag[0]["messages"], results[0]["messages"]);
}

#[test]
fn a_header_is_used_and_does_not_count_as_the_candidates() {
    let code = "theorem t : twice 2 = 4 := rfl\n";
    let header = "def twice (n : Nat) : Nat := n + n\n";
    let results = judge(&[json!({"header": header, "code": code}), json!({"code": code})], &[]);
    assert_eq!(verdict(&results[0]), "accepted replay");
    assert!(verdict(&results[1]).starts_with("rejected statement/"), "{}", results[1]);
}

#[test]
fn sorry_by_intent_states_and_another_one_fails() {
    expect(
        &[],
        &[
            ("theorem t (n : Nat) : n < 100 := by sorry", "accepted statement"),
            ("theorem t (n : Nat) : n < 100 := sorry", "accepted statement"),
            ("theorem t (n : Nat) : n < 100", "accepted statement"),
            ("theorem t (n : Nat) : n < 100 := by", "accepted statement"),
            ("theorem t (n : Nat) : n < 100 := by\n  have := n\n  sorry", "rejected no_sorry/sorry"),
            ("theorem t : 1 = 1 ∧ 2 = 3 := ⟨rfl, sorry⟩", "rejected no_sorry/sorry"),
            ("theorem a : 1 = 2 := sorry\ntheorem t : 1 = 2 := a", "rejected no_sorry/sorry"),
            ("def x : Nat := sorry\ntheorem t : x = x := rfl", "rejected no_sorry/sorry"),
            ("theorem t : 1 = 2 := by admit", "rejected no_sorry/sorry"),
            ("theorem t : 1 = 2 := sorryAx _ false", "rejected no_sorry/sorry"),
            ("example : 1 = 2 := by\n  have : 1 = 2 := sorry\n  exact this", "rejected no_sorry/sorry"),
            ("macro \"done!\" : tactic => `(tactic| sorry)\nexample : 1 = 2 := by done!", "rejected no_sorry/sorry"),
            ("instance : Inhabited Empty := ⟨sorry⟩\ntheorem t : 1 = 1 := rfl", "rejected no_sorry/sorry"),
        ],
    );
}

#[test]
fn the_mode_can_be_chosen() {
    let broken = "theorem t : 1 = 2 := by\n  omega";
    expect(
        &["--mode", "statement"],
        &[
            (broken, "accepted statement"),
            ("theorem t : 1 = 2 := rfl", "accepted statement"),
            ("theorem t : 1 = 2 := nope", "accepted statement"),
            ("theorem t : 1 = 2 := by sorry", "accepted statement"),
            ("theorem t : 1 = 1 := rfl", "accepted statement"),
            ("theorem t : 1 = Nat.nope := rfl", "rejected statement/unknown_identifier"),
            ("theorem t : 1 = := rfl", "rejected parsed/syntax"),
        ],
    );
    expect(
        &["--mode", "proof"],
        &[
            ("theorem t : 1 = 2 := by sorry", "rejected no_sorry/sorry"),
            (broken, "rejected proof/tactic_failed"),
            ("theorem t : 1 = 2 := rfl", "rejected proof/type_mismatch"),
            ("def x := 1", "rejected proof/nothing_proved"),
        ],
    );
}

#[test]
fn the_rung_that_counts_can_be_chosen() {
    let sorry = "theorem t : 1 = 1 ∧ 2 = 3 := ⟨rfl, sorry⟩";
    let axiom = "axiom a : 1 = 2\ntheorem t : 1 = 2 := a";
    let broken = "theorem t : 1 = 2 := by\n  omega";
    expect(
        &["--require", "proof"],
        &[(sorry, "accepted proof"), (axiom, "accepted no_sorry"), (broken, "rejected proof/tactic_failed")],
    );
    expect(&["--require", "no_sorry"], &[(sorry, "rejected no_sorry/sorry"), (axiom, "accepted no_sorry")]);
    expect(&["--require", "axioms"], &[(axiom, "rejected axioms/axiom")]);
    expect(
        &["--permit-axiom", "a"],
        &[(axiom, "accepted replay"), (&axiom.replace('a', "b"), "rejected statement/unknown_identifier")][..1],
    );
    expect(&["--permit-axiom", "other"], &[(axiom, "rejected axioms/axiom")]);
}

#[test]
fn axioms_are_found_wherever_they_hide() {
    expect(
        &[],
        &[
            ("axiom foo : False\nexample : 1 = 2 := foo.elim", "rejected axioms/axiom"),
            ("axiom foo : False\nprivate theorem t : 1 = 2 := foo.elim", "rejected axioms/axiom"),
            ("namespace A\naxiom foo : False\nend A\ntheorem t : 1 = 2 := A.foo.elim", "rejected axioms/axiom"),
            ("axiom «Classical.choice» : False\ntheorem t : 1 = 2 := «Classical.choice».elim", "rejected axioms/axiom"),
            ("axiom «propext» : False\ntheorem t : 1 = 2 := propext.elim", "rejected statement/already_declared"),
            (
                "namespace Classical\naxiom choice2 : False\nend Classical\ntheorem t : 1 = 2 := Classical.choice2.elim",
                "rejected axioms/axiom",
            ),
            ("namespace A\naxiom propext : False\ntheorem t : 1 = 2 := propext.elim\nend A", "rejected axioms/axiom"),
            ("axiom Quot.sound' : False\ntheorem t : 1 = 2 := Quot.sound'.elim", "rejected axioms/axiom"),
            ("private axiom propext : False\ntheorem t : 1 = 2 := propext.elim", "rejected statement/already_declared"),
            ("theorem t : True := trivial\naxiom unused : False", "rejected axioms/axiom"),
            ("open Classical in\ntheorem t (p : Prop) : p ∨ ¬p := em p", "accepted replay"),
            ("theorem t (p q : Prop) (h : p ↔ q) : p = q := propext h", "accepted replay"),
            (
                "theorem t : 1 = 2 := by exact (Lean.ofReduceBool (Nat.beq 1 2) true rfl) ▸ rfl",
                "rejected proof/type_mismatch",
            ),
            (
                "unsafe def u : Nat := 1\n@[implemented_by u] opaque v : Nat\ntheorem t : v = v := rfl",
                "accepted replay",
            ),
            ("opaque p : False\ntheorem t : 1 = 2 := p.elim", "rejected statement/missing_instance"),
            (
                "instance : Inhabited False := ⟨sorry⟩\nopaque p : False\ntheorem t : 1 = 2 := p.elim",
                "rejected no_sorry/sorry",
            ),
            ("unsafe def loop : False := loop\ntheorem t : 1 = 2 := loop.elim", "rejected proof/kernel"),
            (
                "partial def loop : Nat → False := fun n => loop n\ntheorem t : 1 = 2 := (loop 0).elim",
                "rejected statement/elaboration",
            ),
        ],
    );
    // The look-alike is told from the axiom by its guillemets.
    let code = "axiom «Classical.choice» : False\ntheorem t : 1 = 2 := «Classical.choice».elim";
    assert_eq!(judge_one(code, &[])["axioms"], json!(["«Classical.choice»"]));
    let permitted = judge_one(code, &["--permit-axiom", "«Classical.choice»"]);
    assert_eq!(verdict(&permitted), "accepted replay");
    let result = judge_one("theorem t (p : Prop) [Nonempty p] : p := Classical.choice inferInstance", &[]);
    assert_eq!(result["axioms"], json!(["Classical.choice"]));
}

#[test]
fn names_and_sections() {
    expect(
        &[],
        &[
            ("private theorem t : 1 = 1 := rfl", "accepted replay"),
            ("namespace A.B\ntheorem t : 1 = 1 := rfl\nend A.B\ntheorem u : 1 = 1 := A.B.t", "accepted replay"),
            ("namespace A\ntheorem _root_.t : 1 = 1 := rfl\nend A\ntheorem u : 1 = 1 := t", "accepted replay"),
            ("namespace A\nprivate theorem t : 1 = 1 := rfl\ntheorem u : 1 = 1 := t\nend A", "accepted replay"),
            ("namespace A\nprotected theorem t : 1 = 1 := rfl\nend A\ntheorem u : 1 = 1 := A.t", "accepted replay"),
            ("theorem «a name. with dots» : 1 = 1 := rfl", "accepted replay"),
            ("namespace A\ntheorem t : 1 = 1 := rfl", "accepted replay"),
            ("theorem t : 1 = 1 := rfl\nend", "rejected statement/elaboration"),
            ("theorem t : 1 = 1 := rfl\nend A", "rejected statement/elaboration"),
            ("theorem t (x : α) : x = x := rfl", "accepted replay"),
            (
                "set_option autoImplicit false\ntheorem t (x : α) : x = x := rfl",
                "rejected statement/unknown_identifier",
            ),
            ("mutual\ntheorem a : 1 = 1 := rfl\ntheorem b : 2 = 2 := rfl\nend", "accepted replay"),
            ("open Nat in\nexample : 1 = 1 := rfl", "accepted replay"),
            ("example : 1 = 1 := rfl\nexample : 1 = 2 := by decide", "rejected proof/tactic_failed"),
            ("-- nothing but a comment", "rejected statement/nothing_declared"),
            ("#check Nat", "rejected statement/nothing_declared"),
        ],
    );
    let result =
        judge_one("namespace A\ntheorem _root_.t : 1 = 1 := rfl\nprivate theorem u : 1 = 1 := rfl\nend A", &[]);
    assert_eq!(result["declarations"], json!(["t", "A.u"]));
}

#[test]
fn fences() {
    expect(
        &[],
        &[
            ("```lean\ndef f := 1\n```\nand\n```lean\ntheorem t : f = 1 := rfl\n```", "accepted replay"),
            (
                "```lean\ntheorem t : 1 = 2 := rfl\n```\nBetter:\n```lean\ntheorem t : 1 = 1 := rfl\n```",
                "accepted replay",
            ),
            ("```\ntheorem t : 1 = 1 := rfl\n```", "accepted replay"),
            ("```python\nprint(1)\n```\n```lean\ntheorem t : 1 = 1 := rfl\n```", "accepted replay"),
            ("~~~lean\ntheorem t : 1 = 1 := rfl\n~~~", "accepted replay"),
            ("```python\nprint(1)\n```", "rejected parsed/empty"),
            ("I cannot do that.", "rejected parsed/empty"),
            ("", "rejected parsed/empty"),
            (" \n\t\n", "rejected parsed/empty"),
        ],
    );
}

#[test]
fn imports() {
    expect(
        &[],
        &[
            (
                "import Std.Data.HashMap\ntheorem t (m : Std.HashMap Nat Nat) : (m.insert 1 2)[1]? = some 2 := by simp",
                "accepted replay",
            ),
            ("import Std.Data.HashMap\n-- Std.HashMap is not in Init\ntheorem t : 1 = 1 := rfl", "accepted replay"),
            ("theorem t (m : Std.HashMap Nat Nat) : m = m := rfl", "rejected statement/unknown_identifier"),
            ("import Mathlib\ntheorem t : 1 = 1 := rfl", "undecided unsupported"),
            ("import No.Such.Module\ntheorem t : 1 = 1 := rfl", "undecided unsupported"),
            ("import ../../etc/passwd\ntheorem t : 1 = 1 := rfl", "rejected parsed/syntax"),
            ("prelude\ntheorem t : True := True.intro", "undecided unsupported"),
            ("theorem t : 1 = 1 := rfl\nimport Std", "rejected statement/elaboration"),
        ],
    );
}

#[test]
fn library_sources() {
    let directory = common::directory();
    let (root, outside) = (directory.path().join("library"), "theorem secret : 1 = 1 := rfl\n");
    write(&root, "Small/Basic.lean", "import Std.Data.HashMap\n\ndef Small.twice (n : Nat) : Nat := n + n\n");
    write(
        &root,
        "Small.lean",
        "import Small.Basic\n\ntheorem Small.twice_eq (n : Nat) : Small.twice n = 2 * n := by\n  unfold Small.twice; omega\n",
    );
    write(&root, "Round.lean", "import Round.About\n");
    write(&root, "Round/About.lean", "import Round\n");
    write(&root, "Broken.lean", "theorem broken : 1 = 1 := rfl\n\ntheorem wrong : 1 = 2 := by\n  omega\n");
    write(&root, "Gap.lean", "theorem gap : 1 = 2 := sorry\n");
    write(&root, "Missing.lean", "import Small.Nowhere\n");
    write(directory.path(), "Outside.lean", outside);
    let library = ["--lib", arg(&root)];
    let codes = [
        "import Small\ntheorem t : Small.twice 3 = 6 := by rw [Small.twice_eq]",
        "import Small.Basic\ntheorem t : Small.twice 3 = 6 := rfl",
        "import Small.Basic\ntheorem t : Small.twice 3 = 6 := by rw [Small.twice_eq]",
        "import Small\ntheorem Small.twice_eq : 1 = 1 := rfl",
        "import Round\ntheorem t : 1 = 1 := rfl",
        "import Broken\ntheorem t : 1 = 1 := rfl",
        "import Gap\ntheorem t : 1 = 2 := gap",
        "import Gap\ntheorem t : 1 = 1 := rfl",
        "import Missing\ntheorem t : 1 = 1 := rfl",
        "import «../Outside»\ntheorem t : 1 = 1 := secret",
        "theorem t : 1 = 1 := rfl",
    ];
    let results = judge(&records(&codes), &library);
    let verdicts: Vec<String> = results.iter().map(verdict).collect();
    let expected = [
        "accepted replay",
        "accepted replay",
        "rejected proof/unknown_identifier",
        "rejected statement/already_declared",
        "undecided unsupported",
        "undecided unsupported",
        "rejected no_sorry/sorry",
        "accepted replay",
        "undecided unsupported",
        "undecided unsupported",
        "accepted replay",
    ];
    assert_eq!(verdicts, expected);
    let detail = |i: usize| results[i]["detail"].as_str().unwrap();
    assert!(detail(4).contains("cycle") && detail(4).contains("Round"), "{}", detail(4));
    assert!(detail(5).contains("Broken:4:2"), "{}", detail(5));
    assert!(detail(8).contains("Small.Nowhere"), "{}", detail(8));
    assert_eq!(results[0]["declarations"], json!(["t"]), "the library's declarations are not the text's");

    let without = judge(&records(&codes[..1]), &[]);
    assert_eq!(verdict(&without[0]), "undecided unsupported");
    assert!(without[0]["detail"].as_str().unwrap().contains("--lib"), "{}", without[0]);

    // Another text of the library is another library.
    write(&root, "Small/Basic.lean", "def Small.twice (n : Nat) : Nat := n * 2\n");
    let changed =
        judge(&records(&["import Small.Basic\ntheorem t (n : Nat) : Small.twice n = n + n := rfl"]), &library);
    assert_ne!(changed[0]["verdict"], "accepted", "{}", changed[0]);
}
