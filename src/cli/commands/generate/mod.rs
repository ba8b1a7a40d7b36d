//! `afcheck generate`. Owns the order of what is read and opened, and the last words.

mod likeness;
mod output;
mod source;

use super::judged::start_engine;
use super::kept::with_results;
use super::models::{adapter_hash, read_problems, usage};
use crate::cli::args::{Common, Generate, SamplingArgs, ShotStrategy};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::CountProgress;
use crate::domain::{Mode, Problem};
use crate::engine::Engine;
use crate::generator::{Ends, Prices, Sampling, Settings};
use crate::pipeline::generate::{Asked, Asking, GenerateError, Prompting, Repairing, RunHash, Told, run as generate};
use crate::pipeline::verify::Judging;
use crate::prompts::{Choice, Pool, Strategy, Template};
use crate::runner;
use output::Output;
use serde_json::json;
pub use source::Source;
use std::collections::HashMap;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Runs the command.
pub fn run(common: &Common, args: &Generate) -> Result<Exit, Failure> {
    answer(common, args, &*super::stop_flag()?)
}

/// A generation with everything read that it needs.
pub struct Opened {
    pub problems: Vec<Problem>,
    pool: Vec<Problem>,
    pub template: Template,
    pub source: Source,
    shots: Choice,
    samples: usize,
    is_chat: bool,
    vectors: HashMap<String, Vec<f32>>,
    pool_vectors: Vec<Vec<f32>>,
    run: RunHash,
    settings: Settings,
}

impl Opened {
    /// Reads the problems and the model. `None` if `stop` was set.
    pub fn open(common: &Common, args: &Generate, stop: &AtomicBool) -> Result<Option<Opened>, Failure> {
        // What can be wrong with the arguments is found out before anything long begins.
        let sampling = sampling(&args.sampling)?;
        let shots = shots(args)?;
        let samples = if args.samples == 0 { return Err(usage("-n is at least 1")) } else { args.samples };
        let problems = read_problems(&args.data)?;
        let pool = pool_problems(args)?;
        let template = super::read_template(args.prompts.template.as_deref())?;
        let run = run_hash(args, &template, &sampling)?;
        let source = Source::open(common, args)?;
        let Some(vectors) = likeness::of(common, args, &source, shots.strategy, (&pool, &problems), stop)? else {
            return Ok(None);
        };
        let ends = Ends { texts: template.stop.clone(), is_lean: true };
        let settings = Settings { sampling, max_tokens: args.sampling.max_tokens, ends };
        let (is_chat, pool_vectors) = (args.prompts.chat, vectors.pool);
        let vectors = vectors.problems;
        Ok(Some(Opened {
            problems,
            pool,
            template,
            source,
            shots,
            samples,
            is_chat,
            vectors,
            pool_vectors,
            run,
            settings,
        }))
    }

    /// How problems become prompts.
    pub fn asking(&self) -> Asking<'_> {
        let context = self.source.generator().context();
        let room = context.map(|context| context.saturating_sub(self.settings.max_tokens));
        let Opened { template, is_chat, shots, samples, vectors, .. } = self;
        let (is_chat, shots, samples) = (*is_chat, *shots, *samples);
        let prompting = Prompting { template, is_chat, shots, samples, room, vectors };
        Asking { prompting, settings: self.settings.clone(), run: self.run.clone() }
    }

    /// The prompts of all problems.
    pub fn asked(&self) -> Result<Vec<Asked<'_>>, Failure> {
        let mut pool = Pool::new(&self.pool);
        if self.shots.strategy.needs_vectors() {
            pool = pool.with_vectors(self.pool_vectors.clone());
        }
        let pool = (self.shots.count > 0).then_some(&pool);
        let asking = self.asking();
        let generator = self.source.generator();
        let asked = self.problems.iter().map(|p| Asked::new(generator, &asking.prompting, pool, p).map_err(usage));
        asked.collect()
    }
}

