//! A candidate's commands as far as the text alone tells them, for engines that say nothing but messages. Owns which
//! declarations there are, under which names, and where their bodies stand; Lean has the last word, for what is not found
//! under its name in the environment is never taken for declared.

use super::commands::MODIFIERS;
use super::declarations::declarations;
use super::evidence::{CommandEvidence, DeclarationEvidence, DeclarationKind};
use super::lexer::{Token, lex};
use super::namespaces::Namespaces;
use crate::domain::Message;
use std::ops::Range;

/// Words that let a text change how Lean reads or elaborates it, or run code of its own.
const EXTENDS_LEAN: [&str; 41] = [
    "macro",
    "macro_rules",
    "syntax",
    "notation",
    "notation3",
    "infix",
    "infixl",
    "infixr",
    "prefix",
    "postfix",
    "elab",
    "elab_rules",
    "declare_syntax_cat",
    "initialize",
    "builtin_initialize",
    "run_cmd",
    "run_meta",
    "run_elab",
    "run_tac",
    "simproc",
    "simproc_decl",
    "dsimproc",
    "dsimproc_decl",
    "by_elab",
    "eval%",
    "unif_hint",
    "binder_predicate",
    "command_elab",
    "term_elab",
    "tactic",
    "term_parser",
    "tactic_parser",
    "command_parser",
    "app_unexpander",
    "app_delab",
    "delab",
    "export",
    "unsafe",
    "implemented_by",
    "extern",
    "init",
];

/// True if nothing in the text can change how Lean reads or elaborates the rest of it.
pub fn is_plain(text: &str) -> bool {
    lex(text).tokens.iter().all(|token| !EXTENDS_LEAN.contains(&token.text) && !token.text.starts_with("#eval"))
}

/// The commands of a text with the messages that were said of them. A command here is a declaration with what stands
/// between it and the one before.
pub fn read_commands(text: &str, messages: Vec<Message>) -> Vec<CommandEvidence> {
    let tokens = lex(text).tokens;
    let spaces = Namespaces::read(&tokens);
    let mut commands: Vec<CommandEvidence> = declarations(text)
        .into_iter()
        .map(|d| {
            // What is unsafe has no meaning in the logic: nobody asks for it there.
            let name = d.name.filter(|_| !is_unsafe(&tokens, d.start)).map(|name| spaces.full(d.start, name));
            let name = name.unwrap_or_default();
            let kind = match d.keyword {
                "theorem" | "lemma" => DeclarationKind::Theorem,
                "example" => DeclarationKind::Example,
                "axiom" => DeclarationKind::Axiom,
                "instance" => DeclarationKind::Instance,
                _ => DeclarationKind::Other,
            };
            let body = body(&tokens, d.signature.end, d.start..d.end);
            let declaration = DeclarationEvidence { kind, name, body, present: true };
            CommandEvidence { range: d.start..d.end, declarations: vec![declaration], ..CommandEvidence::default() }
        })
        .collect();
    if commands.is_empty() {
        commands.push(CommandEvidence { range: 0..text.len(), ..CommandEvidence::default() });
    }
    // Attributes and modifiers stand in front of the keyword, on the same command's account.
    let first = first_bytes(&tokens, &commands);
    for message in messages {
        let at = first.partition_point(|start| *start <= message.offset).saturating_sub(1);
        let command = &mut commands[at];
        if let Some(words) = super::words::read_not_vouched(&message.text) {
            command.unsupported.get_or_insert(format!("line {}: {words}", message.line));
        }
        match is_of_the_parser(&message) {
            true => command.parse_messages.push(message),
            false => command.messages.push(message),
        }
    }
    commands
}

