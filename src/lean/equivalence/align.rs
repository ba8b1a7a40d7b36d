//! Two statements over common variables. Owns which variables of one stand for which of the other, and the propositions
//! that are to be proved: for all common variables, this follows from that.
//!
//! Every theorem is true or false, and all true ones are equivalent. What two statements say of the *same* variables is
//! much more: `∀ x, (A x ↔ B x)` instead of `(∀ x, A x) ↔ (∀ x, B x)`.

use crate::lean::kernel::{Binder, BinderInfo, Expr, ExprId, Level, LevelId, NameId, Renaming, Same, Telescope, Terms};
use std::collections::HashSet;

/// A statement with what the kernel says of its binders.
#[derive(Clone, Debug)]
pub struct Statement {
    pub ty: ExprId,
    pub telescope: Telescope,
    /// Of each binder, whether it is a hypothesis; the others are data.
    pub is_hypothesis: Vec<bool>,
}

/// What is to be proved to show one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// `∀ data, base → goal`.
    pub proposition: ExprId,
    /// `∀ data, base → False`.
    pub absurdity: ExprId,
    /// Number of variables in `data`.
    pub data: usize,
    /// True if the two have all their data in common.
    pub is_complete: bool,
}

/// Names of the universe parameters of a statement in the order of their first occurrence.
pub fn universes(terms: &Terms, telescope: &Telescope) -> Vec<NameId> {
    let (mut seen, mut found) = (HashSet::new(), indexmap::IndexSet::new());
    let roots = telescope.binders.iter().map(|b| b.ty).chain([telescope.conclusion]);
    for root in roots {
        terms.visit(root, &mut seen, &mut |_, expr| match expr {
            Expr::Sort(level) => params(terms, *level, &mut found),
            Expr::Const(_, levels) => levels.iter().for_each(|level| params(terms, *level, &mut found)),
            _ => {}
        });
    }
    found.into_iter().collect()
}

fn params(terms: &Terms, level: LevelId, found: &mut indexmap::IndexSet<NameId>) {
    let (mut pending, mut seen) = (vec![level], HashSet::new());
    while let Some(level) = pending.pop() {
        if !seen.insert(level) {
            continue;
        }
        match terms.get_level(level) {
            Level::Zero => {}
            Level::Succ(of) => pending.push(of),
            Level::Max(a, b) | Level::IMax(a, b) => pending.extend([b, a]),
            Level::Param(name) => {
                found.insert(name);
            }
        }
    }
}

impl Statement {
    /// The same with other universe parameters.
    pub fn renamed(&self, terms: &mut Terms, from: &[NameId], to: &[NameId]) -> Statement {
        let params = from.iter().copied().zip(to.iter().copied()).collect();
        let ty = Renaming { params, ..Renaming::default() }.apply(terms, self.ty);
        Statement { ty, telescope: Telescope::new(terms, ty), is_hypothesis: self.is_hypothesis.clone() }
    }
}

/// Ways to let the variables correspond that are looked at.
const MOST_MATCHINGS: usize = 200;

/// The questions whose answers show that `goal` follows from `base`, the most telling first: variables correspond so that
/// the two have as many terms in common as can be; if they do not by name, names are the second question.
pub fn questions(terms: &mut Terms, base: &Statement, goal: &Statement) -> Vec<Question> {
    let context = Context::of(terms, goal);
    let mut questions = Vec::new();
    for given in context.matchings(terms, base, goal) {
        let question = context.question(terms, base, &given, goal);
        if !questions.contains(&question) {
            questions.push(question);
        }
    }
    questions
}

/// The same question about the hypotheses alone and about the conclusions alone, if the two have all their data in common
/// and no hypothesis is spoken about. Where both theorems are true, that each implies the other says nothing; that they
/// have the same hypotheses and the same conclusion does.
pub fn parts(terms: &mut Terms, base: &Statement, goal: &Statement) -> Option<[Question; 2]> {
    let context = Context::of(terms, goal);
    for given in context.matchings(terms, base, goal) {
        if !context.question(terms, base, &given, goal).is_complete {
            continue;
        }
        let of_base = context.in_parts(terms, base, &given)?;
        let of_goal = context.in_parts(terms, goal, &context.given)?;
        return Some([0, 1].map(|part| context.ask(terms, of_base[part], of_goal[part], true)));
    }
    None
}

