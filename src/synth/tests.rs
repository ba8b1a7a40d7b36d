//! The grammar as a whole: every schema can be instantiated, both texts speak of the same variables, phrasings vary, and
//! the same seed gives the same bytes.

use super::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Instances of every schema.
const INSTANCES: u64 = 60;

fn candidates(seed: u64, count: usize) -> Vec<Candidate> {
    let mut candidates = Candidates::new(seed, &[], Excluded::new(Limits::default()), 1).unwrap();
    (0..count).map(|_| candidates.next_candidate().unwrap().unwrap()).collect()
}

fn each(mut with: impl FnMut(&grammar::Schema, &instance::Statement<'_>, &str, usize)) {
    let grammar = Grammar::load().unwrap_or_else(|e| panic!("{e}"));
    for schema in &grammar.schemas {
        for index in 0..INSTANCES {
            let mut prng = Prng::of(9, index);
            let statement = instance::instantiate(&grammar, schema, index % 4 == 0, &mut prng).unwrap_or_else(|e| panic!("{e}"));
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
    for c in candidates(1, 50) {
        hash.update(format!("{}\n{}\n{}\n{} {}\n", c.id, c.informal, c.formal, c.difficulty, c.phrasing));
    }
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    // Changes with the grammar, and with it every released file: say so in CHANGELOG.md.
    assert_eq!(hash, "73533b20061333ae1f772f6506e83eb690c6467af9a08d28132db62c005b8008");
}
