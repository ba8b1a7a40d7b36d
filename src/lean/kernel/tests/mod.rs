//! The pure half of replay and comparison, without any Lean. Owns a scripted kernel; the terms are written in the
//! notation of `words`.

mod comparing;
mod replaying;
mod rests_on;
mod same;
mod showing;
mod terms;

use super::words::Words;
use super::*;
use std::collections::HashSet;
use std::convert::Infallible;

/// A kernel that accepts everything but what it is told to refuse, and writes down what it is asked.
#[derive(Default)]
pub struct Scripted {
    /// What the library has.
    pub library: HashSet<NameId>,
    /// What it makes of inductive types.
    pub makes: Constants,
    pub refuses: Option<(NameId, Refused)>,
    /// Its answer to whether terms convert.
    pub converts: Option<Result<bool, Refused>>,
    pub added: Vec<Declaration>,
    pub asked: Vec<(ExprId, ExprId)>,
}

impl Scripted {
    /// Names of what was added, groups of types as one.
    fn order(&self, terms: &Terms) -> Vec<String> {
        let show = |name| show_name(terms, name);
        let names = self.added.iter().map(|declaration| match declaration {
            Declaration::Axiom { name, .. }
            | Declaration::Definition { name, .. }
            | Declaration::Theorem { name, .. }
            | Declaration::Opaque { name, .. } => show(*name),
            Declaration::Inductive { types, .. } => types.iter().map(|t| show(t.name)).collect::<Vec<_>>().join("+"),
        });
        names.collect()
    }
}

impl Kernel for Scripted {
    type Error = Infallible;

    fn has(&mut self, _: &Terms, name: NameId) -> Result<bool, Infallible> {
        Ok(self.library.contains(&name))
    }

    fn add(&mut self, _: &Terms, declaration: &Declaration) -> Result<Result<(), Refused>, Infallible> {
        self.added.push(declaration.clone());
        let name = match declaration {
            Declaration::Axiom { name, .. }
            | Declaration::Definition { name, .. }
            | Declaration::Theorem { name, .. }
            | Declaration::Opaque { name, .. } => *name,
            Declaration::Inductive { types, .. } => types[0].name,
        };
        Ok(match &self.refuses {
            Some((refused, why)) if *refused == name => Err(why.clone()),
            _ => Ok(()),
        })
    }

    fn convertible(&mut self, _: &Terms, left: ExprId, right: ExprId) -> Result<Result<bool, Refused>, Infallible> {
        self.asked.push((left, right));
        Ok(self.converts.clone().expect("nothing was to be asked"))
    }

    fn constant(&mut self, _: &mut Terms, name: NameId) -> Result<Option<Constant>, Infallible> {
        Ok(self.makes.get(&name).cloned())
    }
}

/// The value of something that cannot fail.
fn sure<T>(result: Result<T, Infallible>) -> T {
    let Ok(value) = result;
    value
}

/// Types `names`, declared together, each with constructors of these types: `("T", &[("T.a", "T")])`.
fn inductive(words: &mut Words, types: &[(&str, &[(&str, &str)])]) {
    let all: Vec<NameId> = types.iter().map(|(name, _)| words.name(name)).collect();
    for (name, constructors) in types {
        let inductive = words.name(name);
        let named = constructors.iter().map(|(name, _)| words.name(name)).collect();
        let ty = words.expr("Type");
        let kind = Kind::Inductive {
            params: 0,
            indices: 0,
            all: all.clone(),
            constructors: named,
            nested: 0,
            is_recursive: false,
            is_unsafe: false,
            is_reflexive: false,
        };
        words.put(Constant { signature: Signature { name: inductive, params: vec![], ty }, kind });
        for (index, (name, ty)) in constructors.iter().enumerate() {
            let signature = Signature { name: words.name(name), params: vec![], ty: words.expr(ty) };
            let kind = Kind::Constructor { inductive, index: index as u32, params: 0, fields: 0, is_unsafe: false };
            words.put(Constant { signature, kind });
        }
    }
}
