//! Declarations as the kernel sees them, outside of any Lean: terms, constants, what it means that two say the same, and
//! the order in which a kernel is asked to check them again. Pure; reading them from an instance and building them in
//! another is the engine's business, and so is the kernel itself, which stands behind [`Kernel`].

mod axioms;
mod compare;
mod constant;
mod digest;
mod rename;
mod replay;
mod show;
mod statement;
mod substitute;
mod term;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub mod words;

pub use axioms::{Foundations, foundations};
pub use compare::{Difference, Same, compare_target};
pub use constant::{Constant, Constants, Hints, Kind, Rule, Safety, Signature};
pub use digest::digest;
pub use rename::Renaming;
pub use replay::{Declaration, InductiveType, Kernel, Refused, Replayed, replay};
pub use show::{show, show_name};
pub use statement::{Telescope, operations, repeats_the_question, unused};
pub use term::{Binder, BinderInfo, Expr, ExprId, Level, LevelId, Name, NameId, Terms};
