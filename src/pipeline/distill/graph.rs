//! A distillation as a graph of tasks. Owns which tasks there are, which of them are one task, and what decides their contents; makes
//! nothing and reads nothing.

use crate::config::distill::Distill;
use crate::config::study::{Budget, Stage};
use crate::domain::Feedback;
use crate::pipeline::course::{Id, Plan};
use serde_json::{Value, json};

/// Changes when tasks make other artifacts of the same facts.
const REVISION: u32 = 1;

/// Which problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Those that are attempted, and learnt from.
    Learnt,
    HeldOut,
}

/// Who answers the held-out problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Learner {
    /// The student as it was.
    Untouched,
    /// It learnt from its first attempts that are good enough: what revisions are to be better than.
    First,
    /// From revisions with this feedback.
    Revised(Feedback),
    /// From the distributions of a teacher.
    Logits,
}

impl Learner {
    /// As files have it.
    pub fn name(self) -> String {
        match self {
            Learner::Untouched => "untouched".to_owned(),
            Learner::First => "first attempts".to_owned(),
            Learner::Revised(feedback) => format!("revisions, {}", feedback.title()),
            Learner::Logits => "distributions of the teacher".to_owned(),
        }
    }
}

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    Problems {
        part: Part,
    },
    /// The student's first attempts.
    Attempts {
        problems: Id,
    },
    /// What Lean says of first attempts, as trajectories.
    Begun {
        problems: Id,
        attempts: Id,
    },
    /// What the teacher says of last attempts.
    Words {
        problems: Id,
        before: Id,
    },
    /// The student's next attempts.
    Revisions {
        feedback: Feedback,
        round: usize,
        problems: Id,
        before: Id,
        words: Option<Id>,
    },
    /// Trajectories with what Lean says of these.
    Judged {
        round: usize,
        problems: Id,
        before: Id,
        revisions: Id,
    },
    /// A student that learnt from trajectories.
    Taught {
        learner: Learner,
        problems: Id,
        trajectories: Id,
    },
    /// A student that learnt from distributions.
    Logits,
    /// Answers to the held-out problems.
    Answers {
        problems: Id,
        taught: Option<Id>,
    },
    Verdicts {
        problems: Id,
        answers: Id,
    },
    Losses {
        problems: Id,
        taught: Option<Id>,
    },
}

/// All tasks, each behind those it needs.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    pub tasks: Vec<Task>,
    pub learnt: Option<Id>,
    pub held_out: Option<Id>,
    pub begun: Option<Id>,
    /// Trajectories behind the last round, by feedback.
    pub trajectories: Vec<(Feedback, Id)>,
    /// Who is measured: what it learnt by, verdicts and losses.
    pub measured: Vec<(Learner, Option<Id>, Id, Id)>,
}

impl Graph {
    /// The graph of a file.
    pub fn of(distill: &Distill) -> Graph {
        let mut graph = Graph::default();
        let problems = graph.add(Task::Problems { part: Part::Learnt });
        let held_out = graph.add(Task::Problems { part: Part::HeldOut });
        let attempts = graph.add(Task::Attempts { problems });
        let begun = graph.add(Task::Begun { problems, attempts });
        (graph.learnt, graph.held_out, graph.begun) = (Some(problems), Some(held_out), Some(begun));
        graph.measure(Learner::Untouched, held_out, None);
        for feedback in &distill.feedback {
            let mut before = begun;
            for round in 1..=distill.rounds {
                // The teacher always sees what Lean says; of the same attempts it says the same, whoever hears it.
                let words = feedback.has_teacher().then(|| graph.add(Task::Words { problems, before }));
                let revisions = Task::Revisions { feedback: *feedback, round, problems, before, words };
                let revisions = graph.add(revisions);
                before = graph.add(Task::Judged { round, problems, before, revisions });
            }
            graph.trajectories.push((*feedback, before));
        }
        let first = graph.add(Task::Taught { learner: Learner::First, problems, trajectories: begun });
        graph.measure(Learner::First, held_out, Some(first));
        for (feedback, trajectories) in graph.trajectories.clone() {
            let learner = Learner::Revised(feedback);
            let taught = graph.add(Task::Taught { learner, problems, trajectories });
            graph.measure(learner, held_out, Some(taught));
        }
        if distill.logits.is_some() {
            let taught = graph.add(Task::Logits);
            graph.measure(Learner::Logits, held_out, Some(taught));
        }
        graph
    }

