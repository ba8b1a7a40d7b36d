//! What was drawn, in numbers: to be kept beside whatever a model trained on it turns out to be. Owns counts and hashes.

use super::data::{Data, Pool, hex};
use super::draw::{Drawing, Example, TooLong};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt;

/// The numbers of a drawn condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub schema: &'static str,
    pub condition: String,
    /// What is counted: tokens of a model, or words.
    pub unit: &'static str,
    pub seed: u64,
    /// All that is read, and what of it is learnt.
    pub tokens: u64,
    pub target_tokens: u64,
    pub examples: usize,
    /// Tokens of the longest example.
    pub longest: usize,
    /// What examples were limited to, and whether longer ones were cut.
    pub context: Option<usize>,
    pub is_cut: bool,
    /// Examples that lie between the two sides of one problem at least, the smallest such number of all parts.
    pub window: Option<usize>,
    /// SHA-256 of the tokens, in their order.
    pub sha256: String,
    pub pools: Vec<PoolReport>,
}

/// The numbers of one pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoolReport {
    pub name: String,
    /// Texts there are to draw from.
    pub documents: usize,
    /// Texts drawn, which are more than there are if they were drawn several times.
    pub examples: u64,
    pub tokens: u64,
    pub target_tokens: u64,
    /// The share of all tokens it was to have.
    pub share: f64,
    /// Examples drawn that were cut to the context; texts that were left out for it.
    pub cut: u64,
    pub left_out: u64,
    /// SHA-256 of all its texts.
    pub sha256: String,
    /// What was left out in reading.
    pub notes: Vec<String>,
}

impl PoolReport {
    pub(super) fn new(pool: &Pool, share: f64) -> PoolReport {
        let (name, documents) = (pool.name.clone(), pool.documents.len());
        let (sha256, notes) = (pool.sha256(), pool.notes.clone());
        PoolReport {
            name,
            documents,
            examples: 0,
            tokens: 0,
            target_tokens: 0,
            share,
            cut: 0,
            left_out: 0,
            sha256,
            notes,
        }
    }

    pub(super) fn count(&mut self, example: &Example) {
        self.examples += 1;
        self.tokens += example.tokens() as u64;
        self.target_tokens += example.target.len() as u64;
    }

    /// How often its texts were gone through.
    pub fn epochs(&self) -> f64 {
        self.examples as f64 / (self.documents as u64 - self.left_out) as f64
    }
}

impl Report {
    /// Of a condition's examples.
    pub(super) fn new(
        data: &Data,
        unit: &'static str,
        drawing: &Drawing,
        examples: &[Example],
        pools: Vec<PoolReport>,
    ) -> Report {
        Report {
            seed: drawing.seed,
            context: drawing.context,
            is_cut: drawing.too_long == TooLong::Cut,
            window: data.parts.iter().filter_map(|part| part.window).min(),
            ..Report::of(&data.condition, unit, examples, pools)
        }
    }

    /// Of examples that nothing else is known of.
    pub(super) fn of(condition: &str, unit: &'static str, examples: &[Example], pools: Vec<PoolReport>) -> Report {
        let mut hash = Sha256::new();
        for Example { prompt, target, .. } in examples {
            for tokens in [prompt, target] {
                hash.update((tokens.len() as u64).to_le_bytes());
                tokens.iter().for_each(|token| hash.update(token.to_le_bytes()));
            }
        }
        Report {
            schema: "afcheck.condition/1",
            condition: condition.to_owned(),
            unit,
            seed: 0,
            tokens: pools.iter().map(|pool| pool.tokens).sum(),
            target_tokens: pools.iter().map(|pool| pool.target_tokens).sum(),
            examples: examples.len(),
            longest: examples.iter().map(Example::tokens).max().unwrap_or_default(),
            context: None,
            is_cut: false,
            window: None,
            sha256: hex(&hash.finalize()),
            pools,
        }
    }
}

/// A table for people.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { unit, tokens, target_tokens, examples, longest, .. } = self;
        let percent = |part: u64, of: u64| 100.0 * part as f64 / of.max(1) as f64;
        writeln!(f, "condition  {}", self.condition)?;
        writeln!(
            f,
            "{unit:<10} {tokens}, of which {target_tokens} are targets ({:.1} %)",
            percent(*target_tokens, *tokens)
        )?;
        let mean = *tokens as f64 / (*examples).max(1) as f64;
        writeln!(f, "examples   {examples} of {mean:.1} {unit} on average, {longest} at most")?;
        if let Some(window) = self.window {
            writeln!(f, "window     the two sides of a problem are at least {window} examples apart")?;
        }
        if let Some(context) = self.context {
            let cut: u64 = self.pools.iter().map(|pool| pool.cut).sum();
            let left_out: u64 = self.pools.iter().map(|pool| pool.left_out).sum();
            writeln!(f, "context    {context}: {cut} examples were cut to it, {left_out} texts left out for it")?;
        }
        writeln!(f, "seed       {}", self.seed)?;
        writeln!(f, "sha256     {}", self.sha256)?;
        for pool in &self.pools {
            let PoolReport { name, documents, examples, .. } = pool;
            writeln!(f, "\n{name}")?;
            writeln!(f, "  {documents} texts, {examples} drawn: {:.2} epochs", pool.epochs())?;
            let (wanted, share) = (100.0 * pool.share, percent(pool.tokens, *tokens));
            writeln!(f, "  {} {unit}, {share:.1} % of all ({wanted:.1} % wanted)", pool.tokens)?;
            writeln!(f, "  sha256 {}", pool.sha256)?;
            for note in pool.notes.iter().take(NOTES) {
                writeln!(f, "  {note}")?;
            }
            if pool.notes.len() > NOTES {
                writeln!(f, "  and {} more were left out", pool.notes.len() - NOTES)?;
            }
        }
        Ok(())
    }
}

/// Notes of a pool that people are shown.
const NOTES: usize = 5;
