//! Texts behind texts, as a REPL has them: what stands in front is elaborated in stages, then the text itself, of which every
//! message is told. Owns what a stage leaves for the next: its constants, which the kernel checks again, and its scopes.
//! Judges nothing.

use super::audit;
use super::check::imports;
use super::elaborate::{self, Command, Commands, LeanMessage, Printed, Strictness};
use super::gather::Source;
use super::info_tree;
use super::instance::{Failure, Instance};
use super::kernel::LeanKernel;
use super::object::{NIL, boxed};
use super::snapshot::Snapshot;
use super::trust::Taken;
use super::worker::{Place, Worker};
use crate::domain::{Budget, Cause, Elaboration, ElaborationRequest, NotInspected, Severity};
use crate::lean::kernel::{NameId, Terms, replay, show_name};
use crate::lean::{self, LineIndex};
use std::collections::HashSet;
use std::time::Instant;

/// What is there of the stages so far.
struct Ground {
    taken: Taken,
    /// The commands that opened namespaces, sections, variables and options, one after the other.
    scopes: String,
}

/// A stage's outcome: the ground for the next, or what the kernel refused.
type Grown = Result<Ground, (Cause, String)>;

fn not((cause, detail): (Cause, String)) -> NotInspected {
    NotInspected { cause, detail }
}

/// Line ends as Lean reads them: lines and columns stay what they are.
fn line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Elaborates a text behind others. A limit that is met in the text itself loses everything that was said of it.
pub(super) fn elaborate(worker: &mut Worker, request: &ElaborationRequest) -> Result<Elaboration, NotInspected> {
    let text = line_feeds(&request.text);
    let stages: Vec<Vec<String>> =
        request.stages.iter().map(|stage| stage.iter().map(|text| line_feeds(text)).collect()).collect();
    let first = stages.iter().flatten().map(String::as_str).chain([text.as_str()]).take(1);
    let imports = imports(worker, first, &request.budget).map_err(not)?;
    let (finished, last) = stages.split_at(stages.len().saturating_sub(1));
    let last = last.first().map_or(&[][..], Vec::as_slice);

    let (start, mut heartbeats) = (Instant::now(), 0u64);
    let left = |spent: u64| Budget {
        heartbeats: request.budget.heartbeats.saturating_sub(spent / 1000),
        wall_clock: request.budget.wall_clock.saturating_sub(start.elapsed()),
        ..request.budget
    };
    let mut ground: Option<Ground> = None;
    for stage in finished {
        let outcome = worker
            .with_instance(&imports, Place::Working, &left(heartbeats), |lean, snapshot| {
                grow(lean, snapshot, ground.as_mut(), stage)
            })
            .map_err(|why| not(why.into_parts()))?;
        heartbeats += outcome.heartbeats;
        ground = Some(outcome.result.map_err(not)?.map_err(not)?);
    }
    let outcome = worker
        .with_instance(&imports, Place::Working, &left(heartbeats), |lean, snapshot| {
            let state = match stand_on(lean, snapshot, ground.as_mut())? {
                Ok(state) => state,
                Err(refused) => return Ok(Err(refused)),
            };
            let state = last.iter().try_fold(state, |state, text| quietly(lean, state, text, &mut |_| {}))?;
            say_all(lean, state, &request.text, &text, request.tactics).map(Ok)
        })
        .map_err(|why| not(why.into_parts()))?;
    let mut found = outcome.result.map_err(not)?.map_err(not)?;
    found.heartbeats = heartbeats + outcome.heartbeats;
    Ok(found)
}

/// A `Command.State` on the ground: what was taken goes through the kernel into the instance's environment.
fn stand_on(
    lean: &mut Instance,
    snapshot: &Snapshot,
    ground: Option<&mut Ground>,
) -> Result<Result<u32, (Cause, String)>, Failure> {
    let Some(Ground { taken, scopes }) = ground else {
        return elaborate::start_state(lean, snapshot.environment, Strictness::Candidate).map(Ok);
    };
    if let Some(unread) = taken.unread() {
        return Ok(Err(unread));
    }
    let mut kernel = LeanKernel::for_elaboration(lean, snapshot.environment)?;
    let mut names: Vec<(String, NameId)> =
        taken.constants.keys().map(|name| (show_name(&taken.terms, *name), *name)).collect();
    names.sort();
    let roots: Vec<NameId> = names.into_iter().map(|(_, name)| name).collect();
    let replayed = replay(&mut kernel, &mut taken.terms, &taken.constants, &roots)?;
    if let Some((name, why)) = replayed.report.refused {
        return Ok(Err((Cause::Unsupported, format!("{}`{name}`: {why}", lean::REFUSED_BY_KERNEL))));
    }
    if let Some(limit) = replayed.limit {
        return Ok(Err(limit));
    }
    let environment = kernel.elaborator_environment()?;
    let state = elaborate::start_state(lean, environment, Strictness::Candidate)?;
    quietly(lean, state, scopes, &mut |_| {}).map(Ok)
}

