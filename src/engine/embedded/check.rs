//! One check: text in, evidence gathered, report out. Owns the order of the steps; the verdict is `lean::judge`'s.

use super::audit;
use super::elaborate::{self, Text};
use super::gather::{Gathered, Source, present_name};
use super::install::{LEAN_COMMIT, LEAN_VERSION};
use super::instance::{Failure, Instance};
use super::snapshot::Snapshot;
use super::syntax::HeaderFacts;
use super::target::{self, TargetFacts, TargetText, Unusable};
use super::trust::{self, Found, Taken};
use super::worker::{Place, Unavailable, Worker};
use crate::domain::{Budget, Cause, CheckReport, CheckRequest, EngineId, Message, Mode, Reason, Rung, Verdict};
use crate::lean::kernel::{Foundations, Terms, show_name};
use crate::lean::{self, CommandEvidence, LeanText, Rule, TextKind};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a piece of work on an instance cost, and how it ended.
pub struct Outcome<T> {
    pub result: Result<T, (Cause, String)>,
    pub heartbeats: u64,
    pub memory: u64,
    /// The first function Lean looked up that the table was built without.
    pub left_out: Option<String>,
}

/// The engine's name in reports.
pub fn engine_id() -> EngineId {
    EngineId { lean: LEAN_VERSION.into(), commit: LEAN_COMMIT.into(), kind: "embedded" }
}

/// The text as Lean reads it: its own line ends are `\n`.
fn line_feeds(text: String) -> String {
    if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text }
}

/// One check in progress.
struct Check<'a> {
    request: &'a CheckRequest,
    rule: Rule<'a>,
    start: Instant,
    report: CheckReport,
    gathered: Gathered,
    taken: Option<Taken>,
}

pub(super) fn check(worker: &mut Worker, request: &CheckRequest) -> CheckReport {
    let start = Instant::now();
    let LeanText { text, kind } = lean::lean_text(&request.code);
    let has_target = request.target.is_some();
    let mode = match request.mode {
        // Whoever gives a target asks for its proof.
        Mode::Auto if !has_target && lean::is_statement(&text, request.is_proof) => Mode::Statement,
        Mode::Auto => Mode::Proof,
        mode => mode,
    };
    let required = request.require.unwrap_or(lean::default_rung(mode, has_target));
    let empty = Verdict::Rejected { stage: Rung::Parsed, reason: Reason::Empty };
    let report = CheckReport::new(empty, mode, required, engine_id());
    if kind == TextKind::None {
        return report;
    }
    let completed = if mode == Mode::Statement { lean::completed(&text) } else { None };
    let (header, code) = (request.header.clone().map(line_feeds), line_feeds(completed.unwrap_or(text)));
    let mut sources = Vec::new();
    if let (Some(original), Some(header)) = (&request.header, &header) {
        sources.push(Source::new(original, header, true));
    }
    sources.push(Source::new(&request.code, &code, false));

    let rule = Rule { mode, required, axioms: &request.axioms, has_target, source: &code };
    let mut check = Check { request, rule, start, report, gathered: Gathered::default(), taken: None };
    let verdict = check.run(worker, &sources).unwrap_or_else(|(cause, detail)| Verdict::Undecided { cause, detail });
    check.finish(verdict)
}

