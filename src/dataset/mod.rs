//! L2: files of records in, files of results out.
//!
//! Owns the formats (JSONL, JSON, Parquet; plain, gzip, Zstandard), the recognition of fields, the identity of what was
//! judged, and the output file with its resumption. Reads in constant memory: one record at a time, none longer than
//! [`ReadOptions::max_line`]. Must not judge anything, must not know of engines, threads or reports.
//!
//! ```text
//! Records::open ── open.rs (compression, format) ── framing.rs, values.rs, parquet_rows.rs (one record)
//!               └─ extract.rs (fields.rs, join.rs) ── Record | RecordError
//! ResultWriter::open ── resume.rs (what an earlier run finished)
//! ```

mod count;
mod error;
mod extract;
mod fields;
mod framing;
mod hash;
mod join;
mod open;
mod output;
mod pairs;
#[cfg(feature = "parquet")]
mod parquet_rows;
mod records;
mod resume;
#[cfg(test)]
mod tests;
mod values;

pub use count::count_records;
pub use error::{Fault, InputError, Place, RecordError};
pub use extract::Mapping;
pub use fields::{Choice, FieldError, FieldMap, Role};
pub use hash::ContentHash;
pub use output::{OpenMode, OutputError, ResultWriter};
pub use pairs::{BadPair, Pair, read_pairs};
pub use records::{Notes, ReadOptions, Records};
pub use resume::Resume;
