//! afcheck judges autoformalization outputs with a real Lean 4.
//!
//! Data flows one way: record -> engine -> verdict -> report. The layers, lowest first (docs/architecture.md has the
//! invariants, `tests/layers.rs` checks the direction):
//!
//! - L0 [`domain`]: records, requests, budgets, verdicts
//! - L1 [`lean`], [`metrics`], [`synth`], [`prompts`], [`config`]: pure text, statistics, training pairs, prompts, settings
//! - L2 [`engine`], [`dataset`], [`store`], `ml`: Lean itself; files of records; results of earlier checks; language
//!   models
//! - L3 [`runner`], [`pipeline`]: jobs and commands' work
//! - L4 [`report`]: what people and programs read
//! - L5 [`cli`]: arguments, settings, exit codes

pub mod cli;
pub mod config;
pub mod dataset;
pub mod domain;
pub mod engine;
pub mod lean;
pub mod metrics;
#[cfg(feature = "ml")]
pub mod ml;
pub mod pipeline;
pub mod prompts;
pub mod report;
pub mod runner;
pub mod store;
pub mod synth;
