//! Recursors that say more than their type gives. A kernel makes recursors itself: what an instance shows must be that.

use super::{Forgery, all_refused, forgery};
use crate::lean::kernel::{Constant, Kind};

const T: &str = "inductive T : Type | a | b (t : T)";
/// A proposition with two proofs: its recursor reaches propositions only.
const P: &str = "inductive P : Prop | a | b";
/// A proposition whose recursor has the rule K.
const K: &str = "inductive K : Nat → Prop | a : K 0";

const ANOTHER: &str = "the kernel makes another constant";

macro_rules! set {
    ($field:ident, $value:expr) => {
        |w| {
            w.change("T.rec", |kind| {
                let Kind::Recursor { $field, .. } = kind else { panic!("no recursor") };
                *$field = $value;
            })
        }
    };
}

#[test]
fn recursors_the_kernel_would_not_make_are_refused() {
    let table: Vec<Forgery> = vec![
        forgery("its type claims False", T, |w| w.set_type("T.rec", "False"), "T.rec", ANOTHER),
        forgery(
            "a motive of another universe",
            P,
            |w| {
                let text = "(pi (pi P Sort.{u}) (pi (#0 P.a) (pi (#1 P.b) (pi P (#3 #0)))))";
                w.set_params("P.rec", "u");
                w.set_type("P.rec", text);
            },
            "P.rec",
            ANOTHER,
        ),
        forgery("a universe parameter too many", P, |w| w.set_params("P.rec", "u"), "P.rec", ANOTHER),
        forgery("no universe parameter", T, |w| w.set_params("T.rec", ""), "T.rec", ANOTHER),
        forgery(
            "one universe parameter twice",
            "inductive U.{w} (α : Type w) | a (x : α)",
            |w| {
                w.set_params("U.rec", "u u");
            },
            "U.rec",
            ANOTHER,
        ),
        forgery(
            "rules swapped",
            T,
            |w| {
                w.rules("T.rec", |rules| {
                    let (first, second) = (rules[0].rhs, rules[1].rhs);
                    (rules[0].rhs, rules[1].rhs) = (second, first);
                });
            },
            "T.rec",
            ANOTHER,
        ),
        forgery(
            "a rule with another right side",
            T,
            |w| {
                let rhs = w.expr("(fun Nat True.intro)");
                w.rules("T.rec", |rules| rules[0].rhs = rhs);
            },
            "T.rec",
            ANOTHER,
        ),
        forgery("a rule less", T, |w| w.rules("T.rec", |rules| rules.truncate(1)), "T.rec", ANOTHER),
        forgery("no rules", T, |w| w.rules("T.rec", Vec::clear), "T.rec", ANOTHER),
        forgery("a rule twice", T, |w| w.rules("T.rec", |rules| rules.push(rules[0].clone())), "T.rec", ANOTHER),
        forgery(
            "a rule for another constructor",
            T,
            |w| {
                let zero = w.name("Nat.zero");
                w.rules("T.rec", |rules| rules[0].constructor = zero);
            },
            "T.rec",
            ANOTHER,
        ),
        forgery("a rule with fewer fields", T, |w| w.rules("T.rec", |rules| rules[1].fields = 0), "T.rec", ANOTHER),
        forgery("the rule K for data", T, set!(k, true), "T.rec", ANOTHER),
        forgery(
            "no rule K where there is one",
            K,
            |w| {
                w.change("K.rec", |kind| {
                    let Kind::Recursor { k, .. } = kind else { panic!("no recursor") };
                    *k = false;
                });
            },
            "K.rec",
            ANOTHER,
        ),
        forgery("fewer minor premises", T, set!(minors, 1), "T.rec", ANOTHER),
        forgery("more motives", T, set!(motives, 2), "T.rec", ANOTHER),
        forgery("more parameters", T, set!(params, 1), "T.rec", ANOTHER),
        forgery("more indices", T, set!(indices, 1), "T.rec", ANOTHER),
        forgery("another group", T, |w| w.all("T.rec", "T Nat"), "T.rec", "makes another constant"),
        forgery("no group", T, |w| w.all("T.rec", ""), "T.rec", "belongs to no inductive type"),
        forgery(
            "without its type",
            T,
            |w| {
                for name in ["T", "T.a", "T.b"] {
                    w.remove(name);
                }
            },
            "T.rec",
            "missing from its group",
        ),
        forgery("under another name", T, |w| w.rename("T.rec", "T.elim"), "T.elim", "makes no such constant"),
        forgery("under a library name", T, |w| w.rename("T.rec", "Nat.rec"), "Nat.rec", "already"),
        forgery(
            "of a library type",
            T,
            |w| {
                w.rename("T.rec", "Nat.recOver");
                w.all("Nat.recOver", "Nat");
            },
            "Nat.recOver",
            "missing from its group",
        ),
        forgery(
            "an axiom in its place",
            T,
            |w| {
                w.remove("T.rec");
                w.axiom("T.rec", "False");
            },
            "T.rec",
            "already",
        ),
        forgery(
            "a proof in its place",
            T,
            |w| {
                let Constant { signature, .. } = w.remove("T.rec");
                let value = w.expr("True.intro");
                w.put(Constant { signature, kind: Kind::Theorem { value } });
            },
            "T.rec",
            "not a proposition",
        ),
        forgery(
            "a proof by what it should not reach",
            P,
            |w| {
                w.set_params("P.rec", "u");
                w.set_type("P.rec", "(pi (pi P Sort.{u}) (pi (#0 P.a) (pi (#1 P.b) (pi P (#3 #0)))))");
                w.definition("d", "(pi P Bool)", "(P.rec.{1} (fun P Bool) Bool.true Bool.false)");
                w.theorem("a_t", "(Eq.{1} Bool Bool.true Bool.false)", "(Eq.refl.{1} Bool (d P.a))");
            },
            "P.rec",
            "makes another constant",
        ),
    ];
    all_refused(&table, 27);
}