    fn measure(&mut self, learner: Learner, problems: Id, taught: Option<Id>) {
        let answers = self.add(Task::Answers { problems, taught });
        let verdicts = self.add(Task::Verdicts { problems, answers });
        let losses = self.add(Task::Losses { problems, taught });
        self.measured.push((learner, taught, verdicts, losses));
    }

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

    fn learner(&self, taught: Option<Id>) -> Learner {
        match taught.map(|id| self.task(id)) {
            Some(Task::Taught { learner, .. }) => *learner,
            Some(_) => Learner::Logits,
            None => Learner::Untouched,
        }
    }

    /// Which feedback led to some trajectories, and the round behind which they stand.
    fn stands(&self, trajectories: Id) -> (Option<Feedback>, usize) {
        match self.task(trajectories) {
            Task::Judged { round, revisions, .. } => match self.task(*revisions) {
                Task::Revisions { feedback, .. } => (Some(*feedback), *round),
                _ => (None, *round),
            },
            _ => (None, 0),
        }
    }
}

/// What a distillation's artifacts are made of, by contents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DistillFacts {
    pub problems: Value,
    pub held_out: Value,
    pub student: Value,
    pub teacher: Value,
    pub template: Value,
    pub texts: Value,
    pub generation: Value,
    /// What examples in prompts are drawn from.
    pub examples: Value,
    pub training: Value,
    pub logits: Value,
    pub judge: String,
    pub seed: u64,
}

/// A distillation with its graph and its facts, to be made.
pub struct DistillPlan<'a> {
    pub distill: &'a Distill,
    pub graph: &'a Graph,
    pub facts: &'a DistillFacts,
}

