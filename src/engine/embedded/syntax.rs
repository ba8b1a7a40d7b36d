//! Reading Lean's `Syntax` trees from the host: what a command declares, where its proofs are, and whether it needs
//! something this engine cannot run. Owns the knowledge of syntax node kinds.

use super::instance::{Failure, Instance};
use super::object::is_scalar;
use crate::lean::DeclarationKind;
use std::ops::Range;

/// What the host knows of one command from its syntax.
#[derive(Clone, Debug, Default)]
pub struct CommandFacts {
    /// Node kind of the command, e.g. `Lean.Parser.Command.declaration`.
    pub kind: String,
    /// Byte range in the text, white space aside.
    pub range: Range<usize>,
    /// Declarations in the order of the text, nested ones (`mutual`, `open .. in`) included.
    pub declarations: Vec<Declaration>,
    /// The first construct that embedded Lean cannot truly run, as its keyword.
    pub not_run: Option<String>,
    /// Names bound by `(x : ..)`, `{x : ..}` and `⦃x : ..⦄`.
    pub bound: Vec<String>,
    /// Object of the first `example` node and its path of child indices from the command.
    pub example: Option<Vec<u32>>,
}

/// One declaration as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    pub kind: DeclarationKind,
    /// Components of the declared name without the namespace; empty for `example` and unnamed instances.
    pub name: Vec<String>,
    /// Byte range of the body (`:= ..` or the alternatives), empty if there is none.
    pub body: Range<usize>,
}

/// Keywords of commands, tactics and terms that run user code or external programs, by node kind.
const NOT_RUN: &[(&str, &str)] = &[
    ("Lean.Parser.Command.eval", "#eval"),
    ("Lean.runCmd", "run_cmd"),
    ("Lean.runElab", "run_elab"),
    ("Lean.runMeta", "run_meta"),
    ("Lean.Parser.Command.guardCmd", "#guard"),
    ("Lean.Parser.Command.evalBang", "#eval!"),
    ("Lean.Parser.Command.elab", "elab"),
    ("Lean.Parser.Command.elab_rules", "elab_rules"),
    ("Lean.Parser.Command.initialize", "initialize"),
    ("Lean.Parser.Tactic.nativeDecide", "native_decide"),
    ("Lean.Parser.Tactic.runTac", "run_tac"),
    ("Lean.Parser.Tactic.bvDecide", "bv_decide"),
    ("Lean.Parser.Tactic.bvCheck", "bv_check"),
    ("Lean.Parser.Tactic.bvNormalize", "bv_normalize"),
    ("Lean.byElab", "by_elab"),
];

/// Attributes that make a definition part of the elaborator: it is user code that would run. Without compiled code
/// most of them silently do nothing.
const NOT_RUN_ATTRIBUTES: &[&str] = &[
    "command_elab",
    "term_elab",
    "tactic",
    "builtin_command_elab",
    "builtin_term_elab",
    "builtin_tactic",
    "simproc",
    "dsimproc",
    "cbv_simproc",
    "init",
    "builtin_init",
    "doElem_elab",
    "norm_num",
    "env_linter",
];

/// The keyword of a construct that is not truly run, by node kind.
fn not_run(kind: &str) -> Option<&'static str> {
    if kind.contains("command_") && kind.to_ascii_lowercase().contains("simproc") {
        return Some("simproc");
    }
    NOT_RUN.iter().find(|(k, _)| *k == kind).map(|(_, keyword)| *keyword)
}

fn is_binder(kind: &str) -> bool {
    let kind = kind.strip_prefix("Lean.Parser.Term.");
    matches!(kind, Some("explicitBinder" | "implicitBinder" | "strictImplicitBinder"))
}

/// True for `` `(..) `` and its relatives, whose contents are syntax and not commands of the text.
fn is_quotation(kind: &str) -> bool {
    kind.strip_prefix("Lean.Parser.").is_some_and(|k| k.ends_with(".quot") || k.ends_with(".quotSeq"))
        || kind == "Lean.Parser.Term.dynamicQuot"
}

