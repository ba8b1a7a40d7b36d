//! How long a task of a study usually takes. Owns rough rates, for plans in which nothing is known yet.

use crate::config::study::{Study, Way};
use crate::pipeline::study::Task;

/// Seconds of a task on 2 cores with Gemma 3 270M.
pub fn usual(study: &Study, task: &Task) -> f64 {
    let number = |table: &toml::Table, name: &str, or: f64| {
        let found = table.iter().find(|(key, _)| key.replace('_', "-") == name).map(|(_, value)| value);
        found.and_then(|value| value.as_float().or(value.as_integer().map(|n| n as f64))).unwrap_or(or)
    };
    let problems = study.target.count.unwrap_or(500) as f64;
    match task {
        Task::Problems { .. } => 0.1,
        Task::View { .. } => 2.0,
        Task::Alignment { .. } => {
            let of = |name, or| number(&study.alignment, name, or);
            // Half of the batches are of the target, which are embedded once.
            of("batches", 8.0) * of("batch-size", 16.0) * of("seq-len", 64.0) / 64.0 * 0.4
        }
        Task::Training { way, .. } => {
            let table = if *way == Way::Finetune { &study.finetune } else { &study.continued };
            study.tokens(*way).unwrap_or(0) as f64 * number(table, "epochs", 1.0) / 300.0
        }
        Task::Samples { .. } => {
            let of = |name, or| number(&study.generate, name, or);
            problems * of("samples", 1.0) * of("max-tokens", 256.0) / 128.0 * 0.8
        }
        Task::Verdicts { .. } => problems * 0.3,
        Task::Losses { .. } => problems * 0.3,
    }
}
