//! One check: text in, evidence gathered, report out. Owns the order of the steps and the translation of Lean's
//! positions; the verdict is `lean::judge`'s.

use super::audit;
use super::elaborate::{self, Command, LeanMessage, Text};
use super::exposure::{is_unexposed, unexposed_below};
use super::install::{LEAN_COMMIT, LEAN_VERSION};
use super::instance::{Failure, Instance};
use super::snapshot::Snapshot;
use super::syntax::HeaderFacts;
use super::worker::{Unavailable, Worker};
use crate::domain::{Cause, CheckReport, CheckRequest, EngineId, Message, Mode, Reason, Rung, Verdict};
use crate::lean::{
    self, CommandEvidence, DeclarationEvidence, Evidence, LeanText, LineIndex, Rule, TextKind, depends_on_unfolding,
};
use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

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

/// A text as it is given to Lean.
struct Source<'a> {
    /// The text that lines and columns refer to.
    original: LineIndex<'a>,
    /// Bytes of the original text.
    length: usize,
    /// The text that byte offsets refer to, with `\n` for every line end, as Lean reads it.
    lean: &'a str,
    lean_lines: LineIndex<'a>,
    in_header: bool,
}

impl<'a> Source<'a> {
    /// Lines and columns of `lean` are those of `original`.
    fn new(original: &'a str, lean: &'a str, in_header: bool) -> Self {
        let length = original.len();
        Source { original: LineIndex::new(original), length, lean, lean_lines: LineIndex::new(lean), in_header }
    }

    fn message(&self, message: LeanMessage) -> Message {
        let place = |(line, column)| {
            let offset = self.lean_lines.offset(line, column);
            // What Lean reports behind the end (in a body that was completed) is at the end.
            let (line, column) = match self.original.offset(line, column) {
                end if end >= self.length => self.original.line_column(end),
                _ => (line, column),
            };
            (line, column, offset)
        };
        let (line, column, offset) = place(message.start);
        Message {
            severity: message.severity,
            line,
            column,
            offset,
            end: message.end.map(place),
            text: message.text,
            in_header: self.in_header,
        }
    }
}

/// The text as Lean reads it: its own line ends are `\n`.
fn line_feeds(text: String) -> String {
    if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text }
}

/// What is known of a command that may have failed for want of unfolding.
struct Failed {
    /// The environment of an example's named copy.
    example: Option<u32>,
    /// `Name` objects of its identifiers.
    mentioned: Vec<u32>,
}

/// Everything gathered before the judgement; kept outside the instance so that a trap loses nothing.
#[derive(Default)]
struct Gathered {
    evidence: Evidence,
    declarations: Vec<String>,
    /// Commands that may have failed for want of unfolding, by index.
    failed: HashMap<usize, Failed>,
    /// True if the candidate has a command of a kind that Lean does not have.
    uses_own_commands: bool,
}

