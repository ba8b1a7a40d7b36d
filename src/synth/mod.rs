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
use instance::Statement;
use prng::Prng;
use render::Render;
use std::collections::{HashSet, VecDeque};

/// What every statement starts from.
pub const HEADER: &str = "import AfCore";

/// Longest texts, in characters; longer ones are drawn again.
const LONGEST: usize = 420;

/// Draws without anything new after which the grammar counts as exhausted.
const FRUITLESS: u64 = 20_000;

/// So many draws of five are of a plain instance of a schema that follows from definitions: composed terms, of which there are
/// more, would drive them out.
const PLAIN_IN_FIVE: usize = 2;

/// Draws for a plain instance that is of the least difficulty.
const PLAIN_DRAWS: usize = 8;

/// Texts made beyond those wanted, for those that are excluded.
const SPARE: usize = 2;

/// A pair that nothing has been checked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// From 1, without gaps.
    pub number: u64,
    pub id: String,
    /// The same for all phrasings of one statement.
    pub statement: String,
    pub concept: String,
    pub schema: String,
    pub difficulty: usize,
    /// Has a condition that the goal does not need.
    pub distractor: bool,
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
    /// Most texts for one statement.
    phrasings: usize,
    excluded: Excluded,
    seen: HashSet<String>,
    /// Other phrasings of the last statement.
    pending: VecDeque<Candidate>,
    /// One of each schema instead.
    each: bool,
    drawn: Drawn,
    statements: u64,
    number: u64,
}

/// The concepts there are schemas of.
pub fn concepts() -> Result<Vec<String>, String> {
    Ok(Grammar::load()?.concepts().into_iter().map(str::to_owned).collect())
}

impl Candidates {
    /// Of the given concepts, or of all if none is given.
    pub fn new(seed: u64, concepts: &[String], excluded: Excluded, phrasings: usize) -> Result<Candidates, String> {
        let grammar = Grammar::load()?;
        let known = grammar.concepts();
        if let Some(unknown) = concepts.iter().find(|c| !known.contains(&c.as_str())) {
            return Err(format!("no concept `{unknown}`; there are {}", known.join(", ")));
        }
        let wanted = known.iter().filter(|k| concepts.is_empty() || concepts.iter().any(|c| c == *k));
        let of =
            |concept: &str| (0..grammar.schemas.len()).filter(|s| grammar.schemas[*s].concept == concept).collect();
        let schemas = wanted.map(|concept| of(concept)).collect();
        let (seen, pending, drawn) = (HashSet::new(), VecDeque::new(), Drawn::default());
        let (each, statements, number) = (false, 0, 0);
        Ok(Candidates { schemas, grammar, seed, phrasings, excluded, seen, pending, each, drawn, statements, number })
    }

    /// One candidate of every schema, in the order of the files; nothing is left out.
    pub fn each_schema(seed: u64) -> Result<Candidates, String> {
        let candidates = Candidates::new(seed, &[], Excluded::new(Limits::default()), 1)?;
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
        if self.pending.is_empty() {
            let made = if self.each { self.next_schema()? } else { self.next_statement()? };
            self.pending.extend(made);
        }
        let next = self.pending.pop_front().map(|candidate| {
            self.number += 1;
            Candidate { number: self.number, ..candidate }
        });
        Ok(next)
    }

    /// The phrasings of the next statement that is new; none when there is none.
    fn next_statement(&mut self) -> Result<Vec<Candidate>, String> {
        for _ in 0..FRUITLESS {
            let index = self.drawn.drawn;
            self.drawn.drawn += 1;
            let mut prng = Prng::of(self.seed, index);
            let concept = &self.schemas[(index % self.schemas.len() as u64) as usize];
            let statement = choose(&self.grammar, concept, &mut prng)?;
            let mut draw = self.draw(&statement, self.phrasings + SPARE, &mut prng);
            draw.texts.retain(|c| !is_long(c));
            if draw.texts.is_empty() {
                self.drawn.long += 1;
                continue;
            }
            draw.texts.retain(|c| !self.seen.contains(&c.informal));
            if self.seen.contains(&draw.key) || draw.texts.is_empty() {
                self.drawn.duplicates += 1;
                continue;
            }
            let mut overlap = None;
            draw.texts.retain(|c| {
                let found = self.excluded.overlap(&c.informal, &c.formal);
                overlap = overlap.or(found);
                found.is_none()
            });
            match overlap.filter(|_| draw.texts.is_empty()) {
                Some(Overlap::Informal) => self.drawn.informal += 1,
                Some(Overlap::Formal) => self.drawn.formal += 1,
                Some(Overlap::Whole) => self.drawn.whole += 1,
                None => return Ok(self.take(draw)),
            }
        }
        Ok(Vec::new())
    }

