//! L3: the work behind the commands. Owns what a command does once its settings are known; reads no arguments and
//! prints nothing by itself.

pub mod cache;
pub mod conditions;
#[cfg(feature = "ml")]
pub mod course;
#[cfg(feature = "ml")]
pub mod distill;
pub mod equiv;
pub mod eval;
#[cfg(feature = "ml")]
pub mod finetune;
#[cfg(feature = "ml")]
pub mod generate;
pub mod improve;
#[cfg(feature = "ml")]
pub mod likeness;
#[cfg(feature = "ml")]
pub mod loss;
pub mod nightly;
#[cfg(feature = "ml")]
pub mod prompting;
pub mod proofs;
#[cfg(feature = "ml")]
pub mod study;
pub mod synth;
#[cfg(feature = "ml")]
pub mod task2vec;
pub mod verify;
