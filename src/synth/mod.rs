//! L1: aligned pairs of informal and formal statements over AfCore's vocabulary, made from a grammar.
//!
//! Owns the grammar (`grammar/*.txt`: operators, sorts, rules and schemas of true statements, as data), the choice of
//! instances from a seed, both renderings of one and the same term, and the comparison with texts to keep away from.
//! Must not read files, check anything or know of Lean beyond templates; `pipeline::synth` has candidates type-checked.
//!
//! ```text
//! grammar/*.txt ── grammar.rs (expr.rs, template.rs) ── Schema
//! seed, index ── prng.rs ── instance.rs ── Statement ─┬─ render.rs ── theorem
//!                                                     └─ phrase.rs ── sentence
//! ```
//! The same seed gives the same candidates in the same order, on every machine.

mod expr;
mod grammar;
mod instance;
mod overlap;
mod phrase;
mod prng;
mod render;
mod template;
#[cfg(test)]
mod tests;

pub use overlap::{Excluded, Limits, Overlap};

use grammar::Grammar;
use prng::Prng;
use render::Render;
use std::collections::HashSet;

/// What every statement starts from.
pub const HEADER: &str = "import AfCore";

/// Longest texts, in characters; longer ones are drawn again.
const LONGEST: usize = 420;

/// Draws without anything new after which the grammar counts as exhausted.
const FRUITLESS: u64 = 20_000;

/// A pair that nothing has been checked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// From 1, without gaps.
    pub number: u64,
    pub id: String,
    pub concept: String,
    pub schema: String,
    pub difficulty: usize,
    pub phrasing: usize,
    pub informal: String,
    /// The theorem with `sorry` for its proof.
    pub formal: String,
}

/// What was drawn and left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Instances made.
    pub drawn: u64,
    /// Too long.
    pub long: u64,
    /// The formal text was there already, up to names of variables, or the informal one.
    pub duplicates: u64,
    /// Parts of the informal text are excluded.
    pub informal: u64,
    /// Parts of the formal text are excluded.
    pub formal: u64,
    /// The whole of either is excluded.
    pub whole: u64,
}

/// Candidates in the order of the seed: distinct, and apart from what is excluded.
pub struct Candidates {
    grammar: Grammar,
    /// Schemas by concept.
    schemas: Vec<Vec<usize>>,
    seed: u64,
    excluded: Excluded,
    seen: HashSet<String>,
    /// One of each schema instead.
    each: bool,
    drawn: Drawn,
    number: u64,
}

/// The concepts there are schemas of.
pub fn concepts() -> Result<Vec<String>, String> {
    Ok(Grammar::load()?.concepts().into_iter().map(str::to_owned).collect())
}

impl Candidates {
    /// Of the given concepts, or of all if none is given.
    pub fn new(seed: u64, concepts: &[String], excluded: Excluded) -> Result<Candidates, String> {
        let grammar = Grammar::load()?;
        let known = grammar.concepts();
        if let Some(unknown) = concepts.iter().find(|c| !known.contains(&c.as_str())) {
            return Err(format!("no concept `{unknown}`; there are {}", known.join(", ")));
        }
        let wanted = known.iter().filter(|k| concepts.is_empty() || concepts.iter().any(|c| c == *k));
        let of =
            |concept: &str| (0..grammar.schemas.len()).filter(|s| grammar.schemas[*s].concept == concept).collect();
        let schemas = wanted.map(|concept| of(concept)).collect();
        let (seen, drawn) = (HashSet::new(), Drawn::default());
        Ok(Candidates { schemas, grammar, seed, excluded, seen, each: false, drawn, number: 0 })
    }

    /// One candidate of every schema, in the order of the files; nothing is left out.
    pub fn each_schema(seed: u64) -> Result<Candidates, String> {
        let candidates = Candidates::new(seed, &[], Excluded::new(Limits::default()))?;
        Ok(Candidates { each: true, ..candidates })
    }

    /// How many schemas there are.
    pub fn schemas(&self) -> usize {
        self.grammar.schemas.len()
    }

    /// What was drawn so far.
    pub fn drawn(&self) -> Drawn {
        self.drawn
    }

    /// The next candidate; `None` when the grammar yields nothing new.
    pub fn next_candidate(&mut self) -> Result<Option<Candidate>, String> {
        if self.each {
            return self.next_schema();
        }
        for _ in 0..FRUITLESS {
            let index = self.drawn.drawn;
            self.drawn.drawn += 1;
            let mut prng = Prng::of(self.seed, index);
            let concept = &self.schemas[(index % self.schemas.len() as u64) as usize];
            let schema = &self.grammar.schemas[*prng.choose(concept)];
            let (candidate, key) = draw(&self.grammar, schema, self.seed, self.number + 1, &mut prng)?;
            if is_long(&candidate) {
                self.drawn.long += 1;
                continue;
            }
            if self.seen.contains(&key) || self.seen.contains(&candidate.informal) {
                self.drawn.duplicates += 1;
                continue;
            }
            match self.excluded.overlap(&candidate.informal, &candidate.formal) {
                Some(Overlap::Informal) => self.drawn.informal += 1,
                Some(Overlap::Formal) => self.drawn.formal += 1,
                Some(Overlap::Whole) => self.drawn.whole += 1,
                None => {
                    self.seen.extend([key, candidate.informal.clone()]);
                    self.number += 1;
                    return Ok(Some(candidate));
                }
            }
        }
        Ok(None)
    }

    fn next_schema(&mut self) -> Result<Option<Candidate>, String> {
        let Some(schema) = self.grammar.schemas.get(self.number as usize) else { return Ok(None) };
        self.number += 1;
        loop {
            let mut prng = Prng::of(self.seed, self.drawn.drawn);
            self.drawn.drawn += 1;
            let candidate = draw(&self.grammar, schema, self.seed, self.number, &mut prng)?.0;
            if !is_long(&candidate) {
                return Ok(Some(candidate));
            }
            self.drawn.long += 1;
        }
    }
}

fn is_long(candidate: &Candidate) -> bool {
    candidate.informal.chars().count() > LONGEST || candidate.formal.chars().count() > LONGEST
}

/// An instance of a schema, with the form that is the same for instances that differ in names only.
fn draw(
    grammar: &Grammar,
    schema: &grammar::Schema,
    seed: u64,
    number: u64,
    prng: &mut Prng,
) -> Result<(Candidate, String), String> {
    let statement = instance::instantiate(grammar, schema, prng)?;
    let id = format!("afcore_synth_{seed}_{number}");
    let render = Render { grammar, statement: &statement, nameless: false };
    let (informal, phrasing) = phrase::phrase(&render, prng);
    let formal = render.theorem(&id);
    let key = Render { grammar, statement: &statement, nameless: true }.theorem("t");
    let (concept, schema) = (schema.concept.clone(), schema.name.clone());
    let difficulty = statement.difficulty;
    Ok((Candidate { number, id, concept, schema, difficulty, phrasing, informal, formal }, key))
}
