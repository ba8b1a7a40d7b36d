//! Looks at a statement for what people should know of it. Owns the tactic scripts that are tried and their budget; a
//! warning never changes a verdict. Everything runs in a clean instance on the terms the host took.

use super::elaborate::{self, EXAMPLE_NAME, Printed, Strictness};
use super::instance::{Failure, Instance};
use super::kernel::LeanKernel;
use super::snapshot::Snapshot;
use crate::domain::{Severity, Warning, WarningKind};
use crate::lean::kernel::{
    BinderInfo, Constant, Constants, Declaration, Expr, ExprId, Hints, Kernel, Level, LevelId, NameId, Signature,
    Telescope, Terms, digest, operations, replay, show_name, unused,
};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// What is asked about the statements of a text.
pub struct Question {
    /// Theorems in the order of the text, each with the names the text binds in front of it.
    pub statements: Vec<(NameId, HashSet<String>)>,
    /// How much is known of the proof of the last statement.
    pub proof: Proof,
}

/// What is known of a statement's proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// It was not accepted.
    None,
    /// It was accepted: then the negation cannot be proved.
    Accepted,
    /// It was accepted, and is itself what cheap automation would try.
    Cheap,
}

/// Identifies a statement, and what is known of its proof.
type Key = ([u8; 32], Proof);

/// What automation found of statements before, for one import set. Many candidates share a statement.
#[derive(Default)]
pub struct Known(RefCell<HashMap<Key, Option<(WarningKind, String)>>>);

impl Known {
    /// Statements that are remembered.
    const MOST: usize = 20_000;

    fn get(&self, key: &Key) -> Option<Option<(WarningKind, String)>> {
        self.0.borrow().get(key).cloned()
    }

    fn put(&self, key: Key, found: Option<(WarningKind, String)>) {
        let mut known = self.0.borrow_mut();
        if known.len() >= Self::MOST {
            known.clear();
        }
        known.insert(key, found);
    }
}

/// Tactics that are tried in turn on a statement.
const CHEAP: [&str; 3] = ["trivial", "omega", "simp_all"];

/// True if a body (`:= by ..`) is one of the tactics that would be tried.
pub fn is_cheap(body: &str) -> bool {
    let words: Vec<&str> = body.split_whitespace().collect();
    matches!(words[..], [":=", "by", tactic] if CHEAP.contains(&tactic))
}

/// Budget of one attempt, as in `set_option maxHeartbeats`.
const ATTEMPT: u32 = 100;

/// A proof script for a proposition the host put into the environment.
struct Attempt {
    kind: WarningKind,
    proposition: &'static str,
    tactics: String,
    words: &'static str,
}

/// Everything seen in the statements. Automation is tried on the last one only: the one a text is about.
pub fn look(
    lean: &mut Instance,
    snapshot: &Snapshot,
    terms: &mut Terms,
    constants: &Constants,
    question: &Question,
    known: &Known,
) -> Result<Vec<Warning>, Failure> {
    let mut kernel = LeanKernel::for_elaboration(lean, snapshot.environment)?;
    let mut warnings = Vec::new();
    let types = |(name, _): &(NameId, _)| constants.get(name).map(|c| c.signature.ty);
    let rests_on = terms.constants_below(question.statements.iter().filter_map(types));
    let replayed = replay(&mut kernel, terms, constants, &rests_on)?;
    if replayed.report.refused.is_some() || replayed.limit.is_some() {
        return Ok(warnings);
    }
    for (i, (name, bound)) in question.statements.iter().enumerate() {
        let Some(constant) = constants.get(name) else { continue };
        let statement = Statement::read(&mut kernel, terms, constant)?;
        let mut seen = operations(terms, constants, constant.signature.ty);
        let proof = constant.value().filter(|_| question.proof != Proof::None);
        seen.extend(unused(terms, &statement.telescope, &statement.is_hypothesis, proof));
        seen.extend(auto_bound(terms, &statement.telescope, bound));
        if i + 1 == question.statements.len() {
            let key = (digest(terms, constants, constant.signature.ty), question.proof);
            let found = match known.get(&key) {
                Some(found) => found,
                None => {
                    let found = statement.try_automation(&mut kernel, terms, question.proof)?;
                    known.put(key, found.clone());
                    found
                }
            };
            seen.extend(found);
        }
        let declaration = show_name(terms, *name);
        let declaration = if declaration == EXAMPLE_NAME { "example".into() } else { declaration };
        warnings.extend(seen.into_iter().map(|(kind, detail)| {
            let declaration = declaration.clone();
            Warning { kind, declaration, detail }
        }));
    }
    warnings.sort();
    Ok(warnings)
}

