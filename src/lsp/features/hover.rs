//! Texts that explain: a unit's verdict with everything known of it, and what Lean says of a place in it. Owns their Markdown.

use super::View;
use super::diagnostics::target;
use super::hints::{equivalent, losses, name, verdict};
use crate::domain::{Inspection, Verdict};
use crate::lsp::text::Place;
use crate::lsp::unit::Unit;
use tower_lsp_server::ls_types::{Hover, HoverContents, MarkupContent, MarkupKind};

/// Characters of an informal statement or a message that are shown.
const SHOWN: usize = 1_500;

/// Everything known of a unit.
pub fn about(view: &View<'_>, first: usize, unit: &Unit) -> String {
    let known = unit.known().clone();
    let mut text = format!("**{}**", escaped(&name(unit, first)));
    match &known.report {
        None => text += " · not judged yet\n",
        Some(report) => {
            text += &format!(" · {}\n\n", escaped(&verdict(report)));
            let required = format!("judged as {}, required {}", report.mode.as_str(), report.required);
            text += &format!("{required} · {} heartbeats · {} ms", report.heartbeats / 1_000, report.wall.as_millis());
            text += &format!(" · {} memory\n", bytes(report.memory));
            match &report.verdict {
                Verdict::Undecided { detail, .. } => text += &format!("\n{}\n", escaped(detail)),
                Verdict::Rejected { .. } if report.target.is_some() => text += &fenced("text", &target(report)),
                _ => {}
            }
            if !report.axioms.is_empty() {
                text += &format!("\naxioms: `{}`\n", report.axioms.join("`, `"));
            }
            for warning in &report.warnings {
                text += &format!("\n⚠ {}: {}\n", escaped(&warning.declaration), escaped(&warning.detail));
            }
        }
    }
    if let Some(equivalence) = &known.equivalence {
        text += &format!("\nbeside the reference statement: {}\n", equivalent(&equivalence.verdict));
    }
    for (name, value) in losses(unit, view.document.text.line(first)) {
        text += &format!("\n{name}: {value:.4}\n");
    }
    if let Some(informal) = &unit.record.informal {
        text += &format!("\n---\n{}\n", shortened(informal));
    }
    text
}

/// The hover of a place: what Lean says of it, in front of what is known of its unit.
pub fn hover(view: &View<'_>, first: usize, unit: &Unit, inspected: Option<&Inspection>) -> Hover {
    let mut text = String::new();
    let mut range = None;
    if let Some(found) = inspected {
        if let Some(shown) = &found.hover {
            text += &shown.text;
            text.push_str("\n\n");
            let place = |position| -> Place { unit.place(&view.document.text, first, position) };
            range = Some(view.range(place(shown.range.0), place(shown.range.1)));
        }
        match found.goals.as_deref() {
            None => {}
            Some([]) => text += "no goals\n\n",
            Some(goals) => text += &fenced("lean", &goals.join("\n\n")),
        }
        if !text.is_empty() {
            text += "---\n";
        }
    }
    text += &about(view, first, unit);
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text });
    Hover { contents, range }
}

/// A block of Markdown that nothing inside can end.
pub fn fenced(language: &str, text: &str) -> String {
    let longest = text.lines().map(|line| line.len() - line.trim_start_matches('`').len()).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("\n{fence}{language}\n{}\n{fence}\n", shortened(text))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text.to_owned(),
    }
}

/// What comes from a file is text, not Markdown.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!') {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown
}

fn bytes(count: u64) -> String {
    format!("{:.1} MB", count as f64 / 1e6)
}
