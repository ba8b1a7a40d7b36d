//! Do two statements say the same? Owns the ladders of attempts that show it, as data: tactic scripts, the texts they
//! are put into, and the work on terms in front of them. Runs no Lean.
//!
//! [`Core`] is BEq-core: over the core library, on terms the engine took out of the texts ([`join`], [`questions`]).
//! [`Plus`] is BEq+ as text, for an engine with Mathlib.

mod align;
mod beq_core;
mod beq_plus;
mod share;
#[cfg(test)]
mod tests;

pub use align::{Question, Statement, parts, questions, universes};
pub use beq_core::{Core, CoreDirection};
pub use beq_plus::{Plus, PlusDirection};
pub use share::{Joined, join};

use crate::domain::LadderKind;

/// A text for Lean. It succeeds if Lean reports no error in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The rungs it stands for, each with the line (from 1) at which Lean says something if that rung was it. A text that
    /// stands for one rung says nothing.
    pub rungs: Vec<(&'static str, u32)>,
    pub text: String,
    /// Heartbeats Lean allows it, in thousands; zero for no limit of its own.
    pub heartbeats: u32,
    /// A name that what Lean says must contain, if success is not enough.
    pub must_mention: Option<&'static str>,
    /// True if it is made only where one before it succeeded and turned out to be worth nothing.
    pub rescues: bool,
}

impl Attempt {
    /// Small allocations it may cost.
    pub fn limit(&self) -> i64 {
        if self.heartbeats == 0 { i64::MAX } else { i64::from(self.heartbeats) * 1000 }
    }
}

/// A sequence of attempts, cheap ones first, that show that one statement follows from another.
pub trait EquivalenceLadder {
    /// What is known of a base and a goal.
    type Direction<'a>;

    /// Its name.
    fn kind(&self) -> LadderKind;

    /// Names of all rungs, from the bottom.
    fn rungs(&self) -> Vec<&'static str>;

    /// What must succeed before anything is tried.
    fn well_typed(&self, _: &Self::Direction<'_>) -> Option<Attempt> {
        None
    }

    /// The attempts to prove the goal from the base; the first that succeeds ends the climb.
    fn attempts(&self, direction: &Self::Direction<'_>) -> Vec<Attempt>;

    /// The same rung's attempt to prove the goal without the base, if the rung is guarded: success makes the rung worth
    /// nothing.
    fn alone(&self, direction: &Self::Direction<'_>, rung: &str) -> Option<Attempt>;

    /// The same rung's attempt to refute the base, if the rung is guarded.
    fn absurd(&self, _: &Self::Direction<'_>, _: &str) -> Option<Attempt> {
        None
    }
}
