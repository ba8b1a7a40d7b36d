//! Builds `lean::kernel` terms and declarations in an instance. Owns the calls that make them; the objects live until the
//! instance is reset.

use super::instance::{Failure, Instance};
use super::object::{NIL, boxed};
use crate::lean::kernel::{
    Binder, BinderInfo, Declaration, Expr, ExprId, Hints, InductiveType, Level, LevelId, Name, NameId, Terms,
};
use std::collections::HashSet;

/// Objects built so far in one instance, by id; zero for those that are not.
#[derive(Default)]
pub struct Rebuild {
    names: Vec<u32>,
    levels: Vec<u32>,
    exprs: Vec<u32>,
    built: HashSet<ExprId>,
}

fn slot(slots: &mut Vec<u32>, index: usize) -> &mut u32 {
    if slots.len() <= index {
        slots.resize(index + 1, 0);
    }
    &mut slots[index]
}

impl Rebuild {
    /// A `Name` object; the caller owns a reference.
    pub fn name(&mut self, lean: &mut Instance, terms: &Terms, id: NameId) -> Result<u32, Failure> {
        let known = *slot(&mut self.names, id.index());
        if known != 0 {
            return lean.retain(known);
        }
        let object = match terms.get_name(id) {
            Name::Anonymous => NIL,
            Name::Str(prefix, text) => {
                let prefix = self.name(lean, terms, *prefix)?;
                let text = lean.string(text)?;
                lean.call("l_Lean_Name_str___override", &[prefix, text])?
            }
            Name::Num(prefix, number) => {
                let prefix = self.name(lean, terms, *prefix)?;
                let number = natural(lean, &[*number as u32, (*number >> 32) as u32])?;
                lean.call("l_Lean_Name_num___override", &[prefix, number])?
            }
        };
        *slot(&mut self.names, id.index()) = object;
        lean.retain(object)
    }

    fn level(&mut self, lean: &mut Instance, terms: &Terms, id: LevelId) -> Result<u32, Failure> {
        let known = *slot(&mut self.levels, id.index());
        if known != 0 {
            return lean.retain(known);
        }
        let object = match terms.get_level(id) {
            Level::Zero => lean.call("lean_level_mk_zero", &[NIL])?,
            Level::Succ(of) => {
                let of = self.level(lean, terms, of)?;
                lean.call("lean_level_mk_succ", &[of])?
            }
            Level::Max(a, b) => {
                let parts = [self.level(lean, terms, a)?, self.level(lean, terms, b)?];
                lean.call("lean_level_mk_max", &parts)?
            }
            Level::IMax(a, b) => {
                let parts = [self.level(lean, terms, a)?, self.level(lean, terms, b)?];
                lean.call("lean_level_mk_imax", &parts)?
            }
            Level::Param(name) => {
                let name = self.name(lean, terms, name)?;
                lean.call("lean_level_mk_param", &[name])?
            }
        };
        *slot(&mut self.levels, id.index()) = object;
        lean.retain(object)
    }

    /// An `Expr` object; the caller owns a reference.
    pub fn expr(&mut self, lean: &mut Instance, terms: &Terms, root: ExprId) -> Result<u32, Failure> {
        let mut missing = Vec::new();
        terms.visit(root, &mut self.built, &mut |id, _| missing.push(id));
        // Parts have smaller ids than the whole.
        missing.sort_unstable();
        for id in missing {
            let object = self.node(lean, terms, id)?;
            *slot(&mut self.exprs, id.index()) = object;
        }
        lean.retain(self.exprs[root.index()])
    }

    fn part(&self, lean: &mut Instance, id: ExprId) -> Result<u32, Failure> {
        lean.retain(self.exprs[id.index()])
    }

