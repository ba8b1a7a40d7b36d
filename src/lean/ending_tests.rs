//! Tests of endings, completion and mode auto's rule. Owns its samples only.

use super::Ending::*;
use super::*;

#[test]
fn endings_of_single_declarations() {
    for (text, expected) in [
        ("theorem a (n : Nat) : ∃ k, f k n = 1", NoBody),
        ("theorem a : ∀ N, ∃ p, N < p ∧ P p :=", EmptyAssign),
        ("theorem a : p := by\n  -- left to the prover\n", EmptyBy),
        ("theorem a : p := by\n  sorry\n", Sorry),
        ("theorem a : p := sorry -- todo", Sorry),
        ("theorem a : p := by { sorry }", Sorry),
        ("theorem a : p := by\n  constructor\n  sorry", Body),
        ("theorem a : p := by\n  have h : q := by sorry\n  exact h", Body),
        ("theorem a : p := rfl", Body),
        ("theorem a : p := by?", Body),
        ("theorem a", Body),
        ("@[simp] private lemma a : p", NoBody),
        ("/-- doc: `theorem x : y := by simp` -/ theorem a : p", NoBody),
        ("open Nat in theorem a : p := by", EmptyBy),
        ("example : p := by sorry", Sorry),
        ("def f (x : Nat := 5) : Nat", NoBody),
        ("def f : Nat → Nat\n  | 0 => 0\n  | n + 1 => f n", Body),
        ("def f x := x", Body),
        ("instance : Add Nat where\n  add := sorry", Body),
        ("structure A where\n  x : Nat := sorry", Body),
        ("inductive A : Type\n  | a : A", Body),
        ("class A (x : Type) : Prop", Body),
        ("axiom a : p", Body),
        ("-- theorem a : p := by", NoDeclaration),
        ("open Nat\n#check 1", NoDeclaration),
        ("#exit\ntheorem a : p := by sorry", NoDeclaration),
        ("", NoDeclaration),
    ] {
        assert_eq!(ending(text), expected, "{text}");
    }
}

#[test]
fn types_with_assignments_bars_and_arrows() {
    for (text, expected) in [
        ("theorem a : let f := fun x => x + 1; f 1 = 2 := by sorry", Sorry),
        ("theorem a : let f : ℕ → ℕ := fun x ↦ x; have g := f\n f 1 = 2", NoBody),
        ("theorem a (x : ℝ) : |x - 1| < 2 → Monotone fun y => |y|", NoBody),
        ("theorem a : match n with | 0 => True | _ => False", NoBody),
        ("theorem a : Odd n ∨ b || c = true := sorry", Sorry),
        ("theorem a : {x | x = 1}.Nonempty := by", EmptyBy),
        ("theorem a : f (by decide : 0 < 1) = ⟨1, by simp⟩ :=", EmptyAssign),
        ("theorem a : \"begin := by -- \" = '\"'.toString := by", EmptyBy),
        ("theorem a : ∃ p, p ∣ n ∧ (∀ d, d ∣ p →", NoBody),
        ("theorem a (a b : Nat : a + b = b + a := by\n  omega\n", Body),
        ("theorem a (n : Nat) : n + 0 = n\n  by simp", Body),
        ("theorem a (h : x = 1) : xs[0]'h = 1 ∧ f x' = \"a\".x' := by", EmptyBy),
    ] {
        assert_eq!(ending(text), expected, "{text}");
    }
}

#[test]
fn the_last_declaration_counts_and_what_follows_matters() {
    for (text, expected) in [
        ("namespace A\ntheorem a : p := by\nend A\n-- end", EmptyBy),
        ("theorem a : p := by\n#check a", Body),
        ("theorem a : p := by sorry\n#print axioms a\nend A", Sorry),
        ("theorem a : p := by\nend A and that was it", Body),
        ("theorem a : p := by sorry\nstructure B where\n  x : Nat", Body),
        ("theorem a : p := by\n@[simp] theorem b : q := sorry", Sorry),
        ("import Mathlib open Nat theorem a : p := sorry private theorem b : q :=", EmptyAssign),
        ("theorem a : p := by\n  open Nat in\n  set_option x 1 in\n  simp", Body),
        ("mutual\n  def f : Nat := 1\n  theorem b : q\nend", NoBody),
        ("inductive D where\n  | a\n  deriving Repr\n\nderiving instance BEq for D", Body),
        ("attribute [local instance] foo in\ntheorem a : p", NoBody),
        ("macro \"theorem\" : tactic => `(tactic| sorry)\ntheorem a : p := by", EmptyBy),
    ] {
        assert_eq!(ending(text), expected, "{text}");
    }
}

#[test]
fn completion_changes_nothing_before_it() {
    for (text, expected) in [
        ("theorem a : p -- why\n\nend A\n", Some("theorem a : p := by sorry -- why\n\nend A\n")),
        ("theorem a : p :=\r\n", Some("theorem a : p := by sorry\r\n")),
        ("theorem a : p := by\n  /- ? -/", Some("theorem a : p := by sorry\n  /- ? -/")),
        ("theorem a : ⌊x⌋ = «é»", Some("theorem a : ⌊x⌋ = «é» := by sorry")),
        ("theorem a : p := by sorry", None),
        ("theorem a : p := by\n#check a", None),
        ("def f := 1", None),
        ("", None),
    ] {
        assert_eq!(completed(text).as_deref(), expected, "{text}");
        if let Some(done) = completed(text) {
            assert_eq!(ending(&done), Sorry, "{done}");
        }
    }
}

#[test]
fn statements_and_proofs() {
    let (sorried, open, proof) = ("theorem a : p := by sorry\n", "theorem b : q := by\n", "theorem c : r := rfl\n");
    let definition = "def f : Nat := 5\n";
    for (text, auto, in_proofs, in_statements) in [
        (sorried.to_owned(), true, false, true),
        (open.to_owned(), true, true, true),
        (proof.to_owned(), false, false, false),
        (format!("{definition}{sorried}"), true, false, true),
        (format!("{sorried}{sorried}"), true, false, true),
        (format!("{sorried}{open}"), true, false, true),
        (format!("{proof}{sorried}"), false, false, true),
        (format!("{sorried}{proof}"), false, false, false),
        (format!("{sorried}{definition}"), false, false, true),
        (definition.to_owned(), false, false, true),
        ("def f : Nat := sorry".to_owned(), true, false, true),
        (format!("{open}#check b"), false, false, true),
        (String::new(), false, false, true),
    ] {
        let read = |hint| is_statement(&text, hint);
        assert_eq!((read(None), read(Some(true)), read(Some(false))), (auto, in_proofs, in_statements), "{text}");
    }
}

#[test]
fn the_example_outputs_resolve_to_their_modes() {
    let records = include_str!("../../examples/outputs.jsonl").lines();
    let records: Vec<serde_json::Value> = records.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(records.len() >= 90);
    for record in records {
        let text = crate::lean::lean_text(record["code"].as_str().unwrap()).text;
        let mode = if is_statement(&text, None) { "statement" } else { "proof" };
        assert_eq!(mode, record["expect"]["mode"], "{}", record["id"]);
    }
}

#[test]
fn hostile_text_takes_linear_time() {
    for piece in ["|", "(", ")", "theorem ", "let ", "theorem a : (p := by\n", "@[", "by ", "fun | "] {
        let text = piece.repeat(50_000);
        ending(&text);
        completed(&text);
    }
}
