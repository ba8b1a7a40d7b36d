//! Training: what is trained, the optimizer and its schedule, the order of examples, steps, checkpoints. Owns no data and no
//! files of users but its checkpoints; gradients are the decoder's.
//!
//! A run is a function of its model, examples and settings: every sum has one order whatever the number of threads, and a run
//! that goes on from a checkpoint makes the numbers it would have made without the break.

mod checkpoint;
mod head;
mod method;
mod optimizer;
mod order;
mod preference;
mod schedule;
mod trainer;

pub use crate::ml::math::divergence::{Distillation, Divergence};
pub use checkpoint::Progress;
pub use head::HeadTuning;
pub use method::{Lora, Method};
pub use optimizer::Constants;
pub use order::Order;
pub use schedule::Schedule;
pub use trainer::{Objective, Settings, StepReport, TrainError, Trainer};
