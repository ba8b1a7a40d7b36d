//! `afcheck doctor`: what is installed, where, how large, what is missing and how to mend it.

use super::engines;
use crate::cli::args::{Common, Doctor};
use crate::cli::exit::{Exit, Failure};
use crate::cli::settings::load_config;
use crate::engine::Engine;
use crate::engine::embedded::install::{self, LEAN_COMMIT, LEAN_VERSION};
use crate::engine::lake::{LakeEngine, LakeOptions, Project};
use serde_json::json;
use std::fmt::Write;
use std::path::PathBuf;

/// Runs the command: success if a check could start at once.
pub fn run(common: &Common, args: &Doctor) -> Result<Exit, Failure> {
    let cache = super::cache(common);
    let inventory =
        cache.inventory().map_err(|e| Failure::new(Exit::NoEngine, format!("{}: {e}", cache.root().display())))?;
    let health = install::examine(&cache);
    let ready = health.problems.is_empty();
    let measured = if args.measure && ready { Some(measure(common, &cache)?) } else { None };
    let text = if args.json {
        let items: Vec<_> =
            inventory.items.iter().map(|i| json!({"path": i.path.display().to_string(), "bytes": i.bytes})).collect();
        let report = json!({
            "afcheck": env!("CARGO_PKG_VERSION"),
            "lean": {"version": LEAN_VERSION, "commit": LEAN_COMMIT, "kind": "embedded", "ready": ready},
            "cache": cache.root().display().to_string(),
            "items": items,
            "problems": health.problems,
            "mean_reset_ms": measured.as_ref().map(|m| m.reset_ms),
            "mean_trivial_check_ms": measured.as_ref().map(|m| m.check_ms),
        });
        format!("{report:#}\n")
    } else {
        let mut text = format!("afcheck {}\n", env!("CARGO_PKG_VERSION"));
        let state = if ready { "ready" } else { "not ready" };
        let _ = writeln!(text, "embedded Lean {LEAN_VERSION} ({LEAN_COMMIT}): {state}");
        let _ = writeln!(text, "cache: {}", cache.root().display());
        for item in &inventory.items {
            let name = item.path.file_name().unwrap_or_default().to_string_lossy();
            let note = match &*name {
                "models" => "  (language models; `afcheck model list`)",
                "task2vec" => "  (kept task embeddings; `afcheck cache`)",
                _ if name.starts_with("results.") => "  (kept results; `afcheck cache`)",
                _ => health.note(&item.path),
            };
            let _ = writeln!(text, "  {:>8.1} MB  {name}{note}", item.bytes as f64 / 1e6);
        }
        if let Some(Measured { reset_ms, check_ms }) = measured {
            let _ =
                writeln!(text, "measured over {CHECKS} checks: reset {reset_ms:.2} ms, trivial check {check_ms:.2} ms");
        }
        for problem in &health.problems {
            let _ = writeln!(text, "problem: {problem}");
        }
        text
    };
    super::print(&text)?;
    let projects = if args.json { true } else { projects(common, args)? };
    Ok(if ready && projects { Exit::Success } else { Exit::NoEngine })
}

/// Says what Lake projects have and lack, and whether their REPL answers; false if one could not judge.
fn projects(common: &Common, args: &Doctor) -> Result<bool, Failure> {
    let file = load_config(common)?;
    let options = engines::lake_options(&args.engine, &file, 1)?;
    let named = args.engine.engine.iter().map(|text| text.rsplit('=').next().unwrap_or(text).to_owned());
    let specs = named.chain(file.lake.engine.clone()).chain(file.engines.values().cloned());
    let mut all_fine = true;
    for directory in specs.filter_map(|spec| spec.strip_prefix("lake:").map(PathBuf::from)) {
        let mut text = format!("project {}\n", directory.display());
        let options = LakeOptions { directory: directory.clone(), ..options.clone() };
        match Project::read(&directory) {
            Err(error) => {
                all_fine = false;
                let _ = writeln!(text, "  problem: {error}");
            }
            Ok(project) => {
                let _ = writeln!(text, "  toolchain {}", project.toolchain.as_deref().unwrap_or("unknown"));
                for (name, revision) in &project.packages {
                    let _ = writeln!(text, "  package {name} {revision}");
                }
                let has_command = options.command.is_some();
                for finding in project.findings() {
                    // A command of one's own needs neither lakefile nor REPL.
                    let is_fatal = finding.is_fatal && !has_command;
                    all_fine &= !is_fatal;
                    let _ = writeln!(text, "  {}: {}", if is_fatal { "problem" } else { "note" }, finding.words);
                }
                match LakeEngine::start(options) {
                    Ok(engine) => {
                        let id = engine.id();
                        let _ = writeln!(text, "  its REPL answers: Lean {} {}", id.lean, id.commit);
                    }
                    Err(error) => {
                        all_fine = false;
                        let _ = writeln!(text, "  problem: {error}");
                    }
                }
            }
        }
        super::print(&text)?;
    }
    Ok(all_fine)
}

struct Measured {
    reset_ms: f64,
    check_ms: f64,
}

/// Checks that are measured.
const CHECKS: u32 = 100;

fn measure(common: &Common, cache: &install::Cache) -> Result<Measured, Failure> {
    let options = install::SetupOptions { offline: true, package: None };
    let engine = super::setup::engine(common, cache, &options, vec![], 1)?;
    let start = std::time::Instant::now();
    for _ in 0..CHECKS {
        engine.warm_up().map_err(|e| Failure::new(Exit::NoEngine, e))?;
    }
    Ok(Measured {
        reset_ms: engine.mean_reset().as_secs_f64() * 1e3,
        check_ms: start.elapsed().as_secs_f64() * 1e3 / f64::from(CHECKS),
    })
}
