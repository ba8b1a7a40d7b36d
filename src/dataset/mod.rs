//! L2: files of records in, files of results out.
//!
//! Owns the formats (JSONL, JSON, CSV, Parquet, single Lean files; plain, gzip, Zstandard), the recognition of fields, the identity of what was
//! judged, and the output file with its resumption. Reads in constant memory: one record at a time, none longer than
//! [`ReadOptions::max_line`]. Must not judge anything, must not know of engines, threads or reports.
//!
//! ```text
//! Objects::open ── open.rs (compression, format) ── framing.rs, values.rs, csv_rows.rs, parquet_rows.rs (one object)
//! Records::open ── objects.rs
//!               └─ extract.rs (fields.rs, join.rs) ── Record | RecordError
//! texts ── sources/ (trees of code, formal libraries and prose, cut into units)
//! ResultWriter::open ── resume.rs, samples.rs (what an earlier run finished)
//! ```

mod count;
mod csv_rows;
mod error;
mod extract;
mod fields;
mod framing;
mod hash;
mod join;
mod labels;
pub mod merge;
mod objects;
mod open;
mod output;
mod pairs;
#[cfg(feature = "parquet")]
mod parquet_rows;
mod preferences;
mod problems;
mod records;
mod resume;
mod samples;
mod sources;
#[cfg(test)]
mod tests;
mod values;

pub use count::count_records;
pub use error::{Fault, InputError, Place, RecordError};
pub use extract::Mapping;
pub use fields::{Choice, FieldError, FieldMap, Role};
pub use hash::ContentHash;
pub use labels::{LabelError, Labelled, labels};
pub use output::{OpenMode, OutputError, Past, ResultWriter};
pub use pairs::{BadPair, Pair, read_pairs};
pub use preferences::{Preference, PreferenceError, preferences};
pub use problems::{ProblemError, ProblemFields, problems};
pub use records::{Notes, ReadOptions, Records, record_in};
pub use resume::Resume;
pub use samples::Samples;
pub use sources::{Kind, SourceError, Text, Texts, texts};
