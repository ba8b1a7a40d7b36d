//! Puts constants into an environment without asking its kernel. Owns the layout of `ConstantInfo` objects for writing
//! (Lean 4.28, 32 bits), the mirror of `export`.

use crate::engine::embedded::instance::{Failure, Instance};
use crate::engine::embedded::object::boxed;
use crate::engine::embedded::rebuild::{Rebuild, list, natural};
use crate::engine::embedded::snapshot::Snapshot;
use crate::lean::kernel::{Constant, ExprId, Hints, Kind, NameId, Safety, Terms};

/// An environment that grows unchecked.
pub struct Planter<'a> {
    lean: &'a mut Instance,
    /// The `Kernel.Environment` object.
    environment: u32,
    rebuild: Rebuild,
}

impl<'a> Planter<'a> {
    /// Starts from a snapshot's imports.
    pub fn on_imports(lean: &'a mut Instance, snapshot: &Snapshot) -> Self {
        Self::on(lean, snapshot.environment)
    }

    /// Starts from an elaborator's environment.
    pub fn on(lean: &'a mut Instance, environment: u32) -> Self {
        lean.retain(environment).expect("an object");
        let environment = lean.call("lean_elab_environment_to_kernel_env", &[environment]).expect("an environment");
        Planter { lean, environment, rebuild: Rebuild::default() }
    }

    /// Plants a constant and returns its `ConstantInfo`, which lives as long as the environment.
    pub fn plant(&mut self, terms: &Terms, constant: &Constant) -> u32 {
        let info = self.info(terms, constant).expect("a constant can be built");
        self.plant_object(info)
    }

    /// Plants a `ConstantInfo` object.
    pub fn plant_object(&mut self, info: u32) -> u32 {
        self.lean.retain(info).expect("an object");
        let planted = self.lean.call("lean_environment_add", &[self.environment, info]);
        self.environment = planted.expect("a constant can be planted");
        info
    }

    /// Inserts a constant where the imported ones are: among those that no text added.
    pub fn import(&mut self, terms: &Terms, constant: &Constant) {
        // `SMap`: two maps, and behind them the flag that says which of them grows.
        self.set_stage(1);
        self.plant(terms, constant);
        self.set_stage(0);
    }

    fn set_stage(&mut self, importing: u8) {
        let constants = self.field(self.environment, 0);
        self.lean.write_bytes(constants + 8 + 4 * 2, &[importing]).expect("inside the memory");
    }

    /// One more owner of an object.
    pub fn retain(&mut self, object: u32) {
        self.lean.retain(object).expect("an object");
    }

    /// Overwrites object field `i` of `object`.
    pub fn overwrite(&mut self, object: u32, i: u32, with: u32) {
        self.lean.write_bytes(object + 8 + 4 * i, &with.to_le_bytes()).expect("inside the memory");
    }

    /// Object field `i` of `object`.
    pub fn field(&self, object: u32, i: u32) -> u32 {
        self.lean.field(object, i).expect("inside the memory")
    }

    /// Calls a function of the instance.
    pub fn call(&mut self, name: &'static str, arguments: &[u32]) -> u32 {
        self.lean.call(name, arguments).expect("the call returns")
    }

    /// An `Expr` object.
    pub fn expr(&mut self, terms: &Terms, expr: ExprId) -> u32 {
        self.rebuild.expr(self.lean, terms, expr).expect("an expression can be built")
    }

    /// A `Name` object.
    pub fn name(&mut self, terms: &Terms, name: NameId) -> u32 {
        self.rebuild.name(self.lean, terms, name).expect("a name can be built")
    }

    /// The elaborator's environment with everything planted so far.
    pub fn environment(&mut self) -> u32 {
        self.lean.retain(self.environment).expect("an object");
        self.call("lean_elab_environment_of_kernel_env", &[self.environment])
    }

