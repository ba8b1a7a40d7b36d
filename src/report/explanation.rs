//! The one sentence that explains a verdict to a reader. Owns the choice of the message shown; every message is in the
//! JSONL results.

use crate::domain::{CheckReport, Message, Reason, Severity, Verdict};

/// The first error, which is what decided a rejection.
pub(super) fn first_error(report: &CheckReport) -> Option<&Message> {
    report.messages.iter().find(|m| m.severity == Severity::Error)
}

/// Why a record was not accepted; empty for accepted ones. May have several lines and is untrusted.
pub(super) fn explanation(report: &CheckReport) -> String {
    match &report.verdict {
        Verdict::Accepted { .. } => String::new(),
        Verdict::Undecided { detail, .. } => detail.clone(),
        Verdict::Rejected { reason, .. } => {
            // A `sorry` or an axiom is no error to Lean.
            let shown = match reason {
                Reason::Axiom => return format!("axioms: {}", report.axioms.join(", ")),
                Reason::Sorry => report.messages.iter().find(|m| m.text.contains("sorry")),
                _ => first_error(report),
            };
            shown.map(|m| format!("{} {}", position(m), m.text)).unwrap_or_default()
        }
    }
}

/// `line:column` as Lean counts them (lines from 1, columns from 0).
pub(super) fn position(message: &Message) -> String {
    format!("{}{}:{}", if message.in_header { "header " } else { "" }, message.line, message.column)
}
