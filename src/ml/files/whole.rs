//! Files that are there whole or not at all: written beside their place, synced, and renamed. Owns the words of writing
//! that fails.

use super::quantised::Kind;
use crate::ml::error::ModelError;
use rayon::prelude::*;
use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Values that one task turns into bytes at once, whole blocks of every type, and how many tasks there are before their
/// bytes are written.
const PIECE: usize = 1 << 16;
const TASKS: usize = 16;

/// A file that is being written. Dropped before [`Whole::finish`], it leaves nothing.
#[derive(Debug)]
pub struct Whole {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl Whole {
    /// Begins the file `path`, in a directory that is there.
    pub fn create(path: &Path) -> Result<Whole, ModelError> {
        let directory = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Readable by whoever may read what the user writes: a model is no secret.
        let everybody = Permissions::from_mode(0o666);
        let file = tempfile::Builder::new().prefix(".writing-").permissions(everybody).tempfile_in(directory);
        let file = file.map_err(unwritten(path))?;
        Ok(Whole { path: path.to_owned(), file: BufWriter::with_capacity(1 << 20, file) })
    }

    /// Where it is until it is finished.
    pub fn scratch(&self) -> &Path {
        self.file.get_ref().path()
    }

    /// Sees to it that what is written so far can be read at [`Whole::scratch`], in a file of `size` bytes.
    pub fn shown(&mut self, size: u64) -> Result<(), ModelError> {
        let shown = self.file.flush().and_then(|()| self.file.get_ref().as_file().set_len(size));
        shown.map_err(unwritten(&self.path))
    }

    /// Appends bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ModelError> {
        self.file.write_all(bytes).map_err(unwritten(&self.path))
    }

    /// Appends the numbers of a tensor, or of whole rows of it; `name` is for messages.
    pub fn numbers(&mut self, name: &str, kind: Kind, values: &[f32]) -> Result<(), ModelError> {
        let encoded = |piece: &[f32]| {
            let mut bytes = Vec::new();
            kind.append_bytes(piece, &mut bytes).map(|()| bytes)
        };
        for pieces in values.chunks(TASKS * PIECE) {
            let pieces: Result<Vec<_>, f32> = pieces.par_chunks(PIECE).map(encoded).collect();
            let pieces = pieces.map_err(|value| ModelError::Unsupported {
                what: format!("{}: tensor `{name}`: the number {value} in {kind:?}", self.path.display()),
                hint: if value.is_finite() { "f32 can hold it" } else { "the model is damaged" }.to_owned(),
            })?;
            pieces.iter().try_for_each(|bytes| self.write(bytes))?;
        }
        Ok(())
    }

    /// Puts the file in its place, when its bytes are on the disk.
    pub fn finish(self) -> Result<(), ModelError> {
        let Whole { path, file, .. } = self;
        let file = file.into_inner().map_err(|e| unwritten(&path)(e.into_error()))?;
        file.as_file().sync_all().map_err(unwritten(&path))?;
        file.persist(&path).map_err(|e| unwritten(&path)(e.error))?;
        settle(&path)
    }
}

/// Writes a file of these bytes.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), ModelError> {
    let mut whole = Whole::create(path)?;
    whole.write(bytes)?;
    whole.finish()
}

/// Makes the renaming of `path` last.
pub fn settle(path: &Path) -> Result<(), ModelError> {
    let directory = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory).and_then(|d| d.sync_all()).map_err(unwritten(path))
}

/// Makes a directory and those above it.
pub fn create_directory(path: &Path) -> Result<(), ModelError> {
    fs::create_dir_all(path).map_err(unwritten(path))
}

/// The error of writing `path`.
pub fn unwritten(path: &Path) -> impl FnOnce(io::Error) -> ModelError {
    let path = path.to_owned();
    |source| ModelError::Unwritten { path, source }
}
