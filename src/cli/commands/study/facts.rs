//! The facts of a study: contents of everything that its artifacts are made from. Owns the reading and hashing of inputs; which fact
//! decides what is `pipeline::study::Facts`'s.

use super::place::Place;
use crate::cli::args::{Common, ProbeArgs};
use crate::cli::commands::models::{model_sha256, usage};
use crate::cli::commands::tasks::{Asking, Words};
use crate::cli::exit::Failure;
use crate::cli::settings::{libraries, load_config};
use crate::config::study::Way;
use crate::engine::embedded::fingerprint_with;
use crate::ml::shelf::Shelf;
use crate::pipeline::conditions::{Data, Reading, View};
use crate::pipeline::finetune::Plan;
use crate::pipeline::study::{Facts, Part};
use crate::prompts::Template;
use crate::store::Judge;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Reads and hashes all that a study is made from, with how its models are asked. What is wrong with the file is found out here, before anything long begins.
pub fn facts(
    common: &Common,
    place: &Place,
    template: &Template,
    libs: &[PathBuf],
) -> Result<(Facts, Asking), Failure> {
    let study = &place.study;
    let mut shas = BTreeMap::new();
    let mut model = |name: &str| -> Result<String, Failure> {
        if let Some(sha) = shas.get(name) {
            return Ok(String::clone(sha));
        }
        let shelf = Shelf::new(crate::cli::commands::cache(common).root());
        let path = shelf.find(&place.base.path_or_name(name)).map_err(usage)?;
        let sha = model_sha256(&path).map_err(|e| usage(format!("{}: {e}", path.display())))?;
        shas.insert(name.to_owned(), sha.clone());
        Ok(sha)
    };
    let mut models = Vec::new();
    for about in &study.model {
        models.push(match &about.base_url {
            Some(url) => json!({ "server": url, "model": about.model, "chat": about.chat }),
            None => json!({ "sha256": model(&about.model)?, "chat": about.chat }),
        });
    }
    let reading = Reading { template: template.clone(), ..Reading::default() };
    let condition = |text: &str, what: &str| -> Result<Value, Failure> {
        let data = Data::read(&place.base.condition(text)?, &reading).map_err(|e| usage(format!("{what}: {e}")))?;
        let pools = data.parts.iter().map(|part| {
            let hashes: Vec<String> = part.pools.iter().map(|pool| pool.sha256()).collect();
            json!([part.weight, part.window, hashes])
        });
        Ok(json!(pools.collect::<Vec<_>>()))
    };
    let asked = whole_name(&place.base.path_or_name(&study.target.problems));
    for about in &study.condition {
        let sets = place.base.condition(&about.data)?.parts.into_iter().filter_map(|part| match part.view {
            View::Aligned(set) | View::Formal(set) | View::Informal(set) | View::Unpaired { set, .. } => Some(set),
            View::Texts { .. } => None,
        });
        if sets.into_iter().any(|set| whole_name(&set) == asked) && study.target.split.is_none() {
            return Err(usage(format!(
                "condition `{}` is made of the problems that are asked ({}): it would teach the answers",
                about.name, study.target.problems
            )));
        }
    }
    let mut conditions = Vec::new();
    for about in &study.condition {
        conditions.push(condition(&about.data, &format!("condition `{}`", about.name))?);
    }
    let target = &study.target;
    let of = |part: Part| {
        place
            .wanted(part)
            .map_or(Ok(Value::Null), |wanted| wanted.fact().map_err(|e| usage(format!("[target]: {}", e.message))))
    };
    let asking = Asking::of(&place.base, &study.generate, &mut model)?;
    let align = Words::of("align").option("source", "bound:uniform").option("target", "bound:uniform");
    let align = place.section(align, "alignment")?.align()?;
    let alignment =
        json!([model(&align.probe.probe)?, probing(&align.probe), condition(&target.alignment(), "[target]")?]);
    let (mut drawing, mut training) = (BTreeMap::new(), BTreeMap::new());
    for way in study.ways.iter().copied() {
        if way == Way::InContext {
            drawing.insert(way, json!(study.in_context));
            continue;
        }
        let plan = place.plan(common, way)?;
        drawing.insert(way, json!([plan.tokens, plan.context, plan.leave_out_long]));
        // How often a run is kept does not change its numbers.
        let plan = Plan { model: String::new(), data: String::new(), checkpoint_every: 1, ..plan };
        training.insert(way, json!(plan));
    }
    let file = load_config(common)?;
    let facts = Facts {
        models,
        conditions,
        problems: of(Part::Target)?,
        dev: of(Part::Dev)?,
        template: json!(template),
        drawing,
        training,
        generation: asking.fact.clone(),
        alignment,
        judge: Judge::new(&fingerprint_with(libraries(libs, &file)?)).name().to_owned(),
    };
    Ok((facts, asking))
}

/// A data set's name in full: `afcore` is its test split.
fn whole_name(set: &str) -> String {
    if set == "afcore" { "afcore:test".to_owned() } else { set.to_owned() }
}

/// Options of the probe that decide its embeddings.
fn probing(args: &ProbeArgs) -> Value {
    json!([
        args.batches,
        args.batch_size,
        args.seq_len,
        args.head_epochs,
        args.head_rate,
        args.minibatch,
        format!("{:?}", args.fim),
        args.draws,
        format!("{:?}", args.params),
        format!("{:?}", args.compat),
    ])
}