/// True if `unsafe` is among the modifiers in front of a declaration's keyword.
fn is_unsafe(tokens: &[Token<'_>], keyword: usize) -> bool {
    let at = tokens.partition_point(|token| token.start < keyword);
    let modifiers = tokens[..at].iter().rev().take_while(|token| MODIFIERS.contains(&token.text));
    modifiers.into_iter().any(|token| token.text == "unsafe")
}

/// Where the commands begin, attributes and modifiers included.
fn first_bytes(tokens: &[Token<'_>], commands: &[CommandEvidence]) -> Vec<usize> {
    let mut before = 0;
    commands
        .iter()
        .map(|command| {
            let at = tokens.partition_point(|token| token.start < command.range.start);
            let mut first = command.range.start;
            for token in tokens[..at].iter().rev().take_while(|token| token.start >= before) {
                first = token.start;
            }
            before = command.range.end;
            first
        })
        .collect()
}

/// Errors of Lean's parser say what was not expected; most have a place and no end.
fn is_of_the_parser(message: &Message) -> bool {
    const ALWAYS: [&str; 5] =
        ["unexpected ", "expected ", "unterminated ", "missing end of ", "invalid escape sequence"];
    const WITHOUT_END: [&str; 4] = ["unknown tactic", "unknown parser", "missing ", "invalid "];
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| message.text.starts_with(beginning));
    begins(&ALWAYS) || message.end.is_none() && begins(&WITHOUT_END)
}

/// Bytes of a declaration's body. Without an assignment it begins at the first alternative.
fn body(tokens: &[Token<'_>], signature_end: usize, whole: Range<usize>) -> Range<usize> {
    if signature_end < whole.end {
        return signature_end..whole.end;
    }
    let inside = tokens.iter().filter(|token| whole.contains(&token.start));
    let bar = inside.clone().find(|token| token.line_start && token.text == "|" || token.text == "where");
    bar.map_or(whole.end..whole.end, |token| token.start..whole.end)
}

/// The text with every `example` made a definition with a name, so that its axioms can be asked for, and those names. The
/// places where the text grew, with by how much, in bytes.
pub fn named_examples(text: &str) -> (String, Vec<String>, Vec<(usize, usize)>) {
    let (mut named, mut names, mut grown, mut last) = (String::new(), Vec::new(), Vec::new(), 0);
    for d in declarations(text).into_iter().filter(|d| d.keyword == "example") {
        let name = format!("afcheck_example_{}", names.len() + 1);
        let put = format!("noncomputable def _root_.{name}");
        let is_noncomputable = text[..d.start].trim_end().ends_with("noncomputable");
        let put = if is_noncomputable { put["noncomputable ".len()..].to_owned() } else { put };
        named.push_str(&text[last..d.start]);
        named.push_str(&put);
        last = d.start + "example".len();
        grown.push((last, put.len() - "example".len()));
        names.push(name);
    }
    named.push_str(&text[last..]);
    (named, names, grown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Severity;

    fn error(text: &str, offset: usize) -> Message {
        let severity = Severity::Error;
        Message { severity, line: 1, column: 0, offset, end: None, text: text.into(), in_header: false }
    }

    #[test]
    fn declarations_have_their_names_kinds_and_bodies() {
        let text = "namespace A.B\nsection\n@[simp] theorem t : 1 = 1 := rfl\nend\ndef _root_.d := 2\nend A.B\n\
                    lemma u : True := by\n  trivial\nexample : 1 = 1 := rfl\ninstance : Inhabited Nat := ⟨1⟩\n\
                    namespace «x y»\ntheorem v : True\n  | _ => 1\nend «x y»\n";
        let commands = read_commands(text, vec![]);
        let found: Vec<(String, DeclarationKind, &str)> = commands
            .iter()
            .flat_map(|c| &c.declarations)
            .map(|d| (d.name.clone(), d.kind, text[d.body.clone()].trim()))
            .collect();
        let expected = [
            ("A.B.t", DeclarationKind::Theorem, ":= rfl"),
            ("d", DeclarationKind::Other, ":= 2"),
            ("u", DeclarationKind::Theorem, ":= by\n  trivial"),
            ("", DeclarationKind::Example, ":= rfl"),
            ("", DeclarationKind::Instance, ":= ⟨1⟩"),
            ("«x y».v", DeclarationKind::Theorem, "| _ => 1"),
        ];
        let expected: Vec<_> = expected.iter().map(|(name, kind, body)| ((*name).to_owned(), *kind, *body)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn messages_stand_with_their_command() {
        let text = "theorem a : True := trivial\n\n@[nope]\ntheorem b : 1 = 2 := rfl\n";
        let messages = vec![
            error("unexpected token", 3),
            error("in the attribute", text.find("nope").unwrap()),
            error("Type mismatch", text.find("rfl").unwrap()),
            error("behind the end", text.len()),
        ];
        let commands = read_commands(text, messages);
        assert_eq!((commands[0].parse_messages.len(), commands[0].messages.len()), (1, 0));
        assert_eq!(commands[1].messages.len(), 3);
        let at = text.find("rfl").unwrap();
        assert!(commands[1].in_proof(at) && !commands[1].in_proof(text.find("1 = 2").unwrap()));
        assert_eq!(read_commands("", vec![error("x", 0)])[0].messages.len(), 1);
    }

    #[test]
    fn examples_get_names() {
        let (named, names, grown) = named_examples("example : True := trivial\ntheorem t : True := by\n  trivial\n");
        assert_eq!(names, ["afcheck_example_1"]);
        assert!(named.starts_with("noncomputable def _root_.afcheck_example_1 : True := trivial\n"), "{named}");
        assert_eq!(grown, [(7, "noncomputable def _root_.afcheck_example_1".len() - 7)]);
        assert_eq!(named_examples("-- example\ndef s := \"example\"").1.len(), 0);
    }

    #[test]
    fn a_plain_text_cannot_change_lean() {
        assert!(is_plain("open Nat in\n@[simp] theorem t : 1 = 1 := by simp -- macro\n"));
        for text in ["macro \"x\" : term => `(1)", "local notation \"a\" => 1", "@[term_elab x] def f := 1", "#eval 1"]
        {
            assert!(!is_plain(text), "{text}");
        }
    }
}
