//! The command loop: parses and elaborates a text command by command, as `lean FILE` does, and keeps what the host must
//! know of each. Owns the calls into Lean's frontend; judges nothing.
//!
//! The text is given to Lean as it is: everything it needs around it (`noncomputable`, options) is set in the state it
//! starts from, so every position is one of the text.

use super::boot;
use super::instance::{Failure, Instance};
use super::object::{NIL, boxed};
use super::syntax::{CommandFacts, HeaderFacts};
use crate::domain::Severity;
use crate::lean::{depends_on_unfolding, plain_header};

/// A message as Lean holds it.
#[derive(Clone, Debug)]
pub struct LeanMessage {
    pub severity: Severity,
    /// 1-based line, 0-based column in code points.
    pub start: (u32, u32),
    pub end: Option<(u32, u32)>,
    pub text: String,
}

/// One command that was parsed and elaborated.
#[derive(Clone, Debug, Default)]
pub struct Command {
    pub facts: CommandFacts,
    /// Messages of the parser.
    pub parse_messages: Vec<LeanMessage>,
    /// Messages of the elaborator.
    pub messages: Vec<LeanMessage>,
    /// Namespace the command stood in.
    pub namespace: Vec<String>,
    /// Set if the elaborator left with an exception instead of messages.
    pub escaped: Option<String>,
    /// For a command that may have failed for want of unfolding: `Name` objects of the identifiers in it.
    pub mentioned: Vec<u32>,
    /// For an `example` that may have failed for want of unfolding: the environment of its named copy.
    pub failed_example: Option<u32>,
    /// For an `example` without errors: the environment in which a definition of the same type and value stands, so
    /// that its axioms can be asked for. `Err` if Lean refused that definition.
    pub example: Option<Result<u32, String>>,
}

impl Command {
    /// Components of the full name of something the command declares; empty for what has no name.
    pub fn full_name(&self, declared: &[String]) -> Vec<String> {
        match declared.split_first() {
            Some((root, rest)) if root == "_root_" => rest.to_vec(),
            Some(_) => [&self.namespace[..], declared].concat(),
            None => vec![],
        }
    }
}

/// Name of the definition that stands for an `example`.
pub const EXAMPLE_NAME: &str = "_afcheck_example";

/// Fields of the structures this loop reads.
mod fields {
    pub const COMMAND_STATE_ENV: u32 = 0;
    pub const COMMAND_STATE_MESSAGES: u32 = 1;
    pub const COMMAND_STATE_SCOPES: u32 = 2;
    /// An `InfoState`, whose `enabled` stands behind its objects.
    pub const COMMAND_STATE_INFO: u32 = 8;
    pub const INFO_OBJECTS: u32 = 3;
    /// Of an `InfoState` its trees, a `PersistentArray`.
    pub const INFO_TREES: u32 = 2;
    /// Of a parser's `InputContext`: inputString, fileName, fileMap, endPos.
    pub const INPUT_FILE_MAP: u32 = 2;
    /// Where an `IO.Ref` holds its value, in bytes.
    pub const REF_VALUE: u32 = 8;
    pub const SCOPE_OPTIONS: u32 = 1;
    pub const SCOPE_NAMESPACE: u32 = 2;
    pub const SCOPE_OPEN_DECLS: u32 = 3;
    /// Object fields of `Scope`; `isNoncomputable` is the first scalar behind them.
    pub const SCOPE_OBJECTS: u8 = 10;
    /// Object fields of `Message`: fileName, pos, endPos, caption, data.
    pub const MESSAGE_OBJECTS: u32 = 5;
}

/// Which messages are printed: printing goals costs more than many a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    All,
    Errors,
    Nothing,
}

/// A parsed text in front of its first command.
pub struct Text {
    input: u32,
    parser: u32,
    pub printed: Printed,
    /// The header's messages.
    pub messages: Vec<LeanMessage>,
    pub header: HeaderFacts,
}

impl Text {
    /// Lean's own line table of the text (`FileMap`).
    pub fn file_map(&self, lean: &Instance) -> Result<u32, Failure> {
        lean.field(self.input, fields::INPUT_FILE_MAP)
    }
}

