//! The file results are appended to. Owns locking, whole-line writes and typed write errors; what a line says is
//! `report/jsonl.rs`'s business, what an earlier run left behind `resume.rs`'s and `samples.rs`'s.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why results cannot be written, or not to this file.
#[derive(Debug, Error)]
pub enum OutputError {
    #[error("cannot open {}: {source}", .path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("{} already holds results; resume that run, or name another file", .0.display())]
    Exists(PathBuf),
    #[error("{} is being written by another process", .0.display())]
    Locked(PathBuf),
    #[error("{}:{line} is not a result of afcheck ({reason}); nothing was changed", .path.display())]
    NotResults { path: PathBuf, line: u64, reason: String },
    #[error(
        "{}: its result for record {index} is about another text, so this output belongs to another input; name another \
         file", .path.display()
    )]
    OtherInput { path: PathBuf, index: u64 },
    #[error(
        "{} was made with other settings (run {other}, now run {run}); the same settings continue it, --overwrite replaces it",
        .path.display()
    )]
    OtherSettings { path: PathBuf, other: String, run: String },
    #[error("no room left for {}; what was written is whole, so the run can be resumed", .0.display())]
    Full(PathBuf),
    #[error("the reader of {} went away", .0.display())]
    Closed(PathBuf),
    #[error("cannot write {}: {source}", .path.display())]
    Write { path: PathBuf, source: io::Error },
}

impl OutputError {
    /// The typed form of an I/O error met while writing to `path` (`<stdout>` for standard output).
    pub fn of_write(path: &Path, error: io::Error) -> OutputError {
        // Already typed by a `ResultWriter` further in.
        let error = match error.downcast::<OutputError>() {
            Ok(typed) => return typed,
            Err(error) => error,
        };
        let path = path.to_path_buf();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                OutputError::Full(path)
            }
            io::ErrorKind::BrokenPipe => OutputError::Closed(path),
            _ => OutputError::Write { path, source: error },
        }
    }

    fn kind(&self) -> io::ErrorKind {
        match self {
            OutputError::Full(_) => io::ErrorKind::StorageFull,
            OutputError::Closed(_) => io::ErrorKind::BrokenPipe,
            OutputError::Open { source, .. } | OutputError::Write { source, .. } => source.kind(),
            _ => io::ErrorKind::Other,
        }
    }
}

/// What to do with results that are already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Refuse a file that is not empty.
    New,
    /// Throw them away.
    Replace,
    /// Keep them and append.
    Resume,
}

/// What a file that is continued holds already.
pub trait Past: Sized {
    /// Of a file without lines.
    fn empty(path: &Path) -> Self;
    /// Of a file from its beginning.
    fn read(path: &Path, lines: impl BufRead) -> Result<Self, OutputError>;
    /// Bytes to keep; what follows is torn.
    fn valid_length(&self) -> u64;
}

/// Appends results to a file, one whole line per call.
///
/// The file is locked for as long as the writer lives. Each `write` must be given one whole line with its line end, and
/// writes all of it or, as far as the file allows, nothing; errors carry an [`OutputError`].
#[derive(Debug)]
pub struct ResultWriter {
    path: PathBuf,
    file: File,
    /// Length of what is whole, for regular files.
    length: Option<u64>,
}

impl ResultWriter {
    /// Opens and locks the file, creating it if need be. In [`OpenMode::Resume`] a torn last line is cut off, and the
    /// second value says what is finished; in the other modes it is empty.
    pub fn open<P: Past>(path: &Path, mode: OpenMode) -> Result<(ResultWriter, P), OutputError> {
        let failed = |source| OutputError::Open { path: path.to_path_buf(), source };
        if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
            // A pipe or device has no past and cannot be rolled back. Not opened for reading: as its own reader we
            // would never learn that the other one went away.
            let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
            return Ok((ResultWriter { path: path.to_path_buf(), file, length: None }, P::empty(path)));
        }
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => OutputError::Locked(path.to_path_buf()),
            TryLockError::Error(source) => failed(source),
        })?;
        // Looked at only now: before the lock another run may still have been writing.
        let existing = file.metadata().map_err(failed)?.len();
        let past = match mode {
            OpenMode::New if existing > 0 => return Err(OutputError::Exists(path.to_path_buf())),
            OpenMode::New | OpenMode::Replace => P::empty(path),
            OpenMode::Resume => P::read(path, BufReader::new(&file))?,
        };
        file.set_len(past.valid_length()).map_err(failed)?;
        file.seek(SeekFrom::Start(past.valid_length())).map_err(failed)?;
        let length = Some(past.valid_length());
        Ok((ResultWriter { path: path.to_path_buf(), file, length }, past))
    }

    /// Makes what was written durable. To be called at the end of a run, interrupted ones included.
    pub fn finish(self) -> Result<(), OutputError> {
        match self.length {
            Some(_) => self.file.sync_all().map_err(|error| OutputError::of_write(&self.path, error)),
            None => Ok(()),
        }
    }

    fn write_line(&mut self, line: &[u8]) -> Result<(), OutputError> {
        let written = self.file.write_all(line);
        if let Err(error) = written {
            if let Some(length) = self.length {
                // Best effort: if it fails, the next run finds a torn line and cuts it off.
                let _ = self.file.set_len(length).and_then(|()| self.file.seek(SeekFrom::Start(length)));
            }
            return Err(OutputError::of_write(&self.path, error));
        }
        self.length = self.length.map(|length| length + line.len() as u64);
        Ok(())
    }
}

impl Write for ResultWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.write_line(line).map_err(|error| io::Error::new(error.kind(), error))?;
        Ok(line.len())
    }

    /// Nothing is held back: each line reaches the file in the call that writes it.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
