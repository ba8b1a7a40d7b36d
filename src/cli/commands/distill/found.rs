//! A distillation as it is on disk. Owns the reading of artifacts into trajectories and students; what is not whole is left out.

use super::maker::{TAUGHT, TRAJECTORIES, TaughtBy};
use crate::cli::commands::tasks::files::{self, json_of, lines_of, losses_of, problems_of};
use crate::cli::exit::Failure;
use crate::domain::{Feedback, Problem};
use crate::lean::Shown;
use crate::pipeline::course::State;
use crate::pipeline::distill::{Graph, Taught, Trajectory};
use crate::pipeline::study::{Outcomes, Sample};
use crate::store::artifacts::Artifact;

/// What reports are made of.
pub struct Found {
    pub problems: Vec<Problem>,
    pub trajectories: Vec<(Feedback, Vec<Trajectory>)>,
    pub students: Vec<Taught>,
}

/// What is whole, with copies of examples marked.
pub fn read(graph: &Graph, states: &[State], examples: &Shown) -> Result<Found, Failure> {
    let there = |id: crate::pipeline::course::Id| states[id.0].artifact();
    let problems = |id: Option<crate::pipeline::course::Id>| match id.and_then(there) {
        Some(artifact) => problems_of(&artifact.file(files::PROBLEMS)),
        None => Ok(vec![]),
    };
    let held_out: Vec<String> = problems(graph.held_out)?.into_iter().map(|problem| problem.id).collect();
    let mut found = Found { problems: problems(graph.learnt)?, trajectories: vec![], students: vec![] };
    for (feedback, id) in &graph.trajectories {
        if let Some(artifact) = there(*id) {
            found.trajectories.push((*feedback, trajectories_of(artifact, examples)?));
        }
    }
    for (learner, taught, verdicts, losses) in &graph.measured {
        let (Some(verdicts), Some(losses)) = (there(*verdicts), there(*losses)) else { continue };
        let by = match taught.and_then(there) {
            Some(artifact) => json_of(&artifact.file(TAUGHT))?,
            None => TaughtBy::default(),
        };
        let mut samples: Vec<Sample> = lines_of(&verdicts.file(files::VERDICTS))?;
        samples.iter_mut().for_each(|sample| sample.copy = examples.has(&sample.code));
        let losses = losses_of(&losses.file(files::LOSSES))?;
        let outcomes = Outcomes::of(&held_out, &samples, &losses);
        found.students.push(Taught { learner: *learner, texts: by.texts, tokens: by.tokens, outcomes });
    }
    Ok(found)
}

/// The trajectories of an artifact; attempts that copy an example are marked.
pub fn trajectories_of(artifact: &Artifact, examples: &Shown) -> Result<Vec<Trajectory>, Failure> {
    let mut all: Vec<Trajectory> = lines_of(&artifact.file(TRAJECTORIES))?;
    let attempts = all.iter_mut().flat_map(|trajectory| &mut trajectory.attempts);
    attempts.for_each(|attempt| attempt.copy = examples.has(&attempt.code));
    Ok(all)
}