    fn info(&mut self, terms: &Terms, constant: &Constant) -> Result<u32, Failure> {
        let signature = &constant.signature;
        let head = (signature.name, &signature.params[..], signature.ty);
        let head = self.rebuild.head(self.lean, terms, head)?;
        let alone = self.rebuild.names(self.lean, terms, &[signature.name])?;
        let (tag, value) = match &constant.kind {
            Kind::Axiom { is_unsafe } => (0, self.lean.constructor(0, &[head], &[u8::from(*is_unsafe)])?),
            Kind::Definition { value, hints, safety } => {
                let value = self.rebuild.expr(self.lean, terms, *value)?;
                let hints = match hints {
                    Hints::Opaque => boxed(0),
                    Hints::Abbreviation => boxed(1),
                    Hints::Regular(height) => self.lean.constructor(2, &[], &height.to_le_bytes())?,
                };
                let safety = match safety {
                    Safety::Unsafe => 0,
                    Safety::Safe => 1,
                    Safety::Partial => 2,
                };
                (1, self.lean.constructor(0, &[head, value, hints, alone], &[safety])?)
            }
            Kind::Theorem { value } => {
                let value = self.rebuild.expr(self.lean, terms, *value)?;
                (2, self.lean.constructor(0, &[head, value, alone], &[])?)
            }
            Kind::Opaque { value, is_unsafe } => {
                let value = self.rebuild.expr(self.lean, terms, *value)?;
                (3, self.lean.constructor(0, &[head, value, alone], &[u8::from(*is_unsafe)])?)
            }
            // `QuotKind.type`
            Kind::Quotient => (4, self.lean.constructor(0, &[head], &[0])?),
            Kind::Inductive { params, indices, all, constructors, nested, is_recursive, is_unsafe, is_reflexive } => {
                let flags = [*is_recursive, *is_unsafe, *is_reflexive].map(u8::from);
                let (all, constructors) = (self.names(terms, all)?, self.names(terms, constructors)?);
                let counts = self.naturals([*params, *indices, *nested])?;
                let fields = [head, counts[0], counts[1], all, constructors, counts[2]];
                (5, self.lean.constructor(0, &fields, &flags)?)
            }
            Kind::Constructor { inductive, index, params, fields, is_unsafe } => {
                let inductive = self.rebuild.name(self.lean, terms, *inductive)?;
                let [index, params, fields] = self.naturals([*index, *params, *fields])?;
                (6, self.lean.constructor(0, &[head, inductive, index, params, fields], &[u8::from(*is_unsafe)])?)
            }
            Kind::Recursor { all, params, indices, motives, minors, rules, k, is_unsafe } => {
                let all = self.names(terms, all)?;
                let [params, indices, motives, minors] = self.naturals([*params, *indices, *motives, *minors])?;
                let mut made = Vec::new();
                for rule in rules {
                    let constructor = self.rebuild.name(self.lean, terms, rule.constructor)?;
                    let [fields] = self.naturals([rule.fields])?;
                    let rhs = self.rebuild.expr(self.lean, terms, rule.rhs)?;
                    made.push(self.lean.constructor(0, &[constructor, fields, rhs], &[])?);
                }
                let rules = list(self.lean, &made)?;
                let fields = [head, all, params, indices, motives, minors, rules];
                (7, self.lean.constructor(0, &fields, &[u8::from(*k), u8::from(*is_unsafe)])?)
            }
        };
        self.lean.constructor(tag, &[value], &[])
    }

    fn names(&mut self, terms: &Terms, names: &[NameId]) -> Result<u32, Failure> {
        self.rebuild.names(self.lean, terms, names)
    }

    fn naturals<const N: usize>(&mut self, numbers: [u32; N]) -> Result<[u32; N], Failure> {
        let mut objects = [0; N];
        for (object, number) in objects.iter_mut().zip(numbers) {
            *object = natural(self.lean, &[number])?;
        }
        Ok(objects)
    }
}
