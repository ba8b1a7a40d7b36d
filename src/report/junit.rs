//! A run as JUnit XML, which CI systems show. Owns the document; cases go through an unnamed temporary file, because the
//! counts stand before them, so memory does not grow with the input.

use super::explanation::{explanation, position};
use super::tally::Tally;
use super::untrusted::{one_line, xml};
use crate::domain::{Cause, CheckReport, Verdict};
use crate::runner::events::{Event, Finished, Reporter};
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::time::Duration;

/// Collects a run and writes the document on [`finish`](Reporter::finish). A rejected record is a failure, an undecided
/// one an error.
#[derive(Debug)]
pub struct Junit<W> {
    out: W,
    suite: String,
    cases: BufWriter<File>,
    tally: Tally,
    time: Duration,
}

impl<W: Write> Junit<W> {
    /// `suite` names the test suite, usually the input. Fails if there is no room for temporary files.
    pub fn new(out: W, suite: &str) -> io::Result<Self> {
        let cases = BufWriter::new(tempfile::tempfile()?);
        Ok(Junit { out, suite: xml(suite), cases, tally: Tally::default(), time: Duration::ZERO })
    }

    fn case(&mut self, id: &str, wall: Duration, problem: Option<Problem<'_>>) -> io::Result<()> {
        self.time += wall;
        let (name, suite, time) = (xml(id), &self.suite, wall.as_secs_f64());
        write!(self.cases, "    <testcase name=\"{name}\" classname=\"{suite}\" time=\"{time:.3}\"")?;
        let Some(Problem { element, kind, message, body }) = problem else { return writeln!(self.cases, "/>") };
        let message = xml(&one_line(message, 200));
        writeln!(self.cases, ">\n      <{element} type=\"{kind}\" message=\"{message}\">{}</{element}>", xml(body))?;
        writeln!(self.cases, "    </testcase>")
    }

    fn checked(&mut self, id: &str, report: &CheckReport) -> io::Result<()> {
        let message = explanation(report);
        let body = messages(report);
        let problem = match &report.verdict {
            Verdict::Accepted { .. } => None,
            Verdict::Rejected { reason, .. } => Some(("failure", reason.as_str())),
            Verdict::Undecided { cause, .. } => Some(("error", cause.as_str())),
        };
        let problem = problem.map(|(element, kind)| Problem { element, kind, message: &message, body: &body });
        self.case(id, report.wall, problem)
    }
}

struct Problem<'a> {
    element: &'static str,
    kind: &'static str,
    message: &'a str,
    body: &'a str,
}

impl<W: Write> Reporter for Junit<W> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        self.tally.on(event);
        match event {
            Event::Checked(outcome) => self.checked(&outcome.id, &outcome.report),
            Event::BadRecord(bad) => {
                let (kind, detail) = (Cause::BadRecord.as_str(), bad.error.detail());
                let problem = Problem { element: "error", kind, message: &detail, body: &bad.error.to_string() };
                self.case(&bad.error.id, Duration::ZERO, Some(problem))
            }
            // Without this case a run cut short before its failures would look like a passing one.
            Event::Finished(Finished { cut_short: Some(reason), .. }) => {
                let problem = Problem { element: "error", kind: "incomplete", message: reason, body: reason };
                self.case("(run)", Duration::ZERO, Some(problem))
            }
            Event::Started(_) | Event::Finished(_) => Ok(()),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        let Junit { out, suite, tally, .. } = self;
        let run = tally.finished.as_ref().is_some_and(|f| f.cut_short.is_some()) as u64;
        let counts = format!(
            "tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3}\"",
            tally.records() + run,
            tally.rejected,
            tally.undecided + run,
            self.time.as_secs_f64()
        );
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"afcheck\" {counts}>")?;
        writeln!(out, "  <testsuite name=\"{suite}\" {counts} skipped=\"0\">")?;
        if let Some(engine) = &tally.engine {
            let properties = [("lean", &*engine.lean), ("commit", &*engine.commit), ("engine", engine.kind)];
            writeln!(out, "    <properties>")?;
            for (name, value) in properties {
                writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", xml(value))?;
            }
            writeln!(out, "    </properties>")?;
        }
        self.cases.flush()?;
        let cases = self.cases.get_mut();
        cases.rewind()?;
        io::copy(cases, out)?;
        writeln!(out, "  </testsuite>\n</testsuites>")?;
        out.flush()
    }
}

/// Every message, one under the other.
fn messages(report: &CheckReport) -> String {
    let lines = report.messages.iter().map(|m| format!("{}: {}: {}\n", position(m), m.severity.as_str(), m.text));
    lines.collect()
}
