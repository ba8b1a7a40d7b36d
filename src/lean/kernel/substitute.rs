//! Putting terms in the place of bound variables. Owns the shifting of indices.

use super::term::{Binder, Expr, ExprId, Terms};
use std::collections::HashMap;

impl Terms {
    /// `body` with its outermost `arguments.len()` variables replaced, the last argument for index 0. Other variables of
    /// `body` are those of the arguments' scope.
    pub fn instantiate(&mut self, body: ExprId, arguments: &[ExprId]) -> ExprId {
        self.map_variables(body, &mut |terms, index, depth| {
            let count = arguments.len() as u32;
            match index.checked_sub(depth) {
                None => terms.expr(Expr::Bound(index)),
                Some(free) if free < count => {
                    let argument = arguments[(count - 1 - free) as usize];
                    terms.lift(argument, depth)
                }
                Some(_) => terms.expr(Expr::Bound(index - count)),
            }
        })
    }

    /// `term` in a scope with `by` more variables around it.
    pub fn lift(&mut self, term: ExprId, by: u32) -> ExprId {
        if by == 0 {
            return term;
        }
        self.map_variables(term, &mut |terms, index, depth| {
            terms.expr(Expr::Bound(if index < depth { index } else { index + by }))
        })
    }

    /// Replaces every variable by what `map` makes of its index and the number of binders above it in `root`.
    fn map_variables(&mut self, root: ExprId, map: &mut dyn FnMut(&mut Terms, u32, u32) -> ExprId) -> ExprId {
        let mut done: HashMap<(ExprId, u32), ExprId> = HashMap::new();
        let mut pending = vec![(root, 0, false)];
        while let Some((id, depth, is_left)) = pending.pop() {
            if done.contains_key(&(id, depth)) {
                continue;
            }
            let expr = self.get(id).clone();
            let inner = match &expr {
                Expr::Lambda(b) | Expr::Pi(b) => vec![(b.ty, depth), (b.body, depth + 1)],
                Expr::Let { ty, value, body, .. } => vec![(*ty, depth), (*value, depth), (*body, depth + 1)],
                _ => self.parts(id).map(|part| (part, depth)).collect(),
            };
            if !is_left && !inner.is_empty() {
                pending.push((id, depth, true));
                pending.extend(inner.into_iter().map(|(part, depth)| (part, depth, false)));
                continue;
            }
            let part = |id, depth| done[&(id, depth)];
            let new = match expr {
                Expr::Bound(index) => map(self, index, depth),
                Expr::App(f, a) => {
                    let new = Expr::App(part(f, depth), part(a, depth));
                    self.expr(new)
                }
                Expr::Lambda(b) => {
                    let new = Binder { ty: part(b.ty, depth), body: part(b.body, depth + 1), ..b };
                    self.expr(Expr::Lambda(new))
                }
                Expr::Pi(b) => {
                    let new = Binder { ty: part(b.ty, depth), body: part(b.body, depth + 1), ..b };
                    self.expr(Expr::Pi(new))
                }
                Expr::Let { name, ty, value, body } => {
                    let (ty, value, body) = (part(ty, depth), part(value, depth), part(body, depth + 1));
                    self.expr(Expr::Let { name, ty, value, body })
                }
                Expr::Proj { structure, index, value } => {
                    let value = part(value, depth);
                    self.expr(Expr::Proj { structure, index, value })
                }
                Expr::Sort(_) | Expr::Const(..) | Expr::Nat(_) | Expr::Str(_) => id,
            };
            done.insert((id, depth), new);
        }
        done[&(root, 0)]
    }
}
