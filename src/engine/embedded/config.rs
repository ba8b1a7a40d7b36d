//! The wasmtime configuration: the same for compiling and running, and part of every cache key.

use super::memory::Creator;
use std::sync::Arc;
use wasmtime::{Config, OptLevel};

/// Native stack of a worker thread's wasm frames. Lean's own check works on the C shadow stack; this one is the net
/// below it. Larger stacks stay resident after a runaway recursion.
pub const WASM_STACK: usize = 192 << 20;

/// Address space reserved for one memory: 32-bit accesses never need a bounds check.
pub const MEMORY_RESERVATION: u64 = 4 << 30;

/// Guard behind the reservation, for constant offsets.
pub const MEMORY_GUARD: u64 = 32 << 20;

/// Ceiling of any memory: the module's own (2 GiB).
pub const MAXIMUM_PAGES: u64 = 32_768;

/// The one configuration: the compiled module, and the engine that runs it, must agree on it.
pub fn config() -> Config {
    let mut config = Config::new();
    config.wasm_threads(true).wasm_exceptions(true).epoch_interruption(true);
    config.wasm_backtrace_max_frames(None).generate_address_map(false).native_unwind_info(false);
    config.async_stack_size(WASM_STACK + (16 << 20)).max_wasm_stack(WASM_STACK);
    config.memory_reservation(MEMORY_RESERVATION).memory_guard_size(MEMORY_GUARD);
    config.cranelift_opt_level(OptLevel::Speed);
    config.with_host_memory(Arc::new(Creator));
    config
}
