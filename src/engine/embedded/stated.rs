//! The statement of an untrusted text: elaborates the text in the instance candidates run in and takes the type of its last
//! theorem out of it. Owns what counts as a statement; compares nothing.

use super::check::imports;
use super::elaborate::{self, EXAMPLE_NAME, LeanMessage, Printed, Strictness};
use super::instance::{Failure, Instance};
use super::snapshot::Snapshot;
use super::trust::{Taken, overlaid};
use super::worker::{Place, Unavailable, Worker};
use crate::domain::{Budget, Cause, Severity};
use crate::lean::kernel::{Constants, ExprId, Terms, show_name};
use crate::lean::{self, DeclarationKind, LineIndex, TextKind};
use std::collections::BTreeSet;

/// A statement as terms.
pub struct Stated {
    /// The theorem's name; empty for an example.
    pub name: String,
    pub ty: ExprId,
    /// What its text declares.
    pub constants: Constants,
}

/// Why there is no statement.
pub enum NoStatement {
    /// The text states nothing: in words.
    IllTyped(String),
    /// Something kept it from being found out.
    Undecided(Cause, String),
}

/// A text in front of its elaboration, with what it imports.
pub struct StatementText<'a> {
    pub header: Option<&'a str>,
    pub text: String,
    pub imports: BTreeSet<String>,
}

impl<'a> StatementText<'a> {
    /// Finds the Lean in a text, closes an open end, and asks what it imports.
    pub fn open(
        worker: &mut Worker,
        header: Option<&'a str>,
        text: &str,
        budget: &Budget,
    ) -> Result<Self, NoStatement> {
        let found = lean::lean_text(text);
        if found.kind == TextKind::None {
            return Err(NoStatement::IllTyped("the text holds no Lean".into()));
        }
        let text = lean::completed(&found.text).unwrap_or(found.text).replace("\r\n", "\n");
        let texts = header.into_iter().chain([text.as_str()]);
        let imports = imports(worker, texts, budget).map_err(|(cause, words)| NoStatement::Undecided(cause, words))?;
        Ok(StatementText { header, text, imports })
    }

    /// Elaborates the text with these imports. What was spent is added to `heartbeats`.
    pub fn stated(
        &self,
        worker: &mut Worker,
        imports: &BTreeSet<String>,
        terms: Terms,
        budget: &Budget,
        heartbeats: &mut u64,
    ) -> Result<(Terms, Stated), NoStatement> {
        let undecided = |(cause, words)| NoStatement::Undecided(cause, words);
        let outcome = worker
            .with_instance(imports, Place::Working, budget, |lean, snapshot| self.elaborate(lean, snapshot, terms))
            .map_err(Unavailable::into_parts)
            .map_err(undecided)?;
        *heartbeats += outcome.heartbeats;
        if let Some(name) = outcome.left_out {
            let words = format!("the engine was built without the function `{name}`");
            return Err(NoStatement::Undecided(Cause::Unsupported, words));
        }
        outcome.result.map_err(undecided)?
    }

    fn elaborate(
        &self,
        lean: &mut Instance,
        snapshot: &Snapshot,
        terms: Terms,
    ) -> Result<Result<(Terms, Stated), NoStatement>, Failure> {
        let mut state = elaborate::start_state(lean, snapshot.environment, Strictness::Statement)?;
        let mut problem: Option<String> = None;
        // What says nothing about the text: a limit of Lean's own that it met, or something this engine lacks.
        let mut lack: Option<(Cause, String)> = None;
        let mut unsupported: Option<String> = None;
        let mut last: Option<Vec<String>> = None;
        let mut example: Option<u32> = None;
        for (source, in_header) in self.header.map(|h| (h, true)).into_iter().chain([(self.text.as_str(), false)]) {
            let mut text = elaborate::open_text(lean, source)?;
            text.printed = Printed::Errors;
            let lines = LineIndex::new(source);
            let place = if in_header { "the header, line" } else { "line" };
            let mut note = |message: &LeanMessage| {
                if message.severity != Severity::Error {
                    return;
                }
                let words = message.text.lines().next().unwrap_or_default();
                let words = format!("{place} {}: {words}", message.start.0);
                let cause = lean::resource_limit(&message.text)
                    .or_else(|| lean::unsupported(&message.text).map(|_| Cause::Unsupported));
                match cause {
                    Some(cause) => drop(lack.get_or_insert((cause, words))),
                    None => drop(problem.get_or_insert(words)),
                }
            };
            text.messages.iter().for_each(&mut note);
            state = elaborate::run(lean, &text, state, &mut |command| {
                command.parse_messages.iter().for_each(&mut note);
                let proofs = command.facts.declarations.iter().filter(|d| d.kind.is_proof());
                let bodies: Vec<_> = proofs.map(|d| d.body.clone()).collect();
                // A proof may be wrong, or missing: only what is stated counts.
                let is_in_proof = |m: &&LeanMessage| {
                    let at = lines.offset(m.start.0, m.start.1);
                    bodies.iter().any(|body| body.contains(&at))
                };
                command.messages.iter().filter(|m| !is_in_proof(m)).for_each(&mut note);
                if let Some(keyword) = &command.facts.not_run {
                    unsupported.get_or_insert(format!("`{keyword}` runs code of the text"));
                }
                if let Some(error) = &command.escaped {
                    unsupported.get_or_insert(format!("a command was not finished: {error}"));
                }
                for declaration in command.facts.declarations.iter().filter(|_| !in_header) {
                    match declaration.kind {
                        DeclarationKind::Theorem => {
                            (last, example) = (Some(command.full_name(&declaration.name)), None);
                        }
                        DeclarationKind::Example => {
                            example = command.example.as_ref().and_then(|e| e.as_ref().ok()).copied();
                            last = example.map(|_| vec![]);
                        }
                        _ => {}
                    }
                }
            })?;
        }
        let ill_typed = |words: String| Ok(Err(NoStatement::IllTyped(words)));
        if let Some(words) = unsupported {
            return Ok(Err(NoStatement::Undecided(Cause::Unsupported, words)));
        }
        if let Some(problem) = problem {
            return ill_typed(problem);
        }
        if let Some((cause, words)) = lack {
            return Ok(Err(NoStatement::Undecided(cause, words)));
        }
        let Some(name) = last else { return ill_typed("the text states no theorem".into()) };
        let environment = elaborate::state_environment(lean, state)?;
        let examples: Vec<u32> = example.into_iter().collect();
        let mut taken = Taken::read(terms, lean, environment, &examples, snapshot, &snapshot.base_constants)?;
        if let Some((cause, words)) = taken.unread() {
            return Ok(Err(NoStatement::Undecided(cause, words)));
        }
        let mut constants = std::mem::take(&mut taken.constants);
        let id = match taken.examples.pop() {
            Some((own, example)) => {
                constants = overlaid(&constants, &own);
                Some(example)
            }
            None => taken.declared(&constants, &name.join("\u{0}")),
        };
        let name = name.join(".");
        let mut terms = taken.terms;
        let Some(constant) = id.and_then(|id| constants.get(&id)) else {
            return ill_typed(format!("`{name}` was not declared"));
        };
        let ty = constant.signature.ty;
        let sorry = terms.name_of(["sorryAx"]);
        if terms.constants_below([ty]).contains(&sorry) {
            return ill_typed(format!("the statement of `{name}` contains `sorry` or an error"));
        }
        let name =
            if show_name(&terms, id.unwrap_or(constant.signature.name)) == EXAMPLE_NAME { String::new() } else { name };
        Ok(Ok((terms, Stated { name, ty, constants })))
    }
}
