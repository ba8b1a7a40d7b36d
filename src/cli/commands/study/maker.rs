//! The makers of a study's artifacts: each task by the command of its name. Owns which of a command's files count.

use super::place::Place;
use crate::cli::args::{Common, CourseLean};
use crate::cli::commands::judged::Lean;
use crate::cli::commands::models::usage;
use crate::cli::commands::task2vec::probing::Probing;
use crate::cli::commands::tasks::files::{self, problems_of, write_answers, write_verdicts};
use crate::cli::commands::tasks::{Making, Words, Wrong, ended, made};
use crate::cli::commands::training::{Training, train};
use crate::cli::commands::{generate, loss};
use crate::cli::exit::{Exit, Failure};
use crate::config::study::Way;
use crate::domain::Problem;
use crate::ml::files::Weights;
use crate::ml::shelf::Shelf;
use crate::ml::tokenizer::Tokenizer;
use crate::pipeline::conditions::{Data, Drawing, Drawn, Encoder, ModelEncoder, Reading, TooLong, Words as PlainWords};
use crate::pipeline::course::{Fault, Id, Made, Maker, Needs};
use crate::pipeline::finetune::{Entry, Journal, Plan};
use crate::pipeline::study::{Graph, Likeness, Task, Taught, View};
use crate::pipeline::task2vec::{self, Source};
use crate::prompts::Template;
use crate::store::artifacts::Artifact;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub const VIEW: &str = "view.json";
pub const CONTEXT: &str = "context.txt";
pub const ALIGNMENT: &str = "alignment.json";
pub const CURVE: &str = "curve.json";

/// Texts of a view that are kept to be looked at, and characters of each.
const SHOWN: usize = 3;
const CHARACTERS: usize = 400;

/// Loss of a development set by step, and of training.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    pub dev: Vec<(usize, f64)>,
    pub training: Vec<(usize, f64)>,
}

/// Everything that tasks are made with.
pub struct Tools<'a> {
    /// Of commands that say nothing by themselves.
    pub common: &'a Common,
    pub place: &'a Place,
    pub graph: &'a Graph,
    pub template: &'a Template,
    pub lean: &'a CourseLean,
    pub stop: Arc<AtomicBool>,
    /// Started when the first verdict is wanted; `None` inside where no Lean has what the problems import.
    pub started: Mutex<Option<Option<Lean<'a>>>>,
}

impl Maker for Tools<'_> {
    fn make(&self, id: Id, directory: &Path, needs: Needs<'_>) -> Result<Made, Fault> {
        let problems_in = |id: Id| needs(id).file(files::PROBLEMS);
        let making = match *self.graph.task(id) {
            Task::Problems { part } => self.place.wanted(part).map_or_else(
                || Err(usage("the target has no development problems").into()),
                |wanted| wanted.write(directory),
            ),
            Task::View { model, way, condition, seed } => self.view(model, way, condition, seed, directory),
            Task::Alignment { condition, seed } => self.alignment(condition, seed, directory),
            Task::Training { model, way, condition, seed, view, dev } => {
                self.training(model, way, condition, seed, (needs(view), dev.map(problems_in)), directory)
            }
            Task::Samples { model, seed, problems, taught } => {
                self.samples(model, seed, &problems_in(problems), lesson(taught, needs), directory)
            }
            Task::Verdicts { problems, samples } => {
                self.verdicts(&problems_in(problems), &needs(samples).file(files::ANSWERS), directory)
            }
            Task::Losses { model, problems, taught } => {
                self.losses(model, &problems_in(problems), lesson(taught, needs), directory)
            }
        };
        ended(making, self.stop.load(Ordering::Relaxed))
    }
}

/// What a model was taught by, as artifacts.
#[derive(Clone, Copy)]
enum Lesson<'a> {
    Trained(&'a Artifact),
    Shown(&'a Artifact),
}

fn lesson<'a>(taught: Option<Taught>, needs: Needs<'a>) -> Option<Lesson<'a>> {
    taught.map(|taught| match taught {
        Taught::Trained(id) => Lesson::Trained(needs(id)),
        Taught::Shown(id) => Lesson::Shown(needs(id)),
    })
}

impl<'a> Tools<'a> {
    /// A model's file, and the tokens it reads at most; nothing of a model behind a server.
    fn local(&self, model: usize) -> Result<Option<(PathBuf, usize)>, Failure> {
        let model = &self.place.study.model[model];
        if model.base_url.is_some() {
            return Ok(None);
        }
        let shelf = Shelf::new(crate::cli::commands::cache(self.common).root());
        let path = shelf.find(&self.place.base.path_or_name(&model.model)).map_err(usage)?;
        let (spec, _) = Weights::open(&path).map_err(usage)?;
        Ok(Some((path, spec.context)))
    }

