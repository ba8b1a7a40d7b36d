//! The compiled Lean of one installation: loading it, and the clock that ends its checks.

#![expect(unsafe_code, reason = "a compiled module is native code: loading it trusts the file")]

use super::config;
use super::instance::{Layout, Program};
use super::memory;
use super::rewrite::SymbolFile;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use wasmtime::{Engine, Module};

/// Files of an installation.
pub mod files {
    pub const MODULE: &str = "lean.cwasm";
    pub const INVOKE_HELPER: &str = "invoke.cwasm";
    pub const SYMBOLS: &str = "symbols.bin";
    pub const LAYOUT: &str = "layout.json";
}

/// Length of an epoch: the resolution of the wall-clock net.
pub const EPOCH: Duration = Duration::from_millis(10);

/// Makes the wasmtime engine and starts its clock, which stops with the last user of the engine.
pub fn engine() -> Result<Engine, wasmtime::Error> {
    let engine = Engine::new(&config::config())?;
    let weak = engine.weak();
    std::thread::Builder::new().name("afcheck-epochs".into()).spawn(move || {
        while let Some(engine) = weak.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(EPOCH);
        }
    })?;
    Ok(engine)
}

/// Loads the installation in `dir`. `library` holds the package's `.olean` files.
pub fn load(engine: &Engine, dir: &Path, library: PathBuf) -> Result<Arc<Program>, wasmtime::Error> {
    let layout: Layout = serde_json::from_slice(&fs::read(dir.join(files::LAYOUT))?)?;
    let symbols = memory::map_file(&File::open(dir.join(files::SYMBOLS))?)?;
    let symbols = SymbolFile::new(symbols)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the symbol file of the installation is damaged"))?;
    // SAFETY: the directory is named by everything the artefact depends on and was renamed into place when it was
    // complete; only this user's cache directory is trusted, as a compiler trusts its own output.
    let module = unsafe { Module::deserialize_file(engine, dir.join(files::MODULE))? };
    // SAFETY: as above.
    let invoke_helper = unsafe { Module::deserialize_file(engine, dir.join(files::INVOKE_HELPER))? };
    Ok(Arc::new(Program { engine: engine.clone(), module, invoke_helper, symbols: Arc::new(symbols), layout, library }))
}
