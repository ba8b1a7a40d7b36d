//! Do two terms say the same? Owns alpha-equivalence of terms and constants, the comparison of a statement with its
//! target through every constant it rests on, and the words for the first difference.
//!
//! What the kernel ignores is ignored: names of bound variables, how arguments are given, names of universe parameters.

use super::constant::{Constant, Constants, Hints, Kind, Signature};
use super::rename::Renaming;
use super::replay::{Declaration, Kernel, Refused};
use super::show::{show, show_name};
use super::term::{Expr, ExprId, Level, LevelId, Name, NameId, Terms};
use crate::domain::Equality;
use std::collections::{HashMap, HashSet};

/// Where two terms part: the first two subterms, in the order they are read, that are not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The constant it is in.
    pub constant: NameId,
    /// In words: what stands where.
    pub words: String,
    /// The two whole terms to be shown, if it is one of terms: of the target, of the candidate.
    pub terms: Option<(ExprId, ExprId)>,
}

/// The first two subterms that are not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parted {
    pub left: ExprId,
    pub right: ExprId,
    /// Names of the variables bound around them, outermost first.
    pub bound: Vec<NameId>,
}

/// Compares terms of one store.
pub struct Same<'a> {
    terms: &'a Terms,
    /// Universe parameters of the left side, with those of the right.
    params: HashMap<NameId, NameId>,
    known: HashSet<(ExprId, ExprId)>,
    known_levels: HashSet<(LevelId, LevelId)>,
    /// True if no other universe parameters than those may occur.
    is_bound: bool,
}

impl<'a> Same<'a> {
    /// Universe parameters are the same on both sides.
    pub fn new(terms: &'a Terms) -> Self {
        Same { terms, params: HashMap::new(), known: HashSet::new(), known_levels: HashSet::new(), is_bound: false }
    }

    /// Universe parameters correspond by position; `false` if there are more on one side, or if one side has a name
    /// twice: two parameters of one name would be compared as one.
    fn bind(&mut self, left: &[NameId], right: &[NameId]) -> bool {
        self.params = left.iter().copied().zip(right.iter().copied()).collect();
        self.known.clear();
        self.known_levels.clear();
        self.is_bound = true;
        left.len() == right.len() && is_distinct(left) && is_distinct(right)
    }

    /// True if two levels are written the same. Parts that levels share are compared once: written out, a level of a
    /// hundred objects may be larger than any memory.
    pub fn levels(&mut self, left: LevelId, right: LevelId) -> bool {
        if self.known_levels.contains(&(left, right)) {
            return true;
        }
        let same = match (self.terms.get_level(left), self.terms.get_level(right)) {
            (Level::Zero, Level::Zero) => true,
            (Level::Succ(a), Level::Succ(b)) => self.levels(a, b),
            (Level::Max(a, b), Level::Max(c, d)) | (Level::IMax(a, b), Level::IMax(c, d)) => {
                self.levels(a, c) && self.levels(b, d)
            }
            (Level::Param(a), Level::Param(b)) => match self.params.get(&a) {
                Some(a) => *a == b,
                None => a == b && !self.is_bound,
            },
            _ => false,
        };
        if same {
            self.known_levels.insert((left, right));
        }
        same
    }

    /// `None` if two expressions are the same, otherwise the first two subterms that are not, with the names (the right
    /// side's) of the variables bound around them, outermost first.
    pub fn first_difference(&mut self, left: ExprId, right: ExprId) -> Option<Parted> {
        // Equal ids are equal terms, but their universe parameters may mean others.
        let unmapped = self.params.iter().all(|(a, b)| a == b);
        // Variables bound so far, each with the one bound around it.
        let mut scopes: Vec<(usize, NameId)> = Vec::new();
        const OUTSIDE: usize = usize::MAX;
        let mut pending = vec![(left, right, OUTSIDE)];
        while let Some((left, right, scope)) = pending.pop() {
            let mut bind = |name| {
                scopes.push((scope, name));
                scopes.len() - 1
            };
            if (left == right && unmapped) || !self.known.insert((left, right)) {
                continue;
            }
            match (self.terms.get(left), self.terms.get(right)) {
                (Expr::Bound(a), Expr::Bound(b)) if a == b => {}
                (Expr::Sort(a), Expr::Sort(b)) if self.levels(*a, *b) => {}
                (Expr::Const(a, us), Expr::Const(b, vs))
                    if a == b && us.len() == vs.len() && us.iter().zip(vs).all(|(u, v)| self.levels(*u, *v)) => {}
                (Expr::Nat(a), Expr::Nat(b)) if a == b => {}
                (Expr::Str(a), Expr::Str(b)) if a == b => {}
                (Expr::App(f, a), Expr::App(g, b)) => pending.extend([(*a, *b, scope), (*f, *g, scope)]),
                (Expr::Lambda(a), Expr::Lambda(b)) | (Expr::Pi(a), Expr::Pi(b)) => {
                    pending.extend([(a.body, b.body, bind(b.name)), (a.ty, b.ty, scope)]);
                }
                (Expr::Let { ty: s, value: v, body: b, .. }, Expr::Let { ty: t, value: w, body: c, name }) => {
                    pending.extend([(*b, *c, bind(*name)), (*v, *w, scope), (*s, *t, scope)]);
                }
                (Expr::Proj { structure: s, index: i, value: v }, Expr::Proj { structure: t, index: j, value: w })
                    if i == j && s == t =>
                {
                    pending.push((*v, *w, scope));
                }
                _ => {
                    let mut bound = Vec::new();
                    let mut at = scope;
                    while let Some((outer, name)) = scopes.get(at) {
                        bound.push(*name);
                        at = *outer;
                    }
                    bound.reverse();
                    // What stands here was only known as same under the assumption that all of it is.
                    self.known.clear();
                    return Some(Parted { left, right, bound });
                }
            }
        }
        None
    }

