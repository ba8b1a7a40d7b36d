//! Lean's own kernel, in an instance no text ever ran in, behind `lean::kernel`'s interface. Owns the calls into it and
//! the translation of its exceptions; decides nothing.

use super::boot;
use super::export::{Export, Unreadable};
use super::instance::{Failure, Instance};
use super::object::{NIL, boxed, is_scalar};
use super::rebuild::Rebuild;
use crate::domain::Cause;
use crate::lean::kernel::{Constant, Declaration, Expr, ExprId, Kernel, LevelId, NameId, Refused, Terms};

/// `Except.ok`.
const OK: u8 = 1;

/// A kernel environment that grows from an instance's imports.
pub struct LeanKernel<'a> {
    pub lean: &'a mut Instance,
    /// The `Kernel.Environment` object.
    pub environment: u32,
    rebuild: Rebuild,
    /// The elaborator's environment, if the elaborator is to work in it as well.
    elaborator: Option<u32>,
}

impl<'a> LeanKernel<'a> {
    /// Starts from an elaborator's environment, which is that of a snapshot.
    pub fn new(lean: &'a mut Instance, environment: u32) -> Result<Self, Failure> {
        lean.retain(environment)?;
        let environment = lean.call("lean_elab_environment_to_kernel_env", &[environment])?;
        Ok(LeanKernel { lean, environment, rebuild: Rebuild::default(), elaborator: None })
    }

    /// As [`new`](Self::new), but what is added goes through the elaborator's own door, so that it finds it as well.
    pub fn for_elaboration(lean: &'a mut Instance, environment: u32) -> Result<Self, Failure> {
        let mut kernel = Self::new(lean, environment)?;
        kernel.elaborator = Some(environment);
        Ok(kernel)
    }

    /// The elaborator's environment with everything added so far; the caller owns a reference.
    pub fn elaborator_environment(&mut self) -> Result<u32, Failure> {
        match self.elaborator {
            Some(environment) => self.lean.retain(environment),
            None => {
                self.lean.retain(self.environment)?;
                self.lean.call("lean_elab_environment_of_kernel_env", &[self.environment])
            }
        }
    }

    /// Has the elaborator's environment take a declaration, which the kernel checks on the way.
    fn add_for_elaboration(&mut self, environment: u32, declaration: u32) -> Result<Result<(), Refused>, Failure> {
        self.lean.retain(environment)?;
        let no_limit_of_its_own = self.lean.constructor(0, &[], &[0; 4])?;
        let is_checked = boxed(1);
        let arguments = [environment, no_limit_of_its_own, declaration, NIL, is_checked];
        let result = self.lean.call("l_Lean_Environment_addDeclCore___boxed", &arguments)?;
        Ok(match self.outcome(result)? {
            Ok(environment) => {
                self.elaborator = Some(environment);
                self.lean.retain(environment)?;
                self.environment = self.lean.call("lean_elab_environment_to_kernel_env", &[environment])?;
                Ok(())
            }
            Err(refused) => Err(refused),
        })
    }

    /// An `Expr` object; the caller owns a reference.
    pub fn expr(&mut self, terms: &Terms, expr: ExprId) -> Result<u32, Failure> {
        self.rebuild.expr(self.lean, terms, expr)
    }

    /// A `Name` object; the caller owns a reference.
    pub fn name(&mut self, terms: &Terms, name: NameId) -> Result<u32, Failure> {
        self.rebuild.name(self.lean, terms, name)
    }

    /// The sort of a function's values, for a closed function of `arguments` arguments whose values are types.
    pub fn sort_of(
        &mut self,
        terms: &mut Terms,
        function: ExprId,
        arguments: usize,
    ) -> Result<Option<LevelId>, Failure> {
        let function = self.expr(terms, function)?;
        let no_variables = self.lean.call("lean_mk_empty_local_ctx", &[NIL])?;
        let environment = self.elaborator_environment()?;
        let result = self.lean.call("lean_kernel_check", &[environment, no_variables, function])?;
        let Ok(ty) = self.outcome(result)? else { return Ok(None) };
        let mut ty = match Export::default().expr(self.lean, terms, ty) {
            Ok(ty) => ty,
            Err(Unreadable::Broken(failure)) => return Err(failure),
            Err(_) => return Ok(None),
        };
        for _ in 0..arguments {
            match terms.get(ty) {
                Expr::Pi(binder) => ty = binder.body,
                _ => return Ok(None),
            }
        }
        Ok(if let Expr::Sort(level) = terms.get(ty) { Some(*level) } else { None })
    }

