//! Lean's record of an elaboration (`InfoTree`): which goals, types and documentation belong to a place. Owns the layout of
//! that record (Lean 4.28) and the choice among what is there; what is shown is printed by Lean.

use super::instance::{Failure, Instance};
use super::object::{NIL, boxed, is_scalar};
use crate::domain::{Elaboration, Inspection, Shown, Step};
use crate::lean::LineIndex;

/// Constructors and fields of the record.
mod layout {
    /// `InfoTree`: context, node, hole.
    pub const CONTEXT: u8 = 0;
    pub const NODE: u8 = 1;
    /// `Info`: ofTacticInfo, ofTermInfo, ..
    pub const TACTIC_INFO: u8 = 0;
    pub const TERM_INFO: u8 = 1;
    pub const FIELD_INFO: u8 = 7;
    /// `TacticInfo`: ElabInfo, mctxBefore, goalsBefore, mctxAfter, goalsAfter.
    pub const BEFORE: (u32, u32) = (1, 2);
    pub const AFTER: (u32, u32) = (3, 4);
    /// `TermInfo`: ElabInfo, lctx, expectedType?, expr; isBinder behind them.
    pub const LOCAL_CONTEXT: u32 = 1;
    pub const EXPECTED_TYPE: u32 = 2;
    pub const EXPRESSION: u32 = 3;
    /// `ContextInfo` begins with a `CommandContextInfo`, whose fourth field is the context of metavariables.
    pub const COMMAND: u32 = 0;
    pub const METAVARIABLES: u32 = 3;
    /// `Syntax.node`: info, kind, arguments.
    pub const SYNTAX_NODE: u8 = 1;
    /// `Expr.const`.
    pub const CONSTANT: u8 = 4;
}

/// Columns that printed text is broken at.
const WIDTH: u32 = 100;

/// Nodes of a record that are looked at; one of a machine-made text can have millions.
const NODES: usize = 200_000;

/// Something with a place in the text.
#[derive(Clone, Copy)]
struct Candidate {
    context: u32,
    info: u32,
    range: (usize, usize),
}

/// What the trees know of the byte offset `at`.
pub fn at(
    lean: &mut Instance,
    file_map: u32,
    trees: &[u32],
    at: usize,
    index: &LineIndex<'_>,
) -> Result<Inspection, Failure> {
    let mut found = Inspection { goals: goals(lean, file_map, trees, at)?, ..Inspection::default() };
    let shown = |text: String, (from, to): (usize, usize)| Shown {
        text,
        range: (index.line_column(from), index.line_column(to)),
    };
    let candidates = candidates(lean, trees, at)?;
    for Candidate { context, info, range } in &candidates {
        if let Some(text) = hover(lean, *context, *info)? {
            found.hover = Some(shown(text, *range));
            found.constant = constant(lean, *info)?;
            break;
        }
    }
    for Candidate { context, info, range } in &candidates {
        if lean.tag(*info)? == layout::TERM_INFO
            && let Some(text) = term_goal(lean, *context, lean.field(*info, 0)?)?
        {
            found.term_goal = Some(shown(text, *range));
            break;
        }
    }
    Ok(found)
}

/// Goals at a place, as Lean's own server chooses them.
fn goals(lean: &mut Instance, file_map: u32, trees: &[u32], at: usize) -> Result<Option<Vec<String>>, Failure> {
    let mut goals = Vec::new();
    let mut is_tactic = false;
    for tree in trees {
        lean.retain(file_map)?;
        lean.retain(*tree)?;
        let found = lean.call("l_Lean_Elab_InfoTree_goalsAt_x3f", &[file_map, *tree, boxed(at as u32)])?;
        for found in lean.read_list(found)? {
            is_tactic = true;
            // GoalsAtResult: ctxInfo, tacticInfo, priority; useAfter.
            let (context, tactic) = (lean.field(found, 0)?, lean.field(found, 1)?);
            let use_after = lean.scalar_byte(found, 3, 0)? != 0;
            let (metavariables, list) = if use_after { layout::AFTER } else { layout::BEFORE };
            let metavariables = lean.field(tactic, metavariables)?;
            let context = with_metavariables(lean, context, metavariables)?;
            for goal in lean.read_list(lean.field(tactic, list)?)? {
                let text = printed_goal(lean, context, goal)?;
                if !goals.contains(&text) {
                    goals.push(text);
                }
            }
        }
    }
    Ok(is_tactic.then_some(goals))
}

/// A `ContextInfo` with another context of metavariables.
fn with_metavariables(lean: &mut Instance, context: u32, metavariables: u32) -> Result<u32, Failure> {
    lean.retain(metavariables)?;
    let command = lean.field(context, layout::COMMAND)?;
    let command = lean.copy_with(command, layout::METAVARIABLES, metavariables)?;
    lean.copy_with(context, layout::COMMAND, command)
}

