//! The transformations, one function each. Each keeps every index of the module valid; the reason each is needed is in
//! docs/embedded-lean.md.

use super::parts::{ExportEntry, Parts};
use super::symbols::SymbolTable;
use super::{RewriteError, SHARED_STATE_MODULE, SPARE_TABLE_SLOTS};
use std::collections::{HashMap, HashSet};
use wasm_encoder::Function;
use wasmparser::{ExternalKind, GlobalType, Import, TypeRef, ValType};

/// Clears the `shared` bit of the imported memory. Atomic instructions stay valid on unshared memory, and one instance
/// has one thread.
pub fn unshare_memory(parts: &mut Parts<'_>) -> Result<(), RewriteError> {
    for import in &mut parts.imports {
        if let TypeRef::Memory(memory) = &mut import.ty {
            memory.shared = false;
            return Ok(());
        }
    }
    Err(RewriteError::Unexpected("no imported memory".into()))
}

/// Turns the start function into the export `name`: it initialises memory, which an instance that continues a snapshot
/// must not do again.
pub fn export_start(parts: &mut Parts<'_>, name: &str) -> Result<(), RewriteError> {
    let index = parts.start.take().ok_or_else(|| RewriteError::Unexpected("no start function".into()))?;
    parts.exports.push(ExportEntry { name: name.into(), kind: ExternalKind::Func, index });
    Ok(())
}

/// Names of the functions of Lean's task manager that [`run_tasks_eagerly`] replaces and calls.
pub struct TaskManager<'a> {
    pub enqueue: &'a str,
    pub run: &'a str,
    pub wait: &'a str,
    pub spawn_worker: &'a str,
    pub get_heartbeats: &'a str,
    pub set_heartbeats: &'a str,
}

/// Offset of `m_value` in `lean_task_object` (32-bit): null until the task has run.
const TASK_VALUE_OFFSET: u64 = 8;

/// Runs every task at once on the calling thread: `enqueue` becomes `run` (with the caller's heartbeat count put back
/// afterwards, since a task starts its own), `wait` traps if the task has no value, no worker is ever spawned.
pub fn run_tasks_eagerly(parts: &mut Parts<'_>, names: &TaskManager<'_>) -> Result<(), RewriteError> {
    let [enqueue, run, wait, spawn] =
        [names.enqueue, names.run, names.wait, names.spawn_worker].map(|n| parts.exported_function(n));
    let [get, set] = [names.get_heartbeats, names.set_heartbeats].map(|n| parts.exported_function(n));
    let (enqueue, wait, spawn) = (enqueue?, wait?, spawn?);

    let mut body = Function::new([(1, wasm_encoder::ValType::I32)]);
    body.instructions()
        .call(get?)
        .local_set(3)
        .local_get(0)
        .local_get(1)
        .local_get(2)
        .call(run?)
        .local_get(3)
        .call(set?)
        .drop()
        .end();
    parts.set_body(enqueue, body.into_raw_body())?;

    let mut body = Function::new([]);
    let value = wasm_encoder::MemArg { offset: TASK_VALUE_OFFSET, align: 2, memory_index: 0 };
    body.instructions()
        .local_get(1)
        .i32_load(value)
        .i32_eqz()
        .if_(wasm_encoder::BlockType::Empty)
        .unreachable()
        .end()
        .end();
    parts.set_body(wait, body.into_raw_body())?;

    let mut body = Function::new([]);
    body.instructions().unreachable().end();
    parts.set_body(spawn, body.into_raw_body())
}

/// Adds a counter that every call of one of `functions` decrements, exported as `export`; below zero the call traps.
/// With Lean's small-object allocator as the metered function this is a heartbeat budget that no text can reset.
pub fn meter(parts: &mut Parts<'_>, functions: &[&str], export: &str) -> Result<(), RewriteError> {
    let index = parts.imported_globals() + (parts.globals.len() + parts.added_globals.len()) as u32;
    parts.added_globals.push(i64::MAX);
    parts.exports.push(ExportEntry { name: export.into(), kind: ExternalKind::Global, index });
    let mut code = Function::new([]);
    code.instructions()
        .global_get(index)
        .i64_const(1)
        .i64_sub()
        .global_set(index)
        .global_get(index)
        .i64_const(0)
        .i64_lt_s()
        .if_(wasm_encoder::BlockType::Empty)
        .unreachable()
        .end();
    let code = code.into_raw_body();
    for name in functions {
        let function = parts.exported_function(name)?;
        // The first byte of the raw body is its (empty) list of locals.
        parts.prepend_code(function, &code[1..])?;
    }
    Ok(())
}

