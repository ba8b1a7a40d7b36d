//! Reads constants out of an instance into `lean::kernel` terms. Owns the layout of `Name`, `Level`, `Expr` and
//! `ConstantInfo` objects (Lean 4.28, 32 bits) for reading; trusts nothing it reads and calls nothing in the instance.

use super::instance::{Failure, Instance};
use super::object::is_scalar;
use crate::lean::kernel::{
    Binder, BinderInfo, Constant, Expr, ExprId, Hints, Kind, Level, LevelId, Name, NameId, Rule, Safety, Signature,
    Terms,
};
use std::collections::HashMap;

/// Expressions one check may bring; more is beyond what a kernel would get through in any budget.
const LARGEST: usize = 4_000_000;

/// Nesting of names and levels that is read.
const DEEPEST: usize = 4_000;

/// Binders that Lean counts around a variable; it ends itself when it is to build one with more.
const MOST_BINDERS: u32 = (1 << 20) - 2;

/// Bytes of texts and literals that are read. Objects of one literal are many, and each is compared as a whole.
const LONGEST: usize = 256 << 20;

/// Why a constant cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// It is no constant a kernel could have accepted.
    Malformed(&'static str),
    /// It is larger than [`LARGEST`] or [`LONGEST`], or its names or levels are deeper than [`DEEPEST`].
    TooLarge,
    /// The instance is broken.
    Broken(Failure),
}

impl From<Failure> for Unreadable {
    fn from(failure: Failure) -> Self {
        Unreadable::Broken(failure)
    }
}

type Read<T> = Result<T, Unreadable>;

/// What was read of an instance whose objects do not change meanwhile.
#[derive(Default)]
pub struct Export {
    /// With the number of their components.
    names: HashMap<u32, (NameId, usize)>,
    /// With their depth.
    levels: HashMap<u32, (LevelId, usize)>,
    /// `None` while the parts of one are read.
    exprs: HashMap<u32, Option<ExprId>>,
    bytes: usize,
}

impl Export {
    /// The constant of a `ConstantInfo` object.
    pub fn constant(&mut self, lean: &Instance, terms: &mut Terms, info: u32) -> Read<Constant> {
        let value = lean.field(info, 0)?;
        let head = lean.field(value, 0)?;
        let signature = Signature {
            name: self.name(lean, terms, lean.field(head, 0)?)?,
            params: self.names(lean, terms, lean.field(head, 1)?)?,
            ty: self.expr(lean, terms, lean.field(head, 2)?)?,
        };
        let number = |field| number(lean, lean.field(value, field)?);
        let kind = match lean.tag(info)? {
            0 => Kind::Axiom { is_unsafe: flag(lean, value, 1, 0)? },
            1 => Kind::Definition {
                value: self.expr(lean, terms, lean.field(value, 1)?)?,
                hints: hints(lean, lean.field(value, 2)?)?,
                safety: match lean.scalar_byte(value, 4, 0)? {
                    0 => Safety::Unsafe,
                    1 => Safety::Safe,
                    _ => Safety::Partial,
                },
            },
            2 => Kind::Theorem { value: self.expr(lean, terms, lean.field(value, 1)?)? },
            3 => Kind::Opaque {
                value: self.expr(lean, terms, lean.field(value, 1)?)?,
                is_unsafe: flag(lean, value, 3, 0)?,
            },
            4 => Kind::Quotient,
            5 => Kind::Inductive {
                params: number(1)?,
                indices: number(2)?,
                all: self.names(lean, terms, lean.field(value, 3)?)?,
                constructors: self.names(lean, terms, lean.field(value, 4)?)?,
                nested: number(5)?,
                is_recursive: flag(lean, value, 6, 0)?,
                is_unsafe: flag(lean, value, 6, 1)?,
                is_reflexive: flag(lean, value, 6, 2)?,
            },
            6 => Kind::Constructor {
                inductive: self.name(lean, terms, lean.field(value, 1)?)?,
                index: number(2)?,
                params: number(3)?,
                fields: number(4)?,
                is_unsafe: flag(lean, value, 5, 0)?,
            },
            7 => Kind::Recursor {
                all: self.names(lean, terms, lean.field(value, 1)?)?,
                params: number(2)?,
                indices: number(3)?,
                motives: number(4)?,
                minors: number(5)?,
                rules: self.rules(lean, terms, lean.field(value, 6)?)?,
                k: flag(lean, value, 7, 0)?,
                is_unsafe: flag(lean, value, 7, 1)?,
            },
            _ => return Err(Unreadable::Malformed("it is no kind of constant")),
        };
        Ok(Constant { signature, kind })
    }

