//! A nightly run for people at a terminal. Owns its lines; names are cut to one line each.

use super::figures::{all_regressions, date, difference, interval, named, rate, regressions, solved};
use crate::pipeline::nightly::{Change, Comparison, Review};
use crate::report::untrusted::one_line;
use std::fmt::Write;

/// Names in one list.
const MOST: usize = 20;

/// The lines of a run.
pub fn table(review: &Review) -> String {
    let run = &review.run;
    let mut text = format!("{:<15} {}\n", one_line(&named(run), 60), date(run.started));
    for cell in &review.cells {
        let (model, data) = (one_line(&cell.model, 40), one_line(&cell.data, 40));
        let counts = &cell.counts;
        let _ = writeln!(
            text,
            "{model} on {data}: {} solved, {} ({}), {} undecided, {} flaky",
            solved(counts),
            rate(counts),
            interval(counts),
            counts.undecided,
            cell.flaky().count()
        );
        for (what, comparison) in [("last", &cell.last), ("best", &cell.best)] {
            if let Some(found) = comparison {
                let _ = writeln!(text, "  {what:<13} {}: {}", one_line(&named(&found.with), 60), difference(found));
            }
        }
        if let Some(last) = &cell.last {
            lists(&mut text, last);
        }
        let since_last = cell.last.as_ref().map(|last| last.with.id);
        if let Some(best) = cell.best.as_ref().filter(|best| Some(best.with.id) != since_last) {
            names(&mut text, "since best", &best.regressions);
        }
    }
    let verdict = if review.has_failed() { "the gate says no" } else { "the gate lets it pass" };
    let _ = writeln!(text, "{}, {verdict}", regressions(all_regressions(review)));
    text
}

/// What differs, by name.
pub(super) fn lists(text: &mut String, found: &Comparison) {
    names(text, "regression", &found.regressions);
    names(text, "newly solved", &found.newly_solved);
    names(text, "undecided now", &found.undecided_now);
    names(text, "flaky", &found.flaky);
    names(text, "restated", &found.restated);
    for (what, items) in [("missing", &found.missing), ("new", &found.added)] {
        if !items.is_empty() {
            let some: Vec<String> = items.iter().take(3).map(|name| one_line(name, 60)).collect();
            let _ = writeln!(text, "  {what:<13} {} items, such as {}", items.len(), some.join(", "));
        }
    }
    for words in &found.circumstances {
        let _ = writeln!(text, "  changed       {}", one_line(words, 160));
    }
}

fn names(text: &mut String, what: &str, changes: &[Change]) {
    for change in changes.iter().take(MOST) {
        let name = one_line(change.name(), 80);
        let (before, after) = (one_line(&change.before.said(), 60), one_line(&change.after.said(), 60));
        let _ = writeln!(text, "  {what:<13} {name}: {before} → {after}");
    }
    if changes.len() > MOST {
        let _ = writeln!(text, "  {what:<13} and {} more", changes.len() - MOST);
    }
}
