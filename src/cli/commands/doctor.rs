//! `afcheck doctor`: what is installed, where, how large, what is missing and how to mend it.

use crate::cli::args::{Common, Doctor};
use crate::cli::exit::{Exit, Failure};
use crate::engine::embedded::install::{self, LEAN_COMMIT, LEAN_VERSION};
use serde_json::json;
use std::fmt::Write;

/// Runs the command: success if a check could start at once.
pub fn run(common: &Common, args: &Doctor) -> Result<Exit, Failure> {
    let cache = super::cache(common);
    let inventory = cache.inventory().map_err(|e| Failure::new(Exit::NoEngine, format!("{}: {e}", cache.root().display())))?;
    let health = install::examine(&cache);
    let ready = health.problems.is_empty();
    let text = if args.json {
        let items: Vec<_> =
            inventory.items.iter().map(|i| json!({"path": i.path.display().to_string(), "bytes": i.bytes})).collect();
        let report = json!({
            "afcheck": env!("CARGO_PKG_VERSION"),
            "lean": {"version": LEAN_VERSION, "commit": LEAN_COMMIT, "kind": "embedded", "ready": ready},
            "cache": cache.root().display().to_string(),
            "items": items,
            "problems": health.problems,
        });
        format!("{report:#}\n")
    } else {
        let mut text = format!("afcheck {}\n", env!("CARGO_PKG_VERSION"));
        let state = if ready { "ready" } else { "not ready" };
        let _ = writeln!(text, "embedded Lean {LEAN_VERSION} ({LEAN_COMMIT}): {state}");
        let _ = writeln!(text, "cache: {}", cache.root().display());
        for item in &inventory.items {
            let name = item.path.file_name().unwrap_or_default().to_string_lossy();
            let _ = writeln!(text, "  {:>8.1} MB  {name}{}", item.bytes as f64 / 1e6, health.note(&item.path));
        }
        for problem in &health.problems {
            let _ = writeln!(text, "problem: {problem}");
        }
        text
    };
    super::print(&text)?;
    Ok(if ready { Exit::Success } else { Exit::NoEngine })
}
