//! Constants of an environment. Owns their shapes, which follow Lean's `ConstantInfo` (Lean 4.28, `Declaration.lean`).

use super::term::{ExprId, NameId, Terms};
use std::collections::HashMap;

/// Constants by name.
pub type Constants = HashMap<NameId, Constant>;

/// What every constant has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub name: NameId,
    /// Universe parameters.
    pub params: Vec<NameId>,
    pub ty: ExprId,
}

/// Whether a definition has a meaning in the logic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    Unsafe,
    Safe,
    Partial,
}

/// Advice to the kernel on what to unfold first; the truth of nothing depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hints {
    Opaque,
    Abbreviation,
    Regular(u32),
}

/// A computation rule of a recursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub constructor: NameId,
    pub fields: u32,
    pub rhs: ExprId,
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    pub signature: Signature,
    pub kind: Kind,
}

/// What a constant is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Axiom {
        is_unsafe: bool,
    },
    Definition {
        value: ExprId,
        hints: Hints,
        safety: Safety,
    },
    Theorem {
        value: ExprId,
    },
    Opaque {
        value: ExprId,
        is_unsafe: bool,
    },
    /// One of the four constants of quotients.
    Quotient,
    Inductive {
        params: u32,
        indices: u32,
        /// The types declared with it, itself included.
        all: Vec<NameId>,
        constructors: Vec<NameId>,
        nested: u32,
        is_recursive: bool,
        is_unsafe: bool,
        is_reflexive: bool,
    },
    Constructor {
        inductive: NameId,
        index: u32,
        params: u32,
        fields: u32,
        is_unsafe: bool,
    },
    Recursor {
        all: Vec<NameId>,
        params: u32,
        indices: u32,
        motives: u32,
        minors: u32,
        rules: Vec<Rule>,
        k: bool,
        is_unsafe: bool,
    },
}

impl Constant {
    /// True for what has no meaning in the logic.
    pub fn is_unsafe(&self) -> bool {
        match &self.kind {
            Kind::Definition { safety, .. } => *safety != Safety::Safe,
            Kind::Axiom { is_unsafe }
            | Kind::Opaque { is_unsafe, .. }
            | Kind::Inductive { is_unsafe, .. }
            | Kind::Constructor { is_unsafe, .. }
            | Kind::Recursor { is_unsafe, .. } => *is_unsafe,
            Kind::Theorem { .. } | Kind::Quotient => false,
        }
    }

    /// The term it stands for, if it has one.
    pub fn value(&self) -> Option<ExprId> {
        match self.kind {
            Kind::Definition { value, .. } | Kind::Theorem { value } | Kind::Opaque { value, .. } => Some(value),
            _ => None,
        }
    }

    /// In words for people.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Axiom { .. } => "axiom",
            Kind::Definition { .. } => "definition",
            Kind::Theorem { .. } => "theorem",
            Kind::Opaque { .. } => "opaque constant",
            Kind::Quotient => "quotient constant",
            Kind::Inductive { .. } => "inductive type",
            Kind::Constructor { .. } => "constructor",
            Kind::Recursor { .. } => "recursor",
        }
    }

    /// Everything it mentions: constants of its type and value, and the types and constructors it belongs to.
    pub fn mentions(&self, terms: &Terms) -> Vec<NameId> {
        let mut roots = vec![self.signature.ty];
        roots.extend(self.value());
        let mut names = match &self.kind {
            Kind::Inductive { all, constructors, .. } => [&all[..], constructors].concat(),
            Kind::Constructor { inductive, .. } => vec![*inductive],
            Kind::Recursor { all, rules, .. } => {
                roots.extend(rules.iter().map(|r| r.rhs));
                all.clone()
            }
            _ => vec![],
        };
        names.extend(terms.constants_below(roots));
        names
    }
}