impl Instance {
    /// Walks the syntax tree of a command once.
    pub fn command_facts(&self, command: u32) -> Result<CommandFacts, Failure> {
        let mut facts = CommandFacts {
            range: self.range(command)?,
            kind: self.node_kind(command)?.unwrap_or_default(),
            ..Default::default()
        };
        let mut pending: Vec<(u32, Vec<u32>, bool)> = vec![(command, vec![], false)];
        while let Some((syntax, path, quoted)) = pending.pop() {
            let Some(kind) = self.node_kind(syntax)? else { continue };
            let children = self.read_array(self.field(syntax, 2)?)?;
            if facts.not_run.is_none() {
                facts.not_run = not_run(&kind).map(str::to_owned);
            }
            if facts.not_run.is_none() && kind == "Lean.Parser.Attr.simple" {
                let name = self.identifier(children.first().copied())?.join(".");
                facts.not_run = NOT_RUN_ATTRIBUTES.contains(&name.as_str()).then(|| format!("@[{name}]"));
            }
            if is_binder(&kind)
                && let Some(names) = children.get(1)
                && self.node_kind(*names)?.is_some()
            {
                for name in self.read_array(self.field(*names, 2)?)? {
                    facts.bound.push(self.identifier(Some(name))?.join("."));
                }
            }
            // What a macro quotes is declared where the macro is used, but what it would run is run there too.
            let quoted = quoted || is_quotation(&kind);
            if let (Some(declared), false) = (declaration_kind(&kind), quoted) {
                let body = self.body_range(&children)?;
                let name = self.declared_name(&children)?;
                if declared == DeclarationKind::Example && facts.example.is_none() {
                    facts.example = Some(path.clone());
                }
                facts.declarations.push(Declaration { kind: declared, name, body });
            }
            // Paths are only needed for `example`, which sits near the root.
            for (i, child) in children.iter().enumerate().rev() {
                let path = if path.len() < 8 { [&path[..], &[i as u32]].concat() } else { vec![u32::MAX; 8] };
                pending.push((*child, path, quoted));
            }
        }
        Ok(facts)
    }

    /// Kind of a node, `None` for leaves and missing syntax.
    pub fn node_kind(&self, syntax: u32) -> Result<Option<String>, Failure> {
        if is_scalar(syntax) || self.tag(syntax)? != 1 {
            return Ok(None);
        }
        self.read_name(self.field(syntax, 1)?).map(Some)
    }

    /// Byte range of an atom or identifier that comes from the text.
    fn leaf_range(&self, syntax: u32) -> Result<Option<Range<usize>>, Failure> {
        if is_scalar(syntax) || self.tag(syntax)? < 2 {
            return Ok(None);
        }
        let info = self.field(syntax, 0)?;
        if is_scalar(info) || self.tag(info)? != 0 {
            return Ok(None);
        }
        let (start, end) = (self.field(info, 1)?, self.field(info, 3)?);
        let (Some(start), Some(end)) = (self.read_nat(start)?, self.read_nat(end)?) else { return Ok(None) };
        Ok(Some(start as usize..end as usize))
    }

    /// Byte range of everything below `syntax`.
    fn range(&self, syntax: u32) -> Result<Range<usize>, Failure> {
        let mut range: Option<Range<usize>> = None;
        let mut pending = vec![syntax];
        while let Some(syntax) = pending.pop() {
            if let Some(leaf) = self.leaf_range(syntax)? {
                range = Some(range.map_or(leaf.clone(), |r| r.start.min(leaf.start)..r.end.max(leaf.end)));
            } else if !is_scalar(syntax) && self.tag(syntax)? == 1 {
                pending.extend(self.read_array(self.field(syntax, 2)?)?);
            }
        }
        Ok(range.unwrap_or(0..0))
    }

