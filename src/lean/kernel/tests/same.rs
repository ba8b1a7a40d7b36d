//! When two terms, and two constants, say the same.

use super::super::rename::Renaming;
use super::*;

/// True if two terms in the notation of `words` say the same.
fn same(left: &str, right: &str) -> bool {
    let mut words = Words::default();
    let (left, right) = (words.expr(left), words.expr(right));
    let (there, back) =
        (Same::new(&words.terms).first_difference(left, right), Same::new(&words.terms).first_difference(right, left));
    assert_eq!(there.is_none(), back.is_none(), "sameness has no direction");
    there.is_none()
}

const TERMS: &[&str] = &[
    "#0",
    "#1",
    "Prop",
    "Type",
    "Sort.{2}",
    "Sort.{u}",
    "Sort.{v}",
    "Sort.{u+1}",
    "a",
    "b",
    "a.{0}",
    "a.{1}",
    "a.{0,0}",
    "0",
    "1",
    "4294967295",
    "\"\"",
    "\"0\"",
    "(a b)",
    "(b a)",
    "(a b b)",
    "(a (b b))",
    "(fun a #0)",
    "(fun a #1)",
    "(fun b #0)",
    "(pi a #0)",
    "(let a b #0)",
    "(let a b #1)",
    "(let b a #0)",
    "(. S 0 a)",
    "(. S 1 a)",
    "(. T 0 a)",
    "(. S 0 b)",
    "((fun a #0) b)",
];

#[test]
fn a_term_is_the_same_as_itself_only() {
    for (i, left) in TERMS.iter().enumerate() {
        for (j, right) in TERMS.iter().enumerate() {
            assert_eq!(same(left, right), i == j, "{left} and {right}");
            for context in ["(f X)", "(X f)", "(fun c X)", "(pi X c)", "(let c X d)", "(. S 0 X)"] {
                let (left, right) = (context.replace('X', left), context.replace('X', right));
                assert_eq!(same(&left, &right), i == j, "{left} and {right}");
            }
        }
    }
}

#[test]
fn names_and_infos_of_binders_mean_nothing() {
    let mut words = Words::default();
    let (x, y) = (words.name("x"), words.name("y"));
    let (ty, body) = (words.expr("a"), words.expr("#0"));
    let explicit = Binder { name: x, info: BinderInfo::Explicit, ty, body };
    let implicit = Binder { name: y, info: BinderInfo::Implicit, ty, body };
    for make in [Expr::Lambda, Expr::Pi] {
        let (left, right) = (words.terms.expr(make(explicit)), words.terms.expr(make(implicit)));
        assert_ne!(left, right);
        assert_eq!(Same::new(&words.terms).first_difference(left, right), None);
    }
    let (left, right) =
        [x, y].map(|name| Expr::Let { name, ty, value: body, body }).map(|e| words.terms.expr(e)).into();
    assert_eq!(Same::new(&words.terms).first_difference(left, right), None);
}

#[test]
fn the_first_difference_is_shown_with_the_variables_around_it() {
    let mut words = Words::default();
    let (left, right) = (words.expr("(pi a (pi b (f #0 #1)))"), words.expr("(pi a (pi b (f #1 #0)))"));
    let parted = Same::new(&words.terms).first_difference(left, right).expect("they differ");
    assert_eq!(parted.bound.len(), 2);
    assert_eq!((parted.left, parted.right), (words.expr("#0"), words.expr("#1")));
}

/// What two unlike terms have in common is no longer taken as the same afterwards.
#[test]
fn a_difference_is_not_forgotten() {
    let mut words = Words::default();
    let (left, right) = (words.expr("(f (g a))"), words.expr("(f (g b))"));
    let mut same = Same::new(&words.terms);
    assert!(same.first_difference(left, right).is_some());
    assert!(same.first_difference(left, right).is_some(), "asked twice, answered twice");
}

fn at(words: &mut Words, name: &str, params: &str, ty: &str) -> Constant {
    words.theorem_at(name, params, ty, "p");
    words.remove(name)
}

#[test]
fn universe_parameters_correspond_by_position() {
    let mut words = Words::default();
    let left = at(&mut words, "t", "u v", "(pi Sort.{u} Sort.{v})");
    for (params, ty, expected) in [
        ("u v", "(pi Sort.{u} Sort.{v})", true),
        ("v u", "(pi Sort.{v} Sort.{u})", true),
        ("x y", "(pi Sort.{x} Sort.{y})", true),
        ("v u", "(pi Sort.{u} Sort.{v})", false),
        ("u v", "(pi Sort.{v} Sort.{u})", false),
        ("x y", "(pi Sort.{u} Sort.{v})", false),
        ("u", "(pi Sort.{u} Sort.{v})", false),
        ("u v w", "(pi Sort.{u} Sort.{v})", false),
        // Two parameters of one name are no two parameters.
        ("u u", "(pi Sort.{u} Sort.{u})", false),
    ] {
        let right = at(&mut words, "t", params, ty);
        assert_eq!(Same::new(&words.terms).constants(&left, &right), expected, "{params}: {ty}");
        assert_eq!(Same::new(&words.terms).constants(&right, &left), expected, "{params}: {ty}, turned round");
    }
    let (one, other) = (at(&mut words, "t", "u u", "Sort.{u}"), at(&mut words, "t", "u u", "Sort.{u}"));
    assert!(!Same::new(&words.terms).constants(&one, &other), "no kernel takes such a constant");
}

