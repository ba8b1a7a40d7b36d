//! Definitions and opaque constants that are ill-typed, too large for their universe, or use what has no meaning.

use super::{Forgery, all_refused, forgery};
use crate::lean::kernel::{Kind, Safety};

const NONE: &str = "";
const MISMATCH: &str = "declaration type mismatch";
const UNKNOWN: &str = "unknown constant";
const LEVEL: &str = "universe level";

#[test]
fn definitions_of_another_type_are_refused() {
    let table: Vec<Forgery> = vec![
        forgery("a value of another type", NONE, |w| w.definition("d", "Nat", "True"), "d", MISMATCH),
        forgery("False inhabited", NONE, |w| w.definition("d", "False", "True.intro"), "d", MISMATCH),
        forgery("Type in Type", NONE, |w| w.definition("d", "Type", "Type"), "d", MISMATCH),
        forgery(
            "a sort in itself",
            NONE,
            |w| {
                w.definition_at("d", "u", "Sort.{u}", "Sort.{u}", Safety::Safe);
            },
            "d",
            MISMATCH,
        ),
        forgery(
            "a type in a lower universe",
            NONE,
            |w| {
                w.definition_at("d", "u", "(pi Sort.{u+1} Sort.{u})", "(fun Sort.{u+1} #0)", Safety::Safe);
            },
            "d",
            MISMATCH,
        ),
        forgery(
            "all types over all types, as one of them",
            NONE,
            |w| {
                w.definition("d", "Type", "(pi Type (pi #0 #1))");
            },
            "d",
            MISMATCH,
        ),
        forgery("data quantified into Prop", NONE, |w| w.definition("d", "Prop", "(pi Nat Type)"), "d", MISMATCH),
        forgery(
            "a universe for all universes",
            NONE,
            |w| {
                w.definition_at("d", "u v", "Sort.{u+1}", "(pi Sort.{v} Sort.{u})", Safety::Safe);
            },
            "d",
            MISMATCH,
        ),
        forgery("a number taken for an integer", NONE, |w| w.definition("d", "Int", "5"), "d", MISMATCH),
        forgery("a text taken for a number", NONE, |w| w.definition("d", "Nat", "\"five\""), "d", MISMATCH),
        forgery("a number taken for a text", NONE, |w| w.definition("d", "String", "5"), "d", MISMATCH),
        forgery(
            "a let whose body needs another value",
            NONE,
            |w| {
                w.definition("d", "Nat", "(let Nat True.intro #0)");
            },
            "d",
            "type mismatch",
        ),
        forgery("a let over no type", NONE, |w| w.definition("d", "Nat", "(let 1 2 3)"), "d", "type expected"),
        forgery("an undeclared universe", NONE, |w| w.definition("d", "Sort.{u+1}", "Sort.{u}"), "d", LEVEL),
        forgery(
            "one universe parameter twice",
            NONE,
            |w| {
                w.definition_at("d", "u u", "Sort.{u+1}", "Sort.{u}", Safety::Safe);
            },
            "d",
            LEVEL,
        ),
        forgery(
            "a recursion without end",
            NONE,
            |w| w.definition("d", "(pi Nat False)", "(fun Nat (d #0))"),
            "d",
            UNKNOWN,
        ),
        forgery("an opaque constant of False", NONE, |w| w.opaque("o", "False", "True.intro"), "o", MISMATCH),
        forgery("an opaque constant of an empty type", NONE, |w| w.opaque("o", "Empty", "o"), "o", UNKNOWN),
        forgery("an opaque value changed", "opaque o : Nat := 3", |w| w.set_value("o", "True"), "o", MISMATCH),
    ];
    all_refused(&table, 19);
}

#[test]
fn what_has_no_meaning_is_no_help() {
    const UNSAFE: &str = "unsafe def boom : False := boom\ntheorem t : True := trivial";
    const PARTIAL: &str = "partial def loop (n : Nat) : Nat := loop (n + 1)\ntheorem t : True := trivial";
    let table: Vec<Forgery> = vec![
        forgery(
            "a theorem by an unsafe definition",
            UNSAFE,
            |w| {
                w.set_type("t", "False");
                w.set_value("t", "boom");
            },
            "t",
            UNKNOWN,
        ),
        forgery("a definition by an unsafe one", UNSAFE, |w| w.definition("d", "False", "boom"), "d", UNKNOWN),
        forgery("an opaque constant by an unsafe definition", UNSAFE, |w| w.opaque("o", "False", "boom"), "o", UNKNOWN),
        forgery(
            "an unsafe definition called safe",
            UNSAFE,
            |w| {
                w.change("boom", |kind| {
                    let Kind::Definition { safety, .. } = kind else { panic!("no definition") };
                    *safety = Safety::Safe;
                });
            },
            "boom",
            UNKNOWN,
        ),
        forgery(
            "a partial definition of False",
            NONE,
            |w| {
                w.definition_at("p", "", "False", "p", Safety::Partial);
                w.theorem("t", "False", "p");
            },
            "t",
            UNKNOWN,
        ),
        forgery(
            "a statement about a partial definition",
            PARTIAL,
            |w| {
                w.definition_at("loop", "", "(pi Nat Nat)", "(fun Nat (Nat.succ (loop #0)))", Safety::Partial);
                w.set_type("t", "(Eq.{1} Nat (loop 0) (Nat.succ (loop 0)))");
                w.set_value("t", "(Eq.refl.{1} Nat (loop 0))");
            },
            "t",
            UNKNOWN,
        ),
        forgery(
            "an unsafe axiom",
            NONE,
            |w| {
                w.axiom("a", "False");
                w.change("a", |kind| *kind = Kind::Axiom { is_unsafe: true });
                w.theorem("t", "False", "a");
            },
            "t",
            UNKNOWN,
        ),
        forgery(
            "an unsafe opaque constant",
            NONE,
            |w| {
                w.opaque("o", "False", "True.intro");
                w.change("o", |kind| {
                    let Kind::Opaque { is_unsafe, .. } = kind else { panic!("no opaque constant") };
                    *is_unsafe = true;
                });
                w.theorem("t", "False", "o");
            },
            "t",
            UNKNOWN,
        ),
    ];
    all_refused(&table, 8);
}
