//! Questions without a report of their own: asked by the executor, answers handed over as they come. Owns what stops such a
//! run; order and meaning of answers are the caller's.

use super::events::Origin;
use super::executor::{self, Asking, Fed, Told};
use super::worker::Worker;
use crate::store::Question;
use std::convert::Infallible;
use std::io;
use std::sync::atomic::Ordering;
use std::thread;

/// Asks every question of `input` and hands each answer to `take`, with the place its question came with, in completion
/// order and on the caller's thread. An error of `take` sets the stop flag and ends the run; so does the flag, and then
/// some places get no answer. An `input` that waits for `take` must end by itself when the flag is set.
pub fn ask<Q, P, W>(
    asking: Asking<'_, W>,
    input: impl Iterator<Item = (P, Q)> + Send,
    take: &mut dyn FnMut(P, Q::Answer, Origin) -> io::Result<()>,
) -> io::Result<()>
where
    Q: Question,
    P: Send,
    W: Worker<Q> + ?Sized,
{
    let input = input.map(|(place, question)| Fed::<P, Q, Infallible>::Ask(place, question));
    thread::scope(|scope| {
        let mut outcome = Ok(());
        for told in executor::start(scope, input, asking) {
            let Told::Answer(place, answer, origin) = told;
            if outcome.is_ok() {
                outcome = take(place, answer, origin);
                if outcome.is_err() {
                    // Nothing more can be kept: stop, and let the threads run dry.
                    asking.stop.store(true, Ordering::Relaxed);
                }
            }
        }
        outcome
    })
}
