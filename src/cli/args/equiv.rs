//! The arguments of `afcheck equiv`. Owns names, help texts and examples; resolves nothing.

use super::LeanArgs;
use clap::ValueEnum;

/// Compares statements with a real Lean 4.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck equiv --a gold.lean --b model.lean
  afcheck equiv --a 'theorem a (x y : Nat) (h : x < y) : x ≠ y' --b 'theorem b (x y : Nat) : y > x → ¬ x = y'
  afcheck equiv --pairs pairs.jsonl --lib lean-project > results.jsonl
  afcheck equiv --pairs pairs.jsonl --header 'open Nat' --jobs 2 --format human

A statement is the type of the last theorem of its text; its proof may be missing. Pairs are JSON objects with `a`, `b`
and, if there are any, `header`, `id`, `kind` and the label `equivalent`, which gives a table on standard error.

Verdicts: equivalent (each follows from the other, and neither follows from nothing); a_implies_b_only and
b_implies_a_only (the other direction was not shown); both_provable and both_refutable (true or false by themselves:
no evidence); not_shown; ill_typed (a text states nothing); undecided (a limit, with its cause).
docs/equivalence.md says what each rests on, and what is missed.")]
pub struct Equiv {
    /// The first statement: a file, or Lean text
    #[arg(long, value_name = "FILE|TEXT", requires = "b", conflicts_with = "pairs", required_unless_present = "pairs")]
    pub a: Option<String>,
    /// The second statement: a file, or Lean text
    #[arg(long, value_name = "FILE|TEXT", requires = "a", conflicts_with = "pairs")]
    pub b: Option<String>,
    /// Many pairs: .jsonl or .json, plain or .gz/.zst; - for standard input
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<String>,
    /// Lean text, or a file with it, in front of both (for pairs without a header of their own)
    #[arg(long, value_name = "TEXT|FILE")]
    pub header: Option<String>,
    /// Format of standard output [default: human for one pair, jsonl for many]
    #[arg(long, value_enum)]
    pub format: Option<EquivFormat>,
    /// Deterministic budget of a pair, in thousands of Lean heartbeats [default: 20000]
    #[arg(long, value_name = "N")]
    pub heartbeats: Option<u64>,
    /// Wall-clock safety net of a pair, e.g. 30s; meeting it leaves the pair undecided [default: 60s]
    #[arg(long, value_name = "DURATION")]
    pub wall_clock: Option<String>,
    #[command(flatten)]
    pub lean: LeanArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EquivFormat {
    /// One line per pair for people
    Human,
    /// One JSON object per pair
    Jsonl,
}
