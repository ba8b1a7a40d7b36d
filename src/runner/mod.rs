//! L3: runs checks. Owns the dispatcher, the executor and the events both report by; judges nothing itself.

pub mod events;
