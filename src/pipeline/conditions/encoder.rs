//! Texts as numbers a model reads. Owns what a view needs of a tokenizer, and a stand-in that counts words where there is
//! no model.

use indexmap::IndexSet;
use std::cell::RefCell;

/// Why a text cannot be encoded.
pub type EncodeError = Box<dyn std::error::Error + Send + Sync>;

/// What a view needs of a tokenizer.
pub trait Encoder {
    /// What one token is called, in the plural.
    fn unit(&self) -> &'static str;
    /// The token in front of a text that has no prompt.
    fn begin(&self) -> u32;
    /// The token behind every text.
    fn end(&self) -> u32;
    /// The tokens of a prompt, with those in front of it that generation puts there.
    fn prompt(&self, text: &str) -> Result<Vec<u32>, EncodeError>;
    /// The tokens of a text, with nothing in front.
    fn text(&self, text: &str) -> Result<Vec<u32>, EncodeError>;
    /// The text of tokens, without beginning and end.
    fn decode(&self, tokens: &[u32]) -> String;
}

/// Words, each with the white space behind it, in the order in which they were first seen.
#[derive(Debug, Default)]
pub struct Words(RefCell<IndexSet<String>>);

/// Numbers that stand for no word.
const BEGIN: u32 = 0;
const END: u32 = 1;
const FIRST: u32 = 2;

impl Encoder for Words {
    fn unit(&self) -> &'static str {
        "words"
    }

    fn begin(&self) -> u32 {
        BEGIN
    }

    fn end(&self) -> u32 {
        END
    }

    fn prompt(&self, text: &str) -> Result<Vec<u32>, EncodeError> {
        Ok([vec![BEGIN], self.text(text)?].concat())
    }

    fn text(&self, text: &str) -> Result<Vec<u32>, EncodeError> {
        let mut known = self.0.borrow_mut();
        let (mut words, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            let blank = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let word = rest[blank..].find(|c: char| !c.is_whitespace()).map_or(rest.len(), |length| blank + length);
            let number = known.get_index_of(&rest[..word]).unwrap_or_else(|| known.insert_full(rest[..word].into()).0);
            words.push(u32::try_from(number)? + FIRST);
            rest = &rest[word..];
        }
        Ok(words)
    }

    fn decode(&self, tokens: &[u32]) -> String {
        let known = self.0.borrow();
        let word = |token: &u32| known.get_index(token.checked_sub(FIRST)? as usize).map(String::as_str);
        tokens.iter().filter_map(word).collect()
    }
}

#[cfg(feature = "ml")]
mod of_models {
    use super::{EncodeError, Encoder};
    use crate::ml::tokenizer::Tokenizer;
    use crate::pipeline::prompting::prompt_tokens;

    /// A model's tokenizer as an encoder.
    #[derive(Clone, Copy, Debug)]
    pub struct ModelEncoder<'a> {
        tokenizer: &'a Tokenizer,
        begin: u32,
        end: u32,
    }

    /// A tokenizer that cannot mark the end of a text.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
    #[error("the model's tokenizer has no token that ends a text: a model could not learn where to stop")]
    pub struct NoEnd;

    impl<'a> ModelEncoder<'a> {
        /// Of several tokens that end texts the first counts, which is that of whole texts: those of turns in conversations
        /// were added later. Models without a token that begins texts read that one there, as between texts in training.
        pub fn new(tokenizer: &'a Tokenizer) -> Result<ModelEncoder<'a>, NoEnd> {
            let end = *tokenizer.eos().first().ok_or(NoEnd)?;
            Ok(ModelEncoder { tokenizer, begin: tokenizer.bos().unwrap_or(end), end })
        }
    }

    impl Encoder for ModelEncoder<'_> {
        fn unit(&self) -> &'static str {
            "tokens"
        }

        fn begin(&self) -> u32 {
            self.begin
        }

        fn end(&self) -> u32 {
            self.end
        }

        fn prompt(&self, text: &str) -> Result<Vec<u32>, EncodeError> {
            Ok(prompt_tokens(self.tokenizer, text)?)
        }

        fn text(&self, text: &str) -> Result<Vec<u32>, EncodeError> {
            Ok(self.tokenizer.encode(text, false)?)
        }

        fn decode(&self, tokens: &[u32]) -> String {
            self.tokenizer.decode(tokens)
        }
    }
}

#[cfg(feature = "ml")]
pub use of_models::{ModelEncoder, NoEnd};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_as_they_were() {
        let words = Words::default();
        let text = "  Let $n$ be\n even. even. é";
        let tokens = words.text(text).expect("words");
        assert_eq!((tokens.len(), words.decode(&tokens)), (7, text.to_owned()));
        assert_eq!(words.prompt("be").expect("words").len(), 2);
        assert_eq!(words.decode(&[words.begin(), tokens[1], words.end(), u32::MAX]), "Let ");
        assert_eq!(words.text("even. even. ").expect("words")[0], tokens[4]);
    }
}
