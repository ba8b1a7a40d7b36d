//! A distillation as it is on disk. Owns the reading of artifacts into trajectories and students; what is not whole is left out.

use super::maker::{TAUGHT, TRAJECTORIES, TaughtBy};
use crate::cli::commands::tasks::files::{self, json_of, lines_of, losses_of, problems_of};
use crate::cli::exit::Failure;
use crate::domain::{Feedback, Problem};
use crate::pipeline::course::State;
use crate::pipeline::distill::{Graph, Taught, Trajectory};
use crate::pipeline::study::{Outcomes, Sample};

/// What reports are made of.
pub struct Found {
    pub problems: Vec<Problem>,
    pub trajectories: Vec<(Feedback, Vec<Trajectory>)>,
    pub students: Vec<Taught>,
}

/// What is whole.
pub fn read(graph: &Graph, states: &[State]) -> Result<Found, Failure> {
    let there = |id: crate::pipeline::course::Id| states[id.0].artifact();
    let problems = |id: Option<crate::pipeline::course::Id>| match id.and_then(there) {
        Some(artifact) => problems_of(&artifact.file(files::PROBLEMS)),
        None => Ok(vec![]),
    };
    let held_out: Vec<String> = problems(graph.held_out)?.into_iter().map(|problem| problem.id).collect();
    let mut found = Found { problems: problems(graph.learnt)?, trajectories: vec![], students: vec![] };
    for (feedback, id) in &graph.trajectories {
        if let Some(artifact) = there(*id) {
            found.trajectories.push((*feedback, lines_of(&artifact.file(TRAJECTORIES))?));
        }
    }
    for (learner, taught, verdicts, losses) in &graph.measured {
        let (Some(verdicts), Some(losses)) = (there(*verdicts), there(*losses)) else { continue };
        let by = match taught.and_then(there) {
            Some(artifact) => json_of(&artifact.file(TAUGHT))?,
            None => TaughtBy::default(),
        };
        let samples: Vec<Sample> = lines_of(&verdicts.file(files::VERDICTS))?;
        let losses = losses_of(&losses.file(files::LOSSES))?;
        let outcomes = Outcomes::of(&held_out, &samples, &losses);
        found.students.push(Taught { learner: *learner, texts: by.texts, tokens: by.tokens, outcomes });
    }
    Ok(found)
}
