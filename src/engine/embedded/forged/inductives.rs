//! Inductive types that would prove `False`, and types and constructors that do not belong together.

use super::{Forgery, all_refused, forgery};
use crate::lean::kernel::Kind;

/// One type, two constructors, the second recursive.
const T: &str = "inductive T : Type | a | b (t : T)";
/// With a parameter and with an index.
const V: &str = "inductive V (α : Type) : Nat → Type | a : V α 0 | b (x : α) (t : V α 0) : V α 1";
/// A neighbour to be nested in.
const NEIGHBOURS: &str = "inductive Box (α : Type) : Type | put (f : α → Nat)
def Not' (α : Type) : Prop := α → False
inductive T : Type | a | b (t : Nat)";
const TWO: &str = "mutual
inductive A : Type | a | f (b : B)
inductive B : Type | b | g (a : A)
end";

const POSITIVE: &str = "non positive";
const ANOTHER: &str = "the kernel makes another constant";

#[test]
fn inductive_types_that_would_prove_false_are_refused() {
    let table: Vec<Forgery> = vec![
        forgery("itself to the left of an arrow", T, |w| w.set_type("T.b", "(pi (pi T False) T)"), "T", POSITIVE),
        forgery("itself two arrows deep", T, |w| w.set_type("T.b", "(pi (pi (pi T Nat) Nat) T)"), "T", POSITIVE),
        forgery("itself behind a definition", NEIGHBOURS, |w| w.set_type("T.b", "(pi (Not' T) T)"), "T", POSITIVE),
        forgery(
            "itself in another type that takes it",
            NEIGHBOURS,
            |w| {
                w.set_type("T.b", "(pi (Box T) T)");
            },
            "T",
            POSITIVE,
        ),
        forgery(
            "itself in a list of functions from it",
            T,
            |w| {
                w.set_type("T.b", "(pi (List.{0} (pi T False)) T)");
            },
            "T",
            POSITIVE,
        ),
        forgery(
            "itself in an equation about it",
            T,
            |w| {
                w.set_type("T.b", "(pi (Eq.{1} T T.a T.a) T)");
            },
            "T",
            "unknown constant",
        ),
        forgery("an argument from a larger universe", T, |w| w.set_type("T.b", "(pi Type T)"), "T", "universe level"),
        forgery(
            "an argument over all types",
            T,
            |w| {
                w.set_type("T.b", "(pi (pi Type #0) T)");
            },
            "T",
            "universe level",
        ),
        forgery("an undeclared universe", T, |w| w.set_type("T.b", "(pi Sort.{u} T)"), "T", "universe level"),
        forgery("a constructor of another type", T, |w| w.set_type("T.b", "(pi T Nat)"), "T", "invalid return type"),
        forgery(
            "a constructor of a function",
            T,
            |w| w.set_type("T.b", "(pi T (pi T Prop))"),
            "T",
            "invalid return type",
        ),
        forgery(
            "a constructor with another parameter",
            V,
            |w| {
                w.set_type("V.a", "(pi Type (V Nat 0))");
            },
            "V",
            "invalid return type",
        ),
        forgery(
            "a constructor without the parameter",
            V,
            |w| w.set_type("V.a", "(V Nat 0)"),
            "V",
            "incorrect number of parameters",
        ),
        forgery(
            "a constructor with a loose variable",
            T,
            |w| w.set_type("T.b", "(pi #0 T)"),
            "T",
            "loose bound variable",
        ),
        forgery("a type of no sort", T, |w| w.set_type("T", "Nat"), "T", "type expected"),
        forgery("a type that is a constant's value", T, |w| w.set_type("T", "Nat.zero"), "T", "type expected"),
        forgery("a type with one universe twice", T, |w| w.set_params("T", "u u"), "T", "duplicate universe"),
        forgery(
            "what an unsafe type could do, with a safe constructor",
            T,
            |w| {
                w.set_type("T.b", "(pi (pi T False) T)");
                w.change("T", |kind| {
                    let Kind::Inductive { is_unsafe, .. } = kind else { panic!("no inductive type") };
                    *is_unsafe = true;
                });
            },
            "T.rec",
            "non positive",
        ),
        forgery(
            "two types, one negative in the other",
            TWO,
            |w| w.set_type("A.f", "(pi (pi B False) A)"),
            "A",
            POSITIVE,
        ),
    ];
    all_refused(&table, 19);
}

