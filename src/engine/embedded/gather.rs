//! What elaborating a candidate tells: the texts it consists of, and the evidence of each command with positions in the
//! original text. Owns the translation of Lean's positions; judges nothing.

use super::audit;
use super::elaborate::{self, Command, LeanMessage, Text};
use super::exposure::{is_unexposed, unexposed_below};
use super::instance::{Failure, Instance};
use crate::domain::Message;
use crate::lean::{self, CommandEvidence, DeclarationEvidence, Evidence, LineIndex, depends_on_unfolding};
use std::collections::{HashMap, HashSet};

/// A text as it is given to Lean.
#[derive(Clone)]
pub struct Source<'a> {
    /// The text that lines and columns refer to.
    original: LineIndex<'a>,
    /// Bytes of the original text.
    length: usize,
    /// The text that byte offsets refer to, with `\n` for every line end, as Lean reads it.
    pub lean: &'a str,
    lean_lines: LineIndex<'a>,
    pub in_header: bool,
    /// Where the part begins that this is the end of; 0 for the first part of a text.
    pub from: usize,
    /// True if more of the text follows.
    pub is_continued: bool,
}

impl<'a> Source<'a> {
    /// Lines and columns of `lean` are those of `original`.
    pub fn new(original: &'a str, lean: &'a str, in_header: bool) -> Self {
        let length = original.len();
        let (original, lean_lines) = (LineIndex::new(original), LineIndex::new(lean));
        Source { original, length, lean, lean_lines, in_header, from: 0, is_continued: false }
    }

    /// The text in parts that end at `points`.
    pub fn parts(original: &'a str, lean: &'a str, points: &[usize]) -> Vec<Self> {
        let ends = points.iter().copied().chain([lean.len()]);
        let starts = [0].into_iter().chain(points.iter().copied());
        let part = |(from, end): (usize, usize)| {
            let is_continued = end < lean.len();
            Source { from, is_continued, ..Source::new(original, &lean[..end], false) }
        };
        starts.zip(ends).map(part).collect()
    }

    /// The text of which this is the last part, in one.
    pub fn whole(&self) -> Self {
        Source { from: 0, ..self.clone() }
    }

    pub fn message(&self, message: LeanMessage) -> Message {
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

/// What is known of a command that may have failed for want of unfolding.
#[derive(Clone)]
pub struct Failed {
    /// The environment of an example's named copy.
    example: Option<u32>,
    /// `Name` objects of its identifiers.
    mentioned: Vec<u32>,
}

/// A theorem or example as the text states it.
#[derive(Clone)]
pub struct Stated {
    /// Components of its full name; empty for an example.
    pub name: Vec<String>,
    /// Names the text binds in front of it, those of `variable` commands included.
    pub bound: HashSet<String>,
    /// Its body as written.
    pub body: String,
}

/// Everything gathered before the judgement; kept outside the instance so that a trap loses nothing.
#[derive(Clone, Default)]
pub struct Gathered {
    pub evidence: Evidence,
    pub declarations: Vec<String>,
    /// Commands that may have failed for want of unfolding, by index.
    failed: HashMap<usize, Failed>,
    /// Theorems and examples of the candidate, in order.
    pub statements: Vec<Stated>,
    /// Names bound by `variable` so far.
    variables: HashSet<String>,
    /// True if the candidate has a command of a kind that Lean does not have.
    pub uses_own_commands: bool,
}

/// The name object under which the environment has a declaration: as written, or as a private one.
pub fn present_name(lean: &mut Instance, environment: u32, name: &str) -> Result<Option<u32>, Failure> {
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
    /// The messages of a text's header.
    pub fn take_header(&mut self, source: &Source<'_>, text: &Text) {
        self.evidence.commands.push(CommandEvidence {
            parse_messages: text.messages.iter().cloned().map(|m| source.message(m)).collect(),
            ..CommandEvidence::default()
        });
    }

    /// For commands that failed in a way that a missing body can cause: whether one is in reach.
    pub fn find_unexposed(&mut self, lean: &mut Instance, environment: u32) -> Result<(), Failure> {
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

    pub fn take(&mut self, source: &Source<'_>, command: Command) {
        let facts = &command.facts;
        self.uses_own_commands |= !source.in_header && !facts.kind.starts_with("Lean.");
        if facts.kind == "Lean.Parser.Command.variable" {
            self.variables.extend(facts.bound.iter().cloned());
        }
        let mut declarations = Vec::new();
        for declaration in &facts.declarations {
            let name = command.full_name(&declaration.name);
            if !name.is_empty() {
                self.declarations.push(name.join("."));
            }
            if declaration.kind.is_proof() && !source.in_header {
                let bound = facts.bound.iter().chain(&self.variables).cloned().collect();
                let body = source.lean.get(declaration.body.clone()).unwrap_or_default().to_owned();
                self.statements.push(Stated { name: name.clone(), bound, body });
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
        let mut unsupported = facts.not_run.as_ref().map(|keyword| {
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
            range: facts.range.clone(),
            in_header: source.in_header,
            parse_messages: command.parse_messages.into_iter().map(|m| source.message(m)).collect(),
            messages: command.messages.into_iter().map(|m| source.message(m)).collect(),
            declarations,
            unexposed: None,
            unsupported,
        });
    }
}
