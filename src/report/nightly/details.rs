//! Items that changed, in full: statement, outputs and what Lean said of them. Owns the anchors that tables link to.

use crate::pipeline::nightly::{CellReview, Change, Comparison, Item, Review};
use crate::report::svg::escape;
use std::fmt::Write;

/// Changes shown in full, of each kind and comparison.
const MOST: usize = 100;

/// The anchor of a change; `None` if it is not shown in full.
pub(super) fn anchor(cell: usize, comparison: &Comparison, kind: &str, at: usize) -> Option<String> {
    (at < MOST).then(|| format!("c{cell}-{}-{kind}-{at}", comparison.with.id))
}

/// All changes of a cell that tables link to.
pub(super) fn details(body: &mut String, review: &Review, number: usize, cell: &CellReview) {
    let mut comparisons: Vec<&Comparison> = cell.last.iter().collect();
    let last = cell.last.as_ref().map(|last| last.with.id);
    comparisons.extend(cell.best.iter().filter(|best| Some(best.with.id) != last));
    for comparison in comparisons {
        for (kind, title, changes) in
            [("lost", "regression", &comparison.regressions), ("won", "newly solved", &comparison.newly_solved)]
        {
            for (at, change) in changes.iter().enumerate() {
                let Some(anchor) = anchor(number, comparison, kind, at) else { break };
                one(body, review, &anchor, &format!("{title} since run {}", comparison.with.id), change);
            }
        }
    }
}

fn one(body: &mut String, review: &Review, anchor: &str, title: &str, change: &Change) {
    let _ = write!(
        body,
        "<article id=\"{anchor}\"><p><span class=\"why\">{}</span> <span class=\"soft\">· {title}</span></p>",
        escape(change.name())
    );
    let mut text = |heading: &str, text: &str| {
        let _ = write!(body, "<h3>{heading}</h3><pre>{}</pre>", escape(text.trim_end()));
    };
    if let Some(statement) = review.texts.get(&change.after.statement) {
        text("Statement", statement);
    }
    let output = |item: &Item| item.by.sha256.as_ref().and_then(|sha256| review.texts.get(sha256));
    let is_same = change.before.by.sha256.is_some() && change.before.by.sha256 == change.after.by.sha256;
    for (when, item) in [("Before", &change.before), ("Now", &change.after)] {
        let samples = match item.samples {
            1 => String::new(),
            count => format!(" ({} of {count} samples accepted)", item.accepted),
        };
        let shown = match output(item) {
            _ if is_same && when == "Now" => "the same output",
            Some(output) => output,
            None => "no output",
        };
        text(&format!("{when}: {}{samples}", escape(&item.said())), shown);
        if !item.by.detail.is_empty() {
            text("Said of it", &item.by.detail);
        }
    }
    body.push_str("</article>");
}
