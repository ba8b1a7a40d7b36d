//! A pool while it is drawn from. Owns documents as examples, each encoded once, and what becomes of those that are too
//! long; knows nothing of other pools.

use super::data::{Document, Pool};
use super::deck::Deck;
use super::draw::{DrawError, Drawing, Example, TooLong};
use super::encoder::{EncodeError, Encoder};
use super::report::PoolReport;

pub(super) struct Stream<'a> {
    pool: &'a Pool,
    /// The condition's part it belongs to.
    pub part: usize,
    /// Of all tokens.
    share: f64,
    /// Examples of the part that no counterpart may be among, and itself.
    pub window: usize,
    deck: Deck,
    encoder: &'a dyn Encoder,
    drawing: &'a Drawing,
    encoded: Vec<Option<Example>>,
    pub report: PoolReport,
}

impl<'a> Stream<'a> {
    pub fn new(
        pool: &'a Pool,
        part: usize,
        share: f64,
        window: usize,
        seed: u64,
        encoder: &'a dyn Encoder,
        drawing: &'a Drawing,
    ) -> Stream<'a> {
        let count = pool.documents.len();
        let (deck, encoded) = (Deck::new(count, seed), vec![None; count]);
        Stream { pool, part, share, window, deck, encoder, drawing, encoded, report: PoolReport::new(pool, share) }
    }

    /// How many tokens of all would be this pool's fair share of those it gave.
    pub fn progress(&self) -> f64 {
        self.report.tokens as f64 / self.share
    }

    /// The next example that may come and is not too long, with its statement.
    pub fn next(&mut self, may: impl Fn(&Document) -> bool) -> Result<(Example, &'a str), DrawError> {
        let documents = &self.pool.documents;
        loop {
            let Some(at) = self.deck.draw(|at| may(&documents[at])) else { return Err(self.exhausted()) };
            if let Some((example, is_cut)) = self.fitting(at)? {
                self.report.cut += u64::from(is_cut);
                return Ok((example, &documents[at].statement));
            }
            self.report.left_out += u64::from(self.deck.discard(at));
        }
    }

    /// How long a view may be, in tokens of all pools, before this one has to repeat itself.
    pub fn lasts_for(&mut self) -> Result<u64, DrawError> {
        let mut tokens = 0;
        for at in 0..self.pool.documents.len() {
            tokens += self.fitting(at)?.map_or(0, |(example, _)| example.tokens() as u64);
        }
        match (tokens, self.drawing.context) {
            (0, Some(context)) => Err(self.all_too_long(context)),
            _ => Ok((tokens as f64 / self.share) as u64),
        }
    }

    /// The example of a document and whether it was cut; `None` if it is too long.
    fn fitting(&mut self, at: usize) -> Result<Option<(Example, bool)>, DrawError> {
        let document = &self.pool.documents[at];
        let example = match &mut self.encoded[at] {
            Some(example) => example,
            empty => empty.insert(document.example(self.encoder)?),
        };
        let mut example = example.clone();
        Ok(match (self.drawing.context.filter(|context| example.tokens() > *context), self.drawing.too_long) {
            (None, _) => Some((example, false)),
            (Some(context), TooLong::Cut) => {
                example.cut(context);
                Some((example, true))
            }
            (Some(_), TooLong::LeaveOut) => None,
        })
    }

    /// Why there is no next example.
    fn exhausted(&self) -> DrawError {
        match self.drawing.context {
            Some(context) if self.deck.is_empty() => self.all_too_long(context),
            _ => DrawError::Window {
                pool: self.pool.name.clone(),
                documents: self.pool.documents.len(),
                window: self.window,
            },
        }
    }

    fn all_too_long(&self, context: usize) -> DrawError {
        DrawError::AllTooLong { pool: self.pool.name.clone(), context, unit: self.encoder.unit() }
    }
}

impl Document {
    /// The tokens of a document: with a prompt behind that, without behind the token that begins texts. Both end with the one that
    /// ends them.
    pub fn example(&self, encoder: &dyn Encoder) -> Result<Example, DrawError> {
        let tokens = || -> Result<(Vec<u32>, Vec<u32>), EncodeError> {
            let prompt = self.prompt.as_deref().map(|prompt| encoder.prompt(prompt)).transpose()?;
            let mut prompt = prompt.unwrap_or_default();
            if prompt.is_empty() {
                prompt.push(encoder.begin());
            }
            let mut target = encoder.text(&self.text)?;
            if target.is_empty() {
                return Err("its text has no tokens".into());
            }
            target.push(encoder.end());
            Ok((prompt, target))
        };
        let id = self.id.clone();
        match tokens() {
            Ok((prompt, target)) => Ok(Example { id, prompt, target }),
            Err(source) => Err(DrawError::Encode { id, source }),
        }
    }
}
