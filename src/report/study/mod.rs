//! Reports of studies: one page, a summary, tables, and everything as JSON. Owns what the renderings have in common; statistics are
//! `pipeline::study`'s.

pub(super) mod fold;
mod markdown;
pub(super) mod page;
pub(super) mod plots;
mod table;
pub(super) mod words;

pub use markdown::markdown;
pub use page::page;
pub use table::table;

use crate::config::study::Study;
use crate::domain::Problem;
use crate::pipeline::study::{Answer, Sample};
use serde_json::{Value, json};

/// What a report is of. Nothing in it depends on when or where the study was made.
pub struct Reported<'a> {
    pub study: &'a Study,
    pub answer: &'a Answer,
    pub problems: &'a [Problem],
    /// Answers of each of the answer's rows.
    pub answers: &'a [Vec<Sample>],
    /// Cells that are not whole, and are in no figure.
    pub missing: usize,
    /// Who judged.
    pub judge: &'a str,
    /// What makes the report again.
    pub command: &'a str,
}

/// Everything, with the data of every figure.
pub fn json(reported: &Reported<'_>) -> Value {
    let Reported { study, answer, problems, answers, missing, judge, command } = reported;
    json!({
        "schema": "afcheck.study/1",
        "afcheck": env!("CARGO_PKG_VERSION"),
        "command": command,
        "judge": judge,
        "study": study,
        "problems": problems.iter().map(|problem| &problem.id).collect::<Vec<_>>(),
        "missing_cells": missing,
        "summaries": answer.summaries,
        "associations": answer.associations,
        "versus": answer.versus,
        "points": answer.points,
        "rows": answer.rows,
        "answers": answers,
    })
}

#[cfg(test)]
mod tests;
