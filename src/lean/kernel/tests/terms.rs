//! The store of terms: occurrences, constants below, renaming.

use super::super::rename::Renaming;
use super::*;

#[test]
fn equal_terms_are_stored_once() {
    let mut words = Words::default();
    let one = words.expr("(f (fun a #0) (fun a #0) 5 \"x\")");
    let size = words.terms.len();
    assert_eq!(words.expr("(f (fun a #0) (fun a #0) 5 \"x\")"), one);
    assert_eq!(words.terms.len(), size);
    assert!(words.terms.parts(one).all(|part| part < one), "parts have smaller ids");
}

#[test]
fn variables_are_counted_from_outside() {
    let mut words = Words::default();
    for (term, index, expected) in [
        ("#0", 0, true),
        ("#0", 1, false),
        ("#3", 3, true),
        ("(f #0)", 0, true),
        ("(fun a #0)", 0, false),
        ("(fun a #1)", 0, true),
        ("(fun #0 #0)", 0, true),
        ("(fun a (fun b #2))", 0, true),
        ("(fun a (fun b #2))", 1, false),
        ("(pi a (f #1 #0))", 0, true),
        ("(let a b #0)", 0, false),
        ("(let #0 b c)", 0, true),
        ("(let a #0 c)", 0, true),
        ("(let a b #1)", 0, true),
        ("(. S 0 #0)", 0, true),
        ("a", 0, false),
    ] {
        let id = words.expr(term);
        assert_eq!(words.terms.occurs(id, index), expected, "{term} and #{index}");
    }
}

/// Every shift of a term by a binder moves its variables by one.
#[test]
fn below_a_binder_a_variable_has_the_next_index() {
    let mut words = Words::default();
    for term in ["#0", "(f #1 #4)", "(fun #2 (g #0 #3))", "(let #0 #1 #2)", "(. S 0 (pi #5 #1))"] {
        let inner = words.expr(term);
        let outer = words.expr(&format!("(fun a {term})"));
        for index in 0..8 {
            assert_eq!(words.terms.occurs(inner, index + 1), words.terms.occurs(outer, index), "{term} and #{index}");
        }
    }
}

#[test]
fn constants_below_are_found_once_and_in_order() {
    let mut words = Words::default();
    let term = words.expr("(f (fun a b) (. S 0 c) (let a d e) f.{1})");
    let mut found: Vec<String> =
        words.terms.constants_below([term, term]).iter().map(|n| show_name(&words.terms, *n)).collect();
    assert_eq!(words.terms.constants_below([term]).len(), found.len());
    found.sort();
    assert_eq!(found, ["S", "a", "b", "c", "d", "e", "f"]);
}

fn renamed(term: &str, names: &[(&str, &str)], params: &[(&str, &str)]) -> (Words, ExprId) {
    let mut words = Words::default();
    let term = words.expr(term);
    let mut renaming = Renaming::default();
    for (from, to) in names {
        renaming.names.insert(words.name(from), words.name(to));
    }
    for (from, to) in params {
        renaming.params.insert(words.name(from), words.name(to));
    }
    let id = renaming.apply(&mut words.terms, term);
    (words, id)
}

#[test]
fn renaming_reaches_every_place_at_once() {
    for (term, names, params, expected) in [
        ("(a b)", &[("a", "b"), ("b", "a")][..], &[][..], "(b a)"),
        ("(fun a (pi a a))", &[("a", "c")], &[], "(fun c (pi c c))"),
        ("(let a a a)", &[("a", "c")], &[], "(let c c c)"),
        ("(. a 0 a)", &[("a", "c")], &[], "(. c 0 c)"),
        ("(a.b a)", &[("a", "c")], &[], "(a.b c)"),
        ("(f.{u,v} Sort.{u+1} Sort.{v})", &[], &[("u", "v"), ("v", "u")], "(f.{v,u} Sort.{v+1} Sort.{u})"),
        ("(f.{u} 5 \"a\" #0)", &[("g", "h")], &[], "(f.{u} 5 \"a\" #0)"),
    ] {
        let (mut words, id) = renamed(term, names, params);
        assert_eq!(words.expr(expected), id, "{term}");
    }
}

/// What is renamed there and back is the same.
#[test]
fn renaming_can_be_undone() {
    for term in ["(a (fun a (b #0)) (. a 2 b))", "(let a.{u} b.{v+2} Sort.{u})", "(f (f (f a.{u,v})))"] {
        let mut words = Words::default();
        let id = words.expr(term);
        let [a, b, x, y] = ["a", "b", "x", "y"].map(|n| words.name(n));
        let [u, v, p, q] = ["u", "v", "p", "q"].map(|n| words.name(n));
        let there = Renaming { names: [(a, x), (b, y)].into(), params: [(u, p), (v, q)].into() };
        let back = Renaming { names: [(x, a), (y, b)].into(), params: [(p, u), (q, v)].into() };
        let moved = there.apply(&mut words.terms, id);
        assert_ne!(moved, id);
        assert_eq!(back.apply(&mut words.terms, moved), id, "{term}");
    }
}
