//! Tensors in open files, whatever the format: where each lies, and its rows as floats or as codes. Owns the reads; a
//! tensor is read piece by piece, in parallel, and never lies in memory as bytes.

use super::quantised::{Blocks, Kind};
use crate::ml::error::ModelError;
use rayon::prelude::*;
use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

/// Bytes that are read at once.
const PIECE: usize = 1 << 18;

/// Rows that follow each other: the first, and how many.
type Run = (usize, usize);

/// Where a tensor lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Which of the files.
    pub file: usize,
    /// How its numbers are stored, or what they are called if they cannot be read.
    pub kind: Result<Kind, String>,
    /// Row-major: the last is contiguous.
    pub shape: Vec<usize>,
    /// First byte in the file.
    pub start: u64,
}

impl Tensor {
    /// Rows and their length. A vector of dense numbers is a column: its entries can be picked like rows.
    fn grid(&self) -> (usize, usize) {
        match *self.shape {
            [n] if self.kind == Ok(Kind::F32) || self.kind == Ok(Kind::F16) || self.kind == Ok(Kind::BF16) => (n, 1),
            [ref rows @ .., n] => (rows.iter().product(), n),
            [] => (1, 1),
        }
    }

    /// Bytes of a row.
    fn stride(&self, kind: Kind) -> usize {
        self.grid().1 / kind.values() * kind.bytes()
    }

    /// Runs of rows, as first and count, that are read at once; of all rows or of these, in this order.
    fn pieces(&self, kind: Kind, rows: Option<&[usize]>) -> Vec<Run> {
        let all = self.grid().0;
        let most = (PIECE / self.stride(kind).max(1)).max(1);
        match rows {
            None => (0..all).step_by(most).map(|first| (first, most.min(all - first))).collect(),
            Some(rows) => rows
                .chunk_by(|a, b| a + 1 == *b)
                .flat_map(|run| run.chunks(most))
                .map(|run| (run[0], run.len()))
                .collect(),
        }
    }

    /// Whether the tensor lies within a file of `size` bytes; says why not.
    pub fn check(&self, size: u64) -> Result<(), String> {
        if self.shape.contains(&0) {
            return Err(format!("shape {:?} has no numbers", self.shape));
        }
        let numbers = self.shape.iter().try_fold(1usize, |n, d| n.checked_mul(*d));
        let numbers = numbers.ok_or_else(|| format!("shape {:?} is too large", self.shape))?;
        let Ok(kind) = self.kind else { return Ok(()) };
        let row = self.shape.last().copied().unwrap_or(1);
        if !row.is_multiple_of(kind.values()) {
            return Err(format!("rows of {row} numbers are not whole blocks of {kind:?}"));
        }
        let bytes = (numbers / kind.values()).checked_mul(kind.bytes());
        let end = bytes.and_then(|bytes| self.start.checked_add(bytes as u64));
        match end {
            Some(end) if end <= size => Ok(()),
            _ => Err(format!("shape {:?} in {kind:?} reaches beyond the file's end; it is truncated", self.shape)),
        }
    }
}

/// Named tensors in files.
#[derive(Debug)]
pub struct Tensors {
    pub files: Vec<(PathBuf, File)>,
    pub by_name: HashMap<String, Tensor>,
}

