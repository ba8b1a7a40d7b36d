//! Terms in words: what they look like, and that none is too deep or too long.

use super::*;

fn shown(term: &str) -> String {
    let mut words = Words::default();
    let id = words.expr(term);
    show(&words.terms, id, &[])
}

#[test]
fn terms_look_like_terms() {
    for (term, expected) in [
        ("Prop", "Prop"),
        ("Type", "Type _"),
        ("#0", "#0"),
        ("(f a (g b))", "f a (g b)"),
        ("(fun Nat #0)", "fun (x : Nat) => x"),
        ("(pi Nat (f #0))", "∀ (x : Nat), f x"),
        ("(let Nat 1 #0)", "let x := 1; x"),
        ("(. S 0 (. S 1 a))", "a.2.1"),
        ("(. S 0 (f a))", "(f a).1"),
        ("(f (fun a #1))", "f (fun (x : a) => #0)"),
        ("(f \"a\")", "f \"a\""),
    ] {
        assert_eq!(shown(term), expected);
    }
    let mut words = Words::default();
    let huge = words.terms.expr(Expr::Nat(vec![1; 100_000].into()));
    assert_eq!(show(&words.terms, huge, &[]), "<number of 3200000 bits>");
    let (variable, name) = (words.expr("#0"), words.name("n"));
    assert_eq!(show(&words.terms, variable, &[name]), "n");
}

#[test]
fn different_names_look_different() {
    let mut terms = Terms::default();
    let root = terms.name(Name::Anonymous);
    let mut texts = HashSet::new();
    let mut names = vec![];
    for part in ["a", "b", "a.b", "«a»", "a b».«c d", "a b", "c d", "", "1", "\n", "\\n", "\u{200b}", "é"] {
        names.push(terms.name(Name::Str(root, part.into())));
    }
    names.push(terms.name(Name::Num(root, 1)));
    let parts = names.clone();
    for first in &parts {
        for second in &parts {
            let Name::Str(_, part) = terms.get_name(*second).clone() else { continue };
            names.push(terms.name(Name::Str(*first, part)));
        }
    }
    for name in &names {
        assert!(texts.insert(show_name(&terms, *name)), "{} stands for two names", show_name(&terms, *name));
    }
}

/// A hundred thousand levels of everything that nests, as a function, as an argument, below a binder.
#[test]
fn depth_is_cut_and_costs_no_stack() {
    const DEEP: usize = 100_000;
    let wraps: [fn(&mut Words, ExprId, ExprId) -> Expr; 8] = [
        |_, a, deep| Expr::App(deep, a),
        |_, a, deep| Expr::App(a, deep),
        |w, a, deep| Expr::Lambda(Binder { name: w.name("x"), info: BinderInfo::Explicit, ty: a, body: deep }),
        |w, a, deep| Expr::Pi(Binder { name: w.name("x"), info: BinderInfo::Explicit, ty: deep, body: a }),
        |w, a, deep| Expr::Let { name: w.name("x"), ty: a, value: deep, body: a },
        |w, a, deep| Expr::Let { name: w.name("x"), ty: a, value: a, body: deep },
        |w, _, deep| Expr::Proj { structure: w.name("S"), index: u32::MAX, value: deep },
        |_, _, deep| Expr::App(deep, deep),
    ];
    for (i, wrap) in wraps.iter().enumerate() {
        let mut words = Words::default();
        let (a, b) = (words.expr("a"), words.expr("b"));
        let [left, right] = [a, b].map(|mut deep| {
            for _ in 0..DEEP {
                let expr = wrap(&mut words, a, deep);
                deep = words.terms.expr(expr);
            }
            deep
        });
        assert!(show(&words.terms, left, &[]).len() < 1_000, "case {i}");
        assert!(Same::new(&words.terms).first_difference(left, right).is_some(), "case {i}");
        assert!(Same::new(&words.terms).first_difference(left, left).is_none(), "case {i}");
        assert!(!words.terms.occurs(left, 0), "case {i}");
        assert!(words.terms.constants_below([right]).contains(&words.name("b")), "case {i}");
        let renaming =
            super::super::rename::Renaming { names: [(words.name("b"), words.name("a"))].into(), ..Default::default() };
        assert_eq!(renaming.apply(&mut words.terms, right), left, "case {i}");
    }
    // Projections of applications of projections ...
    let mut words = Words::default();
    let (mut deep, structure) = (words.expr("a"), words.name("S"));
    for _ in 0..DEEP {
        deep = words.terms.expr(Expr::Proj { structure, index: 0, value: deep });
        deep = words.apply(deep, deep);
    }
    assert!(show(&words.terms, deep, &[]).len() < 1_000);
}
