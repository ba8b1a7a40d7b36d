//! What two texts declare, in one environment. Owns which of their constants are the same, and new names for the others.

use crate::lean::kernel::{
    Constant, Constants, ExprId, Kind, Name, NameId, Renaming, Same, Signature, Terms, show_name,
};
use std::collections::HashSet;

/// Two statements with everything of their texts that they rest on.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    pub constants: Constants,
    /// Replaces, in what was read of `b`, the names that mean something else in `a`.
    pub renaming: Renaming,
    /// Definitions among the constants that a script can name.
    pub definitions: Vec<NameId>,
}

/// Component in front of names of `b` that are not the same in `a`.
const APART: &str = "_afcheck_b";

/// Joins what statement `a` rests on among `ours` with what `b` rests on among `theirs`. `Err` says why that cannot be.
pub fn join(
    terms: &mut Terms,
    (ours, a): (&Constants, ExprId),
    (theirs, b): (&Constants, ExprId),
) -> Result<Joined, String> {
    let (below_a, below_b) = (below(terms, ours, a), below(terms, theirs, b));
    for (name, constant) in below_a.iter().map(|n| (n, &ours[n])).chain(below_b.iter().map(|n| (n, &theirs[n]))) {
        let name = show_name(terms, *name);
        if constant.is_unsafe() {
            return Err(format!(
                "the statement rests on `{name}`, which is unsafe or partial: it has no meaning in the logic"
            ));
        }
    }
    let shared = shared(terms, ours, theirs, &below_b);
    let mut joined = Joined::default();
    joined.constants.extend(below_a.iter().map(|name| (*name, ours[name].clone())));
    for name in &below_b {
        match shared.contains(name) {
            true => drop(joined.constants.insert(*name, ours[name].clone())),
            false => {
                let apart = apart(terms, *name);
                joined.renaming.names.insert(*name, apart);
            }
        }
    }
    let candidates: Vec<NameId> = below_a.clone();
    for name in below_b.iter().filter(|name| !shared.contains(*name)) {
        if let Some(twin) = twin(terms, ours, &candidates, &theirs[name], &joined.renaming) {
            joined.renaming.names.insert(*name, twin);
            continue;
        }
        let constant = renamed(terms, &theirs[name], &joined.renaming);
        joined.constants.insert(constant.signature.name, constant);
    }
    let sorry = terms.name_of(["sorryAx"]);
    for (name, constant) in below_a.iter().map(|n| (n, &ours[n])).chain(below_b.iter().map(|n| (n, &theirs[n]))) {
        let why = match constant.kind {
            _ if shared.contains(name) => continue,
            Kind::Axiom { .. } => "an axiom that the other text does not have",
            Kind::Definition { value, .. } | Kind::Opaque { value, .. }
                if terms.constants_below([constant.signature.ty, value]).contains(&sorry) =>
            {
                "left open by `sorry` and is not the same in the other text"
            }
            _ => continue,
        };
        return Err(format!("the statement rests on `{}`, which is {why}", show_name(terms, *name)));
    }
    let is_definition =
        |c: &&Constant| matches!(c.kind, Kind::Definition { .. }) && is_sayable(terms, c.signature.name);
    joined.definitions = joined.constants.values().filter(is_definition).map(|c| c.signature.name).collect();
    joined.definitions.sort_by_key(|name| show_name(terms, *name));
    Ok(joined)
}

/// The constants among `constants` that a statement rests on, each behind what it mentions (circles aside).
fn below(terms: &Terms, constants: &Constants, statement: ExprId) -> Vec<NameId> {
    let (mut order, mut seen) = (Vec::new(), HashSet::new());
    let roots = terms.constants_below([statement]);
    let mut pending: Vec<(NameId, bool)> = roots.into_iter().rev().map(|name| (name, false)).collect();
    while let Some((name, is_left)) = pending.pop() {
        let Some(constant) = constants.get(&name) else { continue };
        if is_left {
            order.push(name);
        } else if seen.insert(name) {
            pending.push((name, true));
            pending.extend(constant.mentions(terms).into_iter().rev().map(|name| (name, false)));
        }
    }
    order
}

