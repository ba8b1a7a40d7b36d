//! Names, universe levels and expressions, each stored once: equal terms have equal ids, and a term's parts have smaller
//! ids than the term. Owns the store; knows nothing of environments.

use indexmap::IndexSet;
use std::collections::HashSet;

/// A name in [`Terms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(u32);

/// A universe level in [`Terms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LevelId(u32);

/// An expression in [`Terms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(u32);

macro_rules! index {
    ($($id:ident),*) => {$(
        impl $id {
            /// Position in the store.
            pub fn index(self) -> usize { self.0 as usize }
        }
    )*};
}
index!(NameId, LevelId, ExprId);

/// A hierarchical name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    Anonymous,
    Str(NameId, Box<str>),
    Num(NameId, u64),
}

/// A universe level without metavariables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    Zero,
    Succ(LevelId),
    Max(LevelId, LevelId),
    IMax(LevelId, LevelId),
    Param(NameId),
}

/// How an argument is given; means nothing to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinderInfo {
    Explicit,
    Implicit,
    StrictImplicit,
    Instance,
}

/// A bound variable with the term it is bound in. Its name and info mean nothing to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Binder {
    pub name: NameId,
    pub info: BinderInfo,
    pub ty: ExprId,
    pub body: ExprId,
}

/// An expression without free variables, metavariables and annotations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// De Bruijn index.
    Bound(u32),
    Sort(LevelId),
    Const(NameId, Box<[LevelId]>),
    App(ExprId, ExprId),
    Lambda(Binder),
    Pi(Binder),
    Let {
        name: NameId,
        ty: ExprId,
        value: ExprId,
        body: ExprId,
    },
    /// Little-endian digits to the base 2^32, without leading zeros.
    Nat(Box<[u32]>),
    Str(Box<str>),
    Proj {
        structure: NameId,
        index: u32,
        value: ExprId,
    },
}

/// The store.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    names: IndexSet<Name>,
    levels: IndexSet<Level>,
    exprs: IndexSet<Expr>,
}

impl Terms {
    /// The id of a name.
    pub fn name(&mut self, name: Name) -> NameId {
        NameId(self.names.insert_full(name).0 as u32)
    }

    /// The id of a level.
    pub fn level(&mut self, level: Level) -> LevelId {
        LevelId(self.levels.insert_full(level).0 as u32)
    }

    /// The id of an expression.
    pub fn expr(&mut self, expr: Expr) -> ExprId {
        ExprId(self.exprs.insert_full(expr).0 as u32)
    }

    /// The id of a name of string components.
    pub fn name_of<'a>(&mut self, components: impl IntoIterator<Item = &'a str>) -> NameId {
        let root = self.name(Name::Anonymous);
        components.into_iter().fold(root, |prefix, part| self.name(Name::Str(prefix, part.into())))
    }

    /// The name with this id.
    pub fn get_name(&self, id: NameId) -> &Name {
        &self.names[id.index()]
    }

    /// The level with this id.
    pub fn get_level(&self, id: LevelId) -> Level {
        self.levels[id.index()]
    }

    /// The expression with this id.
    pub fn get(&self, id: ExprId) -> &Expr {
        &self.exprs[id.index()]
    }

    /// Number of expressions.
    pub fn len(&self) -> usize {
        self.exprs.len()
    }

    /// True if nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.exprs.is_empty()
    }

    /// Direct parts of an expression.
    pub fn parts(&self, id: ExprId) -> impl Iterator<Item = ExprId> {
        let parts = match self.get(id) {
            Expr::Bound(_) | Expr::Sort(_) | Expr::Const(..) | Expr::Nat(_) | Expr::Str(_) => [None; 3],
            Expr::App(function, argument) => [Some(*function), Some(*argument), None],
            Expr::Lambda(binder) | Expr::Pi(binder) => [Some(binder.ty), Some(binder.body), None],
            Expr::Let { ty, value, body, .. } => [Some(*ty), Some(*value), Some(*body)],
            Expr::Proj { value, .. } => [Some(*value), None, None],
        };
        parts.into_iter().flatten()
    }

    /// Calls `visit` once for every expression below `root`, itself included.
    pub fn visit(&self, root: ExprId, seen: &mut HashSet<ExprId>, visit: &mut dyn FnMut(ExprId, &Expr)) {
        let mut pending = vec![root];
        while let Some(id) = pending.pop() {
            if seen.insert(id) {
                visit(id, self.get(id));
                pending.extend(self.parts(id));
            }
        }
    }

    /// The constants below `roots` (structures of projections among them), each once, in a fixed order.
    pub fn constants_below(&self, roots: impl IntoIterator<Item = ExprId>) -> Vec<NameId> {
        let (mut seen, mut found) = (HashSet::new(), IndexSet::new());
        for root in roots {
            self.visit(root, &mut seen, &mut |_, expr| {
                if let Expr::Const(name, _) | Expr::Proj { structure: name, .. } = expr {
                    found.insert(*name);
                }
            });
        }
        found.into_iter().collect()
    }

    /// The function and the arguments of an application.
    pub fn spine(&self, mut id: ExprId) -> (ExprId, Vec<ExprId>) {
        let mut arguments = Vec::new();
        while let Expr::App(function, argument) = self.get(id) {
            arguments.push(*argument);
            id = *function;
        }
        arguments.reverse();
        (id, arguments)
    }

    /// True if the variable `index` (counted from outside the term) occurs in it.
    pub fn occurs(&self, id: ExprId, index: u32) -> bool {
        let (mut seen, mut pending) = (HashSet::new(), vec![(id, index)]);
        while let Some((id, index)) = pending.pop() {
            if !seen.insert((id, index)) {
                continue;
            }
            match self.get(id) {
                Expr::Bound(bound) if *bound == index => return true,
                Expr::Lambda(binder) | Expr::Pi(binder) => {
                    pending.extend([(binder.ty, index), (binder.body, index + 1)]);
                }
                Expr::Let { ty, value, body, .. } => {
                    pending.extend([(*ty, index), (*value, index), (*body, index + 1)]);
                }
                _ => pending.extend(self.parts(id).map(|part| (part, index))),
            }
        }
        false
    }
}
