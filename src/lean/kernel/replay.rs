//! Has a kernel check declarations again, dependencies first. Owns the order and what must hold beside the kernel's own
//! answer; knows no particular kernel.
//!
//! Nothing here believes what the constants say about themselves: an inductive type is declared from its types and
//! constructors alone, and what the kernel makes of that must be what was found.

use super::compare::Same;
use super::constant::{Constant, Constants, Hints, Kind};
use super::show::show_name;
use super::term::{ExprId, NameId, Terms};
use crate::domain::{Cause, ReplayReport};
use std::collections::HashSet;

/// What a kernel can be asked to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declaration {
    Axiom {
        name: NameId,
        params: Vec<NameId>,
        ty: ExprId,
    },
    Definition {
        name: NameId,
        params: Vec<NameId>,
        ty: ExprId,
        value: ExprId,
        hints: Hints,
    },
    Theorem {
        name: NameId,
        params: Vec<NameId>,
        ty: ExprId,
        value: ExprId,
    },
    Opaque {
        name: NameId,
        params: Vec<NameId>,
        ty: ExprId,
        value: ExprId,
    },
    /// Types declared together.
    Inductive {
        params: Vec<NameId>,
        /// Number of parameters of the types.
        parameters: u32,
        types: Vec<InductiveType>,
    },
}

/// One type of an inductive declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InductiveType {
    pub name: NameId,
    pub ty: ExprId,
    pub constructors: Vec<(NameId, ExprId)>,
}

/// Why a kernel did not take a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is wrong.
    Wrong(String),
    /// A limit was met; it may be right.
    Limit(Cause, String),
}

/// A kernel with an environment that grows. `Error` means that the kernel itself broke down.
pub trait Kernel {
    type Error;
    /// True if the environment has a constant of this name.
    fn has(&mut self, terms: &Terms, name: NameId) -> Result<bool, Self::Error>;
    /// Checks a declaration and adds it.
    fn add(&mut self, terms: &Terms, declaration: &Declaration) -> Result<Result<(), Refused>, Self::Error>;
    /// True if one term converts into the other. Both are closed and mention only constants of the environment.
    fn convertible(&mut self, terms: &Terms, left: ExprId, right: ExprId)
    -> Result<Result<bool, Refused>, Self::Error>;
    /// The constant of this name as the environment has it.
    fn constant(&mut self, terms: &mut Terms, name: NameId) -> Result<Option<Constant>, Self::Error>;
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    pub report: ReplayReport,
    /// Set if a limit was met, so that nothing is known of the rest.
    pub limit: Option<(Cause, String)>,
}

/// Checks `roots` and everything among `constants` that they rest on, in a kernel that knows none of them.
pub fn replay<K: Kernel>(
    kernel: &mut K,
    terms: &mut Terms,
    constants: &Constants,
    roots: &[NameId],
) -> Result<Replayed, K::Error> {
    let mut replayed = Replayed::default();
    let order = order(terms, constants, roots);
    for name in &order {
        if kernel.has(terms, *name)? {
            let why = "the imported library has a constant of this name already".into();
            replayed.report.refused = Some((show_name(terms, *name), why));
            return Ok(replayed);
        }
    }
    let mut made = HashSet::new();
    for name in order {
        let constant = &constants[&name];
        if constant.is_unsafe() {
            replayed.report.skipped += 1;
            continue;
        }
        let outcome = match group(constants, constant) {
            None => add_plain(kernel, terms, constant)?,
            Some(group) => add_inductive(kernel, terms, constants, constant, &group, &mut made)?,
        };
        let report = &mut replayed.report;
        match outcome {
            Ok(()) => match constant.kind {
                Kind::Axiom { .. } => report.axioms += 1,
                Kind::Definition { .. } => report.definitions += 1,
                Kind::Theorem { .. } => report.theorems += 1,
                Kind::Opaque { .. } => report.opaques += 1,
                Kind::Inductive { .. } => report.inductives += 1,
                Kind::Quotient | Kind::Constructor { .. } | Kind::Recursor { .. } => {}
            },
            Err(Refused::Wrong(why)) => {
                report.refused = Some((show_name(terms, name), why));
                return Ok(replayed);
            }
            Err(Refused::Limit(cause, why)) => {
                replayed.limit = Some((cause, format!("{}: {why}", show_name(terms, name))));
                return Ok(replayed);
            }
        }
    }
    Ok(replayed)
}