    /// `Name` objects of all identifiers below `syntax`, as written.
    pub fn identifiers(&self, syntax: u32) -> Result<Vec<u32>, Failure> {
        let mut names = Vec::new();
        let mut pending = vec![syntax];
        while let Some(syntax) = pending.pop() {
            if is_scalar(syntax) {
                continue;
            }
            match self.tag(syntax)? {
                1 => pending.extend(self.read_array(self.field(syntax, 2)?)?),
                3 => names.push(self.field(syntax, 2)?),
                _ => {}
            }
        }
        Ok(names)
    }

    fn body_range(&self, children: &[u32]) -> Result<Range<usize>, Failure> {
        for child in children {
            if let Some(kind) = self.node_kind(*child)?
                && matches!(
                    kind.as_str(),
                    "Lean.Parser.Command.declValSimple"
                        | "Lean.Parser.Command.declValEqns"
                        | "Lean.Parser.Command.whereStructInst"
                )
            {
                return self.range(*child);
            }
        }
        Ok(0..0)
    }

    /// The name in the `declId` among the children, or in an optional one.
    fn declared_name(&self, children: &[u32]) -> Result<Vec<String>, Failure> {
        for child in children {
            match self.node_kind(*child)?.as_deref() {
                Some("Lean.Parser.Command.declId") => {
                    let parts = self.read_array(self.field(*child, 2)?)?;
                    return self.identifier(parts.first().copied());
                }
                Some("null") => {
                    let parts = self.read_array(self.field(*child, 2)?)?;
                    if parts.len() == 1 && self.node_kind(parts[0])?.as_deref() == Some("Lean.Parser.Command.declId") {
                        return self.declared_name(&parts);
                    }
                }
                _ => {}
            }
        }
        Ok(vec![])
    }

    fn identifier(&self, syntax: Option<u32>) -> Result<Vec<String>, Failure> {
        match syntax {
            Some(ident) if !is_scalar(ident) && self.tag(ident)? == 3 => self.name_components(self.field(ident, 2)?),
            _ => Ok(vec![]),
        }
    }

    /// String components of a name, outermost first; numeric components end it.
    pub fn name_components(&self, mut name: u32) -> Result<Vec<String>, Failure> {
        let mut components = Vec::new();
        while !is_scalar(name) {
            if self.tag(name)? == 1 {
                components.push(self.read_string(self.field(name, 1)?)?);
            }
            name = self.field(name, 0)?;
        }
        components.reverse();
        Ok(components)
    }

    /// Module names imported by a header node (`Lean.Parser.Module.header`).
    pub fn header_imports(&self, header: u32) -> Result<HeaderFacts, Failure> {
        let mut facts = HeaderFacts::default();
        let mut pending = vec![header];
        while let Some(syntax) = pending.pop() {
            match self.node_kind(syntax)?.as_deref() {
                Some("Lean.Parser.Module.import") => {
                    for child in self.read_array(self.field(syntax, 2)?)? {
                        let name = self.identifier(Some(child))?;
                        if !name.is_empty() {
                            facts.imports.push(name.join("."));
                        }
                    }
                }
                Some("Lean.Parser.Module.prelude") => facts.prelude = true,
                Some(_) => pending.extend(self.read_array(self.field(syntax, 2)?)?.into_iter().rev()),
                None => {}
            }
        }
        Ok(facts)
    }
}

/// What a header asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderFacts {
    /// Imported modules in order.
    pub imports: Vec<String>,
    /// True for `prelude`, which no library is imported for.
    pub prelude: bool,
}

fn declaration_kind(kind: &str) -> Option<DeclarationKind> {
    Some(match kind.strip_prefix("Lean.Parser.Command.")? {
        "theorem" => DeclarationKind::Theorem,
        "example" => DeclarationKind::Example,
        "axiom" => DeclarationKind::Axiom,
        "instance" => DeclarationKind::Instance,
        "definition" | "abbrev" | "opaque" | "inductive" | "coinductive" | "structure" | "classInductive" => {
            DeclarationKind::Other
        }
        _ => return None,
    })
}
