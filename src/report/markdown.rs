//! A run as Markdown, fit for a comment on a pull request. Owns the layout; keeps the first few records that were not
//! accepted and nothing else.

use super::explanation::explanation;
use super::tally::{Tally, by_count, counted, share};
use super::untrusted::markdown_code;
use crate::domain::{Cause, Verdict};
use crate::runner::events::{Event, Reporter};
use std::io::{self, Write};

/// Collects a run and writes tables of counts, reasons and failures on [`finish`](Reporter::finish).
#[derive(Debug)]
pub struct Markdown<W> {
    out: W,
    tally: Tally,
    /// At most this many records are listed.
    most: usize,
    rows: Vec<String>,
}

impl<W: Write> Markdown<W> {
    /// Lists the first `most` records that were not accepted, in completion order.
    pub fn new(out: W, most: usize) -> Self {
        Markdown { out, tally: Tally::default(), most, rows: Vec::new() }
    }

    fn list(&mut self, id: &str, verdict: &str, reason: &str, text: &str) {
        if self.rows.len() < self.most {
            let (id, text) = (markdown_code(id, 60), markdown_code(text, 120));
            self.rows.push(format!("| {id} | {verdict} | {reason} | {text} |\n"));
        }
    }

    fn text(&self) -> String {
        let tally = &self.tally;
        let records = tally.records();
        let mut text = String::from("### afcheck\n\n");
        if let Some(reason) = tally.finished.as_ref().and_then(|f| f.cut_short.as_ref()) {
            text += &format!("**Incomplete:** {}\n\n", markdown_code(reason, 200));
        }
        text += "| verdict | records | share |\n|---|---:|---:|\n";
        for (name, count) in
            [("accepted", tally.accepted), ("rejected", tally.rejected), ("undecided", tally.undecided)]
        {
            text += &format!("| {name} | {count} | {} |\n", share(count, records));
        }
        text += &format!("\n- Acceptance: {}\n- Type-checks: {}\n", tally.acceptance(), tally.type_check());
        if tally.started.resumed > 0 {
            text += &format!("- {} of an earlier run not counted here\n", counted(tally.started.resumed, "result"));
        }
        if let Some(engine) = &tally.engine {
            let (lean, commit) = (markdown_code(&engine.lean, 40), markdown_code(&engine.commit, 40));
            text += &format!("- Lean {lean}, commit {commit}, {} engine\n", engine.kind);
        }
        if records > tally.accepted {
            text += "\n| verdict | reason | records |\n|---|---|---:|\n";
            for (verdict, counts) in [("rejected", &tally.reasons), ("undecided", &tally.causes)] {
                for (reason, count) in by_count(counts) {
                    text += &format!("| {verdict} | {reason} | {count} |\n");
                }
            }
        }
        if !self.rows.is_empty() {
            let (shown, all) = (self.rows.len(), records - tally.accepted);
            text += &format!("\n<details><summary>Not accepted: {shown} of {all}</summary>\n\n");
            text += "| record | verdict | reason | explanation |\n|---|---|---|---|\n";
            text += &self.rows.concat();
            text += "\n</details>\n";
        }
        text
    }
}

impl<W: Write> Reporter for Markdown<W> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        self.tally.on(event);
        match event {
            Event::Checked(outcome) => {
                let verdict = &outcome.report.verdict;
                if !matches!(verdict, Verdict::Accepted { .. }) {
                    let reason = verdict.reason().unwrap_or_default();
                    self.list(&outcome.id, verdict.as_str(), reason, &explanation(&outcome.report));
                }
            }
            Event::BadRecord(bad) => {
                self.list(&bad.error.id, "undecided", Cause::BadRecord.as_str(), &bad.error.detail());
            }
            Event::Started(_) | Event::Finished(_) => {}
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let text = self.text();
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}
