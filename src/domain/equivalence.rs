//! Do two statements say the same? Owns the request, the verdicts and the shape of the answer; compares nothing.

use super::{Budget, Cause, EngineId};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Which of the two statements of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    A,
    B,
}

impl Side {
    /// `a` or `b`.
    pub fn as_str(self) -> &'static str {
        match self {
            Side::A => "a",
            Side::B => "b",
        }
    }

    /// The other one.
    pub fn other(self) -> Side {
        match self {
            Side::A => Side::B,
            Side::B => Side::A,
        }
    }
}

/// Two texts whose last theorems are to be compared. Both are untrusted.
#[derive(Clone, Debug)]
pub struct EquivalenceRequest {
    /// Trusted text in front of both.
    pub header: Option<String>,
    pub a: String,
    pub b: String,
    /// Limits of the whole comparison.
    pub budget: Budget,
}

/// What is known of one direction: does the goal follow from the base?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A rung proves it, and needs the base for it: without the base it fails, and the base is not absurd to it.
    Shown { rung: String },
    /// The goal is proved without the base by what this rung is made of.
    GoalAlone { rung: String },
    /// The base is refuted by what this rung is made of, so that everything follows from it.
    BaseAbsurd { rung: String },
    /// No rung proves it; no statement about whether it holds.
    NotShown,
    /// It was not tried.
    NotTried,
}

impl Direction {
    /// The name used in records.
    pub fn as_str(&self) -> &'static str {
        match self {
            Direction::Shown { .. } => "shown",
            Direction::GoalAlone { .. } => "goal_alone",
            Direction::BaseAbsurd { .. } => "base_absurd",
            Direction::NotShown => "not_shown",
            Direction::NotTried => "not_tried",
        }
    }

    /// The rung that decided it.
    pub fn rung(&self) -> Option<&str> {
        match self {
            Direction::Shown { rung } | Direction::GoalAlone { rung } | Direction::BaseAbsurd { rung } => Some(rung),
            Direction::NotShown | Direction::NotTried => None,
        }
    }

    /// True if the goal follows from the base, for whatever reason.
    pub fn holds(&self) -> bool {
        self.rung().is_some()
    }
}

/// What a comparison concluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EquivalenceVerdict {
    /// Each follows from the other, and neither follows from nothing.
    Equivalent,
    /// `b` follows from `a`; that `a` follows from `b` was not shown.
    AImpliesBOnly,
    /// `a` follows from `b`; that `b` follows from `a` was not shown.
    BImpliesAOnly,
    /// Both are true as far as automation sees: that each implies the other says nothing about their meaning.
    BothProvable,
    /// Both are false as far as automation sees.
    BothRefutable,
    /// Neither direction was shown.
    NotShown,
    /// One of the texts states nothing that could be compared.
    IllTyped { side: Side, detail: String },
    /// A limit was met before anything was decided.
    Undecided { cause: Cause, detail: String },
}

impl EquivalenceVerdict {
    /// Names of all verdicts, in the order of the documentation.
    pub const NAMES: [&str; 8] = [
        "equivalent",
        "a_implies_b_only",
        "b_implies_a_only",
        "both_provable",
        "both_refutable",
        "not_shown",
        "ill_typed",
        "undecided",
    ];

