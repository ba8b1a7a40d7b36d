//! Terms in words, for messages about a difference. Owns a plain notation that no text can change; Lean's own printer
//! shows whole types.

use super::term::{Expr, ExprId, Name, NameId, Terms};

/// Characters after which a term is cut.
const LONGEST: usize = 160;

/// A name, components in `«»` where they are not plain, so that different names look different.
pub fn show_name(terms: &Terms, mut name: NameId) -> String {
    let mut components = Vec::new();
    loop {
        name = match terms.get_name(name) {
            Name::Anonymous => break,
            Name::Str(prefix, text) => {
                let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '\'' | '!' | '?'))
                    && text.starts_with(|c: char| c.is_alphabetic() || c == '_');
                components.push(if plain { text.to_string() } else { quoted(text) });
                *prefix
            }
            Name::Num(prefix, number) => {
                components.push(number.to_string());
                *prefix
            }
        };
    }
    components.reverse();
    components.join(".")
}

/// A component that is not plain. Its own quotation marks must not look like the end of it.
fn quoted(text: &str) -> String {
    format!("«{}»", text.escape_debug().to_string().replace('»', "\\u{bb}"))
}

/// A term, cut where it gets long. `bound` are the names of the variables bound around it, outermost first.
pub fn show(terms: &Terms, root: ExprId, bound: &[NameId]) -> String {
    let mut out = String::new();
    write(terms, root, &mut bound.to_vec(), false, &mut out);
    if out.len() > LONGEST {
        out.truncate(out.floor_char_boundary(LONGEST));
        out.push_str(" ...");
    }
    out
}

fn write(terms: &Terms, id: ExprId, bound: &mut Vec<NameId>, argument: bool, out: &mut String) {
    // The cut bounds the depth as well: every level writes something before it goes deeper.
    if out.len() > LONGEST {
        return;
    }
    let compound = matches!(terms.get(id), Expr::App(..) | Expr::Lambda(_) | Expr::Pi(_) | Expr::Let { .. });
    if argument && compound {
        out.push('(');
    }
    match terms.get(id) {
        Expr::Bound(index) => match bound.len().checked_sub(*index as usize + 1) {
            Some(at) => out.push_str(&show_name(terms, bound[at])),
            None => out.push_str(&format!("#{}", *index as usize - bound.len())),
        },
        Expr::Sort(level) => {
            let is_prop = matches!(terms.get_level(*level), super::term::Level::Zero);
            out.push_str(if is_prop { "Prop" } else { "Type _" });
        }
        Expr::Const(name, _) => out.push_str(&show_name(terms, *name)),
        Expr::App(..) => {
            let (function, arguments) = terms.spine(id);
            write(terms, function, bound, true, out);
            for argument in arguments.into_iter().take(LONGEST) {
                out.push(' ');
                write(terms, argument, bound, true, out);
            }
        }
        Expr::Lambda(binder) | Expr::Pi(binder) => {
            let is_lambda = matches!(terms.get(id), Expr::Lambda(_));
            out.push_str(if is_lambda { "fun (" } else { "∀ (" });
            out.push_str(&format!("{} : ", show_name(terms, binder.name)));
            write(terms, binder.ty, bound, false, out);
            out.push_str(if is_lambda { ") => " } else { "), " });
            bound.push(binder.name);
            write(terms, binder.body, bound, false, out);
            bound.pop();
        }
        Expr::Let { name, value, body, .. } => {
            out.push_str(&format!("let {} := ", show_name(terms, *name)));
            write(terms, *value, bound, false, out);
            out.push_str("; ");
            bound.push(*name);
            write(terms, *body, bound, false, out);
            bound.pop();
        }
        Expr::Nat(digits) => match **digits {
            [] => out.push('0'),
            [digit] => out.push_str(&digit.to_string()),
            _ => out.push_str(&format!("<number of {} bits>", 32 * digits.len())),
        },
        Expr::Str(text) => out.push_str(&format!("{text:?}")),
        Expr::Proj { index, value, .. } => {
            let (mut path, mut value) = (vec![*index], *value);
            while let Expr::Proj { index, value: inner, .. } = terms.get(value) {
                path.push(*index);
                value = *inner;
            }
            write(terms, value, bound, true, out);
            for index in path.into_iter().rev().take(LONGEST) {
                out.push_str(&format!(".{}", u64::from(index) + 1));
            }
        }
    }
    if argument && compound {
        out.push(')');
    }
}
