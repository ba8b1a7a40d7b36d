//! Verdicts as diagnostics. Owns what of a report is shown where, and how severe it is; the words are Lean's and the verdict's.

use super::View;
use crate::domain::{CheckReport, Message, Reason, Severity, Verdict};
use crate::lsp::text::Place;
use crate::lsp::unit::Unit;
use std::sync::Arc;
use tower_lsp_server::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Range,
};

/// Diagnostics of a document at most: those nearest to the last change are shown.
const MOST: usize = 1_000;

/// Messages of one unit at most.
const OF_A_UNIT: usize = 20;

/// Characters of a message at most.
const LENGTH: usize = 2_000;

/// All diagnostics of a document. `near` is the line people are at.
pub fn diagnostics(view: &View<'_>, near: usize) -> Vec<Diagnostic> {
    let mut found: Vec<(usize, Diagnostic)> = Vec::new();
    for (first, unit) in view.document.units() {
        let report = unit.known().report.clone();
        if let Some(report) = report {
            found.extend(of_unit(view, first, unit, &report).into_iter().map(|one| (first, one)));
        }
    }
    for (line, error) in view.document.bad() {
        let end = view.document.text.line(line).len();
        let from = match error.place {
            crate::dataset::Place::Text { column, .. } => (column.saturating_sub(1) as usize).min(end),
            crate::dataset::Place::Row(_) => 0,
        };
        let hint = error.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        let range = view.range((line, from), (line, end));
        let message = format!("this record cannot be judged: {}{hint}", error.fault);
        found.push((line, diagnostic(view, range, DiagnosticSeverity::ERROR, "bad_record", message)));
    }
    let left_out = found.len().saturating_sub(MOST);
    if left_out > 0 {
        found.sort_by_key(|(line, _)| line.abs_diff(near));
        found.truncate(MOST);
    }
    found.sort_by_key(|(line, _)| *line);
    let mut shown: Vec<Diagnostic> = found.into_iter().map(|(_, diagnostic)| diagnostic).collect();
    if left_out > 0 {
        let message = format!("{left_out} more diagnostics are not shown, those farthest from the last change");
        let range = view.range((0, 0), (0, 0));
        shown.push(diagnostic(view, range, DiagnosticSeverity::INFORMATION, "more", message));
    }
    shown
}

fn diagnostic(view: &View<'_>, range: Range, severity: DiagnosticSeverity, code: &str, message: String) -> Diagnostic {
    let href = view.trust.map(|href| CodeDescription { href: href.clone() });
    Diagnostic {
        range,
        severity: Some(severity),
        code: Some(NumberOrString::String(code.to_owned())),
        code_description: href,
        source: Some("afcheck".into()),
        message: shortened(message),
        ..Diagnostic::default()
    }
}

fn shortened(mut text: String) -> String {
    if text.len() > LENGTH {
        text.truncate(text.floor_char_boundary(LENGTH));
        text.push_str(" ...");
    }
    text
}