/// Prepares a text: line table, header parsed. Needs no environment.
pub fn open_text(lean: &mut Instance, text: &str) -> Result<Text, Failure> {
    let source = lean.string(text)?;
    let file = lean.string("<input>")?;
    lean.retain(source)?;
    let normalise = 1;
    let end = boxed(text.len() as u32);
    let input = lean.call("l_Lean_Parser_mkInputContext___redArg", &[source, file, normalise, end])?;
    let (parser, messages, header) = match plain_header(text) {
        // Lean's parser of headers makes itself an empty environment, which costs as much as a short proof.
        Some(header) => {
            let is_recovering = 0;
            let parser = lean.constructor(0, &[boxed(header.first_command as u32)], &[is_recovering])?;
            (parser, vec![], HeaderFacts { imports: header.imports, prelude: false })
        }
        None => parse_header(lean, input)?,
    };
    Ok(Text { input, parser, printed: Printed::All, messages, header })
}

/// Lean's own parser of headers: its state behind the header, its messages, and what the header asks for.
fn parse_header(lean: &mut Instance, input: u32) -> Result<(u32, Vec<LeanMessage>, HeaderFacts), Failure> {
    lean.retain(input)?;
    let result = lean.call("l_Lean_Parser_parseHeader", &[input])?;
    let parsed = lean.expect_io(result, "parseHeader")?;
    let (syntax, rest) = (lean.field(parsed, 0)?, lean.field(parsed, 1)?);
    let (parser, log) = (lean.field(rest, 0)?, lean.field(rest, 1)?);
    lean.retain(parser)?;
    let header = lean.header_imports(syntax)?;
    let messages = messages(lean, log, Printed::All)?;
    Ok((parser, messages, header))
}

/// With which options a text is elaborated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Lean's defaults.
    Candidate,
    /// For a candidate's text of which only what it states counts: Lean's defaults, but nothing is made for linters and
    /// editors.
    Statement,
    /// For trusted text in an instance no candidate runs in: an unknown name is an error, not a variable that Lean binds
    /// by itself, and what only linters and editors read is not made.
    Trusted,
}

/// A `Command.State` that starts from `environment`, in a noncomputable top-level scope.
pub fn start_state(lean: &mut Instance, environment: u32, strictness: Strictness) -> Result<u32, Failure> {
    let mut options = boot::options(lean)?;
    if strictness == Strictness::Trusted {
        options = boot::set_option(lean, options, &["autoImplicit"], false)?;
    }
    let log = lean.constant("l_Lean_MessageLog_empty")?;
    lean.retain(log)?;
    lean.retain(environment)?;
    let state = lean.call("l_Lean_Elab_Command_mkState", &[environment, log, options])?;
    let scope = top_scope(lean, state)?;
    if lean.field_count(scope)? != fields::SCOPE_OBJECTS {
        return Err(Failure::msg("this Lean's Scope has another layout"));
    }
    let flag = scope + 8 + 4 * u32::from(fields::SCOPE_OBJECTS);
    lean.write_bytes(flag, &[1])?;
    if strictness == Strictness::Candidate { Ok(state) } else { quiet(lean, state) }
}

/// A state that gathers nothing for linters and editors, in an instance without linters.
fn quiet(lean: &mut Instance, state: u32) -> Result<u32, Failure> {
    let linters = lean.constant("l_Lean_Elab_Command_lintersRef")?;
    let none = lean.array(&[])?;
    lean.write_bytes(linters + fields::REF_VALUE, &none.to_le_bytes())?;
    let gathered = lean.field(state, fields::COMMAND_STATE_INFO)?;
    let is_enabled = 0;
    let parts = (0..fields::INFO_OBJECTS).map(|i| lean.field(gathered, i)).collect::<Result<Vec<_>, _>>()?;
    parts.iter().try_for_each(|part| lean.retain(*part).map(drop))?;
    let gathered = lean.constructor(0, &parts, &[is_enabled])?;
    lean.copy_with(state, fields::COMMAND_STATE_INFO, gathered)
}

fn top_scope(lean: &Instance, state: u32) -> Result<u32, Failure> {
    lean.field(lean.field(state, fields::COMMAND_STATE_SCOPES)?, 0)
}

