//! One check on a Lake engine: text in, evidence gathered, report out. Owns the order of the steps; the verdict is `lean::judge`'s.

use super::audit::{Obstacle, Room};
use super::process::Fault;
use super::repl::{self, Answer, Header, Pos, Refusal, Repl};
use super::{Seat, Shared};
use crate::domain::{
    Cause, CheckReport, CheckRequest, Elaboration, ElaborationRequest, Message, Mode, NotInspected, Reason,
    ReplayReport, Rung, Severity, Step, TargetReport, Verdict,
};
use crate::lean::{self, Asked, CommandEvidence, DeclarationKind, Evidence, LineIndex, Rule};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the examination does not guarantee, said in every record it decided.
const BY_PICKLE: &str = "what was examined was written down by the process that ran the candidate; \
    its constants were checked by Lean's kernel in another process, their file's form was not";
const BY_PRINT: &str = "statements were compared as Lean prints them, and definitions below them only so; a statement that merely \
    converts into the target's is found where Lean reads back what it prints";
const BY_TEXT: &str = "what the text declares was read from the text, in which nothing changes Lean's syntax; the environment was not examined";

/// The header for a process: what is imported first, then the header's own text; and the text without its imports, whose
/// places are kept.
pub fn header_text(header: Option<&str>, code: &str) -> (String, String) {
    let header = header.unwrap_or_default();
    let (own, text) = match lean::plain_header(code) {
        Some(plain) if !plain.imports.is_empty() => {
            // Byte by byte: what follows keeps its offsets.
            let blank = code[..plain.first_command].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' });
            (plain.imports, blank.collect::<String>() + &code[plain.first_command..])
        }
        _ => (vec![], code.to_owned()),
    };
    let (before, rest) = match lean::plain_header(header) {
        Some(plain) => (plain.imports, &header[plain.first_command..]),
        None => (vec![], header),
    };
    let mut imports = before;
    let new: Vec<String> = own.into_iter().filter(|module| !imports.contains(module)).collect();
    imports.extend(new);
    if imports.is_empty() && lean::plain_header(header).is_some() {
        imports.push("Init".to_owned());
    }
    let imports: String = imports.iter().map(|module| format!("import {module}\n")).collect();
    (format!("{imports}{}", rest.trim()), text)
}

/// The answer where no seat is to be had.
pub fn no_seat(shared: &Shared, request: &CheckRequest) -> CheckReport {
    let Asked { mode, required, .. } = lean::asked(request);
    let detail = "the engine lost its processes; this is a defect of afcheck".into();
    CheckReport::new(Verdict::Undecided { cause: Cause::EngineCrash, detail }, mode, required, shared.id.clone())
}

/// There is no seat.
pub fn lost() -> NotInspected {
    NotInspected {
        cause: Cause::EngineCrash,
        detail: "the engine lost its processes; this is a defect of afcheck".into(),
    }
}

/// Elaborates a text behind others, which go into its header.
pub fn elaborate(seat: &mut Seat, request: &ElaborationRequest) -> Result<Elaboration, NotInspected> {
    let text = request.text.replace("\r\n", "\n");
    let before = request.stages.concat().join("\n");
    let (header, own) = header_text(Some(before.as_str()).filter(|text| !text.is_empty()), &text);
    let answers = ask(&mut seat.candidates, &header, &own, begins_anew(&text), request.budget.wall_clock);
    let (header, answer) = answers.map_err(|(cause, detail)| NotInspected { cause, detail })?;
    let lines = LineIndex::new(&text);
    let place = |pos: Pos| (pos.line, pos.column, lines.offset(pos.line, pos.column));
    let of_header = header.messages.iter().filter(|message| message.severity == Severity::Error.as_str());
    let messages = of_header.chain(&answer.messages).map(|message| translated(message, false, place)).collect();
    let sorries = answer.sorries.iter().filter_map(|sorry| {
        let (from, to) = (place(sorry.pos?), place(sorry.end.or(sorry.pos)?));
        let goals = sorry.goal.split("\n\n").map(str::to_owned).collect();
        Some(Step { range: ((from.0, from.1), (to.0, to.1)), bytes: (from.2, to.2), goals, is_tactic: true })
    });
    Ok(Elaboration { messages, sorries: sorries.collect(), tactics: vec![], heartbeats: 0 })
}

