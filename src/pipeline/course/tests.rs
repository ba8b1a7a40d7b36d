//! The course of a graph, with a maker that writes what a task was made from. Owns the cases; real makers are tested through the binary.

use super::*;
use crate::config::study::{EXAMPLE, StageBudget, Study, parse};
use crate::pipeline::study::{Facts, Graph, StudyPlan, Task};
use serde_json::json;
use std::fs;
use std::sync::atomic::AtomicUsize;

/// Writes what a task was made from; fails where told to.
struct Writer<'a> {
    graph: &'a Graph,
    made: AtomicUsize,
    fails: &'a (dyn Fn(&Task) -> Option<Fault> + Sync),
}

impl Maker for Writer<'_> {
    fn make(&self, id: Id, directory: &Path, needs: Needs<'_>) -> Result<Made, Fault> {
        if let Some(fault) = (self.fails)(self.graph.task(id)) {
            return Err(fault);
        }
        self.made.fetch_add(1, Ordering::Relaxed);
        let of: Vec<String> = self.graph.task(id).needs().into_iter().map(|n| needs(n).about.digest.clone()).collect();
        fs::write(directory.join("text"), format!("{:?} of {of:?}", self.graph.task(id))).expect("written");
        Ok(Made { files: vec!["text".into()], tokens: 10, money: 0.0 })
    }
}

struct Fixture {
    study: Study,
    graph: Graph,
    facts: Facts,
    root: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Fixture {
        let mut study = parse(EXAMPLE).expect("the example");
        study.seeds = vec![1, 2];
        study.condition.truncate(3);
        let graph = Graph::of(&study);
        let facts = Facts {
            models: vec![json!("m")],
            conditions: (0..3).map(|at| json!(at)).collect(),
            dev: json!("dev"),
            ..Facts::default()
        };
        Fixture { study, graph, facts, root: tempfile::tempdir().expect("a directory") }
    }

    fn run(&self, jobs: usize, fails: &(dyn Fn(&Task) -> Option<Fault> + Sync)) -> (Vec<State>, usize) {
        let (stop, artifacts) = (AtomicBool::new(false), Artifacts::below(self.root.path()));
        let Fixture { study, graph, facts, .. } = self;
        let plan = StudyPlan { study, graph, facts };
        let course = Course { plan: &plan, artifacts: &artifacts, jobs, stop: &stop };
        let writer = Writer { graph, made: AtomicUsize::new(0), fails };
        let states = course.run(&writer, &mut |_| ()).expect("a disk");
        (states, writer.made.into_inner())
    }

    fn count(states: &[State], of: impl Fn(&State) -> bool) -> usize {
        states.iter().filter(|state| of(state)).count()
    }
}

fn is_there(state: &State) -> bool {
    matches!(state, State::There { .. })
}

#[test]
fn everything_is_made_once_whatever_the_jobs() {
    let fixture = Fixture::new();
    let all = fixture.graph.tasks.len();
    let (states, made) = fixture.run(1, &|_| None);
    assert_eq!((Fixture::count(&states, is_there), made), (all, all));
    assert_eq!(fixture.run(2, &|_| None).1, 0, "all is there");
    let other = Fixture::new();
    let (at_once, made) = other.run(4, &|_| None);
    assert_eq!(made, all);
    let digest = |state: &State| match state {
        State::There { artifact, .. } => artifact.about.digest.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(states.iter().map(digest).collect::<Vec<_>>(), at_once.iter().map(digest).collect::<Vec<_>>());
}

#[test]
fn tasks_that_come_out_as_one_artifact_are_not_made_at_once() {
    /// Writes the same for all problems, slowly.
    struct Slow<'a>(&'a Graph, AtomicUsize);
    impl Maker for Slow<'_> {
        fn make(&self, id: Id, directory: &Path, _: Needs<'_>) -> Result<Made, Fault> {
            let path = directory.join("text");
            fs::write(&path, "").expect("written");
            thread::sleep(std::time::Duration::from_millis(20));
            let text = match self.0.task(id) {
                Task::Samples { .. } => "the same answers".to_owned(),
                other => format!("{other:?}"),
            };
            fs::write(&path, text).map_err(|error| Fault::Failed(error.to_string()))?;
            self.1.fetch_add(1, Ordering::Relaxed);
            Ok(Made { files: vec!["text".into()], ..Made::default() })
        }
    }
    let Fixture { study, graph, facts, root } = Fixture::new();
    let (stop, artifacts) = (AtomicBool::new(false), Artifacts::below(root.path()));
    let plan = StudyPlan { study: &study, graph: &graph, facts: &facts };
    let slow = Slow(&graph, AtomicUsize::new(0));
    let states =
        Course { plan: &plan, artifacts: &artifacts, jobs: 8, stop: &stop }.run(&slow, &mut |_| ()).expect("a disk");
    assert!(states.iter().all(is_there), "{states:?}");
    // Equal answers have one verdict.
    let verdicts = graph.tasks.iter().filter(|task| matches!(task, Task::Verdicts { .. })).count();
    assert_eq!(slow.1.into_inner(), graph.tasks.len() - verdicts + 1);
}

