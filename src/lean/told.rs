//! Lean's messages as a language model is told them. Owns how many and how long they are.

use crate::domain::{CheckReport, Severity};

/// Messages, and characters of them, that a model is told at most.
const MESSAGES: usize = 6;
const CHARACTERS: usize = 1500;

/// Errors of a report, or what was missed where there is none.
pub fn told(report: &CheckReport) -> String {
    let errors = report.messages.iter().filter(|message| message.severity == Severity::Error && !message.in_header);
    let mut text: String = errors
        .take(MESSAGES)
        .map(|message| format!("{}:{}: error: {}\n", message.line, message.column, message.text.trim_end()))
        .collect();
    if text.is_empty()
        && let Some(reason) = report.verdict.reason()
    {
        text = format!("error: {}\n", reason.replace('_', " "));
    }
    match text.char_indices().nth(CHARACTERS) {
        Some((cut, _)) => format!("{} ...\n", &text[..cut]),
        None => text,
    }
}
