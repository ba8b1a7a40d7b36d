//! `afcheck finetune`. Owns the order of what is read and opened, the progress bar, and which files a run leaves; the run itself
//! is `pipeline::finetune`'s.

use super::models::{load_model, usage};
use crate::cli::args::{Common, Finetune};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::TrainProgress;
use crate::cli::settings;
use crate::dataset::ProblemFields;
use crate::ml::adapter::Adapter;
use crate::ml::decoder::{Decoder, Kept};
use crate::ml::error::ModelError;
use crate::ml::export::Export;
use crate::ml::files::{Kind, whole};
use crate::ml::loss::Example;
use crate::ml::shelf::Shelf;
use crate::ml::tokenizer::Tokenizer;
use crate::pipeline::conditions::{Condition, Data, Drawing, Drawn, ModelEncoder, Reading, Report, TooLong};
use crate::pipeline::finetune::{self, Card, Ended, FinetuneError, Journal, MethodName, Outcome, Plan};
use crate::prompts::Template;
use crate::report::curve;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::time::Instant;

/// Runs the command.
pub fn run(common: &Common, args: &Finetune) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let plan = resolve(common, args)?;
    plan.check().map_err(usage)?;
    if args.show_settings {
        return super::print(&format!("[finetune]\n{}", toml::to_string_pretty(&plan).map_err(usage)?));
    }
    let out = args.out.as_deref().expect("clap asks for --out");
    prepare(out, args)?;
    let template = super::read_template(args.template.as_deref())?;
    let mut model = load_model(common, &plan.model, Kept::Dense)?;
    let context = plan.context.min(model.decoder.spec.context);
    let train = drawn(&plan.data, &plan, plan.tokens, context, &template, &model.tokenizer)?;
    let dev = match plan.dev.is_empty() {
        true => None,
        false => Some(drawn(&plan.dev, &plan, None, context, &template, &model.tokenizer)?),
    };
    if !common.quiet {
        eprint!("{}", train.report);
    }
    let (examples, ids) = of(&train);
    let dev_examples = dev.as_ref().map_or(vec![], |dev| of(dev).0);
    let steps = (examples.len() * plan.epochs).div_ceil(plan.batch);
    let settings = plan.settings(&model.decoder.spec, steps).map_err(usage)?;
    let mut adapter = (plan.method == MethodName::Lora)
        .then(|| plan.lora().begun(&model.decoder.spec, plan.seed, Some(plan.model.clone())));
    let model_sha256 = model_hash(&mut model.decoder);
    let run = run_hash(&plan, &model_sha256, &train.report, dev.as_ref().map(|dev| &dev.report));
    let text = format!("[finetune]\n{}", toml::to_string_pretty(&plan).map_err(usage)?);
    whole::write(&out.join("settings.toml"), text.as_bytes()).map_err(failed)?;
    let stop = super::stop_flag()?;
    let mut progress = TrainProgress::new(common.quiet);
    let data = finetune::Data { train: &examples, dev: &dev_examples, ids: &ids };
    let training = Instant::now();
    let outcome = finetune::finetune(
        &mut model.decoder,
        adapter.as_mut(),
        &data,
        settings,
        plan.course(),
        finetune::Run { out, hash: &run, resume: args.resume, stop: &stop },
        &mut |happening| progress.on(&happening),
    );
    progress.finish();
    let outcome = outcome.map_err(|error| match error {
        FinetuneError::Model(error) => failed(error),
        error => usage(error),
    })?;
    let seconds = training.elapsed().as_secs_f64();
    let journal = Journal::read(&out.join("journal.jsonl"));
    whole::write(&out.join("curve.svg"), curve::losses(&journal, &plan.data).as_bytes()).map_err(failed)?;
    let card = Card {
        schema: Card::SCHEMA,
        afcheck: env!("CARGO_PKG_VERSION"),
        plan: &plan,
        run: &run,
        model_sha256: &model_sha256,
        data: &train.report,
        dev: dev.as_ref().map(|dev| &dev.report),
        trained: progress.trained(),
        steps,
        step: outcome.step,
        dev_before: outcome.dev_before,
        dev_loss: outcome.dev_loss,
        ended: match outcome.ended {
            Ended::Complete => "complete",
            Ended::Early => "early",
            Ended::Interrupted => "interrupted",
        },
        threads: rayon::current_num_threads(),
        seconds,
        tokens_per_second: progress.rate(),
        peak_memory_bytes: super::peak_memory(),
    };
    let text = serde_json::to_string_pretty(&card).map_err(usage)?;
    whole::write(&out.join("card.json"), text.as_bytes()).map_err(failed)?;
    if outcome.ended == Ended::Interrupted {
        if !common.quiet {
            eprintln!("interrupted     behind step {}; go on with --resume", outcome.step);
        }
        return Ok(Exit::Interrupted);
    }
    keep(common, &plan, &model.decoder, adapter.as_ref(), out)?;
    if !common.quiet {
        tell(&card, &outcome, out, begun.elapsed().as_secs_f64());
    }
    super::print(&format!("{text}\n"))
}