/// Common variables: the goal's data.
struct Context {
    /// Each type in the scope of those before.
    variables: Vec<Binder>,
    /// Of the goal's binders, which variable each is.
    given: Vec<Option<usize>>,
}

impl Context {
    fn of(terms: &mut Terms, goal: &Statement) -> Context {
        let mut context = Context { variables: vec![], given: vec![] };
        for (binder, is_hypothesis) in goal.telescope.binders.iter().zip(&goal.is_hypothesis) {
            let ty = if !is_hypothesis { context.in_scope(terms, binder.ty, &context.given) } else { None };
            context.given.push(ty.map(|_| context.variables.len()));
            context.variables.extend(ty.map(|ty| Binder { ty, ..*binder }));
        }
        context
    }

    /// A binder's type, in the scope of the variables so far; `None` if it mentions a binder that is none of them.
    fn in_scope(&self, terms: &mut Terms, ty: ExprId, given: &[Option<usize>]) -> Option<ExprId> {
        let count = given.len();
        let mentions = |terms: &Terms, at: usize| terms.occurs(ty, (count - 1 - at) as u32);
        if (0..count).any(|at| given[at].is_none() && mentions(terms, at)) {
            return None;
        }
        let arguments: Vec<ExprId> =
            given.iter().map(|at| self.variable(terms, at.unwrap_or(0), self.variables.len())).collect();
        Some(terms.instantiate(ty, &arguments))
    }

    /// Variable `at` in a scope of `size`.
    fn variable(&self, terms: &mut Terms, at: usize, size: usize) -> ExprId {
        terms.expr(Expr::Bound((size.max(at + 1) - 1 - at) as u32))
    }

    /// Which variable each binder of `base` may be, the most telling first: as many terms in common as can be, and by name.
    fn matchings(&self, terms: &mut Terms, base: &Statement, goal: &Statement) -> Vec<Vec<Option<usize>>> {
        let mut found = Vec::new();
        self.extend(terms, base, &mut Vec::new(), &mut found);
        let wanted = self.terms_of(terms, goal, &self.given);
        let in_common = |terms: &mut Terms, given: &[Option<usize>]| {
            let here = self.terms_of(terms, base, given);
            here.iter().zip(&wanted).map(|(here, wanted)| here.intersection(wanted).count()).sum()
        };
        let scores: Vec<usize> = found.iter().map(|given| in_common(terms, given)).collect();
        // The first is the one by name: ties are its own.
        let best = scores.iter().max().and_then(|most| scores.iter().position(|score| score == most)).unwrap_or(0);
        let telling = if best == 0 { vec![0] } else { vec![best, 0] };
        telling.into_iter().map(|at| found[at].clone()).collect()
    }

    /// Continues a matching of the first binders in all ways: each binder is a variable of the same type that no other
    /// is, if there is one, those of the same name first.
    fn extend(
        &self,
        terms: &mut Terms,
        base: &Statement,
        given: &mut Vec<Option<usize>>,
        found: &mut Vec<Vec<Option<usize>>>,
    ) {
        if found.len() == MOST_MATCHINGS {
            return;
        }
        let binders = &base.telescope.binders;
        let Some(binder) = binders.get(given.len()) else { return found.push(given.clone()) };
        let ty = if base.is_hypothesis[given.len()] { None } else { self.in_scope(terms, binder.ty, given) };
        let mut fits: Vec<usize> = (0..self.variables.len()).filter(|at| !given.contains(&Some(*at))).collect();
        fits.retain(|at| ty.is_some_and(|ty| self.has_type(terms, *at, ty)));
        // A variable that another binder has the name of is left to that one.
        let is_anothers = |at: &usize| binders.iter().any(|b| b.name == self.variables[*at].name);
        fits.sort_by_key(|at| (self.variables[*at].name != binder.name, is_anothers(at)));
        if fits.is_empty() {
            given.push(None);
            self.extend(terms, base, given, found);
            given.pop();
        }
        for at in fits {
            given.push(Some(at));
            self.extend(terms, base, given, found);
            given.pop();
        }
    }

