//! L3: runs checks. Owns the dispatcher, the executor and the events both report by; judges nothing itself.

mod dispatcher;
pub mod events;
mod executor;
mod reuse;

pub use dispatcher::{Run, RunError, run};
pub use executor::Work;
pub use reuse::Reuse;