/// As [`run`], until `stop` is set.
pub fn answer(common: &Common, args: &Generate, stop: &AtomicBool) -> Result<Exit, Failure> {
    let mode: Mode = args.repair.mode.parse().map_err(usage)?;
    let Some(opened) = Opened::open(common, args, stop)? else { return Ok(Exit::Interrupted) };
    let (source, asking) = (&opened.source, opened.asking());
    let generator = source.generator();
    let asked = opened.asked()?;
    // Only now, with nothing left that could be wrong: --overwrite empties the file.
    let (mut out, there) = Output::open(args)?;
    there.check(opened.run.as_str()).map_err(usage)?;
    let asked = asked.into_iter().map(|asked| {
        let is_there = there.of(&asked.problem.id);
        asked.without(is_there)
    });
    let asked: Vec<Asked<'_>> = asked.filter(|asked| !asked.samples.is_empty()).collect();
    let wanted: usize = asked.iter().map(|asked| asked.samples.len()).sum();
    if !common.quiet && there.count() > 0 {
        eprintln!("resumed         {} samples are there, {wanted} are left", there.count());
    }
    let mut showing = Showing::new(common, args, wanted);
    let begun = Instant::now();
    let mut failure = None;
    let mut on = |told: Told<'_>| {
        let written = showing.told(&told);
        if let Told::Line(line) = told {
            failure = serde_json::to_vec(&*line).map_err(io::Error::from).and_then(|line| out.write(line)).err();
        }
        written && failure.is_none()
    };
    let outcome = if args.repair.repair == 0 {
        generate(generator, &asking, &asked, None, stop, &mut on)
    } else {
        let lean = start_engine(common, &args.repair.lean)?;
        with_results(common, &lean.engine, lean.results, |reuse| {
            let worker = &lean.engine as &dyn Engine;
            let repairing = Repairing {
                asking: runner::Asking { worker, reuse, jobs: lean.jobs, stop },
                judging: Judging::by_default(mode),
                rounds: args.repair.repair,
            };
            generate(generator, &asking, &asked, Some(&repairing), stop, &mut on)
        })
    };
    out.finish()?;
    if let Some(error) = failure {
        return Err(Failure::new(Exit::Output, error));
    }
    showing.finish(common, args, source, begun.elapsed().as_secs_f64());
    match outcome {
        Err(error @ (GenerateError::Generator(_) | GenerateError::Judge(_))) => Err(Failure::new(Exit::NoModel, error)),
        Err(error @ GenerateError::Prompt(_)) => Err(usage(error)),
        Ok(()) if stop.load(Ordering::Relaxed) => Ok(Exit::Interrupted),
        Ok(()) if showing.failed > 0 => Ok(Exit::NoModel),
        Ok(()) => Ok(Exit::Success),
    }
}

/// Problems for examples: those with an informal statement.
fn pool_problems(args: &Generate) -> Result<Vec<Problem>, Failure> {
    if args.prompts.shots == 0 {
        return Ok(vec![]);
    }
    let data = crate::cli::args::ProblemData {
        set: args.prompts.shots_from.clone(),
        split: None,
        limit: None,
        fields: args.data.fields.clone(),
    };
    let mut problems = read_problems(&data)?;
    problems.retain(|problem| problem.informal.is_some());
    Ok(problems)
}

fn shots(args: &Generate) -> Result<Choice, Failure> {
    let strategy = match args.prompts.shots_by {
        ShotStrategy::Random => Strategy::Random,
        ShotStrategy::Bm25 => Strategy::Bm25,
        ShotStrategy::Embedding => Strategy::Embedding,
        ShotStrategy::Task2vec => Strategy::Task2vec,
        ShotStrategy::Concept => Strategy::Concept,
    };
    let diversity = args.prompts.diversity;
    if !(0.0..=1.0).contains(&diversity) || (diversity > 0.0 && !strategy.is_by_likeness()) {
        return Err(usage("--diversity is between 0 and 1, and goes with --shots-by bm25, embedding or task2vec"));
    }
    if args.prompts.shots_probe.is_some() && strategy != Strategy::Task2vec {
        return Err(usage("--shots-probe goes with --shots-by task2vec"));
    }
    Ok(Choice { strategy, count: args.prompts.shots, diversity, seed: args.sampling.seed })
}

fn sampling(args: &SamplingArgs) -> Result<Sampling, Failure> {
    let wrong = |what: &str| Err(usage(what));
    if !(args.temperature >= 0.0 && args.temperature.is_finite()) {
        return wrong("--temperature: a number from 0 up");
    }
    if !(args.top_p > 0.0 && args.top_p <= 1.0 && (0.0..=1.0).contains(&args.min_p)) {
        return wrong("--top-p is above 0 and up to 1, --min-p between 0 and 1");
    }
    if !(args.repetition_penalty > 0.0 && args.repetition_penalty.is_finite()) || args.top_k == Some(0) {
        return wrong("--repetition-penalty is above 0, --top-k at least 1");
    }
    if args.max_tokens == 0 {
        return wrong("--max-tokens is at least 1");
    }
    Ok(Sampling {
        temperature: args.temperature,
        top_k: args.top_k,
        top_p: args.top_p,
        min_p: args.min_p,
        repetition_penalty: args.repetition_penalty,
    })
}

