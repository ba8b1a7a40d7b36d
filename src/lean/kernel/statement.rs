//! What can be seen of a statement by reading its term: variables nothing mentions, hypotheses a proof does without,
//! operations with surprising values, answers that repeat the question. Owns these readings; what needs a proof is the
//! engine's to try.

use super::constant::{Constants, Kind};
use super::show::show_name;
use super::term::{Binder, Expr, ExprId, NameId, Terms};
use crate::domain::WarningKind;
use std::collections::HashSet;

/// A statement taken apart: `∀ binders, conclusion`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telescope {
    pub binders: Vec<Binder>,
    pub conclusion: ExprId,
}

impl Telescope {
    /// Takes leading universal quantifiers and hypotheses off.
    pub fn new(terms: &Terms, mut statement: ExprId) -> Self {
        let mut binders = Vec::new();
        while let Expr::Pi(binder) = terms.get(statement) {
            binders.push(*binder);
            statement = binder.body;
        }
        Telescope { binders, conclusion: statement }
    }

    /// The same binders in front of another conclusion.
    pub fn with_conclusion(&self, terms: &mut Terms, conclusion: ExprId) -> ExprId {
        let around = |body, binder: &Binder| terms.expr(Expr::Pi(Binder { body, ..*binder }));
        self.binders.iter().rev().fold(conclusion, around)
    }

    /// The type of binder `at` as a function of the binders before it.
    pub fn type_of(&self, terms: &mut Terms, at: usize) -> ExprId {
        let around = |body, binder: &Binder| terms.expr(Expr::Lambda(Binder { body, ..*binder }));
        self.binders[..at].iter().rev().fold(self.binders[at].ty, around)
    }
}

/// Something seen in a statement: what, and in words.
pub type Seen = (WarningKind, String);

/// Variables that nothing else in the statement mentions, and hypotheses that `proof` does not use. `is_hypothesis` says
/// of each binder whether its type is a proposition.
pub fn unused(terms: &Terms, telescope: &Telescope, is_hypothesis: &[bool], proof: Option<ExprId>) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut proof = proof;
    for (binder, is_hypothesis) in telescope.binders.iter().zip(is_hypothesis) {
        let body = match proof.map(|p| terms.get(p)) {
            Some(Expr::Lambda(lambda)) => Some(lambda.body),
            _ => None,
        };
        proof = body;
        let name = shown(terms, binder.name);
        if *is_hypothesis {
            let unused = body.is_some_and(|body| !terms.occurs(body, 0)) && !terms.occurs(binder.body, 0);
            if unused {
                seen.push((WarningKind::UnusedHypothesis, format!("the proof does not use {name}")));
            }
        } else if !terms.occurs(binder.body, 0) {
            seen.push((WarningKind::UnusedVariable, format!("nothing in the statement mentions {name}")));
        }
    }
    seen
}

fn shown(terms: &Terms, name: NameId) -> String {
    // Names the elaborator makes up have macro scopes or stand for anonymous arrows.
    let text = show_name(terms, name);
    match text.split_once(".«_@»") {
        Some((base, _)) => format!("the unnamed `{base}`"),
        None => format!("`{text}`"),
    }
}

/// Operations: the constant at the head, the type it is watched on (none: its own), what is reported.
const OPERATIONS: [(&str, &str, WarningKind); 8] = [
    ("HSub.hSub", "Nat", WarningKind::NatSubtraction),
    ("Sub.sub", "Nat", WarningKind::NatSubtraction),
    ("Nat.sub", "", WarningKind::NatSubtraction),
    ("HDiv.hDiv", "Nat", WarningKind::Division),
    ("HDiv.hDiv", "Int", WarningKind::Division),
    ("Nat.div", "", WarningKind::Division),
    ("Int.div", "", WarningKind::Division),
    ("Div.div", "Nat", WarningKind::Division),
];

/// Operations with surprising values in the statement and in the definitions of the text it rests on.
pub fn operations(terms: &Terms, constants: &Constants, statement: ExprId) -> Vec<Seen> {
    let mut found = Vec::new();
    let (mut seen, mut known) = (HashSet::new(), HashSet::new());
    let mut pending = vec![(statement, None)];
    while let Some((root, within)) = pending.pop() {
        let mut mentioned = Vec::new();
        terms.visit(root, &mut seen, &mut |id, expr| match expr {
            Expr::App(..) => found.extend(operation(terms, id).map(|op| (op, within))),
            Expr::Const(name, _) => mentioned.push(*name),
            _ => {}
        });
        for name in mentioned.into_iter().filter(|name| known.insert(*name)) {
            // What a theorem's proof computes with is no part of what is said.
            if let Some(constant) = constants.get(&name)
                && !matches!(constant.kind, Kind::Theorem { .. })
            {
                pending.extend(constant.value().map(|value| (value, Some(name))));
            }
        }
    }
    let mut words: Vec<Seen> = Vec::new();
    for ((kind, on), within) in found {
        let place = within.map_or(String::new(), |name| format!(" in `{}`", show_name(terms, name)));
        let text = match kind {
            WarningKind::NatSubtraction => format!("subtraction of natural numbers{place}: `a - b` is 0 if `a < b`"),
            _ => format!("division of `{on}`{place}: it rounds, and `a / 0` is 0"),
        };
        if !words.contains(&(kind, text.clone())) {
            words.push((kind, text));
        }
    }
    words.sort();
    words
}

/// The watched operation an application is, without the applications it is part of.
fn operation(terms: &Terms, id: ExprId) -> Option<(WarningKind, &'static str)> {
    let (head, arguments) = terms.spine(id);
    let Expr::Const(name, _) = terms.get(head) else { return None };
    let name = show_name(terms, *name);
    let on = arguments.first().map(|ty| terms.get(*ty));
    let on = match on {
        Some(Expr::Const(ty, _)) => show_name(terms, *ty),
        _ => String::new(),
    };
    let hit = OPERATIONS.iter().find(|(op, ty, _)| *op == name && (ty.is_empty() || *ty == on))?;
    let (op, ty, kind) = *hit;
    Some((kind, if ty.is_empty() { op.split('.').next().unwrap_or(op) } else { ty }))
}

/// True if `value`, put into the hole of a statement that ends in `hole .. = b`, `b = hole ..` or the like with `↔`, is
/// `b` itself.
pub fn repeats_the_question(terms: &mut Terms, statement: ExprId, hole: NameId, value: ExprId) -> bool {
    let Telescope { conclusion, .. } = Telescope::new(terms, statement);
    let (head, arguments) = terms.spine(conclusion);
    let Expr::Const(relation, _) = terms.get(head) else { return false };
    let sides = match (show_name(terms, *relation).as_str(), &arguments[..]) {
        ("Eq", [_, left, right]) | ("Iff", [left, right]) => [(*left, *right), (*right, *left)],
        _ => return false,
    };
    sides.into_iter().any(|(answer, question)| {
        let (head, arguments) = terms.spine(answer);
        if !matches!(terms.get(head), Expr::Const(name, _) if *name == hole) {
            return false;
        }
        let mut body = value;
        for _ in &arguments {
            match terms.get(body) {
                Expr::Lambda(binder) => body = binder.body,
                _ => return false,
            }
        }
        let repeated = terms.instantiate(body, &arguments);
        super::compare::Same::new(terms).first_difference(repeated, question).is_none()
    })
}
