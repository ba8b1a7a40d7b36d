//! `status` of work that is being made, from its artifacts and its log. Owns what is said of it.

use super::Base;
use super::show::{LOG, now};
use crate::cli::commands::print;
use crate::cli::exit::{Exit, Failure};
use crate::config::study::Stage;
use crate::pipeline::course::{Course, Plan, State};
use crate::report::shown_line;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, IsTerminal};
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(2);

/// A line of the log.
#[derive(Debug, Deserialize)]
struct Line {
    at: u64,
    event: String,
    #[serde(default)]
    task: String,
    why: Option<String>,
}

/// What the log says of the last run.
#[derive(Debug, Default, PartialEq)]
struct Last {
    /// Tasks under way, with the time they began.
    running: Vec<(String, u64)>,
    failed: Vec<(String, String)>,
    left_out: Vec<(String, String)>,
}

fn last(log: &str) -> Last {
    let lines: Vec<Line> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let from = lines.iter().rposition(|line| line.event == "run").unwrap_or(0);
    let mut last = Last::default();
    let mut running: HashMap<String, u64> = HashMap::new();
    for line in lines.into_iter().skip(from) {
        match (line.event.as_str(), line.why) {
            ("begun", _) => {
                running.insert(line.task, line.at);
                continue;
            }
            ("failed", Some(why)) => last.failed.push((line.task.clone(), why)),
            ("left out", Some(why)) => last.left_out.push((line.task.clone(), why)),
            _ => {}
        }
        running.remove(&line.task);
    }
    last.running = running.into_iter().collect();
    last.running.sort_unstable();
    last
}

/// Which work, and how it is shown.
pub struct Status<'a> {
    pub plan: &'a dyn Plan,
    pub base: &'a Base,
    /// `study` or `distill`.
    pub command: &'a str,
    pub watch: bool,
    pub json: bool,
}

/// The states of all tasks as they are on disk.
pub fn look(plan: &dyn Plan, base: &Base) -> Vec<State> {
    let stop = AtomicBool::new(false);
    Course { plan, artifacts: &base.artifacts, jobs: 1, stop: &stop }.look()
}

/// Shows it, again and again if it is watched.
pub fn show(shown: &Status<'_>) -> Result<Exit, Failure> {
    loop {
        let states = look(shown.plan, shown.base);
        let is_at_work = shown.base.is_at_work();
        let log = fs::read_to_string(shown.base.out.join(LOG)).unwrap_or_default();
        let mut last = last(&log);
        if !is_at_work {
            last.running.clear();
        }
        let text = match shown.json {
            true => in_json(shown, &states, &last, is_at_work),
            false => human(shown, &states, &last, is_at_work),
        };
        if shown.watch && io::stdout().is_terminal() {
            // The screen from its beginning.
            print("\x1b[H\x1b[2J")?;
        }
        let exit = print(&text)?;
        if !shown.watch || !is_at_work {
            return Ok(exit);
        }
        thread::sleep(EVERY);
    }
}

fn counts(plan: &dyn Plan, states: &[State]) -> BTreeMap<Stage, (usize, usize, f64)> {
    let mut counts: BTreeMap<Stage, (usize, usize, f64)> = BTreeMap::new();
    for (id, state) in plan.ids().zip(states) {
        let of = counts.entry(plan.stage(id)).or_default();
        of.1 += 1;
        if let State::There { artifact, .. } = state {
            of.0 += 1;
            of.2 += artifact.about.spent.seconds;
        }
    }
    counts
}

fn human(shown: &Status<'_>, states: &[State], last: &Last, is_at_work: bool) -> String {
    let mut text = format!("{:<12} {:>6} {:>6} {:>10}\n", "stage", "there", "of", "seconds");
    let (mut there, mut all) = (0, 0);
    for (stage, (done, of, seconds)) in counts(shown.plan, states) {
        (there, all) = (there + done, all + of);
        let _ = writeln!(text, "{:<12} {done:>6} {of:>6} {seconds:>10.0}", stage.as_str());
    }
    let what = match (is_at_work, there == all) {
        (true, _) => "at work",
        (false, true) => "everything is there",
        (false, false) => &format!("nobody is at work; `afcheck {} run` goes on", shown.command),
    };
    let _ = writeln!(text, "\n{there} of {all} tasks are there: {what}");
    for (task, begun) in &last.running {
        let _ = writeln!(text, "under way     {task}, for {} s", now().saturating_sub(*begun));
    }
    for (name, all) in [("failed", &last.failed), ("left out", &last.left_out)] {
        for (task, why) in all {
            let _ = writeln!(text, "{name:<13} {task}: {}", shown_line(why));
        }
    }
    text
}

fn in_json(shown: &Status<'_>, states: &[State], last: &Last, is_at_work: bool) -> String {
    let stages: Vec<_> = counts(shown.plan, states)
        .into_iter()
        .map(|(stage, (there, of, seconds))| json!({ "stage": stage, "there": there, "of": of, "seconds": seconds }))
        .collect();
    let tasks: Vec<_> = shown
        .plan
        .ids()
        .zip(states)
        .map(|(id, state)| {
            let directory = match state {
                State::There { artifact, .. } => Some(artifact.directory.display().to_string()),
                _ => None,
            };
            json!({
                "task": shown.plan.title(id),
                "stage": shown.plan.stage(id),
                "there": directory.is_some(),
                "directory": directory,
            })
        })
        .collect();
    let why = |all: &[(String, String)]| {
        all.iter().map(|(task, why)| json!({ "task": task, "why": why })).collect::<Vec<_>>()
    };
    let status = json!({
        "schema": "afcheck.status/1",
        "at_work": is_at_work,
        "stages": stages,
        "running": last.running.iter().map(|(task, at)| json!({ "task": task, "since": at })).collect::<Vec<_>>(),
        "failed": why(&last.failed),
        "left_out": why(&last.left_out),
        "tasks": tasks,
    });
    format!("{status:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_of_the_last_run_tells_what_is_under_way() {
        let log = r#"{"at":1,"event":"run"}
{"at":2,"event":"begun","task":"a"}
{"at":3,"event":"run"}
{"at":4,"event":"begun","task":"b"}
{"at":5,"event":"made","task":"b","seconds":1.0,"why":null}
{"at":6,"event":"begun","task":"c"}
{"at":6,"event":"begun","task":"d"}
{"at":7,"event":"failed","task":"d","seconds":1.0,"why":"diverged"}
{"at":8,"event":"left out","task":"e","seconds":0.0,"why":"it needs `d`"}
{"at":9,"eve"#;
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let wanted = Last {
            running: vec![("c".to_owned(), 6)],
            failed: vec![pair("d", "diverged")],
            left_out: vec![pair("e", "it needs `d`")],
        };
        assert_eq!(last(log), wanted);
        assert_eq!(last(""), Last::default());
    }
}
