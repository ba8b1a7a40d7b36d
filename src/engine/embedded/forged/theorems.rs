//! Theorems that prove nothing: of `False`, by values of another type, by themselves, by terms that are none.

use super::{Forgery, all_refused, forgery};

/// No honest text is needed.
const NONE: &str = "";

const MISMATCH: &str = "declaration type mismatch";
const UNKNOWN: &str = "unknown constant";
const FUNCTION: &str = "function expected";
const APPLICATION: &str = "application type mismatch";
const LOOSE: &str = "loose bound variable";
const LEVEL: &str = "universe level";

#[test]
fn theorems_without_a_proof_are_refused() {
    let table: Vec<Forgery> = vec![
        forgery("False by True.intro", NONE, |w| w.theorem("t", "False", "True.intro"), "t", MISMATCH),
        forgery("False by a number", NONE, |w| w.theorem("t", "False", "0"), "t", MISMATCH),
        forgery(
            "a value of another statement",
            NONE,
            |w| {
                w.theorem("t", "(Eq.{1} Nat 1 2)", "(Eq.refl.{1} Nat 1)");
            },
            "t",
            MISMATCH,
        ),
        forgery("itself as its proof", NONE, |w| w.theorem("t", "False", "t"), "t", UNKNOWN),
        forgery(
            "two theorems that prove each other",
            NONE,
            |w| {
                w.theorem("a", "False", "b");
                w.theorem("b", "False", "a");
            },
            "b",
            UNKNOWN,
        ),
        forgery(
            "a circle through a definition",
            NONE,
            |w| {
                w.theorem("a", "False", "(d True.intro)");
                w.definition("d", "(pi True False)", "(fun True a)");
            },
            "d",
            UNKNOWN,
        ),
        forgery(
            "a circle through a statement",
            NONE,
            |w| {
                w.theorem("a", "(Eq.{1} Nat d 1)", "(Eq.refl.{1} Nat 1)");
                w.definition("d", "Nat", "(fun (Eq.{1} Nat a a) 1)");
            },
            "d",
            UNKNOWN,
        ),
        forgery("an unknown constant", NONE, |w| w.theorem("t", "False", "ghost"), "t", UNKNOWN),
        forgery(
            "an unknown structure",
            NONE,
            |w| w.theorem("t", "False", "(. Ghost 0 True.intro)"),
            "t",
            "invalid projection",
        ),
        forgery("a loose variable as the proof", NONE, |w| w.theorem("t", "False", "#0"), "t", LOOSE),
        forgery(
            "a loose variable below a binder",
            NONE,
            |w| {
                w.theorem("t", "(pi True False)", "(fun True #1)");
            },
            "t",
            LOOSE,
        ),
        forgery("a loose variable in the statement", NONE, |w| w.theorem("t", "(pi True #1)", "0"), "t", LOOSE),
        forgery("the largest loose variable", NONE, |w| w.theorem("t", "False", "#1048574"), "t", LOOSE),
        forgery(
            "an undeclared universe in the statement",
            NONE,
            |w| {
                w.theorem("t", "(pi Sort.{u} True)", "(fun Sort.{u} True.intro)");
            },
            "t",
            LEVEL,
        ),
        forgery(
            "an undeclared universe in the proof",
            NONE,
            |w| {
                w.theorem("t", "True", "((fun Sort.{u+1} True.intro) Sort.{u})");
            },
            "t",
            LEVEL,
        ),
        forgery(
            "one universe parameter twice",
            NONE,
            |w| {
                w.theorem_at("t", "u u", "True", "True.intro");
            },
            "t",
            LEVEL,
        ),
        forgery(
            "too many universe levels",
            NONE,
            |w| {
                w.theorem("t", "True", "((fun (Eq.{1} Nat 1 1) True.intro) (Eq.refl.{1,1} Nat 1))");
            },
            "t",
            LEVEL,
        ),
        forgery(
            "too few universe levels",
            NONE,
            |w| {
                w.theorem("t", "True", "((fun (Eq.{1} Nat 1 1) True.intro) (Eq.refl Nat 1))");
            },
            "t",
            LEVEL,
        ),
        forgery("a number applied", NONE, |w| w.theorem("t", "False", "(Nat.zero True.intro)"), "t", FUNCTION),
        forgery(
            "an argument of another type",
            NONE,
            |w| {
                w.theorem("t", "False", "(False.elim.{0} False True.intro)");
            },
            "t",
            APPLICATION,
        ),
        forgery(
            "a binder over no type",
            NONE,
            |w| w.theorem("t", "(pi 0 True)", "(fun 0 True.intro)"),
            "t",
            "type expected",
        ),
        forgery("a statement that is data", NONE, |w| w.theorem("t", "Nat", "0"), "t", "not a proposition"),
        forgery("a statement that is no type", NONE, |w| w.theorem("t", "Nat.zero", "0"), "t", "not a proposition"),
        forgery(
            "a let with a value of another type",
            NONE,
            |w| {
                w.theorem("t", "False", "(let False True.intro #0)");
            },
            "t",
            "type mismatch",
        ),
        forgery("a projection of no structure", NONE, |w| w.theorem("t", "False", "(. Nat 0 0)"), "t", "projection"),
        forgery(
            "a projection out of range",
            NONE,
            |w| {
                w.theorem("t", "False", "(. And 2 (And.intro True True True.intro True.intro))");
            },
            "t",
            "projection",
        ),
        forgery(
            "a projection of another structure",
            NONE,
            |w| {
                w.theorem("t", "True", "(. Iff 0 (And.intro True True True.intro True.intro))");
            },
            "t",
            "projection",
        ),
        forgery(
            "a witness taken out of a proof",
            "theorem e : ∃ n : Nat, n = 0 := ⟨0, rfl⟩",
            |w| {
                w.definition("n", "Nat", "(. Exists 0 e)");
                w.theorem("t", "(Eq.{1} Nat n n)", "(Eq.refl.{1} Nat n)");
            },
            "n",
            "projection",
        ),
        forgery(
            "data taken to be irrelevant like proofs",
            NONE,
            |w| {
                w.theorem("t", "(Eq.{1} Bool Bool.true Bool.false)", "(Eq.refl.{1} Bool Bool.true)");
            },
            "t",
            MISMATCH,
        ),
        forgery(
            "two numbers taken to be one",
            NONE,
            |w| {
                w.theorem("t", "(Eq.{1} Nat 4294967295 4294967294)", "(Eq.refl.{1} Nat 4294967295)");
            },
            "t",
            MISMATCH,
        ),
        forgery(
            "two texts taken to be one",
            NONE,
            |w| {
                w.theorem("t", "(Eq.{1} String \"a\" \"b\")", "(Eq.refl.{1} String \"a\")");
            },
            "t",
            MISMATCH,
        ),
        forgery(
            "a data universe out of a proof of Or",
            NONE,
            |w| {
                w.theorem(
                    "t",
                    "(pi (Or True True) Nat)",
                    "(fun (Or True True) (Or.rec.{1} True True (fun (Or True True) Nat) (fun True 0) (fun True 1) #0))",
                );
            },
            "t",
            "not a proposition",
        ),
        forgery(
            "compiled code asked for an answer",
            "def c : Bool := false",
            |w| {
                w.theorem("t", "(Eq.{1} Bool (Lean.reduceBool c) Bool.true)", "(Eq.refl.{1} Bool Bool.true)");
            },
            "t",
            "unknown declaration",
        ),
    ];
    all_refused(&table, 30);
}