impl Check<'_> {
    /// All steps; what keeps the check from being decided is the error.
    fn run(&mut self, worker: &mut Worker, sources: &[Source<'_>]) -> Result<Verdict, Unusable> {
        let imports = imports(worker, sources.iter().map(|s| s.lean), &self.request.budget)?;
        let target = self.target(worker)?;
        let terms = target.as_ref().map_or_else(Terms::default, |t| t.terms.clone());
        let begun = Instant::now();
        let outcome = worker.with_instance(&imports, Place::Working, &self.request.budget, |lean, snapshot| {
            self.elaborate(lean, snapshot, sources, terms)
        });
        self.report.parts.elaboration = begun.elapsed();
        let outcome = outcome.map_err(Unavailable::into_parts)?;
        self.report.heartbeats = outcome.heartbeats;
        self.report.memory = outcome.memory;
        let evidence = &mut self.gathered.evidence;
        let left_out = outcome.left_out.map(|name| format!("the engine was built without the function `{name}`"));
        evidence.unsupported = evidence.unsupported.take().or(left_out);
        outcome.result?;
        let Some(taken) = self.taken.take() else { return Ok(lean::judge(&self.gathered.evidence, self.rule)) };
        let Foundations { axioms, library } = taken.foundations();
        let own = axioms.iter().map(|name| show_name(&taken.terms, *name));
        self.gathered.evidence.axioms.extend(own);
        self.gathered.evidence.axioms.extend(worker.library_axioms(&imports, &taken.terms, &library)?);
        let verdict = lean::judge(&self.gathered.evidence, self.rule);
        if !self.is_examined(&verdict) {
            // What could not be read may rest on any axiom.
            let is_proved = matches!(verdict, Verdict::Accepted { .. }) && self.rule.mode == Mode::Proof;
            return match taken.unread() {
                Some(unread) if is_proved => Err(unread),
                _ => Ok(verdict),
            };
        }
        self.examine(worker, &imports, taken, target.as_deref())?;
        Ok(lean::judge(&self.gathered.evidence, self.rule))
    }

    /// The target's facts, elaborated now unless the worker remembers them.
    fn target(&mut self, worker: &mut Worker) -> Result<Option<Arc<TargetFacts>>, Unusable> {
        let Some(target) = &self.request.target else { return Ok(None) };
        let begun = Instant::now();
        let mut text = TargetText::new(target, self.request.header.as_deref());
        let facts = match worker.targets.get(&text) {
            Some(facts) => facts,
            None => {
                let key = text.clone();
                text.imports = imports(worker, text.sources(), &self.request.budget)?;
                let budget = self.remaining();
                let outcome = worker.with_instance(&text.imports, Place::Clean, &budget, |lean, snapshot| {
                    target::elaborate(lean, snapshot, &text)
                });
                let outcome = outcome.map_err(Unavailable::into_parts)?;
                let facts = match outcome.result {
                    Ok(facts) => facts.map(Arc::new),
                    Err((cause, detail)) => Err((cause, format!("elaborating the target: {detail}"))),
                };
                worker.targets.put(key, &facts);
                facts
            }
        };
        self.report.parts.target = begun.elapsed();
        facts.map(Some)
    }

    /// Elaborates the sources one after the other and takes what they declared.
    fn elaborate(
        &mut self,
        lean: &mut Instance,
        snapshot: &Snapshot,
        sources: &[Source<'_>],
        terms: Terms,
    ) -> Result<(), Failure> {
        let gathered = &mut self.gathered;
        let mut state = elaborate::start_state(lean, snapshot.environment, true)?;
        let mut examples = Vec::new();
        let mut base = snapshot.base_constants.clone();
        for source in sources {
            let text: Text = elaborate::open_text(lean, source.lean)?;
            let header = CommandEvidence {
                parse_messages: text.messages.iter().cloned().map(|m| source.message(m)).collect(),
                ..CommandEvidence::default()
            };
            gathered.evidence.commands.push(header);
            state = elaborate::run(lean, &text, state, &mut |command| {
                if let Some(Ok(environment)) = &command.example {
                    examples.push(*environment);
                }
                gathered.take(source, command);
            })?;
            if source.in_header {
                // What the header declares is trusted: it counts only where the candidate uses it.
                let environment = elaborate::state_environment(lean, state)?;
                base.extend(audit::added_constants(lean, environment, &snapshot.base_constants)?);
            }
        }
        let environment = elaborate::state_environment(lean, state)?;
        gathered.find_unexposed(lean, environment)?;
        let mut taken = Taken::read(terms, lean, environment, &examples, snapshot, &base)?;
        let unread = taken.unread().is_some();
        for command in &mut gathered.evidence.commands {
            for declaration in command.declarations.iter_mut().filter(|d| !d.name.is_empty()) {
                // What the environment shows but does not hold among its additions would never be checked again.
                let is_there = present_name(lean, environment, &declaration.name)?.is_some();
                declaration.present = is_there && (unread || taken.declares(&declaration.name));
            }
        }
        gathered.evidence.hidden_theorem = gathered.uses_own_commands && taken.has_theorem();
        self.taken = Some(taken);
        Ok(())
    }

    /// True if a text that came so far is to be checked again: it is accepted, and a rung above is asked for.
    fn is_examined(&self, verdict: &Verdict) -> bool {
        let asked = match self.rule.mode {
            Mode::Statement => self.rule.has_target,
            _ => self.rule.required >= Rung::Replay,
        };
        asked && matches!(verdict, Verdict::Accepted { .. })
    }

    /// Has the kernel check again what was taken, and compares it with the target.
    fn examine(
        &mut self,
        worker: &mut Worker,
        imports: &BTreeSet<String>,
        mut taken: Taken,
        target: Option<&TargetFacts>,
    ) -> Result<(), Unusable> {
        let begun = Instant::now();
        let mut found = Found::default();
        let budget = self.remaining();
        let outcome = worker.with_instance(imports, Place::Clean, &budget, |lean, snapshot| {
            trust::examine(lean, snapshot, &mut taken, target, &mut found)
        });
        self.report.parts.replay = begun.elapsed();
        let outcome = outcome.map_err(Unavailable::into_parts)?;
        found.replay.heartbeats = outcome.heartbeats;
        outcome.result.map_err(|(cause, detail)| (cause, format!("checking again: {detail}")))?;
        let evidence = &mut self.gathered.evidence;
        evidence.replay = Some(found.replay);
        evidence.target = found.target;
        match found.limit {
            Some((cause, detail)) => Err((cause, format!("checking again: {detail}"))),
            None => Ok(()),
        }
    }

    /// The budget with what is left of the wall clock.
    fn remaining(&self) -> Budget {
        let left = self.request.budget.wall_clock.saturating_sub(self.start.elapsed());
        Budget { wall_clock: left.max(Duration::from_secs(1)), ..self.request.budget }
    }

    fn finish(self, verdict: Verdict) -> CheckReport {
        let Check { mut report, gathered, start, .. } = self;
        let Gathered { evidence, declarations, .. } = gathered;
        report.verdict = verdict;
        report.axioms = evidence.axioms.into_iter().collect();
        report.declarations = declarations;
        report.replay = evidence.replay;
        report.target = evidence.target;
        report.messages =
            bounded(evidence.commands.into_iter().flat_map(|c| c.parse_messages.into_iter().chain(c.messages)));
        report.wall = start.elapsed();
        report
    }
}

/// What texts import; `Init` always.
fn imports<'a>(
    worker: &mut Worker,
    texts: impl Iterator<Item = &'a str>,
    budget: &Budget,
) -> Result<BTreeSet<String>, Unusable> {
    let init = BTreeSet::from(["Init".to_owned()]);
    let texts: Vec<&str> = texts.collect();
    let mut imports = init.clone();
    // Only a text with the word in it can have a header.
    if texts.iter().any(|t| t.contains("import") || t.contains("prelude")) {
        let outcome = worker.with_instance(&init, Place::Clean, budget, |lean, _| {
            texts.iter().map(|t| Ok(elaborate::open_text(lean, t)?.header)).collect::<Result<Vec<_>, Failure>>()
        });
        let headers: Vec<HeaderFacts> = outcome.map_err(Unavailable::into_parts)?.result?;
        if headers.iter().any(|h| h.prelude) {
            let detail = "the text begins with `prelude`: it brings its own core library";
            return Err((Cause::Unsupported, detail.into()));
        }
        imports.extend(headers.into_iter().flat_map(|h| h.imports));
    }
    Ok(imports)
}

/// Messages of a report: a text can make Lean print megabytes (traces), a result keeps what people and models can use.
fn bounded(messages: impl Iterator<Item = Message>) -> Vec<Message> {
    const MESSAGES: usize = 200;
    const BYTES: usize = 16 << 10;
    let mut messages: Vec<Message> = messages.collect();
    let dropped = messages.len().saturating_sub(MESSAGES);
    messages.truncate(MESSAGES);
    for message in &mut messages {
        let all = message.text.len();
        if all > BYTES {
            message.text.truncate(message.text.floor_char_boundary(BYTES));
            message.text.push_str(&format!("\n... ({} more bytes)", all - message.text.len()));
        }
    }
    if let (Some(last), 1..) = (messages.last_mut(), dropped) {
        last.text.push_str(&format!("\n... ({dropped} more messages)"));
    }
    messages
}