    fn rules(&mut self, lean: &Instance, terms: &mut Terms, list: u32) -> Read<Vec<Rule>> {
        let mut rules = Vec::new();
        for rule in lean.read_list(list)? {
            rules.push(Rule {
                constructor: self.name(lean, terms, lean.field(rule, 0)?)?,
                fields: number(lean, lean.field(rule, 1)?)?,
                rhs: self.expr(lean, terms, lean.field(rule, 2)?)?,
            });
        }
        Ok(rules)
    }

    /// The name of a `Name` object.
    pub fn name(&mut self, lean: &Instance, terms: &mut Terms, name: u32) -> Read<NameId> {
        let mut path = Vec::new();
        let mut at = name;
        let (mut id, mut depth) = loop {
            if is_scalar(at) {
                break (terms.name(Name::Anonymous), 0);
            }
            if let Some(known) = self.names.get(&at) {
                break *known;
            }
            path.push(at);
            if path.len() > DEEPEST {
                return Err(Unreadable::TooLarge);
            }
            at = lean.field(at, 0)?;
        };
        if path.len() + depth > DEEPEST {
            return Err(Unreadable::TooLarge);
        }
        for at in path.into_iter().rev() {
            let part = lean.field(at, 1)?;
            id = terms.name(match lean.tag(at)? {
                1 => Name::Str(id, self.text(lean, part)?),
                _ => Name::Num(id, lean.read_nat(part)?.ok_or(Unreadable::Malformed("a name with a huge number"))?),
            });
            depth += 1;
            self.names.insert(at, (id, depth));
        }
        Ok(id)
    }

    fn text(&mut self, lean: &Instance, object: u32) -> Read<Box<str>> {
        let text = lean.read_string(object)?;
        self.spend(text.len())?;
        Ok(text.into())
    }

    fn spend(&mut self, bytes: usize) -> Read<()> {
        self.bytes += bytes;
        if self.bytes > LONGEST { Err(Unreadable::TooLarge) } else { Ok(()) }
    }

    fn names(&mut self, lean: &Instance, terms: &mut Terms, list: u32) -> Read<Vec<NameId>> {
        lean.read_list(list)?.into_iter().map(|name| self.name(lean, terms, name)).collect()
    }

    fn level(&mut self, lean: &Instance, terms: &mut Terms, level: u32) -> Read<LevelId> {
        self.nested_level(lean, terms, level, 0).map(|(id, _)| id)
    }

    /// The level at `depth` below the one that is read, and its own depth.
    fn nested_level(&mut self, lean: &Instance, terms: &mut Terms, level: u32, depth: usize) -> Read<(LevelId, usize)> {
        if is_scalar(level) {
            return Ok((terms.level(Level::Zero), 0));
        }
        if let Some(known) = self.levels.get(&level) {
            return Ok(*known);
        }
        if depth > DEEPEST {
            return Err(Unreadable::TooLarge);
        }
        let mut below = 0;
        let mut part = |i| {
            let (id, depth) = self.nested_level(lean, terms, lean.field(level, i)?, depth + 1)?;
            below = below.max(depth);
            Ok::<_, Unreadable>(id)
        };
        let new = match lean.tag(level)? {
            0 => Level::Zero,
            1 => Level::Succ(part(0)?),
            2 => Level::Max(part(0)?, part(1)?),
            3 => Level::IMax(part(0)?, part(1)?),
            4 => Level::Param(self.name(lean, terms, lean.field(level, 0)?)?),
            _ => return Err(Unreadable::Malformed("it has universe metavariables")),
        };
        if below + 1 > DEEPEST {
            return Err(Unreadable::TooLarge);
        }
        let known = (terms.level(new), below + 1);
        self.levels.insert(level, known);
        Ok(known)
    }

