//! What a run would make and how long it may take, and where the time of one went. Owns the estimate: times of this study's own
//! artifacts where there are some, else rates that were measured once.

use super::Opened;
use crate::config::study::{Stage, Way};
use crate::pipeline::course::State;
use crate::pipeline::study::Task;
use crate::store::artifacts::Spent;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// All stages, in the order of the work.
const STAGES: [Stage; 6] =
    [Stage::Data, Stage::Alignment, Stage::Training, Stage::Generation, Stage::Verdicts, Stage::Losses];

/// Seconds of a task where nothing is known: of 2 cores and Gemma 3 270M (docs/study.md).
fn usual(opened: &Opened, task: &Task) -> f64 {
    let study = &opened.place.study;
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

/// What a stage took so far, by its tasks that are there.
fn times(opened: &Opened, states: &[State]) -> BTreeMap<Stage, (usize, Spent)> {
    let mut found: BTreeMap<Stage, (usize, Spent)> = BTreeMap::new();
    for (task, state) in opened.graph.tasks.iter().zip(states) {
        if let State::There { artifact, .. } = state {
            let of = found.entry(task.stage()).or_default();
            *of = (of.0 + 1, of.1.and(artifact.about.spent));
        }
    }
    found
}

fn duration(seconds: f64) -> String {
    humantime::format_duration(Duration::from_secs(seconds.max(0.0).round() as u64)).to_string()
}

/// The plan of a run.
pub fn text(opened: &Opened) -> String {
    let states = opened.look();
    let known = times(opened, &states);
    let study = &opened.place.study;
    let mut text = String::new();
    let (mut left, mut all) = (0, 0.0);
    let mut by_stage: BTreeMap<Stage, (usize, usize, f64)> = BTreeMap::new();
    for (id, state) in opened.graph.ids().zip(&states) {
        let task = opened.graph.task(id);
        let of = by_stage.entry(task.stage()).or_default();
        of.0 += 1;
        if matches!(state, State::There { .. }) {
            continue;
        }
        let seconds = match known.get(&task.stage()) {
            Some((count, spent)) => spent.seconds / *count as f64,
            None => usual(opened, task),
        };
        (left, all) = (left + 1, all + seconds);
        (of.1, of.2) = (of.1 + 1, of.2 + seconds);
        let _ = writeln!(text, "make  {:<70} about {}", opened.graph.title(study, id), duration(seconds));
    }
    let _ = writeln!(text, "\n{:<12} {:>6} {:>8}  time", "stage", "tasks", "to make");
    for stage in STAGES {
        if let Some((tasks, left, seconds)) = by_stage.get(&stage) {
            let _ = writeln!(text, "{:<12} {tasks:>6} {left:>8}  about {}", stage.as_str(), duration(*seconds));
        }
    }
    let basis = match known.is_empty() {
        true => "rates of 2 cores and Gemma 3 270M; the first tasks that are made correct them",
        false => "times of what this study made so far; usual rates where there is none",
    };
    let _ = writeln!(
        text,
        "\n{} cells, {} tasks, {left} to make: about {} ({basis})",
        opened.graph.cells.len(),
        opened.graph.tasks.len(),
        duration(all)
    );
    text
}

/// Where the time went.
pub fn spent(opened: &Opened, states: &[State]) -> String {
    let mut text = format!("\n{:<12} {:>6} {:>12} {:>12} {:>9}\n", "stage", "tasks", "time", "tokens", "money");
    let mut all = Spent::default();
    for (stage, (tasks, spent)) in times(opened, states) {
        all = all.and(spent);
        let _ = writeln!(
            text,
            "{:<12} {tasks:>6} {:>12} {:>12} {:>9.2}",
            stage.as_str(),
            duration(spent.seconds),
            spent.tokens,
            spent.money
        );
    }
    let _ =
        writeln!(text, "{:<12} {:>6} {:>12} {:>12} {:>9.2}\n", "all", "", duration(all.seconds), all.tokens, all.money);
    text
}