#[test]
fn every_field_of_a_constant_counts_but_the_order_of_unfolding() {
    let mut words = Words::default();
    let (a, b) = (words.expr("a"), words.expr("b"));
    let (t, s) = (words.name("T"), words.name("S"));
    let rule = Rule { constructor: t, fields: 0, rhs: a };
    let recursor = |all: NameId, numbers: [u32; 4], rules: Vec<Rule>, k| Kind::Recursor {
        all: vec![all],
        params: numbers[0],
        indices: numbers[1],
        motives: numbers[2],
        minors: numbers[3],
        rules,
        k,
        is_unsafe: false,
    };
    let constructor =
        |inductive, index, params, fields| Kind::Constructor { inductive, index, params, fields, is_unsafe: false };
    let definition = |value, safety| Kind::Definition { value, hints: Hints::Abbreviation, safety };
    let kinds = [
        Kind::Axiom { is_unsafe: false },
        Kind::Axiom { is_unsafe: true },
        definition(a, Safety::Safe),
        definition(b, Safety::Safe),
        definition(a, Safety::Partial),
        Kind::Theorem { value: a },
        Kind::Theorem { value: b },
        Kind::Opaque { value: a, is_unsafe: false },
        Kind::Opaque { value: a, is_unsafe: true },
        Kind::Opaque { value: b, is_unsafe: false },
        Kind::Quotient,
        constructor(t, 0, 0, 0),
        constructor(s, 0, 0, 0),
        constructor(t, 1, 0, 0),
        constructor(t, 0, 1, 0),
        constructor(t, 0, 0, 1),
        recursor(t, [0, 0, 0, 0], vec![], false),
        recursor(s, [0, 0, 0, 0], vec![], false),
        recursor(t, [1, 0, 0, 0], vec![], false),
        recursor(t, [0, 1, 0, 0], vec![], false),
        recursor(t, [0, 0, 1, 0], vec![], false),
        recursor(t, [0, 0, 0, 1], vec![], false),
        recursor(t, [0, 0, 0, 0], vec![], true),
        recursor(t, [0, 0, 0, 0], vec![rule.clone()], false),
        recursor(t, [0, 0, 0, 0], vec![rule.clone(), rule.clone()], false),
        recursor(t, [0, 0, 0, 0], vec![Rule { rhs: b, ..rule.clone() }], false),
        recursor(t, [0, 0, 0, 0], vec![Rule { fields: 1, ..rule.clone() }], false),
        recursor(t, [0, 0, 0, 0], vec![Rule { constructor: s, ..rule }], false),
    ];
    let signature = Signature { name: t, params: vec![], ty: a };
    for (i, left) in kinds.iter().enumerate() {
        for (j, right) in kinds.iter().enumerate() {
            let [left, right] = [left, right].map(|k| Constant { signature: signature.clone(), kind: k.clone() });
            assert_eq!(Same::new(&words.terms).constants(&left, &right), i == j, "{left:?} and {right:?}");
        }
    }
    let [one, other] = [Hints::Abbreviation, Hints::Regular(7)]
        .map(|hints| Kind::Definition { value: a, hints, safety: Safety::Safe })
        .map(|kind| Constant { signature: signature.clone(), kind });
    assert!(Same::new(&words.terms).constants(&one, &other));
    let renamed = Constant { signature: Signature { name: s, ..signature }, ..one.clone() };
    assert!(!Same::new(&words.terms).constants(&one, &renamed));
}

/// A level that shares its parts at every step: written out it has 2^200 of them.
fn tower(words: &mut Words, param: &str) -> ExprId {
    let name = words.name(param);
    let mut level = words.terms.level(Level::Param(name));
    for _ in 0..200 {
        level = words.terms.level(Level::Max(level, level));
    }
    words.terms.expr(Expr::Sort(level))
}

#[test]
fn towers_of_levels_and_terms_cost_what_they_share() {
    let mut words = Words::default();
    let (mut left, mut right) = (tower(&mut words, "u"), tower(&mut words, "v"));
    for _ in 0..200 {
        left = words.apply(left, left);
        right = words.apply(right, right);
    }
    let mut constant = |params: &str, ty| {
        let mut constant = at(&mut words, "t", params, "a");
        constant.signature.ty = ty;
        constant
    };
    let (a, b, c) = (constant("u", left), constant("v", right), constant("v", left));
    assert!(Same::new(&words.terms).constants(&a, &b));
    assert!(!Same::new(&words.terms).constants(&a, &c));
    let renaming = Renaming { params: [(words.name("u"), words.name("v"))].into(), ..Renaming::default() };
    assert_eq!(renaming.apply(&mut words.terms, left), right);
}
