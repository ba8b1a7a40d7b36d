//! One Lean instance: linking, calling functions by name, and the state that a snapshot must carry beside memory.
//! Owns the wasmtime store. Knows the ABI of calls, not of Lean objects (`object`).

use super::config;
use super::host::{self, CallBacks, Files, HostState};
use super::memory::{self, Kept, Mapping};
use super::rewrite::{HEARTBEATS_EXPORT, HOST_MODULE, SHARED_STATE_MODULE, Symbol, SymbolFile};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use wasmtime::{
    AsContextMut, Engine, Extern, ExternType, Func, Global, GlobalType, Instance as WasmInstance, Memory, MemoryType,
    Module, Mutability, Ref, Store, Table, Trap, UpdateDeadline, Val, ValType,
};

/// The compiled Lean and what is needed to instantiate it; shared by all workers.
pub struct Program {
    pub engine: Engine,
    pub module: Module,
    pub invoke_helper: Module,
    pub symbols: Arc<SymbolFile<&'static [u8]>>,
    pub layout: Layout,
    /// Directory of the `.olean` files.
    pub library: PathBuf,
}

/// Facts of the rewritten module that its bytes do not tell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Layout {
    /// Index of the first shared global.
    pub first_global: u32,
    /// Initial values of the shared globals; the first is the C shadow-stack pointer.
    pub globals: Vec<i32>,
}

/// Everything an instance's behaviour depends on beside its memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registers {
    pub globals: Vec<i32>,
}

/// Pages an instance of a fresh program starts with (the module's own minimum).
pub const INITIAL_PAGES: u64 = 256;
const PAGE: u64 = 64 << 10;

/// A linked instance of Lean.
pub struct Instance {
    pub store: Store<HostState>,
    program: Arc<Program>,
    instance: WasmInstance,
    table: Table,
    globals: Vec<Global>,
    heartbeats: Global,
    functions: HashMap<&'static str, Func>,
    initial_size: usize,
    kept: Kept,
}

/// A call that did not return.
pub type Failure = wasmtime::Error;

impl Instance {
    /// Links an instance with `pages` pages of zeroed memory. It has run nothing yet.
    pub fn new(program: &Arc<Program>, pages: u64, files: Files) -> Result<Self, Failure> {
        let mut store = new_store(program, pages, files)?;
        let memory = store.data().memory();
        let mut shared: HashMap<String, Extern> = HashMap::new();
        let mut globals = Vec::new();
        for (i, value) in program.layout.globals.iter().enumerate() {
            let ty = GlobalType::new(ValType::I32, Mutability::Var);
            let global = Global::new(&mut store, ty, Val::I32(*value))?;
            globals.push(global);
            shared.insert(format!("g{}", program.layout.first_global as usize + i), global.into());
        }
        let table_type = program
            .module
            .imports()
            .find_map(|i| i.ty().table().cloned())
            .ok_or_else(|| Failure::msg("the compiled module imports no table"))?;
        let table = Table::new(&mut store, table_type, Ref::Func(None))?;
        shared.insert("table".into(), table.into());

        let helper_imports: Vec<Extern> = program
            .invoke_helper
            .imports()
            .map(|import| match (import.module(), import.ty()) {
                (SHARED_STATE_MODULE, _) => shared[import.name()].clone(),
                (HOST_MODULE, ExternType::Func(ty)) => host::import(&mut store, import.name(), ty).into(),
                _ => memory.into(),
            })
            .collect();
        let helper = WasmInstance::new(&mut store, &program.invoke_helper, &helper_imports)?;

        let mut imported: HashMap<String, Func> = HashMap::new();
        let mut addresses: Vec<(String, Global)> = Vec::new();
        let mut imports: Vec<Extern> = Vec::new();
        for import in program.module.imports() {
            let name = import.name();
            imports.push(match import.ty() {
                _ if import.module() == SHARED_STATE_MODULE => shared[name].clone(),
                ExternType::Memory(_) => memory.into(),
                ExternType::Global(ty) => {
                    let global = Global::new(&mut store, ty, Val::I32(0))?;
                    addresses.push((name.to_owned(), global));
                    global.into()
                }
                ExternType::Func(ty) => {
                    let func = helper.get_func(&mut store, name).unwrap_or_else(|| host::import(&mut store, name, ty));
                    imported.insert(name.to_owned(), func);
                    func.into()
                }
                other => return Err(Failure::msg(format!("unexpected import {name}: {other:?}"))),
            });
        }
        let instance = WasmInstance::new(&mut store, &program.module, &imports)?;
        fill_spare_slots(&mut store, table, &addresses, &imported)?;
        let export = |store: &mut Store<HostState>, name: &str| {
            instance.get_func(store, name).ok_or_else(|| Failure::msg(format!("the module exports no `{name}`")))
        };
        let call_backs = CallBacks {
            malloc: export(&mut store, "malloc")?,
            set_threw: export(&mut store, "setThrew")?,
            can_catch: export(&mut store, "__cxa_can_catch")?,
            exception_pointer: export(&mut store, "__cxa_get_exception_ptr")?,
            increment_refcount: export(&mut store, "__cxa_increment_exception_refcount")?,
            decrement_refcount: export(&mut store, "__cxa_decrement_exception_refcount")?,
            set_temp_ret: export(&mut store, "_emscripten_tempret_set")?,
            thread_init: export(&mut store, "_emscripten_thread_init")?,
            tls_init: export(&mut store, "_emscripten_tls_init")?,
        };
        store.data_mut().call_backs = Some(call_backs);
        let heartbeats = instance
            .get_global(&mut store, HEARTBEATS_EXPORT)
            .ok_or_else(|| Failure::msg("the module has no heartbeat budget"))?;
        let initial_size = memory.data_size(&store);
        Ok(Instance {
            store,
            program: program.clone(),
            instance,
            table,
            globals,
            heartbeats,
            functions: HashMap::new(),
            initial_size,
            kept: Kept::default(),
        })
    }

