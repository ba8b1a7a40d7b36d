//! afcheck judges autoformalization outputs with a real Lean 4.
//!
//! Data flows one way: record -> engine -> verdict -> report. The layers, lowest first (docs/architecture.md has the
//! invariants, `tests/layers.rs` checks the direction):
//!
//! - L0 [`domain`]: records, requests, budgets, verdicts
//! - L1 [`lean`], [`metrics`], [`synth`], [`prompts`], [`config`]: pure text, statistics, training pairs, prompts, settings
//! - L2 [`engine`], [`dataset`], [`store`], `ml`, `generator`: Lean itself; files of records; results of earlier checks;
//!   language models; what candidates come from
//! - L3 [`runner`], [`pipeline`]: jobs and commands' work
//! - L4 [`report`], `lsp`, [`repl`], `serve`: what people and programs read; editors, tools for Lean's REPL and clients over HTTP
//! - L5 [`cli`]: arguments, settings, exit codes

pub mod cli;
#[cfg(feature = "cluster")]
pub mod cluster;
pub mod config;
pub mod dataset;
pub mod domain;
pub mod engine;
#[cfg(feature = "ml")]
pub mod generator;
pub mod lean;
#[cfg(feature = "lsp")]
pub mod lsp;
pub mod metrics;
#[cfg(feature = "ml")]
pub mod ml;
pub mod pipeline;
pub mod prompts;
pub mod repl;
pub mod report;
pub mod runner;
#[cfg(feature = "serve")]
pub mod serve;
pub mod store;
pub mod synth;
