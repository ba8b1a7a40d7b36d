//! What can be done about a unit: edits that are ready, and commands. Owns the edits; commands are the session's.

use super::View;
use super::hints::commands;
use crate::domain::{Problem, Reason, Verdict};
use crate::lsp::text::json;
use crate::lsp::unit::Unit;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use tower_lsp_server::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, Command, Range, TextEdit, WorkspaceEdit,
};

/// The actions for the unit at a line. `reference` is the problem it is an answer to; `can_repair`: a model is there.
pub fn actions(
    view: &View<'_>,
    line: usize,
    reference: Option<&Problem>,
    can_repair: bool,
) -> Vec<CodeActionOrCommand> {
    let Some((first, unit)) = view.document.unit_at(line) else { return vec![] };
    let command = |title: &str, name: &str| {
        let arguments = Some(vec![json!(view.uri), json!(first)]);
        CodeActionOrCommand::Command(Command { title: title.into(), command: name.into(), arguments })
    };
    let known = unit.known().clone();
    let mut found = Vec::new();
    if let Some((edit, id)) = best_sample(view, first, unit) {
        found.push(edited(view, &format!("Replace with the best accepted sample of {id}"), edit));
    }
    if let Some(edit) = reference.and_then(|problem| header(view, first, unit, problem)) {
        found.push(edited(view, "Insert the header of the reference statement", edit));
    }
    let rejected = known.report.as_ref().map(|report| &report.verdict);
    if matches!(rejected, Some(Verdict::Rejected { reason: Reason::TargetMismatch | Reason::TargetMissing, .. })) {
        found.push(command("Show the first difference with the target", commands::SHOW_DIFFERENCE));
    }
    if can_repair && matches!(rejected, Some(Verdict::Rejected { .. })) {
        found.push(command("Let the model repair this record", commands::REPAIR));
    }
    found.push(command("Judge this record again", commands::VERIFY_RECORD));
    found.push(command("Copy a minimal reproducer", commands::REPRODUCER));
    found.push(command("Judge all of this file", commands::VERIFY_FILE));
    found
}

fn edited(view: &View<'_>, title: &str, edit: TextEdit) -> CodeActionOrCommand {
    CodeActionOrCommand::CodeAction(CodeAction {
        title: title.to_owned(),
        kind: Some(CodeActionKind::QUICKFIX),
        edit: Some(workspace_edit(view, vec![edit])),
        ..CodeAction::default()
    })
}

/// An edit of this document.
pub fn workspace_edit(view: &View<'_>, edits: Vec<TextEdit>) -> WorkspaceEdit {
    let changes = HashMap::from([(view.uri.clone(), edits)]);
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

/// Another text in place of the code.
pub fn replace_code(view: &View<'_>, first: usize, unit: &Unit, code: &str) -> TextEdit {
    let (from, to) = unit.span(&view.document.text, first);
    let new_text = match unit.fields {
        Some(_) => inside(code),
        None => code.to_owned(),
    };
    TextEdit { range: view.range(from, to), new_text }
}

/// A text as it stands in a string of JSON.
fn inside(text: &str) -> String {
    let written = json!(text).to_string();
    written[1..written.len() - 1].to_owned()
}

/// How good a sample is: how far it reached, then how little it took.
type Rank = (crate::domain::Rung, std::cmp::Reverse<u64>);

/// The accepted sample of the same problem that reached highest, the cheapest of several, unless it is this one.
fn best_sample(view: &View<'_>, first: usize, unit: &Arc<Unit>) -> Option<(TextEdit, String)> {
    let fields = unit.fields.as_ref().filter(|fields| fields.id.is_some() && fields.statement.is_none())?;
    let own = unit.known().report.as_ref().map(|report| report.verdict.clone());
    let mut best: Option<(Rank, &Arc<Unit>)> = None;
    for (_, other) in view.document.units().filter(|(_, other)| other.record.id == unit.record.id) {
        let Some(report) = other.known().report.clone() else { continue };
        if let Verdict::Accepted { level } = report.verdict {
            let rank = (level, std::cmp::Reverse(report.heartbeats));
            if best.as_ref().is_none_or(|(before, _)| rank > *before) {
                best = Some((rank, other));
            }
        }
    }
    let ((level, _), other) = best?;
    let is_better = !matches!(own, Some(Verdict::Accepted { level: own }) if own >= level);
    let differs = other.record.code != unit.record.code;
    let range = json::string(view.document.text.line(first), &fields.code)?;
    (is_better && differs).then(|| {
        let edit = TextEdit {
            range: view.range((first, range.start), (first, range.end)),
            new_text: inside(&other.record.code),
        };
        (edit, other.record.id.clone())
    })
}

/// The reference's header in the record's own field, which comes first if it is not there yet.
fn header(view: &View<'_>, first: usize, unit: &Unit, reference: &Problem) -> Option<TextEdit> {
    unit.fields.as_ref()?;
    let wanted = reference.header.as_ref().filter(|header| !header.trim().is_empty())?;
    if unit.record.header.as_ref() == Some(wanted) {
        return None;
    }
    let line = view.document.text.line(first);
    if let Some(there) = json::value(line, "header") {
        let range = view.range((first, there.start), (first, there.end));
        return Some(TextEdit { range, new_text: json!(wanted).to_string() });
    }
    let brace = line.find('{')? + 1;
    let at: Range = view.range((first, brace), (first, brace));
    Some(TextEdit { range: at, new_text: format!("\"header\": {}, ", json!(wanted)) })
}