    /// True if two constants say the same under the same name. The order of unfolding is no part of that.
    pub fn constants(&mut self, left: &Constant, right: &Constant) -> bool {
        if left.signature.name != right.signature.name
            || !self.bind(&left.signature.params, &right.signature.params)
            || self.first_difference(left.signature.ty, right.signature.ty).is_some()
        {
            return false;
        }
        match (&left.kind, &right.kind) {
            (Kind::Definition { value: a, safety: s, .. }, Kind::Definition { value: b, safety: t, .. }) => {
                s == t && self.first_difference(*a, *b).is_none()
            }
            (Kind::Theorem { value: a }, Kind::Theorem { value: b }) => self.first_difference(*a, *b).is_none(),
            (Kind::Opaque { value: a, is_unsafe: s }, Kind::Opaque { value: b, is_unsafe: t }) => {
                s == t && self.first_difference(*a, *b).is_none()
            }
            (
                Kind::Recursor { all: a, params, indices, motives, minors, rules: r, k, is_unsafe },
                Kind::Recursor { all: b, params: p, indices: i, motives: m, minors: n, rules: s, k: l, is_unsafe: u },
            ) => {
                (a, params, indices, motives, minors, k, is_unsafe) == (b, p, i, m, n, l, u)
                    && r.len() == s.len()
                    && r.iter().zip(s).all(|(r, s)| {
                        r.constructor == s.constructor
                            && r.fields == s.fields
                            && self.first_difference(r.rhs, s.rhs).is_none()
                    })
            }
            (left, right) => left == right,
        }
    }
}

/// Compares the theorem `target` of `theirs` (trusted) with the one of the same name in `ours` (the candidate's), and
/// every constant of `theirs` its statement rests on, holes aside: definitions whose value is left open.
///
/// The kernel, which knows `ours`, is asked about terms that are not written the same.
pub fn compare_target<K: Kernel>(
    kernel: &mut K,
    terms: &mut Terms,
    theirs: &Constants,
    ours: &Constants,
    target: NameId,
    holes: &HashSet<NameId>,
) -> Result<Result<Result<Equality, Difference>, Refused>, K::Error> {
    let mut as_written = true;
    let mut renaming = Renaming::default();
    for name in statement_order(terms, theirs, target, holes) {
        let expected = &theirs[&name];
        let differs = |words: String, terms| Ok(Ok(Err(Difference { constant: name, words, terms })));
        let library = statement_mentions(terms, expected, holes).into_iter();
        if let Some(own) = library.filter(|n| !theirs.contains_key(n)).find(|n| ours.contains_key(n)) {
            let own = show_name(terms, own);
            return differs(format!("the candidate declares `{own}`, which the target imports"), None);
        }
        let pairs = match ours.get(&name) {
            Some(found) => pairs(expected, found, holes),
            None => Err(format!("the candidate does not declare the {}", expected.kind_name())),
        };
        let params = |found: &Constant| {
            let theirs = expected.signature.params.iter().copied();
            theirs.zip(found.signature.params.iter().copied()).collect()
        };
        renaming.params = ours.get(&name).map(params).unwrap_or_default();
        let mut parted = Vec::new();
        for (theirs, ours) in pairs.iter().flatten() {
            let theirs = renaming.apply(terms, *theirs);
            parted.extend(Same::new(terms).first_difference(theirs, *ours).map(|at| ((theirs, *ours), at)));
        }
        if is_auxiliary(terms, expected) && (pairs.is_err() || !parted.is_empty()) {
            // Lean numbers these by what stands before them: the kernel gets the target's under another name.
            let detached = detached(terms, expected, &mut renaming);
            if let Err(refused) = kernel.add(terms, &detached)? {
                return Ok(Err(refused));
            }
            continue;
        }
        if let Err(words) = pairs {
            return differs(words, None);
        }
        for ((theirs, ours), Parted { left, right, bound }) in parted {
            as_written = false;
            match kernel.convertible(terms, theirs, ours)? {
                Ok(true) => {}
                Ok(false) => {
                    let words = format!(
                        "`{}` where the target has `{}`",
                        show(terms, right, &bound),
                        show(terms, left, &bound)
                    );
                    return differs(words, Some((theirs, ours)));
                }
                Err(refused) => return Ok(Err(refused)),
            }
        }
    }
    Ok(Ok(Ok(if as_written { Equality::Syntactic } else { Equality::Definitional })))
}