/// Everything that decides what the lines are. The number of samples is not in it: more of them continue a run.
fn run_hash(args: &Generate, template: &Template, sampling: &Sampling) -> Result<RunHash, Failure> {
    let adapter = args.adapter.as_deref().map(adapter_hash).transpose()?;
    let prompts = &args.prompts;
    let shots = (prompts.shots > 0).then(|| {
        let mut shots = vec![
            json!(prompts.shots),
            json!(prompts.shots_from),
            json!(format!("{:?}", prompts.shots_by)),
            json!(prompts.diversity),
        ];
        shots.extend(prompts.shots_probe.as_ref().map(|probe| json!(probe)));
        shots
    });
    Ok(RunHash::of(&json!({
        "model": args.model,
        "adapter": adapter,
        "server": args.server.base_url,
        "template": template,
        "chat": prompts.chat,
        "shots": shots,
        "sampling": format!("{sampling:?}"),
        "max_tokens": args.sampling.max_tokens,
        "seed": args.sampling.seed,
        "repair": (args.repair.repair > 0).then(|| json!([args.repair.repair, args.repair.mode])),
    })))
}

/// What people see of a run.
struct Showing {
    progress: CountProgress,
    /// Show texts while they are written.
    is_streaming: bool,
    /// The sample whose text is on the screen.
    last: Option<(String, usize)>,
    samples: u64,
    failed: u64,
    /// Repaired ones: accepted at first, accepted at last.
    accepted: (u64, u64),
}

impl Showing {
    fn new(common: &Common, args: &Generate, wanted: usize) -> Self {
        let progress = CountProgress::new(common.quiet || args.stream, wanted as u64);
        Showing { progress, is_streaming: args.stream, last: None, samples: 0, failed: 0, accepted: (0, 0) }
    }

    fn told(&mut self, told: &Told<'_>) -> bool {
        match told {
            Told::Text { id, sample, text } if self.is_streaming => {
                if self.last.as_ref().is_none_or(|(last, number)| last != id || number != sample) {
                    let mark = if io::stderr().is_terminal() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
                    eprint!("\n{}{id} #{sample}{}\n", mark.0, mark.1);
                    self.last = Some(((*id).to_owned(), *sample));
                }
                eprint!("{text}");
            }
            Told::Text { .. } => {}
            Told::Line(line) => {
                self.progress.step(1);
                self.samples += 1;
                let accepted = |at: Option<&crate::pipeline::generate::Attempt>| {
                    u64::from(at.and_then(|a| a.judgement.as_ref()).is_some_and(|j| j.verdict == "accepted"))
                };
                self.accepted.0 += accepted(line.attempts.first());
                self.accepted.1 += accepted(line.attempts.last());
            }
            Told::Failed { id, sample, why } => {
                self.progress.step(1);
                self.failed += 1;
                eprintln!("warning: {id} #{sample}: {why}");
            }
        }
        true
    }

    fn finish(&self, common: &Common, args: &Generate, source: &Source, seconds: f64) {
        let (generator, is_remote) = (source.generator(), source.is_remote());
        self.progress.finish();
        if self.is_streaming {
            eprintln!();
        }
        if common.quiet {
            return;
        }
        let spent = generator.spent();
        let rate = spent.tokens as f64 / seconds;
        eprintln!("samples         {} in {seconds:.1} s", self.samples);
        eprintln!(
            "tokens          {} generated ({rate:.1} tokens/s), {} in prompts",
            spent.tokens, spent.prompt_tokens
        );
        if args.repair.repair > 0 && self.samples > 0 {
            let (first, last) = self.accepted;
            eprintln!("accepted        {first} at first, {last} after up to {} repairs", args.repair.repair);
        }
        if is_remote {
            eprintln!("requests        {} answered, {} sent again", spent.requests, spent.retries);
            let prices = Prices { input: args.server.price_in, output: args.server.price_out };
            if prices.input > 0.0 || prices.output > 0.0 {
                eprintln!("cost            {:.4}", prices.cost(&spent));
            }
        }
        if self.failed > 0 {
            eprintln!("failed          {} samples could not be made; run again with --resume", self.failed);
        }
    }
}
