//! A question or an answer as bytes: JSON under Zstandard. Owns that encoding; whether bytes are still what was written
//! is `seal.rs`'s question.

use super::form::Mirror;
use super::question::Answer;
use std::cell::RefCell;

/// Fast; a higher level saves a few percent of short texts.
const LEVEL: i32 = 1;

/// What a damaged length must not make us allocate. A report's messages are bounded far below.
const LARGEST: usize = 256 << 20;

/// An answer in its compact form, with what deciding its fate needs.
#[derive(Clone, Debug)]
pub struct Packed {
    pub(super) bytes: Vec<u8>,
    /// Its verdict in one word.
    pub(super) outcome: String,
    lasting: bool,
}

impl Packed {
    /// Packs an answer.
    pub fn new<A: Answer>(answer: &A) -> Packed {
        Packed { bytes: pack(answer), outcome: answer.outcome(), lasting: answer.is_lasting() }
    }

    /// The answer, which is of the kind that was packed.
    pub fn answer<A: Answer>(&self) -> Result<A, String> {
        unpack(&self.bytes)
    }

    /// True if the outcome depends on nothing but judge and question, so that it may outlive the run.
    pub fn is_lasting(&self) -> bool {
        self.lasting
    }

    /// Size in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Never: even the smallest report has a verdict.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// The compact form.
pub(super) fn pack<T: Mirror>(value: &T) -> Vec<u8> {
    thread_local!(static ZSTD: RefCell<Option<zstd::bulk::Compressor<'static>>> =
        RefCell::new(zstd::bulk::Compressor::new(LEVEL).ok()));
    let json = serde_json::to_vec(&value.form()).expect("forms are plain data");
    let mut bytes = (json.len() as u32).to_le_bytes().to_vec();
    let compressed = ZSTD.with_borrow_mut(|zstd| zstd.as_mut().and_then(|zstd| zstd.compress(&json).ok()));
    bytes.extend(compressed.expect("compressing memory into memory cannot fail"));
    bytes
}

/// What a compact form stands for.
pub(super) fn unpack<T: Mirror>(bytes: &[u8]) -> Result<T, String> {
    thread_local!(static ZSTD: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
        RefCell::new(zstd::bulk::Decompressor::new().ok()));
    let (length, compressed) = bytes.split_first_chunk::<4>().ok_or("cut off")?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > LARGEST {
        return Err(format!("a length of {length} bytes"));
    }
    let json = ZSTD.with_borrow_mut(|zstd| match zstd {
        Some(zstd) => zstd.decompress(compressed, length).map_err(|e| e.to_string()),
        None => Err("no memory for a decompressor".to_owned()),
    })?;
    T::of(serde_json::from_slice(&json).map_err(|e| e.to_string())?)
}
