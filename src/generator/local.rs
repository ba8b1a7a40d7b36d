//! A language model in this process as a source of candidates. Owns the way from prompts to tokens and from tokens to
//! text; the arithmetic is `ml`'s.

use super::{Answer, Ask, Ends, Event, Generator, GeneratorError, Prompt, Settings, Spent};
use crate::ml::chat::ChatTemplate;
use crate::ml::decoder::Decoder;
use crate::ml::error::ModelError;
use crate::ml::generation::{Finish, Generation, Listener, Task, Wish};
use crate::ml::tokenizer::{Stream, Tokenizer};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A model in memory.
pub struct Local {
    name: String,
    pub decoder: Decoder,
    pub tokenizer: Tokenizer,
    /// How the model writes conversations, if it knows any.
    chat: Option<ChatTemplate>,
    /// Samples that advance together.
    batch: usize,
    prompt_tokens: AtomicU64,
    tokens: AtomicU64,
    samples: AtomicU64,
}

impl Local {
    /// A model that advances `batch` samples at a time.
    pub fn new(name: String, decoder: Decoder, tokenizer: Tokenizer, chat: Option<ChatTemplate>, batch: usize) -> Self {
        let [prompt_tokens, tokens, samples] = Default::default();
        Local { name, decoder, tokenizer, chat, batch, prompt_tokens, tokens, samples }
    }

    /// The tokens of a prompt, behind the token that begins a text where the model wants one.
    pub fn encode(&self, prompt: &Prompt) -> Result<Vec<u32>, ModelError> {
        match prompt {
            Prompt::Text(text) => self.tokenizer.encode(text, self.tokenizer.adds_bos()),
            Prompt::Chat(messages) => {
                let chat = self.chat.as_ref().ok_or_else(|| ModelError::Unsupported {
                    what: format!("conversations with {}: the model has no chat template", self.name),
                    hint: "it continues text; a model tuned to follow instructions has one".into(),
                })?;
                let messages = messages.iter().map(|m| (m.role.as_str(), m.content.as_str()));
                let text = chat.render(&messages.collect::<Vec<_>>(), &self.tokenizer)?;
                // The template writes the token that begins a text itself where the model wants one.
                let tokens = self.tokenizer.encode(&text, false)?;
                let bos = self.tokenizer.bos().filter(|bos| self.tokenizer.adds_bos() && tokens.first() != Some(bos));
                Ok(bos.into_iter().chain(tokens).collect())
            }
        }
    }
}

/// The text of a sample as it grows.
pub struct Writing<'a> {
    stream: Stream<'a>,
    pub text: String,
    pub tokens: u64,
}

impl<'a> Writing<'a> {
    /// Nothing yet.
    pub fn new(tokenizer: &'a Tokenizer) -> Self {
        Writing { stream: tokenizer.stream(), text: String::new(), tokens: 0 }
    }

    /// Reads one more token and tells the text it adds, and whether the answer is complete.
    pub fn push(&mut self, token: u32, ends: &Ends) -> (&str, bool) {
        let from = self.text.len();
        self.text += &self.stream.push(token);
        self.tokens += 1;
        (&self.text[from..], ends.cut(&self.text).is_some())
    }

    /// The whole answer.
    pub fn finish(mut self, finish: Finish, ends: &Ends) -> (String, u64) {
        self.text += &self.stream.finish();
        if finish == Finish::Stop
            && let Some(end) = ends.cut(&self.text).map(str::len)
        {
            self.text.truncate(end);
        }
        (self.text, self.tokens)
    }
}

/// Hands on what happens.
struct Telling<'a, 'on> {
    settings: &'a Settings,
    stop: &'a AtomicBool,
    on: &'on mut dyn FnMut(Event<'_>) -> bool,
    /// Of each task its samples; `None` for those that ended.
    writing: Vec<Vec<Option<Writing<'a>>>>,
    prompt_tokens: Vec<u64>,
    /// Of each task, whether its prompt is among those counted.
    is_counted: Vec<bool>,
    /// Tokens of prompts that have an answer.
    prompts: u64,
    is_wanted: bool,
    spent: (u64, u64),
}

impl Listener for Telling<'_, '_> {
    fn token(&mut self, ask: usize, sample: usize, token: u32) -> Wish {
        let Some(writing) = &mut self.writing[ask][sample] else { return Wish::Cancel };
        let (text, is_enough) = writing.push(token, &self.settings.ends);
        self.is_wanted &= (self.on)(Event::Text { ask, sample, text });
        match (self.is_wanted && !self.stop.load(Ordering::Relaxed), is_enough) {
            (false, _) => Wish::Cancel,
            (true, true) => Wish::Enough,
            (true, false) => Wish::GoOn,
        }
    }

    fn ended(&mut self, ask: usize, sample: usize, finish: Finish) {
        let Some(writing) = self.writing[ask][sample].take() else { return };
        let (text, tokens) = writing.finish(finish, &self.settings.ends);
        self.spent = (self.spent.0 + 1, self.spent.1 + tokens);
        // A prompt is read once for all its samples.
        if !std::mem::replace(&mut self.is_counted[ask], true) {
            self.prompts += self.prompt_tokens[ask];
        }
        let prompt_tokens = Some(self.prompt_tokens[ask]);
        let answer = Answer { ask, sample, text, finish, prompt_tokens, tokens: Some(tokens) };
        self.is_wanted &= (self.on)(Event::Answered(answer));
    }
}

impl Generator for Local {
    fn name(&self) -> &str {
        &self.name
    }

    fn context(&self) -> Option<usize> {
        Some(self.decoder.spec.context)
    }

    fn count(&self, prompt: &Prompt) -> Result<Option<usize>, GeneratorError> {
        Ok(Some(self.encode(prompt)?.len()))
    }

    fn generate(
        &self,
        asks: &[Ask],
        settings: &Settings,
        stop: &AtomicBool,
        on: &mut dyn FnMut(Event<'_>) -> bool,
    ) -> Result<(), GeneratorError> {
        let prompts = asks.iter().map(|ask| self.encode(&ask.prompt)).collect::<Result<Vec<_>, _>>()?;
        let writing = asks.iter().map(|ask| ask.seeds.iter().map(|_| Some(Writing::new(&self.tokenizer))).collect());
        let mut telling = Telling {
            settings,
            stop,
            on,
            writing: writing.collect(),
            prompt_tokens: prompts.iter().map(|tokens| tokens.len() as u64).collect(),
            is_counted: vec![false; asks.len()],
            prompts: 0,
            is_wanted: true,
            spent: (0, 0),
        };
        let mut generation = Generation::new(&self.decoder, self.tokenizer.eos(), self.batch);
        for (ask, prompt) in asks.iter().zip(prompts) {
            let (sampling, max_tokens) = (settings.sampling, settings.max_tokens);
            generation.add(Task { prompt, seeds: ask.seeds.clone(), sampling, max_tokens });
        }
        while telling.is_wanted && !stop.load(Ordering::Relaxed) && !generation.is_idle() {
            generation.step(&mut telling);
        }
        self.prompt_tokens.fetch_add(telling.prompts, Ordering::Relaxed);
        self.samples.fetch_add(telling.spent.0, Ordering::Relaxed);
        self.tokens.fetch_add(telling.spent.1, Ordering::Relaxed);
        Ok(())
    }

    fn spent(&self) -> Spent {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Spent {
            requests: of(&self.samples),
            retries: 0,
            prompt_tokens: of(&self.prompt_tokens),
            tokens: of(&self.tokens),
        }
    }
}
