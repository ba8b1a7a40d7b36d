//! Honest constants on the path of the forgeries: they must be accepted, or the refusals would mean nothing.

use super::bench::{Fate, on_a_bench};
use super::plant::Planter;
use crate::engine::embedded::trust::Taken;
use std::collections::HashSet;

/// The honest texts the tables start from, and one of everything else.
const HONEST: &[(&str, u32)] = &[
    ("theorem a (p q : Prop) (h : p ∧ q) : q ∧ p := ⟨h.2, h.1⟩\ntheorem b : 1 + 1 = 2 := rfl", 2),
    ("inductive T : Type | a | b (t : T)", 1),
    ("inductive V (α : Type) : Nat → Type | a : V α 0 | b (x : α) (t : V α 0) : V α 1", 1),
    ("inductive P : Prop | a | b", 1),
    ("inductive K : Nat → Prop | a : K 0", 1),
    ("mutual\ninductive A : Type | a | f (b : B)\ninductive B : Type | b | g (a : A)\nend", 2),
    ("inductive Rose (α : Type) | node (x : α) (children : List (Rose α))", 1),
    ("inductive U.{u, v} (α : Type u) (β : Type v) | mk (a : α)", 1),
    ("unsafe def boom : False := boom\ntheorem t : True := trivial", 1),
    ("partial def loop (n : Nat) : Nat := loop (n + 1)\ntheorem t : True := trivial", 1),
    ("opaque o : Nat := 3", 1),
    ("structure S where\n  x : Nat := 3\n  h : x = x := by rfl\ninstance : Inhabited S := ⟨{}⟩", 2),
    ("axiom a : 1 = 2\ntheorem t : 1 = 2 := a", 2),
    ("def f : Nat → Nat | 0 => 1 | n + 1 => (n + 1) * f n\ntheorem t : f 5 = 120 := by decide", 2),
    ("def q : Quot (fun a b : Nat => a % 2 = b % 2) := Quot.mk _ 3\ntheorem t : q = q := rfl", 2),
    ("theorem t : \"ab\".length = 2 := by decide\ntheorem n : 123456789012345678901234567890 > 5 := by decide", 2),
];

#[test]
fn honest_constants_are_accepted_when_planted() {
    on_a_bench(|bench| {
        for (text, least) in HONEST {
            let fate = bench.judge(text, &|_| {});
            let Fate::Accepted(report) = &fate else { panic!("{text}: {fate:?}") };
            assert!(report.checked() >= *least, "{text}: {report:?}");
        }
    });
}

#[test]
fn what_is_planted_is_what_was_elaborated() {
    on_a_bench(|bench| {
        for (text, _) in HONEST {
            let environment = bench.elaborate(text);
            let honest = bench.take(environment, &HashSet::new());
            let snapshot = bench.snapshot.clone();
            let mut planter = Planter::on_imports(&mut bench.working, &snapshot);
            for constant in honest.constants.values() {
                planter.plant(&honest.terms, constant);
            }
            let environment = planter.environment();
            let lean = &mut bench.working;
            let planted = Taken::read(honest.terms.clone(), lean, environment, &[], &snapshot, &HashSet::new());
            let planted = planted.expect("the environment can be read");
            assert_eq!(planted.constants, honest.constants, "{text}");
            assert_eq!(planted.roots, honest.roots, "{text}");
        }
    });
}

/// Over the honest constant, in the environment that the elaborator left.
#[test]
fn a_constant_planted_over_an_honest_one_is_refused() {
    on_a_bench(|bench| {
        let environment = bench.elaborate("theorem t : True := trivial");
        let mut words = super::Words::default();
        words.theorem("t", "False", "True.intro");
        let forged = words.get("t");
        let mut planter = Planter::on(&mut bench.working, environment);
        planter.plant(&words.terms, &forged);
        let environment = planter.environment();
        let taken = bench.take(environment, &HashSet::new());
        assert_eq!(taken.constants.len(), 1);
        assert!(matches!(bench.examine(taken), Fate::Refused(name, _) if name == "t"));
    });
}

/// The clean instance is the same before and after a refusal.
#[test]
fn a_refusal_leaves_nothing_behind() {
    on_a_bench(|bench| {
        let forged = bench.judge("theorem t : True := trivial", &|w| w.set_type("t", "False"));
        assert!(matches!(forged, Fate::Refused(..)));
        assert!(matches!(bench.judge("theorem t : True := trivial", &|_| {}), Fate::Accepted(_)));
    });
}