fn failed(error: ModelError) -> Failure {
    match error {
        ModelError::Unwritten { .. } => Failure::new(Exit::Output, error),
        error => usage(error),
    }
}

/// Defaults, then the settings file, then the command line.
fn resolve(common: &Common, args: &Finetune) -> Result<Plan, Failure> {
    let mut plan = json!(Plan::default());
    let of_file = json!(settings::load_config(common)?.finetune);
    for (given, whose) in [(of_file, "[finetune]: "), (json!(args.plan), "")] {
        if let (Value::Object(plan), Value::Object(given)) = (&mut plan, given) {
            plan.extend(given.into_iter().filter(|(_, value)| !value.is_null()));
        }
        serde_json::from_value::<Plan>(plan.clone()).map_err(|e| usage(format!("{whose}{e}")))?;
    }
    serde_json::from_value(plan).map_err(usage)
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

fn drawn(
    condition: &str,
    plan: &Plan,
    budget: Option<u64>,
    context: usize,
    template: &Template,
    tokenizer: &Tokenizer,
) -> Result<Drawn, Failure> {
    let condition: Condition = condition.parse().map_err(usage)?;
    let reading = Reading { fields: ProblemFields::default(), split: None, template: template.clone() };
    let too_long = if plan.leave_out_long { TooLong::LeaveOut } else { TooLong::Cut };
    let drawing = Drawing { seed: plan.seed, budget, context: Some(context), too_long };
    let encoder = ModelEncoder::new(tokenizer).map_err(usage)?;
    Data::read(&condition, &reading).map_err(usage)?.draw(&encoder, &drawing).map_err(usage)
}

/// The examples and their names.
fn of(drawn: &Drawn) -> (Vec<Example>, Vec<String>) {
    let each = drawn.examples.iter();
    each.map(|e| (Example { prompt: e.prompt.clone(), target: e.target.clone() }, e.id.clone())).unzip()
}

/// Numbers of every tensor that go into a model's hash.
const HASHED: usize = 1 << 12;

fn model_hash(decoder: &mut Decoder) -> String {
    let mut hash = Sha256::new();
    decoder.each_parameter(|parameter, shape, numbers| {
        hash.update(format!("{parameter:?} {shape:?}"));
        numbers.iter().take(HASHED).for_each(|x| hash.update(x.to_le_bytes()));
    });
    format!("{:x}", hash.finalize())
}

/// The hash of all that decides what a run's numbers are.
fn run_hash(plan: &Plan, model: &str, train: &Report, dev: Option<&Report>) -> String {
    // How often a run is looked at and kept does not change its numbers, unless it can end early.
    let plan = match plan.patience {
        0 => Plan { checkpoint_every: 1, dev_every: 1, ..plan.clone() },
        _ => Plan { checkpoint_every: 1, ..plan.clone() },
    };
    let text = json!({"plan": plan, "model": model, "train": train.sha256, "dev": dev.map(|dev| &dev.sha256)});
    format!("{:x}", Sha256::digest(text.to_string()))
}

/// Writes what was trained.
fn keep(common: &Common, plan: &Plan, decoder: &Decoder, adapter: Option<&Adapter>, out: &Path) -> Result<(), Failure> {
    match adapter {
        Some(adapter) => adapter.write(&out.join("adapter"), &decoder.spec).map_err(failed),
        None => {
            let source = Shelf::new(super::cache(common).root()).find(&plan.model).map_err(usage)?;
            let export = Export { parts: decoder, source: &source, kind: Kind::F32, overwrite: true };
            let notes = export.write(&out.join("model")).map_err(failed)?;
            if !common.quiet {
                notes.iter().for_each(|note| eprintln!("note: {note}"));
            }
            Ok(())
        }
    }
}

/// What people should know of a run.
fn tell(card: &Card<'_>, outcome: &Outcome, out: &Path, seconds: f64) {
    eprintln!("trained         {} numbers, {} of {} steps", card.trained, outcome.step, card.steps);
    if let (Some(before), Some(after)) = (outcome.dev_before, outcome.dev_loss) {
        eprintln!("dev loss        {before:.4} to {after:.4} nats per token");
    }
    eprintln!("throughput      {:.0} tokens/s, {seconds:.0} s in all", card.tokens_per_second);
    if let Some(bytes) = card.peak_memory_bytes {
        eprintln!("peak memory     {:.2} GB", bytes as f64 / 1e9);
    }
    eprintln!("written         {}", out.display());
}