/// A statement with what the kernel says of its binders.
struct Statement<'a> {
    signature: &'a Signature,
    telescope: Telescope,
    is_hypothesis: Vec<bool>,
}

impl<'a> Statement<'a> {
    fn read(kernel: &mut LeanKernel<'_>, terms: &mut Terms, constant: &'a Constant) -> Result<Self, Failure> {
        let telescope = Telescope::new(terms, constant.signature.ty);
        let mut is_hypothesis = Vec::new();
        for at in 0..telescope.binders.len() {
            let ty = telescope.type_of(terms, at);
            is_hypothesis.push(kernel.sort_of(terms, ty, at)?.is_some_and(|l| is_zero(terms, l)));
        }
        Ok(Statement { signature: &constant.signature, telescope, is_hypothesis })
    }

    fn try_automation(
        &self,
        kernel: &mut LeanKernel<'_>,
        terms: &mut Terms,
        proof: Proof,
    ) -> Result<Option<(WarningKind, String)>, Failure> {
        let mut propositions = vec![(STATEMENT, self.signature.ty)];
        if !self.telescope.binders.is_empty() {
            let nothing = terms.name_of(["False"]);
            let nothing = terms.expr(Expr::Const(nothing, Box::default()));
            propositions.push((HYPOTHESES, self.telescope.with_conclusion(terms, nothing)));
        }
        for (name, value) in &propositions {
            let prop = terms.level(Level::Zero);
            let declaration = Declaration::Definition {
                name: terms.name_of([*name]),
                params: self.signature.params.clone(),
                ty: terms.expr(Expr::Sort(prop)),
                value: *value,
                hints: Hints::Abbreviation,
            };
            if kernel.add(terms, &declaration)?.is_err() {
                return Ok(None);
            }
        }
        let environment = kernel.elaborator_environment()?;
        let mut works = |attempt: Attempt| -> Result<Option<(WarningKind, String)>, Failure> {
            let accepted = is_accepted(kernel.lean, environment, &attempt.text())?;
            Ok(accepted.then(|| (attempt.kind, attempt.words.into())))
        };
        // Contradictory hypotheses prove everything: they are looked for only where something was proved.
        let trivial = match proof {
            Proof::Cheap => Some((WarningKind::TrivialStatement, TRIVIAL.into())),
            Proof::None | Proof::Accepted => works(Attempt {
                kind: WarningKind::TrivialStatement,
                proposition: STATEMENT,
                tactics: format!("intros; first | {}", CHEAP.join(" | ")),
                words: TRIVIAL,
            })?,
        };
        let next = match &trivial {
            Some(_) if propositions.len() > 1 => Attempt {
                kind: WarningKind::Vacuous,
                proposition: HYPOTHESES,
                tactics: "intros; first | contradiction | omega | exact ‹Fin 0›.elim0 | simp_all".into(),
                words: "the hypotheses contradict one another, or a variable has no values",
            },
            None if proof == Proof::None => Attempt {
                kind: WarningKind::FalseStatement,
                proposition: STATEMENT,
                tactics: refutation(terms, &self.telescope),
                words: "cheap automation proves the negation of the statement",
            },
            _ => return Ok(trivial),
        };
        Ok(works(next)?.or(trivial))
    }
}

