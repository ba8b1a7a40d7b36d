//! The command line of `repl`. Owns names, help texts and examples; resolves nothing.

use std::path::PathBuf;

/// Speaks the protocol of leanprover-community/repl from the embedded Lean.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  echo '{\"cmd\": \"theorem t (n : Nat) : n + 0 = n := by sorry\"}' | afcheck repl
  afcheck repl --lib lean-project < commands.txt

A message is JSON and ends with a blank line, and so is its answer: cmd, path, tactic with proofState, pickleTo,
unpickleEnvFrom, unpickleProofStateFrom, each with env and allTactics where the protocol has them. docs/repl.md says what
differs. Environments and proof states are texts here: none is lost, none can change another, and what goes on from one is
elaborated again in a fresh fork of Lean.")]
pub struct Repl {
    /// Lean heartbeats for a message with everything in front of it, in thousands
    #[arg(long, value_name = "N", default_value_t = 10_000_000)]
    pub heartbeats: u64,
    /// Wall clock for the same, e.g. 90s
    #[arg(long, value_name = "TIME", default_value = "10m")]
    pub wall_clock: String,
    /// Sources of a library without Mathlib that texts may import [default: ./lean-project if it exists]
    #[arg(long, value_name = "DIR")]
    pub lib: Vec<PathBuf>,
    /// Never fetch Lean
    #[arg(long)]
    pub offline: bool,
}