impl Plan for DistillPlan<'_> {
    fn count(&self) -> usize {
        self.graph.tasks.len()
    }

    fn needs(&self, id: Id) -> Vec<Id> {
        let and = |first: Id, second: Option<Id>| [Some(first), second].into_iter().flatten().collect();
        match self.graph.task(id) {
            Task::Problems { .. } | Task::Logits => vec![],
            Task::Attempts { problems } => vec![*problems],
            Task::Begun { problems, attempts } => vec![*problems, *attempts],
            Task::Words { problems, before } => vec![*problems, *before],
            Task::Revisions { problems, before, words, .. } => {
                [Some(*problems), Some(*before), *words].into_iter().flatten().collect()
            }
            Task::Judged { problems, before, revisions, .. } => vec![*problems, *before, *revisions],
            Task::Taught { problems, trajectories, .. } => vec![*problems, *trajectories],
            Task::Answers { problems, taught } | Task::Losses { problems, taught } => and(*problems, *taught),
            Task::Verdicts { problems, answers } => vec![*problems, *answers],
        }
    }

    fn stage(&self, id: Id) -> Stage {
        match self.graph.task(id) {
            Task::Problems { .. } => Stage::Data,
            Task::Attempts { .. } | Task::Words { .. } | Task::Revisions { .. } | Task::Answers { .. } => {
                Stage::Generation
            }
            Task::Begun { .. } | Task::Judged { .. } | Task::Verdicts { .. } => Stage::Verdicts,
            Task::Taught { .. } | Task::Logits => Stage::Training,
            Task::Losses { .. } => Stage::Losses,
        }
    }

    fn title(&self, id: Id) -> String {
        let of = |learner: Learner| learner.name();
        match self.graph.task(id) {
            Task::Problems { part: Part::Learnt } => "problems".to_owned(),
            Task::Problems { part: Part::HeldOut } => "held-out problems".to_owned(),
            Task::Attempts { .. } => "first attempts".to_owned(),
            Task::Begun { .. } => "verdicts: first attempts".to_owned(),
            Task::Words { before, .. } => match self.graph.stands(*before) {
                (Some(feedback), round) => format!("teacher: attempts of round {round}, {}", feedback.title()),
                _ => "teacher: first attempts".to_owned(),
            },
            Task::Revisions { feedback, round, .. } => format!("revisions: {}, round {round}", feedback.title()),
            Task::Judged { .. } => {
                let (feedback, round) = self.graph.stands(id);
                format!("verdicts: {}, round {round}", feedback.map_or("", Feedback::title))
            }
            Task::Taught { learner, .. } => format!("training: {}", of(*learner)),
            Task::Logits => format!("training: {}", of(Learner::Logits)),
            Task::Answers { taught, .. } => {
                format!("answers to held-out problems: {}", of(self.graph.learner(*taught)))
            }
            Task::Verdicts { answers, .. } => self.title(*answers).replacen("answers to", "verdicts on", 1),
            Task::Losses { taught, .. } => format!("losses of held-out problems: {}", of(self.graph.learner(*taught))),
        }
    }

    fn made_from(&self, id: Id, digest: &dyn Fn(Id) -> String) -> Value {
        let DistillFacts { student, teacher, template, texts, generation, training, judge, .. } = self.facts;
        let taught = |taught: &Option<Id>| taught.map_or(Value::Null, |id| json!(digest(id)));
        let made_from = match self.graph.task(id) {
            Task::Problems { part: Part::Learnt } => json!({ "problems": self.facts.problems }),
            Task::Problems { part: Part::HeldOut } => json!({ "problems": self.facts.held_out }),
            Task::Attempts { problems } => json!({
                "attempts": [student, template, generation, self.facts.seed],
                "problems": digest(*problems),
            }),
            Task::Begun { problems, attempts } => json!({
                "begun": judge,
                "problems": digest(*problems),
                "attempts": digest(*attempts),
            }),
            Task::Words { problems, before } => json!({
                "words": [teacher, texts, self.distill.revise, self.facts.seed],
                "problems": digest(*problems),
                "before": digest(*before),
            }),
            Task::Revisions { feedback, round, problems, before, words } => json!({
                "revisions": [student, template, texts, generation, self.distill.revise, self.facts.seed],
                "feedback": feedback.as_str(),
                "round": round,
                "problems": digest(*problems),
                "before": digest(*before),
                "words": taught(words),
            }),
            Task::Judged { round, problems, before, revisions } => json!({
                "judged": judge,
                "round": round,
                "problems": digest(*problems),
                "before": digest(*before),
                "revisions": digest(*revisions),
            }),
            Task::Taught { learner, problems, trajectories } => json!({
                "taught": [student, template, training, self.distill.learn, self.facts.seed],
                "examples": self.facts.examples,
                "first": *learner == Learner::First,
                "problems": digest(*problems),
                "trajectories": digest(*trajectories),
            }),
            Task::Logits => json!({ "logits": [student, template, self.facts.logits, self.facts.seed] }),
            Task::Answers { problems, taught: by } => json!({
                "answers": [student, template, generation, self.facts.seed],
                "problems": digest(*problems),
                "taught": taught(by),
            }),
            Task::Verdicts { problems, answers } => json!({
                "verdicts": judge,
                "problems": digest(*problems),
                "answers": digest(*answers),
            }),
            Task::Losses { problems, taught: by } => json!({
                "losses": [student, template],
                "problems": digest(*problems),
                "taught": taught(by),
            }),
        };
        json!([REVISION, made_from])
    }

    fn budget(&self) -> &Budget {
        &self.distill.budget
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::distill::{EXAMPLE, parse};
    use std::collections::HashSet;

    #[test]
    fn every_task_stands_once_behind_what_it_needs_and_has_its_title() {
        let mut distill = parse(EXAMPLE).expect("the example");
        distill.logits = Some(toml::Table::new());
        let graph = Graph::of(&distill);
        let facts = DistillFacts::default();
        let plan = DistillPlan { distill: &distill, graph: &graph, facts: &facts };
        let titles: HashSet<String> = plan.ids().map(|id| plan.title(id)).collect();
        assert_eq!(titles.len(), graph.tasks.len(), "{titles:?}");
        assert!(plan.ids().all(|id| plan.needs(id).iter().all(|need| *need < id)));
        // Untouched, first attempts, four kinds of revisions, distributions.
        assert_eq!(graph.measured.len(), 7);
        // Of the first attempts the teacher speaks once, whoever hears it.
        let words = graph.tasks.iter().filter(|task| matches!(task, Task::Words { .. })).count();
        assert_eq!(words, 3);
    }

    #[test]
    fn another_teacher_changes_what_it_says_and_nothing_before() {
        let distill = parse(EXAMPLE).expect("the example");
        let graph = Graph::of(&distill);
        let facts = DistillFacts::default();
        let other = DistillFacts { teacher: json!("another"), ..DistillFacts::default() };
        let of = |facts: &DistillFacts, id: Id| {
            DistillPlan { distill: &distill, graph: &graph, facts }.made_from(id, &|id| id.0.to_string())
        };
        let changed: Vec<&Task> = (0..graph.tasks.len())
            .map(Id)
            .filter(|id| of(&facts, *id) != of(&other, *id))
            .map(|id| graph.task(id))
            .collect();
        assert!(!changed.is_empty() && changed.iter().all(|task| matches!(task, Task::Words { .. })), "{changed:?}");
    }
}
