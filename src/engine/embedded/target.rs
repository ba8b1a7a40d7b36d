//! Targets: trusted statements, elaborated where nothing of a candidate exists. Owns their elaboration, what is read of
//! it, and the few that a worker remembers, because many candidates share one.

use super::audit;
use super::elaborate::{self, LeanMessage, Printed, Strictness};
use super::export::{Export, Unreadable};
use super::instance::{Failure, Instance};
use super::snapshot::Snapshot;
use crate::domain::{Cause, Severity, Target};
use crate::lean::DeclarationKind;
use crate::lean::kernel::{Constants, Kind, NameId, Terms, show_name};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// Targets a worker remembers.
const REMEMBERED: usize = 64;

/// What is known of a target.
#[derive(Debug)]
pub struct TargetFacts {
    /// The store its constants live in; a check continues with a copy.
    pub terms: Terms,
    /// Everything the target's text adds to its imports.
    pub constants: Constants,
    /// The theorem.
    pub theorem: NameId,
    /// Definitions whose value is left open.
    pub holes: HashSet<NameId>,
}

/// A target that cannot be compared with: cause, in words.
pub type Unusable = (Cause, String);

/// A target in front of its elaboration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetText {
    pub imports: BTreeSet<String>,
    pub header: Option<String>,
    pub text: String,
    pub name: Option<String>,
}

impl TargetText {
    /// The text of a target whose candidate has this header. Imports are found later.
    pub fn new(target: &Target, header: Option<&str>) -> Self {
        TargetText {
            imports: BTreeSet::new(),
            header: target.header.clone().or_else(|| header.map(str::to_owned)).filter(|h| !h.trim().is_empty()),
            text: target.text.clone(),
            name: target.name.clone(),
        }
    }

    /// Header and text.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.header.as_deref().into_iter().chain([self.text.as_str()])
    }
}

/// Targets a worker elaborated before.
#[derive(Default)]
pub struct Targets {
    known: Vec<(TargetText, Result<Arc<TargetFacts>, Unusable>)>,
}

impl Targets {
    /// A target elaborated before.
    pub fn get(&mut self, text: &TargetText) -> Option<Result<Arc<TargetFacts>, Unusable>> {
        let at = self.known.iter().position(|(known, _)| known == text)?;
        self.known[at..].rotate_left(1);
        self.known.last().map(|(_, facts)| facts.clone())
    }

    /// Remembers a target. What a limit of this moment stopped is not remembered.
    pub fn put(&mut self, text: TargetText, facts: &Result<Arc<TargetFacts>, Unusable>) {
        if !matches!(facts, Ok(_) | Err((Cause::BadTarget, _))) {
            return;
        }
        if self.known.len() == REMEMBERED {
            drop(self.known.remove(0));
        }
        self.known.push((text, facts.clone()));
    }
}

fn bad(words: impl Into<String>) -> Result<TargetFacts, Unusable> {
    Err((Cause::BadTarget, words.into()))
}

/// Elaborates a target in a clean instance.
pub fn elaborate(
    lean: &mut Instance,
    snapshot: &Snapshot,
    target: &TargetText,
) -> Result<Result<TargetFacts, Unusable>, Failure> {
    let mut state = elaborate::start_state(lean, snapshot.environment, Strictness::Trusted)?;
    let mut problem: Option<String> = None;
    let mut last_theorem: Option<String> = None;
    let mut examples = 0;
    for (i, source) in target.sources().enumerate() {
        let in_header = i == 0 && target.header.is_some();
        let mut text = elaborate::open_text(lean, source)?;
        text.printed = Printed::Errors;
        let mut note = |message: &LeanMessage| {
            if message.severity == Severity::Error {
                let place = if in_header { "the target's header" } else { "the target" };
                let line = message.text.lines().next().unwrap_or_default();
                problem.get_or_insert(format!("{place}, line {}: {line}", message.start.0));
            }
        };
        text.messages.iter().for_each(&mut note);
        state = elaborate::run(lean, &text, state, &mut |command| {
            command.parse_messages.iter().chain(&command.messages).for_each(&mut note);
            for declaration in command.facts.declarations.iter().filter(|_| !in_header) {
                match declaration.kind {
                    DeclarationKind::Theorem => {
                        last_theorem = Some(command.full_name(&declaration.name).join("."));
                    }
                    DeclarationKind::Example => examples += 1,
                    _ => {}
                }
            }
        })?;
    }
    if let Some(problem) = problem {
        let hint = match problem.contains("nknown identifier") {
            true => " (in targets, `autoImplicit` is off: say `set_option autoImplicit true` if you rely on it)",
            false => "",
        };
        return Ok(bad(format!("{problem}{hint}")));
    }
    let Some(name) = target.name.clone().or(last_theorem) else {
        return Ok(bad(match examples {
            0 => "the target declares no theorem",
            _ => "the target declares no theorem; an `example` has no name that a candidate could prove",
        }));
    };
    let environment = elaborate::state_environment(lean, state)?;
    let (mut terms, constants) = match added(lean, environment, snapshot)? {
        Ok(added) => added,
        Err(unusable) => return Ok(Err(unusable)),
    };
    let found = constants.values().find(|c| show_name(&terms, c.signature.name) == name);
    let Some(theorem) = found else { return Ok(bad(format!("the target declares no theorem `{name}`"))) };
    if !matches!(theorem.kind, Kind::Theorem { .. }) {
        return Ok(bad(format!("`{name}` of the target is a {}, not a theorem", theorem.kind_name())));
    }
    let sorry = terms.name_of(["sorryAx"]);
    let rests_on_sorry = |expr| terms.constants_below([expr]).contains(&sorry);
    if rests_on_sorry(theorem.signature.ty) {
        return Ok(bad(format!("the statement of `{name}` contains `sorry`: put it into a definition of its own")));
    }
    let is_hole = |kind: &Kind| match kind {
        Kind::Definition { value, .. } | Kind::Opaque { value, .. } => rests_on_sorry(*value),
        _ => false,
    };
    let holes = constants.values().filter(|c| is_hole(&c.kind)).map(|c| c.signature.name).collect();
    let theorem = theorem.signature.name;
    Ok(Ok(TargetFacts { terms, constants, theorem, holes }))
}

/// The constants the target's text added.
fn added(
    lean: &mut Instance,
    environment: u32,
    snapshot: &Snapshot,
) -> Result<Result<(Terms, Constants), Unusable>, Failure> {
    let (mut terms, mut constants, mut export) = (Terms::default(), Constants::new(), Export::default());
    for (name, info) in audit::added_entries(lean, environment)? {
        if snapshot.base_constants.contains(&name) {
            continue;
        }
        match export.constant(lean, &mut terms, info) {
            Ok(constant) => constants.insert(constant.signature.name, constant),
            Err(Unreadable::Broken(failure)) => return Err(failure),
            Err(Unreadable::Malformed(why)) => return Ok(Err((Cause::BadTarget, why.into()))),
            Err(Unreadable::TooLarge) => return Ok(Err((Cause::Memory, "the target is too large".into()))),
        };
    }
    Ok(Ok((terms, constants)))
}
