//! The grammar as a whole: every schema can be instantiated, both texts speak of the same variables, phrasings vary, and
//! the same seed gives the same bytes.

use super::expr::Expr;
use super::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Instances of every schema.
const INSTANCES: u64 = 60;

fn candidates(seed: u64, count: usize) -> Vec<Candidate> {
    phrased(seed, count, 1)
}

fn phrased(seed: u64, count: usize, phrasings: usize) -> Vec<Candidate> {
    let mut candidates = Candidates::new(seed, &[], Excluded::new(Limits::default()), phrasings).unwrap();
    (0..count).map(|_| candidates.next_candidate().unwrap().unwrap()).collect()
}

fn each(mut with: impl FnMut(&grammar::Schema, &instance::Statement<'_>, &str, usize)) {
    let grammar = Grammar::load().unwrap_or_else(|e| panic!("{e}"));
    for schema in &grammar.schemas {
        for index in 0..INSTANCES {
            let mut prng = Prng::of(9, index);
            let statement =
                instance::instantiate(&grammar, schema, index % 4 == 0, &mut prng).unwrap_or_else(|e| panic!("{e}"));
            let render = Render { grammar: &grammar, statement: &statement, nameless: false };
            render.theorem("t");
            for (informal, phrasing) in phrase::phrasings(&render, 2, &mut prng) {
                with(schema, &statement, &informal, phrasing);
            }
        }
    }
}

#[test]
fn the_grammar_covers_every_concept() {
    let grammar = Grammar::load().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(grammar.concepts().len(), 23, "{:?}", grammar.concepts());
    for concept in grammar.concepts() {
        let schemas = grammar.schemas.iter().filter(|s| s.concept == concept).count();
        assert!(schemas >= 6, "{concept} has {schemas} schemas");
    }
}

#[test]
fn every_schema_has_instances_with_the_same_variables_in_both_texts() {
    each(|schema, statement, informal, _| {
        let own = schema.texts.len();
        let formulas: String = informal.split('$').skip(1).step_by(2).collect::<Vec<_>>().join(" ");
        assert_eq!(informal.matches('$').count() % 2, 0, "{}: {informal}", schema.name);
        for variable in statement.groups.iter().flatten() {
            let name = &statement.variables[*variable].name;
            let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
            // Sentences of a schema's own need not name its sets and groups.
            let needed = own == 0
                || matches!(&statement.variables[*variable].sort, instance::Term::Call(s, _) if s == "Nat" || s == "Int");
            assert!(!needed || formulas.contains(letters), "{}: {name} in {informal}", schema.name);
        }
        assert!((1..=3).contains(&statement.difficulty), "{}", schema.name);
        assert!(!informal.contains(render::NO_FORMULA), "{}: {informal}", schema.name);
        for wrong in ["{", "  ", " ,", " .", "$$"] {
            let plain = wrong == "{" && informal.split('$').step_by(2).any(|text| text.contains('{'));
            let spaced = wrong != "{" && informal.contains(wrong);
            assert!(!plain && !spaced, "{}: `{wrong}` in {informal}", schema.name);
        }
    });
}

/// The instances of rules that an expression mentions, with their primes.
fn instances(expr: &Expr, found: &mut BTreeSet<String>) {
    match expr {
        Expr::Number(_) | Expr::Range(..) | Expr::Leaf(_) => {}
        Expr::Name(name) | Expr::Part(name, _) => _ = found.insert(name.clone()),
        Expr::Call(name, arguments) => {
            found.insert(name.clone());
            arguments.iter().for_each(|a| instances(a, found));
        }
    }
}

/// `goal A ⊆ B ↔ F` with `rule F`, `: A ∩ B = A` would speak of two different `A`: false statements type-check as well.
#[test]
fn a_schema_and_its_rules_do_not_speak_of_instances_of_one_name() {
    let grammar = Grammar::load().unwrap_or_else(|e| panic!("{e}"));
    for schema in &grammar.schemas {
        let is_rule = |name: &String| {
            let rule = grammar::rule_of(name);
            let declared = schema.variables.iter().any(|v| v.name == *name);
            !declared && (schema.rules.contains_key(rule) || grammar.rules.contains_key(rule))
        };
        let mut own = BTreeSet::new();
        schema.hypotheses.iter().map(|h| &h.prop).chain([&schema.goal]).for_each(|prop| instances(prop, &mut own));
        for (rule, productions) in schema.rules.iter().filter(|(rule, _)| own.contains(*rule)) {
            let mut inner = BTreeSet::new();
            productions.iter().flat_map(|p| &p.terms).for_each(|term| instances(term, &mut inner));
            inner.retain(|name| grammar::rule_of(name) != rule);
            let shared = own.intersection(&inner).filter(|name| is_rule(name)).collect::<Vec<_>>();
            assert!(shared.is_empty(), "{}: {shared:?} in the schema and in its rule {rule}", schema.name);
        }
    }
}

#[test]
fn every_schema_has_at_least_three_phrasings() {
    let mut phrasings: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    each(|schema, _, _, phrasing| {
        phrasings.entry(schema.name.clone()).or_default().insert(phrasing);
    });
    for (schema, phrasings) in phrasings {
        assert!(phrasings.len() >= 3, "{schema}: {phrasings:?}");
    }
}

#[test]
fn candidates_are_distinct_and_of_all_concepts() {
    let candidates = candidates(1, 2000);
    let texts: HashSet<&String> = candidates.iter().map(|c| &c.informal).collect();
    assert_eq!(texts.len(), 2000);
    let concepts: HashSet<&String> = candidates.iter().map(|c| &c.concept).collect();
    assert_eq!(concepts.len(), 23);
    let ids: Vec<u64> = candidates.iter().map(|c| c.number).collect();
    assert_eq!(ids, (1..=2000).collect::<Vec<u64>>());
}

/// The text of a theorem without its name.
fn unnamed(candidate: &Candidate) -> String {
    candidate.formal.replacen(&candidate.id, "t", 1)
}

#[test]
fn a_statement_has_several_texts_under_one_key() {
    let candidates = phrased(2, 1500, 3);
    let mut of: BTreeMap<&str, Vec<&Candidate>> = BTreeMap::new();
    candidates.iter().for_each(|c| of.entry(&c.statement).or_default().push(c));
    // The last may be cut short, and a claim without variables has few texts.
    let full = of.values().filter(|texts| texts.len() == 3).count();
    assert!(full * 10 > of.len() * 9, "{full} of {}", of.len());
    for (key, texts) in &of {
        let distinct = |part: fn(&&Candidate) -> String| texts.iter().map(part).collect::<BTreeSet<_>>().len();
        assert_eq!(distinct(|c| unnamed(c)), 1, "{key}");
        assert_eq!(distinct(|c| c.informal.clone()), texts.len(), "{key}");
        assert_eq!(distinct(|c| c.phrasing.to_string()), texts.len(), "{key}");
        assert!(texts.iter().enumerate().all(|(at, c)| c.id == format!("{key}_{}", at + 1)), "{key}");
    }
    // Other statements differ in more than names of theorems.
    let formal: HashSet<String> = candidates.iter().map(unnamed).collect();
    assert_eq!(formal.len(), of.len());
    assert_eq!(candidates.iter().map(|c| &c.informal).collect::<HashSet<_>>().len(), 1500);
}

#[test]
fn variables_do_not_have_the_letters_of_signs() {
    let grammar = Grammar::load().unwrap_or_else(|e| panic!("{e}"));
    let taken = |term: &instance::Term| match term {
        instance::Term::Call(name, _) => {
            let op = grammar.op(name, "Nat").or_else(|| grammar.op(name, "Int"));
            op.and_then(|op| op.tex.as_ref()).map_or(Vec::new(), |(_, tex)| template::letters(tex))
        }
        _ => Vec::new(),
    };
    fn each_term(term: &instance::Term, with: &mut dyn FnMut(&instance::Term)) {
        with(term);
        if let instance::Term::Call(_, inner) | instance::Term::Apply(_, inner) = term {
            inner.iter().for_each(|t| each_term(t, with));
        }
    }
    let mut signs = BTreeSet::new();
    each(|schema, statement, informal, _| {
        let names: Vec<&String> = statement.groups.iter().flatten().map(|v| &statement.variables[*v].name).collect();
        for term in statement.hypotheses.iter().chain([&statement.goal]) {
            each_term(term, &mut |t| {
                for letter in taken(t) {
                    assert!(!names.contains(&&letter), "{}: {letter} in {informal}", schema.name);
                    signs.insert(letter);
                }
            });
        }
    });
    assert!(signs.contains("F") && signs.contains("h") && signs.contains("Z"), "{signs:?}");
}

#[test]
fn what_follows_a_claim_belongs_to_all_of_it() {
    for candidate in phrased(6, 3000, 2) {
        let text = &candidate.informal;
        let branching = ["there is", "there exist", "exactly when", "if and only if", "does not", "is not"];
        let ambiguous =
            |tail: &str| text.split_once(tail).is_some_and(|(claim, _)| branching.iter().any(|b| claim.contains(b)));
        assert!(!ambiguous(" whenever ") && !ambiguous(", provided that "), "{text}");
        assert!(!text.contains("it is true that it is") && !text.contains("Then if "), "{text}");
    }
}

#[test]
fn distractors_are_marked() {
    let candidates = candidates(3, 1500);
    let marked = candidates.iter().filter(|c| c.distractor).count();
    assert!((75..450).contains(&marked), "{marked}");
    // A statement of a schema without conditions has one if it is marked, and only then.
    let grammar = Grammar::load().unwrap_or_else(|e| panic!("{e}"));
    let bare: HashSet<&String> = grammar.schemas.iter().filter(|s| s.hypotheses.is_empty()).map(|s| &s.name).collect();
    let of_bare: Vec<&Candidate> = candidates.iter().filter(|c| bare.contains(&c.schema)).collect();
    assert!(of_bare.iter().filter(|c| c.distractor).count() > 20);
    for c in of_bare {
        assert_eq!(c.formal.contains("(h : "), c.distractor, "{}", c.formal);
    }
}

#[test]
fn enough_statements_follow_from_definitions() {
    let candidates = candidates(1, 3000);
    let easy = candidates.iter().filter(|c| c.difficulty == 1).count();
    assert!((750..=1200).contains(&easy), "{easy} of 3000");
}

#[test]
fn what_is_excluded_does_not_come() {
    let first = candidates(4, 300);
    let mut excluded = Excluded::new(Limits::default());
    first.iter().for_each(|c| excluded.add(&c.informal, &c.formal));
    let mut other = Candidates::new(4, &[], excluded, 1).unwrap();
    let (old, mut keys) = (first.iter().map(|c| c.informal.as_str()).collect::<HashSet<_>>(), 0);
    for _ in 0..300 {
        let candidate = other.next_candidate().unwrap().unwrap();
        assert!(!old.contains(candidate.informal.as_str()));
        keys += 1;
    }
    assert!(keys == 300 && other.drawn().whole > 100, "{:?}", other.drawn());
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(candidates(5, 200), candidates(5, 200));
    assert_ne!(candidates(5, 20), candidates(6, 20));
    let mut hash = Sha256::new();
    for c in phrased(1, 50, 2) {
        let labels = format!("{} {} {}", c.difficulty, c.phrasing, c.distractor);
        hash.update(format!("{}\n{}\n{}\n{labels}\n", c.id, c.informal, c.formal));
    }
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    // Changes with the grammar, and with it every released file: say so in CHANGELOG.md.
    assert_eq!(hash, "d5be53933285dde254f314ddb857c64b2fbdb6407add128236fe1e41741c28c3");
}