impl Tensors {
    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.by_name.get(name)
    }

    /// The numbers of a tensor; with `rows`, of these rows in this order.
    pub fn values(&self, name: &str, rows: Option<&[usize]>) -> Result<Vec<f32>, ModelError> {
        let (tensor, kind) = self.known(name)?;
        let cols = tensor.grid().1;
        let pieces = tensor.pieces(kind, rows);
        let mut values = vec![0.0; pieces.iter().map(|p| p.1).sum::<usize>() * cols];
        let parts = cut(&mut values, pieces.iter().map(|p| p.1 * cols));
        let read = |own: &mut Vec<f32>, (piece, out): (&Run, &mut [f32])| {
            own.clear();
            kind.append_values(&self.bytes(tensor, kind, *piece)?, own);
            out.copy_from_slice(own);
            Ok(())
        };
        pieces.par_iter().zip(parts).map_init(Vec::new, read).collect::<Result<(), _>>()?;
        Ok(values)
    }

    /// As [`Tensors::values`], as codes; `None` if the numbers are dense.
    pub fn blocks(&self, name: &str, rows: Option<&[usize]>) -> Result<Option<Blocks>, ModelError> {
        let (tensor, kind) = self.known(name)?;
        let cols = tensor.grid().1;
        let pieces = tensor.pieces(kind, rows);
        let Some(mut blocks) = kind.blocks(pieces.iter().map(|p| p.1).sum(), cols) else { return Ok(None) };
        let scales = blocks.rows * cols / blocks.block;
        blocks.codes.resize(blocks.rows * cols, 0);
        blocks.scales.resize(scales, 0.0);
        blocks.offsets.resize(if blocks.offsets.capacity() > 0 { scales } else { 0 }, 0.0);
        let lengths = |each: usize| pieces.iter().map(move |p| p.1 * each);
        let codes = cut(&mut blocks.codes, lengths(cols));
        let scales = cut(&mut blocks.scales, lengths(cols / blocks.block));
        let has_offsets = !blocks.offsets.is_empty();
        let offsets = cut(&mut blocks.offsets, lengths(if has_offsets { cols / blocks.block } else { 0 }));
        let parts = codes.into_iter().zip(scales).zip(offsets);
        let parts: Vec<_> = parts.map(|((codes, scales), offsets)| Codes { codes, scales, offsets }).collect();
        let read = |(piece, part): (&Run, Codes<'_>)| {
            if let Some(mut own) = kind.blocks(piece.1, cols) {
                kind.append_blocks(&self.bytes(tensor, kind, *piece)?, &mut own);
                part.codes.copy_from_slice(&own.codes);
                part.scales.copy_from_slice(&own.scales);
                part.offsets.copy_from_slice(&own.offsets);
            }
            Ok(())
        };
        pieces.par_iter().zip(parts).map(read).collect::<Result<(), _>>()?;
        Ok(Some(blocks))
    }

    /// The file a tensor lies in, for messages.
    pub fn path(&self, tensor: &Tensor) -> PathBuf {
        self.files[tensor.file].0.clone()
    }

    /// A tensor whose numbers can be read.
    pub fn known(&self, name: &str) -> Result<(&Tensor, Kind), ModelError> {
        let first = self.files.first().map(|(path, _)| path.clone()).unwrap_or_default();
        let missing = || ModelError::Missing { path: first, what: format!("tensor `{name}`"), hint: String::new() };
        let tensor = self.get(name).ok_or_else(missing)?;
        let path = || self.path(tensor).display().to_string();
        let hint = || "F32, F16, BF16, Q4_0 to Q8_0 and Q2_K to Q6_K are".to_owned();
        let unsupported = |kind: &String| ModelError::Unsupported {
            what: format!("{}: tensor `{name}` in {kind}", path()),
            hint: hint(),
        };
        Ok((tensor, *tensor.kind.as_ref().map_err(unsupported)?))
    }

    /// The bytes of some rows.
    fn bytes(&self, tensor: &Tensor, kind: Kind, (first, count): Run) -> Result<Vec<u8>, ModelError> {
        let (path, file) = &self.files[tensor.file];
        let stride = tensor.stride(kind);
        let mut bytes = vec![0; count * stride];
        let failed = |source| ModelError::Io { path: path.clone(), source };
        file.read_exact_at(&mut bytes, tensor.start + (first * stride) as u64).map_err(failed)?;
        Ok(bytes)
    }
}

/// The part of a quantised matrix that one read fills.
struct Codes<'a> {
    codes: &'a mut [i8],
    scales: &'a mut [f32],
    offsets: &'a mut [f32],
}

/// Cuts a slice into parts of these lengths.
fn cut<T>(mut all: &mut [T], lengths: impl Iterator<Item = usize>) -> Vec<&mut [T]> {
    let cut = |length| {
        let (part, rest) = std::mem::take(&mut all).split_at_mut(length);
        all = rest;
        part
    };
    lengths.map(cut).collect()
}