/// The environment of a command state.
pub fn state_environment(lean: &Instance, state: u32) -> Result<u32, Failure> {
    lean.field(state, fields::COMMAND_STATE_ENV)
}

/// What Lean recorded for editors of the last commands: `InfoTree` objects. Parts that were put off are put in.
pub fn info_trees(lean: &mut Instance, state: u32) -> Result<Vec<u32>, Failure> {
    let gathered = lean.field(state, fields::COMMAND_STATE_INFO)?;
    lean.retain(gathered)?;
    let task = lean.call("l_Lean_Elab_InfoState_substituteLazy", &[gathered])?;
    // A task that is done holds its value where a reference does.
    let gathered = lean.word(task + fields::REF_VALUE)?;
    let trees = lean.field(gathered, fields::INFO_TREES)?;
    lean.read_persistent_array(trees)
}

/// Elaborates the commands of `text` from `state`, giving each to `visit` as soon as it is done (so that what came
/// before a trap is not lost), and returns the last state.
pub fn run(lean: &mut Instance, text: &Text, state: u32, visit: &mut dyn FnMut(Command)) -> Result<u32, Failure> {
    let mut commands = Commands::new(text, state);
    while let Some(command) = commands.next(lean)? {
        visit(command);
    }
    Ok(commands.state)
}

/// A text being elaborated command by command.
pub struct Commands<'a> {
    text: &'a Text,
    /// The `Command.State` behind the last command.
    pub state: u32,
    /// The parser's state behind the last command.
    pub parser: u32,
    /// True if the end of the text is not the end of what is to be read: it is then no command.
    pub stops_before_end: bool,
    is_over: bool,
}

impl<'a> Commands<'a> {
    /// In front of the first command.
    pub fn new(text: &'a Text, state: u32) -> Self {
        Commands { text, state, parser: text.parser, stops_before_end: false, is_over: false }
    }

    /// Behind a command of another text that began the same: with its states.
    pub fn behind(text: &'a Text, state: u32, parser: u32) -> Self {
        Commands { text, state, parser, stops_before_end: false, is_over: false }
    }

    /// Bytes of the text that were read, with the white space behind the last command.
    pub fn position(&self, lean: &Instance) -> Result<usize, Failure> {
        Ok(lean.read_nat(lean.field(self.parser, 0)?)?.unwrap_or(0) as usize)
    }

    /// The next command, elaborated; `None` behind the last.
    pub fn next(&mut self, lean: &mut Instance) -> Result<Option<Command>, Failure> {
        if self.is_over {
            return Ok(None);
        }
        let (text, parser, before) = (self.text, self.parser, self.state);
        let scope = top_scope(lean, before)?;
        let mut context = vec![lean.field(before, fields::COMMAND_STATE_ENV)?];
        for field in [fields::SCOPE_OPTIONS, fields::SCOPE_NAMESPACE, fields::SCOPE_OPEN_DECLS] {
            context.push(lean.field(scope, field)?);
        }
        let mut command = Command { namespace: lean.name_components(context[2])?, ..Command::default() };
        for object in &context {
            lean.retain(*object)?;
        }
        let context = lean.constructor(0, &context, &[])?;
        let log = lean.constant("l_Lean_MessageLog_empty")?;
        let position = lean.field(parser, 0)?;
        for object in [log, text.input, parser] {
            lean.retain(object)?;
        }
        let parsed = lean.call("l_Lean_Parser_parseCommand", &[text.input, context, parser, log])?;
        let (syntax, rest) = (lean.field(parsed, 0)?, lean.field(parsed, 1)?);
        let (next_parser, parse_log) = (lean.field(rest, 0)?, lean.field(rest, 1)?);
        command.parse_messages = messages(lean, parse_log, text.printed)?;
        command.facts = lean.command_facts(syntax)?;
        if self.stops_before_end && command.facts.kind == "Lean.Parser.Command.eoi" {
            self.parser = next_parser;
            self.is_over = true;
            return Ok(None);
        }

        let step = Step { text, parser: next_parser, position };
        let outcome = step.elaborate(lean, before, syntax)?;
        match outcome {
            Ok(after) => {
                self.state = after;
                let log = lean.field(after, fields::COMMAND_STATE_MESSAGES)?;
                command.messages = messages(lean, log, text.printed)?;
            }
            Err(error) => command.escaped = Some(error),
        }
        let clean = command.escaped.is_none()
            && !command.parse_messages.iter().chain(&command.messages).any(|m| m.severity == Severity::Error);
        let unfolding = command.messages.iter().any(|m| depends_on_unfolding(&m.text));
        if unfolding {
            command.mentioned = lean.identifiers(syntax)?;
        }
        if let Some(path) = &command.facts.example
            && (clean || unfolding)
        {
            let named = named_example(lean, syntax, path)?;
            let (environment, error) = step.audit_example(lean, before, named)?;
            if clean {
                command.example = Some(error.map_or(Ok(environment), Err));
            } else {
                command.failed_example = Some(environment);
            }
        }
        lean.retain(syntax)?;
        self.is_over = lean.call("l_Lean_Parser_isTerminalCommand", &[syntax])? & 0xff != 0;
        if !self.is_over {
            self.parser = next_parser;
        }
        Ok(Some(command))
    }
}