    /// An instance that continues a snapshot: `file` holds `len` bytes of memory.
    pub fn from_snapshot(program: &Arc<Program>, file: &File, len: usize, headroom: u64) -> Result<Self, Failure> {
        let pages = (len as u64 + headroom).div_ceil(PAGE);
        let mut instance = Self::new(program, pages, Files::none())?;
        let memory = instance.store.data().memory();
        memory::map_snapshot(memory, &mut instance.store, file, len)?;
        Ok(instance)
    }

    /// Back to the snapshot, whose memory is `original`: memory, registers and host state. `false` if the instance cannot
    /// be reset because its memory grew; it must then be replaced.
    pub fn reset(&mut self, original: &Mapping, registers: &Registers, memory_limit: u64) -> io::Result<bool> {
        let memory = self.store.data().memory();
        if memory.data_size(&self.store) != self.initial_size {
            return Ok(false);
        }
        memory::reset(memory, &mut self.store, original.bytes(), &mut self.kept)?;
        let _ = self.store.as_context_mut().take_pending_exception();
        self.set_registers(registers);
        self.store.data_mut().reset(memory_limit);
        Ok(true)
    }

    /// True unless the memory grew.
    pub fn is_of_initial_size(&self) -> bool {
        self.memory_size() == self.initial_size
    }

    /// The registers now.
    pub fn registers(&mut self) -> Registers {
        let store = &mut self.store;
        Registers { globals: self.globals.iter().map(|g| g.get(&mut *store).unwrap_i32()).collect() }
    }

    /// Sets the registers to those of a snapshot.
    pub fn set_registers(&mut self, registers: &Registers) {
        for (global, value) in self.globals.iter().zip(&registers.globals) {
            global.set(&mut self.store, Val::I32(*value)).expect("a mutable i32 global");
        }
    }

    /// Moves the C shadow stack, whose pointer is the first shared global.
    pub fn set_stack_pointer(&mut self, top: u32) {
        self.globals[0].set(&mut self.store, Val::I32(top as i32)).expect("a mutable i32 global");
    }

    /// Heartbeats left, negative once the budget is spent.
    pub fn heartbeats_left(&mut self) -> i64 {
        self.heartbeats.get(&mut self.store).unwrap_i64()
    }

