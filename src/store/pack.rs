//! A report or request as bytes: JSON under Zstandard. Owns that encoding; whether bytes are still what was written is
//! `seal.rs`'s question.

use super::form::Mirror;
use crate::domain::{Cause, CheckReport, CheckRequest, Verdict, WarningKind};
use std::cell::RefCell;

/// Fast; a higher level saves a few percent of short texts.
const LEVEL: i32 = 1;

/// What a damaged length must not make us allocate. A report's messages are bounded far below.
const LARGEST: usize = 256 << 20;

/// A report in its compact form, with what deciding its fate needs.
#[derive(Clone, Debug)]
pub struct Packed {
    pub(super) bytes: Vec<u8>,
    /// `accepted`, `rejected` or `undecided`.
    pub(super) verdict: &'static str,
    lasting: bool,
}

impl Packed {
    /// Packs a report.
    pub fn new(report: &CheckReport) -> Packed {
        Packed { bytes: pack(report), verdict: report.verdict.as_str(), lasting: lasting(report) }
    }

    /// The report.
    pub fn report(&self) -> Result<CheckReport, String> {
        unpack(&self.bytes)
    }

    /// True if the outcome depends on nothing but judge and request, so that it may outlive the run.
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

/// Wall clock and memory depend on the machine and its load, a stack or a crash on more than we know: none of that may
/// stand for what another run would find.
fn lasting(report: &CheckReport) -> bool {
    if report.warnings.iter().any(|w| w.kind == WarningKind::Unfinished) {
        return false;
    }
    match &report.verdict {
        Verdict::Accepted { .. } | Verdict::Rejected { .. } => true,
        Verdict::Undecided { cause, .. } => match cause {
            Cause::Heartbeats | Cause::Unsupported | Cause::BadTarget => true,
            Cause::WallClock | Cause::Memory | Cause::Stack | Cause::EngineCrash | Cause::BadRecord => false,
        },
    }
}

/// A request in its compact form.
pub(super) fn pack_request(request: &CheckRequest) -> Vec<u8> {
    pack(request)
}

/// A request from its compact form.
pub(super) fn unpack_request(bytes: &[u8]) -> Result<CheckRequest, String> {
    unpack(bytes)
}

/// A report from its compact form.
pub(super) fn unpack_report(bytes: &[u8]) -> Result<CheckReport, String> {
    unpack(bytes)
}

fn pack<T: Mirror>(value: &T) -> Vec<u8> {
    thread_local!(static ZSTD: RefCell<Option<zstd::bulk::Compressor<'static>>> =
        RefCell::new(zstd::bulk::Compressor::new(LEVEL).ok()));
    let json = serde_json::to_vec(&value.form()).expect("forms are plain data");
    let mut bytes = (json.len() as u32).to_le_bytes().to_vec();
    let compressed = ZSTD.with_borrow_mut(|zstd| zstd.as_mut().and_then(|zstd| zstd.compress(&json).ok()));
    bytes.extend(compressed.expect("compressing memory into memory cannot fail"));
    bytes
}

fn unpack<T: Mirror>(bytes: &[u8]) -> Result<T, String> {
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
