//! Terms under other names. Owns the replacement of constants and universe parameters in expressions.

use super::term::{Binder, Expr, ExprId, Level, LevelId, NameId, Terms};
use std::collections::{HashMap, HashSet};

/// What is replaced by what.
#[derive(Clone, Debug, Default)]
pub struct Renaming {
    /// Constants.
    pub names: HashMap<NameId, NameId>,
    /// Universe parameters.
    pub params: HashMap<NameId, NameId>,
}

impl Renaming {
    /// `root` with every occurrence replaced.
    pub fn apply(&self, terms: &mut Terms, root: ExprId) -> ExprId {
        if self.names.is_empty() && self.params.is_empty() {
            return root;
        }
        let mut below = Vec::new();
        terms.visit(root, &mut HashSet::new(), &mut |id, _| below.push(id));
        // Parts have smaller ids than the whole.
        below.sort_unstable();
        let mut new: HashMap<ExprId, ExprId> = HashMap::new();
        let mut levels: HashMap<LevelId, LevelId> = HashMap::new();
        for id in below {
            let renamed = match terms.get(id).clone() {
                Expr::Sort(level) => Expr::Sort(self.level(terms, level, &mut levels)),
                Expr::Const(name, given) => {
                    let given = given.iter().map(|l| self.level(terms, *l, &mut levels)).collect();
                    Expr::Const(*self.names.get(&name).unwrap_or(&name), given)
                }
                Expr::App(function, argument) => Expr::App(new[&function], new[&argument]),
                Expr::Lambda(b) => Expr::Lambda(Binder { ty: new[&b.ty], body: new[&b.body], ..b }),
                Expr::Pi(b) => Expr::Pi(Binder { ty: new[&b.ty], body: new[&b.body], ..b }),
                Expr::Let { name, ty, value, body } => {
                    Expr::Let { name, ty: new[&ty], value: new[&value], body: new[&body] }
                }
                Expr::Proj { structure, index, value } => Expr::Proj {
                    structure: *self.names.get(&structure).unwrap_or(&structure),
                    index,
                    value: new[&value],
                },
                leaf @ (Expr::Bound(_) | Expr::Nat(_) | Expr::Str(_)) => leaf,
            };
            new.insert(id, terms.expr(renamed));
        }
        new[&root]
    }

    /// A level with every occurrence replaced; `known` are those done before, because levels share parts.
    fn level(&self, terms: &mut Terms, level: LevelId, known: &mut HashMap<LevelId, LevelId>) -> LevelId {
        if let Some(renamed) = known.get(&level) {
            return *renamed;
        }
        let renamed = match terms.get_level(level) {
            Level::Zero => return level,
            Level::Succ(of) => Level::Succ(self.level(terms, of, known)),
            Level::Max(a, b) => Level::Max(self.level(terms, a, known), self.level(terms, b, known)),
            Level::IMax(a, b) => Level::IMax(self.level(terms, a, known), self.level(terms, b, known)),
            Level::Param(name) => Level::Param(*self.params.get(&name).unwrap_or(&name)),
        };
        let renamed = terms.level(renamed);
        known.insert(level, renamed);
        renamed
    }
}
