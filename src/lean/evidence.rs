//! What an engine found out about a text, before it is judged. Owns the shape both engines fill in.

use crate::domain::{Message, ReplayReport, Severity, TargetReport};
use std::collections::BTreeSet;
use std::ops::Range;

/// What a declaration is, as far as judging needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclarationKind {
    Theorem,
    Example,
    Axiom,
    Instance,
    Other,
}

impl DeclarationKind {
    /// True for declarations whose body is a proof and nothing else.
    pub fn is_proof(self) -> bool {
        matches!(self, DeclarationKind::Theorem | DeclarationKind::Example)
    }
}

/// One declaration of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationEvidence {
    pub kind: DeclarationKind,
    /// Full name; empty for `example` and unnamed instances.
    pub name: String,
    /// Bytes of the body in the text.
    pub body: Range<usize>,
    /// True if the environment has it after the command (always true for what has no name).
    pub present: bool,
}

/// One command of the text.
#[derive(Clone, Debug, Default)]
pub struct CommandEvidence {
    /// Bytes of the command.
    pub range: Range<usize>,
    /// True for commands of the record's header, which declare nothing on the candidate's behalf.
    pub in_header: bool,
    /// Messages of the parser; positions in the original text.
    pub parse_messages: Vec<Message>,
    /// Messages of the elaborator.
    pub messages: Vec<Message>,
    pub declarations: Vec<DeclarationEvidence>,
    /// A library definition without a body that unfolding a statement of this command can meet.
    pub unexposed: Option<String>,
    /// Something the engine cannot truly do, in words that name it (`#eval`, ...).
    pub unsupported: Option<String>,
}

/// Everything known of a text that was elaborated to its end.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Commands of the header, then of the candidate.
    pub commands: Vec<CommandEvidence>,
    /// Axioms that everything the text declares rests on.
    pub axioms: BTreeSet<String>,
    /// True if a theorem was added by something that does not look like one (a macro of the text).
    pub hidden_theorem: bool,
    /// Something the engine lacked that no single command can be blamed for.
    pub unsupported: Option<String>,
    /// What the kernel said when it checked the declarations again; `None` if that was not asked for.
    pub replay: Option<ReplayReport>,
    /// What the comparison with the target said; `None` if that was not asked for.
    pub target: Option<TargetReport>,
}

impl CommandEvidence {
    /// Errors of the parser (`true`) and the elaborator (`false`).
    pub fn errors(&self) -> impl Iterator<Item = (&Message, bool)> {
        let parse = self.parse_messages.iter().map(|m| (m, true));
        parse.chain(self.messages.iter().map(|m| (m, false))).filter(|(m, _)| m.severity == Severity::Error)
    }

    /// True if byte `offset` is inside the body of a theorem or example.
    pub fn in_proof(&self, offset: usize) -> bool {
        self.declarations.iter().any(|d| d.kind.is_proof() && d.body.start <= offset && offset < d.body.end.max(1))
    }
}
