//! A study as a graph of tasks: what is to be made, and from what. Owns which tasks there are, which of them are one task, and the
//! cells of the matrix; makes nothing and reads nothing.

use crate::config::study::{Stage, Study, Way};
pub use crate::pipeline::course::Id;

/// Which problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Those that are asked.
    Target,
    /// Those whose loss is watched in training.
    Dev,
}

/// What a model was taught by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Taught {
    /// A [`Task::Training`].
    Trained(Id),
    /// A [`Task::View`], whose texts stand in front of the question.
    Shown(Id),
}

impl Taught {
    fn id(self) -> Id {
        match self {
            Taught::Trained(id) | Taught::Shown(id) => id,
        }
    }
}

/// What is made. Models and conditions are places in the study's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// Problems in a file.
    Problems { part: Part },
    /// What a condition gives of a seed and a budget, in tokens of a model.
    View { model: usize, way: Way, condition: usize, seed: u64 },
    /// How aligned a condition is with the target, and how diverse.
    Alignment { condition: usize, seed: u64 },
    /// A trained model.
    Training { model: usize, way: Way, condition: usize, seed: u64, view: Id, dev: Option<Id> },
    /// Answers to the problems.
    Samples { model: usize, seed: u64, problems: Id, taught: Option<Taught> },
    /// What Lean and the text metrics say of answers.
    Verdicts { problems: Id, samples: Id },
    /// What a model thinks of the references.
    Losses { model: usize, problems: Id, taught: Option<Taught> },
}

impl Task {
    /// What it is made from.
    pub fn needs(&self) -> Vec<Id> {
        let of =
            |first: Id, taught: &Option<Taught>| [Some(first), taught.map(Taught::id)].into_iter().flatten().collect();
        match self {
            Task::Problems { .. } | Task::View { .. } | Task::Alignment { .. } => vec![],
            Task::Training { view, dev, .. } => [Some(*view), *dev].into_iter().flatten().collect(),
            Task::Samples { problems, taught, .. } | Task::Losses { problems, taught, .. } => of(*problems, taught),
            Task::Verdicts { problems, samples } => vec![*problems, *samples],
        }
    }

    /// Whose time and budget it takes.
    pub fn stage(&self) -> Stage {
        match self {
            Task::Problems { .. } | Task::View { .. } => Stage::Data,
            Task::Alignment { .. } => Stage::Alignment,
            Task::Training { .. } => Stage::Training,
            Task::Samples { .. } => Stage::Generation,
            Task::Verdicts { .. } => Stage::Verdicts,
            Task::Losses { .. } => Stage::Losses,
        }
    }
}

/// What a cell of the matrix taught its model, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    pub condition: usize,
    pub way: Way,
    pub view: Id,
    pub alignment: Id,
    pub training: Option<Id>,
}

/// A cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub model: usize,
    pub seed: u64,
    /// `None` for the model as it is.
    pub lesson: Option<Lesson>,
    pub samples: Id,
    pub verdicts: Id,
    /// A model behind a server tells no losses.
    pub losses: Option<Id>,
}

/// All tasks, each behind those it needs, and all cells.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    pub tasks: Vec<Task>,
    pub cells: Vec<Cell>,
    pub problems: Option<Id>,
}

impl Graph {
    /// The graph of a study: models as they are first, then cell by cell.
    pub fn of(study: &Study) -> Graph {
        let mut graph = Graph::default();
        let problems = graph.add(Task::Problems { part: Part::Target });
        graph.problems = Some(problems);
        let dev = study.target.dev.as_ref().map(|_| Task::Problems { part: Part::Dev });
        for model in 0..study.model.len() {
            for seed in &study.seeds {
                graph.cell(study, model, *seed, None, problems);
            }
        }
        for model in 0..study.model.len() {
            for way in study.ways.iter().copied().filter(|way| study.model[model].can(*way)) {
                for condition in 0..study.condition.len() {
                    for seed in study.seeds.iter().copied() {
                        let view = graph.add(Task::View { model, way, condition, seed });
                        let alignment = graph.add(Task::Alignment { condition, seed });
                        let training = (way != Way::InContext).then(|| {
                            let dev = dev.map(|dev| graph.add(dev));
                            graph.add(Task::Training { model, way, condition, seed, view, dev })
                        });
                        let lesson = Lesson { condition, way, view, alignment, training };
                        graph.cell(study, model, seed, Some(lesson), problems);
                    }
                }
            }
        }
        graph
    }

