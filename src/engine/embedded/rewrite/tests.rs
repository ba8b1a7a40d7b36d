//! Each transformation on a small hand-written module: validated, then run in wasmtime.

use super::parts::Parts;
use super::*;
use wasmtime::{Config, Engine, Extern, Instance, Linker, Memory, MemoryType, Module, Store, Val};

/// A stand-in for the emscripten build: one memory, one table, two mutable globals first, a start function, an exported
/// data symbol, a task manager, an allocator and both ways to add a declaration.
const SMALL: &str = r#"(module
  (import "env" "memory" (memory 1 4 shared))
  (import "env" "invoke_ii" (func $invoke_ii (param i32 i32) (result i32)))
  (import "env" "__cxa_throw" (func $throw (param i32 i32 i32)))
  (table 3 3 funcref)
  (global $sp (mut i32) (i32.const 1024))
  (global $threw (mut i32) (i32.const 8))
  (global $threw_value (mut i32) (i32.const 12))
  (global $address i32 (i32.const 4096))
  (export "l_data" (global $address))
  (start $init)
  (func $init (i32.store (i32.const 0) (i32.const 77)))
  (func $twice (export "l_twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func (export "l_other") (param i32) (result i32) (i32.add (local.get 0) (i32.const 5)))
  (func (export "l_left_out") (param i32) (result i32) (local.get 0))
  (func $thrower (param i32) (result i32)
    (global.set $sp (i32.const 0))
    (call $throw (local.get 0) (i32.const 1) (i32.const 2)) (unreachable))
  (func (export "try") (param i32 i32) (result i32) (call $invoke_ii (local.get 0) (local.get 1)))
  (func (export "sp") (result i32) (global.get $sp))
  (func $run (export "run") (param i32 i32 i32) (i32.store (i32.add (local.get 1) (i32.const 8)) (i32.const 1)))
  (func (export "enqueue") (param i32 i32 i32) (unreachable))
  (func (export "wait") (param i32 i32) (unreachable))
  (func (export "spawn") (param i32) (i32.store (i32.const 0) (i32.const 1)))
  (func (export "get") (result i32) (i32.const 41))
  (func (export "set") (param i32) (result i32) (i32.store (i32.const 4) (local.get 0)) (i32.const 1))
  (func (export "alloc") (param i32) (result i32) (local i64) (local.set 1 (i64.const 3)) (local.get 0))
  (func (export "add") (param i32 i32 i32 i32) (result i32)
    (i32.add (i32.mul (local.get 0) (i32.const 100)) (i32.add (local.get 2) (local.get 3))))
  (func (export "add_unchecked") (param i32 i32) (result i32) (i32.const 0))
  (elem (i32.const 1) $twice $thrower)
)"#;

const TASKS: steps::TaskManager<'static> = steps::TaskManager {
    enqueue: "enqueue",
    run: "run",
    wait: "wait",
    spawn_worker: "spawn",
    get_heartbeats: "get",
    set_heartbeats: "set",
};

fn small() -> Vec<u8> {
    wat::parse_str(SMALL).expect("the module is well formed")
}

/// Encodes, validates and compiles what the transformations made.
fn compile(parts: &Parts<'_>) -> (Engine, Module) {
    let engine = Engine::new(Config::new().wasm_exceptions(true).wasm_threads(true)).unwrap();
    let module = Module::new(&engine, parts.encode().unwrap()).expect("the rewritten module is valid");
    (engine, module)
}

/// Links with an unshared memory; `state` imports are made to order.
fn instantiate(engine: &Engine, module: &Module, linker: &mut Linker<()>) -> (Store<()>, Instance, Memory) {
    let mut store = Store::new(engine, ());
    let memory = Memory::new(&mut store, MemoryType::new(1, Some(4))).unwrap();
    linker.allow_shadowing(true).define(&store, "env", "memory", memory).unwrap();
    for import in module.imports() {
        if linker.get_by_import(&mut store, &import).is_none() {
            let value: Extern = import.ty().default_value(&mut store).expect("a default for the import");
            linker.define(&store, import.module(), import.name(), value).unwrap();
        }
    }
    let instance = linker.instantiate(&mut store, module).unwrap();
    (store, instance, memory)
}

