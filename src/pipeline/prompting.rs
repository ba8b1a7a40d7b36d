//! Prompts as tokens. Owns what keeps a prompt from being made.

use crate::generator::GeneratorError;
use crate::ml::error::ModelError;
use crate::ml::tokenizer::Tokenizer;
use crate::prompts::TemplateError;

/// Why there is no prompt.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Generator(#[from] GeneratorError),
    /// Not even without examples does it fit.
    #[error("the prompt of `{id}` has {tokens} tokens; the model's context leaves room for {room} beside --max-tokens")]
    TooLong { id: String, tokens: usize, room: usize },
}

/// A prompt's tokens, behind the token that begins a text where the model wants one.
pub fn prompt_tokens(tokenizer: &Tokenizer, text: &str) -> Result<Vec<u32>, ModelError> {
    tokenizer.encode(text, tokenizer.adds_bos())
}
