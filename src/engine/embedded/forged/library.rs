//! Constants that pretend to be the library's, and constants out of their place.

use super::bench::{Bench, Fate, on_a_bench};
use super::plant::Planter;
use super::{Forgery, all_refused, forgery};
use crate::engine::embedded::trust::Taken;
use crate::lean::kernel::Kind;
use crate::lean::kernel::words::Words;
use std::collections::HashSet;

const NONE: &str = "";
const ALREADY: &str = "has a constant of this name already";

#[test]
fn library_names_are_refused() {
    let table: Vec<Forgery> = vec![
        forgery(
            "another addition",
            NONE,
            |w| {
                w.definition("Nat.add", "(pi Nat (pi Nat Nat))", "(fun Nat (fun Nat 0))");
            },
            "Nat.add",
            ALREADY,
        ),
        forgery("another True", NONE, |w| w.definition("True", "Prop", "False"), "True", ALREADY),
        forgery(
            "another False, inhabited",
            "inductive X : Prop | intro",
            |w| {
                w.definition("False", "Prop", "X");
                w.theorem("t", "False", "X.intro");
            },
            "False",
            ALREADY,
        ),
        forgery(
            "another equality",
            "inductive X : Nat → Nat → Prop | mk a b : X a b",
            |w| {
                w.rename("X", "Eq");
            },
            "Eq",
            ALREADY,
        ),
        forgery(
            "a library axiom of another type",
            NONE,
            |w| {
                w.axiom("propext", "False");
                w.theorem("t", "False", "propext");
            },
            "propext",
            ALREADY,
        ),
        forgery("a library axiom proved", NONE, |w| w.theorem("sorryAx", "True", "True.intro"), "sorryAx", ALREADY),
        forgery(
            "a library theorem as an axiom",
            NONE,
            |w| {
                w.axiom("Nat.add_comm", "False");
                w.theorem("t", "False", "Nat.add_comm");
            },
            "Nat.add_comm",
            ALREADY,
        ),
        forgery(
            "a library recursor",
            NONE,
            |w| {
                w.definition("Nat.rec", "(pi Prop #0)", "(fun Prop #0)");
            },
            "Nat.rec",
            ALREADY,
        ),
        forgery("a library type", "inductive X : Type | zero", |w| w.rename("X", "Nat"), "Nat", ALREADY),
        forgery(
            "a library constructor",
            "inductive X : Type | zero",
            |w| {
                w.rename("X.zero", "Nat.zero");
                w.constructors("X", "Nat.zero");
            },
            "Nat.zero",
            ALREADY,
        ),
        forgery(
            "a library decision",
            NONE,
            |w| {
                w.definition("Nat.decEq", "Nat", "0");
            },
            "Nat.decEq",
            ALREADY,
        ),
        forgery(
            "a quotient",
            "theorem t : True := trivial",
            |w| {
                w.set_type("t", "False");
                w.change("t", |kind| *kind = Kind::Quotient);
            },
            "t",
            "quotient",
        ),
        forgery(
            "the quotient again",
            NONE,
            |w| {
                w.axiom("Quot", "False");
                w.change("Quot", |kind| *kind = Kind::Quotient);
            },
            "Quot",
            ALREADY,
        ),
        forgery("the quotient's soundness again", NONE, |w| w.axiom("Quot.sound", "False"), "Quot.sound", ALREADY),
    ];
    all_refused(&table, 14);
}

/// Plants theorem `t` of `True` on the imports, lets `tamper` change its objects, and examines the environment.
fn tampered(bench: &mut Bench, tamper: impl FnOnce(&mut Planter<'_>, &mut Words, u32)) -> Fate {
    bench.elaborate("");
    let snapshot = bench.snapshot.clone();
    let mut words = Words::default();
    words.theorem("t", "True", "True.intro");
    let mut planter = Planter::on_imports(&mut bench.working, &snapshot);
    let theorem = words.get("t");
    let info = planter.plant(&words.terms, &theorem);
    tamper(&mut planter, &mut words, info);
    let environment = planter.environment();
    let taken = bench.take(environment, &HashSet::new());
    bench.examine(taken)
}

#[test]
fn a_constant_that_stands_under_another_name_is_refused() {
    on_a_bench(|bench| {
        assert!(matches!(tampered(bench, |_, _, _| {}), Fate::Accepted(_)), "untampered");
        let fate = tampered(bench, |planter, words, info| {
            let other = words.name("other");
            let other = planter.name(&words.terms, other);
            let value = planter.field(info, 0);
            let head = planter.field(value, 0);
            planter.overwrite(head, 0, other);
        });
        assert_eq!(fate, Fate::Refused("t".into(), "it stands under another name".into()));
    });
}

/// Nothing is inserted among what was imported, where nobody would look for it again.
#[test]
fn a_constant_among_the_imports_is_not_declared() {
    on_a_bench(|bench| {
        bench.elaborate("");
        let snapshot = bench.snapshot.clone();
        let mut words = Words::default();
        words.theorem("t", "False", "True.intro");
        words.theorem("u", "False", "t");
        let (t, u) = (words.get("t"), words.get("u"));
        let mut planter = Planter::on_imports(&mut bench.working, &snapshot);
        planter.import(&words.terms, &t);
        planter.plant(&words.terms, &u);
        let environment = planter.environment();
        let mut taken: Taken = bench.take(environment, &HashSet::new());
        assert!(taken.declares("u") && !taken.declares("t"), "what is taken is what is checked again");
        assert!(
            matches!(bench.examine(taken), Fate::Refused(name, why) if name == "u" && why.contains("unknown constant"))
        );
    });
}
