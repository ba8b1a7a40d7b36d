//! Rows of a Parquet file as JSON objects. Owns the use of the `parquet` crate; pages are read as they are needed, so
//! memory follows the file's page size, not its row count.

use super::InputError;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use serde_json::Value;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An open Parquet file.
pub(super) struct Rows {
    input: String,
    rows: RowIter<'static>,
    /// The row count of the file's footer.
    pub total: u64,
    read: u64,
}

impl Rows {
    /// Reads the footer. `input` is the name for messages.
    pub fn open(input: &str, file: File) -> Result<Rows, InputError> {
        let failed = |error: ParquetError| InputError::Parquet {
            input: input.to_string(),
            records: 0,
            reason: error.to_string(),
        };
        let (rows, total) = guarded(|| {
            let reader = SerializedFileReader::new(file)?;
            let total = u64::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(0);
            Ok((reader.into_iter(), total))
        })
        .map_err(failed)?;
        Ok(Rows { input: input.to_string(), rows, total, read: 0 })
    }

    /// The next row; an error ends the file, since columns are no longer in step after it.
    pub fn next(&mut self) -> Result<Option<Value>, InputError> {
        let failed = |reason: String| InputError::Parquet { input: self.input.clone(), records: self.read, reason };
        match guarded(|| self.rows.next().transpose()).transpose() {
            None if self.read < self.total => Err(failed(format!("its footer promises {} rows", self.total))),
            None => Ok(None),
            Some(Err(error)) => Err(failed(error.to_string())),
            Some(Ok(row)) => {
                self.read += 1;
                Ok(Some(row.to_json_value()))
            }
        }
    }
}

/// The `parquet` crate indexes by what a damaged file says and panics; this makes an error of it. The reader is not used
/// again afterwards: the error ends the input.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ParquetError::General("the file is damaged (its reader panicked)".to_string())))
}
