//! Where the lines of `generate` go: a file that can be continued, or standard output.

use super::usage;
use crate::cli::args::Generate;
use crate::cli::exit::{Exit, Failure};
use crate::dataset::{OpenMode, OutputError, Past, ResultWriter, Samples};
use std::io::{self, Write};
use std::path::Path;

/// An open output.
pub struct Output {
    file: Option<ResultWriter>,
}

impl Output {
    /// Opens the output and says what an earlier run left in it.
    pub fn open(args: &Generate) -> Result<(Output, Samples), Failure> {
        let Some(path) = &args.out else { return Ok((Output { file: None }, Samples::empty(Path::new("-")))) };
        let mode = match (args.resume, args.overwrite) {
            (true, _) => OpenMode::Resume,
            (_, true) => OpenMode::Replace,
            _ => OpenMode::New,
        };
        let (file, there) = ResultWriter::open(path, mode).map_err(|error| match error {
            OutputError::Full { .. } | OutputError::Write { .. } | OutputError::Closed { .. } => {
                Failure::new(Exit::Output, error)
            }
            error => usage(error),
        })?;
        Ok((Output { file: Some(file) }, there))
    }

    /// Appends a line.
    pub fn write(&mut self, mut line: Vec<u8>) -> io::Result<()> {
        line.push(b'\n');
        match &mut self.file {
            Some(file) => file.write_all(&line),
            None => io::stdout().lock().write_all(&line),
        }
    }

    /// Makes what was written durable.
    pub fn finish(&mut self) -> Result<(), Failure> {
        match self.file.take() {
            Some(file) => file.finish().map_err(|e| Failure::new(Exit::Output, e)),
            None => io::stdout().flush().map_err(|e| Failure::new(Exit::Output, e)),
        }
    }
}
