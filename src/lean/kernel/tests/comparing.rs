//! A candidate's theorem against its target, through everything the statement rests on.

use super::*;
use crate::domain::{Cause, Equality};

type Outcome = Result<Result<Equality, String>, Refused>;

/// Two sides in one store: the target's constants, and the candidate's.
struct Sides {
    words: Words,
    target: Constants,
    holes: HashSet<NameId>,
    kernel: Scripted,
}

/// `target` and `candidate` declare; theorem `t` is compared.
fn sides(target: impl FnOnce(&mut Words), candidate: impl FnOnce(&mut Words)) -> Sides {
    let mut words = Words::default();
    target(&mut words);
    let target = std::mem::take(&mut words.constants);
    candidate(&mut words);
    Sides { words, target, holes: HashSet::new(), kernel: Scripted::default() }
}

impl Sides {
    fn converting(mut self, answer: Result<bool, Refused>) -> Self {
        self.kernel.converts = Some(answer);
        self
    }

    fn hole(mut self, name: &str) -> Self {
        let name = self.words.name(name);
        self.holes.insert(name);
        self
    }

    fn compare(&mut self) -> Outcome {
        let name = self.words.name("t");
        let Words { terms, constants } = &mut self.words;
        let found = sure(compare_target(&mut self.kernel, terms, &self.target, constants, name, &self.holes));
        found.map(|found| found.map_err(|d| format!("{}: {}", show_name(terms, d.constant), d.words)))
    }

    #[track_caller]
    fn differs(mut self, says: &str) {
        match self.compare() {
            Ok(Err(words)) if words.contains(says) => {}
            other => panic!("{other:?}, not a difference with {says}"),
        }
    }
}

const AS_WRITTEN: Outcome = Ok(Ok(Equality::Syntactic));
const CONVERTED: Outcome = Ok(Ok(Equality::Definitional));

fn honest(words: &mut Words) {
    words.definition("d", "Nat", "1");
    words.theorem("lemma", "(P d)", "l");
    words.theorem("t", "(P d)", "(p lemma)");
}

#[test]
fn the_same_statement_by_any_proof() {
    assert_eq!(sides(honest, honest).compare(), AS_WRITTEN);
    let mut other_proof = sides(honest, |w| {
        honest(w);
        w.set_value("t", "another");
        w.remove("lemma");
    });
    assert_eq!(other_proof.compare(), AS_WRITTEN, "proofs are no part of a statement");
    assert_eq!(other_proof.kernel.asked, [], "nothing to ask");
}

#[test]
fn a_statement_in_other_words_is_the_kernels_question() {
    let reworded = |w: &mut Words| {
        honest(w);
        w.set_type("t", "(P 1)");
    };
    assert_eq!(sides(honest, reworded).converting(Ok(true)).compare(), CONVERTED);
    sides(honest, reworded).converting(Ok(false)).differs("t: `1` where the target has `d`");
    let limit = Refused::Limit(Cause::Heartbeats, "slow".into());
    assert_eq!(sides(honest, reworded).converting(Err(limit.clone())).compare(), Err(limit));
}

#[test]
fn every_definition_of_the_statement_counts() {
    let other_value = |w: &mut Words| {
        honest(w);
        w.set_value("d", "2");
    };
    sides(honest, other_value).converting(Ok(false)).differs("d: `2` where the target has `1`");
    assert_eq!(sides(honest, other_value).converting(Ok(true)).compare(), CONVERTED);
    sides(honest, |w| {
        honest(w);
        w.remove("d");
    })
    .differs("d: the candidate does not declare the definition");
    sides(honest, |w| {
        honest(w);
        w.opaque("d", "Nat", "1");
    })
    .differs("d: it is a opaque constant where the target has a definition");
    sides(honest, |w| {
        honest(w);
        w.definition_at("d", "u", "Nat", "1", Safety::Safe);
    })
    .differs("d: it has 1 universe parameters where the target has 0");
    sides(honest, |w| {
        honest(w);
        w.definition_at("d", "", "Nat", "1", Safety::Partial);
    })
    .differs("d: it is a definition");
    sides(honest, |w| {
        honest(w);
        w.set_type("d", "Int");
    })
    .converting(Ok(false))
    .differs("d: `Int` where the target has `Nat`");
    sides(honest, |w| {
        honest(w);
        w.axiom("t", "(P d)");
    })
    .differs("t: it is a axiom where the target has a theorem");
}

/// What the target takes from the library, the candidate must not declare for itself.
#[test]
fn an_imported_constant_declared_again_is_a_difference() {
    sides(honest, |w| {
        honest(w);
        w.definition("P", "(pi Nat Prop)", "(fun Nat True)");
    })
    .differs("t: the candidate declares `P`, which the target imports");
    let in_a_proof = |w: &mut Words| {
        honest(w);
        w.definition("p", "Nat", "1");
    };
    assert_eq!(sides(honest, in_a_proof).compare(), AS_WRITTEN, "proofs may rest on what they like");
}

