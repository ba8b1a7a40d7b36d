//! The order in which a kernel is asked, and what is asked of it.

use super::*;

fn run(words: &mut Words, kernel: &mut Scripted, roots: &[&str]) -> Replayed {
    let roots: Vec<NameId> = roots.iter().map(|root| words.name(root)).collect();
    kernel.makes.extend(words.constants.clone());
    sure(replay(kernel, &mut words.terms, &words.constants, &roots))
}

fn position(order: &[String], name: &str) -> usize {
    order.iter().position(|n| n == name).unwrap_or_else(|| panic!("{name} was not added: {order:?}"))
}

#[test]
fn dependencies_come_first() {
    let mut words = Words::default();
    words.theorem("a", "(P d)", "(h b)");
    words.theorem("b", "Q", "c");
    words.definition("c", "Nat", "ax");
    words.axiom("ax", "Nat");
    words.definition("d", "Nat", "c");
    words.theorem("unused", "Q", "q");
    let mut kernel = Scripted::default();
    let replayed = run(&mut words, &mut kernel, &["a"]);
    let order = kernel.order(&words.terms);
    for (before, after) in [("ax", "c"), ("c", "b"), ("c", "d"), ("b", "a"), ("d", "a")] {
        assert!(position(&order, before) < position(&order, after), "{before} before {after}: {order:?}");
    }
    assert_eq!(order.len(), 5, "each once, and nothing that no root rests on");
    let report = replayed.report;
    assert_eq!((report.theorems, report.definitions, report.axioms, report.refused), (2, 2, 1, None));
}

/// Chains that no recursion of the host would survive.
#[test]
fn long_chains_are_walked() {
    const LONG: usize = 50_000;
    let mut words = Words::default();
    words.theorem("t0", "P", "p");
    for i in 1..LONG {
        words.theorem(&format!("t{i}"), "P", &format!("t{}", i - 1));
    }
    let mut kernel = Scripted::default();
    let replayed = run(&mut words, &mut kernel, &[&format!("t{}", LONG - 1)]);
    assert_eq!(replayed.report.theorems as usize, LONG);
}

#[test]
fn types_declared_together_are_one_unit_behind_all_they_mention() {
    let mut words = Words::default();
    words.definition("first", "Type", "Nat");
    words.definition("second", "Type", "Nat");
    words.definition("third", "Type", "Nat");
    inductive(
        &mut words,
        &[
            ("A", &[("A.a", "A"), ("A.b", "(pi second (pi B A))")]),
            ("B", &[("B.a", "(pi A B)"), ("B.b", "(pi third B)")]),
        ],
    );
    words.set_type("A", "(pi first Type)");
    for roots in [&["A"][..], &["B"], &["A.a"], &["B.b"], &["B.b", "A.b", "B", "A"], &["A.b", "third"]] {
        let mut kernel = Scripted::default();
        let replayed = run(&mut words, &mut kernel, roots);
        assert_eq!(replayed.report.refused, None);
        let order = kernel.order(&words.terms);
        assert_eq!(order.len(), 4, "the group is declared once: {order:?}");
        assert_eq!(order[3], "A+B", "behind what any constructor mentions: {order:?}");
    }
}

#[test]
fn what_uses_a_constructor_comes_behind_its_type() {
    let mut words = Words::default();
    inductive(&mut words, &[("T", &[("T.a", "T"), ("T.b", "(pi T T)")])]);
    words.theorem("t", "(P T.b)", "(p T.a)");
    let mut kernel = Scripted::default();
    run(&mut words, &mut kernel, &["t"]);
    assert_eq!(kernel.order(&words.terms), ["T", "t"]);
}

#[test]
fn a_circle_is_cut_and_left_to_the_kernel() {
    let mut words = Words::default();
    words.theorem("a", "P", "(f b)");
    words.theorem("b", "P", "(f a)");
    let mut kernel = Scripted::default();
    run(&mut words, &mut kernel, &["a", "b"]);
    assert_eq!(kernel.order(&words.terms), ["b", "a"], "whichever is first mentions what is not there");
}

#[test]
fn what_has_no_meaning_is_not_asked() {
    let mut words = Words::default();
    words.definition_at("u", "", "P", "u", Safety::Unsafe);
    words.definition_at("p", "", "P", "p", Safety::Partial);
    words.theorem("t", "P", "(f u p)");
    let mut kernel = Scripted::default();
    let replayed = run(&mut words, &mut kernel, &["t", "u", "p"]);
    assert_eq!((replayed.report.skipped, kernel.order(&words.terms)), (2, vec!["t".to_owned()]));
}

#[test]
fn the_first_refusal_ends_it() {
    for (why, is_limit) in
        [(Refused::Wrong("no".into()), false), (Refused::Limit(crate::domain::Cause::Stack, "deep".into()), true)]
    {
        let mut words = Words::default();
        words.theorem("a", "P", "b");
        words.theorem("b", "P", "c");
        words.theorem("c", "P", "p");
        let mut kernel = Scripted { refuses: Some((words.name("b"), why)), ..Scripted::default() };
        let replayed = run(&mut words, &mut kernel, &["a"]);
        assert_eq!(kernel.order(&words.terms), ["c", "b"]);
        assert_eq!(replayed.report.theorems, 1);
        assert_eq!((replayed.report.refused.is_some(), replayed.limit.is_some()), (!is_limit, is_limit));
    }
}

#[test]
fn a_library_name_is_refused_before_anything_is_asked() {
    let mut words = Words::default();
    words.theorem("a", "P", "b");
    words.theorem("b", "P", "p");
    let mut kernel = Scripted { library: [words.name("a")].into(), ..Scripted::default() };
    let replayed = run(&mut words, &mut kernel, &["a"]);
    assert_eq!(replayed.report.refused.map(|(name, _)| name).as_deref(), Some("a"));
    assert_eq!(kernel.added, []);
}

#[test]
fn what_the_kernel_makes_of_a_type_is_what_must_be_there() {
    let refused = |tamper: &dyn Fn(&mut Scripted, &mut Words)| {
        let mut words = Words::default();
        inductive(&mut words, &[("T", &[("T.a", "T")])]);
        let mut kernel = Scripted::default();
        kernel.makes.extend(words.constants.clone());
        tamper(&mut kernel, &mut words);
        let roots = [words.name("T"), words.name("T.a")];
        let replayed = sure(replay(&mut kernel, &mut words.terms, &words.constants, &roots));
        replayed.report.refused.map(|(name, why)| format!("{name}: {why}")).unwrap_or_default()
    };
    assert_eq!(refused(&|_, _| {}), "");
    let made_nothing = refused(&|kernel, words| drop(kernel.makes.remove(&words.name("T.a"))));
    assert!(made_nothing.starts_with("T.a: the kernel makes no such constant"), "{made_nothing}");
    let another = refused(&|kernel, words| {
        let mut other = words.get("T.a");
        other.signature.ty = words.expr("(pi T T)");
        kernel.makes.insert(other.signature.name, other);
    });
    assert!(another.starts_with("T.a: the kernel makes another constant"), "{another}");
    let quotient = refused(&|_, words| words.change("T.a", |kind| *kind = Kind::Quotient));
    assert!(quotient.contains("quotient") || quotient.contains("another"), "{quotient}");
}
