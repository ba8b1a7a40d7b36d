//! What decides the contents of artifacts. Owns which facts go into which task's key: everything that can change what is made, and
//! nothing else, such as names, jobs, or when and where a run was.

use super::graph::{Graph, Id, Part, Task, Taught};
use crate::config::study::{Budget, Stage, Study, Way};
use crate::pipeline::course::Plan;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Changes when tasks make other artifacts of the same facts.
const REVISION: u32 = 1;

/// What a study's artifacts are made of, by contents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Of each model what tells it from others: a hash of its weights, or its server and name.
    pub models: Vec<Value>,
    /// Of each condition its shares and hashes of its texts.
    pub conditions: Vec<Value>,
    /// The problems that are asked and those whose loss is watched, how many, and of which seed.
    pub problems: Value,
    pub dev: Value,
    pub template: Value,
    /// How conditions are drawn in each way: budgets and lengths.
    pub drawing: BTreeMap<Way, Value>,
    /// How models are trained in each way.
    pub training: BTreeMap<Way, Value>,
    /// How they are asked, examples in the prompt included.
    pub generation: Value,
    /// Of the probe network, its batches and the target.
    pub alignment: Value,
    /// Who judges.
    pub judge: String,
}

/// A study with its graph and its facts, to be made.
pub struct StudyPlan<'a> {
    pub study: &'a Study,
    pub graph: &'a Graph,
    pub facts: &'a Facts,
}

impl Plan for StudyPlan<'_> {
    fn count(&self) -> usize {
        self.graph.tasks.len()
    }

    fn needs(&self, id: Id) -> Vec<Id> {
        self.graph.task(id).needs()
    }

    fn stage(&self, id: Id) -> Stage {
        self.graph.task(id).stage()
    }

    fn title(&self, id: Id) -> String {
        self.graph.title(self.study, id)
    }

    fn made_from(&self, id: Id, digest: &dyn Fn(Id) -> String) -> Value {
        self.facts.made_from(self.graph, id, digest)
    }

    fn budget(&self) -> &Budget {
        &self.study.budget
    }
}

impl Facts {
    /// What a task's artifact is made from: the facts, and the digests of what it needs.
    pub fn made_from(&self, graph: &Graph, id: Id, digest: &dyn Fn(Id) -> String) -> Value {
        let way = |of: &BTreeMap<Way, Value>, way: &Way| of.get(way).cloned().unwrap_or_default();
        let taught = |taught: &Option<Taught>| match taught {
            None => Value::Null,
            Some(Taught::Trained(id)) => json!({ "trained": digest(*id) }),
            Some(Taught::Shown(id)) => json!({ "shown": digest(*id) }),
        };
        let made_from = match graph.task(id) {
            Task::Problems { part: Part::Target } => json!({ "problems": self.problems }),
            Task::Problems { part: Part::Dev } => json!({ "problems": self.dev }),
            Task::View { model, way: of, condition, seed } => json!({
                "view": self.conditions[*condition],
                "drawing": way(&self.drawing, of),
                "model": self.models[*model],
                "template": self.template,
                "seed": seed,
                "shown": *of == Way::InContext,
            }),
            Task::Alignment { condition, seed } => json!({
                "alignment": self.conditions[*condition],
                "how": self.alignment,
                "template": self.template,
                "seed": seed,
            }),
            Task::Training { model, way: of, seed, view, dev, .. } => json!({
                "training": way(&self.training, of),
                "model": self.models[*model],
                "template": self.template,
                "seed": seed,
                "view": digest(*view),
                "dev": dev.map(digest),
            }),
            Task::Samples { model, seed, problems, taught: by } => json!({
                "samples": self.generation,
                "model": self.models[*model],
                "template": self.template,
                "seed": seed,
                "problems": digest(*problems),
                "taught": taught(by),
            }),
            Task::Verdicts { problems, samples } => json!({
                "verdicts": self.judge,
                "problems": digest(*problems),
                "samples": digest(*samples),
            }),
            Task::Losses { model, problems, taught: by } => json!({
                "losses": self.models[*model],
                "template": self.template,
                "problems": digest(*problems),
                "taught": taught(by),
            }),
        };
        json!([REVISION, made_from])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::study::{EXAMPLE, parse};

    /// Which tasks have another key when something changes.
    fn changed(change: impl Fn(&mut Facts)) -> Vec<&'static str> {
        let study = parse(EXAMPLE).expect("the example");
        let graph = Graph::of(&study);
        let facts = Facts {
            models: vec![json!("m")],
            conditions: (0..study.condition.len()).map(|at| json!(at)).collect(),
            drawing: [(Way::Finetune, json!(1)), (Way::InContext, json!(2))].into(),
            training: [(Way::Finetune, json!(3))].into(),
            ..Facts::default()
        };
        let mut other = facts.clone();
        change(&mut other);
        let same = |id: Id| id.0.to_string();
        let mut stages: Vec<&str> = graph
            .ids()
            .filter(|id| facts.made_from(&graph, *id, &same) != other.made_from(&graph, *id, &same))
            .map(|id| graph.task(id).stage().as_str())
            .collect();
        stages.sort_unstable();
        stages.dedup();
        stages
    }

    #[test]
    fn a_fact_is_part_of_the_keys_of_what_it_decides() {
        assert_eq!(changed(|facts| facts.judge = "another".into()), ["verdicts"]);
        assert_eq!(changed(|facts| facts.generation = json!(9)), ["generation"]);
        assert_eq!(changed(|facts| facts.alignment = json!(9)), ["alignment"]);
        assert_eq!(changed(|facts| facts.problems = json!(9)), ["data"]);
        assert_eq!(changed(|facts| facts.conditions[0] = json!(9)), ["alignment", "data"]);
        assert_eq!(changed(|facts| facts.training = [(Way::Finetune, json!(9))].into()), ["training"]);
        assert_eq!(changed(|facts| facts.models[0] = json!(9)), ["data", "generation", "losses", "training"]);
        assert_eq!(changed(|_| ()), Vec::<&str>::new());
    }
}