/// The names that mean the same in both.
fn shared(terms: &Terms, ours: &Constants, theirs: &Constants, below: &[NameId]) -> HashSet<NameId> {
    let is_same = |name: &NameId| ours.get(name).is_some_and(|ours| Same::new(terms).constants(ours, &theirs[name]));
    let mut shared: HashSet<NameId> = below.iter().copied().filter(is_same).collect();
    loop {
        let rests_on_other = |name: &NameId| {
            theirs[name]
                .mentions(terms)
                .iter()
                .any(|m| !shared.contains(m) && (theirs.contains_key(m) || ours.contains_key(m)))
        };
        let gone: Vec<NameId> = shared.iter().copied().filter(rests_on_other).collect();
        if gone.is_empty() {
            return shared;
        }
        shared.retain(|name| !gone.contains(name));
    }
}

/// A constant of `ours` that says the same under another name: a definition of the same value, a proof of the same
/// proposition. Elaborators name matchers and proofs by the theorem they stand in.
fn twin(
    terms: &mut Terms,
    ours: &Constants,
    candidates: &[NameId],
    constant: &Constant,
    renaming: &Renaming,
) -> Option<NameId> {
    if !matches!(constant.kind, Kind::Definition { .. } | Kind::Theorem { .. }) {
        return None;
    }
    candidates.iter().copied().find(|name| {
        let other = &ours[name];
        let params = constant.signature.params.iter().copied().zip(other.signature.params.iter().copied());
        let renaming = Renaming { params: params.collect(), ..renaming.clone() };
        let mut same = |ours, theirs| {
            let theirs = renaming.apply(terms, theirs);
            Same::new(terms).first_difference(ours, theirs).is_none()
        };
        let alike = constant.kind_name() == other.kind_name()
            && constant.signature.params.len() == other.signature.params.len()
            && same(other.signature.ty, constant.signature.ty);
        alike
            && match (&other.kind, &constant.kind) {
                (Kind::Definition { value: ours, .. }, Kind::Definition { value: theirs, .. }) => same(*ours, *theirs),
                _ => true,
            }
    })
}

fn apart(terms: &mut Terms, name: NameId) -> NameId {
    match terms.get_name(name).clone() {
        Name::Anonymous => terms.name_of([APART]),
        Name::Str(prefix, text) => {
            let prefix = apart(terms, prefix);
            terms.name(Name::Str(prefix, text))
        }
        Name::Num(prefix, number) => {
            let prefix = apart(terms, prefix);
            terms.name(Name::Num(prefix, number))
        }
    }
}

/// A constant under its new name, with new names in it.
fn renamed(terms: &mut Terms, constant: &Constant, renaming: &Renaming) -> Constant {
    let new = |name: &NameId| *renaming.names.get(name).unwrap_or(name);
    let Signature { name, params, ty } = &constant.signature;
    let signature = Signature { name: new(name), params: params.clone(), ty: renaming.apply(terms, *ty) };
    let mut kind = constant.kind.clone();
    match &mut kind {
        Kind::Definition { value, .. } | Kind::Theorem { value } | Kind::Opaque { value, .. } => {
            *value = renaming.apply(terms, *value);
        }
        Kind::Inductive { all, constructors, .. } => {
            all.iter_mut().chain(constructors).for_each(|name| *name = new(name));
        }
        Kind::Constructor { inductive, .. } => *inductive = new(inductive),
        Kind::Recursor { all, rules, .. } => {
            all.iter_mut().for_each(|name| *name = new(name));
            for rule in rules {
                (rule.constructor, rule.rhs) = (new(&rule.constructor), renaming.apply(terms, rule.rhs));
            }
        }
        Kind::Axiom { .. } | Kind::Quotient => {}
    }
    Constant { signature, kind }
}

/// True if a script can name it: made by a text and not by the elaborator, and not private.
fn is_sayable(terms: &Terms, mut name: NameId) -> bool {
    let mut is_last = true;
    loop {
        name = match terms.get_name(name) {
            Name::Anonymous => return true,
            Name::Num(..) => return false,
            Name::Str(_, text) if is_last && (text.starts_with('_') || text.starts_with("match_")) => return false,
            Name::Str(prefix, _) => *prefix,
        };
        is_last = false;
    }
}
