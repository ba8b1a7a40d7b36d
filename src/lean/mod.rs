//! L1: Lean as text and as evidence. Pure functions: no I/O, no Lean process.
//!
//! What a model wrote is cut down to its Lean ([`lean_text`]), read for how it ends ([`ending`], [`completed`],
//! [`is_statement`]), its positions are translated ([`LineIndex`]), and Lean's messages become typed reasons
//! ([`reason`], [`resource_limit`], [`unsupported`]). Nothing here parses Lean: it is a lexer and a few rules, and
//! Lean has the last word. What an engine found out is [`Evidence`]; [`judge`] turns it into a verdict.

mod asked;
mod bodies;
mod bounded;
mod candidate;
mod colour;
mod commands;
mod declarations;
mod declared;
mod ending;
pub mod equivalence;
mod evidence;
mod fences;
mod first;
mod header;
mod judge;
pub mod kernel;
mod lean3;
mod lexer;
mod library;
mod limits;
mod namespaces;
mod outline;
mod positions;
mod printed;
mod proof_steps;
mod read;
mod rejection;
mod shown;
mod split;
mod stated;
mod theorem_text;
mod told;
mod words;

pub use asked::{Asked, asked};
pub use bounded::bounded;
pub use candidate::{LeanText, TextKind, lean_text};
pub use colour::{Colour, coloured};
pub use commands::{DECLARATIONS, MODIFIERS};
pub use declared::declared_at;
pub use ending::{Ending, completed, ending, is_statement};
pub use evidence::{CommandEvidence, DeclarationEvidence, DeclarationKind, Evidence};
pub use fences::lean_blocks;
pub use first::first_declaration_end;
pub use header::plain_header;
pub use judge::{Rule, default_rung, judge};
pub use library::BUILT_IN;
pub use limits::{depends_on_unfolding, failed_unfold, resource_limit, unsupported};
pub use namespaces::name_components;
pub use outline::{Outlined, outline};
pub use positions::LineIndex;
pub use printed::{Printed, is_made_by_lean};
pub use proof_steps::{ProofSteps, proof_steps};
pub use read::{is_plain, named_examples, read_commands};
pub use rejection::reason;
pub use shown::Shown;
pub use split::split_points;
pub use stated::{Stated, stated};
pub use told::told;
pub use words::{REFUSED_BY_KERNEL, not_vouched, read_undecided, undecided};
