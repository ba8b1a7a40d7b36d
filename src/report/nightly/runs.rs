//! The history for people: a line for each run, and two runs beside each other. Owns the columns.

use super::figures::{date, difference, interval, named, rate, solved};
use super::table::lists;
use crate::pipeline::nightly::Compared;
use crate::report::untrusted::one_line;
use crate::store::history::{Cells, Run, State};
use std::fmt::Write;

/// All runs, oldest first, with a line for each model on a data set.
pub fn runs_table(runs: &[(Run, Cells)]) -> String {
    let mut lines =
        vec![["run", "begun", "revision", "model", "data", "solved", "rate", "95 %", "undecided"].map(str::to_owned)];
    for (run, cells) in runs {
        let revision = run.plan.revision.as_deref().map(|r| one_line(r, 12)).unwrap_or_default();
        let first = [run.id.to_string(), date(run.started), revision];
        if run.state != State::Finished {
            let [id, begun, revision] = first;
            let empty = String::new;
            let state = run.state.as_str().to_owned();
            lines.push([id, begun, revision, state, empty(), empty(), empty(), empty(), empty()]);
            continue;
        }
        for (at, (model, data, counts)) in cells.iter().enumerate() {
            // The run is named once, above its cells.
            let [id, begun, revision] = if at == 0 { first.clone() } else { Default::default() };
            lines.push([
                id,
                begun,
                revision,
                one_line(model, 40),
                one_line(data, 40),
                solved(counts),
                rate(counts),
                interval(counts),
                counts.undecided.to_string(),
            ]);
        }
    }
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text += cells.join("  ").trim_end();
        text.push('\n');
    }
    text
}

/// Two runs, each model on a data set that both have.
pub fn compared_table(compared: &Compared) -> String {
    let Compared { after, cells, alone } = compared;
    let mut text = String::new();
    for (model, data, found) in cells {
        let (model, data) = (one_line(model, 40), one_line(data, 40));
        let (before, now) = (one_line(&named(&found.with), 60), one_line(&named(after), 60));
        let _ = writeln!(text, "{model} on {data}, {before} → {now}: {} of {} pairs", difference(found), found.pairs);
        lists(&mut text, found);
    }
    for (model, data) in alone {
        let _ = writeln!(text, "{} on {}: only in one of the two runs", one_line(model, 40), one_line(data, 40));
    }
    text
}