    fn node(&mut self, lean: &mut Instance, terms: &Terms, id: ExprId) -> Result<u32, Failure> {
        match terms.get(id) {
            Expr::Bound(index) => {
                let index = natural(lean, &[*index])?;
                lean.call("lean_expr_mk_bvar", &[index])
            }
            Expr::Sort(level) => {
                let level = self.level(lean, terms, *level)?;
                lean.call("lean_expr_mk_sort", &[level])
            }
            Expr::Const(name, levels) => {
                let name = self.name(lean, terms, *name)?;
                let levels: Vec<u32> =
                    levels.iter().map(|l| self.level(lean, terms, *l)).collect::<Result<_, Failure>>()?;
                let levels = list(lean, &levels)?;
                lean.call("lean_expr_mk_const", &[name, levels])
            }
            Expr::App(function, argument) => {
                let parts = [self.part(lean, *function)?, self.part(lean, *argument)?];
                lean.call("lean_expr_mk_app", &parts)
            }
            Expr::Lambda(binder) => self.binder(lean, terms, "lean_expr_mk_lambda", binder),
            Expr::Pi(binder) => self.binder(lean, terms, "lean_expr_mk_forall", binder),
            Expr::Let { name, ty, value, body } => {
                let name = self.name(lean, terms, *name)?;
                // Whether the body depends on the variable's value is the elaborator's concern.
                let nondep = 0;
                let parts = [name, self.part(lean, *ty)?, self.part(lean, *value)?, self.part(lean, *body)?, nondep];
                lean.call("lean_expr_mk_let", &parts)
            }
            Expr::Nat(digits) => {
                let number = natural(lean, digits)?;
                let literal = lean.constructor(0, &[number], &[])?;
                lean.call("lean_expr_mk_lit", &[literal])
            }
            Expr::Str(text) => {
                let text = lean.string(text)?;
                let literal = lean.constructor(1, &[text], &[])?;
                lean.call("lean_expr_mk_lit", &[literal])
            }
            Expr::Proj { structure, index, value } => {
                let structure = self.name(lean, terms, *structure)?;
                let index = natural(lean, &[*index])?;
                let value = self.part(lean, *value)?;
                lean.call("lean_expr_mk_proj", &[structure, index, value])
            }
        }
    }

    fn binder(
        &mut self,
        lean: &mut Instance,
        terms: &Terms,
        make: &'static str,
        binder: &Binder,
    ) -> Result<u32, Failure> {
        let info = match binder.info {
            BinderInfo::Explicit => 0,
            BinderInfo::Implicit => 1,
            BinderInfo::StrictImplicit => 2,
            BinderInfo::Instance => 3,
        };
        let name = self.name(lean, terms, binder.name)?;
        let parts = [name, self.part(lean, binder.ty)?, self.part(lean, binder.body)?, info];
        lean.call(make, &parts)
    }

    pub(super) fn names(&mut self, lean: &mut Instance, terms: &Terms, names: &[NameId]) -> Result<u32, Failure> {
        let names: Vec<u32> = names.iter().map(|n| self.name(lean, terms, *n)).collect::<Result<_, Failure>>()?;
        list(lean, &names)
    }

    /// A `ConstantVal`.
    pub(super) fn head(
        &mut self,
        lean: &mut Instance,
        terms: &Terms,
        (name, params, ty): (NameId, &[NameId], ExprId),
    ) -> Result<u32, Failure> {
        let fields = [self.name(lean, terms, name)?, self.names(lean, terms, params)?, self.expr(lean, terms, ty)?];
        lean.constructor(0, &fields, &[])
    }