/// Replaces the kernel's unchecked way to add a declaration (`(env, decl)`) by the checked one
/// (`(env, max_heartbeat, decl, cancel_token)`): `set_option debug.skipKernelTC true` then skips nothing.
pub fn always_check(parts: &mut Parts<'_>, checked: &str, unchecked: &str) -> Result<(), RewriteError> {
    let (checked, unchecked) = (parts.exported_function(checked)?, parts.exported_function(unchecked)?);
    let mut body = Function::new([]);
    // No heartbeat limit of its own (the budget still holds), no cancel token (`none`).
    body.instructions().local_get(0).i32_const(0).local_get(1).i32_const(1).call(checked).end();
    parts.set_body(unchecked, body.into_raw_body())
}

/// Appends the exported functions that `wanted` asks for to the table, with [`SPARE_TABLE_SLOTS`] free slots behind
/// them, and returns where `dlsym` finds what: the place of `dlopen(NULL)`, which a module has no other way to answer.
pub fn extend_table(parts: &mut Parts<'_>, wanted: impl Fn(&str) -> bool) -> Result<SymbolTable, RewriteError> {
    let first_defined = parts.imported_functions();
    let mut slots: HashMap<u32, u32> = HashMap::new();
    for segment in &parts.segments {
        for (slot, function) in (segment.offset..).zip(&segment.functions) {
            slots.entry(*function).or_insert(slot);
        }
    }
    let table = parts.tables.first_mut().ok_or_else(|| RewriteError::Unexpected("no table".into()))?;
    let offset = table.initial as u32;
    let mut added = Vec::new();
    let mut symbols = SymbolTable::default();
    for export in &parts.exports {
        match export.kind {
            ExternalKind::Func if export.index >= first_defined => {
                if let Some(slot) = slots.get(&export.index) {
                    symbols.insert_function(&export.name, *slot);
                } else if wanted(&export.name) {
                    let slot = offset + added.len() as u32;
                    slots.insert(export.index, slot);
                    added.push(export.index);
                    symbols.insert_function(&export.name, slot);
                } else {
                    symbols.insert_left_out(&export.name);
                }
            }
            ExternalKind::Global => {
                if let Some(address) = constant_address(parts, export.index) {
                    symbols.insert_data(&export.name, address);
                }
            }
            _ => {}
        }
    }
    let table = &mut parts.tables[0];
    table.initial = u64::from(offset + added.len() as u32 + SPARE_TABLE_SLOTS);
    table.maximum = None;
    parts.segments.push(super::parts::Segment { offset, functions: added });
    Ok(symbols)
}

/// The value of an immutable i32 global: the linear address of a data symbol.
fn constant_address(parts: &Parts<'_>, index: u32) -> Option<u32> {
    let global = parts.globals.get(index.checked_sub(parts.imported_globals())? as usize)?;
    if global.ty.mutable || global.ty.content_type != ValType::I32 {
        return None;
    }
    match global.init.get_operators_reader().read() {
        Ok(wasmparser::Operator::I32Const { value }) => Some(value as u32),
        _ => None,
    }
}

/// Turns the table and the mutable globals into imports from [`SHARED_STATE_MODULE`], so that the `invoke_*` helper
/// module and the host can share them. The mutable globals must be the first defined ones: their indices stay.
/// Returns the initial values of the globals.
pub fn share_state(parts: &mut Parts<'_>) -> Result<Vec<i32>, RewriteError> {
    let mutable = parts.globals.iter().take_while(|g| g.ty.mutable).count();
    if parts.globals[mutable..].iter().any(|g| g.ty.mutable) {
        return Err(RewriteError::Unexpected("mutable globals are not the first ones".into()));
    }
    let first = parts.imported_globals();
    let mut values = Vec::new();
    for (offset, global) in parts.globals.drain(..mutable).enumerate() {
        let (ValType::I32, Ok(wasmparser::Operator::I32Const { value })) =
            (global.ty.content_type, global.init.get_operators_reader().read())
        else {
            return Err(RewriteError::Unexpected("a mutable global that is not an i32 constant".into()));
        };
        values.push(value);
        let ty = GlobalType { content_type: ValType::I32, mutable: true, shared: false };
        let name = global_name(first + offset as u32);
        parts.imports.push(Import { module: SHARED_STATE_MODULE, name, ty: TypeRef::Global(ty) });
    }
    let table = parts.tables.pop().ok_or_else(|| RewriteError::Unexpected("no table".into()))?;
    if !parts.tables.is_empty() {
        return Err(RewriteError::Unexpected("more than one table".into()));
    }
    parts.imports.push(Import { module: SHARED_STATE_MODULE, name: "table", ty: TypeRef::Table(table) });
    Ok(values)
}

/// The import name of a shared global. A rewrite runs once a process at most, so the names may live as long as it does.
fn global_name(index: u32) -> &'static str {
    format!("g{index}").leak()
}

/// Drops every export but `keep`: each exported function costs a trampoline, and the host reaches the others through
/// the table.
pub fn keep_exports(parts: &mut Parts<'_>, keep: &HashSet<&str>) {
    parts.exports.retain(|e| keep.contains(e.name.as_str()));
}