fn call(store: &mut Store<()>, instance: &Instance, name: &str, args: &[i32]) -> wasmtime::Result<Option<i32>> {
    let func = instance.get_func(&mut *store, name).unwrap_or_else(|| panic!("no export {name}"));
    let args: Vec<Val> = args.iter().map(|a| Val::I32(*a)).collect();
    let mut results = vec![Val::I32(0); func.ty(&*store).results().len()];
    func.call(&mut *store, &args, &mut results)?;
    Ok(results.first().map(|r| r.unwrap_i32()))
}

#[test]
fn a_module_without_changes_means_the_same() {
    let wasm = small();
    let parts = Parts::parse(&wasm).unwrap();
    wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all())
        .validate_all(&parts.encode().unwrap())
        .unwrap();
    assert_eq!(parts.imported_functions(), 2);
    assert!(parts.exported_function("nothing").is_err());
    assert!(Parts::parse(b"\0asm\x01\0\0\0\xff").is_err());
}

#[test]
fn memory_is_unshared_and_start_runs_only_when_called() {
    let wasm = small();
    let mut parts = Parts::parse(&wasm).unwrap();
    steps::unshare_memory(&mut parts).unwrap();
    steps::export_start(&mut parts, START_EXPORT).unwrap();
    let (engine, module) = compile(&parts);
    let (mut store, instance, memory) = instantiate(&engine, &module, &mut Linker::new(&engine));
    assert_eq!(memory.data(&store)[0], 0, "instantiation must not touch memory");
    call(&mut store, &instance, START_EXPORT, &[]).unwrap();
    assert_eq!(memory.data(&store)[0], 77);
    assert!(steps::export_start(&mut parts, START_EXPORT).is_err(), "there is no second start function");
}

#[test]
fn tasks_run_on_the_caller_and_keep_its_heartbeats() {
    let wasm = small();
    let mut parts = Parts::parse(&wasm).unwrap();
    steps::unshare_memory(&mut parts).unwrap();
    steps::run_tasks_eagerly(&mut parts, &TASKS).unwrap();
    let (engine, module) = compile(&parts);
    let (mut store, instance, memory) = instantiate(&engine, &module, &mut Linker::new(&engine));
    assert!(call(&mut store, &instance, "wait", &[0, 64]).is_err(), "no value yet");
    call(&mut store, &instance, "enqueue", &[0, 64, 0]).unwrap();
    assert_eq!(memory.data(&store)[72], 1, "run was called with the task");
    assert_eq!(memory.data(&store)[4], 41, "the caller's heartbeats were put back");
    call(&mut store, &instance, "wait", &[0, 64]).unwrap();
    assert!(call(&mut store, &instance, "spawn", &[0]).is_err());
}

#[test]
fn the_meter_counts_calls_and_traps_below_zero() {
    let wasm = small();
    let mut parts = Parts::parse(&wasm).unwrap();
    steps::unshare_memory(&mut parts).unwrap();
    steps::meter(&mut parts, &["alloc"], HEARTBEATS_EXPORT).unwrap();
    let (engine, module) = compile(&parts);
    let (mut store, instance, _) = instantiate(&engine, &module, &mut Linker::new(&engine));
    let left = instance.get_global(&mut store, HEARTBEATS_EXPORT).unwrap();
    left.set(&mut store, Val::I64(2)).unwrap();
    assert_eq!(call(&mut store, &instance, "alloc", &[9]).unwrap(), Some(9), "the function itself is unchanged");
    assert_eq!(call(&mut store, &instance, "alloc", &[9]).unwrap(), Some(9));
    assert!(call(&mut store, &instance, "alloc", &[9]).is_err());
    assert_eq!(left.get(&mut store).unwrap_i64(), -1);
}

#[test]
fn the_unchecked_way_checks() {
    let wasm = small();
    let mut parts = Parts::parse(&wasm).unwrap();
    steps::unshare_memory(&mut parts).unwrap();
    steps::always_check(&mut parts, "add", "add_unchecked").unwrap();
    let (engine, module) = compile(&parts);
    let (mut store, instance, _) = instantiate(&engine, &module, &mut Linker::new(&engine));
    let checked = call(&mut store, &instance, "add", &[7, 0, 30, 1]).unwrap();
    assert_eq!(call(&mut store, &instance, "add_unchecked", &[7, 30]).unwrap(), checked);
}