/// A goal as Lean prints it.
fn printed_goal(lean: &mut Instance, context: u32, goal: u32) -> Result<String, Failure> {
    lean.retain(goal)?;
    lean.retain(context)?;
    let goals = lean.constructor(1, &[goal, NIL], &[])?;
    let result = lean.call("l_Lean_Elab_ContextInfo_ppGoals___boxed", &[context, goals, boxed(0)])?;
    match lean.io_result(result)? {
        // Lean puts a line's end in front of every goal.
        Ok(format) => Ok(printed(lean, format)?.trim_start_matches('\n').to_owned()),
        Err(error) => Ok(error),
    }
}

/// A `Format` as text.
fn printed(lean: &mut Instance, format: u32) -> Result<String, Failure> {
    lean.retain(format)?;
    let text = lean.call("l_Std_Format_pretty___boxed", &[format, boxed(WIDTH), boxed(0), boxed(0)])?;
    lean.read_string(text)
}

/// Every `Info` of the trees that has a context, which comes first, in the order of the text, what holds others before them.
fn infos(lean: &mut Instance, trees: &[u32]) -> Result<Vec<(u32, u32)>, Failure> {
    let mut pending: Vec<(u32, u32)> = trees.iter().rev().map(|tree| (*tree, NIL)).collect();
    let (mut found, mut looked) = (Vec::new(), 0);
    while let Some((tree, context)) = pending.pop() {
        looked += 1;
        if is_scalar(tree) || looked > NODES {
            continue;
        }
        match lean.tag(tree)? {
            layout::CONTEXT => pending.push(merged(lean, tree, context)?),
            layout::NODE => {
                let below = lean.read_persistent_array(lean.field(tree, 1)?)?;
                pending.extend(below.into_iter().rev().map(|below| (below, context)));
                if !is_scalar(context) {
                    found.push((lean.field(context, 0)?, lean.field(tree, 0)?));
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// What lies over the place, the smallest first; of equals terms before others, deeper before higher.
fn candidates(lean: &mut Instance, trees: &[u32], at: usize) -> Result<Vec<Candidate>, Failure> {
    let mut found = Vec::new();
    for (order, (context, info)) in infos(lean, trees)?.into_iter().enumerate() {
        if let Some(range) = range(lean, info)?.filter(|(from, to)| (*from..=*to).contains(&at)) {
            found.push((order, Candidate { context, info, range }));
        }
    }
    let mut keyed = Vec::with_capacity(found.len());
    for (order, candidate) in found {
        let (from, to) = candidate.range;
        let is_term = matches!(lean.tag(candidate.info)?, layout::TERM_INFO | layout::FIELD_INFO);
        // A place behind the last character of one thing is rather the first of the next.
        keyed.push(((to == at, to - from, !is_term, std::cmp::Reverse(order)), candidate));
    }
    keyed.sort_by_key(|(key, _)| *key);
    Ok(keyed.into_iter().map(|(_, candidate)| candidate).collect())
}

/// Syntax of tactics that only hold others together.
const HOLDING: [&str; 9] = [
    "null",
    "Lean.cdot",
    "Lean.Parser.Term.byTactic",
    "Lean.Parser.Tactic.tacticSeq",
    "Lean.Parser.Tactic.tacticSeq1Indented",
    "Lean.Parser.Tactic.tacticSeqBracketed",
    "Lean.Parser.Tactic.«tactic_<;>_»",
    "Lean.Parser.Tactic.paren",
    "Lean.Parser.Tactic.case",
];

/// Adds to `found` every `sorry` of the trees and, if wanted, every tactic, with the goals in front of it.
pub fn steps(
    lean: &mut Instance,
    trees: &[u32],
    index: &LineIndex<'_>,
    tactics: bool,
    found: &mut Elaboration,
) -> Result<(), Failure> {
    for (context, info) in infos(lean, trees)? {
        let is_tactic = match lean.tag(info)? {
            layout::TACTIC_INFO => true,
            layout::TERM_INFO => false,
            _ => continue,
        };
        let own = lean.field(info, 0)?;
        let kind = syntax_kind(lean, own)?;
        let is_hole = matches!(&*kind, "Lean.Parser.Tactic.tacticSorry" | "Lean.Parser.Term.sorry");
        let is_wanted = tactics && is_tactic && !HOLDING.contains(&&*kind) && !kind.is_empty();
        if !is_hole && !is_wanted {
            continue;
        }
        let Some(bytes) = range(lean, info)? else { continue };
        let goals = goals_before(lean, context, own, is_tactic)?;
        let range = (index.line_column(bytes.0), index.line_column(bytes.1));
        let step = Step { range, bytes, goals, is_tactic };
        // A tactic `sorry` is made of a term of the same place; one proof can be elaborated twice.
        let is_new = |steps: &[Step]| !steps.iter().any(|other| other.bytes == step.bytes);
        if is_hole && is_new(&found.sorries) {
            found.sorries.push(step.clone());
        }
        if is_wanted && is_new(&found.tactics) {
            found.tactics.push(step);
        }
    }
    Ok(())
}

fn goals_before(lean: &mut Instance, context: u32, own: u32, is_tactic: bool) -> Result<Vec<String>, Failure> {
    if !is_tactic {
        return Ok(term_goal(lean, context, own)?.into_iter().collect());
    }
    let metavariables = lean.field(own, layout::BEFORE.0)?;
    let context = with_metavariables(lean, context, metavariables)?;
    let goals = lean.read_list(lean.field(own, layout::BEFORE.1)?)?;
    goals.into_iter().map(|goal| printed_goal(lean, context, goal)).collect()
}

/// The kind of the syntax that an `Info` is of; empty for an atom.
fn syntax_kind(lean: &Instance, own: u32) -> Result<String, Failure> {
    // The first field is an `ElabInfo`: elaborator and syntax.
    let syntax = lean.field(lean.field(own, 0)?, 1)?;
    match !is_scalar(syntax) && lean.tag(syntax)? == layout::SYNTAX_NODE {
        true => lean.read_name(lean.field(syntax, 1)?),
        false => Ok(String::new()),
    }
}

/// What stands below a context, with the context it is in.
fn merged(lean: &mut Instance, tree: u32, context: u32) -> Result<(u32, u32), Failure> {
    let (partial, below) = (lean.field(tree, 0)?, lean.field(tree, 1)?);
    lean.retain(partial)?;
    lean.retain(context)?;
    let merged = lean.call("l_Lean_Elab_PartialContextInfo_mergeIntoOuter_x3f", &[partial, context])?;
    Ok((below, merged))
}

/// The bytes of the text that an `Info` belongs to, if it is something the text says.
fn range(lean: &mut Instance, info: u32) -> Result<Option<(usize, usize)>, Failure> {
    lean.retain(info)?;
    let range = lean.call("l_Lean_Elab_Info_range_x3f___boxed", &[info])?;
    if is_scalar(range) {
        return Ok(None);
    }
    let range = lean.field(range, 0)?;
    let number = |field| Ok::<_, Failure>(lean.read_nat(lean.field(range, field)?)?.map(|at| at as usize));
    Ok(number(0)?.zip(number(1)?))
}

/// What Lean's server shows for an `Info`.
fn hover(lean: &mut Instance, context: u32, info: u32) -> Result<Option<String>, Failure> {
    lean.retain(context)?;
    lean.retain(info)?;
    let result = lean.call("l_Lean_Elab_Info_fmtHover_x3f___boxed", &[context, info, boxed(0)])?;
    match lean.io_result(result)? {
        Ok(NIL) | Err(_) => Ok(None),
        // A `FormatWithInfos`, which begins with the format.
        Ok(some) => {
            let format = lean.field(lean.field(some, 0)?, 0)?;
            printed(lean, format).map(Some)
        }
    }
}

/// The constant that an `Info` is about.
fn constant(lean: &mut Instance, info: u32) -> Result<Option<String>, Failure> {
    let own = lean.field(info, 0)?;
    Ok(match lean.tag(info)? {
        layout::TERM_INFO => {
            let expression = lean.field(own, layout::EXPRESSION)?;
            match !is_scalar(expression) && lean.tag(expression)? == layout::CONSTANT {
                true => Some(lean.read_name(lean.field(expression, 0)?)?),
                false => None,
            }
        }
        layout::FIELD_INFO => Some(lean.read_name(lean.field(own, 0)?)?),
        _ => None,
    })
}

/// What a term is to be a term of, as a goal with the hypotheses there.
fn term_goal(lean: &mut Instance, context: u32, term: u32) -> Result<Option<String>, Failure> {
    let expected = lean.field(term, layout::EXPECTED_TYPE)?;
    if is_scalar(expected) {
        return Ok(None);
    }
    let expected = lean.field(expected, 0)?;
    let local = lean.field(term, layout::LOCAL_CONTEXT)?;
    let command = lean.field(context, layout::COMMAND)?;
    let metavariables = lean.field(command, layout::METAVARIABLES)?;
    let goal = lean.name(&["_afcheck_term_goal"])?;
    let instances = lean.array(&[])?;
    for object in [metavariables, goal, local, expected] {
        lean.retain(object)?;
    }
    let (anonymous, natural, no_scopes) = (NIL, boxed(0), boxed(0));
    let arguments = [metavariables, goal, anonymous, local, instances, expected, natural, no_scopes];
    let metavariables = lean.call("l_Lean_MetavarContext_addExprMVarDecl___boxed", &arguments)?;
    let context = with_metavariables(lean, context, metavariables)?;
    printed_goal(lean, context, goal).map(Some)
}
