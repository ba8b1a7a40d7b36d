//! A nightly run as a comment for a pull request. Owns its shape: the answer first, then a line for each model on a data set, then
//! names. Every name is a code span, so that none is markup or a mention.

use super::figures::{all_regressions, date, difference, interval, named, rate, regressions, solved};
use crate::pipeline::nightly::{CellReview, Change, Comparison, Item, Review};
use crate::report::untrusted::markdown_code;
use std::fmt::Write;

/// Names in one list; a comment has a greatest length.
const MOST: usize = 50;

/// Longest name shown.
const NAME: usize = 120;

fn code(text: &str) -> String {
    markdown_code(text, NAME)
}

/// The comment.
pub fn comment(review: &Review) -> String {
    let mut text = format!("## afcheck nightly: {}\n\n", regressions(all_regressions(review)));
    let run = &review.run;
    let _ = write!(text, "Run {}, {}, Lean {}", run.id, date(run.started), code(&run.plan.lean));
    if let Some(revision) = &run.plan.revision {
        let _ = write!(text, ", revision {}", code(revision));
    }
    text.push_str(if review.has_failed() { ". **The gate says no.**\n\n" } else { ". The gate lets it pass.\n\n" });
    text.push_str("| model | data | solved | rate | 95 % interval | undecided | last run | best run |\n");
    text.push_str("|---|---|--:|--:|--:|--:|---|---|\n");
    for cell in &review.cells {
        let with = |comparison: &Option<Comparison>| match comparison {
            Some(found) => format!("{} (#{})", difference(found), found.with.id),
            None => "none before".to_owned(),
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            code(&cell.model),
            code(&cell.data),
            solved(&cell.counts),
            rate(&cell.counts),
            interval(&cell.counts),
            cell.counts.undecided,
            with(&cell.last),
            with(&cell.best)
        );
    }
    for cell in &review.cells {
        lists(&mut text, cell);
    }
    for (model, data) in &review.gone {
        let _ = writeln!(text, "\n{} on {} was in the last run and is not in this one.", code(model), code(data));
    }
    text.push_str(
        "\nRates are of decided items. +newly solved −regressions, p of McNemar's exact test over items that both runs decided.\n",
    );
    text
}

fn lists(text: &mut String, cell: &CellReview) {
    let of = format!("{} on {}", code(&cell.model), code(&cell.data));
    if let Some(last) = &cell.last {
        changes(text, &format!("Regressions of {of} since {}", shown(last)), &last.regressions);
        changes(text, &format!("Newly solved by {of} since {}", shown(last)), &last.newly_solved);
        changes(text, &format!("Undecided now: {of}"), &last.undecided_now);
    } else {
        items(text, &format!("Undecided: {of}"), cell.undecided());
    }
    if let Some(best) =
        cell.best.as_ref().filter(|best| cell.last.as_ref().is_some_and(|last| last.with.id != best.with.id))
    {
        changes(text, &format!("Regressions of {of} since the best, {}", shown(best)), &best.regressions);
    }
    items(text, &format!("Flaky, not counted: {of}"), cell.flaky());
    let Some(last) = &cell.last else { return };
    for (what, count) in [
        ("have another statement now", last.restated.len()),
        ("are gone", last.missing.len()),
        ("are new", last.added.len()),
    ] {
        if count > 0 {
            let _ = writeln!(text, "\nOf {of}, {count} items {what}; they are not compared.");
        }
    }
    for words in &last.circumstances {
        let _ = writeln!(text, "\nSince the last run of {of}: {}.", code(words));
    }
}

fn shown(comparison: &Comparison) -> String {
    code(&named(&comparison.with))
}

fn changes(text: &mut String, title: &str, changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    let _ = write!(text, "\n**{title}** ({})\n\n| item | before | now |\n|---|---|---|\n", changes.len());
    for change in changes.iter().take(MOST) {
        let (before, after) = (code(&change.before.said()), code(&change.after.said()));
        let _ = writeln!(text, "| {} | {before} | {after} |", code(change.name()));
    }
    more(text, changes.len());
}

fn items<'a>(text: &mut String, title: &str, items: impl Iterator<Item = &'a Item>) {
    let items: Vec<&Item> = items.collect();
    if items.is_empty() {
        return;
    }
    let _ = write!(text, "\n**{title}** ({})\n\n| item | verdict |\n|---|---|\n", items.len());
    for item in items.iter().take(MOST) {
        let _ = writeln!(text, "| {} | {} |", code(&item.name), code(&item.said()));
    }
    more(text, items.len());
}

fn more(text: &mut String, count: usize) {
    if count > MOST {
        let _ = writeln!(text, "\nand {} more in the dashboard", count - MOST);
    }
}
