//! Fine-tuning: from a model and examples to a trained one, in a directory that tells how it came about. Owns the course of a
//! run (evaluations, checkpoints, when it ends) and its files; a step is `ml::train`'s, where examples come from `conditions`'.

mod card;
mod journal;
mod plan;

pub use card::{Card, TeacherCard};
pub use journal::{Entry, Journal};
pub use plan::{MethodName, ObjectiveName, Plan, PlanError, Target};

use crate::ml::adapter::Adapter;
use crate::ml::decoder::Decoder;
use crate::ml::error::ModelError;
use crate::ml::loss::Example;
use crate::ml::train::{Method, Progress, Settings, StepReport, TrainError, Trainer};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// When a run looks at the development set, when it ends, and what it keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// Steps between two looks; the first is before the first step, the last behind the last.
    pub dev_every: usize,
    /// Looks without a new best after which the run ends, with the best model.
    pub patience: Option<usize>,
    /// Steps between checkpoints.
    pub checkpoint_every: usize,
}

/// What a run learns from.
pub struct Data<'a> {
    pub train: &'a [Example],
    pub dev: &'a [Example],
    /// Names of the training examples, for messages.
    pub ids: &'a [String],
    /// Whom it learns from, if the objective asks for somebody.
    pub teacher: Option<&'a Decoder>,
}

/// What happens in a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Happening {
    /// The run begins, or goes on behind so many steps.
    Begun {
        taken: usize,
        steps: usize,
        trained: usize,
    },
    Step(StepReport),
    /// The development set was looked at.
    Dev {
        step: usize,
        loss: f64,
    },
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Steps whose model was kept.
    pub step: usize,
    pub dev_before: Option<f64>,
    pub dev_loss: Option<f64>,
    pub ended: Ended,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All steps were taken.
    Complete,
    /// The loss of the development set no longer fell.
    Early,
    /// Somebody asked for it; a checkpoint was written.
    Interrupted,
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum FinetuneError {
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error("step {step}: {what} is {value}: the run has diverged; its examples were {examples}; {left}")]
    Diverged { step: usize, what: &'static str, value: f64, examples: String, left: String },
    #[error(
        "{path} has checkpoints of another run: its settings, model, teacher or data were others; choose another --out, or --overwrite"
    )]
    OtherRun { path: String },
}

/// Names of examples a message gives at most.
const NAMED: usize = 8;

/// Where a run is kept, and how it is told from others.
pub struct Run<'a> {
    /// Checkpoints and the journal are there.
    pub out: &'a Path,
    /// Of all that decides what its numbers are.
    pub hash: &'a str,
    /// It goes on from its last checkpoint.
    pub resume: bool,
    /// It ends with a checkpoint when this is set.
    pub stop: &'a AtomicBool,
}