    /// The name used in records.
    pub fn as_str(&self) -> &'static str {
        let at = match self {
            EquivalenceVerdict::Equivalent => 0,
            EquivalenceVerdict::AImpliesBOnly => 1,
            EquivalenceVerdict::BImpliesAOnly => 2,
            EquivalenceVerdict::BothProvable => 3,
            EquivalenceVerdict::BothRefutable => 4,
            EquivalenceVerdict::NotShown => 5,
            EquivalenceVerdict::IllTyped { .. } => 6,
            EquivalenceVerdict::Undecided { .. } => 7,
        };
        Self::NAMES[at]
    }

    /// What two directions say together.
    pub fn of(a_to_b: &Direction, b_to_a: &Direction) -> Self {
        use Direction::{BaseAbsurd, GoalAlone, Shown};
        // What is known of the truth of each: a goal that holds alone is true, an absurd base is false, and both travel
        // along the directions that hold.
        let mut a_true = matches!(b_to_a, GoalAlone { .. });
        let mut b_true = matches!(a_to_b, GoalAlone { .. });
        let mut a_false = matches!(a_to_b, BaseAbsurd { .. });
        let mut b_false = matches!(b_to_a, BaseAbsurd { .. });
        (a_true, b_true) = (a_true || b_true && b_to_a.holds(), b_true || a_true && a_to_b.holds());
        (a_false, b_false) = (a_false || b_false && a_to_b.holds(), b_false || a_false && b_to_a.holds());
        match (a_to_b, b_to_a) {
            (Shown { .. }, Shown { .. }) => EquivalenceVerdict::Equivalent,
            _ if a_true && b_true => EquivalenceVerdict::BothProvable,
            _ if a_false && b_false => EquivalenceVerdict::BothRefutable,
            _ => match (a_to_b.holds(), b_to_a.holds()) {
                (true, _) => EquivalenceVerdict::AImpliesBOnly,
                (false, true) => EquivalenceVerdict::BImpliesAOnly,
                (false, false) => EquivalenceVerdict::NotShown,
            },
        }
    }
}

impl fmt::Display for EquivalenceVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which ladder compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LadderKind {
    /// Over the core library, by the embedded engine.
    BeqCore,
    /// BEq+ of Poiroux et al. 2025; needs Mathlib.
    BeqPlus,
}

impl LadderKind {
    /// The name used in records and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            LadderKind::BeqCore => "beq_core",
            LadderKind::BeqPlus => "beq_plus",
        }
    }
}

impl FromStr for LadderKind {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        [LadderKind::BeqCore, LadderKind::BeqPlus]
            .into_iter()
            .find(|k| k.as_str() == s.replace('-', "_"))
            .ok_or_else(|| format!("unknown ladder `{s}`; one of beq_core, beq_plus"))
    }
}

/// The outcome of one comparison.
#[derive(Clone, Debug)]
pub struct EquivalenceReport {
    pub verdict: EquivalenceVerdict,
    pub ladder: LadderKind,
    pub a_to_b: Direction,
    pub b_to_a: Direction,
    /// Set if an attempt met its limit: with more, more might have been shown.
    pub limited: bool,
    /// Names of the two theorems.
    pub names: [String; 2],
    /// Small allocations of everything together, equal on every machine.
    pub heartbeats: u64,
    pub wall: Duration,
    pub engine: EngineId,
}

impl EquivalenceReport {
    /// A report of which nothing but the verdict is known.
    pub fn new(verdict: EquivalenceVerdict, ladder: LadderKind, engine: EngineId) -> Self {
        EquivalenceReport {
            verdict,
            ladder,
            a_to_b: Direction::NotTried,
            b_to_a: Direction::NotTried,
            limited: false,
            names: [String::new(), String::new()],
            heartbeats: 0,
            wall: Duration::ZERO,
            engine,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, EquivalenceVerdict as Verdict};

    #[test]
    fn a_verdict_is_what_the_directions_say_together() {
        let rung = || "r".to_owned();
        let [shown, alone, absurd] = [
            Direction::Shown { rung: rung() },
            Direction::GoalAlone { rung: rung() },
            Direction::BaseAbsurd { rung: rung() },
        ];
        let none = Direction::NotShown;
        let of = |a: &Direction, b: &Direction| Verdict::of(a, b).as_str();
        assert_eq!(of(&shown, &shown), "equivalent");
        // A goal that holds alone is true; so is what follows from it.
        for pair in [(&alone, &alone), (&alone, &shown), (&shown, &alone)] {
            assert_eq!(of(pair.0, pair.1), "both_provable");
        }
        for pair in [(&absurd, &absurd), (&absurd, &shown), (&shown, &absurd)] {
            assert_eq!(of(pair.0, pair.1), "both_refutable");
        }
        assert_eq!(of(&alone, &none), "a_implies_b_only");
        assert_eq!(of(&none, &shown), "b_implies_a_only");
        assert_eq!(of(&none, &none), "not_shown");
        assert_eq!(of(&none, &Direction::NotTried), "not_shown");
    }

    #[test]
    fn every_verdict_has_its_own_name() {
        let names: std::collections::HashSet<_> = Verdict::NAMES.into_iter().collect();
        assert_eq!(names.len(), Verdict::NAMES.len());
    }
}
