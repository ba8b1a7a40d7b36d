//! Axioms behind something else. The kernel takes an axiom; what rests on it must say so, however far away it stands.

use super::Words;
use super::bench::on_a_bench;
use super::plant::Planter;
use crate::engine::embedded::audit;
use crate::lean::kernel::show_name;
use std::collections::HashSet;

/// The header: an axiom, and neighbours of it that the candidate only has to mention.
const HEADER: &str = "axiom cheat : False
axiom number : Nat";

/// Texts behind the header, and whether they rest on an axiom of it.
const HIDDEN: &[(&str, &[&str])] = &[
    ("theorem t : True := trivial", &[]),
    ("theorem t : 1 = 2 := cheat.elim", &["cheat"]),
    ("def d : 1 = 2 := cheat.elim\ntheorem t : 1 = 2 := d", &["cheat"]),
    ("opaque o : False := cheat", &["cheat"]),
    ("def p : Prop := number = 3\ntheorem t : p → True := fun _ => trivial", &["number"]),
    ("instance i : Decidable (1 = 2) := .isTrue cheat.elim", &["cheat"]),
    ("structure S where\n  x : Nat := number", &["number"]),
    ("structure S where\n  h : 1 = 2 := cheat.elim\ndef s : S := {}", &["cheat"]),
    ("class C where\n  h : 1 = 2\ninstance : C := ⟨cheat.elim⟩\ntheorem t : 1 = 2 := C.h", &["cheat"]),
    ("inductive I : Nat → Prop | mk : I number", &["number"]),
    ("inductive I (h : number = 3) : Type | mk", &["number"]),
    ("mutual\ninductive A : Type | a (b : B)\ninductive B : Type | b (h : number = 3)\nend", &["number"]),
    ("abbrev N := Fin number\ntheorem t (n : N) : n = n := rfl", &["number"]),
    ("theorem t : (fun (_ : number = number) => True) rfl := trivial", &["number"]),
    ("theorem t : True := let _ := number; trivial", &["number"]),
    ("theorem t : True := have : 1 = 2 := cheat.elim; trivial", &["cheat"]),
    ("def f : Nat → Nat | 0 => number | n + 1 => f n", &["number"]),
    (
        "def f (n : Nat) : Nat := if n = 0 then 0 else f (n - 1)\ntermination_by n\ndecreasing_by exact cheat.elim",
        &["cheat"],
    ),
    ("@[simp] theorem t : 1 = 2 := cheat.elim", &["cheat"]),
    ("private theorem h : False := cheat\ntheorem t : 1 = 2 := h.elim", &["cheat"]),
    ("theorem t : True := by\n  have h : 1 = 2 := by exact cheat.elim\n  trivial", &["cheat"]),
];

#[test]
fn an_axiom_of_the_header_is_found_wherever_it_is_used() {
    on_a_bench(|bench| {
        for (text, expected) in HIDDEN {
            let environment = bench.elaborate(HEADER);
            let base = bench.snapshot.base_constants.clone();
            let header =
                audit::added_constants(&mut bench.working, environment, &base).expect("the environment can be read");
            let base: HashSet<u32> = header.into_iter().collect();
            let environment = bench.continue_with(environment, text);
            let taken = bench.take(environment, &base);
            let found = taken.foundations();
            let mut axioms: Vec<String> = found.axioms.iter().map(|name| show_name(&taken.terms, *name)).collect();
            axioms.sort();
            assert_eq!(axioms, *expected, "{text}");
        }
    });
}

/// Planted without a text: the axiom is legal for the kernel, and named.
#[test]
fn a_planted_axiom_is_named() {
    type Row = (&'static str, fn(&mut Words));
    let rows: &[Row] = &[
        ("alone", |_| {}),
        ("behind a theorem", |w| w.theorem("t", "False", "hidden")),
        ("behind an opaque constant", |w| w.opaque("o", "False", "hidden")),
        ("behind a definition behind a theorem", |w| {
            w.definition("d", "False", "hidden");
            w.theorem("t", "False", "d");
        }),
        ("in the type of a constructor", |w| w.set_type("I.mk", "(pi (Eq.{0} False hidden hidden) I)")),
    ];
    on_a_bench(|bench| {
        for (what, forge) in rows {
            let environment = bench.elaborate("inductive I : Type | mk");
            let honest = bench.take(environment, &HashSet::new());
            let mut words = Words { terms: honest.terms, constants: honest.constants };
            words.axiom("hidden", "False");
            forge(&mut words);
            let snapshot = bench.snapshot.clone();
            let mut planter = Planter::on_imports(&mut bench.working, &snapshot);
            for constant in words.constants.values() {
                planter.plant(&words.terms, constant);
            }
            let environment = planter.environment();
            let taken = bench.take(environment, &HashSet::new());
            let axioms: Vec<String> = taken.foundations().axioms.iter().map(|n| show_name(&taken.terms, *n)).collect();
            assert_eq!(axioms, ["hidden"], "{what}");
        }
    });
}
