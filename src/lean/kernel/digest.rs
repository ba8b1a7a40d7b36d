//! A fingerprint of a statement with everything of the text it rests on: equal for equal meanings as written, in every
//! store. Owns what is hashed, and in which order.

use super::constant::Constants;
use super::show::show_name;
use super::term::{Expr, ExprId, Level, LevelId, NameId, Terms};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// SHA-256 of a statement: its term and the constants among `constants` it rests on. Names of bound variables count,
/// because some of what is said of a statement names them.
pub fn digest(terms: &Terms, constants: &Constants, statement: ExprId) -> [u8; 32] {
    let mut known: HashMap<ExprId, [u8; 32]> = HashMap::new();
    let mut hash = Sha256::new();
    hash.update(of_expr(terms, statement, &mut known));
    let mut seen: HashSet<NameId> = HashSet::new();
    let mut pending = terms.constants_below([statement]);
    pending.reverse();
    while let Some(name) = pending.pop() {
        let Some(constant) = constants.get(&name) else { continue };
        if !seen.insert(name) {
            continue;
        }
        hash.update(show_name(terms, name));
        hash.update([0]);
        hash.update(constant.kind_name());
        for param in &constant.signature.params {
            hash.update([1]);
            hash.update(show_name(terms, *param));
        }
        hash.update(of_expr(terms, constant.signature.ty, &mut known));
        if let Some(value) = constant.value() {
            hash.update(of_expr(terms, value, &mut known));
        }
        pending.extend(constant.mentions(terms).into_iter().rev());
    }
    hash.finalize().into()
}

fn of_expr(terms: &Terms, root: ExprId, known: &mut HashMap<ExprId, [u8; 32]>) -> [u8; 32] {
    let mut below = Vec::new();
    let mut seen: HashSet<ExprId> = known.keys().copied().collect();
    terms.visit(root, &mut seen, &mut |id, _| below.push(id));
    // Parts have smaller ids than the whole.
    below.sort_unstable();
    for id in below {
        let mut hash = Sha256::new();
        let name = |id: NameId| show_name(terms, id);
        let head = match terms.get(id) {
            Expr::Bound(index) => format!("b{index}"),
            Expr::Sort(level) => format!("s{}", of_level(terms, *level)),
            Expr::Const(constant, levels) => {
                let levels: Vec<String> = levels.iter().map(|l| of_level(terms, *l)).collect();
                format!("c{}.{{{}}}", name(*constant), levels.join(","))
            }
            Expr::App(..) => "a".into(),
            Expr::Lambda(binder) => format!("l{:?}{}", binder.info, name(binder.name)),
            Expr::Pi(binder) => format!("p{:?}{}", binder.info, name(binder.name)),
            Expr::Let { name: bound, .. } => format!("t{}", name(*bound)),
            Expr::Nat(digits) => format!("n{digits:?}"),
            Expr::Str(text) => format!("q{text:?}"),
            Expr::Proj { structure, index, .. } => format!("j{index}{}", name(*structure)),
        };
        hash.update(head);
        for part in terms.parts(id) {
            hash.update([0]);
            hash.update(known[&part]);
        }
        known.insert(id, hash.finalize().into());
    }
    known[&root]
}

fn of_level(terms: &Terms, level: LevelId) -> String {
    match terms.get_level(level) {
        Level::Zero => "0".into(),
        Level::Succ(of) => format!("S{}", of_level(terms, of)),
        Level::Max(a, b) => format!("M({},{})", of_level(terms, a), of_level(terms, b)),
        Level::IMax(a, b) => format!("I({},{})", of_level(terms, a), of_level(terms, b)),
        Level::Param(name) => show_name(terms, name),
    }
}