    fn view(&self, model: usize, way: Way, condition: usize, seed: u64, directory: &Path) -> Making {
        let named = &self.place.study.condition[condition].data;
        let reading = Reading { template: self.template.clone(), ..Reading::default() };
        let data = Data::read(&self.place.base.condition(named)?, &reading).map_err(usage)?;
        let local = self.local(model)?;
        let drawing = match way {
            Way::InContext => {
                Drawing { seed, budget: self.place.study.tokens(way), context: None, too_long: TooLong::Cut }
            }
            _ => {
                let plan = self.place.plan(self.common, way)?;
                let most = local.as_ref().map_or(usize::MAX, |(_, context)| *context);
                let too_long = if plan.leave_out_long { TooLong::LeaveOut } else { TooLong::Cut };
                Drawing { seed, budget: plan.tokens, context: Some(plan.context.min(most)), too_long }
            }
        };
        let (drawn, texts) = match &local {
            Some((path, _)) => {
                let tokenizer = Tokenizer::open(path).map_err(usage)?;
                drawn(&data, &ModelEncoder::new(&tokenizer).map_err(usage)?, &drawing)?
            }
            None => drawn(&data, &PlainWords::default(), &drawing)?,
        };
        let report = &drawn.report;
        let view = View {
            condition: named.clone(),
            unit: report.unit.to_owned(),
            examples: report.examples,
            tokens: report.tokens,
            target_tokens: report.target_tokens,
            sha256: report.sha256.clone(),
            samples: texts.iter().take(SHOWN).map(|text| text.chars().take(CHARACTERS).collect()).collect(),
        };
        fs::write(directory.join(VIEW), format!("{:#}\n", json!(view)))?;
        if way != Way::InContext {
            return made(&[VIEW], report.tokens);
        }
        // The last was cut to the budget: half a text is no example, unless there is no other.
        let whole = &texts[..texts.len() - usize::from(texts.len() > 1)];
        let context: String = whole.iter().map(|text| format!("{}\n\n", text.trim_end())).collect();
        fs::write(directory.join(CONTEXT), context)?;
        made(&[VIEW, CONTEXT], report.tokens)
    }

    fn alignment(&self, condition: usize, seed: u64, directory: &Path) -> Making {
        let study = &self.place.study;
        let of = |text: &str| self.place.base.condition(text).map(Source::Condition);
        let (source, target) = (of(&study.condition[condition].data)?, of(&study.target.alignment())?);
        let words = Words::of("align").option("source", &source).option("target", &target).option("seed", seed);
        let args = self.place.section(words, "alignment")?.align()?;
        let mut probing = Probing::open(self.common, &args.probe)?;
        probing.reading.template = self.template.clone();
        let samples = vec![probing.sample(&source)?, probing.sample(&target)?];
        let tokens = samples.iter().map(|sample| sample.tokens() as u64).sum();
        let baselines = samples.iter().map(|sample| probing.baselines(sample)).collect::<Result<Vec<_>, _>>()?;
        let Some(embedded) = probing.embed(self.common, samples, &self.stop)? else { return Err(Wrong::Stopped) };
        let mut all: Vec<_> = embedded.into_iter().zip(baselines).collect();
        let targets = all.split_off(1);
        let comparison = task2vec::compare(&all, &targets, args.how.resamples, seed);
        let pair = &comparison.pairs[0];
        let alignment = pair.alignment.as_ref().ok_or_else(|| usage("[alignment] batches: two are needed at least"))?;
        let diversity = comparison.diversity.get(&source.to_string()).copied().flatten();
        let others = task2vec::MEASURES.iter().filter(|(name, _)| *name != "alignment");
        let likeness = Likeness {
            alignment: alignment.value,
            alignment_interval: alignment.interval,
            diversity: diversity.as_ref().map(|diversity| diversity.value),
            diversity_interval: diversity.and_then(|diversity| diversity.interval),
            others: others.map(|(name, of)| ((*name).to_owned(), of(pair))).collect(),
        };
        fs::write(directory.join(ALIGNMENT), format!("{:#}\n", json!(likeness)))?;
        made(&[ALIGNMENT], tokens)
    }

    fn training(
        &self,
        model: usize,
        way: Way,
        condition: usize,
        seed: u64,
        (view, dev): (&Artifact, Option<PathBuf>),
        directory: &Path,
    ) -> Making {
        let (study, base) = (&self.place.study, &self.place.base);
        let plan = Plan {
            model: base.path_or_name(&study.model[model].model),
            data: base.condition(&study.condition[condition].data)?.to_string(),
            dev: dev.map_or(String::new(), |path| format!("aligned:{}", path.display())),
            seed,
            ..self.place.plan(self.common, way)?
        };
        let resume = directory.join("journal.jsonl").exists();
        let training = Training { plan: &plan, template: self.template, out: directory, resume, stop: &self.stop };
        let Some(card) = train(self.common, &training)? else { return Err(Wrong::Stopped) };
        let wanted: View = files::json_of(&view.file(VIEW))?;
        if card["data"]["sha256"].as_str() != Some(&wanted.sha256) {
            return Err(usage("the texts of the condition changed while the study was under way; run it again").into());
        }
        let mut curve = Curve::default();
        for entry in Journal::read(&directory.join("journal.jsonl")) {
            match entry {
                Entry::Step(step) => curve.training.push((step.step, step.loss)),
                Entry::Dev { step, dev_loss } => curve.dev.push((step, dev_loss)),
            }
        }
        fs::write(directory.join(CURVE), json!(curve).to_string() + "\n")?;
        let tokens = wanted.tokens * plan.epochs as u64;
        Ok(Made { files: files::trained(directory, CURVE)?, tokens, money: 0.0 })
    }

