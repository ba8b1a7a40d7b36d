//! Snapshots on disk: an instance frozen behind its imports. Owns the file format: `memory.bin`, sparse (most pages of
//! an instance are zero), beside `meta.json`; a directory that exists is complete, because it is renamed into place.

use super::instance::{Failure, Instance, Program, Registers};
use super::memory::Mapping;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

/// Zeroed memory behind a snapshot that a check can use before the memory has to grow.
const HEADROOM: u64 = 64 << 20;

#[derive(Serialize, Deserialize)]
struct Meta {
    len: usize,
    registers: Registers,
    environment: u32,
    /// The core modules, for people who wonder what a directory is; its name is the key.
    imports: Vec<String>,
    base_constants: Vec<u32>,
}

/// A snapshot opened for use.
pub struct Snapshot {
    file: File,
    len: usize,
    /// The memory as it was, for resets.
    pub original: Mapping,
    /// State of the instance beside its memory.
    pub registers: Registers,
    /// The environment object every check starts from.
    pub environment: u32,
    /// Name objects of the constants that library sources (not imported modules) added.
    pub base_constants: HashSet<u32>,
}

const BLOCK: usize = 64 << 10;

impl Snapshot {
    /// Writes `lean` to the directory `to`, whose parent must exist. Another process may win the race: its result is
    /// the same.
    pub fn write(
        lean: &mut Instance,
        environment: u32,
        base_constants: &HashSet<u32>,
        imports: &[String],
        to: &Path,
    ) -> Result<(), Failure> {
        let mut base_constants: Vec<u32> = base_constants.iter().copied().collect();
        base_constants.sort_unstable();
        let meta = Meta {
            len: lean.memory_size(),
            registers: lean.registers(),
            environment,
            imports: imports.to_vec(),
            base_constants,
        };
        let parent = to.parent().ok_or_else(|| Failure::msg("a snapshot needs a parent directory"))?;
        let temporary = tempfile::Builder::new().prefix(".snapshot-").tempdir_in(parent)?;
        write_sparse(&temporary.path().join("memory.bin"), lean.data())?;
        fs::write(temporary.path().join("meta.json"), serde_json::to_vec(&meta)?)?;
        match fs::rename(temporary.path(), to) {
            Ok(()) => {
                let _moved = temporary.keep();
                Ok(())
            }
            Err(_) if to.join("meta.json").exists() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the snapshot in `dir`; an error means it is not there or not whole.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let meta: Meta = serde_json::from_slice(&fs::read(dir.join("meta.json"))?)?;
        let file = File::open(dir.join("memory.bin"))?;
        if file.metadata()?.len() != meta.len as u64 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the snapshot's memory has the wrong length"));
        }
        Ok(Snapshot {
            original: Mapping::new(&file)?,
            file,
            len: meta.len,
            registers: meta.registers,
            environment: meta.environment,
            base_constants: meta.base_constants.into_iter().collect(),
        })
    }

    /// A fresh instance that continues this snapshot.
    pub fn instantiate(&self, program: &Arc<Program>) -> Result<Instance, Failure> {
        let mut lean = Instance::from_snapshot(program, &self.file, self.len, HEADROOM)?;
        lean.set_registers(&self.registers);
        Ok(lean)
    }

    /// Bytes of linear memory the snapshot holds.
    pub fn size(&self) -> usize {
        self.len
    }
}

/// Writes `data` with holes where whole blocks are zero.
fn write_sparse(path: &Path, data: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    let mut position = 0u64;
    for (i, block) in data.chunks(BLOCK).enumerate() {
        if block.iter().all(|b| *b == 0) {
            continue;
        }
        let at = (i * BLOCK) as u64;
        if at != position {
            file.seek(SeekFrom::Start(at))?;
        }
        file.write_all(block)?;
        position = at + block.len() as u64;
    }
    file.set_len(data.len() as u64)?;
    file.sync_all()
}
