//! Rewrites the emscripten build of Lean into a module wasmtime can run on one thread, snapshot and meter.
//!
//! Owns the order of the transformations and every name of the Lean build they depend on. Must not touch files or
//! wasmtime: bytes in, bytes out.

mod invoke;
mod names;
mod parts;
mod steps;
mod symbols;
#[cfg(test)]
mod tests;

pub use invoke::{HOST_MODULE, InvokeGlobals};
pub use symbols::{Symbol, SymbolFile, SymbolTable};

use parts::Parts;
use std::collections::HashSet;

/// Part of every cache key: raise it whenever the output for the same input changes.
pub const REWRITER_VERSION: u32 = 3;

/// Import module of the table and the mutable globals in the rewritten module.
pub const SHARED_STATE_MODULE: &str = "state";

/// Free table slots for host functions that need an address.
pub const SPARE_TABLE_SLOTS: u32 = 16;

/// Export of the former start function.
pub const START_EXPORT: &str = "__start";

/// Export of the heartbeat budget: an i64 global, decremented by every small allocation; below zero it traps.
pub const HEARTBEATS_EXPORT: &str = "__heartbeats_left";

/// Exports the host calls by name; everything else is reached through the symbol table.
pub const HOST_EXPORTS: [&str; 13] = [
    "__wasm_call_ctors",
    "malloc",
    "memalign",
    "setThrew",
    "__cxa_can_catch",
    "__cxa_get_exception_ptr",
    "__cxa_increment_exception_refcount",
    "__cxa_decrement_exception_refcount",
    "_emscripten_tempret_set",
    "_emscripten_thread_init",
    "_emscripten_tls_init",
    "emscripten_stack_set_limits",
    "lean_initialize",
];

/// Lean's task manager by its mangled names (`lean::task_manager::..`).
const TASK_MANAGER: steps::TaskManager<'static> = steps::TaskManager {
    enqueue: "_ZN4lean12task_manager12enqueue_coreERNSt3__211unique_lockINS1_5mutexEEEP9lean_task",
    run: "_ZN4lean12task_manager8run_taskERNSt3__211unique_lockINS1_5mutexEEEP9lean_task",
    wait: "_ZN4lean12task_manager8wait_forEP9lean_task",
    spawn_worker: "_ZN4lean12task_manager12spawn_workerEv",
    get_heartbeats: "lean_io_get_num_heartbeats",
    set_heartbeats: "lean_io_set_heartbeats",
};

/// Where Lean counts a heartbeat: every small object comes from here.
const METERED: [&str; 1] = ["mi_malloc_small"];

/// A rewritten Lean.
pub struct Rewritten {
    /// The module; imports its table and mutable globals.
    pub module: Vec<u8>,
    /// The helper module that implements its `invoke_*` imports.
    pub invoke_helper: Vec<u8>,
    /// Where every symbol is.
    pub symbols: SymbolTable,
    /// Initial values of the shared globals, named `g{index}` from [`first_global`](Self::first_global) on.
    pub globals: Vec<i32>,
    /// Index of the first shared global.
    pub first_global: u32,
}

/// Why a module could not be rewritten.
#[derive(Debug, thiserror::Error)]
pub enum RewriteError {
    /// Not a WebAssembly module.
    #[error("the module cannot be read: {0}")]
    Malformed(#[from] wasmparser::BinaryReaderError),
    /// Not the module this rewriter was written for.
    #[error("the module is not the expected build of Lean: {0}")]
    Unexpected(String),
}

/// The kernel's ways to add a declaration, to a kernel environment and to the elaborator's: checked, unchecked.
const ADD_DECLARATION: [(&str, &str); 2] = [
    ("lean_add_decl", "lean_add_decl_without_checking"),
    ("lean_elab_add_decl", "lean_elab_add_decl_without_checking"),
];

/// Rewrites `lean.wasm`.
pub fn rewrite(wasm: &[u8]) -> Result<Rewritten, RewriteError> {
    let mut parts = Parts::parse(wasm)?;
    let exports = parts.exports.clone();
    let wanted = names::callable_by_name(exports.iter().map(|e| e.name.as_str()));
    steps::unshare_memory(&mut parts)?;
    steps::export_start(&mut parts, START_EXPORT)?;
    steps::run_tasks_eagerly(&mut parts, &TASK_MANAGER)?;
    for (checked, unchecked) in ADD_DECLARATION {
        steps::always_check(&mut parts, checked, unchecked)?;
    }
    steps::meter(&mut parts, &METERED, HEARTBEATS_EXPORT)?;
    let symbols = steps::extend_table(&mut parts, |name| wanted.contains(name))?;
    let first_global = parts.imported_globals();
    let globals = steps::share_state(&mut parts)?;
    let keep: HashSet<&str> = HOST_EXPORTS.into_iter().chain([START_EXPORT, HEARTBEATS_EXPORT]).collect();
    steps::keep_exports(&mut parts, &keep);
    let last = first_global + globals.len() as u32 - 1;
    // The emscripten linker lays its globals out in this order: stack pointer first, the two TLS addresses of the
    // exception state last. The first check of a booted instance would fail at once if it did not.
    let roles = InvokeGlobals { stack_pointer: first_global, threw: last - 1, threw_value: last };
    let invoke_helper = invoke::invoke_helper(&parts, &roles)?;
    Ok(Rewritten { module: parts.encode()?, invoke_helper, symbols, globals, first_global })
}