    fn cell(&mut self, study: &Study, model: usize, seed: u64, lesson: Option<Lesson>, problems: Id) {
        let taught = lesson.map(|lesson| lesson.training.map_or(Taught::Shown(lesson.view), Taught::Trained));
        let samples = self.add(Task::Samples { model, seed, problems, taught });
        let verdicts = self.add(Task::Verdicts { problems, samples });
        let is_local = study.model[model].base_url.is_none();
        let losses = is_local.then(|| self.add(Task::Losses { model, problems, taught }));
        self.cells.push(Cell { model, seed, lesson, samples, verdicts, losses });
    }

    /// The place of a task, which is new only if no equal one is there.
    fn add(&mut self, task: Task) -> Id {
        let place = self.tasks.iter().position(|there| *there == task).unwrap_or_else(|| {
            self.tasks.push(task);
            self.tasks.len() - 1
        });
        Id(place)
    }

    /// A task.
    pub fn task(&self, id: Id) -> &Task {
        &self.tasks[id.0]
    }

    /// All tasks with their places.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        (0..self.tasks.len()).map(Id)
    }

    /// What a task is, for people: such as `training: aligned pairs, seed 1, Gemma 3 270M`.
    pub fn title(&self, study: &Study, id: Id) -> String {
        let model = |at: &usize| study.model[*at].name.as_str();
        let condition = |at: &usize| study.condition[*at].name.as_str();
        let lesson = |taught: &Option<Taught>| match taught.map(|taught| (taught, self.task(taught.id()))) {
            Some((
                _,
                Task::Training { way, condition: at, seed, .. } | Task::View { way, condition: at, seed, .. },
            )) => {
                format!("{}, {way}, seed {seed}", condition(at))
            }
            _ => "as it is".to_owned(),
        };
        match self.task(id) {
            Task::Problems { part: Part::Target } => "problems".to_owned(),
            Task::Problems { part: Part::Dev } => "development problems".to_owned(),
            Task::View { model: at, way, condition: of, seed } => {
                format!("view: {}, {way}, seed {seed}, {}", condition(of), model(at))
            }
            Task::Alignment { condition: of, seed } => format!("alignment: {}, seed {seed}", condition(of)),
            Task::Training { model: at, way, condition: of, seed, .. } => {
                format!("training: {}, {way}, seed {seed}, {}", condition(of), model(at))
            }
            Task::Samples { model: at, seed, taught, .. } => match taught {
                Some(_) => format!("answers: {}, {}", lesson(taught), model(at)),
                None => format!("answers: as it is, seed {seed}, {}", model(at)),
            },
            Task::Verdicts { samples, .. } => self.title(study, *samples).replacen("answers", "verdicts", 1),
            Task::Losses { model: at, taught, .. } => format!("losses: {}, {}", lesson(taught), model(at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::study::{EXAMPLE, parse};
    use std::collections::HashSet;

    fn study() -> Study {
        parse(EXAMPLE).expect("the example")
    }

    #[test]
    fn every_task_stands_once_and_behind_what_it_needs() {
        let mut study = study();
        study.ways.push(Way::Continued);
        let graph = Graph::of(&study);
        let all: HashSet<&Task> = graph.tasks.iter().collect();
        assert_eq!(all.len(), graph.tasks.len());
        for id in graph.ids() {
            assert!(graph.task(id).needs().iter().all(|need| *need < id), "{:?}", graph.task(id));
        }
        let titles: HashSet<String> = graph.ids().map(|id| graph.title(&study, id)).collect();
        assert_eq!(titles.len(), graph.tasks.len(), "titles tell tasks apart");
    }

    #[test]
    fn cells_are_the_matrix_and_share_what_is_the_same() {
        let study = study();
        let graph = Graph::of(&study);
        let (seeds, conditions) = (study.seeds.len(), study.condition.len());
        assert_eq!(graph.cells.len(), seeds + 2 * seeds * conditions);
        let count = |of: fn(&Task) -> bool| graph.tasks.iter().filter(|task| of(task)).count();
        assert_eq!(count(|task| matches!(task, Task::Training { .. })), seeds * conditions);
        assert_eq!(count(|task| matches!(task, Task::Alignment { .. })), seeds * conditions, "one for both ways");
        assert_eq!(count(|task| matches!(task, Task::Losses { taught: None, .. })), 1, "no seed changes it");
    }

    #[test]
    fn a_model_behind_a_server_is_shown_things_and_tells_no_losses() {
        let mut study = study();
        study.model[0].base_url = Some("http://127.0.0.1:1/v1".into());
        let graph = Graph::of(&study);
        assert!(graph.cells.iter().all(|cell| cell.losses.is_none()));
        assert!(graph.cells.iter().all(|cell| cell.lesson.is_none_or(|lesson| lesson.way == Way::InContext)));
    }
}
