//! Tensors in open files, whatever the format: where each lies, and its rows as floats or as codes. Owns the reads; a
//! tensor is read piece by piece and never lies in memory as bytes.

use super::quantised::{Blocks, Kind};
use crate::ml::error::ModelError;
use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

/// Bytes that are read at once.
const PIECE: usize = 1 << 20;

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
        let (all, cols) = tensor.grid();
        let mut values = Vec::with_capacity(rows.map_or(all, <[usize]>::len) * cols);
        self.each_piece(tensor, kind, rows, |bytes| kind.append_values(bytes, &mut values))?;
        Ok(values)
    }

    /// As [`Tensors::values`], as codes; `None` if the numbers are dense.
    pub fn blocks(&self, name: &str, rows: Option<&[usize]>) -> Result<Option<Blocks>, ModelError> {
        let (tensor, kind) = self.known(name)?;
        let (all, cols) = tensor.grid();
        let Some(mut blocks) = kind.blocks(rows.map_or(all, <[usize]>::len), cols) else { return Ok(None) };
        self.each_piece(tensor, kind, rows, |bytes| kind.append_blocks(bytes, &mut blocks))?;
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

    /// Calls `take` with the bytes of whole rows, in order.
    fn each_piece(
        &self,
        tensor: &Tensor,
        kind: Kind,
        rows: Option<&[usize]>,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), ModelError> {
        let (path, file) = &self.files[tensor.file];
        let (all, stride) = (tensor.grid().0, tensor.stride(kind));
        let most = (PIECE / stride.max(1)).max(1);
        let mut buffer = vec![0; stride * most.min(all)];
        let mut read = |first: usize, count: usize| {
            let bytes = &mut buffer[..count * stride];
            let failed = |source| ModelError::Io { path: path.clone(), source };
            file.read_exact_at(bytes, tensor.start + (first * stride) as u64).map_err(failed)?;
            take(bytes);
            Ok(())
        };
        match rows {
            None => (0..all).step_by(most).try_for_each(|first| read(first, most.min(all - first))),
            Some(rows) => rows
                .chunk_by(|a, b| a + 1 == *b)
                .flat_map(|run| run.chunks(most))
                .try_for_each(|run| read(run[0], run.len())),
        }
    }
}
