//! Repair by a model, which another layer knows how to ask. Owns the way there: one repair at a time, on a thread of its own.

use crate::domain::{CheckReport, Record};
use crossbeam_channel::Sender;

/// A record to be repaired, and who hears of it.
pub struct Repair {
    pub record: Record,
    pub report: CheckReport,
    /// The new code, or why there is none.
    pub then: Box<dyn FnOnce(Result<String, String>) + Send>,
}

/// Where repairs are asked for.
pub type Repairs = Sender<Repair>;