#[test]
fn types_and_constructors_that_do_not_belong_together_are_refused() {
    let table: Vec<Forgery> = vec![
        forgery("a constructor less", T, |w| w.constructors("T", "T.a"), "T", "makes another constant"),
        forgery(
            "a constructor that is not there",
            T,
            |w| w.constructors("T", "T.a T.b T.c"),
            "T",
            "a constructor is missing",
        ),
        forgery("a constructor taken away", T, |w| drop(w.remove("T.b")), "T", "a constructor is missing"),
        forgery("a constructor twice", T, |w| w.constructors("T", "T.a T.a"), "T", "duplicate constructor name"),
        forgery("a constructor named as its type", T, |w| w.constructors("T", "T"), "T", "already been declared"),
        forgery(
            "constructors in another order",
            T,
            |w| w.constructors("T", "T.b T.a"),
            "T.rec",
            "makes another constant",
        ),
        forgery(
            "another number of parameters",
            V,
            |w| {
                w.change("V", |kind| {
                    let Kind::Inductive { params, indices, .. } = kind else { panic!("no inductive type") };
                    (*params, *indices) = (2, 0);
                });
            },
            "V",
            "incorrect number of parameters",
        ),
        forgery(
            "fewer parameters",
            V,
            |w| {
                w.change("V", |kind| {
                    let Kind::Inductive { params, indices, .. } = kind else { panic!("no inductive type") };
                    (*params, *indices) = (0, 2);
                });
            },
            "V",
            "is too big",
        ),
        forgery(
            "another number of indices",
            V,
            |w| {
                w.change("V", |kind| {
                    let Kind::Inductive { indices, .. } = kind else { panic!("no inductive type") };
                    *indices = 0;
                });
            },
            "V",
            ANOTHER,
        ),
        forgery(
            "said not to be recursive",
            T,
            |w| {
                w.change("T", |kind| {
                    let Kind::Inductive { is_recursive, .. } = kind else { panic!("no inductive type") };
                    *is_recursive = false;
                });
            },
            "T",
            ANOTHER,
        ),
        forgery(
            "said to be nested",
            T,
            |w| {
                w.change("T", |kind| {
                    let Kind::Inductive { nested, .. } = kind else { panic!("no inductive type") };
                    *nested = 1;
                });
            },
            "T",
            ANOTHER,
        ),
        forgery(
            "a constructor of another place",
            T,
            |w| {
                w.change("T.b", |kind| {
                    let Kind::Constructor { index, .. } = kind else { panic!("no constructor") };
                    *index = 0;
                });
            },
            "T.b",
            ANOTHER,
        ),
        forgery(
            "a constructor of fewer fields",
            T,
            |w| {
                w.change("T.b", |kind| {
                    let Kind::Constructor { fields, .. } = kind else { panic!("no constructor") };
                    *fields = 0;
                });
            },
            "T.b",
            ANOTHER,
        ),
        forgery(
            "a constructor of one universe twice",
            "inductive U.{u, v} (α : Type u) (β : Type v) | mk (a : α)",
            |w| {
                w.set_params("U.mk", "u u");
            },
            "U.mk",
            ANOTHER,
        ),
        forgery(
            "a constructor of a type that is not there",
            T,
            |w| {
                let ghost = w.name("Ghost");
                w.change("T.b", |kind| {
                    let Kind::Constructor { inductive, .. } = kind else { panic!("no constructor") };
                    *inductive = ghost;
                });
            },
            "T.b",
            "belongs to no inductive type",
        ),
        forgery(
            "a constructor of a library type",
            T,
            |w| {
                let nat = w.name("Nat");
                let mut constant = w.get("T.a");
                constant.signature.name = w.name("Nat.third");
                constant.signature.ty = w.expr("Nat");
                constant.kind = Kind::Constructor { inductive: nat, index: 2, params: 0, fields: 0, is_unsafe: false };
                w.put(constant);
            },
            "Nat.third",
            "belongs to no inductive type",
        ),
        forgery(
            "a constructor nobody names",
            T,
            |w| {
                let mut constant = w.get("T.a");
                constant.signature.name = w.name("T.c");
                w.put(constant);
            },
            "T.c",
            "makes no such constant",
        ),
        forgery("a type of no group", T, |w| w.all("T", ""), "T", "belongs to no inductive type"),
        forgery("a group without one of its types", TWO, |w| drop(w.remove("B")), "A", "missing from its group"),
        forgery("a group that only one of its types knows", TWO, |w| w.all("B", "B"), "B", "already been declared"),
        forgery("a group in two orders", TWO, |w| w.all("B", "B A"), "B", "already been declared"),
        forgery("a library type in the group", T, |w| w.all("T", "T Nat"), "T", "missing from its group"),
        forgery(
            "a definition in the place of a constructor",
            T,
            |w| {
                w.remove("T.a");
                w.definition("T.a", "T", "(T.b T.a)");
            },
            "T.a",
            "already been declared",
        ),
        forgery(
            "a theorem in the place of a type",
            T,
            |w| {
                w.remove("T");
                w.theorem("T", "Prop", "False");
            },
            "T",
            "not a proposition",
        ),
    ];
    all_refused(&table, 24);
}