    /// The expression of an `Expr` object. Annotations (`mdata`) are left out: the kernel passes over them.
    pub fn expr(&mut self, lean: &Instance, terms: &mut Terms, root: u32) -> Read<ExprId> {
        const CIRCLE: Unreadable = Unreadable::Malformed("an expression that contains itself");
        let mut pending = vec![(root, false)];
        while let Some((at, is_left)) = pending.pop() {
            match self.exprs.get(&at) {
                Some(Some(_)) => continue,
                // All that stands above it in the stack is below it in the expression.
                Some(None) if !is_left => return Err(CIRCLE),
                _ => {}
            }
            if is_scalar(at) {
                return Err(Unreadable::Malformed("an expression that is none"));
            }
            let tag = lean.tag(at)?;
            // Object fields that are expressions, by constructor of `Expr`.
            let parts: &[u32] = match tag {
                5 => &[0, 1],
                6 | 7 => &[1, 2],
                8 => &[1, 2, 3],
                10 => &[1],
                11 => &[2],
                _ => &[],
            };
            if !is_left && !parts.is_empty() {
                self.exprs.insert(at, None);
                pending.push((at, true));
                for part in parts {
                    pending.push((lean.field(at, *part)?, false));
                }
                continue;
            }
            let mut ids = [None; 3];
            for (id, part) in ids.iter_mut().zip(parts) {
                *id = self.exprs.get(&lean.field(at, *part)?).copied().flatten();
            }
            let id = self.node(lean, terms, at, tag, ids)?;
            self.exprs.insert(at, Some(id));
            if terms.len() > LARGEST {
                return Err(Unreadable::TooLarge);
            }
        }
        self.exprs.get(&root).copied().flatten().ok_or(CIRCLE)
    }

    fn node(&mut self, lean: &Instance, terms: &mut Terms, at: u32, tag: u8, ids: [Option<ExprId>; 3]) -> Read<ExprId> {
        // A part that is not there yet is one that contains this expression.
        let id = |i: usize| ids[i].ok_or(Unreadable::Malformed("an expression that contains itself"));
        let field = |i| lean.field(at, i);
        let new = match tag {
            0 => match number(lean, field(0)?)? {
                index @ ..=MOST_BINDERS => Expr::Bound(index),
                _ => return Err(Unreadable::Malformed("it has loose bound variables")),
            },
            1 => return Err(Unreadable::Malformed("it has free variables")),
            2 => return Err(Unreadable::Malformed("it has metavariables")),
            3 => Expr::Sort(self.level(lean, terms, field(0)?)?),
            4 => {
                let name = self.name(lean, terms, field(0)?)?;
                let levels = lean.read_list(field(1)?)?.into_iter().map(|l| self.level(lean, terms, l));
                Expr::Const(name, levels.collect::<Read<_>>()?)
            }
            5 => Expr::App(id(0)?, id(1)?),
            6 | 7 => {
                let name = self.name(lean, terms, field(0)?)?;
                // Behind the three fields come eight bytes of cached data.
                let info = match lean.scalar_byte(at, 3, 8)? {
                    0 => BinderInfo::Explicit,
                    1 => BinderInfo::Implicit,
                    2 => BinderInfo::StrictImplicit,
                    _ => BinderInfo::Instance,
                };
                let binder = Binder { name, info, ty: id(0)?, body: id(1)? };
                if tag == 6 { Expr::Lambda(binder) } else { Expr::Pi(binder) }
            }
            8 => {
                let name = self.name(lean, terms, field(0)?)?;
                Expr::Let { name, ty: id(0)?, value: id(1)?, body: id(2)? }
            }
            9 => {
                let literal = field(0)?;
                let value = lean.field(literal, 0)?;
                match lean.tag(literal)? {
                    0 => {
                        let digits = digits(lean, value)?;
                        self.spend(4 * digits.len())?;
                        Expr::Nat(digits)
                    }
                    _ => Expr::Str(self.text(lean, value)?),
                }
            }
            10 => return id(0),
            11 => Expr::Proj {
                structure: self.name(lean, terms, field(0)?)?,
                index: number(lean, field(1)?)?,
                value: id(0)?,
            },
            _ => return Err(Unreadable::Malformed("it is no kind of expression")),
        };
        Ok(terms.expr(new))
    }
}

fn flag(lean: &Instance, object: u32, fields: u32, i: u32) -> Read<bool> {
    Ok(lean.scalar_byte(object, fields, i)? != 0)
}

fn number(lean: &Instance, object: u32) -> Read<u32> {
    let small = lean.read_nat(object)?.and_then(|n| u32::try_from(n).ok());
    small.ok_or(Unreadable::Malformed("a number beyond 32 bits where a count belongs"))
}

fn hints(lean: &Instance, object: u32) -> Read<Hints> {
    Ok(match (is_scalar(object), object >> 1) {
        (true, 0) => Hints::Opaque,
        (true, _) => Hints::Abbreviation,
        (false, _) => Hints::Regular(lean.word(object + 8)?),
    })
}

/// Digits of a `Nat` to the base 2^32.
fn digits(lean: &Instance, object: u32) -> Read<Box<[u32]>> {
    let mut digits = if is_scalar(object) { vec![object >> 1] } else { lean.read_digits(object)? };
    while digits.last() == Some(&0) {
        digits.pop();
    }
    Ok(digits.into())
}