#[test]
fn universe_parameters_are_compared_by_position() {
    let at = |params: &'static str, ty: &'static str| move |w: &mut Words| w.theorem_at("t", params, ty, "p");
    let target = at("u v", "(pi Sort.{u} (pi Sort.{v} P))");
    assert_eq!(sides(target, at("a b", "(pi Sort.{a} (pi Sort.{b} P))")).compare(), AS_WRITTEN);
    assert_eq!(sides(target, at("v u", "(pi Sort.{v} (pi Sort.{u} P))")).compare(), AS_WRITTEN);
    sides(target, at("v u", "(pi Sort.{u} (pi Sort.{v} P))")).converting(Ok(false)).differs("t: `");
    sides(target, at("u", "(pi Sort.{u} (pi Sort.{u} P))")).differs("1 universe parameters");
    sides(target, at("u u", "(pi Sort.{u} (pi Sort.{u} P))")).differs("universe parameter twice");
}

#[test]
fn types_are_compared_by_their_constructors() {
    let with = |types: &'static [(&'static str, &'static [(&'static str, &'static str)])]| {
        move |w: &mut Words| {
            inductive(w, types);
            w.theorem("t", "(P T)", "p");
        }
    };
    let target = with(&[("T", &[("T.a", "T"), ("T.b", "(pi T T)")])]);
    assert_eq!(sides(target, target).compare(), AS_WRITTEN);
    sides(target, with(&[("T", &[("T.a", "T")])])).differs("T.b: the candidate does not declare");
    sides(target, with(&[("T", &[("T.b", "(pi T T)"), ("T.a", "T")])])).differs("T: it has other constructors");
    let other_field = with(&[("T", &[("T.a", "T"), ("T.b", "(pi Nat T)")])]);
    sides(target, other_field).converting(Ok(false)).differs("T.b: `Nat` where the target has `T`");
    sides(target, with(&[("T", &[("T.a", "T"), ("T.b", "(pi T T)")]), ("U", &[])])).differs("T: it has other");
}

#[test]
fn holes_may_be_filled_as_they_fit() {
    let target = |w: &mut Words| {
        w.definition("answer", "Nat", "(sorryAx Nat)");
        w.theorem("t", "(P answer)", "(sorryAx P)");
    };
    let filled = |ty: &'static str| {
        move |w: &mut Words| {
            w.definition("helper", "Nat", "7");
            w.definition("answer", ty, "helper");
            w.theorem("t", "(P answer)", "p");
        }
    };
    assert_eq!(sides(target, filled("Nat")).hole("answer").compare(), AS_WRITTEN);
    sides(target, filled("Nat")).converting(Ok(false)).differs("answer: ");
    sides(target, filled("Int")).hole("answer").converting(Ok(false)).differs("answer: `Int`");
    sides(target, |w| w.theorem("t", "(P answer)", "p")).hole("answer").differs("does not declare");
}

#[test]
fn what_the_elaborator_names_is_taken_from_the_target() {
    let target = |w: &mut Words| {
        w.definition("f.match_1", "Nat", "(c 1)");
        w.definition("f", "Nat", "(g f.match_1)");
        w.theorem("t", "(P f)", "p");
    };
    let numbered = |w: &mut Words| {
        // Another matcher has the name, this one the next.
        w.definition("f.match_1", "Nat", "(c 2)");
        w.definition("f.match_2", "Nat", "(c 1)");
        w.definition("f", "Nat", "(g f.match_2)");
        w.theorem("t", "(P f)", "p");
    };
    let mut found = sides(target, numbered).converting(Ok(true));
    assert_eq!(found.compare(), CONVERTED);
    assert_eq!(found.kernel.order(&found.words.terms), ["f.match_1._afcheck_target"]);
    let Words { terms, .. } = &found.words;
    let asked: Vec<_> = found.kernel.asked.iter().map(|(l, r)| (show(terms, *l, &[]), show(terms, *r, &[]))).collect();
    assert_eq!(asked, [("g f.match_1._afcheck_target".to_owned(), "g f.match_2".to_owned())]);

    assert_eq!(sides(target, target).compare(), AS_WRITTEN, "where it is the same it is not taken along");
    sides(target, numbered).converting(Ok(false)).differs("f: `f.match_2` where the target has `f.match_1._afcheck");
    let mut refused = sides(target, numbered);
    let detached = refused.words.name("f.match_1._afcheck_target");
    refused.kernel.refuses = Some((detached, Refused::Wrong("no".into())));
    assert_eq!(refused.compare(), Err(Refused::Wrong("no".into())));
}
