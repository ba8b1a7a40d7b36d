//! `afcheck loss`.

use super::models::{dimension, load_adapted, read_problems, usage};
use crate::cli::args::{Common, Loss};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::CountProgress;
use crate::dataset::{ReadOptions, Records};
use crate::domain::Problem;
use crate::ml::decoder::Kept;
use crate::pipeline::loss::{Line, Mean, Scored, example, grouped, measure, ranks};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Runs the command.
pub fn run(common: &Common, args: &Loss) -> Result<Exit, Failure> {
    match measured(common, args, &*super::stop_flag()?)? {
        Some(report) => super::print(&format!("{report:#}\n")),
        None => Ok(Exit::Interrupted),
    }
}

/// What the command prints, with the lines of `--out` written; nothing if `stop` was set.
pub fn measured(common: &Common, args: &Loss, stop: &AtomicBool) -> Result<Option<Value>, Failure> {
    let problems = read_problems(&args.data)?;
    let scored = match &args.predictions {
        Some(file) => predictions(file, &problems, common)?,
        None => (0..problems.len()).map(|problem| Scored { problem, sample: None, text: None }).collect(),
    };
    let by = args.by.iter().map(|name| dimension(name)).collect::<Result<Vec<_>, _>>()?;
    let template = super::read_template(args.template.as_deref())?;
    let output = |e: std::io::Error| Failure::new(Exit::Output, e);
    let out = args.out.as_deref().map(|path| File::create(path).map_err(output)).transpose()?;
    let model = load_adapted(common, &args.model, args.adapter.as_deref(), Kept::Dense)?;
    let examples = scored.iter().map(|scored| {
        let text = scored.text.as_deref();
        example(&model.tokenizer, &template, &problems[scored.problem], text).map_err(usage)
    });
    let examples = examples.collect::<Result<Vec<_>, _>>()?;
    for (scored, example) in scored.iter().zip(&examples) {
        let (id, tokens) = (&problems[scored.problem].id, example.prompt.len() + example.target.len());
        if example.target.is_empty() {
            return Err(usage(format!("problem `{id}` has an empty text: its loss is not defined")));
        }
        if tokens > model.decoder.spec.context {
            let context = model.decoder.spec.context;
            return Err(usage(format!("problem `{id}` takes {tokens} tokens, the model reads {context}")));
        }
    }
    let progress = CountProgress::new(common.quiet, examples.len() as u64);
    let begun = Instant::now();
    let losses = measure(&model.decoder, &examples, stop, &mut |count| progress.step(count));
    progress.finish();
    let Some(losses) = losses else { return Ok(None) };
    if let Some(file) = out {
        let mut file = BufWriter::new(file);
        let ranks = args.predictions.as_ref().map(|_| ranks(&scored, &losses));
        for (at, (scored, loss)) in scored.iter().zip(&losses).enumerate() {
            let line = Line {
                id: &problems[scored.problem].id,
                sample: scored.sample,
                rank: ranks.as_ref().map(|ranks| ranks[at]),
                loss: loss.nats / loss.tokens as f64,
                nats: loss.nats,
                tokens: loss.tokens,
                prompt_tokens: examples[at].prompt.len() as u64,
            };
            serde_json::to_writer(&mut file, &line).map_err(|e| output(e.into()))?;
            file.write_all(b"\n").map_err(output)?;
        }
        file.flush().map_err(output)?;
    }
    let mean = Mean::of(&losses, args.seed)
        .ok_or_else(|| usage(format!("{} has no problems with a text to score", args.data.set)))?;
    let mut groups = Map::new();
    for (name, of) in by {
        let of = |at: usize| of(&problems[scored[at].problem].groups).as_deref();
        groups.insert(name.to_owned(), json!(grouped(&losses, of, args.seed)));
    }
    if !common.quiet {
        let tokens: usize = examples.iter().map(|e| e.prompt.len() + e.target.len()).sum();
        let seconds = begun.elapsed().as_secs_f64();
        let (low, high) = mean.interval.unwrap_or((mean.loss, mean.loss));
        eprintln!("texts           {}", mean.examples);
        eprintln!("loss            {:.4} nats per token (95 % interval {low:.4} to {high:.4})", mean.loss);
        eprintln!("perplexity      {:.2} over all {} tokens", mean.perplexity, mean.tokens);
        eprintln!("throughput      {:.0} tokens/s in {seconds:.1} s", tokens as f64 / seconds);
    }
    Ok(Some(json!({
        "schema": "afcheck.loss/1",
        "model": model.name,
        "data": args.data.set,
        "predictions": args.predictions,
        "loss": mean,
        "by": groups,
    })))
}

/// The predictions of a file, each with its problem. Those for other problems are counted and left out.
fn predictions(file: &str, problems: &[Problem], common: &Common) -> Result<Vec<Scored>, Failure> {
    let places: HashMap<&str, usize> = problems.iter().enumerate().map(|(at, p)| (p.id.as_str(), at)).collect();
    let mut counts = vec![0; problems.len()];
    let (mut scored, mut others, mut empty) = (Vec::new(), 0, 0);
    for record in Records::open(file, ReadOptions::default()).map_err(usage)? {
        let record = record.map_err(usage)?.map_err(usage)?;
        let Some(problem) = places.get(record.id.as_str()).copied() else {
            others += 1;
            continue;
        };
        counts[problem] += 1;
        if record.code.trim().is_empty() {
            empty += 1;
            continue;
        }
        scored.push(Scored { problem, sample: Some(counts[problem] - 1), text: Some(record.code) });
    }
    if !common.quiet && others + empty > 0 {
        eprintln!("note: {others} predictions are for other problems, {empty} are empty: they have no loss");
    }
    Ok(scored)
}
