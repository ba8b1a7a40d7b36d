//! Sources of candidates: language models in this process or behind HTTP, behind one trait. Owns what is asked of them and
//! what they answer; which problems are asked and what becomes of the answers is `pipeline`'s business.

mod ends;
pub mod http;
pub mod local;

pub use crate::ml::generation::Finish;
pub use crate::ml::sampling::Sampling;
pub use ends::Ends;
pub use http::{Http, HttpOptions, Prices};
pub use local::Local;

use crate::ml::error::ModelError;
use std::sync::atomic::AtomicBool;

/// Who says a part of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    System,
    User,
    Assistant,
}

impl Role {
    /// Its name in chat templates and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        }
    }
}

/// A part of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub role: Role,
    pub content: String,
}

/// What an answer follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Text that is continued.
    Text(String),
    /// A conversation that is answered.
    Chat(Vec<Message>),
}

/// A prompt and how many answers are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub prompt: Prompt,
    /// Of each answer its seed.
    pub seeds: Vec<u64>,
}

/// What holds for all answers of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub sampling: Sampling,
    /// Tokens of an answer at most.
    pub max_tokens: usize,
    pub ends: Ends,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which of the asks, and which of its seeds.
    pub ask: usize,
    pub sample: usize,
    /// What the model wrote, up to where it ends.
    pub text: String,
    pub finish: Finish,
    /// As the model counts them; `None` where a server does not say.
    pub prompt_tokens: Option<u64>,
    pub tokens: Option<u64>,
}

/// What happens while answers are made.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// More text of an answer that is being written, where the source tells.
    Text {
        ask: usize,
        sample: usize,
        text: &'a str,
    },
    Answered(Answer),
    /// There is no answer, for a reason that is not the model's: nobody is to blame the prompt for it.
    Failed {
        ask: usize,
        sample: usize,
        why: String,
    },
}

/// What a source has used up so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Requests that were answered, and those that had to be sent again.
    pub requests: u64,
    pub retries: u64,
    pub prompt_tokens: u64,
    pub tokens: u64,
}

/// Why nothing can be generated.
#[derive(Debug, thiserror::Error)]
pub enum GeneratorError {
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A server that does not answer as it should.
    #[error("{url}: {what}{}", if hint.is_empty() { String::new() } else { format!(" ({hint})") })]
    Server { url: String, what: String, hint: String },
}

/// A source of candidates.
pub trait Generator: Send + Sync {
    /// As results name it.
    fn name(&self) -> &str;

    /// Tokens that a prompt and its answer may have together, if that is known.
    fn context(&self) -> Option<usize>;

    /// How many tokens a prompt has, if that is known.
    fn count(&self, prompt: &Prompt) -> Result<Option<usize>, GeneratorError>;

    /// Answers `asks`, telling `on` what happens, in any order across answers. Each sample ends in one `Answered` or
    /// `Failed`, unless `stop` is set or `on` returns false: then those under way are dropped. The error is one that
    /// concerns them all.
    fn generate(
        &self,
        asks: &[Ask],
        settings: &Settings,
        stop: &AtomicBool,
        on: &mut dyn FnMut(Event<'_>) -> bool,
    ) -> Result<(), GeneratorError>;

    /// What was used up so far.
    fn spent(&self) -> Spent;
}
