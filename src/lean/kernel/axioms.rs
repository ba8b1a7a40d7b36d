//! What declarations rest on. Owns the walk through everything they mention, to the axioms among them and to the
//! constants of the library, whose own axioms the engine knows.

use super::constant::{Constants, Kind};
use super::term::{NameId, Terms};
use std::collections::HashSet;

/// What was met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foundations {
    /// Axioms among the constants themselves.
    pub axioms: Vec<NameId>,
    /// Mentioned constants that are not among them.
    pub library: Vec<NameId>,
}

/// Walks from `roots` through everything they mention.
pub fn foundations(terms: &Terms, constants: &Constants, roots: &[NameId]) -> Foundations {
    let mut found = Foundations::default();
    let mut seen: HashSet<NameId> = HashSet::new();
    let mut pending: Vec<NameId> = roots.iter().copied().filter(|root| seen.insert(*root)).collect();
    while let Some(name) = pending.pop() {
        let Some(constant) = constants.get(&name) else {
            found.library.push(name);
            continue;
        };
        if matches!(constant.kind, Kind::Axiom { .. }) {
            found.axioms.push(name);
        }
        pending.extend(constant.mentions(terms).into_iter().filter(|n| seen.insert(*n)));
    }
    found
}