    /// Keeps as many texts as are wanted, gives them their numbers, and remembers them.
    fn take(&mut self, draw: Draw) -> Vec<Candidate> {
        self.statements += 1;
        let Draw { key, mut texts } = draw;
        texts.truncate(self.phrasings);
        self.seen.insert(key);
        self.seen.extend(texts.iter().map(|candidate| candidate.informal.clone()));
        for (at, candidate) in texts.iter_mut().enumerate() {
            let id = format!("{}_{}", candidate.statement, at + 1);
            candidate.formal = candidate.formal.replacen(&candidate.id, &id, 1);
            candidate.id = id;
        }
        texts
    }

    fn next_schema(&mut self) -> Result<Vec<Candidate>, String> {
        let Some(schema) = self.grammar.schemas.get(self.statements as usize) else { return Ok(Vec::new()) };
        loop {
            let mut prng = Prng::of(self.seed, self.drawn.drawn);
            self.drawn.drawn += 1;
            let statement = instance::instantiate(&self.grammar, schema, false, &mut prng)?;
            let draw = self.draw(&statement, 1, &mut prng);
            if !draw.texts.iter().any(is_long) {
                return Ok(self.take(draw));
            }
            self.drawn.long += 1;
        }
    }

    /// The texts of a statement, not numbered yet.
    fn draw(&self, statement: &Statement<'_>, count: usize, prng: &mut Prng) -> Draw {
        let grammar = &self.grammar;
        let name = format!("afcore_synth_{}_{}", self.seed, self.statements + 1);
        let render = Render { grammar, statement, nameless: false };
        // As long as the ids to come, so that lines break where they will.
        let id = format!("{name}_0");
        let formal = render.theorem(&id);
        let key = Render { grammar, statement, nameless: true }.theorem("t");
        let candidate = |(informal, phrasing)| Candidate {
            number: 0,
            id: id.clone(),
            statement: name.clone(),
            concept: statement.schema.concept.clone(),
            schema: statement.schema.name.clone(),
            difficulty: statement.difficulty,
            distractor: statement.distractor,
            phrasing,
            informal,
            formal: formal.clone(),
        };
        Draw { key, texts: phrase::phrasings(&render, count, prng).into_iter().map(candidate).collect() }
    }
}

/// The texts of a statement, with the form that is the same for statements that differ in names only.
struct Draw {
    key: String,
    texts: Vec<Candidate>,
}

/// An instance of one of the schemas.
fn choose<'g>(grammar: &'g Grammar, schemas: &[usize], prng: &mut Prng) -> Result<Statement<'g>, String> {
    let easy: Vec<usize> = schemas.iter().copied().filter(|s| grammar.schemas[*s].base == 1).collect();
    if easy.is_empty() || !prng.chance(PLAIN_IN_FIVE, 5) {
        return instance::instantiate(grammar, &grammar.schemas[*prng.choose(schemas)], false, prng);
    }
    let schema = &grammar.schemas[*prng.choose(&easy)];
    for _ in 1..PLAIN_DRAWS {
        let statement = instance::instantiate(grammar, schema, true, prng)?;
        if statement.difficulty == 1 {
            return Ok(statement);
        }
    }
    instance::instantiate(grammar, schema, true, prng)
}

fn is_long(candidate: &Candidate) -> bool {
    candidate.informal.chars().count() > LONGEST || candidate.formal.chars().count() > LONGEST
}
