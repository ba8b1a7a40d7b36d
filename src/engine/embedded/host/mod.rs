//! What a Lean instance can ask of its host. Owns the state behind the imports and their linking; every import that is
//! not listed traps by its name. Must not know Lean: this is the emscripten and C++ runtime, nothing above it.

mod exceptions;
mod files;
mod system;

pub use files::{Files, GUEST_ROOT};

use super::rewrite::SymbolFile;
pub use exceptions::Exceptions;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wasmtime::{Caller, Func, FuncType, Memory, Store, Val};

/// Why the host stopped a call. Traps of wasm itself (stack overflow, unreachable, epoch) are wasmtime's own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostStop {
    #[error("the instance called exit({0})")]
    Exit(i32),
    #[error("the instance aborted")]
    Abort,
    #[error("assertion failed in the Lean runtime: {0}")]
    Assertion(String),
    #[error("the instance called `{0}`, which this host does not have")]
    Missing(String),
}

/// Functions of the instance that the host calls back.
#[derive(Clone, Copy)]
pub struct CallBacks {
    pub malloc: Func,
    pub set_threw: Func,
    pub can_catch: Func,
    pub exception_pointer: Func,
    pub increment_refcount: Func,
    pub decrement_refcount: Func,
    pub set_temp_ret: Func,
    pub thread_init: Func,
    pub tls_init: Func,
}

/// State behind the imports of one instance.
pub struct HostState {
    /// Set before anything runs.
    pub memory: Option<Memory>,
    pub call_backs: Option<CallBacks>,
    pub exceptions: Exceptions,
    pub files: Files,
    pub symbols: Arc<SymbolFile<&'static [u8]>>,
    pub clock: Clock,
    /// Ceiling of the linear memory in bytes.
    pub memory_limit: u64,
    /// True once a request for memory was refused.
    pub memory_refused: bool,
    /// Functions asked for by name that the table was built without.
    pub left_out: Vec<String>,
    /// What was written to standard output and error, up to [`OUTPUT_LIMIT`].
    pub output: Vec<u8>,
}

/// What ends the work of an instance early: time, or somebody who no longer wants its result. Looked at once an epoch.
#[derive(Clone, Debug)]
pub struct Clock {
    pub epochs_left: u64,
    pub cancelled: Option<Arc<AtomicBool>>,
}

impl Default for Clock {
    /// One that never ends anything: for boots and imports, which are trusted.
    fn default() -> Self {
        Clock { epochs_left: u64::MAX, cancelled: None }
    }
}

