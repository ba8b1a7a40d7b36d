//! What a run would make and how long it may take, and where the time of one went. Owns the estimate: times of the work's own
//! artifacts where there are some, else what its command says is usual.

use super::Base;
use super::status::look;
use crate::config::study::Stage;
use crate::pipeline::course::{Id, Plan, State};
use crate::store::artifacts::Spent;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// All stages, in the order of the work.
const STAGES: [Stage; 6] =
    [Stage::Data, Stage::Alignment, Stage::Training, Stage::Generation, Stage::Verdicts, Stage::Losses];

/// What a stage took so far, by its tasks that are there.
fn times(plan: &dyn Plan, states: &[State]) -> BTreeMap<Stage, (usize, Spent)> {
    let mut found: BTreeMap<Stage, (usize, Spent)> = BTreeMap::new();
    for (id, state) in plan.ids().zip(states) {
        if let State::There { artifact, .. } = state {
            let of = found.entry(plan.stage(id)).or_default();
            *of = (of.0 + 1, of.1.and(artifact.about.spent));
        }
    }
    found
}

fn duration(seconds: f64) -> String {
    humantime::format_duration(Duration::from_secs(seconds.max(0.0).round() as u64)).to_string()
}

/// The plan of a run; `usual` tells the seconds of a task where nothing is known, on 2 cores with Gemma 3 270M.
pub fn text(plan: &dyn Plan, base: &Base, usual: &dyn Fn(Id) -> f64) -> String {
    let states = look(plan, base);
    let known = times(plan, &states);
    let mut text = String::new();
    let (mut left, mut all) = (0, 0.0);
    let mut by_stage: BTreeMap<Stage, (usize, usize, f64)> = BTreeMap::new();
    for (id, state) in plan.ids().zip(&states) {
        let stage = plan.stage(id);
        let of = by_stage.entry(stage).or_default();
        of.0 += 1;
        if matches!(state, State::There { .. }) {
            continue;
        }
        let seconds = match known.get(&stage) {
            Some((count, spent)) => spent.seconds / *count as f64,
            None => usual(id),
        };
        (left, all) = (left + 1, all + seconds);
        (of.1, of.2) = (of.1 + 1, of.2 + seconds);
        let _ = writeln!(text, "make  {:<70} about {}", plan.title(id), duration(seconds));
    }
    let _ = writeln!(text, "\n{:<12} {:>6} {:>8}  time", "stage", "tasks", "to make");
    for stage in STAGES {
        if let Some((tasks, left, seconds)) = by_stage.get(&stage) {
            let _ = writeln!(text, "{:<12} {tasks:>6} {left:>8}  about {}", stage.as_str(), duration(*seconds));
        }
    }
    let basis = match known.is_empty() {
        true => "rates of 2 cores and Gemma 3 270M; the first tasks that are made correct them",
        false => "times of what was made so far; usual rates where there is none",
    };
    let _ = writeln!(text, "\n{} tasks, {left} to make: about {} ({basis})", plan.count(), duration(all));
    text
}

/// Where the time went.
pub fn spent(plan: &dyn Plan, states: &[State]) -> String {
    let mut text = format!("\n{:<12} {:>6} {:>12} {:>12} {:>9}\n", "stage", "tasks", "time", "tokens", "money");
    let mut all = Spent::default();
    for (stage, (tasks, spent)) in times(plan, states) {
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
