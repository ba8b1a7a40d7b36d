//! Results as JSON lines: the format that other programs and resumed runs read. Owns the keys and their order, which
//! are a promise (docs/); everything but `wall_ms` is the same for the same input.

use crate::domain::{Cause, CheckReport, Message, ReplayReport, TargetReport, Verdict};
use crate::runner::events::{BadRecord, Event, Outcome, Reporter};
use serde::Serialize;
use std::io::{self, Write};

/// Writes one line per record, each in a single call, flushed.
#[derive(Debug)]
pub struct Jsonl<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Jsonl<W> {
    /// `out` should not buffer: a crash then loses no finished record.
    pub fn new(out: W) -> Self {
        Jsonl { out, line: Vec::new() }
    }

    /// Gives back what was written to.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn write(&mut self, result: &Line<'_>) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, result)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        self.out.flush()
    }
}

impl<W: Write> Reporter for Jsonl<W> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Checked(outcome) => self.write(&Line::of_outcome(outcome)),
            Event::BadRecord(bad) => self.write(&Line::of_bad_record(bad, &bad.error.detail())),
            Event::Started(_) | Event::Finished(_) => Ok(()),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The line of a judged or an unreadable record, with its end; empty for other events.
pub fn result_line(event: &Event) -> Vec<u8> {
    let mut out = Jsonl::new(Vec::new());
    // Nothing fails that is written to memory.
    let _ = out.on(event);
    out.into_inner()
}

/// The order of the fields is the order of the keys.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    index: u64,
    verdict: &'a str,
    level: Option<&'a str>,
    stage: Option<&'a str>,
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    mode: Option<&'a str>,
    required: Option<&'a str>,
    messages: Vec<MessageOut<'a>>,
    axioms: &'a [String],
    declarations: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<TargetOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay: Option<ReplayOut<'a>>,
    warnings: Vec<WarningOut<'a>>,
    heartbeats: u64,
    wall_ms: f64,
    engine: Option<EngineOut<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    caveats: &'a [String],
    sha256: String,
}

/// Keys as in Lean's own JSON messages; `line` is 1-based, `column` 0-based in code points.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageOut<'a> {
    severity: &'a str,
    line: u32,
    column: u32,
    end_line: Option<u32>,
    end_column: Option<u32>,
    text: &'a str,
    #[serde(rename = "in_header", skip_serializing_if = "Option::is_none")]
    in_header: Option<bool>,
}

#[derive(Serialize)]
struct TargetOut<'a> {
    name: &'a str,
    equality: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mismatch: Option<MismatchOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    other_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    holes: Vec<HoleOut<'a>>,
}

#[derive(Serialize)]
struct MismatchOut<'a> {
    constant: &'a str,
    difference: &'a str,
    expected: &'a str,
    found: &'a str,
}

#[derive(Serialize)]
struct HoleOut<'a> {
    name: &'a str,
    value: &'a str,
}

/// Declarations the kernel checked again, by kind.
#[derive(Serialize)]
struct ReplayOut<'a> {
    theorems: u32,
    definitions: u32,
    opaques: u32,
    inductives: u32,
    axioms: u32,
    skipped: u32,
    heartbeats: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<RefusedOut<'a>>,
}

#[derive(Serialize)]
struct RefusedOut<'a> {
    declaration: &'a str,
    error: &'a str,
}

#[derive(Serialize)]
struct WarningOut<'a> {
    kind: &'a str,
    declaration: &'a str,
    detail: &'a str,
}

#[derive(Serialize)]
struct EngineOut<'a> {
    lean: &'a str,
    commit: &'a str,
    kind: &'a str,
}

impl<'a> Line<'a> {
    fn of_outcome(outcome: &'a Outcome) -> Line<'a> {
        let CheckReport { verdict, engine, .. } = &outcome.report;
        let (stage, detail) = match verdict {
            Verdict::Accepted { .. } => (None, None),
            Verdict::Rejected { stage, .. } => (Some(stage.as_str()), None),
            Verdict::Undecided { detail, .. } => (None, Some(detail.as_str())),
        };
        Line {
            id: &outcome.id,
            index: outcome.index,
            verdict: verdict.as_str(),
            level: verdict.level().map(|level| level.as_str()),
            stage,
            reason: verdict.reason(),
            detail,
            mode: Some(outcome.report.mode.as_str()),
            required: Some(outcome.report.required.as_str()),
            messages: outcome.report.messages.iter().map(MessageOut::of).collect(),
            axioms: &outcome.report.axioms,
            declarations: &outcome.report.declarations,
            target: outcome.report.target.as_ref().map(TargetOut::of),
            replay: outcome.report.replay.as_ref().map(ReplayOut::of),
            warnings: outcome.report.warnings.iter().map(WarningOut::of).collect(),
            heartbeats: outcome.report.heartbeats,
            // Whole microseconds: more digits would be noise.
            wall_ms: outcome.report.wall.as_micros() as f64 / 1000.0,
            engine: Some(EngineOut { lean: &engine.lean, commit: &engine.commit, kind: engine.kind }),
            caveats: &outcome.report.caveats,
            sha256: outcome.sha256.to_string(),
        }
    }

    /// Nothing was judged: what a judgement would fill is null, empty or zero.
    fn of_bad_record(bad: &'a BadRecord, detail: &'a str) -> Line<'a> {
        Line {
            id: &bad.error.id,
            index: bad.error.index,
            verdict: "undecided",
            level: None,
            stage: None,
            reason: Some(Cause::BadRecord.as_str()),
            detail: Some(detail),
            mode: None,
            required: None,
            messages: Vec::new(),
            axioms: &[],
            declarations: &[],
            target: None,
            replay: None,
            warnings: Vec::new(),
            heartbeats: 0,
            wall_ms: 0.0,
            engine: None,
            caveats: &[],
            sha256: bad.sha256.to_string(),
        }
    }
}

impl<'a> TargetOut<'a> {
    fn of(target: &'a TargetReport) -> TargetOut<'a> {
        TargetOut {
            name: &target.name,
            equality: target.equality.map(|e| e.as_str()),
            mismatch: target.mismatch.as_ref().map(|m| MismatchOut {
                constant: &m.constant,
                difference: &m.difference,
                expected: &m.expected,
                found: &m.found,
            }),
            other_name: target.other_name.as_deref(),
            holes: target.holes.iter().map(|(name, value)| HoleOut { name, value }).collect(),
        }
    }
}

impl<'a> ReplayOut<'a> {
    fn of(replay: &'a ReplayReport) -> ReplayOut<'a> {
        let refused = replay.refused.as_ref();
        ReplayOut {
            theorems: replay.theorems,
            definitions: replay.definitions,
            opaques: replay.opaques,
            inductives: replay.inductives,
            axioms: replay.axioms,
            skipped: replay.skipped,
            heartbeats: replay.heartbeats,
            refused: refused.map(|(declaration, error)| RefusedOut { declaration, error }),
        }
    }
}

impl<'a> WarningOut<'a> {
    fn of(warning: &'a crate::domain::Warning) -> WarningOut<'a> {
        WarningOut { kind: warning.kind.as_str(), declaration: &warning.declaration, detail: &warning.detail }
    }
}

impl<'a> MessageOut<'a> {
    fn of(message: &'a Message) -> MessageOut<'a> {
        MessageOut {
            severity: message.severity.as_str(),
            line: message.line,
            column: message.column,
            end_line: message.end.map(|(line, _, _)| line),
            end_column: message.end.map(|(_, column, _)| column),
            text: &message.text,
            in_header: message.in_header.then_some(true),
        }
    }
}