/// `roots` and what they rest on among `constants`, each behind what it mentions. The types of one declaration stand
/// behind everything any of them mentions. A circle is cut somewhere: the kernel then meets a name it does not know.
fn order(terms: &Terms, constants: &Constants, roots: &[NameId]) -> Vec<NameId> {
    let mut order = Vec::new();
    let mut seen: HashSet<NameId> = HashSet::new();
    let mut pending: Vec<(NameId, bool)> = roots.iter().rev().map(|root| (*root, false)).collect();
    while let Some((name, is_left)) = pending.pop() {
        let Some(constant) = constants.get(&name) else { continue };
        if is_left {
            order.push(name);
        } else if seen.insert(name) {
            pending.push((name, true));
            let needs = needs(terms, constants, constant);
            pending.extend(needs.into_iter().rev().filter(|n| !seen.contains(n)).map(|n| (n, false)));
        }
    }
    order
}

/// What must come before a constant.
fn needs(terms: &Terms, constants: &Constants, constant: &Constant) -> Vec<NameId> {
    let name = constant.signature.name;
    match group(constants, constant) {
        None => constant.mentions(terms),
        Some(group) if group.first() != Some(&name) => group.into_iter().take(1).collect(),
        Some(group) => {
            let mut needs = Vec::new();
            for member in group.iter().filter_map(|n| constants.get(n)) {
                needs.extend(member.mentions(terms));
                if let Kind::Inductive { constructors, .. } = &member.kind {
                    let types = constructors.iter().filter_map(|c| Some(constants.get(c)?.signature.ty));
                    needs.extend(terms.constants_below(types));
                    needs.retain(|n| !constructors.contains(n));
                }
            }
            needs.retain(|n| !group.contains(n));
            needs
        }
    }
}

/// The types declared together with an inductive type, or with the type a constructor or recursor belongs to.
fn group(constants: &Constants, constant: &Constant) -> Option<Vec<NameId>> {
    match &constant.kind {
        Kind::Inductive { all, .. } | Kind::Recursor { all, .. } => Some(all.clone()),
        Kind::Constructor { inductive, .. } => match constants.get(inductive).map(|c| &c.kind) {
            Some(Kind::Inductive { all, .. }) => Some(all.clone()),
            _ => Some(vec![]),
        },
        _ => None,
    }
}

fn add_plain<K: Kernel>(kernel: &mut K, terms: &Terms, constant: &Constant) -> Result<Result<(), Refused>, K::Error> {
    let (name, params, ty) = (constant.signature.name, constant.signature.params.clone(), constant.signature.ty);
    let declaration = match constant.kind {
        Kind::Axiom { .. } => Declaration::Axiom { name, params, ty },
        Kind::Definition { value, hints, .. } => Declaration::Definition { name, params, ty, value, hints },
        Kind::Theorem { value } => Declaration::Theorem { name, params, ty, value },
        Kind::Opaque { value, .. } => Declaration::Opaque { name, params, ty, value },
        _ => return Ok(Err(Refused::Wrong("a text cannot add a quotient constant".into()))),
    };
    kernel.add(terms, &declaration)
}

/// Adds the types a constant belongs to, unless that is done, and compares what the kernel made of the constant.
fn add_inductive<K: Kernel>(
    kernel: &mut K,
    terms: &mut Terms,
    constants: &Constants,
    constant: &Constant,
    group: &[NameId],
    made: &mut HashSet<NameId>,
) -> Result<Result<(), Refused>, K::Error> {
    let wrong = |why: &str| Ok(Err(Refused::Wrong(why.into())));
    let Some(first) = group.first() else { return wrong("it belongs to no inductive type") };
    if made.insert(*first) {
        let declaration = match inductive_declaration(constants, group) {
            Ok(declaration) => declaration,
            Err(why) => return wrong(why),
        };
        if let Err(refused) = kernel.add(terms, &declaration)? {
            return Ok(Err(refused));
        }
    }
    let Some(generated) = kernel.constant(terms, constant.signature.name)? else {
        return wrong("the kernel makes no such constant of this inductive type");
    };
    match Same::new(terms).constants(&generated, constant) {
        true => Ok(Ok(())),
        false => wrong("the kernel makes another constant of this inductive type"),
    }
}

fn inductive_declaration(constants: &Constants, group: &[NameId]) -> Result<Declaration, &'static str> {
    let mut types = Vec::new();
    let mut common = None;
    for name in group {
        let Some(Constant { signature, kind: Kind::Inductive { params, constructors, .. } }) = constants.get(name)
        else {
            return Err("an inductive type is missing from its group");
        };
        let constructors = constructors.iter().map(|c| Some((*c, constants.get(c)?.signature.ty)));
        let Some(constructors) = constructors.collect::<Option<Vec<_>>>() else {
            return Err("a constructor is missing");
        };
        types.push(InductiveType { name: *name, ty: signature.ty, constructors });
        common.get_or_insert_with(|| (signature.params.clone(), *params));
    }
    let (params, parameters) = common.ok_or("an empty group of inductive types")?;
    Ok(Declaration::Inductive { params, parameters, types })
}