/// One parsed command in its place.
struct Step<'a> {
    text: &'a Text,
    parser: u32,
    position: u32,
}

impl Step<'_> {
    /// Elaborates `syntax` from `state`; the state stays usable.
    fn elaborate(&self, lean: &mut Instance, state: u32, syntax: u32) -> Result<Result<u32, String>, Failure> {
        let commands = lean.array(&[])?;
        for object in [state, self.parser, self.position, syntax, self.text.input] {
            lean.retain(object)?;
        }
        let frontend = lean.constructor(0, &[state, self.parser, self.position, commands], &[])?;
        let reference = lean.call("lean_st_mk_ref", &[frontend])?;
        lean.retain(reference)?;
        let result = lean.call("l_Lean_Elab_Frontend_elabCommandAtFrontend", &[syntax, self.text.input, reference])?;
        if let Err(error) = lean.io_result(result)? {
            return Ok(Err(error));
        }
        let frontend = lean.call("lean_st_ref_get", &[reference])?;
        lean.field(frontend, 0).map(Ok)
    }

    /// The environment after the named copy, and the first error in it.
    fn audit_example(&self, lean: &mut Instance, state: u32, named: u32) -> Result<(u32, Option<String>), Failure> {
        match self.elaborate(lean, state, named)? {
            Err(error) => Ok((state_environment(lean, state)?, Some(error))),
            Ok(after) => {
                let log = lean.field(after, fields::COMMAND_STATE_MESSAGES)?;
                let error = messages(lean, log, Printed::All)?.into_iter().find(|m| m.severity == Severity::Error);
                Ok((state_environment(lean, after)?, error.map(|e| e.text)))
            }
        }
    }
}

/// A copy of `syntax` in which the `example` at `path` is a definition named [`EXAMPLE_NAME`].
fn named_example(lean: &mut Instance, syntax: u32, path: &[u32]) -> Result<u32, Failure> {
    let (info, kind) = (lean.field(syntax, 0)?, lean.field(syntax, 1)?);
    let mut children = lean.read_array(lean.field(syntax, 2)?)?;
    let new_kind = match path.split_first() {
        Some((first, rest)) => {
            let child = *children.get(*first as usize).ok_or_else(|| Failure::msg("an example out of its place"))?;
            children[*first as usize] = named_example(lean, child, rest)?;
            kind
        }
        None => {
            // example optDeclSig declVal  ->  def declId optDeclSig declVal optDeriving
            let keyword = children[0];
            let source = lean.field(keyword, 0)?;
            let name = lean.name(&[EXAMPLE_NAME])?;
            let raw = lean.string(EXAMPLE_NAME)?;
            let substring = lean.constructor(0, &[raw, boxed(0), boxed(EXAMPLE_NAME.len() as u32)], &[])?;
            lean.retain(source)?;
            let ident = lean.constructor(3, &[source, substring, name, NIL], &[])?;
            let no_levels = null_node(lean)?;
            let id_kind = lean.name(&["Lean", "Parser", "Command", "declId"])?;
            let id = node(lean, id_kind, &[ident, no_levels])?;
            let def = lean.string("def")?;
            lean.retain(source)?;
            let def = lean.constructor(2, &[source, def], &[])?;
            let no_deriving = null_node(lean)?;
            children = vec![def, id, children[1], children[2], no_deriving];
            lean.name(&["Lean", "Parser", "Command", "definition"])?
        }
    };
    for object in [info, new_kind].iter().chain(&children) {
        lean.retain(*object)?;
    }
    let args = lean.array(&children)?;
    lean.constructor(1, &[info, new_kind, args], &[])
}

