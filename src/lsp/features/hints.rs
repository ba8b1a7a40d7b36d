//! Verdicts in a word, as inlay hints and code lenses, and the verdict of a document in numbers. Owns their wording.

use super::View;
use crate::domain::{CheckReport, EquivalenceVerdict, Verdict};
use crate::lsp::unit::Unit;
use serde::Serialize;
use serde_json::Value;
use std::ops::Range;
use tower_lsp_server::ls_types::{
    CodeLens, Command, InlayHint, InlayHintLabel, InlayHintTooltip, MarkupContent, MarkupKind, Position,
};

/// Commands that a client can run on a record.
pub mod commands {
    pub const VERIFY_RECORD: &str = "afcheck.verifyRecord";
    pub const VERIFY_FILE: &str = "afcheck.verifyFile";
    pub const SHOW_DIFFERENCE: &str = "afcheck.showDifference";
    pub const REPRODUCER: &str = "afcheck.reproducer";
    pub const REPAIR: &str = "afcheck.repair";
    pub const ALL: [&str; 5] = [VERIFY_RECORD, VERIFY_FILE, SHOW_DIFFERENCE, REPRODUCER, REPAIR];
}

/// Fields of a record that say how well a model knew it.
const LOSSES: [&str; 4] = ["loss", "nats_per_token", "nll", "perplexity"];

/// The sign of a verdict.
pub fn mark(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted { .. } => "✓",
        Verdict::Rejected { .. } => "✗",
        Verdict::Undecided { .. } => "?",
    }
}

/// Sign and rung, or what stood in the way.
pub fn verdict(report: &CheckReport) -> String {
    let rest = match &report.verdict {
        Verdict::Accepted { level } => level.to_string(),
        Verdict::Rejected { stage, reason } => format!("{stage}: {reason}"),
        Verdict::Undecided { cause, .. } => cause.to_string(),
    };
    format!("{} {rest}", mark(&report.verdict))
}

/// Thousands of small allocations, as `--heartbeats` counts.
fn heartbeats(report: &CheckReport) -> String {
    match report.heartbeats {
        few @ 0..100_000 => format!("{:.1} hb", few as f64 / 1e3),
        many => format!("{} hb", many / 1_000),
    }
}

/// What is known of a unit in one line.
pub fn summary(unit: &Unit, line: &str) -> Option<String> {
    let known = unit.known().clone();
    let report = known.report?;
    let mut parts = vec![verdict(&report)];
    if !report.axioms.is_empty() {
        parts.push(report.axioms.join(" "));
    }
    parts.push(heartbeats(&report));
    if let Some(equivalence) = &known.equivalence {
        parts.push(equivalent(&equivalence.verdict).to_owned());
    }
    parts.extend(losses(unit, line).into_iter().map(|(name, value)| format!("{name} {value:.3}")));
    Some(parts.join(" · "))
}

/// How a statement stands to the reference.
pub fn equivalent(verdict: &EquivalenceVerdict) -> &'static str {
    match verdict {
        EquivalenceVerdict::Equivalent => "≡ reference",
        EquivalenceVerdict::AImpliesBOnly => "⇒ reference",
        EquivalenceVerdict::BImpliesAOnly => "⇐ reference",
        EquivalenceVerdict::BothProvable => "both provable",
        EquivalenceVerdict::BothRefutable => "both refutable",
        _ => "≢? reference",
    }
}

/// Losses that a line carries.
pub fn losses(unit: &Unit, line: &str) -> Vec<(&'static str, f64)> {
    if unit.fields.is_none() || !LOSSES.iter().any(|name| line.contains(name)) {
        return vec![];
    }
    let Ok(Value::Object(object)) = serde_json::from_str(line) else { return vec![] };
    LOSSES.iter().filter_map(|name| Some((*name, object.get(*name)?.as_f64()?))).collect()
}

/// One hint for each unit that is judged, at its beginning.
pub fn inlay_hints(view: &View<'_>, lines: Range<usize>) -> Vec<InlayHint> {
    let hint = |(first, unit): (usize, &std::sync::Arc<Unit>)| {
        let text = summary(unit, view.document.text.line(first))?;
        let explained = super::hover::about(view, first, unit);
        Some(InlayHint {
            position: Position { line: first as u32, character: 0 },
            label: InlayHintLabel::String(text),
            kind: None,
            text_edits: None,
            tooltip: Some(InlayHintTooltip::MarkupContent(MarkupContent {
                kind: MarkupKind::Markdown,
                value: explained,
            })),
            padding_left: None,
            padding_right: Some(true),
            data: None,
        })
    };
    view.document.units_in(lines).filter_map(hint).collect()
}

/// Units with a lens at most; more are not laid over one file.
const LENSES: usize = 2_000;

/// One lens for each unit: what it is called, and a click judges it again.
pub fn lenses(view: &View<'_>) -> Vec<CodeLens> {
    let lens = |(first, unit): (usize, &std::sync::Arc<Unit>)| {
        let is_judged = unit.known().report.is_some();
        let title = format!("{} · {}", name(unit, first), if is_judged { "judge again" } else { "judging …" });
        let arguments = Some(vec![serde_json::json!(view.uri), serde_json::json!(first)]);
        let command = Command { title, command: commands::VERIFY_RECORD.into(), arguments };
        CodeLens { range: view.range((first, 0), (first, 0)), command: Some(command), data: None }
    };
    view.document.units().take(LENSES).map(lens).collect()
}

/// A document in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub accepted: u64,
    pub rejected: u64,
    pub undecided: u64,
    /// Not judged yet.
    pub pending: u64,
    /// Lines that are no records.
    pub bad: u64,
}

/// Counts the verdicts of a document.
pub fn counts(view: &View<'_>) -> Counts {
    let mut counts = Counts { bad: view.document.bad().count() as u64, ..Counts::default() };
    for (_, unit) in view.document.units() {
        *match unit.known().report.as_ref().map(|report| &report.verdict) {
            Some(Verdict::Accepted { .. }) => &mut counts.accepted,
            Some(Verdict::Rejected { .. }) => &mut counts.rejected,
            Some(Verdict::Undecided { .. }) => &mut counts.undecided,
            None => &mut counts.pending,
        } += 1;
    }
    counts
}

/// A unit as the tree of verdicts in an editor shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub line: u32,
    pub id: String,
    /// `accepted`, `rejected`, `undecided` or `pending`.
    pub verdict: &'static str,
    pub summary: String,
}

/// All units of a document.
pub fn rows(view: &View<'_>) -> Vec<Row> {
    let row = |(first, unit): (usize, &std::sync::Arc<Unit>)| {
        let verdict = match unit.known().report.as_ref().map(|report| &report.verdict) {
            Some(Verdict::Accepted { .. }) => "accepted",
            Some(Verdict::Rejected { .. }) => "rejected",
            Some(Verdict::Undecided { .. }) => "undecided",
            None => "pending",
        };
        let summary = summary(unit, view.document.text.line(first)).unwrap_or_default();
        Row { line: first as u32, id: name(unit, first), verdict, summary }
    };
    view.document.units().map(row).collect()
}

/// What people call a unit: its id, or its line where the record has none.
pub fn name(unit: &Unit, first: usize) -> String {
    match &unit.fields {
        Some(fields) if fields.id.is_none() => format!("line {}", first + 1),
        _ => unit.record.id.clone(),
    }
}