#[test]
fn the_table_holds_what_was_wanted_and_remembers_the_rest() {
    let wasm = small();
    let mut parts = Parts::parse(&wasm).unwrap();
    steps::unshare_memory(&mut parts).unwrap();
    let symbols = steps::extend_table(&mut parts, |name| name == "l_other").unwrap();
    let bytes = symbols.to_bytes();
    let file = SymbolFile::new(&bytes).unwrap();
    assert_eq!(file.find(b"l_twice"), Some(Symbol::Function(1)), "already in the table");
    assert_eq!(file.find(b"l_other"), Some(Symbol::Function(3)), "appended");
    assert_eq!(file.find(b"l_left_out"), Some(Symbol::LeftOut));
    assert_eq!(file.find(b"l_data"), Some(Symbol::Data(4096)));
    let (_, module) = compile(&parts);
    drop(module);
    assert_eq!(parts.tables[0].initial, u64::from(4 + SPARE_TABLE_SLOTS));
}

#[test]
fn state_is_shared_and_a_throw_is_caught_by_the_helper() {
    let wasm = small();
    let mut parts = Parts::parse(&wasm).unwrap();
    steps::unshare_memory(&mut parts).unwrap();
    steps::export_start(&mut parts, START_EXPORT).unwrap();
    assert_eq!(parts.imported_globals(), 0);
    assert_eq!(steps::share_state(&mut parts).unwrap(), [1024, 8, 12]);
    steps::keep_exports(&mut parts, &HashSet::from(["try", "sp"]));
    let roles = InvokeGlobals { stack_pointer: 0, threw: 1, threw_value: 2 };
    let helper = invoke::invoke_helper(&parts, &roles).unwrap();
    let (engine, module) = compile(&parts);
    let helper = Module::new(&engine, helper).expect("the helper is valid");
    let mut linker: Linker<()> = Linker::new(&engine);
    let mut store = Store::new(&engine, ());
    let memory = Memory::new(&mut store, MemoryType::new(1, Some(4))).unwrap();
    linker.define(&store, "env", "memory", memory).unwrap();
    for (i, value) in [1024, 8, 12].into_iter().enumerate() {
        let ty = wasmtime::GlobalType::new(wasmtime::ValType::I32, wasmtime::Mutability::Var);
        let global = wasmtime::Global::new(&mut store, ty, Val::I32(value)).unwrap();
        linker.define(&store, SHARED_STATE_MODULE, &format!("g{i}"), global).unwrap();
    }
    let table = helper.imports().find(|i| i.name() == "table").expect("the helper shares the table");
    let table = table.ty().default_value(&mut store).unwrap();
    linker.define(&store, SHARED_STATE_MODULE, "table", table).unwrap();
    linker.func_wrap(HOST_MODULE, "__cxa_throw", |_: i32, _: i32, _: i32| {}).unwrap();
    linker.func_wrap(HOST_MODULE, "__resumeException", |_: i32| {}).unwrap();
    linker.func_wrap(HOST_MODULE, "__cxa_rethrow", || {}).unwrap();
    linker.func_wrap(HOST_MODULE, "__cxa_rethrow_primary_exception", |_: i32| {}).unwrap();
    let helper = linker.instantiate(&mut store, &helper).unwrap();
    for name in ["invoke_ii", "__cxa_throw"] {
        let func = helper.get_func(&mut store, name).unwrap();
        linker.define(&store, "env", name, func).unwrap();
    }
    let instance = linker.instantiate(&mut store, &module).unwrap();
    assert_eq!(instance.exports(&mut store).count(), 2, "other exports are gone");
    assert_eq!(call(&mut store, &instance, "try", &[1, 21]).unwrap(), Some(42), "a call that returns");
    assert_eq!(memory.data(&store)[8], 0);
    assert_eq!(call(&mut store, &instance, "try", &[2, 5]).unwrap(), Some(0), "a call that throws");
    assert_eq!(memory.data(&store)[8], 1, "__THREW__ is set");
    assert_eq!(call(&mut store, &instance, "sp", &[]).unwrap(), Some(1024), "the shadow stack is put back");
}
