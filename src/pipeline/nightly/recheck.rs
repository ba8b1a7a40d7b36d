//! Some outputs judged again, without what is kept of earlier checks. Owns which ones, and how often; a verdict that differs is
//! found by the history, beside those that differ between runs.

use super::cell::Joined;
use crate::domain::{CheckReport, CheckRequest};
use crate::engine::Engine;
use crate::metrics::Random;
use crate::pipeline::verify::Judging;
use crate::runner::{Asking, ask};
use crate::store::history::{Judged, Standing};
use std::io;

/// How often an output is judged again.
const TIMES: usize = 2;

/// Judges `count` outputs of all cells twice more, drawn by `seed`, and puts the verdicts beside the first. `judged` are the
/// entries of the cells, in the order of their records. True if nothing stopped it.
pub fn recheck(
    cells: &mut [(&Joined, &mut Vec<Judged>)],
    (count, seed): (usize, u64),
    judging: &Judging,
    asking: Asking<'_, dyn Engine + '_>,
    settled: &dyn Fn(usize),
) -> io::Result<bool> {
    let mut all: Vec<(usize, usize)> = cells
        .iter()
        .enumerate()
        .flat_map(|(cell, (joined, _))| (0..joined.records.len()).map(move |r| (cell, r)))
        .collect();
    Random::new(seed).shuffle(&mut all);
    all.truncate(count);
    let mut questions: Vec<((usize, usize), CheckRequest)> = Vec::new();
    for (cell, record) in &all {
        let request = judging.request(&cells[*cell].0.records[*record]);
        questions.extend((0..TIMES).map(|_| ((*cell, *record), request.clone())));
    }
    let asking = Asking { reuse: None, ..asking };
    let (wanted, mut answers) = (questions.len(), 0);
    ask(asking, questions.into_iter(), &mut |(cell, record), report: CheckReport, _| {
        let standing = Standing::named(report.verdict.as_str());
        cells[cell].1[record].again.extend(standing);
        answers += 1;
        settled(1);
        Ok(())
    })?;
    Ok(answers == wanted)
}
