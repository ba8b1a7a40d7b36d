//! The shortest text that still gets the verdict of a record. Owns what is left out and in which order; each shorter text is
//! judged by Lean.

use super::checks::Lean;
use crate::domain::{CheckReport, CheckRequest, Verdict};
use crate::lean::outline;

/// Checks that shortening may take.
const CHECKS: usize = 40;

/// The same verdict: rung and reason, or cause.
fn same(a: &Verdict, b: &Verdict) -> bool {
    match (a, b) {
        (Verdict::Accepted { level: a }, Verdict::Accepted { level: b }) => a == b,
        (Verdict::Rejected { stage: a, reason: x }, Verdict::Rejected { stage: b, reason: y }) => (a, x) == (b, y),
        (Verdict::Undecided { cause: a, .. }, Verdict::Undecided { cause: b, .. }) => a == b,
        _ => false,
    }
}

/// Leaves out declarations one by one, then lines of what is left from the end, as long as the verdict stays.
pub fn minimal(lean: &dyn Lean, request: &CheckRequest, report: &CheckReport) -> String {
    let mut code = crate::lean::lean_text(&request.code).text;
    let mut left = CHECKS;
    let mut stays = |shorter: &str| {
        let has_any = !shorter.trim().is_empty() && left > 0;
        left = left.saturating_sub(1);
        has_any
            && same(&lean.check(&CheckRequest { code: shorter.to_owned(), ..request.clone() }).verdict, &report.verdict)
    };
    let mut at = outline(&code).len();
    while at > 0 {
        at -= 1;
        let found = outline(&code);
        let Some(declaration) = found.get(at) else { continue };
        let from = declaration.docstring.as_ref().map_or(declaration.text.start, |docstring| docstring.start);
        let shorter = format!("{}{}", &code[..from], code[declaration.text.end..].trim_start());
        if found.len() > 1 && stays(&shorter) {
            code = shorter;
        }
    }
    let mut at = code.lines().count();
    while at > 1 {
        at -= 1;
        let lines: Vec<&str> =
            code.lines().enumerate().filter(|(number, _)| *number != at).map(|(_, line)| line).collect();
        let shorter = lines.join("\n");
        if stays(&shorter) {
            code = shorter;
        }
    }
    let mut text = String::new();
    if let Some(header) = request.header.as_ref().filter(|header| !header.trim().is_empty()) {
        text += &format!("{}\n\n", header.trim_end());
    }
    text += &format!("{}\n", code.trim());
    if let Some(target) = &request.target {
        text += &format!("\n/- target:\n{}\n-/\n", target.text.trim_end());
    }
    text + &format!("-- {}\n", super::features::hints::verdict(report))
}
