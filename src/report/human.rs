//! One line per record for people (`--format human`). Owns the layout of that line; totals are `summary.rs`'s.

use super::explanation::explanation;
use super::untrusted::one_line;
use crate::domain::{Cause, Verdict};
use crate::runner::events::{Event, Outcome, Reporter};
use std::io::{self, Write};

/// Characters of an id and of an explanation that are shown.
const ID: usize = 60;
const TEXT: usize = 120;

/// Writes `✓ id  level  ms`, `✗ id  stage/reason  line:column message` or `? id  cause  detail`.
#[derive(Debug)]
pub struct Human<W> {
    out: W,
    colour: bool,
}

impl<W: Write> Human<W> {
    /// `colour` marks verdicts in green, red and yellow by ANSI escapes.
    pub fn new(out: W, colour: bool) -> Self {
        Human { out, colour }
    }

    fn checked(&self, outcome: &Outcome) -> String {
        let id = one_line(&outcome.id, ID);
        let text = one_line(&explanation(&outcome.report), TEXT);
        let (mark, rest) = match &outcome.report.verdict {
            Verdict::Accepted { level } => {
                (self.mark("✓", 32), format!("{level}  {} ms", outcome.report.wall.as_millis()))
            }
            Verdict::Rejected { stage, reason } => (self.mark("✗", 31), format!("{stage}/{reason}  {text}")),
            Verdict::Undecided { cause, .. } => (self.mark("?", 33), format!("{cause}  {text}")),
        };
        format!("{mark} {id}  {}\n", rest.trim_end())
    }

    fn mark(&self, sign: &str, colour: u8) -> String {
        if self.colour { format!("\x1b[{colour}m{sign}\x1b[0m") } else { sign.to_string() }
    }
}

impl<W: Write> Reporter for Human<W> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        let line = match event {
            Event::Checked(outcome) => self.checked(outcome),
            Event::BadRecord(bad) => {
                let (id, text) = (one_line(&bad.error.id, ID), one_line(&bad.error.detail(), TEXT));
                format!("{} {id}  {}  {text}\n", self.mark("?", 33), Cause::BadRecord)
            }
            Event::Started(_) | Event::Finished(_) => return Ok(()),
        };
        self.out.write_all(line.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
