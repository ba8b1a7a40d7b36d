//! A training run: from a plan to the directory that keeps what came of it. Owns the order of what is read, the progress bar and
//! which files a run leaves; the course of the run is `pipeline::finetune`'s, whether it may begin the commands'.

use super::models::{adapter_hash, load_model, usage};
use super::teacher::teacher;
use crate::cli::args::Common;
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::TrainProgress;
use crate::dataset::{ProblemFields, preferences};
use crate::ml::adapter::Adapter;
use crate::ml::decoder::{Decoder, Kept};
use crate::ml::error::ModelError;
use crate::ml::export::Export;
use crate::ml::files::{Kind, whole};
use crate::ml::loss::Example;
use crate::ml::shelf::Shelf;
use crate::ml::tokenizer::Tokenizer;
use crate::pipeline::conditions::{Condition, Data, Drawing, Drawn, ModelEncoder, Reading, Report, TooLong, answers};
use crate::pipeline::finetune::{
    self, Card, Ended, FinetuneError, Journal, MethodName, ObjectiveName, Outcome, Plan, TeacherCard,
};
use crate::prompts::Template;
use crate::report::curve;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// A run to be made.
pub struct Training<'a> {
    pub plan: &'a Plan,
    pub template: &'a Template,
    /// A directory that is there.
    pub out: &'a Path,
    /// Goes on with what is there.
    pub resume: bool,
    pub stop: &'a AtomicBool,
}

/// Makes the run; its card, or nothing if it was interrupted, with a checkpoint left behind.
pub fn train(common: &Common, training: &Training<'_>) -> Result<Option<Value>, Failure> {
    let Training { plan, template, out, resume, stop } = *training;
    let begun = Instant::now();
    let mut model = load_model(common, &plan.model, Kept::Dense)?;
    let teacher = teacher(common, plan, &model)?;
    let contexts = [Some(&model.decoder), teacher.as_ref().map(|teacher| &teacher.decoder)];
    let context = contexts.into_iter().flatten().map(|decoder| decoder.spec.context).fold(plan.context, usize::min);
    let train = match plan.objective {
        ObjectiveName::Likelihood | ObjectiveName::Distillation => {
            drawn(&plan.data, plan, plan.tokens, context, template, &model.tokenizer)?
        }
        ObjectiveName::Preference => pairs(plan, context, &model.tokenizer)?,
    };
    let dev = match plan.dev.is_empty() {
        true => None,
        false => Some(drawn(&plan.dev, plan, None, context, template, &model.tokenizer)?),
    };
    if !common.quiet {
        eprint!("{}", train.report);
    }
    let (mut examples, ids) = of(&train);
    if plan.learn_prompts {
        examples.iter_mut().for_each(learn_prompt);
    }
    let dev_examples = dev.as_ref().map_or(vec![], |dev| of(dev).0);
    let in_order = match plan.objective {
        ObjectiveName::Likelihood | ObjectiveName::Distillation => examples.len(),
        ObjectiveName::Preference => examples.len() / 2,
    };
    let steps = (in_order * plan.epochs).div_ceil(plan.batch);
    let settings = plan.settings(&model.decoder.spec, steps).map_err(usage)?;
    let mut adapter = first_adapter(plan, &model.decoder)?;
    let model_sha256 = model_hash(&mut model.decoder);
    let taught = teacher.as_ref().map(|teacher| &teacher.card);
    let run = run_hash(plan, &model_sha256, taught, &train.report, dev.as_ref().map(|dev| &dev.report))?;
    let text = format!("[finetune]\n{}", toml::to_string_pretty(plan).map_err(usage)?);
    whole::write(&out.join("settings.toml"), text.as_bytes()).map_err(failed)?;
    let mut progress = TrainProgress::new(common.quiet);
    let teacher = teacher.as_ref().map(|teacher| &teacher.decoder);
    let data = finetune::Data { train: &examples, dev: &dev_examples, ids: &ids, teacher };
    let training = Instant::now();
    let outcome = finetune::finetune(
        &mut model.decoder,
        adapter.as_mut(),
        &data,
        settings,
        plan.course(),
        finetune::Run { out, hash: &run, resume, stop },
        &mut |happening| progress.on(&happening),
    );
    progress.finish();
    let outcome = outcome.map_err(|error| match error {
        FinetuneError::Model(error) => failed(error),
        error => usage(error),
    })?;
    let seconds = training.elapsed().as_secs_f64();
    let journal = Journal::read(&out.join("journal.jsonl"));
    let axis = match plan.objective {
        ObjectiveName::Likelihood => "loss, nats per target token",
        ObjectiveName::Preference => "objective of preference, and development loss in nats",
        ObjectiveName::Distillation => "divergence from the teacher, and development loss, nats",
    };
    whole::write(&out.join("curve.svg"), curve::losses(&journal, &plan.data, axis).as_bytes()).map_err(failed)?;
    let card = Card {
        schema: Card::SCHEMA,
        afcheck: env!("CARGO_PKG_VERSION"),
        plan,
        run: &run,
        model_sha256: &model_sha256,
        teacher: taught,
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
            eprintln!("interrupted     behind step {}", outcome.step);
        }
        return Ok(None);
    }
    keep(common, plan, &model.decoder, adapter.as_ref(), out)?;
    if !common.quiet {
        tell(&card, &outcome, out, begun.elapsed().as_secs_f64());
    }
    Ok(Some(json!(card)))
}