fn quietly(lean: &mut Instance, state: u32, text: &str, each: &mut dyn FnMut(&Command)) -> Result<u32, Failure> {
    let mut text = elaborate::open_text(lean, text)?;
    text.printed = Printed::Nothing;
    elaborate::run(lean, &text, state, &mut |command| each(&command))
}

/// Commands whose effect is in a state's scopes and not in its environment.
const SCOPES: [&str; 7] = ["open", "namespace", "section", "end", "universe", "variable", "set_option"];

/// Elaborates a stage on the ground of those before.
fn grow(
    lean: &mut Instance,
    snapshot: &Snapshot,
    ground: Option<&mut Ground>,
    texts: &[String],
) -> Result<Grown, Failure> {
    let mut scopes = ground.as_ref().map_or_else(String::new, |ground| ground.scopes.clone());
    let mut state = match stand_on(lean, snapshot, ground)? {
        Ok(state) => state,
        Err(refused) => return Ok(Err(refused)),
    };
    for text in texts {
        let mut note = |command: &Command| {
            let kind = command.facts.kind.strip_prefix("Lean.Parser.Command.");
            if kind.is_some_and(|kind| SCOPES.contains(&kind))
                && let Some(written) = text.get(command.facts.range.clone())
            {
                scopes.push_str(written.trim());
                scopes.push('\n');
            }
        };
        state = quietly(lean, state, text, &mut note)?;
    }
    let environment = elaborate::state_environment(lean, state)?;
    let taken = Taken::read(Terms::default(), lean, environment, &[], snapshot, &HashSet::new())?;
    Ok(Ok(Ground { taken, scopes }))
}

/// Elaborates the text and tells everything that Lean says of it.
fn say_all(lean: &mut Instance, state: u32, original: &str, text: &str, tactics: bool) -> Result<Elaboration, Failure> {
    let (source, index) = (Source::new(original, text, false), LineIndex::new(text));
    let text = elaborate::open_text(lean, text)?;
    let mut found = Elaboration::default();
    found.messages.extend(text.messages.iter().cloned().map(|message| source.message(message)));
    let mut commands = Commands::new(&text, state);
    while let Some(mut command) = commands.next(lean)? {
        if command.facts.kind == "Lean.Parser.Command.printAxioms" {
            let environment = elaborate::state_environment(lean, commands.state)?;
            for message in &mut command.messages {
                true_axioms(lean, environment, &mut message.text)?;
            }
        }
        let at = index.line_column(command.facts.range.start);
        let own = command.parse_messages.into_iter().chain(command.messages);
        found.messages.extend(own.map(|message| source.message(message)));
        if let Some(keyword) = command.facts.not_run {
            let text = lean::not_vouched(&keyword);
            let message = LeanMessage { severity: Severity::Warning, start: at, end: None, text };
            found.messages.push(source.message(message));
        }
        let trees = elaborate::info_trees(lean, commands.state)?;
        info_tree::steps(lean, &trees, &index, tactics, &mut found)?;
    }
    Ok(found)
}

/// The package holds theorems of the library without their proofs, as if they were axioms: Lean's answer to `#print axioms`
/// lists them. Only true axioms stay, in the words of native Lean.
fn true_axioms(lean: &mut Instance, environment: u32, text: &mut String) -> Result<(), Failure> {
    let Some((name, _)) = text.strip_prefix('\'').and_then(|rest| rest.split_once("' depends on axioms: [")) else {
        return Ok(());
    };
    let mut object = NIL;
    for component in lean::name_components(name) {
        object = match component.parse::<u32>() {
            Ok(number) => lean.call("l_Lean_Name_num___override", &[object, boxed(number)])?,
            Err(_) => {
                let text = lean.string(&component)?;
                lean.call("l_Lean_Name_str___override", &[object, text])?
            }
        };
    }
    if !audit::has_constant(lean, environment, object)? {
        return Ok(());
    }
    let axioms: Vec<String> = audit::axioms(lean, environment, &[object])?.into_iter().collect();
    *text = match axioms.is_empty() {
        true => format!("'{name}' does not depend on any axioms"),
        false => format!("'{name}' depends on axioms: [{}]", axioms.join(", ")),
    };
    Ok(())
}
