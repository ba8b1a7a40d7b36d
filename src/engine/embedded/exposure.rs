//! Which definitions of the library have no body here. The package ships the exported part of each module: a definition
//! that is not exposed is a name with a type, where native Lean (for a file that is no `module`) has its body. A proof
//! by unfolding can fail for that reason alone; this finds out whether it may have.

use super::instance::{Failure, Instance};
use super::object::{boxed, is_scalar};
use std::collections::HashSet;

/// Tags of `ConstantInfo` and `Expr`, fields of `ConstantVal`.
mod layout {
    pub const AXIOM_INFO: u8 = 0;
    pub const DEFINITION_INFO: u8 = 1;
    pub const EXPR_CONST: u8 = 4;
    pub const CONSTANT_TYPE: u32 = 2;
    /// `ConstantKind.defn`.
    pub const KIND_DEFINITION: u32 = 0;
}

/// Definitions that native Lean does not unfold either: the kernel computes them on literals, and they are irreducible
/// otherwise (well-founded recursion).
const COMPUTED: [&str; 7] =
    ["Nat.gcd", "Nat.log2", "Nat.land", "Nat.lor", "Nat.xor", "Nat.shiftLeft", "Nat.shiftRight"];

/// Constants looked at before giving up; a proof that unfolds more is beyond any of the budgets.
const LIMIT: usize = 4_000;

/// The first definition without a body that unfolding can meet, starting from the type of `declaration` (if the
/// environment has it) and from the constants among `mentioned` (names as the text writes them).
pub fn unexposed_below(
    lean: &mut Instance,
    environment: u32,
    declaration: Option<u32>,
    mentioned: &[u32],
) -> Result<Option<String>, Failure> {
    lean.retain(environment)?;
    let kernel = lean.call("lean_elab_environment_to_kernel_env", &[environment])?;
    let mut seen: HashSet<String> = HashSet::new();
    let mut expressions: HashSet<u32> = HashSet::new();
    let mut pending: Vec<u32> = mentioned.iter().rev().copied().filter(|name| !is_scalar(*name)).collect();
    if let Some(declaration) = declaration
        && let Some(info) = find(lean, kernel, declaration)?
    {
        let value = lean.field(info, 0)?;
        let ty = lean.field(lean.field(value, 0)?, layout::CONSTANT_TYPE)?;
        constants(lean, ty, &mut expressions, &mut pending)?;
    }
    while let Some(name) = pending.pop() {
        let text = lean.read_name(name)?;
        if seen.len() >= LIMIT || !seen.insert(text.clone()) || COMPUTED.contains(&text.as_str()) {
            continue;
        }
        let Some(info) = find(lean, kernel, name)? else { continue };
        match lean.tag(info)? {
            layout::AXIOM_INFO if is_unexposed(lean, environment, name)? => return Ok(Some(text)),
            layout::DEFINITION_INFO => {
                let body = lean.field(lean.field(info, 0)?, 1)?;
                constants(lean, body, &mut expressions, &mut pending)?;
            }
            _ => {}
        }
    }
    Ok(None)
}

/// True if `name` is a definition of the library without a body here.
pub fn is_unexposed(lean: &mut Instance, environment: u32, name: u32) -> Result<bool, Failure> {
    lean.retain(environment)?;
    lean.retain(name)?;
    let kind = lean.call("l_Lean_getOriginalConstKind_x3f", &[environment, name])?;
    if is_scalar(kind) || lean.field(kind, 0)? != boxed(layout::KIND_DEFINITION) {
        return Ok(false);
    }
    lean.retain(environment)?;
    let kernel = lean.call("lean_elab_environment_to_kernel_env", &[environment])?;
    match find(lean, kernel, name)? {
        Some(info) => Ok(lean.tag(info)? == layout::AXIOM_INFO),
        None => Ok(false),
    }
}

fn find(lean: &mut Instance, kernel: u32, name: u32) -> Result<Option<u32>, Failure> {
    lean.retain(kernel)?;
    lean.retain(name)?;
    let found = lean.call("lean_environment_find", &[kernel, name])?;
    if is_scalar(found) { Ok(None) } else { lean.field(found, 0).map(Some) }
}

/// Adds the constants of an expression that was not looked at before.
fn constants(lean: &Instance, expression: u32, seen: &mut HashSet<u32>, found: &mut Vec<u32>) -> Result<(), Failure> {
    let mut pending = vec![expression];
    while let Some(expression) = pending.pop() {
        if is_scalar(expression) || !seen.insert(expression) {
            continue;
        }
        // Object fields that are expressions, by constructor of `Expr`.
        let children: &[u32] = match lean.tag(expression)? {
            layout::EXPR_CONST => {
                found.push(lean.field(expression, 0)?);
                &[]
            }
            5 => &[0, 1],
            6 | 7 => &[1, 2],
            8 => &[1, 2, 3],
            10 => &[1],
            11 => &[2],
            _ => &[],
        };
        for child in children {
            pending.push(lean.field(expression, *child)?);
        }
    }
    Ok(())
}