    /// The terms in the hypotheses of a statement about the variables, and those in its conclusion.
    fn terms_of(&self, terms: &mut Terms, statement: &Statement, given: &[Option<usize>]) -> [HashSet<ExprId>; 2] {
        let binders = statement.telescope.binders.iter().enumerate().filter(|(at, _)| statement.is_hypothesis[*at]);
        let conclusion = (1, given.len(), statement.telescope.conclusion);
        let mut found = [HashSet::new(), HashSet::new()];
        for (of, at, part) in binders.map(|(at, binder)| (0, at, binder.ty)).chain([conclusion]) {
            if let Some(part) = self.in_scope(terms, part, &given[..at]) {
                terms.visit(part, &mut found[of], &mut |_, _| {});
            }
        }
        found
    }

    /// True if a variable has the type `ty`, which is in the scope of all of them.
    fn has_type(&self, terms: &mut Terms, at: usize, ty: ExprId) -> bool {
        let own = terms.lift(self.variables[at].ty, (self.variables.len() - at) as u32);
        Same::new(terms).first_difference(own, ty).is_none()
    }

    fn question(&self, terms: &mut Terms, base: &Statement, given: &[Option<usize>], goal: &Statement) -> Question {
        let matched = |given: &[Option<usize>]| given.iter().flatten().count();
        let data = |statement: &Statement| statement.is_hypothesis.iter().filter(|is| !**is).count();
        let is_complete = matched(given) == data(base) && matched(given) == data(goal);
        let base = specialised(terms, base.ty, given, self.variables.len(), 0);
        let goal = specialised(terms, goal.ty, &self.given, self.variables.len(), 0);
        self.ask(terms, base, goal, is_complete)
    }

    /// The hypotheses of a statement joined by `And`, and its conclusion.
    fn in_parts(&self, terms: &mut Terms, statement: &Statement, given: &[Option<usize>]) -> Option<[ExprId; 2]> {
        let constant = |terms: &mut Terms, name| {
            let name = terms.name_of([name]);
            terms.expr(Expr::Const(name, Box::default()))
        };
        let (binders, mut joined) = (&statement.telescope.binders, None);
        for (at, binder) in binders.iter().enumerate().rev().filter(|(at, _)| statement.is_hypothesis[*at]) {
            let hypothesis = self.in_scope(terms, binder.ty, &given[..at])?;
            joined = Some(match joined {
                None => hypothesis,
                Some(rest) => {
                    let and = constant(terms, "And");
                    let left = terms.expr(Expr::App(and, hypothesis));
                    terms.expr(Expr::App(left, rest))
                }
            });
        }
        let joined = joined.unwrap_or_else(|| constant(terms, "True"));
        Some([joined, self.in_scope(terms, statement.telescope.conclusion, given)?])
    }

    fn ask(&self, terms: &mut Terms, base: ExprId, goal: ExprId, is_complete: bool) -> Question {
        let absurd = terms.name_of(["False"]);
        let absurd = terms.expr(Expr::Const(absurd, Box::default()));
        Question {
            proposition: self.implication(terms, base, goal),
            absurdity: self.implication(terms, base, absurd),
            data: self.variables.len(),
            is_complete,
        }
    }

    /// `∀ variables, base → conclusion`.
    fn implication(&self, terms: &mut Terms, base: ExprId, conclusion: ExprId) -> ExprId {
        let (name, body) = (terms.name_of(["base"]), terms.lift(conclusion, 1));
        let arrow = terms.expr(Expr::Pi(Binder { name, info: BinderInfo::Explicit, ty: base, body }));
        self.variables.iter().rev().fold(arrow, |body, binder| terms.expr(Expr::Pi(Binder { body, ..*binder })))
    }
}

/// A statement with the binders that are `given` replaced by these of `size` variables. `depth` binders stand between.
fn specialised(terms: &mut Terms, statement: ExprId, given: &[Option<usize>], size: usize, depth: usize) -> ExprId {
    let (Some((first, rest)), Expr::Pi(binder)) = (given.split_first(), terms.get(statement)) else { return statement };
    let binder = *binder;
    match first {
        Some(at) => {
            let variable = terms.expr(Expr::Bound((size - 1 - at + depth) as u32));
            let body = terms.instantiate(binder.body, &[variable]);
            specialised(terms, body, rest, size, depth)
        }
        None => {
            let body = specialised(terms, binder.body, rest, size, depth + 1);
            terms.expr(Expr::Pi(Binder { body, ..binder }))
        }
    }
}