#[test]
fn what_honest_text_became_after_its_elaboration_is_refused() {
    const TWO: &str = "theorem a (p q : Prop) (h : p ∧ q) : q ∧ p := ⟨h.2, h.1⟩\ntheorem b : 1 + 1 = 2 := rfl";
    let table: Vec<Forgery> = vec![
        forgery("its statement replaced", TWO, |w| w.set_type("b", "False"), "b", MISMATCH),
        forgery("its proof replaced", TWO, |w| w.set_value("a", "True.intro"), "a", MISMATCH),
        forgery(
            "its proof and another's swapped",
            TWO,
            |w| {
                let (a, b) = (w.get("a").value(), w.get("b").value());
                for (name, value) in [("a", b), ("b", a)] {
                    let mut constant = w.get(name);
                    constant.kind = crate::lean::kernel::Kind::Theorem { value: value.expect("a proof") };
                    w.put(constant);
                }
            },
            "a",
            MISMATCH,
        ),
        forgery(
            "a helper weakened behind its user",
            "theorem h : True := trivial\ntheorem t : True := h",
            |w| {
                w.set_type("h", "False");
                w.set_type("t", "False");
            },
            "h",
            MISMATCH,
        ),
        forgery(
            "a false helper that comes later",
            "theorem t : True := trivial",
            |w| {
                w.theorem("z_helper", "False", "True.intro");
                w.theorem("t", "False", "z_helper");
            },
            "z_helper",
            MISMATCH,
        ),
        forgery(
            "a definition that means something else",
            "def n : Nat := 1\ntheorem t : n = 1 := rfl",
            |w| {
                w.set_value("n", "2");
            },
            "t",
            MISMATCH,
        ),
        forgery(
            "a decision turned round",
            "theorem t : decide (2 < 3) = true := rfl",
            |w| {
                w.set_value("t", "(Eq.refl.{1} Bool Bool.false)");
            },
            "t",
            MISMATCH,
        ),
    ];
    all_refused(&table, 7);
}