fn is_distinct(names: &[NameId]) -> bool {
    names.iter().collect::<HashSet<_>>().len() == names.len()
}

/// The terms of two constants of one name that must be the same, or why they cannot be.
fn pairs(expected: &Constant, found: &Constant, holes: &HashSet<NameId>) -> Result<Vec<(ExprId, ExprId)>, String> {
    if expected.kind_name() != found.kind_name() || expected.is_unsafe() != found.is_unsafe() {
        return Err(format!("it is a {} where the target has a {}", found.kind_name(), expected.kind_name()));
    }
    let (theirs, ours) = (&expected.signature, &found.signature);
    if theirs.params.len() != ours.params.len() {
        let (ours, theirs) = (ours.params.len(), theirs.params.len());
        return Err(format!("it has {ours} universe parameters where the target has {theirs}"));
    }
    if !is_distinct(&ours.params) {
        return Err("it has one universe parameter twice".into());
    }
    let mut pairs = vec![(theirs.ty, ours.ty)];
    match &expected.kind {
        // Any two proofs of a proposition are equal; what a proof rests on is the axioms' business.
        Kind::Theorem { .. } => {}
        _ if holes.contains(&theirs.name) => {}
        Kind::Inductive { .. } if !same_shape(expected, found) => {
            return Err("it has other constructors or parameters than the target's".into());
        }
        // What the kernel made of an inductive type is as its type and constructors are.
        Kind::Inductive { .. } | Kind::Constructor { .. } | Kind::Recursor { .. } => {}
        _ => pairs.extend(expected.value().zip(found.value())),
    }
    Ok(pairs)
}

/// The constants of `theirs` a statement rests on, the deepest first and the theorem itself last.
fn statement_order(terms: &Terms, theirs: &Constants, target: NameId, holes: &HashSet<NameId>) -> Vec<NameId> {
    let (mut seen, mut order, mut pending) = (HashSet::new(), Vec::new(), vec![(target, false)]);
    while let Some((name, is_left)) = pending.pop() {
        let Some(constant) = theirs.get(&name) else { continue };
        if is_left {
            order.push(name);
        } else if seen.insert(name) {
            pending.push((name, true));
            pending.extend(statement_mentions(terms, constant, holes).into_iter().rev().map(|n| (n, false)));
        }
    }
    order
}

/// True for what the elaborator makes on the way, under a name it chooses: matchers and proofs.
fn is_auxiliary(terms: &Terms, constant: &Constant) -> bool {
    let chosen = match terms.get_name(constant.signature.name) {
        Name::Str(_, last) => last.starts_with("match_") || last.starts_with('_'),
        _ => false,
    };
    chosen && matches!(constant.kind, Kind::Definition { .. } | Kind::Theorem { .. }) && !constant.is_unsafe()
}

/// An auxiliary constant of the target under a name of its own.
fn detached(terms: &mut Terms, constant: &Constant, renaming: &mut Renaming) -> Declaration {
    let Signature { name: old, params, ty } = constant.signature.clone();
    let name = terms.name(Name::Str(old, "_afcheck_target".into()));
    renaming.params.clear();
    let ty = renaming.apply(terms, ty);
    let declaration = match constant.kind {
        Kind::Theorem { value } => {
            let value = renaming.apply(terms, value);
            Declaration::Theorem { name, params, ty, value }
        }
        _ => {
            let value = renaming.apply(terms, constant.value().unwrap_or(ty));
            Declaration::Definition { name, params, ty, value, hints: Hints::Abbreviation }
        }
    };
    renaming.names.insert(old, name);
    declaration
}

/// What the meaning of a constant rests on: for theorems and holes only what their type mentions.
fn statement_mentions(terms: &Terms, constant: &Constant, holes: &HashSet<NameId>) -> Vec<NameId> {
    let by_type = matches!(constant.kind, Kind::Theorem { .. }) || holes.contains(&constant.signature.name);
    match by_type {
        true => terms.constants_below([constant.signature.ty]),
        false => constant.mentions(terms),
    }
}

/// True if two inductive types agree in everything but, perhaps, their own type.
fn same_shape(left: &Constant, right: &Constant) -> bool {
    match (&left.kind, &right.kind) {
        (
            Kind::Inductive { params, indices, all, constructors, is_unsafe, .. },
            Kind::Inductive { params: p, indices: i, all: a, constructors: c, is_unsafe: u, .. },
        ) => (params, indices, all, constructors, is_unsafe) == (p, i, a, c, u),
        _ => false,
    }
}
