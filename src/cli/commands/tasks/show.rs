//! What people see of a run, and its log. Owns the lines on standard error, the bar, and `log.jsonl`, from which `study status` knows
//! what is under way.

use crate::pipeline::course::{Happening, Id, Plan, State};
use crate::report::shown_line;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The name of the log in `out`.
pub const LOG: &str = "log.jsonl";

/// The watcher of a run.
pub struct Showing<'a> {
    plan: &'a dyn Plan,
    quiet: bool,
    bar: ProgressBar,
    log: File,
    begun: HashMap<Id, Instant>,
    ended: usize,
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl<'a> Showing<'a> {
    /// Begins the log of a run.
    pub fn new(plan: &'a dyn Plan, out: &Path, quiet: bool) -> io::Result<Showing<'a>> {
        let mut log = OpenOptions::new().create(true).append(true).open(out.join(LOG))?;
        writeln!(log, "{}", json!({ "at": now(), "event": "run", "process": std::process::id() }))?;
        let bar = ProgressBar::new(plan.count() as u64);
        if quiet || !io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template("{spinner} [{elapsed_precise}] {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Ok(Showing { plan, quiet, bar, log, begun: HashMap::new(), ended: 0 })
    }

    /// Takes in what happens.
    pub fn on(&mut self, happening: &Happening<'_>) {
        let title = |id: Id| self.plan.title(id);
        match happening {
            Happening::Begun(id) => {
                self.begun.insert(*id, Instant::now());
                let title = title(*id);
                self.bar.set_message(title.clone());
                self.note(&json!({ "at": now(), "event": "begun", "task": title }));
            }
            Happening::Damaged(id, why) => {
                let text = format!("warning: {}: {why}; it is made again", title(*id));
                self.say(&text);
            }
            Happening::Ended(id, state) => {
                self.ended += 1;
                self.bar.set_position(self.ended as u64);
                let title = title(*id);
                let seconds = self.begun.remove(id).map_or(0.0, |begun| begun.elapsed().as_secs_f64());
                let (event, why) = match state {
                    State::There { is_new: true, .. } => ("made", None),
                    State::There { .. } => return,
                    State::Failed(why) => ("failed", Some(why.clone())),
                    State::Unpaid(why) => ("left out", Some(why.clone())),
                    State::Interrupted => ("interrupted", None),
                    State::Blocked(by) => ("left out", Some(format!("it needs `{}`", self.plan.title(*by)))),
                    State::Waiting | State::Running => return,
                };
                self.note(&json!({ "at": now(), "event": event, "task": title, "seconds": seconds, "why": why }));
                let (ended, all) = (self.ended, self.plan.count());
                match why {
                    None if event == "made" => self.say(&format!("[{ended:>3}/{all}] {title} ({seconds:.1} s)")),
                    None => {}
                    Some(why) => {
                        self.say(&format!("[{ended:>3}/{all}] {event}: {title}: {}", shown_line(&why)));
                    }
                }
            }
        }
    }

    fn say(&self, text: &str) {
        if !self.quiet {
            self.bar.suspend(|| eprintln!("{text}"));
        }
    }

    fn note(&mut self, line: &serde_json::Value) {
        // The log is for people; that it cannot be written is no reason to stop.
        let _ = writeln!(self.log, "{line}");
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