    /// Words that name a model with what it was taught; a template with what it is shown is written to the directory.
    fn taught(&self, words: Words, model: usize, lesson: Option<Lesson<'_>>, directory: &Path) -> Result<Words, Wrong> {
        let name = self.place.base.path_or_name(&self.place.study.model[model].model);
        let mut template = self.template.clone();
        let words = match lesson {
            Some(Lesson::Trained(training)) if training.file(files::MODEL).is_dir() => {
                words.option("model", training.file(files::MODEL).display())
            }
            Some(Lesson::Trained(training)) => {
                words.option("model", name).option("adapter", training.file(files::ADAPTER).display())
            }
            Some(Lesson::Shown(view)) => {
                template.context = fs::read_to_string(view.file(CONTEXT))?;
                words.option("model", name)
            }
            None => words.option("model", name),
        };
        let path = directory.join("template.toml");
        fs::write(&path, toml::to_string(&template).map_err(usage)?)?;
        Ok(words.option("template", path.display()))
    }

    fn samples(
        &self,
        model: usize,
        seed: u64,
        problems: &Path,
        lesson: Option<Lesson<'_>>,
        directory: &Path,
    ) -> Making {
        let out = directory.join("samples.jsonl");
        let about = &self.place.study.model[model];
        let mut words = Words::of("generate")
            .flag("resume")
            .option("data", problems.display())
            .option("seed", seed)
            .option("out", out.display());
        if about.chat {
            words = words.flag("chat");
        }
        for (name, value) in [("base-url", &about.base_url), ("api-key-env", &about.api_key_env)] {
            words = value.iter().fold(words, |words, value| words.option(name, value));
        }
        let words = self.place.section(self.taught(words, model, lesson, directory)?, "generate")?;
        match generate::answer(self.common, &words.generate()?, &self.stop)? {
            Exit::Success => write_answers(problems, &out, directory, (about.price_in, about.price_out)),
            Exit::Interrupted => Err(Wrong::Stopped),
            exit => {
                let why = "some answers could not be made; the next run asks for them again";
                Err(Failure::new(exit, why).into())
            }
        }
    }

    fn verdicts(&self, problems: &Path, answers: &Path, directory: &Path) -> Making {
        let problems = problems_of(problems)?;
        // One at a time: each asks Lean from all cores.
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        if started.is_none() {
            *started = Some(self.start_lean(&problems)?);
        }
        let lean = started.as_ref().and_then(Option::as_ref);
        write_verdicts(&problems, &files::scored(&problems, files::answers_of(answers)?, lean)?, directory)
    }

    fn start_lean(&self, problems: &[Problem]) -> Result<Option<Lean<'a>>, Failure> {
        let lean = Lean::start(self.common, &files::SIGNALS, problems, &self.lean.args(), false)?;
        Ok(lean.map(|lean| lean.until(self.stop.clone())))
    }

    fn losses(&self, model: usize, problems: &Path, lesson: Option<Lesson<'_>>, directory: &Path) -> Making {
        let out = directory.join(files::LOSSES);
        let words = Words::of("loss").option("data", problems.display()).option("out", out.display());
        let args = self.taught(words, model, lesson, directory)?.loss()?;
        let Some(report) = loss::measured(self.common, &args, &self.stop)? else { return Err(Wrong::Stopped) };
        made(&[files::LOSSES], report["loss"]["tokens"].as_u64().unwrap_or(0))
    }
}

/// A condition's examples, and their texts without what marks beginnings and ends.
fn drawn(data: &Data, encoder: &dyn Encoder, drawing: &Drawing) -> Result<(Drawn, Vec<String>), Failure> {
    let drawn = data.draw(encoder, drawing).map_err(usage)?;
    let marks = [encoder.begin(), encoder.end()];
    let text = |tokens: &[u32]| {
        let plain: Vec<u32> = tokens.iter().copied().filter(|token| !marks.contains(token)).collect();
        encoder.decode(&plain)
    };
    let texts = drawn.examples.iter().map(|example| text(&[&example.prompt[..], &example.target].concat())).collect();
    Ok((drawn, texts))
}
