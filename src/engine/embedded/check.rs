//! One check: text in, evidence gathered, report out. Owns the order of the steps; the verdict is `lean::judge`'s.

use super::audit;
use super::elaborate::{self, Commands, Strictness, Text};
use super::gather::{Gathered, Source, Stated, present_name};
use super::install::{LEAN_COMMIT, LEAN_VERSION};
use super::instance::{Failure, Instance};
use super::prefix::{Checkpoint, Outline, Prefix};
use super::snapshot::Snapshot;
use super::syntax::HeaderFacts;
use super::target::{self, TargetFacts, TargetText, Unusable};
use super::trust::{self, Found, Taken};
use super::warn::{self, Proof, Question};
use super::worker::{Place, Unavailable, Worker};
use crate::domain::{
    Budget, Cause, CheckReport, CheckRequest, EngineId, Mode, Reason, Rung, Severity, Verdict, Warning, WarningKind,
};
use crate::lean::kernel::{Constants, Foundations, Terms, show_name};
use crate::lean::{self, Asked, Rule};
use std::collections::{BTreeSet, HashSet};
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

/// Budget of looking at statements, in thousands of heartbeats; the wall clock is a net far behind it.
const LOOKING: u64 = 2_000;
const LOOKING_TIME: Duration = Duration::from_secs(20);

/// Theorems of one text that are looked at.
const STATEMENTS_LOOKED_AT: usize = 20;

/// What a check knows between two commands, beside what is in the instance.
#[derive(Clone)]
pub(super) struct Midway {
    /// The `Command.State`, and the parser's state unless a text is yet to be opened.
    state: u32,
    parser: Option<u32>,
    /// Environments of the examples so far.
    examples: Vec<u32>,
    /// Names of what the imports and the header declare.
    base: HashSet<u32>,
    gathered: Gathered,
}

impl Midway {
    fn new(lean: &mut Instance, snapshot: &Snapshot) -> Result<Self, Failure> {
        Ok(Midway {
            state: elaborate::start_state(lean, snapshot.environment, Strictness::Candidate)?,
            parser: None,
            examples: vec![],
            base: snapshot.base_constants.clone(),
            gathered: Gathered::default(),
        })
    }
}

/// What elaboration left in the working instance.
struct Left {
    environment: u32,
    /// Environments of the examples.
    examples: Vec<u32>,
    /// Names of what the imports and the header declare.
    base: HashSet<u32>,
}

/// One check in progress.
struct Check<'a> {
    request: &'a CheckRequest,
    rule: Rule<'a>,
    start: Instant,
    report: CheckReport,
    gathered: Gathered,
}

pub(super) fn check(worker: &mut Worker, request: &CheckRequest) -> CheckReport {
    let start = Instant::now();
    let Asked { mode, required, header, code } = lean::asked(request);
    let empty = Verdict::Rejected { stage: Rung::Parsed, reason: Reason::Empty };
    let report = CheckReport::new(empty, mode, required, engine_id());
    let Some(code) = code else { return report };
    let mut sources = Vec::new();
    if let (Some(original), Some(header)) = (&request.header, &header) {
        sources.push(Source::new(original, header, true));
    }
    sources.extend(Source::parts(&request.code, &code, &lean::split_points(&code)));

    let rule = Rule { mode, required, axioms: &request.axioms, has_target: request.target.is_some(), source: &code };
    let mut check = Check { request, rule, start, report, gathered: Gathered::default() };
    let verdict = check.run(worker, &sources).unwrap_or_else(|(cause, detail)| Verdict::Undecided { cause, detail });
    check.finish(verdict)
}