    /// A `Declaration` object of safe constants.
    pub fn declaration(
        &mut self,
        lean: &mut Instance,
        terms: &Terms,
        declaration: &Declaration,
    ) -> Result<u32, Failure> {
        match declaration {
            Declaration::Axiom { name, params, ty } => {
                let head = self.head(lean, terms, (*name, params, *ty))?;
                let value = lean.constructor(0, &[head], &[0])?;
                lean.constructor(0, &[value], &[])
            }
            Declaration::Definition { name, params, ty, value, hints } => {
                let head = self.head(lean, terms, (*name, params, *ty))?;
                let value = self.expr(lean, terms, *value)?;
                let hints = match hints {
                    Hints::Opaque => boxed(0),
                    Hints::Abbreviation => boxed(1),
                    Hints::Regular(height) => lean.constructor(2, &[], &height.to_le_bytes())?,
                };
                let all = self.names(lean, terms, &[*name])?;
                const SAFE: u8 = 1;
                let value = lean.constructor(0, &[head, value, hints, all], &[SAFE])?;
                lean.constructor(1, &[value], &[])
            }
            Declaration::Theorem { name, params, ty, value } => {
                let head = self.head(lean, terms, (*name, params, *ty))?;
                let fields = [head, self.expr(lean, terms, *value)?, self.names(lean, terms, &[*name])?];
                let value = lean.constructor(0, &fields, &[])?;
                lean.constructor(2, &[value], &[])
            }
            Declaration::Opaque { name, params, ty, value } => {
                let head = self.head(lean, terms, (*name, params, *ty))?;
                let fields = [head, self.expr(lean, terms, *value)?, self.names(lean, terms, &[*name])?];
                let value = lean.constructor(0, &fields, &[0])?;
                lean.constructor(3, &[value], &[])
            }
            Declaration::Inductive { params, parameters, types } => {
                let params = self.names(lean, terms, params)?;
                let parameters = natural(lean, &[*parameters])?;
                let types: Vec<u32> =
                    types.iter().map(|t| self.inductive_type(lean, terms, t)).collect::<Result<_, Failure>>()?;
                let types = list(lean, &types)?;
                lean.constructor(6, &[params, parameters, types], &[0])
            }
        }
    }

    fn inductive_type(&mut self, lean: &mut Instance, terms: &Terms, ty: &InductiveType) -> Result<u32, Failure> {
        let mut constructors = Vec::new();
        for (name, ty) in &ty.constructors {
            let fields = [self.name(lean, terms, *name)?, self.expr(lean, terms, *ty)?];
            constructors.push(lean.constructor(0, &fields, &[])?);
        }
        let constructors = list(lean, &constructors)?;
        let fields = [self.name(lean, terms, ty.name)?, self.expr(lean, terms, ty.ty)?, constructors];
        lean.constructor(0, &fields, &[])
    }
}

/// A `List`; takes ownership of its items.
pub(super) fn list(lean: &mut Instance, items: &[u32]) -> Result<u32, Failure> {
    items.iter().rev().try_fold(NIL, |rest, item| lean.constructor(1, &[*item, rest], &[]))
}

/// A `Nat` of digits to the base 2^32, the lowest first. By halves, so that millions of digits stay affordable.
pub(super) fn natural(lean: &mut Instance, digits: &[u32]) -> Result<u32, Failure> {
    const SMALL: u64 = (1 << 31) - 1;
    match digits {
        [] => Ok(boxed(0)),
        [rest @ .., 0] => natural(lean, rest),
        [digit] if u64::from(*digit) <= SMALL => Ok(boxed(*digit)),
        [digit] => decimal(lean, u64::from(*digit)),
        [low, high] => decimal(lean, u64::from(*low) | u64::from(*high) << 32),
        _ => {
            let (low, high) = digits.split_at(digits.len() / 2);
            let high = natural(lean, high)?;
            let high = lean.call("lean_nat_shiftl", &[high, boxed(32 * low.len() as u32)])?;
            let low = natural(lean, low)?;
            lean.call("lean_nat_big_add", &[high, low])
        }
    }
}

fn decimal(lean: &mut Instance, number: u64) -> Result<u32, Failure> {
    let text = format!("{number}\0");
    let at = lean.call("malloc", &[text.len() as u32])?;
    lean.write_bytes(at, text.as_bytes())?;
    lean.call("lean_cstr_to_nat", &[at])
}
