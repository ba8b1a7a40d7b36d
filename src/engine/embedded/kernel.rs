//! Lean's own kernel, in an instance no text ever ran in, behind `lean::kernel`'s interface. Owns the calls into it and
//! the translation of its exceptions; decides nothing.

use super::boot;
use super::export::{Export, Unreadable};
use super::instance::{Failure, Instance};
use super::object::{NIL, is_scalar};
use super::rebuild::Rebuild;
use crate::domain::Cause;
use crate::lean::kernel::{Constant, Declaration, Expr, ExprId, Kernel, LevelId, NameId, Refused, Terms};

/// Field of `Kernel.Environment` that holds the constants.
const CONSTANTS: u32 = 0;

/// Fields of `Environment`: what it starts from, as `VisibilityMap Kernel.Environment`, and what the kernel has checked.
const BASE: u32 = 0;
const CHECKED: u32 = 2;

/// `Except.ok`.
const OK: u8 = 1;

/// A kernel environment that grows from an instance's imports.
pub struct LeanKernel<'a> {
    pub lean: &'a mut Instance,
    /// The `Kernel.Environment` object.
    pub environment: u32,
    rebuild: Rebuild,
    /// The elaborator's environment it started from, if the elaborator is to work in the new one as well.
    imports: Option<u32>,
    /// Whether older environments stay usable. Each added constant then costs the kernel a copy where it writes.
    keeps_older: bool,
}

impl<'a> LeanKernel<'a> {
    /// Starts from an elaborator's environment, which is that of a snapshot.
    pub fn new(lean: &'a mut Instance, environment: u32) -> Result<Self, Failure> {
        lean.retain(environment)?;
        let environment = lean.call("lean_elab_environment_to_kernel_env", &[environment])?;
        Ok(LeanKernel { lean, environment, rebuild: Rebuild::default(), imports: None, keeps_older: true })
    }

    /// As [`new`](Self::new), in an environment whose added constants the elaborator finds as well.
    ///
    /// An elaborator looks for constants of its own file in a map that only its own `addDecl` fills, and for all others
    /// in the first map of the environment (`SMap.map₁`, of the imports). So everything is added as if imported.
    pub fn for_elaboration(lean: &'a mut Instance, environment: u32) -> Result<Self, Failure> {
        let mut kernel = Self::new(lean, environment)?;
        let lean = &mut *kernel.lean;
        // The elaborator's own view of the imports, which also knows the module's name.
        let base = lean.field(lean.field(environment, BASE)?, 0)?;
        let constants = lean.field(base, CONSTANTS)?;
        let maps = [lean.field(constants, 0)?, lean.field(constants, 1)?];
        maps.iter().try_for_each(|map| lean.retain(*map).map(drop))?;
        let first_stage = 1;
        let constants = lean.constructor(0, &maps, &[first_stage])?;
        kernel.environment = lean.copy_with(base, CONSTANTS, constants)?;
        kernel.imports = Some(environment);
        kernel.keeps_older = false;
        Ok(kernel)
    }

    /// The elaborator's environment with everything added so far; the caller owns a reference.
    pub fn elaborator_environment(&mut self) -> Result<u32, Failure> {
        self.lean.retain(self.environment)?;
        let fresh = self.lean.call("lean_elab_environment_of_kernel_env", &[self.environment])?;
        let Some(imports) = self.imports else { return Ok(fresh) };
        let mut environment = imports;
        for part in [BASE, CHECKED] {
            let new = self.lean.field(fresh, part)?;
            self.lean.retain(new)?;
            environment = self.lean.copy_with(environment, part, new)?;
        }
        Ok(environment)
    }

    /// As [`elaborator_environment`](Self::elaborator_environment), behind the last declaration: what the elaborator adds
    /// goes where additions are cheap, into the second map. Adding as if imported would copy the first one every time.
    pub fn finished_environment(&mut self) -> Result<u32, Failure> {
        let constants = self.lean.field(self.environment, CONSTANTS)?;
        let maps = [self.lean.field(constants, 0)?, self.lean.field(constants, 1)?];
        maps.iter().try_for_each(|map| self.lean.retain(*map).map(drop))?;
        let first_stage = 0;
        let constants = self.lean.constructor(0, &maps, &[first_stage])?;
        self.environment = self.lean.copy_with(self.environment, CONSTANTS, constants)?;
        self.elaborator_environment()
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
        if self.keeps_older {
            self.lean.retain(self.environment)?;
        }
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
