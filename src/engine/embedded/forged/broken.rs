//! Objects that are no terms: variables of no binder, metavariables, circles, nesting without end. Reading them must
//! end, and never with an acceptance.

use super::bench::{Bench, Fate, on_a_bench};
use super::plant::Planter;
use crate::domain::Cause;
use crate::engine::embedded::object::{NIL, boxed};
use crate::engine::embedded::rebuild::list;
use crate::lean::kernel::words::Words;
use std::collections::HashSet;

/// Plants a theorem of `True` whose value object is what `make` makes.
fn with_value(bench: &mut Bench, make: impl FnOnce(&mut Planter<'_>, &mut Words) -> u32) -> Fate {
    bench.elaborate("");
    let snapshot = bench.snapshot.clone();
    let mut words = Words::default();
    words.theorem("t", "True", "True.intro");
    let mut planter = Planter::on_imports(&mut bench.working, &snapshot);
    let theorem = words.get("t");
    let info = planter.plant(&words.terms, &theorem);
    let value = make(&mut planter, &mut words);
    let theorem = planter.field(info, 0);
    planter.overwrite(theorem, 1, value);
    let environment = planter.environment();
    let taken = bench.take(environment, &HashSet::new());
    bench.examine(taken)
}

fn refused(fate: &Fate, says: &str) {
    assert!(matches!(fate, Fate::Refused(name, why) if name == "t" && why.contains(says)), "{fate:?}, not {says}");
}

fn too_large(fate: &Fate) {
    assert!(matches!(fate, Fate::Limit(Cause::Memory, _)), "{fate:?}, not too large");
}

#[test]
fn variables_that_nothing_binds_are_refused() {
    on_a_bench(|bench| {
        let fate = with_value(bench, |planter, words| {
            let name = words.name("x");
            let name = planter.name(&words.terms, name);
            planter.call("l_Lean_Expr_fvar___override", &[name])
        });
        refused(&fate, "free variables");
        let fate = with_value(bench, |planter, words| {
            let name = words.name("x");
            let name = planter.name(&words.terms, name);
            planter.call("l_Lean_Expr_mvar___override", &[name])
        });
        refused(&fate, "metavariables");
        let fate = with_value(bench, |planter, words| {
            let name = words.name("x");
            let name = planter.name(&words.terms, name);
            let level = planter.call("l_Lean_Level_mvar___override", &[name]);
            planter.call("lean_expr_mk_sort", &[level])
        });
        refused(&fate, "universe metavariables");
        let fate = with_value(bench, |planter, words| {
            let variable = words.expr("#0");
            let variable = planter.expr(&words.terms, variable);
            planter.overwrite(variable, 0, boxed((1 << 31) - 1));
            variable
        });
        refused(&fate, "loose bound variables");
    });
}

#[test]
fn circles_of_objects_end() {
    on_a_bench(|bench| {
        // An application of itself to itself, a name in itself, a level above itself.
        let fate = with_value(bench, |planter, words| {
            let app = words.expr("(True.intro True.intro)");
            let app = planter.expr(&words.terms, app);
            planter.overwrite(app, 0, app);
            planter.overwrite(app, 1, app);
            app
        });
        refused(&fate, "contains itself");
        let fate = with_value(bench, |planter, words| {
            let name = words.name("x.y");
            let object = planter.name(&words.terms, name);
            let constant = planter.call("lean_expr_mk_const", &[object, NIL]);
            planter.overwrite(object, 0, object);
            constant
        });
        too_large(&fate);
        let fate = with_value(bench, |planter, words| {
            let sort = words.expr("Sort.{u+1}");
            let sort = planter.expr(&words.terms, sort);
            let level = planter.field(sort, 0);
            planter.overwrite(level, 0, level);
            sort
        });
        too_large(&fate);
    });
}

#[test]
fn a_circle_of_levels_in_a_list_ends() {
    on_a_bench(|bench| {
        bench.elaborate("");
        let snapshot = bench.snapshot.clone();
        let mut words = Words::default();
        words.theorem("t", "True", "(Eq.refl.{1} Nat 1)");
        let theorem = words.get("t");
        let mut planter = Planter::on_imports(&mut bench.working, &snapshot);
        planter.plant(&words.terms, &theorem);
        let constant = words.expr("Eq.refl.{1}");
        let constant = planter.expr(&words.terms, constant);
        let levels = planter.field(constant, 1);
        planter.overwrite(levels, 1, levels);
        let environment = planter.environment();
        let taken = crate::engine::embedded::trust::Taken::read(
            Default::default(),
            &mut bench.working,
            environment,
            &[],
            &snapshot,
            &HashSet::new(),
        );
        assert!(taken.is_err_and(|e| e.to_string().contains("list that contains itself")));
    });
}

/// Names that grow by pieces, each within the limit of one reading, must not add up to one that no stack holds.
#[test]
fn names_and_levels_cannot_grow_by_pieces() {
    on_a_bench(|bench| {
        let fate = with_value(bench, |planter, words| {
            let mut value = words.expr("True.intro");
            let mut path = String::from("x");
            for _ in 0..8 {
                path.push_str(&".x".repeat(1_000));
                let name = words.name(&path);
                value = words.bind(name, value);
            }
            // The innermost binder, read first, has the shortest name.
            planter.expr(&words.terms, value)
        });
        too_large(&fate);
        let fate = with_value(bench, |planter, words| {
            let mut value = words.expr("True.intro");
            for depth in (1_000..=8_000).step_by(1_000) {
                let sort = words.expr(&format!("Sort.{{u+{depth}}}"));
                value = words.apply(value, sort);
            }
            planter.expr(&words.terms, value)
        });
        too_large(&fate);
    });
}

#[test]
fn one_text_in_many_names_is_read_within_bounds() {
    on_a_bench(|bench| {
        let fate = with_value(bench, |planter, words| {
            let text = words.expr(&format!("\"{}\"", "x".repeat(4 << 20)));
            let literal = planter.expr(&words.terms, text);
            let text = planter.field(planter.field(literal, 0), 0);
            let mut names = Vec::new();
            for i in 0..100 {
                let prefix = words.name(&i.to_string());
                let prefix = planter.name(&words.terms, prefix);
                planter.retain(text);
                names.push(planter.call("l_Lean_Name_str___override", &[prefix, text]));
            }
            let mut value = words.expr("True.intro");
            value = words.apply(value, value);
            let mut value = planter.expr(&words.terms, value);
            for name in names {
                let constant = planter.call("lean_expr_mk_const", &[name, NIL]);
                value = planter.call("lean_expr_mk_app", &[value, constant]);
            }
            value
        });
        too_large(&fate);
    });
}

/// A literal and a term that are large but honest go through.
#[test]
fn deep_terms_do_not_overflow_the_host() {
    on_a_bench(|bench| {
        for depth in [10_000, 200_000] {
            let fate = with_value(bench, |planter, words| {
                let not = words.expr("(fun True #0)");
                let mut value = words.expr("True.intro");
                for _ in 0..depth {
                    value = words.apply(not, value);
                }
                planter.expr(&words.terms, value)
            });
            // However deep: the kernel gets through, or says that it does not.
            assert!(matches!(fate, Fate::Accepted(_) | Fate::Limit(..) | Fate::Broken(_)), "{depth}: {fate:?}");
        }
    });
}

/// The list of universe parameters of a planted constant may be any list.
#[test]
fn lists_are_built_as_lean_builds_them() {
    on_a_bench(|bench| {
        bench.elaborate("");
        let items = list(&mut bench.working, &[NIL, NIL]).expect("a list");
        assert_eq!(bench.working.read_list(items).expect("a list"), [NIL, NIL]);
    });
}
