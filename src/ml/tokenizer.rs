//! Text to tokens and back, for the tokenizers of `tokenizer.json` and of GGUF metadata. Owns decoding, which is the
//! same for whole texts and token by token and never cuts a character; encoding is the `tokenizers` crate's.

mod gguf;
mod hugging_face;
mod pieces;
#[cfg(test)]
pub(in crate::ml) mod tests;
mod written;

pub use gguf::pre_tokenizer_of;
pub use pieces::Stream;

use crate::ml::error::ModelError;
use crate::ml::files::{Gguf, ModelFiles};
use pieces::Pieces;
use std::path::{Path, PathBuf};

/// A model's tokenizer.
#[derive(Debug)]
pub struct Tokenizer {
    encoder: tokenizers::Tokenizer,
    /// Where it comes from, for messages.
    path: PathBuf,
    pieces: Pieces,
    bos: Option<u32>,
    eos: Vec<u32>,
    /// The model expects its first token in front of every text.
    adds_bos: bool,
    /// Encoding puts a space in front of a text, which decoding takes away.
    adds_space: bool,
}

impl Tokenizer {
    /// The tokenizer of the model at `path` (as of `Weights::open`): `tokenizer.json` beside the weights, or, where
    /// there is none, what the metadata of a GGUF file says.
    pub fn open(path: &Path) -> Result<Tokenizer, ModelError> {
        let files = ModelFiles::find(path)?;
        let weights = match &files {
            ModelFiles::Gguf(file) => file,
            ModelFiles::HuggingFace { tensors, .. } => tensors,
        };
        let json = weights.with_file_name("tokenizer.json");
        match files {
            ModelFiles::Gguf(file) if !json.exists() => gguf::tokenizer(&Gguf::open(&file)?),
            _ => hugging_face::tokenizer(&json),
        }
    }

    /// The tokens of `text`, with the one that begins texts in front if `add_bos` and the model has one. Names of
    /// special tokens in the text become these tokens, as in transformers.
    pub fn encode(&self, text: &str, add_bos: bool) -> Result<Vec<u32>, ModelError> {
        let what = |e| format!("the text cannot be encoded: {e}");
        let encoding = self.encoder.encode_fast(text, false);
        let encoding = encoding.map_err(|e| ModelError::Damaged { path: self.path.clone(), what: what(e) })?;
        Ok(self.bos.filter(|_| add_bos).into_iter().chain(encoding.get_ids().iter().copied()).collect())
    }

    /// The text of `tokens`, without special tokens. Bytes that are not UTF-8 become U+FFFD.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let mut stream = self.stream();
        let mut text: String = tokens.iter().map(|token| stream.push(*token)).collect();
        text.push_str(&stream.finish());
        if self.adds_space && text.starts_with(' ') {
            text.remove(0);
        }
        text
    }

    /// Decodes a continuation token by token.
    pub fn stream(&self) -> Stream<'_> {
        Stream::new(&self.pieces)
    }

    /// The token that begins texts.
    pub fn bos(&self) -> Option<u32> {
        self.bos
    }

    /// All tokens that end a text.
    pub fn eos(&self) -> &[u32] {
        &self.eos
    }

    /// Whether the model was trained with [`Tokenizer::bos`] in front of every text.
    pub fn adds_bos(&self) -> bool {
        self.adds_bos
    }

    /// An error if a text can have a token that a model with this many rows does not know. Special tokens beyond them are
    /// none that texts have: some models keep tokens of images there.
    pub fn check(&self, rows: usize) -> Result<(), ModelError> {
        let first = u32::try_from(rows).unwrap_or(u32::MAX);
        let last = u32::try_from(self.len()).unwrap_or(u32::MAX);
        match (first..last).find(|id| !self.is_special(*id) && !self.piece(*id).is_empty()) {
            Some(id) => Err(ModelError::Damaged {
                path: self.path.clone(),
                what: format!(
                    "token `{}` has the number {id}, and the model has {rows} tokens: the tokenizer is another model's",
                    String::from_utf8_lossy(self.piece(id))
                ),
            }),
            None => Ok(()),
        }
    }

    /// The first of the tokens 0 to `rows` that is another text in `other`, if one is.
    pub fn first_difference(&self, other: &Tokenizer, rows: usize) -> Option<u32> {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        (0..rows).find(|id| self.piece(*id) != other.piece(*id))
    }

    /// The bytes of a token's text; those of a special token are its name. Empty if there is no such token.
    pub fn piece(&self, token: u32) -> &[u8] {
        self.pieces.bytes(token)
    }

    /// Whether the token stands for no text.
    pub fn is_special(&self, token: u32) -> bool {
        self.pieces.is_special(token)
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