impl Clock {
    /// An epoch has passed: may the work go on?
    pub fn ticks(&mut self) -> bool {
        self.epochs_left = self.epochs_left.saturating_sub(1);
        self.epochs_left > 0 && !self.cancelled.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

/// Bytes of output kept; the rest is dropped, so that an endless printer costs nothing.
pub const OUTPUT_LIMIT: usize = 64 << 10;

impl HostState {
    /// State of a fresh instance that may read the library.
    pub fn new(symbols: Arc<SymbolFile<&'static [u8]>>, files: Files) -> Self {
        HostState {
            memory: None,
            call_backs: None,
            exceptions: Exceptions::default(),
            files,
            symbols,
            clock: Clock::default(),
            memory_limit: u64::MAX,
            memory_refused: false,
            left_out: vec![],
            output: vec![],
        }
    }

    /// Forgets everything a check left behind.
    pub fn reset(&mut self, memory_limit: u64) {
        self.exceptions.reset();
        self.files.reset();
        self.memory_limit = memory_limit;
        self.memory_refused = false;
        self.left_out.clear();
        self.output.clear();
    }

    /// The instance's memory.
    pub fn memory(&self) -> Memory {
        self.memory.expect("the memory is made before anything runs")
    }

    fn call_backs(&self) -> CallBacks {
        self.call_backs.expect("call-backs are linked before the first call")
    }
}

type Answer = wasmtime::Result<u32>;

/// The import `name`, for the main module and the `invoke_*` helper alike.
pub fn import(store: &mut Store<HostState>, name: &str, ty: FuncType) -> Func {
    if let Some(f) = exceptions::import(store, name, &ty) {
        return f;
    }
    if let Some(f) = files::import(store, name, &ty) {
        return f;
    }
    if let Some(f) = system::import(store, name, &ty) {
        return f;
    }
    let name = name.to_owned();
    Func::new(store, ty, move |_, _, _| Err(HostStop::Missing(name.clone()).into()))
}

/// Arguments an import may have: the longest is `__cxa_find_matching_catch_*` of a function that catches many types.
const MOST_ARGUMENTS: usize = 32;

/// Wraps a function of integer arguments into an import of type `ty`.
fn define(
    store: &mut Store<HostState>,
    ty: &FuncType,
    f: impl Fn(&mut Caller<'_, HostState>, &[u64]) -> Answer + Send + Sync + 'static,
) -> Func {
    assert!(ty.params().len() <= MOST_ARGUMENTS, "an import with more arguments than this host foresees");
    Func::new(store, ty.clone(), move |mut caller, args, results| {
        let mut words = [0u64; MOST_ARGUMENTS];
        for (word, arg) in words.iter_mut().zip(args) {
            *word = match arg {
                Val::I32(v) => u64::from(*v as u32),
                Val::I64(v) => *v as u64,
                other => return Err(wasmtime::Error::msg(format!("unexpected argument {other:?}"))),
            };
        }
        let answer = f(&mut caller, &words[..args.len()])?;
        if let Some(result) = results.first_mut() {
            *result = Val::I32(answer as i32);
        }
        Ok(())
    })
}

/// Calls a function of the instance with 32-bit arguments.
fn call(caller: &mut Caller<'_, HostState>, f: Func, args: &[u32]) -> Answer {
    let args: Vec<Val> = args.iter().map(|a| Val::I32(*a as i32)).collect();
    let mut result = [Val::I32(0)];
    let results = f.ty(&mut *caller).results().len();
    f.call(&mut *caller, &args, &mut result[..results])?;
    Ok(result[0].unwrap_i32() as u32)
}

/// Bounds-checked access to the instance's memory. An address outside is a trap, not a panic.
trait Access {
    fn bytes(&mut self, at: u32, len: usize) -> wasmtime::Result<&mut [u8]>;

    fn word(&mut self, at: u32) -> Answer {
        Ok(u32::from_le_bytes(self.bytes(at, 4)?.try_into().expect("four bytes")))
    }

    fn set_word(&mut self, at: u32, value: u32) -> wasmtime::Result<()> {
        self.bytes(at, 4)?.copy_from_slice(&value.to_le_bytes());
        Ok(())
    }

    fn set_long(&mut self, at: u32, value: u64) -> wasmtime::Result<()> {
        self.bytes(at, 8)?.copy_from_slice(&value.to_le_bytes());
        Ok(())
    }

    fn byte(&mut self, at: u32) -> wasmtime::Result<&mut u8> {
        Ok(&mut self.bytes(at, 1)?[0])
    }

    /// A C string without its terminator.
    fn c_string(&mut self, at: u32) -> wasmtime::Result<Vec<u8>>;
}

impl Access for Caller<'_, HostState> {
    fn bytes(&mut self, at: u32, len: usize) -> wasmtime::Result<&mut [u8]> {
        let memory = self.data().memory();
        memory.data_mut(self).get_mut(at as usize..at as usize + len).ok_or_else(outside)
    }

    fn c_string(&mut self, at: u32) -> wasmtime::Result<Vec<u8>> {
        let memory = self.data().memory();
        let data = memory.data(&*self).get(at as usize..).ok_or_else(outside)?;
        Ok(data.iter().take_while(|b| **b != 0).copied().collect())
    }
}

fn outside() -> wasmtime::Error {
    wasmtime::Trap::MemoryOutOfBounds.into()
}
