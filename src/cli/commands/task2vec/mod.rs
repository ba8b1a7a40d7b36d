//! `afcheck embed`, `align`, `diversity` and `data select`. Owns what is read and where results go; the work is
//! `pipeline::task2vec`'s.

mod align;
mod diversity;
pub mod probing;
mod select;

pub use align::run as align;
pub use diversity::run as diversity;
pub use select::run as select;

use super::models::usage;
use super::training::failed;
use crate::cli::args::{Common, Embed};
use crate::cli::exit::{Exit, Failure};
use crate::pipeline::task2vec::write;
use probing::Probing;

/// Runs `afcheck embed`.
pub fn embed(common: &Common, args: &Embed) -> Result<Exit, Failure> {
    let source = args.data.parse().map_err(usage)?;
    let mut probing = Probing::open(common, &args.probe)?;
    let stop = super::stop_flag()?;
    let samples = vec![probing.sample(&source)?];
    let Some(mut embedded) = probing.embed(common, samples, &stop)? else { return Ok(Exit::Interrupted) };
    let embedded = embedded.remove(0);
    let Probing { name, sha256, settings, sampling, .. } = &probing;
    let card = write(&args.out, &embedded, name, sha256, *settings, *sampling).map_err(failed)?;
    if !common.quiet {
        eprintln!("written         {}", args.out.display());
    }
    super::print(&format!("{card:#}\n"))
}
