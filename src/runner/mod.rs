//! L3: has questions answered, checks and comparisons alike. Owns the one pool of threads (the executor), the dispatcher of
//! runs over records, and the events those report by; judges nothing itself.

mod asking;
mod dispatcher;
pub mod events;
mod executor;
mod records;
mod reuse;
mod under_way;
mod worker;

pub use asking::ask;
pub use dispatcher::{Run, RunError, Work, run};
pub use executor::Asking;
pub use reuse::Reuse;
pub use worker::Worker;