    /// True for a definition of a library that was elaborated from its sources: it is in no module's file.
    pub fn is_of_library_source(&mut self, terms: &Terms, name: NameId) -> Result<bool, Failure> {
        const DEFINITION: u8 = 1;
        let Some(info) = self.find(terms, name)? else { return Ok(false) };
        if self.lean.tag(info)? != DEFINITION {
            return Ok(false);
        }
        let (name, environment) = (self.name(terms, name)?, self.elaborator_environment()?);
        let module = self.lean.call("l_Lean_Environment_getModuleIdxFor_x3f___boxed", &[environment, name])?;
        Ok(is_scalar(module))
    }

    fn find(&mut self, terms: &Terms, name: NameId) -> Result<Option<u32>, Failure> {
        let name = self.name(terms, name)?;
        self.lean.retain(self.environment)?;
        let found = self.lean.call("lean_environment_find", &[self.environment, name])?;
        if is_scalar(found) { Ok(None) } else { self.lean.field(found, 0).map(Some) }
    }

    /// The value of an `Except Kernel.Exception`.
    fn outcome(&mut self, result: u32) -> Result<Result<u32, Refused>, Failure> {
        let value = self.lean.field(result, 0)?;
        if self.lean.tag(result)? == OK {
            return Ok(Ok(value));
        }
        // Exceptions without data, by the order of the constructors.
        let limit = match (is_scalar(value), value >> 1) {
            (true, 13) => Some((Cause::Heartbeats, "the kernel's own time limit")),
            (true, 14) => Some((Cause::Memory, "the kernel's memory limit")),
            (true, 15) => Some((Cause::Stack, "the kernel's recursion limit")),
            (true, _) => Some((Cause::EngineCrash, "the kernel was interrupted")),
            (false, _) => None,
        };
        if let Some((cause, words)) = limit {
            return Ok(Err(Refused::Limit(cause, words.into())));
        }
        let options = boot::options(self.lean)?;
        self.lean.retain(value)?;
        let message = self.lean.call("l_Lean_Kernel_Exception_toMessageData", &[value, options])?;
        let text = self.lean.call("l_Lean_MessageData_toString", &[message])?;
        Ok(Err(Refused::Wrong(self.lean.read_string(text)?)))
    }
}

impl Kernel for LeanKernel<'_> {
    type Error = Failure;

    fn has(&mut self, terms: &Terms, name: NameId) -> Result<bool, Failure> {
        Ok(self.find(terms, name)?.is_some())
    }

    fn add(&mut self, terms: &Terms, declaration: &Declaration) -> Result<Result<(), Refused>, Failure> {
        let object = self.rebuild.declaration(self.lean, terms, declaration)?;
        if let Some(environment) = self.elaborator {
            return self.add_for_elaboration(environment, object);
        }
        self.lean.retain(self.environment)?;
        let no_limit_of_its_own = 0;
        let result = self.lean.call("lean_add_decl", &[self.environment, no_limit_of_its_own, object, NIL])?;
        Ok(match self.outcome(result)? {
            Ok(environment) => {
                self.environment = environment;
                Ok(())
            }
            Err(refused) => Err(refused),
        })
    }

    fn convertible(&mut self, terms: &Terms, left: ExprId, right: ExprId) -> Result<Result<bool, Refused>, Failure> {
        let (left, right) = (self.expr(terms, left)?, self.expr(terms, right)?);
        let no_variables = self.lean.call("lean_mk_empty_local_ctx", &[NIL])?;
        let environment = self.elaborator_environment()?;
        let result = self.lean.call("lean_kernel_is_def_eq", &[environment, no_variables, left, right])?;
        Ok(self.outcome(result)?.map(|answer| answer >> 1 != 0))
    }

    fn constant(&mut self, terms: &mut Terms, name: NameId) -> Result<Option<Constant>, Failure> {
        let Some(info) = self.find(terms, name)? else { return Ok(None) };
        match Export::default().constant(self.lean, terms, info) {
            Ok(constant) => Ok(Some(constant)),
            Err(Unreadable::Broken(failure)) => Err(failure),
            Err(Unreadable::Malformed(why)) => Err(Failure::msg(format!("the kernel made a constant: {why}"))),
            Err(Unreadable::TooLarge) => Err(Failure::msg("the kernel made a constant too large to be read")),
        }
    }
}
