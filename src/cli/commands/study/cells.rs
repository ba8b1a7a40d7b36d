//! Cells as they are on disk. Owns the reading of artifacts into the rows that answers are made of; a cell that is not whole is not
//! a row.

use super::maker::{ALIGNMENT, CONTEXT, CURVE, Curve, VIEW};
use crate::cli::commands::tasks::files::{self, json_of, lines_of, losses_of, problems_of, text_of};
use crate::cli::exit::Failure;
use crate::domain::Problem;
use crate::lean::Shown;
use crate::pipeline::course::{Id, State};
use crate::pipeline::study::{Cell, Graph, Outcomes, Row, Sample};
use crate::store::artifacts::Artifact;

/// What reports are made of.
pub struct Cells {
    pub problems: Vec<Problem>,
    pub rows: Vec<Row>,
    /// Answers of each row.
    pub answers: Vec<Vec<Sample>>,
    /// Cells that are not whole.
    pub missing: usize,
}

/// The whole cells of a study; answers that copy an example are marked.
pub fn read(graph: &Graph, states: &[State], examples: &Shown) -> Result<Cells, Failure> {
    let mut cells = Cells { problems: vec![], rows: vec![], answers: vec![], missing: graph.cells.len() };
    let Some(problems) = graph.problems.and_then(|id| states[id.0].artifact()) else { return Ok(cells) };
    cells.problems = problems_of(&problems.file(files::PROBLEMS))?;
    let ids: Vec<String> = cells.problems.iter().map(|problem| problem.id.clone()).collect();
    for cell in &graph.cells {
        if let Some((row, samples)) = row(cell, &ids, examples, &|id| states[id.0].artifact())? {
            cells.rows.push(row);
            cells.answers.push(samples);
            cells.missing -= 1;
        }
    }
    Ok(cells)
}

/// A cell with its answers, if all of it is there.
fn row<'a>(
    cell: &Cell,
    ids: &[String],
    examples: &Shown,
    there: &dyn Fn(Id) -> Option<&'a Artifact>,
) -> Result<Option<(Row, Vec<Sample>)>, Failure> {
    let needed = [Some(cell.verdicts), cell.losses].into_iter().flatten();
    let of_lesson = cell.lesson.map(|lesson| [Some(lesson.view), Some(lesson.alignment), lesson.training]);
    if needed.chain(of_lesson.into_iter().flatten().flatten()).any(|id| there(id).is_none()) {
        return Ok(None);
    }
    let path = |id: Option<Id>, name: &str| id.and_then(there).map(|artifact| artifact.file(name));
    let mut samples: Vec<Sample> = match path(Some(cell.verdicts), files::VERDICTS) {
        Some(path) => lines_of(&path)?,
        None => vec![],
    };
    let view = cell.lesson.filter(|lesson| lesson.training.is_none()).map(|lesson| lesson.view);
    let shown = match path(view, CONTEXT) {
        Some(path) => examples.clone().and_text(&text_of(&path)?),
        None => examples.clone(),
    };
    samples.iter_mut().for_each(|sample| sample.copy = shown.has(&sample.code));
    let losses = path(cell.losses, files::LOSSES).map(|path| losses_of(&path)).transpose()?.unwrap_or_default();
    let lesson = cell.lesson;
    let curve =
        path(lesson.and_then(|lesson| lesson.training), CURVE).map(|path| json_of::<Curve>(&path)).transpose()?;
    let curve = curve.unwrap_or_default();
    let row = Row {
        model: cell.model,
        condition: lesson.map(|lesson| lesson.condition),
        way: lesson.map(|lesson| lesson.way),
        seed: cell.seed,
        view: path(lesson.map(|lesson| lesson.view), VIEW).map(|path| json_of(&path)).transpose()?,
        likeness: path(lesson.map(|lesson| lesson.alignment), ALIGNMENT).map(|path| json_of(&path)).transpose()?,
        outcomes: Outcomes::of(ids, &samples, &losses),
        curve: curve.dev,
        training: curve.training,
    };
    Ok(Some((row, samples)))
}