/// Has a process elaborate header and text. One that served others before may have broken down for a reason of its own: a fresh one
/// is asked again, once.
fn ask(
    repl: &mut Repl,
    header: &str,
    text: &str,
    begins_anew: bool,
    wall_clock: Duration,
) -> Result<(Header, Answer), Undecided> {
    for again in [true, false] {
        let used = repl.is_used();
        let asked = repl.header(header).map_err(|refusal| match refusal {
            Refusal::Fault(Fault::WallClock(words)) => {
                Refusal::Fault(Fault::WallClock(format!("importing the header: {words}")))
            }
            other => other,
        });
        let asked = asked.and_then(|header| {
            let env = (!begins_anew).then_some(header.env);
            let answer = repl.candidate(text, env, Instant::now() + wall_clock)?;
            Ok((header, answer))
        });
        match asked {
            Err(Refusal::Fault(Fault::Crash(_))) if again && used => {}
            Err(refusal) => match refusal.into() {
                Obstacle::Undecided(cause, detail) => return Err((cause, detail)),
                Obstacle::Refused(words) => return Err((Cause::EngineCrash, words)),
            },
            Ok(answers) => return Ok(answers),
        }
    }
    Err((Cause::EngineCrash, "the REPL broke down twice".into()))
}

/// True if a text may begin with a header of another kind than imports: only Lean can tell, where one may stand.
fn begins_anew(text: &str) -> bool {
    lean::plain_header(text).is_none() && ["import", "prelude", "module"].iter().any(|word| text.contains(word))
}

/// Checks one text.
pub fn check(shared: &Arc<Shared>, seat: &mut Seat, request: &CheckRequest) -> CheckReport {
    let start = Instant::now();
    let Asked { mode, required, header, code } = lean::asked(request);
    let empty = Verdict::Rejected { stage: Rung::Parsed, reason: Reason::Empty };
    let report = CheckReport::new(empty, mode, required, shared.id.clone());
    let Some(code) = code else { return report };
    let has_target = request.target.is_some();
    let rule = Rule { mode, required, axioms: &request.axioms, has_target, source: &code };
    let (header, text) = header_text(header.as_deref(), &code);
    let mut check = Check { shared, request, rule, code: &code, header, report, evidence: Evidence::default() };
    let verdict = check.run(seat, &text).unwrap_or_else(|(cause, detail)| Verdict::Undecided { cause, detail });
    let Check { mut report, evidence, .. } = check;
    report.verdict = verdict;
    report.axioms = evidence.axioms.into_iter().collect();
    report.replay = evidence.replay;
    report.target = evidence.target;
    let messages = evidence.commands.into_iter().flat_map(|c| c.parse_messages.into_iter().chain(c.messages));
    report.messages = lean::bounded(messages);
    report.caveats.extend(shared.caveats.iter().cloned());
    report.wall = start.elapsed();
    report
}

struct Check<'a> {
    shared: &'a Shared,
    request: &'a CheckRequest,
    rule: Rule<'a>,
    /// The text whose lines and columns are those of the original.
    code: &'a str,
    header: String,
    report: CheckReport,
    evidence: Evidence,
}

type Undecided = (Cause, String);

