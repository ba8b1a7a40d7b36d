//! `afcheck generate`.

use super::models::{load_model, read_problems, read_template, usage};
use crate::cli::args::{Common, Generate, ShotStrategy};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::CountProgress;
use crate::ml::decoder::Kept;
use crate::ml::sampling::Sampling;
use crate::pipeline::generate::{Asking, asked, run as generate};
use crate::prompts::{Pool, Strategy};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Runs the command.
pub fn run(common: &Common, args: &Generate) -> Result<Exit, Failure> {
    let sampling = sampling(args)?;
    let mut problems = read_problems(&args.data, &args.data_field, args.split.as_deref(), args.limit)?;
    let pool_problems =
        if args.shots > 0 { read_problems(&args.shots_from, &args.data_field, None, None)? } else { vec![] };
    let template = read_template(args.template.as_deref())?;
    let mut out = Output::open(args, &mut problems)?;
    let all = problems.len();
    let model = load_model(common, &args.model, Kept::AsStored)?;
    let room = model.decoder.spec.context.saturating_sub(args.max_tokens);
    let asking = Asking {
        template,
        shots: args.shots,
        strategy: match args.shots_by {
            ShotStrategy::Random => Strategy::Random,
            ShotStrategy::Bm25 => Strategy::Bm25,
            ShotStrategy::Concept => Strategy::Concept,
        },
        samples: args.samples,
        sampling,
        max_tokens: args.max_tokens,
        batch: args.batch,
        seed: args.seed,
    };
    let pool = (args.shots > 0).then(|| Pool::new(&pool_problems));
    let mut prompts = Vec::with_capacity(all);
    for problem in &problems {
        let asked = asked(&model.tokenizer, &asking, pool.as_ref(), problem, room).map_err(usage)?;
        let tokens = asked.prompt.tokens.len();
        if tokens > room {
            let context = model.decoder.spec.context;
            return Err(usage(format!(
                "the prompt of `{}` has {tokens} tokens; with --max-tokens {} the model's {context} leave room for {room}",
                problem.id, args.max_tokens
            )));
        }
        prompts.push(asked);
    }
    let stop = super::stop_flag()?;
    let progress = CountProgress::new(common.quiet, (all * args.samples) as u64);
    let (begun, mut tokens, mut failure) = (Instant::now(), 0, None);
    generate(&model.decoder, &model.tokenizer, &model.name, &asking, &prompts, &mut |line| {
        tokens += line.tokens;
        progress.step(1);
        failure = serde_json::to_string(&line).map_err(io::Error::from).and_then(|line| out.write(&line)).err();
        failure.is_none() && !stop.load(Ordering::Relaxed)
    });
    progress.finish();
    if let Some(error) = failure {
        return Err(Failure::new(Exit::Output, error));
    }
    if !common.quiet {
        let seconds = begun.elapsed().as_secs_f64();
        eprintln!("generated       {tokens} tokens in {seconds:.1} s ({:.1} tokens/s)", tokens as f64 / seconds);
    }
    Ok(if stop.load(Ordering::Relaxed) { Exit::Interrupted } else { Exit::Success })
}

fn sampling(args: &Generate) -> Result<Sampling, Failure> {
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
    if args.samples == 0 || args.max_tokens == 0 {
        return wrong("-n and --max-tokens are at least 1");
    }
    Ok(Sampling {
        temperature: args.temperature,
        top_k: args.top_k,
        top_p: args.top_p,
        min_p: args.min_p,
        repetition_penalty: args.repetition_penalty,
    })
}

/// Where samples go: a file that is appended to line by line, or standard output.
struct Output {
    file: Option<File>,
}

/// The part of a line that resuming needs.
#[derive(Deserialize)]
struct Written {
    id: String,
    sample: usize,
}

impl Output {
    /// Opens the output and, to resume, takes the problems off the list whose samples are all there. Samples of others are
    /// made again and their lines dropped, so that every sample is there once.
    fn open(args: &Generate, problems: &mut Vec<crate::domain::Problem>) -> Result<Output, Failure> {
        let Some(path) = &args.out else { return Ok(Output { file: None }) };
        let output = |e: io::Error| Failure::new(Exit::Output, format!("{}: {e}", path.display()));
        let is_there = fs::metadata(path).is_ok_and(|m| m.len() > 0);
        if is_there && !args.resume && !args.overwrite {
            return Err(usage(format!(
                "{} has samples already: --resume continues, --overwrite replaces",
                path.display()
            )));
        }
        if is_there && args.resume {
            let kept = complete(path, args.samples).map_err(output)?;
            problems.retain(|problem| !kept.iter().any(|(id, _)| *id == problem.id));
            let lines: Vec<String> = kept.into_iter().flat_map(|(_, lines)| lines).collect();
            let temporary = path.with_extension("resumed");
            fs::write(&temporary, lines.concat()).and_then(|()| fs::rename(&temporary, path)).map_err(output)?;
        }
        let file = OpenOptions::new().create(true).append(args.resume).write(true).truncate(!args.resume).open(path);
        Ok(Output { file: Some(file.map_err(output)?) })
    }

    fn write(&mut self, line: &str) -> io::Result<()> {
        let line = format!("{line}\n");
        match &mut self.file {
            Some(file) => file.write_all(line.as_bytes()),
            None => io::stdout().lock().write_all(line.as_bytes()),
        }
    }
}

/// Problems of an earlier run with all their samples, in order, with their lines.
fn complete(path: &Path, samples: usize) -> io::Result<Vec<(String, Vec<String>)>> {
    let text = fs::read_to_string(path)?;
    let mut order: Vec<String> = Vec::new();
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
        let Ok(Written { id, sample }) = serde_json::from_str(line) else { continue };
        let lines = found.entry(id.clone()).or_default();
        if lines.is_empty() {
            order.push(id);
        }
        if sample < samples {
            lines.push(line.to_owned());
        }
    }
    Ok(order
        .into_iter()
        .filter_map(|id| found.remove(&id).map(|lines| (id, lines)))
        .filter(|(_, l)| l.len() == samples)
        .collect())
}