impl Check<'_> {
    /// All steps; what keeps the check from being decided is the error.
    fn run(&mut self, worker: &mut Worker, sources: &[Source<'_>]) -> Result<Verdict, Unusable> {
        let imports =
            imports(worker, sources.iter().filter(|s| !s.is_continued).map(|s| s.lean), &self.request.budget)?;
        let begun = Instant::now();
        let mut outcome = self.in_working_instance(worker, &imports, sources)?;
        if matches!(outcome.result, Ok(None)) {
            self.gathered = Gathered::default();
            let whole: Vec<Source<'_>> = sources.iter().filter(|s| !s.is_continued).map(Source::whole).collect();
            outcome = self.in_working_instance(worker, &imports, &whole)?;
        }
        self.report.parts.elaboration = begun.elapsed();
        self.report.heartbeats = outcome.heartbeats;
        self.report.memory = outcome.memory;
        let evidence = &mut self.gathered.evidence;
        let left_out = outcome.left_out.map(|name| format!("the engine was built without the function `{name}`"));
        evidence.unsupported = evidence.unsupported.take().or(left_out);
        let Some(left) = outcome.result? else { return Ok(lean::judge(&self.gathered.evidence, self.rule)) };

        // The target is looked at only for those who came so far; what it declares and what they declare share a store.
        self.gathered.evidence.hidden_theorem = self.gathered.uses_own_commands;
        let came_so_far = matches!(lean::judge(&self.gathered.evidence, self.rule), Verdict::Accepted { .. });
        let target = if came_so_far { self.target(worker)? } else { None };
        let terms = target.as_ref().map_or_else(Terms::default, |t| t.terms.clone());
        let taken = worker.with_instance(&imports, Place::WorkingLeft, &self.remaining(), |lean, snapshot| {
            Taken::read(terms, lean, left.environment, &left.examples, snapshot, &left.base)
        });
        let mut taken = taken.map_err(Unavailable::into_parts)?.result?;
        self.gathered.evidence.hidden_theorem &= taken.has_theorem();
        if taken.unread().is_none() {
            // What an environment shows but does not hold among its additions would never be checked again.
            let declarations = self.gathered.evidence.commands.iter_mut().flat_map(|c| &mut c.declarations);
            for declaration in declarations.filter(|d| d.present && !d.name.is_empty()) {
                declaration.present = taken.declares(&declaration.name);
            }
        }
        let Foundations { axioms, library } = taken.foundations();
        let own = axioms.iter().map(|name| show_name(&taken.terms, *name));
        self.gathered.evidence.axioms.extend(own);
        self.gathered.evidence.axioms.extend(worker.library_axioms(&imports, &taken.terms, &library)?);
        let mut verdict = lean::judge(&self.gathered.evidence, self.rule);
        let mut place = Place::Clean;
        if self.is_examined(&verdict) {
            // The look goes on where the kernel worked: nothing of the candidate but terms came there.
            place = Place::CleanLeft;
            self.examine(worker, &imports, &mut taken, target.as_deref())?;
            verdict = lean::judge(&self.gathered.evidence, self.rule);
        } else if let (Some(unread), Mode::Proof, Verdict::Accepted { .. }) = (taken.unread(), self.rule.mode, &verdict)
        {
            // What could not be read may rest on any axiom.
            return Err(unread);
        }
        if self.request.warnings && verdict.level() >= Some(Rung::Statement) {
            self.look(worker, &imports, place, taken, target.as_deref(), &verdict)?;
        }
        Ok(verdict)
    }

    fn in_working_instance(
        &mut self,
        worker: &mut Worker,
        imports: &BTreeSet<String>,
        sources: &[Source<'_>],
    ) -> Result<Outcome<Option<Left>>, Unusable> {
        let mut prefix = worker.take_prefix(imports);
        let budget = self.remaining();
        let outcome = worker.with_instance(imports, Place::Working, &budget, |lean, snapshot| {
            self.elaborate(lean, snapshot, sources, &mut prefix)
        });
        worker.put_prefix(imports, prefix);
        outcome.map_err(Unavailable::into_parts)
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

    /// Elaborates the sources one after the other. `None` if a part of a text does not end where a command does: the text
    /// is then to be elaborated whole.
    fn elaborate(
        &mut self,
        lean: &mut Instance,
        snapshot: &Snapshot,
        sources: &[Source<'_>],
        prefix: &mut Prefix<Midway>,
    ) -> Result<Option<Left>, Failure> {
        let Some(midway) = self.elaborate_parts(lean, snapshot, sources, prefix)? else { return Ok(None) };
        let Midway { state, examples, base, .. } = midway;
        let gathered = &mut self.gathered;
        let environment = elaborate::state_environment(lean, state)?;
        for command in &mut gathered.evidence.commands {
            for declaration in command.declarations.iter_mut().filter(|d| !d.name.is_empty()) {
                declaration.present = present_name(lean, environment, &declaration.name)?.is_some();
            }
        }
        gathered.find_unexposed(lean, environment)?;
        Ok(Some(Left { environment, examples, base }))
    }

    /// Where to begin: behind parts that another candidate had as well, or at the beginning. The heartbeats spent in front
    /// of each part before, those spent altogether, and what is known there.
    fn resume(
        &mut self,
        lean: &mut Instance,
        snapshot: &Snapshot,
        parts: &[(&str, bool)],
        prefix: &Prefix<Midway>,
    ) -> Result<(Vec<u64>, u64, Midway), Failure> {
        let left = u64::try_from(lean.heartbeats_left()).unwrap_or(0);
        let Some(checkpoint) = prefix.usable(parts, left) else {
            return Ok((vec![], 0, Midway::new(lean, snapshot)?));
        };
        checkpoint.restore(lean)?;
        lean.set_heartbeats_left((left - checkpoint.spent) as i64);
        let mut midway = checkpoint.known.clone();
        self.gathered = std::mem::take(&mut midway.gathered);
        Ok((checkpoint.before.spent.clone(), checkpoint.spent, midway))
    }

    /// Elaborates the parts, and keeps the instance where the next candidate may go on from. `None` if a part does not
    /// end where a command does.
    fn elaborate_parts(
        &mut self,
        lean: &mut Instance,
        snapshot: &Snapshot,
        sources: &[Source<'_>],
        prefix: &mut Prefix<Midway>,
    ) -> Result<Option<Midway>, Failure> {
        let parts: Vec<(&str, bool)> = sources.iter().map(|s| (s.lean, s.in_header)).collect();
        let allowed = lean.heartbeats_left();
        let (spent, shared, mut midway) = self.resume(lean, snapshot, &parts, prefix)?;
        let from = spent.len();
        let worthwhile = prefix.worthwhile(&parts, shared);
        let owned = parts.iter().map(|(text, in_header)| ((*text).to_owned(), *in_header)).collect();
        prefix.last = Outline { parts: owned, spent };

        for (i, source) in sources.iter().enumerate().skip(from) {
            let so_far = (allowed - lean.heartbeats_left()) as u64;
            prefix.last.spent.push(so_far);
            if worthwhile == Some(i) {
                let known = Midway { gathered: self.gathered.clone(), ..midway.clone() };
                let taken = Checkpoint::take(lean, snapshot, prefix.last.before(i), so_far, known);
                prefix.checkpoint = taken.or(prefix.checkpoint.take());
            }
            let text: Text = elaborate::open_text(lean, source.lean)?;
            let mut commands = match midway.parser {
                Some(parser) if source.from > 0 => Commands::behind(&text, midway.state, parser),
                _ => {
                    self.gathered.take_header(source, &text);
                    Commands::new(&text, midway.state)
                }
            };
            commands.stops_before_end = source.is_continued;
            while let Some(command) = commands.next(lean)? {
                let failed_to_parse = command.parse_messages.iter().any(|m| m.severity == Severity::Error);
                if source.is_continued && (failed_to_parse || command.escaped.is_some()) {
                    return Ok(None);
                }
                if let Some(Ok(environment)) = &command.example {
                    midway.examples.push(*environment);
                }
                self.gathered.take(source, command);
            }
            (midway.state, midway.parser) = (commands.state, Some(commands.parser));
            if source.is_continued && commands.position(lean)? != source.lean.len() {
                return Ok(None);
            }
            if source.in_header {
                // What the header declares is trusted: it counts only where the candidate uses it.
                let environment = elaborate::state_environment(lean, midway.state)?;
                midway.base.extend(audit::added_constants(lean, environment, &snapshot.base_constants)?);
            }
        }
        Ok(Some(midway))
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
        taken: &mut Taken,
        target: Option<&TargetFacts>,
    ) -> Result<(), Unusable> {
        let begun = Instant::now();
        let mut found = Found::default();
        let budget = self.remaining();
        let outcome = worker.with_instance(imports, Place::Clean, &budget, |lean, snapshot| {
            trust::examine(lean, snapshot, taken, target, &mut found)
        });
        self.report.parts.replay = begun.elapsed();
        let outcome = outcome.map_err(Unavailable::into_parts)?;
        found.replay.heartbeats = outcome.heartbeats;
        outcome.result.map_err(|(cause, detail)| (cause, format!("checking again: {detail}")))?;
        let evidence = &mut self.gathered.evidence;
        evidence.replay = Some(found.replay);
        evidence.target = found.target;
        let repeats = |hole: &String| Warning {
            kind: WarningKind::TrivialAnswer,
            declaration: hole.clone(),
            detail: "the answer repeats the question".into(),
        };
        self.report.warnings.extend(found.trivial_holes.iter().map(repeats));
        match found.limit {
            Some((cause, detail)) => Err((cause, format!("checking again: {detail}"))),
            None => Ok(()),
        }
    }

    /// Looks at the statements. A look that does not come to its end says so; the verdict stands.
    fn look(
        &mut self,
        worker: &mut Worker,
        imports: &BTreeSet<String>,
        place: Place,
        mut taken: Taken,
        target: Option<&TargetFacts>,
        verdict: &Verdict,
    ) -> Result<(), Unusable> {
        let begun = Instant::now();
        let mut proof = if verdict.level() >= Some(Rung::Axioms) { Proof::Accepted } else { Proof::None };
        let mut statements = Vec::new();
        let mut body = "";
        let (mut constants, whole) = (&taken.constants, &mut Constants::new());
        for Stated { name, bound, body: of_this } in &self.gathered.statements {
            let id = taken.terms.name_of(name.iter().map(String::as_str));
            // With a target, the text is about the target's theorem.
            let is_meant = target.is_none_or(|t| t.theorem == id);
            if !name.is_empty() && is_meant && statements.len() < STATEMENTS_LOOKED_AT {
                statements.push((id, bound.clone()));
                body = of_this;
            }
        }
        if let (true, Some((own, example)), Some(stated)) =
            (statements.is_empty(), taken.examples.last(), self.gathered.statements.last())
        {
            *whole = trust::overlaid(&taken.constants, own);
            constants = whole;
            statements.push((*example, stated.bound.clone()));
            body = &stated.body;
        }
        if proof == Proof::Accepted && warn::is_cheap(body) && !self.gathered.uses_own_commands {
            proof = Proof::Cheap;
        }
        let question = Question { statements, proof };
        if question.statements.is_empty() {
            return Ok(());
        }
        let known = worker.looked_at(imports);
        let budget = Budget { heartbeats: LOOKING, wall_clock: LOOKING_TIME, ..self.request.budget };
        let outcome = worker.with_instance(imports, place, &budget, |lean, snapshot| {
            warn::look(lean, snapshot, &mut taken.terms, constants, &question, &known)
        });
        match outcome.map_err(Unavailable::into_parts)?.result {
            Ok(warnings) => self.report.warnings.extend(warnings),
            Err((cause, _)) => self.report.warnings.push(Warning {
                kind: WarningKind::Unfinished,
                declaration: String::new(),
                detail: format!("the look at the statement was stopped: {cause}"),
            }),
        }
        self.report.warnings.sort();
        self.report.parts.warnings = begun.elapsed();
        Ok(())
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
            lean::bounded(evidence.commands.into_iter().flat_map(|c| c.parse_messages.into_iter().chain(c.messages)));
        report.wall = start.elapsed();
        report
    }
}

/// What texts import; `Init` always.
pub(super) fn imports<'a>(
    worker: &mut Worker,
    texts: impl Iterator<Item = &'a str>,
    budget: &Budget,
) -> Result<BTreeSet<String>, Unusable> {
    let init = BTreeSet::from(["Init".to_owned()]);
    let mut imports = init.clone();
    let mut unread = Vec::new();
    // Only a text with the word in it can have a header.
    for text in texts.filter(|t| t.contains("import") || t.contains("prelude")) {
        match lean::plain_header(text) {
            Some(header) => imports.extend(header.imports),
            None => unread.push(text),
        }
    }
    if !unread.is_empty() {
        let outcome = worker.with_instance(&init, Place::Clean, budget, |lean, _| {
            unread.iter().map(|t| Ok(elaborate::open_text(lean, t)?.header)).collect::<Result<Vec<_>, Failure>>()
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
