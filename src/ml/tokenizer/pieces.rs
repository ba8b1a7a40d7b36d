//! The bytes each token stands for, and decoding with them. Knows how SentencePiece and byte-level BPE write bytes.

use std::collections::HashMap;

/// How the pieces of a vocabulary write text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// U+2581 is a space, `<0x0A>` a byte.
    SentencePiece,
    /// Every character is a byte (GPT-2).
    ByteLevel,
}

/// What kind of token a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Text,
    /// Text that is written as it is, whatever the vocabulary's way.
    Literal,
    /// No text.
    Special,
}

/// The bytes of all tokens, one behind the other.
#[derive(Debug)]
pub struct Pieces {
    writing: Writing,
    bytes: Vec<u8>,
    /// Where each token's bytes end.
    ends: Vec<usize>,
    special: Vec<bool>,
}

impl Pieces {
    /// The pieces of tokens 0, 1, and so on.
    pub fn new<'a>(writing: Writing, tokens: impl Iterator<Item = (&'a str, Sort)>) -> Pieces {
        let byte_of = byte_level();
        let mut pieces = Pieces { writing, bytes: vec![], ends: vec![], special: vec![] };
        for (text, sort) in tokens {
            match (sort, writing) {
                (Sort::Special, _) | (Sort::Literal, Writing::ByteLevel) => pieces.bytes.extend(text.as_bytes()),
                (Sort::Text | Sort::Literal, Writing::SentencePiece) => match byte(text) {
                    Some(byte) => pieces.bytes.push(byte),
                    None => pieces.bytes.extend(text.replace('\u{2581}', " ").as_bytes()),
                },
                (Sort::Text, Writing::ByteLevel) => {
                    for c in text.chars() {
                        match byte_of.get(&c) {
                            Some(byte) => pieces.bytes.push(*byte),
                            None => pieces.bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
                        }
                    }
                }
            }
            pieces.ends.push(pieces.bytes.len());
            pieces.special.push(sort == Sort::Special);
        }
        pieces
    }

    /// How they write text.
    pub fn writing(&self) -> Writing {
        self.writing
    }

    pub fn bytes(&self, token: u32) -> &[u8] {
        let token = token as usize;
        let begin = token.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(token).map_or(&[], |end| &self.bytes[begin..*end])
    }

    pub fn is_special(&self, token: u32) -> bool {
        self.special.get(token as usize).copied().unwrap_or(false)
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }
}

/// The byte that a piece like `<0x0A>` is.
fn byte(piece: &str) -> Option<u8> {
    let digits = piece.strip_prefix("<0x")?.strip_suffix('>')?;
    if digits.len() == 2 { u8::from_str_radix(digits, 16).ok() } else { None }
}

/// The byte that each character stands for in byte-level BPE: printable ones themselves, the others, in order, the
/// characters from U+0100 on.
fn byte_level() -> HashMap<char, u8> {
    let printable = |b: &u8| matches!(b, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let (plain, others): (Vec<u8>, Vec<u8>) = (0..=255).partition(printable);
    let plain = plain.into_iter().map(|b| (char::from(b), b));
    plain.chain(('\u{100}'..).zip(others)).collect()
}

/// Decodes token by token. A character comes out when its last byte has come in.
#[derive(Debug)]
pub struct Stream<'a> {
    pieces: &'a Pieces,
    /// The beginning of a character.
    pending: Vec<u8>,
}

impl<'a> Stream<'a> {
    pub(super) fn new(pieces: &'a Pieces) -> Stream<'a> {
        Stream { pieces, pending: Vec::new() }
    }

    /// The text that this token completes; special tokens complete none.
    pub fn push(&mut self, token: u32) -> String {
        if self.pieces.is_special(token) {
            return String::new();
        }
        self.pending.extend(self.pieces.bytes(token));
        let complete = match self.pending.utf8_chunks().last().map(|last| last.invalid()) {
            Some(tail) if begins_character(tail) => self.pending.len() - tail.len(),
            _ => self.pending.len(),
        };
        let rest = self.pending.split_off(complete);
        String::from_utf8_lossy(&std::mem::replace(&mut self.pending, rest)).into_owned()
    }

    /// What is left: the beginning of a character becomes U+FFFD.
    pub fn finish(self) -> String {
        String::from_utf8_lossy(&self.pending).into_owned()
    }
}

/// Whether more bytes could make these a character.
fn begins_character(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none())
}