    /// Sets the heartbeat budget.
    pub fn set_heartbeats_left(&mut self, heartbeats: i64) {
        self.heartbeats.set(&mut self.store, Val::I64(heartbeats)).expect("a mutable i64 global");
    }

    /// Linear memory in use, in bytes.
    pub fn memory_size(&self) -> usize {
        self.store.data().memory().data_size(&self.store)
    }

    /// The linear memory.
    pub fn data(&self) -> &[u8] {
        self.store.data().memory().data(&self.store)
    }

    /// The linear memory, writable.
    pub fn data_mut(&mut self) -> &mut [u8] {
        let memory = self.store.data().memory();
        memory.data_mut(&mut self.store)
    }

    /// Calls an export or a function of the symbol table with 32-bit arguments; 0 if it returns nothing.
    pub fn call(&mut self, name: &'static str, args: &[u32]) -> Result<u32, Failure> {
        let func = match self.functions.get(name) {
            Some(func) => *func,
            None => {
                let func = self.find(name)?;
                self.functions.insert(name, func);
                func
            }
        };
        let args: Vec<Val> = args.iter().map(|a| Val::I32(*a as i32)).collect();
        let mut result = [Val::I32(0)];
        let results = func.ty(&self.store).results().len();
        func.call(&mut self.store, &args, &mut result[..results])?;
        Ok(result[0].unwrap_i32() as u32)
    }

    fn find(&mut self, name: &str) -> Result<Func, Failure> {
        if let Some(func) = self.instance.get_func(&mut self.store, name) {
            return Ok(func);
        }
        let Some(Symbol::Function(slot)) = self.program.symbols.find(name.as_bytes()) else {
            return Err(Failure::msg(format!("Lean has no callable function `{name}`")));
        };
        match self.table.get(&mut self.store, u64::from(slot)) {
            Some(Ref::Func(Some(func))) => Ok(func),
            _ => Err(Failure::msg(format!("the table slot of `{name}` is empty"))),
        }
    }

    /// The value of a Lean constant: the object pointer stored at the symbol's address.
    pub fn constant(&self, name: &str) -> Result<u32, Failure> {
        let Some(Symbol::Data(address)) = self.program.symbols.find(name.as_bytes()) else {
            return Err(Failure::msg(format!("Lean has no constant `{name}`")));
        };
        self.word(address)
    }

    /// The 32-bit word at `address`.
    pub fn word(&self, address: u32) -> Result<u32, Failure> {
        let at = address as usize;
        let bytes = self.data().get(at..at + 4).ok_or(wasmtime::Trap::MemoryOutOfBounds)?;
        Ok(u32::from_le_bytes(bytes.try_into().expect("four bytes")))
    }
}

fn new_store(program: &Arc<Program>, pages: u64, files: Files) -> Result<Store<HostState>, Failure> {
    let mut store = Store::new(&program.engine, HostState::new(program.symbols.clone(), files));
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut context| match context.data_mut().clock.ticks() {
        true => Ok(UpdateDeadline::Continue(1)),
        false => Err(Trap::Interrupt.into()),
    });
    let ty = MemoryType::builder().min(pages).max(Some(config::MAXIMUM_PAGES)).build()?;
    let memory = Memory::new(&mut store, ty)?;
    store.data_mut().memory = Some(memory);
    Ok(store)
}

/// Gives the host functions whose address the module asks for (imports that are globals of a function's name) the
/// spare slots at the end of the table.
fn fill_spare_slots(
    store: &mut Store<HostState>,
    table: Table,
    addresses: &[(String, Global)],
    imported: &HashMap<String, Func>,
) -> Result<(), Failure> {
    let mut slot = table.size(&mut *store) - u64::from(super::rewrite::SPARE_TABLE_SLOTS);
    for (name, global) in addresses {
        if let Some(func) = imported.get(name) {
            table.set(&mut *store, slot, Ref::Func(Some(*func)))?;
            global.set(&mut *store, Val::I32(slot as i32))?;
            slot += 1;
        }
    }
    Ok(())
}
