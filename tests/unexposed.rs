//! Proofs that native Lean accepts and this library cannot check, because a definition's body is not shipped: undecided,
//! with the definition named. Honest failures beside them stay rejections.

#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{judge, records, verdict};

/// The definition that the detail names, text.
const MISSING_BODY: [(&str, &str); 9] = [
    ("String.isEmpty", "example : \"abc\".isEmpty = false := by rfl"),
    ("String.isEmpty", "theorem t : \"abc\".isEmpty = false := rfl"),
    ("Nat.repr", "example : toString 5 = \"5\" := by exact rfl"),
    ("Array.range", "example : Array.range 3 = #[0, 1, 2] := by rfl"),
    ("Array.mapM", "theorem t : #[1, 2].map (· + 1) = #[2, 3] := by decide"),
    ("String.isEmpty", "example (s : String) (h : s.isEmpty = true) : s.utf8ByteSize == 0 := h"),
    ("Nat.gcd", "theorem t (a : Nat) : Nat.gcd 0 a = a := by unfold Nat.gcd; simp"),
    ("Nat.gcd", "theorem t (a : Nat) : Nat.gcd 0 a = a := by rw [Nat.gcd.eq_1]; simp"),
    ("Nat.repr", "theorem t (x : Fin (Nat.repr 5).length) : x = (0 : Fin 1) := by omega"),
];

#[test]
fn a_body_that_is_not_there_leaves_a_text_undecided() {
    let texts: Vec<&str> = MISSING_BODY.iter().map(|(_, text)| *text).collect();
    for ((definition, text), result) in MISSING_BODY.iter().zip(judge(&records(&texts), &[])) {
        assert_eq!(verdict(&result), "undecided unsupported", "{text}: {result}");
        let detail = result["detail"].as_str().unwrap();
        assert!(detail.contains(definition), "{text}: {detail}");
    }
}

#[test]
fn failures_that_no_body_could_mend_are_rejections() {
    for (expected, text) in [
        ("rejected proof/type_mismatch", "theorem t (xs : List Nat) : xs.length = 0 := rfl"),
        ("rejected proof/tactic_failed", "theorem t (n : Int) : n * n = n := by rfl"),
        ("rejected proof/unsolved_goals", "theorem t (xs : List Nat) : xs ++ [] = xs ++ xs := by simp"),
        ("rejected proof/tactic_failed", "theorem t : Nat.gcd 12 18 = 5 := by decide"),
        ("rejected proof/type_mismatch", "theorem t (p q : Prop) (hp : p) : p ∧ q := ⟨hp, hp⟩"),
    ] {
        let result = &judge(&records(&[text]), &[])[0];
        assert_eq!(verdict(result), expected, "{text}: {result}");
    }
}

#[test]
fn what_the_kernel_computes_and_what_is_exposed_is_proved() {
    for text in ["example : Nat.gcd 12 18 = 6 := by decide", "example : \"ab\" ++ \"c\" = \"abc\" := rfl"] {
        let result = &judge(&records(&[text]), &[])[0];
        assert_eq!(verdict(result), "accepted replay", "{text}: {result}");
    }
}
