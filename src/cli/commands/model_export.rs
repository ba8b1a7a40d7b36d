//! `afcheck model merge` and `afcheck model export`: a model, with or without an adapter, as files.

use super::cache;
use super::models::usage;
use crate::cli::args::{Common, Dtype, Written};
use crate::cli::exit::{Exit, Failure};
use crate::ml::adapter::{Adapter, Merged};
use crate::ml::error::ModelError;
use crate::ml::export::Export;
use crate::ml::files::{Kind, Parts, Weights};
use crate::ml::shelf::Shelf;
use std::path::Path;

/// Runs either command.
pub fn run(common: &Common, adapter: Option<&Path>, written: &Written) -> Result<Exit, Failure> {
    let begun = std::time::Instant::now();
    let source = Shelf::new(cache(common).root()).find(&written.model).map_err(usage)?;
    let (spec, weights) = Weights::open(&source).map_err(usage)?;
    let adapter = adapter.map(|directory| Adapter::read(directory, &spec)).transpose().map_err(usage)?;
    let merged = adapter.as_ref().map(|adapter| Merged::new(&weights, adapter));
    let parts: &dyn Parts = merged.as_ref().map_or(&weights, |merged| merged);
    let kind = match written.dtype {
        Dtype::F32 => Kind::F32,
        Dtype::F16 => Kind::F16,
        Dtype::Bf16 => Kind::BF16,
        Dtype::Q8 => Kind::Q8_0,
    };
    let export = Export { parts, source: &source, kind, overwrite: written.overwrite };
    let notes = export.write(&written.out).map_err(|e| match e {
        ModelError::Unwritten { .. } => Failure::new(Exit::Output, e),
        e => usage(e),
    })?;
    if !common.quiet {
        notes.iter().for_each(|note| eprintln!("note: {note}"));
        if let Some(adapter) = &adapter {
            eprintln!("adapter         rank {}, {} maps, merged", adapter.rank, adapter.maps.len());
        }
        eprintln!("written         {} as {kind:?} in {:.1} s", written.out.display(), begun.elapsed().as_secs_f64());
    }
    Ok(Exit::Success)
}
