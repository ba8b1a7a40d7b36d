//! Task2Vec on data conditions: from sources of text to embeddings of batches, and from these to how diverse a source is and how
//! aligned two are. Owns the sampling of batches, embeddings that are kept, and what is compared with what; an embedding is
//! `ml::probe`'s, formulas are `metrics`'.
//!
//! ```text
//! Source (source.rs: a condition or a bound) -> Sample { batches }
//!       -> embed (embed.rs; kept.rs: batches that were embedded before) -> Embedded
//!       -> compare (compare.rs, baselines.rs), groups (groups.rs), select (select.rs)
//! ```

mod baselines;
mod card;
mod compare;
mod embed;
mod groups;
mod kept;
mod select;
mod source;

pub use baselines::Baselines;
pub use card::write;
pub use compare::{Comparison, MEASURES, Pair, compare};
pub use embed::{Embedded, embed};
pub use groups::{GroupDiversity, Groups, by_group};
pub use kept::{Held, Kept, forget, held};
pub use select::{By, Candidate, Selection, select, shards};
pub use source::{Batch, Sample, SampleError, Sampling, Source, sample};