/// Trains. On return the decoder is the trained model, and `adapter` has its factors.
pub fn finetune(
    decoder: &mut Decoder,
    adapter: Option<&mut Adapter>,
    data: &Data<'_>,
    settings: Settings,
    course: Course,
    run: Run<'_>,
    on: &mut dyn FnMut(Happening),
) -> Result<Outcome, FinetuneError> {
    let Run { out, hash, resume, stop } = run;
    let checkpoints = out.join("checkpoints");
    if let (Some(adapter), Method::Lora(_)) = (&adapter, &settings.method) {
        decoder.adapt(adapter);
    }
    let mut trainer = Trainer::taught(decoder, data.teacher, data.train, settings);
    let mut state = State::default();
    if resume && let Some(progress) = Trainer::last(&checkpoints)? {
        if progress.run != hash {
            return Err(FinetuneError::OtherRun { path: out.display().to_string() });
        }
        trainer.restore(&checkpoints, progress.step)?;
        state = State::of(&progress.notes);
    }
    let mut journal = Journal::open(&out.join("journal.jsonl"), trainer.taken(), state.looked)?;
    let (taken, steps) = (trainer.taken(), trainer.steps());
    on(Happening::Begun { taken, steps, trained: trainer.trained() });
    let dev: Vec<&Example> = data.dev.iter().collect();
    let save = |trainer: &mut Trainer<'_>, state: &State| {
        let progress = Progress { step: trainer.taken(), run: hash.to_owned(), notes: state.notes() };
        trainer.save(&checkpoints, &progress, 1, course.patience.and(state.best_step)).map(drop)
    };
    let ended = loop {
        let at = trainer.taken();
        let is_last = at == steps;
        if !dev.is_empty() && state.looked != Some(at) && (is_last || at.is_multiple_of(course.dev_every)) {
            let loss = trainer.loss(&dev);
            on(Happening::Dev { step: at, loss });
            journal.dev(at, loss)?;
            let is_best = state.look(at, loss);
            if is_best && course.patience.is_some() {
                save(&mut trainer, &state)?;
            }
            if course.patience.is_some_and(|patience| state.without >= patience) && !is_last {
                break Ended::Early;
            }
        }
        if is_last {
            break Ended::Complete;
        }
        if stop.load(Ordering::Relaxed) {
            save(&mut trainer, &state)?;
            break Ended::Interrupted;
        }
        let report = trainer.advance().map_err(|error| told(error, data.ids, &checkpoints))?;
        on(Happening::Step(report));
        journal.step(&report)?;
        if report.step.is_multiple_of(course.checkpoint_every) {
            save(&mut trainer, &state)?;
        }
    };
    if ended != Ended::Interrupted {
        save(&mut trainer, &state)?;
        if let (Some(best), true) = (state.best_step, course.patience.is_some()) {
            trainer.restore(&checkpoints, best)?;
        }
    }
    let step = trainer.taken();
    let dev_loss = if course.patience.is_some() { state.best } else { state.last };
    if let Some(adapter) = adapter {
        decoder.factors(adapter);
    }
    Ok(Outcome { step, dev_before: state.first, dev_loss, ended })
}

/// What a run remembers of its looks at the development set.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct State {
    first: Option<f64>,
    last: Option<f64>,
    looked: Option<usize>,
    best: Option<f64>,
    best_step: Option<usize>,
    /// Looks since the best.
    without: usize,
}

impl State {
    /// Takes in a look; true if it is the best so far.
    fn look(&mut self, step: usize, loss: f64) -> bool {
        self.first = self.first.or(Some(loss));
        (self.last, self.looked) = (Some(loss), Some(step));
        let is_best = self.best.is_none_or(|best| loss < best);
        if is_best {
            (self.best, self.best_step, self.without) = (Some(loss), Some(step), 0);
        } else {
            self.without += 1;
        }
        is_best
    }

    fn notes(&self) -> BTreeMap<String, String> {
        let each = [
            ("first", self.first),
            ("last", self.last),
            ("looked", self.looked.map(|step| step as f64)),
            ("best", self.best),
            ("best_step", self.best_step.map(|step| step as f64)),
            ("without", Some(self.without as f64)),
        ];
        each.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_string()))).collect()
    }

    fn of(notes: &BTreeMap<String, String>) -> State {
        let of = |name: &str| notes.get(name)?.parse::<f64>().ok();
        let step = |name: &str| of(name).map(|step| step as usize);
        State {
            first: of("first"),
            last: of("last"),
            looked: step("looked"),
            best: of("best"),
            best_step: step("best_step"),
            without: step("without").unwrap_or(0),
        }
    }
}

/// A failed step, with the names of its examples and what is left of the run.
fn told(error: TrainError, ids: &[String], checkpoints: &Path) -> FinetuneError {
    match error {
        TrainError::Model(error) => error.into(),
        TrainError::Diverged { step, what, value, examples } => {
            let named: Vec<&str> = examples.iter().take(NAMED).map(|at| ids[*at].as_str()).collect();
            let more = examples.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let left = match Trainer::last(checkpoints) {
                Ok(Some(progress)) => {
                    format!("the last good checkpoint is that of step {} in {}", progress.step, checkpoints.display())
                }
                _ => "there is no checkpoint yet".to_owned(),
            };
            let left = format!("{left}; a lower --learning-rate or --clip may help");
            FinetuneError::Diverged { step, what, value, examples: format!("{}{more}", named.join(", ")), left }
        }
    }
}
