//! A run among the runs before it: everything reports are made of. Owns which earlier runs it is compared with. A run that is
//! looked at again later gives the same review, because nothing after it is asked for.

use super::compare::{Change, Comparison, compare};
use super::gate::{Failing, decide};
use super::item::{Item, items_of};
use crate::config::nightly::{Against, Gate};
use crate::store::history::{Cell, Counts, History, HistoryError, Past, Run, Standing, Texts, Unsteady};

/// A run with everything that is said of it.
#[derive(Clone, Debug)]
pub struct Review {
    pub run: Run,
    pub gate: Gate,
    pub cells: Vec<CellReview>,
    /// Models on data sets that the last run had and this one has not.
    pub gone: Vec<(String, String)>,
    /// Statements and outputs of the items that changed.
    pub texts: Texts,
}

/// A model on a data set in a run.
#[derive(Clone, Debug)]
pub struct CellReview {
    pub model: String,
    pub data: String,
    pub counts: Counts,
    pub items: Vec<Item>,
    pub last: Option<Comparison>,
    pub best: Option<Comparison>,
    /// All runs up to this one, oldest first.
    pub past: Vec<Past>,
    /// Why the run fails here, if it does.
    pub failing: Vec<Failing>,
}

impl CellReview {
    /// The comparison with the best run, or with the last.
    pub fn compared(&self, is_best: bool) -> Option<&Comparison> {
        if is_best { self.best.as_ref() } else { self.last.as_ref() }
    }

    /// Items nothing was shown of.
    pub fn undecided(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.standing == Standing::Undecided)
    }

    /// Items that hang on an unsteady verdict.
    pub fn flaky(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.is_flaky)
    }
}

impl Review {
    /// True if the gate says no.
    pub fn has_failed(&self) -> bool {
        self.cells.iter().any(|cell| !cell.failing.is_empty())
    }

    /// Regressions of a cell against the runs the gate asks, each item once.
    pub fn regressions<'a>(&self, cell: &'a CellReview) -> Vec<&'a Change> {
        let asked: &[bool] = match self.gate.against {
            Against::Last => &[false],
            Against::Best => &[true],
            Against::Both => &[false, true],
        };
        let mut found: Vec<&Change> = Vec::new();
        for change in asked.iter().filter_map(|is_best| cell.compared(*is_best)).flat_map(|c| &c.regressions) {
            if !found.iter().any(|known| known.name() == change.name()) {
                found.push(change);
            }
        }
        found
    }
}

/// Reviews a finished run.
pub fn review(history: &History, run: &Run, gate: Gate) -> Result<Review, HistoryError> {
    let unsteady = history.unsteady(run.id)?;
    let mut cells = Vec::new();
    let mut hashes: Vec<String> = Vec::new();
    for (model, data, counts) in history.cells(run.id)? {
        let Some(cell) = history.cell(run.id, &model, &data)? else { continue };
        let items = items_of(&cell, run.plan.by_sample, run, &unsteady);
        let past = history.past(&model, &data, run.id)?;
        let earlier = |id: i64| past.iter().find(|past| past.run.id == id).map(|past| past.run.clone());
        let last = past.iter().rev().nth(1).map(|past| past.run.id);
        let best = history.best_before(&model, &data, run.id)?;
        let with = |id: Option<i64>| -> Result<Option<Comparison>, HistoryError> {
            let Some(before) = id.and_then(earlier) else { return Ok(None) };
            let Some(cell) = history.cell(before.id, &model, &data)? else { return Ok(None) };
            let before_items = items_of(&cell, run.plan.by_sample, &before, &unsteady);
            Ok(Some(compare((&before, &before_items), (run, &items))))
        };
        let (last, best) = (with(last)?, with(best)?);
        for change in [&last, &best].into_iter().flatten().flat_map(|c| c.regressions.iter().chain(&c.newly_solved)) {
            for item in [&change.before, &change.after] {
                hashes.push(item.statement.clone());
                hashes.extend(item.by.sha256.clone());
            }
        }
        cells.push(CellReview { model, data, counts, items, last, best, past, failing: vec![] });
    }
    decide(&gate, &mut cells);
    let texts = history.texts(hashes.iter().map(String::as_str))?;
    Ok(Review { run: run.clone(), gate, gone: gone(history, run, &cells)?, cells, texts })
}

/// Two runs of the history.
#[derive(Clone, Debug)]
pub struct Compared {
    pub after: Run,
    /// Model, data set and comparison of the cells that both have.
    pub cells: Vec<(String, String, Comparison)>,
    /// Cells that only one of them has.
    pub alone: Vec<(String, String)>,
}

/// Compares two finished runs.
pub fn compare_runs(history: &History, before: &Run, after: &Run) -> Result<Compared, HistoryError> {
    let unsteady: Unsteady = history.unsteady(before.id.max(after.id))?;
    let (mut found, mut alone) = (Vec::new(), Vec::new());
    let by_sample = after.plan.by_sample;
    for (model, data, _) in history.cells(after.id)? {
        let cell = |run: &Run| -> Result<Option<Cell>, HistoryError> { history.cell(run.id, &model, &data) };
        match (cell(before)?, cell(after)?) {
            (Some(old), Some(new)) => {
                let old = items_of(&old, by_sample, before, &unsteady);
                let new = items_of(&new, by_sample, after, &unsteady);
                found.push((model, data, compare((before, &old), (after, &new))));
            }
            _ => alone.push((model, data)),
        }
    }
    for (model, data, _) in history.cells(before.id)? {
        if history.cell(after.id, &model, &data)?.is_none() {
            alone.push((model, data));
        }
    }
    Ok(Compared { after: after.clone(), cells: found, alone })
}

fn gone(history: &History, run: &Run, cells: &[CellReview]) -> Result<Vec<(String, String)>, HistoryError> {
    let is_before = |other: &Run| other.id < run.id && other.ended.is_some();
    let Some(last) = history.runs()?.into_iter().rfind(is_before) else { return Ok(vec![]) };
    let before = history.cells(last.id)?.into_iter().map(|(model, data, _)| (model, data));
    Ok(before.filter(|(model, data)| !cells.iter().any(|c| c.model == *model && c.data == *data)).collect())
}
