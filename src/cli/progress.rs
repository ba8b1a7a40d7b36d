//! Progress bars on standard error. Owns their look; shows nothing where nobody looks (no terminal, --quiet).

use crate::engine::embedded::install::Step;
#[cfg(feature = "ml")]
use crate::pipeline::finetune::Happening;
use crate::runner::events::{Event, Reporter};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The bar of a set-up. Off a terminal each step is one line, so that logs tell what takes so long.
pub struct SetupProgress {
    bar: ProgressBar,
    plain: bool,
    last: Mutex<(String, Instant)>,
}

/// Off a terminal, a long step says every so often that it is alive.
const REMINDER: Duration = Duration::from_secs(20);

impl SetupProgress {
    /// Shows nothing if `quiet`.
    pub fn new(quiet: bool) -> Self {
        let terminal = io::stderr().is_terminal();
        let bar = if quiet || !terminal { ProgressBar::hidden() } else { ProgressBar::new(1000) };
        bar.set_style(bar_style("{spinner} {msg:<44} {wide_bar} {percent:>3} %"));
        SetupProgress { bar, plain: !quiet && !terminal, last: Mutex::new((String::new(), Instant::now())) }
    }

    /// Shows a step.
    pub fn show(&self, step: Step) {
        let (name, text, share) = match step {
            Step::Waiting => ("waiting", "waiting for another afcheck that sets up Lean".to_owned(), 0.0),
            Step::Fetching => ("fetching", "fetching Lean with npm (116 MB)".into(), 0.0),
            Step::Verifying => ("verifying", "verifying the archive".into(), 0.0),
            Step::Unpacking { done, total } => {
                ("unpacking", format!("unpacking {done} of {total} modules"), done as f64 / total as f64)
            }
            Step::Rewriting => ("rewriting", "rewriting the module".into(), 0.0),
            Step::Compiling { share, left } => {
                let left = left.as_secs();
                ("compiling", format!("compiling Lean, once per machine: about {left} s left"), share)
            }
            Step::Done => return self.bar.finish_and_clear(),
        };
        self.bar.set_position((share * 1000.0) as u64);
        self.bar.set_message(text.clone());
        self.bar.tick();
        if self.plain {
            let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if last.0 != name || last.1.elapsed() > REMINDER {
                *last = (name.to_owned(), Instant::now());
                eprintln!("setup: {text}");
            }
        }
    }
}

/// The bar of a run.
pub struct RunProgress {
    bar: ProgressBar,
}

impl RunProgress {
    /// Shows nothing if `quiet` or where there is no terminal.
    pub fn new(quiet: bool) -> Self {
        let bar = ProgressBar::no_length();
        if quiet || !io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        RunProgress { bar }
    }
}

impl Reporter for RunProgress {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Started(started) => {
                if let Some(total) = started.total {
                    self.bar.set_length(total);
                    self.bar.set_style(bar_style("{wide_bar} {pos}/{len} {per_sec} {eta} left"));
                } else {
                    self.bar.set_style(bar_style("{spinner} {pos} judged, {per_sec}"));
                }
                self.bar.inc(started.resumed);
                self.bar.reset_eta();
            }
            Event::Checked(_) | Event::BadRecord(_) => self.bar.inc(1),
            Event::Finished(_) => self.bar.finish_and_clear(),
        }
        Ok(())
    }
}

/// A bar that counts.
pub struct CountProgress {
    bar: ProgressBar,
}

impl CountProgress {
    /// Shows nothing if `quiet` or where there is no terminal.
    pub fn new(quiet: bool, total: u64) -> Self {
        let bar = if quiet || !io::stderr().is_terminal() { ProgressBar::hidden() } else { ProgressBar::new(total) };
        bar.set_style(bar_style("{wide_bar} {pos}/{len} {per_sec} {eta} left"));
        CountProgress { bar }
    }

    /// So many more are done.
    pub fn step(&self, count: usize) {
        self.bar.inc(count as u64);
    }

    /// All is done.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// The bar of a training run, and a line every so often where there is no terminal.
#[cfg(feature = "ml")]
pub struct TrainProgress {
    bar: ProgressBar,
    plain: bool,
    begun: Instant,
    told: Instant,
    steps: usize,
    tokens: u64,
    trained: usize,
    loss: f64,
    dev: Option<f64>,
}

#[cfg(feature = "ml")]
impl TrainProgress {
    /// Shows nothing if `quiet`.
    pub fn new(quiet: bool) -> Self {
        let terminal = io::stderr().is_terminal();
        let bar = if quiet || !terminal { ProgressBar::hidden() } else { ProgressBar::new(0) };
        bar.set_style(bar_style("{wide_bar} {pos}/{len} {msg} {eta} left"));
        let now = Instant::now();
        TrainProgress {
            bar,
            plain: !quiet && !terminal,
            begun: now,
            told: now,
            steps: 0,
            tokens: 0,
            trained: 0,
            loss: f64::NAN,
            dev: None,
        }
    }

    /// Takes in what happened.
    pub fn on(&mut self, happening: &Happening) {
        match happening {
            Happening::Begun { taken, steps, trained } => {
                (self.begun, self.steps, self.trained) = (Instant::now(), *steps, *trained);
                self.bar.set_length(*steps as u64);
                self.bar.set_position(*taken as u64);
                self.bar.reset_eta();
                if *taken > 0 && self.plain {
                    eprintln!("resumed         behind step {taken} of {steps}");
                }
            }
            Happening::Step(report) => {
                self.tokens += report.tokens;
                self.loss = report.loss;
                self.bar.inc(1);
                self.tell(report.step);
            }
            Happening::Dev { step, loss } => {
                self.dev = Some(*loss);
                self.tell(*step);
            }
        }
    }

    fn tell(&mut self, step: usize) {
        let dev = self.dev.map_or_else(String::new, |dev| format!(", dev {dev:.4}"));
        let text = format!("loss {:.4}{dev}, {:.0} tokens/s", self.loss, self.rate());
        if self.plain && (self.told.elapsed() > REMINDER || step == self.steps) {
            self.told = Instant::now();
            eprintln!("step {step} of {}: {text}", self.steps);
        }
        self.bar.set_message(text);
    }

    /// Tokens a second so far, looks at the development set included in the time.
    pub fn rate(&self) -> f64 {
        self.tokens as f64 / self.begun.elapsed().as_secs_f64().max(1e-9)
    }

    /// Numbers that are trained.
    pub fn trained(&self) -> usize {
        self.trained
    }

    /// All is done.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn bar_style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("a constant template")
}