impl Check<'_> {
    fn run(&mut self, seat: &mut Seat, text: &str) -> Result<Verdict, Undecided> {
        let is_plain = lean::is_plain(self.code);
        let examined = self.rule.mode != Mode::Statement || !is_plain;
        // The examination asks for constants by name.
        let (named, examples, grown) = match examined {
            true => lean::named_examples(text),
            false => (text.to_owned(), vec![], vec![]),
        };
        let begun = Instant::now();
        let anew = self.request.header.is_none() && begins_anew(&named);
        let wall_clock = self.request.budget.wall_clock;
        let (header, answer) = ask(&mut seat.candidates, &self.header, &named, anew, wall_clock)?;
        self.report.parts.elaboration = begun.elapsed();
        self.gather(&header, &answer, &named, &grown);
        if self.evidence.commands.iter().all(|c| c.declarations.is_empty()) && !is_plain {
            let words = "the text declares by syntax of its own, which cannot be followed through a REPL";
            self.evidence.unsupported = Some(words.into());
            // Not known to be nothing.
            self.evidence.hidden_theorem = true;
        }
        let verdict = lean::judge(&self.evidence, self.rule);
        if !matches!(verdict, Verdict::Accepted { .. }) {
            return Ok(verdict);
        }
        if !examined {
            self.report.caveats.push(BY_TEXT.into());
            return Ok(verdict);
        }
        match self.examine(seat, answer.env, &examples) {
            Ok(()) => {}
            Err(Obstacle::Refused(words)) => {
                let refused = Some((String::new(), words));
                self.evidence.replay = Some(ReplayReport { refused, ..ReplayReport::default() });
            }
            Err(Obstacle::Undecided(cause, detail)) => return Err((cause, detail)),
        }
        self.report.caveats.push(BY_PICKLE.into());
        if self.evidence.target.is_some() {
            self.report.caveats.push(BY_PRINT.into());
        }
        Ok(lean::judge(&self.evidence, self.rule))
    }

    /// Puts messages with the commands they are about.
    fn gather(&mut self, header: &Header, answer: &Answer, named: &str, grown: &[(usize, usize)]) {
        let header_lines = LineIndex::new(&self.header);
        let in_header = |message: &repl::Message| {
            let place = |pos: Pos| (pos.line, pos.column, header_lines.offset(pos.line, pos.column));
            translated(message, true, place)
        };
        let (sent, code) = (LineIndex::new(named), LineIndex::new(self.code));
        let place = |pos: Pos| {
            let at = sent.offset(pos.line, pos.column);
            // What was put in place of an `example` is not the candidate's.
            let mut before = 0;
            for (behind, more) in grown {
                before += (at.saturating_sub(behind + before)).min(*more);
            }
            let offset = (at - before).min(self.code.len());
            let (line, column) = code.line_column(offset);
            (line, column, offset)
        };
        let of_header = CommandEvidence {
            in_header: true,
            messages: header.messages.iter().map(in_header).collect(),
            ..CommandEvidence::default()
        };
        let messages = answer.messages.iter().map(|message| translated(message, false, place)).collect();
        self.evidence.commands = vec![of_header];
        self.evidence.commands.extend(lean::read_commands(self.code, messages));
        self.report.declarations =
            self.declared(|_| true).into_iter().map(|name| name.replace(['«', '»'], "")).collect();
    }

    fn declared(&self, which: impl Fn(DeclarationKind) -> bool) -> Vec<String> {
        let declarations = self.evidence.commands.iter().flat_map(|c| &c.declarations);
        declarations.filter(|d| !d.name.is_empty() && which(d.kind)).map(|d| d.name.clone()).collect()
    }

    /// Presence, axioms, the kernel's second look and the target.
    fn examine(&mut self, seat: &mut Seat, env: usize, examples: &[String]) -> Result<(), Obstacle> {
        let time = self.request.budget.wall_clock.max(Duration::from_secs(10));
        let begun = Instant::now();
        let target = match &self.request.target {
            Some(target) => {
                let header = self.request.header.as_deref();
                Some(self.shared.targets.get(&mut seat.examiner, target, header, time)?)
            }
            None => None,
        };
        self.report.parts.target = begun.elapsed();
        let begun = Instant::now();
        let mut room = Room::bring(&mut seat.candidates, env, &mut seat.examiner, time)?;
        let mut names = self.declared(|_| true);
        names.extend(examples.iter().cloned());
        let axioms = room.axioms(&names)?;
        for (name, found) in names.iter().zip(axioms) {
            match found {
                Some(found) => self.evidence.axioms.extend(found),
                None => self.is_missing(name),
            }
        }
        self.evidence.replay = Some(self.examined());
        self.report.parts.replay = begun.elapsed();
        if let Some(target) = target {
            let begun = Instant::now();
            let report: TargetReport =
                target.compare(&mut room, &self.declared(|kind| kind == DeclarationKind::Theorem))?;
            self.evidence.target = Some(report);
            self.report.parts.target += begun.elapsed();
        }
        Ok(())
    }

    /// What came through the kernel again, by how the text declares it.
    fn examined(&self) -> ReplayReport {
        let mut replay = ReplayReport::default();
        for command in &self.evidence.commands {
            for declaration in &command.declarations {
                let keyword = self.code[command.range.clone()].split_whitespace().next();
                *match (declaration.kind, keyword) {
                    (DeclarationKind::Theorem | DeclarationKind::Example, _) => &mut replay.theorems,
                    (DeclarationKind::Axiom, _) => &mut replay.axioms,
                    (_, Some("inductive" | "coinductive" | "structure" | "class")) => &mut replay.inductives,
                    (_, Some("opaque")) => &mut replay.opaques,
                    _ => &mut replay.definitions,
                } += 1;
            }
        }
        replay
    }

    fn is_missing(&mut self, name: &str) {
        let declarations = self.evidence.commands.iter_mut().flat_map(|c| &mut c.declarations);
        match declarations.into_iter().find(|d| d.name == name) {
            Some(declaration) => declaration.present = false,
            // The name that an `example` got.
            None => {
                self.evidence.unsupported.get_or_insert(format!("the axioms of an example cannot be seen (`{name}`)"));
            }
        }
    }
}

fn translated(message: &repl::Message, in_header: bool, place: impl Fn(Pos) -> (u32, u32, usize)) -> Message {
    let (line, column, offset) = place(message.pos);
    let severity = match message.severity.as_str() {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    };
    Message { severity, line, column, offset, end: message.end.map(place), text: message.data.clone(), in_header }
}