#[test]
fn a_failure_stays_in_its_cell() {
    let fixture = Fixture::new();
    let fails = |task: &Task| match task {
        Task::Training { condition: 1, seed: 2, .. } => Some(Fault::Failed("diverged".into())),
        Task::Alignment { condition: 2, seed: 1 } => panic!("a fault"),
        _ => None,
    };
    let (states, _) = fixture.run(2, &fails);
    // The training's answers, their verdicts, and its losses.
    assert_eq!(Fixture::count(&states, |state| matches!(state, State::Blocked(_))), 3);
    let failed: Vec<&String> = states
        .iter()
        .filter_map(|state| match state {
            State::Failed(why) => Some(why),
            _ => None,
        })
        .collect();
    assert!(failed.contains(&&"diverged".to_owned()) && failed.iter().any(|why| why.contains("panic: a fault")));
    assert_eq!(Fixture::count(&states, is_there), states.len() - 5);
    assert_eq!(fixture.run(1, &|_| None).1, 5, "what is missing, and no more");
}

#[test]
fn a_full_disk_ends_the_run_and_the_next_one_goes_on() {
    let fixture = Fixture::new();
    let full = |task: &Task| matches!(task, Task::Training { .. }).then(|| Fault::Disk("no space left".into()));
    let Fixture { study, graph, facts, root } = &fixture;
    let (stop, artifacts) = (AtomicBool::new(false), Artifacts::below(root.path()));
    let plan = StudyPlan { study, graph, facts };
    let course = Course { plan: &plan, artifacts: &artifacts, jobs: 2, stop: &stop };
    let writer = Writer { graph, made: AtomicUsize::new(0), fails: &full };
    let error = course.run(&writer, &mut |_| ()).expect_err("a full disk");
    assert_eq!(error.to_string(), "no space left");
    let first = writer.made.into_inner();
    assert!(first < graph.tasks.len() / 2, "nothing begins any more: {first} of {}", graph.tasks.len());
    let (states, made) = fixture.run(1, &|_| None);
    assert!(states.iter().all(is_there) && made + first == states.len(), "{made} after {first}");
}

#[test]
fn what_is_made_of_something_else_is_made_again_and_what_only_looks_so_is_not() {
    let mut fixture = Fixture::new();
    let (states, _) = fixture.run(1, &|_| None);
    fixture.study.condition[0].name = "another name".into();
    assert_eq!(fixture.run(1, &|_| None).1, 0, "names decide nothing");
    fixture.facts.judge = "another".into();
    let verdicts = fixture.graph.tasks.iter().filter(|task| matches!(task, Task::Verdicts { .. })).count();
    assert_eq!(fixture.run(1, &|_| None).1, verdicts);
    // A damaged artifact is made again; as it has its old contents then, nothing behind it is.
    let State::There { artifact, .. } = &states[0] else { panic!("the problems are there") };
    fs::write(artifact.file("text"), "other").expect("written");
    assert_eq!(fixture.run(1, &|_| None).1, 1);
}

#[test]
fn a_spent_budget_leaves_out_its_stage_and_what_needs_it() {
    let mut fixture = Fixture::new();
    let budget = StageBudget { tokens: Some(25), ..StageBudget::default() };
    fixture.study.budget.stage.insert(Stage::Training, budget);
    let (states, _) = fixture.run(1, &|_| None);
    let trained = |states: &[State]| {
        let of = |(task, state): (&Task, &State)| matches!(task, Task::Training { .. }) && is_there(state);
        fixture.graph.tasks.iter().zip(states).filter(|both| of(*both)).count()
    };
    assert_eq!(trained(&states), 3, "the third began with 20 tokens spent");
    assert!(states.iter().any(|state| matches!(state, State::Unpaid(why) if why.contains("stage training"))));
    fixture.study.budget.tokens = Some(30);
    let (states, made) = fixture.run(1, &|_| None);
    assert!(made == 0 && states.iter().any(|state| matches!(state, State::Unpaid(why) if why.contains("of all"))));
}

#[test]
fn an_interrupted_run_says_so_of_all_that_is_left() {
    let fixture = Fixture::new();
    let fails = |task: &Task| matches!(task, Task::Losses { taught: None, .. }).then_some(Fault::Interrupted);
    let (states, _) = fixture.run(1, &fails);
    assert_eq!(Fixture::count(&states, |state| *state == State::Interrupted), 1);
    let stop = AtomicBool::new(true);
    let artifacts = Artifacts::below(fixture.root.path());
    let Fixture { study, graph, facts, .. } = &fixture;
    let plan = StudyPlan { study, graph, facts };
    let course = Course { plan: &plan, artifacts: &artifacts, jobs: 1, stop: &stop };
    let writer = Writer { graph, made: AtomicUsize::new(0), fails: &|_| None };
    let states = course.run(&writer, &mut |_| ()).expect("a disk");
    assert_eq!(Fixture::count(&states, |state| *state == State::Interrupted), 1, "what is there is found all the same");
    assert_eq!(course.look().iter().filter(|state| is_there(state)).count(), states.len() - 1);
}
