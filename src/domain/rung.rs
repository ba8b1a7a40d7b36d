//! The ladder a candidate climbs. Owns the order of the rungs and their names.

use std::fmt;
use std::str::FromStr;

/// How far a candidate was shown to hold. Ordered: a later rung implies the earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    /// Lean's parser read the whole text.
    Parsed,
    /// Every definition and statement elaborates (proofs aside).
    Statement,
    /// Every proof compiles, `sorry` counting as a proof.
    Proof,
    /// No `sorry` in anything the text declares.
    NoSorry,
    /// Only permitted axioms in anything the text declares.
    Axioms,
    /// The kernel accepts everything the text declares once more, in an instance the text never ran in.
    Replay,
    /// The theorem of the target is proved, with the target's statement.
    Target,
}

impl Rung {
    /// All rungs, lowest first.
    pub const ALL: [Rung; 7] =
        [Rung::Parsed, Rung::Statement, Rung::Proof, Rung::NoSorry, Rung::Axioms, Rung::Replay, Rung::Target];

    /// The name used in records, reports and `--require`.
    pub fn as_str(self) -> &'static str {
        match self {
            Rung::Parsed => "parsed",
            Rung::Statement => "statement",
            Rung::Proof => "proof",
            Rung::NoSorry => "no_sorry",
            Rung::Axioms => "axioms",
            Rung::Replay => "replay",
            Rung::Target => "target",
        }
    }

    /// The rung below, or `None` for the lowest.
    pub fn below(self) -> Option<Rung> {
        let at = Rung::ALL.iter().position(|r| *r == self)?;
        at.checked_sub(1).map(|i| Rung::ALL[i])
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Rung {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        Rung::ALL.into_iter().find(|r| r.as_str() == s.replace('-', "_")).ok_or_else(|| {
            let names: Vec<_> = Rung::ALL.iter().map(|r| r.as_str()).collect();
            format!("unknown rung `{s}`; one of {}", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_order_is_the_ladder() {
        for pair in Rung::ALL.windows(2) {
            assert!(pair[0] < pair[1]);
            assert_eq!(pair[1].below(), Some(pair[0]));
        }
        for rung in Rung::ALL {
            assert_eq!(rung.as_str().parse::<Rung>(), Ok(rung));
        }
        assert_eq!("no-sorry".parse::<Rung>(), Ok(Rung::NoSorry));
        assert!("top".parse::<Rung>().unwrap_err().contains("axioms"));
        assert_eq!(Rung::Parsed.below(), None);
    }
}