pub(super) fn check(worker: &mut Worker, request: &CheckRequest) -> CheckReport {
    let start = Instant::now();
    let LeanText { text, kind } = lean::lean_text(&request.code);
    let mode = match request.mode {
        // Whoever gives a target asks for its proof.
        Mode::Auto if request.target.is_none() && lean::is_statement(&text, request.is_proof) => Mode::Statement,
        Mode::Auto => Mode::Proof,
        mode => mode,
    };
    let required = request.require.unwrap_or(lean::default_rung(mode, request.target.is_some()));
    let empty = Verdict::Rejected { stage: Rung::Parsed, reason: Reason::Empty };
    let mut report = CheckReport::new(empty, mode, required, engine_id());
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

    let mut gathered = Gathered::default();
    let verdict = match run(worker, request, &sources, &mut gathered) {
        Err(Unavailable { cause, detail }) => Verdict::Undecided { cause, detail },
        Ok(outcome) => {
            report.heartbeats = outcome.heartbeats;
            report.memory = outcome.memory;
            let left_out = outcome.left_out.map(|name| format!("the engine was built without the function `{name}`"));
            gathered.evidence.unsupported = gathered.evidence.unsupported.or(left_out);
            match outcome.result {
                Err((cause, detail)) => Verdict::Undecided { cause, detail },
                Ok(()) => {
                    let source = &code;
                    let has_target = request.target.is_some();
                    let rule = Rule { mode, required, axioms: &request.axioms, has_target, source };
                    lean::judge(&gathered.evidence, rule)
                }
            }
        }
    };
    report.verdict = verdict;
    let Gathered { evidence, declarations, .. } = gathered;
    report.axioms = evidence.axioms.into_iter().collect();
    report.declarations = declarations;
    report.messages =
        bounded(evidence.commands.into_iter().flat_map(|c| c.parse_messages.into_iter().chain(c.messages)));
    report.wall = start.elapsed();
    report
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

/// Elaborates the sources one after the other and audits what they added.
fn run(
    worker: &mut Worker,
    request: &CheckRequest,
    sources: &[Source<'_>],
    gathered: &mut Gathered,
) -> Result<Outcome<()>, Unavailable> {
    let init = BTreeSet::from(["Init".to_owned()]);
    let mut imports = init.clone();
    // Only a text with the word in it can have a header.
    if sources.iter().any(|s| s.lean.contains("import") || s.lean.contains("prelude")) {
        let headers = worker.with_instance(&init, &request.budget, |lean, _| {
            sources.iter().map(|s| Ok(elaborate::open_text(lean, s.lean)?.header)).collect::<Result<Vec<_>, Failure>>()
        })?;
        let headers: Vec<HeaderFacts> = match headers.result {
            Ok(headers) => headers,
            Err(stopped) => {
                return Ok(Outcome {
                    result: Err(stopped),
                    heartbeats: headers.heartbeats,
                    memory: headers.memory,
                    left_out: None,
                });
            }
        };
        if headers.iter().any(|h| h.prelude) {
            return Err(Unavailable::unsupported("the text begins with `prelude`: it brings its own core library"));
        }
        imports.extend(headers.into_iter().flat_map(|h| h.imports));
    }
    worker.with_instance(&imports, &request.budget, |lean, snapshot| elaborate_all(lean, snapshot, sources, gathered))
}

fn elaborate_all(
    lean: &mut Instance,
    snapshot: &Snapshot,
    sources: &[Source<'_>],
    gathered: &mut Gathered,
) -> Result<(), Failure> {
    let mut state = elaborate::start_state(lean, snapshot.environment)?;
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
    for command in &mut gathered.evidence.commands {
        for declaration in command.declarations.iter_mut().filter(|d| !d.name.is_empty()) {
            declaration.present = present_name(lean, environment, &declaration.name)?.is_some();
        }
    }
    gathered.find_unexposed(lean, environment)?;
    if gathered.uses_own_commands {
        let constants = audit::added_constants(lean, environment, &base)?;
        gathered.evidence.hidden_theorem = audit::has_theorem(lean, environment, &constants)?;
    }
    for environment in examples.into_iter().chain([environment]) {
        let constants = audit::added_constants(lean, environment, &base)?;
        gathered.evidence.axioms.extend(audit::axioms(lean, environment, &constants)?);
    }
    Ok(())
}

/// The name object under which the environment has a declaration: as written, or as a private one.
fn present_name(lean: &mut Instance, environment: u32, name: &str) -> Result<Option<u32>, Failure> {
    let components: Vec<&str> = name.split('\u{0}').collect();
    let public = lean.name(&components)?;
    if audit::has_constant(lean, environment, public)? {
        return Ok(Some(public));
    }
    let prefix = lean.name(&["_private", "_stdin"])?;
    let mut private = lean.call("l_Lean_Name_num___override", &[prefix, super::object::boxed(0)])?;
    for component in components {
        let text = lean.string(component)?;
        private = lean.call("l_Lean_Name_str___override", &[private, text])?;
    }
    Ok(audit::has_constant(lean, environment, private)?.then_some(private))
}

impl Gathered {
    /// For commands that failed in a way that a missing body can cause: whether one is in reach.
    fn find_unexposed(&mut self, lean: &mut Instance, environment: u32) -> Result<(), Failure> {
        for (i, command) in self.evidence.commands.iter_mut().enumerate() {
            if !command.errors().any(|(m, _)| depends_on_unfolding(&m.text)) {
                continue;
            }
            let unfolded = command.errors().find_map(|(m, _)| lean::failed_unfold(&m.text).map(str::to_owned));
            if let Some(text) = unfolded {
                let name = lean.name(&text.split('.').collect::<Vec<_>>())?;
                if is_unexposed(lean, environment, name)? {
                    command.unexposed = Some(text);
                    continue;
                }
            }
            let failed = self.failed.get(&i);
            command.unexposed = match failed.and_then(|f| f.example) {
                Some(environment) => {
                    let name = lean.name(&[elaborate::EXAMPLE_NAME])?;
                    unexposed_below(lean, environment, Some(name), &[])?
                }
                None => None,
            };
            let mentioned = failed.map_or(&[][..], |f| &f.mentioned);
            // A declaration that failed in its statement is not there: what it mentions is all there is to follow.
            let mut names = vec![None];
            for declaration in command.declarations.iter().filter(|d| !d.name.is_empty()) {
                names.push(present_name(lean, environment, &declaration.name)?);
            }
            while let (None, Some(name)) = (&command.unexposed, names.pop()) {
                command.unexposed = unexposed_below(lean, environment, name, mentioned)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, source: &Source<'_>, command: Command) {
        let facts = command.facts;
        self.uses_own_commands |= !source.in_header && !facts.kind.starts_with("Lean.");
        let mut declarations = Vec::new();
        for declaration in &facts.declarations {
            let mut name = command.namespace.clone();
            match declaration.name.split_first() {
                Some((root, rest)) if root == "_root_" => name = rest.to_vec(),
                Some(_) => name.extend(declaration.name.iter().cloned()),
                None => name.clear(),
            }
            if !name.is_empty() {
                self.declarations.push(name.join("."));
            }
            // The separator cannot occur in a component that Lean's lexer reads.
            let name = name.join("\u{0}");
            let body = declaration.body.clone();
            declarations.push(DeclarationEvidence { kind: declaration.kind, name, body, present: true });
        }
        if !command.mentioned.is_empty() {
            let failed = Failed { example: command.failed_example, mentioned: command.mentioned };
            self.failed.insert(self.evidence.commands.len(), failed);
        }
        let line = |offset| source.lean_lines.line_column(offset).0;
        let mut unsupported = facts.not_run.map(|keyword| {
            format!(
                "`{keyword}` in line {} runs code of the text, for which the embedded Lean cannot vouch",
                line(facts.range.start)
            )
        });
        if let Some(error) = command.escaped {
            unsupported
                .get_or_insert(format!("the command in line {} was not finished: {error}", line(facts.range.start)));
        }
        if let Some(Err(error)) = command.example {
            let detail =
                format!("the axioms of the example in line {} cannot be seen: {error}", line(facts.range.start));
            unsupported.get_or_insert(detail);
        }
        self.evidence.commands.push(CommandEvidence {
            range: facts.range,
            in_header: source.in_header,
            parse_messages: command.parse_messages.into_iter().map(|m| source.message(m)).collect(),
            messages: command.messages.into_iter().map(|m| source.message(m)).collect(),
            declarations,
            unexposed: None,
            unsupported,
        });
    }
}
