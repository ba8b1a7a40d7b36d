//! `afcheck merge`: the results of shards in one file.

use crate::cli::args::Merge;
use crate::cli::exit::{Exit, Failure};
use crate::dataset::merge::{self, Merged};

/// Runs the command: success if there is exactly one result for each record.
pub fn run(args: &Merge) -> Result<Exit, Failure> {
    let merged = merge::merge(&args.files, &args.out, args.records)
        .map_err(|e| Failure::new(if e.is_output { Exit::Output } else { Exit::Usage }, e.words))?;
    let Merged { results, repeated, missing, first_missing, torn } = merged;
    eprintln!("merged          {results} results of {} files", args.files.len());
    if repeated > 0 {
        eprintln!("repeated        {repeated} (equal results of one record are taken once)");
    }
    if torn > 0 {
        eprintln!("torn            {torn} last lines of interrupted shards, not taken");
    }
    if missing > 0 {
        eprintln!(
            "missing         {missing} records, the first at index {first_missing}: run their shards again with --resume"
        );
        return Ok(Exit::BelowThreshold);
    }
    Ok(Exit::Success)
}
