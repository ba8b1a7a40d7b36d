//! Terms printed by Lean, in an environment the candidate had no hand in: its notations and printers do not exist there.

use super::boot;
use super::instance::{Failure, Instance};
use super::object::NIL;

/// `MessageData.withContext`, the fourth constructor.
const WITH_CONTEXT: u8 = 3;

/// Characters of a printed term that are kept.
const LONGEST: usize = 4 << 10;

/// Prints the `Expr` object `expr` (takes ownership) in an elaborator's environment.
pub fn print(lean: &mut Instance, environment: u32, expr: u32) -> Result<String, Failure> {
    let message = lean.call("l_Lean_MessageData_ofExpr", &[expr])?;
    let no_metavariables = lean.call("lean_mk_metavar_ctx", &[NIL])?;
    let no_variables = lean.call("lean_mk_empty_local_ctx", &[NIL])?;
    let options = boot::options(lean)?;
    lean.retain(environment)?;
    let context = lean.constructor(0, &[environment, no_metavariables, no_variables, options], &[])?;
    let message = lean.constructor(WITH_CONTEXT, &[context, message], &[])?;
    let text = lean.call("l_Lean_MessageData_toString", &[message])?;
    let mut text = lean.read_string(text)?;
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push_str(" ...");
    }
    Ok(text)
}