impl Attempt {
    /// A command that only elaborates: a warning is the elaborator's word, not the kernel's.
    fn text(&self) -> String {
        let Attempt { kind, proposition, tactics, .. } = self;
        let negation = if *kind == WarningKind::FalseStatement { "¬ " } else { "" };
        format!(
            "set_option maxHeartbeats {ATTEMPT} in\n#check (by\n  delta {proposition}\n  {tactics} : \
             {negation}{proposition})\n"
        )
    }
}

/// Leading implicit variables that the text binds nowhere.
fn auto_bound(terms: &Terms, telescope: &Telescope, bound: &HashSet<String>) -> Vec<(WarningKind, String)> {
    let implicit = telescope.binders.iter().take_while(|b| b.info != BinderInfo::Explicit);
    let names = implicit.filter(|b| b.info == BinderInfo::Implicit).map(|b| show_name(terms, b.name));
    let unbound = names.filter(|name| !name.contains("«_@»") && !bound.contains(name));
    unbound.map(|name| (WarningKind::AutoBound, format!("Lean bound `{name}` by itself"))).collect()
}

const TRIVIAL: &str = "cheap automation proves the statement";
const STATEMENT: &str = "_afcheck_statement";
const HYPOTHESES: &str = "_afcheck_hypotheses";

/// Tactics that refute a statement by evaluating it, or at small values of its leading numeric variables.
fn refutation(terms: &Terms, telescope: &Telescope) -> String {
    let is_numeric = |ty: ExprId| match terms.get(ty) {
        Expr::Const(name, _) => matches!(show_name(terms, *name).as_str(), "Nat" | "Int"),
        _ => false,
    };
    let numeric = telescope.binders.iter().take_while(|b| is_numeric(b.ty)).count();
    let mut tactics = "intro h; first | (revert h; decide) | omega".to_owned();
    for values in [[0, 0], [1, 1], [1, 0], [0, 1]].iter().take(if numeric > 0 { 4 } else { 0 }) {
        let arguments: Vec<String> = (0..numeric).map(|i| values[i % 2].to_string()).collect();
        let arguments = arguments.join(" ");
        tactics.push_str(&format!(" | (have h := h {arguments}; revert h; decide) | (have h := h {arguments}; omega)"));
    }
    tactics + " | (simp at h; done)"
}

/// True for the level of propositions.
pub(super) fn is_zero(terms: &Terms, level: LevelId) -> bool {
    match terms.get_level(level) {
        Level::Zero => true,
        Level::Max(a, b) => is_zero(terms, a) && is_zero(terms, b),
        Level::IMax(_, b) => is_zero(terms, b),
        Level::Succ(_) | Level::Param(_) => false,
    }
}

/// True if Lean takes a text without an error.
fn is_accepted(lean: &mut Instance, environment: u32, text: &str) -> Result<bool, Failure> {
    let mut text = elaborate::open_text(lean, text)?;
    text.printed = Printed::Nothing;
    let state = elaborate::start_state(lean, environment, Strictness::Trusted)?;
    let mut clean = true;
    elaborate::run(lean, &text, state, &mut |command| {
        let mut messages = command.parse_messages.iter().chain(&command.messages);
        clean &= command.escaped.is_none() && !messages.any(|m| m.severity == Severity::Error);
    })?;
    Ok(clean)
}

#[cfg(test)]
mod tests {
    use super::is_cheap;

    #[test]
    fn a_proof_is_cheap_if_it_is_one_tactic_that_would_be_tried() {
        for body in [":= by omega", ":= by\n  simp_all\n", ":= by trivial"] {
            assert!(is_cheap(body), "{body}");
        }
        for body in ["", ":= by simp", ":= by omega -- easy", ":= trivial", ":= by intro h; omega", "by omega"] {
            assert!(!is_cheap(body), "{body}");
        }
    }
}
