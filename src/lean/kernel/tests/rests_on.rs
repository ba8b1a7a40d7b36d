//! What declarations rest on.

use super::*;

fn names(words: &Words, ids: &[NameId]) -> Vec<String> {
    let mut names: Vec<String> = ids.iter().map(|name| show_name(&words.terms, *name)).collect();
    names.sort();
    names
}

/// Axioms and library constants below `roots`.
fn below(words: &mut Words, roots: &[&str]) -> (Vec<String>, Vec<String>) {
    let roots: Vec<NameId> = roots.iter().map(|root| words.name(root)).collect();
    let found = foundations(&words.terms, &words.constants, &roots);
    (names(words, &found.axioms), names(words, &found.library))
}

#[test]
fn axioms_are_found_through_everything() {
    let mut words = Words::default();
    words.axiom("ax", "L0");
    words.axiom("other", "L1");
    words.definition("d", "L2", "(f ax)");
    words.theorem("of_type", "(d x)", "L3");
    words.opaque("o", "L4", "d");
    words.theorem("through_let", "L5", "(let L6 o L7)");
    words.theorem("projected", "L8", "(. d 0 L9)");
    words.theorem("nothing", "L5", "L7");
    for root in ["ax", "d", "of_type", "o", "through_let", "projected"] {
        assert_eq!(below(&mut words, &[root]).0, ["ax"], "{root}");
    }
    assert_eq!(below(&mut words, &["nothing"]), (vec![], vec!["L5".to_owned(), "L7".into()]));
    assert_eq!(below(&mut words, &["nothing", "other", "d"]).0, ["ax", "other"]);
    assert_eq!(below(&mut words, &["d"]).1, ["L0", "L2", "f"]);
    assert_eq!(below(&mut words, &["ghost"]), (vec![], vec!["ghost".to_owned()]), "what nobody declared is asked for");
}

#[test]
fn types_constructors_and_recursors_rest_on_each_other() {
    let mut words = Words::default();
    words.axiom("ax", "L");
    inductive(&mut words, &[("A", &[("A.mk", "(pi B A)")]), ("B", &[("B.mk", "(pi (f ax) B)")])]);
    let (all, rhs, ty) = (vec![words.name("A"), words.name("B")], words.expr("ax"), words.expr("L"));
    let rules = vec![Rule { constructor: words.name("A.mk"), fields: 1, rhs }];
    let kind = Kind::Recursor { all, params: 0, indices: 0, motives: 1, minors: 1, rules, k: false, is_unsafe: false };
    let name = words.name("A.rec");
    words.put(Constant { signature: Signature { name, params: vec![], ty }, kind });
    for root in ["A", "B", "A.mk", "B.mk", "A.rec"] {
        assert_eq!(below(&mut words, &[root]).0, ["ax"], "{root}");
    }
}

#[test]
fn circles_end() {
    let mut words = Words::default();
    words.theorem("a", "L", "(f b)");
    words.theorem("b", "L", "(f a)");
    assert_eq!(below(&mut words, &["a"]), (vec![], vec!["L".to_owned(), "f".into()]));
}
