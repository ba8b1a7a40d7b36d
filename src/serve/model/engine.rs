//! The thread that owns the model: requests join its batch while others are under way, and their text goes out as it
//! comes. Owns what is held back of a text that may become one that ends it.

use super::GLANCE;
use crate::generator::{Ends, Finish, Local, Sampling, local::Writing};
use crate::ml::generation::{Generation, Listener, Task, Wish};
use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc::UnboundedSender;

/// Samples of one prompt that somebody waits for.
pub struct Job {
    pub prompt: Vec<u32>,
    pub seeds: Vec<u64>,
    pub sampling: Sampling,
    pub max_tokens: usize,
    pub stop: Vec<String>,
    /// Closed when nobody waits any more.
    pub to: UnboundedSender<Said>,
}

/// What happens to a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// More of its text, and its tokens so far.
    Text { sample: usize, text: String, tokens: u64 },
    /// No more of it comes. `stop` is the text that ended it.
    Ended { sample: usize, finish: Finish, stop: Option<String>, tokens: u64 },
}

/// A sample under way.
struct Sample<'a> {
    writing: Writing<'a>,
    /// How much of its text has gone out.
    sent: usize,
}

/// A job under way.
struct UnderWay<'a> {
    samples: Vec<Option<Sample<'a>>>,
    ends: Ends,
    to: UnboundedSender<Said>,
}

/// All jobs under way, by their number in the generation.
struct Serving<'a> {
    jobs: HashMap<usize, UnderWay<'a>>,
}

/// Serves jobs until nobody can send any, or `abort` is set.
pub fn run(local: &Local, queue: &Receiver<Job>, batch: usize, abort: &AtomicBool) {
    let mut generation = Generation::new(&local.decoder, local.tokenizer.eos(), batch);
    let mut serving = Serving { jobs: HashMap::new() };
    let mut is_open = true;
    while !abort.load(Ordering::Relaxed) {
        // A job waits in the queue, where it costs nothing and can be given up, until there is room for its samples.
        while is_open && serving.samples() < batch {
            let job = match generation.is_idle() {
                true => queue.recv_timeout(GLANCE).map_err(|error| match error {
                    RecvTimeoutError::Timeout => TryRecvError::Empty,
                    RecvTimeoutError::Disconnected => TryRecvError::Disconnected,
                }),
                false => queue.try_recv(),
            };
            match job {
                Ok(job) if job.to.is_closed() => {}
                Ok(job) => serving.begin(local, &mut generation, job),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => is_open = false,
            }
        }
        if generation.is_idle() {
            if !is_open {
                return;
            }
            continue;
        }
        generation.step(&mut serving);
    }
}

impl<'a> Serving<'a> {
    /// Samples under way.
    fn samples(&self) -> usize {
        self.jobs.values().flat_map(|job| &job.samples).flatten().count()
    }

    fn begin(&mut self, local: &'a Local, generation: &mut Generation<'_>, job: Job) {
        let Job { prompt, seeds, sampling, max_tokens, stop, to } = job;
        let of = |_: &u64| Some(Sample { writing: Writing::new(&local.tokenizer), sent: 0 });
        let samples = seeds.iter().map(of).collect();
        let number = generation.add(Task { prompt, seeds, sampling, max_tokens });
        self.jobs.insert(number, UnderWay { samples, ends: Ends { texts: stop, is_lean: false }, to });
    }
}

impl Listener for Serving<'_> {
    fn token(&mut self, task: usize, number: usize, token: u32) -> Wish {
        let Some(job) = self.jobs.get_mut(&task) else { return Wish::Cancel };
        let Some(sample) = job.samples[number].as_mut() else { return Wish::Cancel };
        let (_, is_enough) = sample.writing.push(token, &job.ends);
        if is_enough {
            return Wish::Enough;
        }
        let safe = sample.writing.text.len() - held_back(&sample.writing.text, &job.ends.texts);
        let text = sample.writing.text.get(sample.sent..safe).unwrap_or_default().to_owned();
        sample.sent = sample.sent.max(safe);
        // Sent though it may be empty: this is how the engine learns that nobody listens any more.
        match job.to.send(Said::Text { sample: number, text, tokens: sample.writing.tokens }) {
            Ok(()) => Wish::GoOn,
            Err(_) => {
                self.jobs.remove(&task);
                Wish::Cancel
            }
        }
    }

    fn ended(&mut self, task: usize, number: usize, finish: Finish) {
        let Some(job) = self.jobs.get_mut(&task) else { return };
        let Some(Sample { writing, sent }) = job.samples[number].take() else { return };
        let whole = writing.text.clone();
        let (text, tokens) = writing.finish(finish, &job.ends);
        let stop = (finish == Finish::Stop).then(|| first_stop(&whole, &job.ends.texts)).flatten();
        let rest = text.get(sent..).unwrap_or_default().to_owned();
        // Who does not listen does not miss it.
        let _ = job.to.send(Said::Text { sample: number, text: rest, tokens });
        let _ = job.to.send(Said::Ended { sample: number, finish, stop, tokens });
        if job.samples.iter().all(Option::is_none) {
            self.jobs.remove(&task);
        }
    }
}

/// The end of a text that may be the beginning of a stop.
fn held_back(text: &str, stops: &[String]) -> usize {
    let begins = |stop: &String| {
        let longest = stop.len().saturating_sub(1).min(text.len());
        (1..=longest).rev().find(|n| text.as_bytes().ends_with(&stop.as_bytes()[..*n])).unwrap_or(0)
    };
    let mut held = stops.iter().map(begins).max().unwrap_or(0);
    // Bytes of a stop may begin within a character of the text.
    while !text.is_char_boundary(text.len() - held) {
        held += 1;
    }
    held
}

/// The stop that comes first in a text.
fn first_stop(text: &str, stops: &[String]) -> Option<String> {
    let found = stops.iter().filter_map(|stop| text.find(stop.as_str()).map(|at| (at, stop)));
    found.min_by_key(|(at, _)| *at).map(|(_, stop)| stop.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_become_a_stop_is_held_back() {
        let stops = ["END".to_owned(), "\n\n".to_owned(), "ℝx".to_owned()];
        let held = |text| held_back(text, &stops);
        assert_eq!((held("a"), held("aE"), held("aEN"), held("aEND"), held("a\n"), held("")), (0, 1, 2, 0, 1, 0));
        assert_eq!((held("aℝ"), held("a∈")), (3, 0));
        assert_eq!(held_back("anything", &[]), 0);
        assert_eq!(first_stop("a\n\nEND", &stops).as_deref(), Some("\n\n"));
    }
}