fn null_node(lean: &mut Instance) -> Result<u32, Failure> {
    let kind = lean.name(&["null"])?;
    node(lean, kind, &[])
}

fn node(lean: &mut Instance, kind: u32, children: &[u32]) -> Result<u32, Failure> {
    let args = lean.array(children)?;
    // SourceInfo.none is the constructor without fields: its index, boxed.
    lean.constructor(1, &[boxed(2), kind, args], &[])
}

/// The messages of a log that `lean FILE` would print; without the texts of those that are not to be printed.
fn messages(lean: &mut Instance, log: u32, printed: Printed) -> Result<Vec<LeanMessage>, Failure> {
    lean.retain(log)?;
    let list = lean.call("l_Lean_MessageLog_toList", &[log])?;
    let mut messages = Vec::new();
    for message in lean.read_list(list)? {
        let silent = lean.scalar_byte(message, fields::MESSAGE_OBJECTS, 2)? != 0;
        if silent {
            continue;
        }
        let severity = match lean.scalar_byte(message, fields::MESSAGE_OBJECTS, 1)? {
            0 => Severity::Info,
            1 => Severity::Warning,
            _ => Severity::Error,
        };
        let start = position(lean, lean.field(message, 1)?)?;
        let end = match lean.field(message, 2)? {
            NIL => None,
            some => Some(position(lean, lean.field(some, 0)?)?),
        };
        let mut text = String::new();
        if printed == Printed::All || printed == Printed::Errors && severity == Severity::Error {
            let data = lean.field(message, 4)?;
            lean.retain(data)?;
            let printed = lean.call("l_Lean_MessageData_toString", &[data])?;
            text = lean.read_string(printed)?;
        }
        messages.push(LeanMessage { severity, start, end, text });
    }
    Ok(messages)
}

fn position(lean: &Instance, position: u32) -> Result<(u32, u32), Failure> {
    let number = |field| Ok::<_, Failure>(lean.read_nat(lean.field(position, field)?)?.unwrap_or(0) as u32);
    Ok((number(0)?, number(1)?))
}

#[cfg(test)]
mod tests {
    use super::{Commands, Printed, open_text, parse_header, plain_header};
    use crate::engine::embedded::forged::bench::on_a_bench;

    #[test]
    fn lean_finds_the_first_command_where_we_find_it() {
        on_a_bench(|bench| {
            let lean = bench.reset_working();
            for text in [
                "theorem t : True := trivial",
                "-- import Mathlib\n  -- é\n\n  open Nat in\nexample : 1 = 1 := rfl",
                "/-- A fact. -/ theorem t : True := trivial",
                "@[simp] theorem t : True := trivial",
                "importing : Nat",
                "\n\n variable (n : Nat)",
                "import AfCore",
                "import Init.Data.List\nimport Std -- all of it\n\nopen Nat\n",
                "-- notes\nimport A_1 import B\n",
                "import   A\n\n-- é\n@[simp] theorem t : True := trivial",
            ] {
                assert!(plain_header(text).is_some(), "{text}");
                let quick = open_text(lean, text).expect("opened");
                let (parser, messages, header) = parse_header(lean, quick.input).expect("parsed");
                assert_eq!((messages.len(), header), (0, quick.header.clone()), "{text}");
                let behind = |parser| Commands { parser, ..Commands::new(&quick, 0) };
                let [ours, leans] = [quick.parser, parser].map(|p| behind(p).position(lean).expect("a position"));
                assert_eq!(ours, leans, "{text}");
                let recovering = [quick.parser, parser].map(|p| lean.scalar_byte(p, 1, 0).expect("a flag"));
                assert_eq!(recovering, [0, 0], "{text}");
                assert_eq!(quick.printed, Printed::All);
            }
        });
    }
}
