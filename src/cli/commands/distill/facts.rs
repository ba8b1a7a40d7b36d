//! The facts of a distillation: contents of everything that its artifacts are made from. Owns the reading and hashing of inputs; which
//! fact decides what is `pipeline::distill`'s.

use super::place::Place;
use crate::cli::args::Common;
use crate::cli::commands::models::{adapter_hash, model_sha256, usage};
use crate::cli::commands::tasks::Asking;
use crate::cli::exit::Failure;
use crate::cli::settings::{libraries, load_config};
use crate::engine::embedded::fingerprint_with;
use crate::ml::shelf::Shelf;
use crate::pipeline::conditions::{Data, Reading};
use crate::pipeline::distill::{DistillFacts, Part};
use crate::pipeline::finetune::Plan;
use crate::prompts::{FeedbackTemplate, Template};
use crate::store::Judge;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Reads and hashes all that a distillation is made from, with how its student is asked. What is wrong with the file is found out here, before anything long
/// begins.
pub fn facts(
    common: &Common,
    place: &Place,
    (template, texts): (&Template, &FeedbackTemplate),
    libs: &[PathBuf],
) -> Result<(DistillFacts, Asking), Failure> {
    let (distill, base) = (&place.distill, &place.base);
    let model = |name: &str| -> Result<String, Failure> {
        let shelf = Shelf::new(crate::cli::commands::cache(common).root());
        let path = shelf.find(&base.path_or_name(name)).map_err(usage)?;
        model_sha256(&path).map_err(|e| usage(format!("{}: {e}", path.display())))
    };
    let adapter = |name: Option<&String>| -> Result<Value, Failure> {
        let directory = name.map(|name| base.path_or_name(name));
        Ok(json!(directory.map(|directory| adapter_hash(Path::new(&directory))).transpose()?))
    };
    let student = &distill.student;
    let teacher = match &distill.teacher {
        None => Value::Null,
        Some(teacher) if teacher.advice => json!({ "advice": texts.advice }),
        Some(teacher) => {
            let who = match &teacher.base_url {
                // Where its server is does not change what a model says.
                Some(_) => json!({ "served": teacher.model }),
                None => json!([model(&teacher.model)?, adapter(teacher.adapter.as_ref())?]),
            };
            json!([who, teacher.chat, teacher.max_tokens, teacher.temperature])
        }
    };
    let of =
        |part: Part, section: &str| place.wanted(part).fact().map_err(|e| usage(format!("[{section}]: {}", e.message)));
    let asking = Asking::of(base, &distill.generate, &mut |name| model(name))?;
    let plain = |plan: Plan| Plan { model: String::new(), data: String::new(), checkpoint_every: 1, ..plan };
    let logits = match &distill.logits {
        None => Value::Null,
        Some(_) => logits(common, place, template, &model, &adapter)?,
    };
    let file = load_config(common)?;
    let facts = DistillFacts {
        problems: of(Part::Learnt, "problems")?,
        held_out: of(Part::HeldOut, "held-out")?,
        student: json!([model(&student.model)?, adapter(student.adapter.as_ref())?, student.chat]),
        teacher,
        template: json!(template),
        texts: json!(texts),
        generation: asking.fact.clone(),
        examples: asking.examples_fact(),
        training: json!(Plan { adapter: String::new(), ..plain(place.plan(common, "finetune")?) }),
        logits,
        judge: Judge::new(&fingerprint_with(libraries(libs, &file)?)).name().to_owned(),
        seed: distill.seed,
    };
    Ok((facts, asking))
}

/// Of the training on distributions: settings, who the teacher is, and the texts.
fn logits(
    common: &Common,
    place: &Place,
    template: &Template,
    model: &dyn Fn(&str) -> Result<String, Failure>,
    adapter: &dyn Fn(Option<&String>) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    let plan = place.plan(common, "logits")?;
    let reading = Reading { template: template.clone(), ..Reading::default() };
    let condition = plan.data.parse().map_err(|e| usage(format!("[logits] data: {e}")))?;
    let data = Data::read(&condition, &reading).map_err(|e| usage(format!("[logits] data: {e}")))?;
    let pools = data
        .parts
        .iter()
        .map(|part| json!([part.weight, part.window, part.pools.iter().map(|pool| pool.sha256()).collect::<Vec<_>>()]));
    let pools: Vec<Value> = pools.collect();
    let teacher = model(&plan.teacher)?;
    let its_adapter = Some(plan.teacher_adapter.clone()).filter(|name| !name.is_empty());
    let its_adapter = adapter(its_adapter.as_ref())?;
    let plan = Plan {
        model: String::new(),
        data: String::new(),
        adapter: String::new(),
        teacher: String::new(),
        teacher_adapter: String::new(),
        checkpoint_every: 1,
        ..plan
    };
    Ok(json!([plan, teacher, its_adapter, pools]))
}
