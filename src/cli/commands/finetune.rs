//! `afcheck finetune`. Owns where its settings come from and whether a run may begin; the run is `training`'s.

use super::models::usage;
use super::training::{Training, failed, train};
use crate::cli::args::{Common, Finetune};
use crate::cli::exit::{Exit, Failure};
use crate::cli::settings;
use crate::ml::files::whole;
use crate::pipeline::finetune::Plan;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Runs the command.
pub fn run(common: &Common, args: &Finetune) -> Result<Exit, Failure> {
    let plan = resolve(common, &json!(args.plan))?;
    if args.show_settings {
        return super::print(&format!("[finetune]\n{}", toml::to_string_pretty(&plan).map_err(usage)?));
    }
    let out = args.out.as_deref().expect("clap asks for --out");
    prepare(out, args)?;
    let template = super::read_template(args.template.as_deref())?;
    let stop = super::stop_flag()?;
    let training = Training { plan: &plan, template: &template, out, resume: args.resume, stop: &stop };
    match train(common, &training)? {
        Some(card) => super::print(&format!("{card:#}\n")),
        None => {
            if !common.quiet {
                eprintln!("go on with --resume");
            }
            Ok(Exit::Interrupted)
        }
    }
}

/// Defaults, then the settings file, then what is `given`. Checked as far as it can be without a model.
pub fn resolve(common: &Common, given: &Value) -> Result<Plan, Failure> {
    let mut plan = json!(Plan::default());
    let of_file = json!(settings::load_config(common)?.finetune);
    for (given, whose) in [(of_file, "[finetune]: "), (given.clone(), "")] {
        if let (Value::Object(plan), Value::Object(given)) = (&mut plan, given) {
            plan.extend(given.into_iter().filter(|(_, value)| !value.is_null()));
        }
        serde_json::from_value::<Plan>(plan.clone()).map_err(|e| usage(format!("{whose}{e}")))?;
    }
    let plan: Plan = serde_json::from_value(plan).map_err(usage)?;
    plan.check().map_err(usage)?;
    Ok(plan)
}

/// Makes room for a run, unless one is there that nobody gave up.
fn prepare(out: &Path, args: &Finetune) -> Result<(), Failure> {
    let journal = out.join("journal.jsonl");
    if journal.exists() && !args.resume && !args.overwrite {
        let hint = "go on with --resume, or replace it with --overwrite";
        return Err(usage(format!("{} has a run already: {hint}", out.display())));
    }
    if args.overwrite {
        for what in ["checkpoints", "adapter", "model"] {
            let path = out.join(what);
            if path.exists() {
                fs::remove_dir_all(&path)
                    .map_err(|e| Failure::new(Exit::Output, format!("{}: {e}", path.display())))?;
            }
        }
    }
    whole::create_directory(out).map_err(failed)
}
