//! Data conditions: what a model is trained on, as a named view that can be written, drawn and counted. Owns conditions
//! from their text to examples of tokens; which data sets and languages there are is `dataset`'s business, training itself
//! somebody else's.
//!
//! ```text
//! Condition (spec.rs) -> Data::read (data.rs: problems and files as documents)
//!                     -> Data::draw (draw.rs; stream.rs, deck.rs: one pool) -> Drawn { examples, report }
//! ```

mod data;
mod deck;
mod draw;
mod encoder;
mod preferences;
mod report;
mod spec;
mod stream;
#[cfg(test)]
mod tests;

pub use data::{Data, DataError, Document, Pool, Pools, Reading};
pub use draw::{DrawError, Drawing, Drawn, Example, TooLong};
pub use encoder::{EncodeError, Encoder, Words};
#[cfg(feature = "ml")]
pub use encoder::{ModelEncoder, NoEnd};
pub use preferences::answers;
pub use report::{PoolReport, Report};
pub use spec::{Condition, Part, SpecError, View, WINDOW};