/// A failure of files that are read or written.
pub fn failed(error: ModelError) -> Failure {
    match error {
        ModelError::Unwritten { .. } => Failure::new(Exit::Output, error),
        error => usage(error),
    }
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

/// The pairs of answers that `data` names.
fn pairs(plan: &Plan, context: usize, tokenizer: &Tokenizer) -> Result<Drawn, Failure> {
    let pairs = preferences(&plan.data).map_err(usage)?;
    let encoder = ModelEncoder::new(tokenizer).map_err(usage)?;
    answers(&plan.data, &pairs, &encoder, plan.seed, context).map_err(usage)
}

/// The adapter that training begins with, if it trains one.
fn first_adapter(plan: &Plan, decoder: &Decoder) -> Result<Option<Adapter>, Failure> {
    if plan.method != MethodName::Lora {
        return Ok(None);
    }
    if plan.adapter.is_empty() {
        return Ok(Some(plan.lora().begun(&decoder.spec, plan.seed, Some(plan.model.clone()))));
    }
    Adapter::read(Path::new(&plan.adapter), &decoder.spec).map(Some).map_err(usage)
}

/// The examples and their names.
fn of(drawn: &Drawn) -> (Vec<Example>, Vec<String>) {
    let each = drawn.examples.iter();
    each.map(|e| (Example { prompt: e.prompt.clone(), target: e.target.clone() }, e.id.clone())).unzip()
}

/// Makes all of an example its target but the first token, which nothing predicts.
fn learn_prompt(example: &mut Example) {
    let learnt = example.prompt.split_off(1);
    example.target.splice(0..0, learnt);
}

/// Numbers of every tensor that go into a model's hash.
const HASHED: usize = 1 << 12;

/// A hash of a model's numbers: of its vectors and a part of each matrix.
pub(super) fn model_hash(decoder: &mut Decoder) -> String {
    let mut hash = Sha256::new();
    decoder.each_parameter(|parameter, shape, numbers| {
        hash.update(format!("{parameter:?} {shape:?}"));
        numbers.iter().take(HASHED).for_each(|x| hash.update(x.to_le_bytes()));
    });
    format!("{:x}", hash.finalize())
}

/// The hash of all that decides what a run's numbers are.
fn run_hash(
    plan: &Plan,
    model: &str,
    teacher: Option<&TeacherCard>,
    train: &Report,
    dev: Option<&Report>,
) -> Result<String, Failure> {
    // How often a run is looked at and kept does not change its numbers, unless it can end early.
    let plan = match plan.patience {
        0 => Plan { checkpoint_every: 1, dev_every: 1, ..plan.clone() },
        _ => Plan { checkpoint_every: 1, ..plan.clone() },
    };
    let adapter = match plan.adapter.as_str() {
        "" => None,
        directory => Some(adapter_hash(Path::new(directory))?),
    };
    let dev = dev.map(|dev| &dev.sha256);
    let mut text = json!({"plan": plan, "model": model, "adapter": adapter, "train": train.sha256, "dev": dev});
    if let Some(teacher) = teacher {
        text["teacher"] = json!(teacher);
    }
    Ok(format!("{:x}", Sha256::digest(text.to_string())))
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
