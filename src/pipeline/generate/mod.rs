//! `generate`: prompts from problems, answers from a generator, lines for a file that `verify` and `eval` read; with
//! rounds of repair, Lean's messages go back to the model. Owns the order of the work; nothing here knows whether the
//! model is in this process.

mod line;
mod prompt;
mod repair;

pub use line::{Attempt, Judgement, Line, RunHash};
pub use prompt::{Asked, Prompting, seed_of};
pub use repair::{Repairing, Revision, revise};

use crate::domain::CheckRequest;
use crate::generator::{Answer, Ask, Event, Generator, GeneratorError, Settings};
use repair::Trajectory;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a run asks, beside its prompts.
#[derive(Clone, Debug)]
pub struct Asking<'a> {
    pub prompting: Prompting<'a>,
    pub settings: Settings,
    /// Marks the lines of the run.
    pub run: RunHash,
}

/// What happens during a run.
#[derive(Debug)]
pub enum Told<'a> {
    /// More text of an answer, where the generator tells.
    Text { id: &'a str, sample: usize, text: &'a str },
    /// A finished sample.
    Line(Box<Line<'a>>),
    /// A sample that could not be made, for reasons outside of the model.
    Failed { id: &'a str, sample: usize, why: String },
}

/// Why a run ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    #[error(transparent)]
    Generator(#[from] GeneratorError),
    #[error(transparent)]
    Prompt(#[from] super::prompting::PromptError),
    /// Lean could not be asked.
    #[error("{0}")]
    Judge(io::Error),
}

/// Samples that go through the rounds of repair together: enough to keep a batch full, few enough that lines come soon.
const TOGETHER: usize = 64;

/// Makes all samples of `asked`, telling `on` of them as they are finished, which ends the run by returning false.
pub fn run<'a>(
    generator: &dyn Generator,
    asking: &Asking<'_>,
    asked: &'a [Asked<'a>],
    repairing: Option<&Repairing<'_>>,
    stop: &AtomicBool,
    on: &mut dyn FnMut(Told<'_>) -> bool,
) -> Result<(), GenerateError> {
    let mut rest = asked;
    while !rest.is_empty() && !stop.load(Ordering::Relaxed) {
        let mut samples = 0;
        let together = rest.iter().position(|asked| {
            samples += asked.samples.len();
            repairing.is_some() && samples > TOGETHER
        });
        let (now, later) = rest.split_at(together.unwrap_or(rest.len()).max(1));
        rest = later;
        if !rounds(generator, asking, now, repairing, stop, on)? {
            return Ok(());
        }
    }
    Ok(())
}

/// One generation of all samples, and as many rounds of repair as there are.
fn rounds<'a>(
    generator: &dyn Generator,
    asking: &Asking<'_>,
    asked: &'a [Asked<'a>],
    repairing: Option<&Repairing<'_>>,
    stop: &AtomicBool,
    on: &mut dyn FnMut(Told<'_>) -> bool,
) -> Result<bool, GenerateError> {
    // In the first round the samples of a problem share a prompt; afterwards each has its own.
    let mut asks: Vec<(Ask, Vec<Trajectory<'a>>)> = asked.iter().map(Trajectory::begin).collect();
    let last = repairing.map_or(0, |repairing| repairing.rounds);
    let mut is_wanted = true;
    for round in 0..=last {
        let mut answered: Vec<Trajectory<'a>> = Vec::new();
        let questions: Vec<Ask> = asks.iter().map(|(ask, _)| ask.clone()).collect();
        let mut take = |event: Event<'_>| {
            is_wanted &= match event {
                Event::Text { ask, sample, text } => {
                    let trajectory = &asks[ask].1[sample];
                    on(Told::Text { id: trajectory.id(), sample: trajectory.sample, text })
                }
                Event::Failed { ask, sample, why } => {
                    let trajectory = &asks[ask].1[sample];
                    on(Told::Failed { id: trajectory.id(), sample: trajectory.sample, why })
                }
                Event::Answered(answer) => {
                    let Answer { ask, sample, .. } = answer;
                    let trajectory = asks[ask].1[sample].answered(answer);
                    if repairing.is_some() {
                        answered.push(trajectory);
                        true
                    } else {
                        on(Told::Line(Box::new(trajectory.line(generator.name(), &asking.run))))
                    }
                }
            };
            is_wanted
        };
        generator.generate(&questions, &asking.settings, stop, &mut take)?;
        let Some(repairing) = repairing else { break };
        if !is_wanted || stop.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let requests: Vec<CheckRequest> = answered.iter().map(|t| repairing.request(t)).collect();
        let Some(reports) = repairing.judge(requests).map_err(GenerateError::Judge)? else { return Ok(false) };
        asks.clear();
        for (mut trajectory, report) in answered.into_iter().zip(reports) {
            trajectory.judged(&report);
            let again = if round < last && trajectory.is_refused() {
                trajectory.ask_again(generator, asking, &report)?
            } else {
                None
            };
            match again {
                Some(ask) => asks.push((ask, vec![trajectory])),
                None => is_wanted &= on(Told::Line(Box::new(trajectory.line(generator.name(), &asking.run)))),
            }
        }
        if asks.is_empty() || !is_wanted {
            break;
        }
    }
    Ok(is_wanted)
}