fn of_unit(view: &View<'_>, first: usize, unit: &Arc<Unit>, report: &CheckReport) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (code, severity) = match &report.verdict {
        Verdict::Accepted { .. } => ("accepted", DiagnosticSeverity::INFORMATION),
        Verdict::Rejected { reason, .. } => (reason.as_str(), DiagnosticSeverity::ERROR),
        Verdict::Undecided { cause, .. } => (cause.as_str(), DiagnosticSeverity::WARNING),
    };
    let is_accepted = matches!(report.verdict, Verdict::Accepted { .. });
    let errors = || report.messages.iter().filter(|message| message.severity == Severity::Error);
    for message in errors().take(OF_A_UNIT) {
        let range = range_of(view, first, unit, message);
        let severity = if is_accepted { DiagnosticSeverity::WARNING } else { severity };
        found.push(diagnostic(view, range, severity, code, message.text.clone()));
    }
    // What the verdict rests on is not always an error of Lean's: then it is said of the code as a whole.
    let text = &view.document.text;
    let verdict = match &report.verdict {
        Verdict::Accepted { .. } => None,
        Verdict::Undecided { cause, detail } => Some(format!("undecided ({cause}): {detail}")),
        Verdict::Rejected { stage, reason } => match reason {
            Reason::Axiom => Some(format!("rejected at {stage}: rests on the axioms {}", report.axioms.join(", "))),
            Reason::Sorry => Some(format!("rejected at {stage}: rests on `sorry`")),
            Reason::TargetMismatch | Reason::TargetMissing => Some(target(report)),
            _ if found.is_empty() => Some(format!("rejected at {stage}: {reason}")),
            _ => None,
        },
    };
    if let Some(message) = verdict {
        let mut one = diagnostic(view, head(view, first, unit), severity, code, message);
        let name = unit.fields.as_ref().and_then(|fields| fields.target.as_ref());
        if let Some((from, to)) = unit.field(text, first, name) {
            let location = Location { uri: view.uri.clone(), range: view.range(from, to) };
            one.related_information =
                Some(vec![DiagnosticRelatedInformation { location, message: "what is to be proved".into() }]);
        }
        found.insert(0, one);
    }
    for message in report.messages.iter().filter(|m| m.severity == Severity::Warning).take(OF_A_UNIT) {
        // In a statement `sorry` stands for the proof that nobody asked for.
        let is_expected = message.text.contains("sorry");
        let severity = if is_expected { DiagnosticSeverity::HINT } else { DiagnosticSeverity::WARNING };
        let range = range_of(view, first, unit, message);
        found.push(diagnostic(view, range, severity, "warning", message.text.clone()));
    }
    for message in report.messages.iter().filter(|m| m.severity == Severity::Info).take(OF_A_UNIT) {
        let range = range_of(view, first, unit, message);
        found.push(diagnostic(view, range, DiagnosticSeverity::INFORMATION, "info", message.text.clone()));
    }
    for warning in &report.warnings {
        let range = head(view, first, unit);
        let message = format!("{}: {}", warning.declaration, warning.detail);
        found.push(diagnostic(view, range, DiagnosticSeverity::WARNING, warning.kind.as_str(), message));
    }
    found
}

/// How the statement departs from its target.
pub fn target(report: &CheckReport) -> String {
    let Some(found) = &report.target else { return "the target's theorem is not there".into() };
    let other = found.other_name.as_ref().map(|name| format!("; `{name}` says it under another name"));
    match &found.mismatch {
        Some(mismatch) => {
            let mut text = format!("`{}` is not what the target says: {}", mismatch.constant, mismatch.difference);
            for (title, shown) in [("expected", &mismatch.expected), ("found", &mismatch.found)] {
                if !shown.is_empty() {
                    text += &format!("\n{title}: {shown}");
                }
            }
            text
        }
        None => format!("there is no theorem `{}`{}", found.name, other.unwrap_or_default()),
    }
}

/// The first line of the code, for what is said of all of it.
fn head(view: &View<'_>, first: usize, unit: &Unit) -> Range {
    let text = &view.document.text;
    let (from, to) = unit.span(text, first);
    let line_end = unit.record.code.lines().next().map_or(0, |line| line.chars().count());
    let end = if unit.fields.is_some() {
        unit.place(text, first, (1, line_end as u32))
    } else {
        (from.0, text.line(from.0).len())
    };
    let end = if end.0 == from.0 && end.1 > from.1 { end } else { to };
    view.range(from, end)
}

fn range_of(view: &View<'_>, first: usize, unit: &Unit, message: &Message) -> Range {
    let text = &view.document.text;
    if message.in_header {
        let name = unit.fields.as_ref().and_then(|fields| fields.header.as_ref());
        let (from, to) = unit.field(text, first, name).unwrap_or(((first, 0), (first, 0)));
        return view.range(from, to);
    }
    let from = unit.place(text, first, (message.line, message.column));
    let to = match message.end {
        Some((line, column, _)) => unit.place(text, first, (line, column)),
        None => from,
    };
    let to = if to > from { to } else { next(view, from) };
    view.range(from, to)
}

/// Behind the character at a place, so that something is underlined.
fn next(view: &View<'_>, (line, byte): Place) -> Place {
    let length =
        view.document.text.line(line).get(byte..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    (line, byte + length)
}
