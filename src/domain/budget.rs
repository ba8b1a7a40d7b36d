//! What one check may spend. Owns the three limits and their defaults; does not measure anything.

use std::time::Duration;

/// Limits of one check. Nothing in the checked text can raise them.
///
/// `heartbeats` decides: it counts Lean's small allocations, so the same text meets it at the same place on every
/// machine. The other two are safety nets for work that allocates little or too much at once; meeting one of them is
/// only ever [`Cause::WallClock`](super::Cause::WallClock) or [`Cause::Memory`](super::Cause::Memory), never a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Lean heartbeats for the whole text, in thousands as in `set_option maxHeartbeats` (native Lean's default for
    /// one declaration is 200,000).
    pub heartbeats: u64,
    /// Wall-clock limit for the whole text.
    pub wall_clock: Duration,
    /// Ceiling of the instance's memory in bytes, the imported library included.
    pub memory: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { heartbeats: 200_000, wall_clock: Duration::from_secs(60), memory: 1 << 30 }
    }
}
