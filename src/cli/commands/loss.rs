//! `afcheck loss`.

use super::models::{dimension, load_model, read_problems, read_template, usage};
use crate::cli::args::{Common, Loss};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::CountProgress;
use crate::ml::decoder::Kept;
use crate::pipeline::loss::{Line, Mean, example, grouped, measure};
use serde_json::{Map, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

/// Runs the command.
pub fn run(common: &Common, args: &Loss) -> Result<Exit, Failure> {
    let problems = read_problems(&args.data, &args.data_field, args.split.as_deref(), args.limit)?;
    let by = args.by.iter().map(|name| dimension(name)).collect::<Result<Vec<_>, _>>()?;
    let template = read_template(args.template.as_deref())?;
    let output = |e: std::io::Error| Failure::new(Exit::Output, e);
    let out = args.out.as_deref().map(|path| File::create(path).map_err(output)).transpose()?;
    let model = load_model(common, &args.model, Kept::Dense)?;
    let examples = problems.iter().map(|problem| example(&model.tokenizer, &template, problem).map_err(usage));
    let examples = examples.collect::<Result<Vec<_>, _>>()?;
    for (problem, example) in problems.iter().zip(&examples) {
        let tokens = example.prompt.len() + example.target.len();
        if example.target.is_empty() {
            return Err(usage(format!("problem `{}` has an empty reference: its loss is not defined", problem.id)));
        }
        if tokens > model.decoder.spec.context {
            let context = model.decoder.spec.context;
            return Err(usage(format!("problem `{}` takes {tokens} tokens, the model reads {context}", problem.id)));
        }
    }
    let stop = super::stop_flag()?;
    let progress = CountProgress::new(common.quiet, examples.len() as u64);
    let begun = Instant::now();
    let losses = measure(&model.decoder, &examples, &stop, &mut |count| progress.step(count));
    progress.finish();
    let Some(losses) = losses else { return Ok(Exit::Interrupted) };
    if let Some(file) = out {
        let mut file = BufWriter::new(file);
        for ((problem, loss), example) in problems.iter().zip(&losses).zip(&examples) {
            let line = Line {
                id: &problem.id,
                loss: loss.nats / loss.tokens as f64,
                nats: loss.nats,
                tokens: loss.tokens,
                prompt_tokens: example.prompt.len() as u64,
            };
            serde_json::to_writer(&mut file, &line).map_err(|e| output(e.into()))?;
            file.write_all(b"\n").map_err(output)?;
        }
        file.flush().map_err(output)?;
    }
    let mean = Mean::of(&losses, args.seed).ok_or_else(|| usage(format!("{} has no problems", args.data)))?;
    let mut groups = Map::new();
    for (name, of) in by {
        let of = |at: usize| of(&problems[at].groups).as_deref();
        groups.insert(name.to_owned(), json!(grouped(&losses, of, args.seed)));
    }
    if !common.quiet {
        let tokens: usize = examples.iter().map(|e| e.prompt.len() + e.target.len()).sum();
        let seconds = begun.elapsed().as_secs_f64();
        let (low, high) = mean.interval.unwrap_or((mean.loss, mean.loss));
        eprintln!("problems        {}", mean.examples);
        eprintln!(
            "loss            {:.4} nats per token of the reference (95 % interval {low:.4} to {high:.4})",
            mean.loss
        );
        eprintln!("perplexity      {:.2} over all {} tokens of references", mean.perplexity, mean.tokens);
        eprintln!("throughput      {:.0} tokens/s in {seconds:.1} s", tokens as f64 / seconds);
    }
    let report = json!({
        "schema": "afcheck.loss/1",
        "model": model.name,
        "data": args.data,
        "loss": mean,
        "by": groups,
    });
    super::print(&format!("{report:#}\n"))
}
