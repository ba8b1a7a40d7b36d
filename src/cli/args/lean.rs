//! What the command line says about Lean, for every command that asks it questions of its own. Owns these options once.

use clap::builder::FalseyValueParser;
use std::path::PathBuf;

/// How Lean is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct LeanArgs {
    /// Questions to Lean at once [default: number of cores]
    #[arg(long, short, value_name = "N", env = "AFCHECK_JOBS")]
    pub jobs: Option<usize>,
    /// Sources of a library without Mathlib that texts may import [default: ./lean-project if it exists]
    #[arg(long, value_name = "DIR")]
    pub lib: Vec<PathBuf>,
    /// Ask everything again, even what was asked in this run or an earlier one; keep no results
    #[arg(long, env = "AFCHECK_NO_CACHE", value_parser = FalseyValueParser::new())]
    pub no_cache: bool,
    /// Never fetch Lean
    #[arg(long)]
    pub offline: bool,
}
