//! `afcheck model bench`: how fast a model runs on this machine, for the figures of docs/benchmarks.md. Owns what is timed;
//! tokens are arbitrary, their number counts.

use super::models::{load_model, usage};
use crate::cli::args::Common;
use crate::cli::exit::{Exit, Failure};
use crate::metrics::Random;
use crate::ml::decoder::{Cache, Decoder, Kept, Sequence};
use crate::ml::loss::{Example, losses};
use crate::ml::probe::{Happening, Probe, Settings, Tuning};
use crate::ml::sampling::Sampling;
use crate::ml::train::Trainer;
use crate::pipeline::finetune::{MethodName, Plan};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::time::Instant;

/// How much is measured.
pub struct Size {
    /// Tokens of a prompt, and of a batch of losses twice as many.
    pub prompt: usize,
    pub tokens: usize,
    /// Sequences that tokens are generated for at a time.
    pub batch: usize,
    pub runs: usize,
    pub dense: bool,
}

/// Tokens of an example's prompt and target: the means of AfCore under Gemma 3.
const EXAMPLE: (usize, usize) = (40, 45);

/// Runs the command.
pub fn run(common: &Common, model: &str, size: &Size) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let loaded = load_model(common, model, if size.dense { Kept::Dense } else { Kept::AsStored })?;
    let load = begun.elapsed().as_secs_f64();
    let decoder = &loaded.decoder;
    if size.prompt.max(size.tokens) > decoder.spec.context {
        return Err(usage(format!(
            "the model reads {} tokens; --prompt and --tokens must not be more",
            decoder.spec.context
        )));
    }
    let words = loaded.tokenizer.encode("theorem add_comm (a b : Nat) : ", true).map_err(usage)?;
    decoded(decoder, &words, 1, 1);
    let first = begun.elapsed().as_secs_f64();
    let ids: Vec<u32> = (0..size.prompt as u32).map(|i| (i * 7919 + 13) % decoder.spec.vocabulary as u32).collect();
    let median = |tokens: usize, of: &dyn Fn()| {
        let mut rates: Vec<f64> = (0..size.runs).map(|_| tokens as f64 / seconds(of)).collect();
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    };
    let prefill = median(ids.len(), &|| {
        let mut cache = Cache::new(decoder.spec.layers, decoder.spec.kv_width());
        let hidden = decoder.hidden(&mut [Sequence { tokens: &ids, cache: &mut cache }]);
        decoder.scores(&hidden[hidden.len() - decoder.spec.width..]);
    });
    let decode = median(size.tokens * size.batch, &|| decoded(decoder, &ids[..1], size.tokens, size.batch));
    let (prompt, target) = EXAMPLE;
    let of = |i: usize| Example {
        prompt: ids.iter().cycle().skip(i).take(prompt).copied().collect(),
        target: ids.iter().cycle().skip(2 * i).take(target).copied().collect(),
    };
    let examples: Vec<Example> = (0..(2 * size.prompt).div_ceil(prompt + target)).map(of).collect();
    let examples: Vec<&Example> = examples.iter().collect();
    let scored = median(examples.len() * (prompt + target), &|| drop(losses(decoder, &examples)));
    let report = json!({
        "model": loaded.name,
        "threads": rayon::current_num_threads(),
        "load_s": load,
        "first_token_s": first,
        "prefill_tokens_per_s": prefill,
        "decode_tokens_per_s": decode,
        "loss_tokens_per_s": scored,
    });
    super::print(&format!("{report:#}\n"))
}

/// Steps of training on arbitrary tokens, 4 examples of 128 of which the last `targets` are to be predicted.
pub fn train(common: &Common, model: &str, method: &str, targets: usize, runs: usize) -> Result<Exit, Failure> {
    const BATCH: usize = 4;
    const LENGTH: usize = 128;
    let begun = Instant::now();
    let mut loaded = load_model(common, model, Kept::Dense)?;
    let spec = loaded.decoder.spec.clone();
    let method = if method == "lora" { MethodName::Lora } else { MethodName::Full };
    let plan = Plan { method, batch: BATCH, learning_rate: 1e-4, ..Plan::default() };
    if method == MethodName::Lora {
        let adapter = plan.lora().begun(&spec, 1, None);
        loaded.decoder.adapt(&adapter);
    }
    let token = |i: usize, b: usize| ((i * 7919 + 13 + b * 101) % spec.vocabulary) as u32;
    let examples: Vec<Example> = (0..BATCH)
        .map(|b| {
            let tokens: Vec<u32> = (0..=LENGTH).map(|i| token(i, b)).collect();
            let (prompt, target) = tokens.split_at(LENGTH + 1 - targets.min(LENGTH));
            Example { prompt: prompt.to_vec(), target: target.to_vec() }
        })
        .collect();
    let settings = Plan { epochs: runs + 1, ..plan }.settings(&spec, runs + 1).map_err(usage)?;
    let mut trainer = Trainer::new(&mut loaded.decoder, &examples, settings);
    let mut rates = Vec::new();
    let (mut first, mut loss) = (0.0, 0.0);
    for step in 0..=runs {
        let started = Instant::now();
        loss = trainer.advance().map_err(usage)?.loss;
        match step {
            0 => first = begun.elapsed().as_secs_f64(),
            _ => rates.push((BATCH * LENGTH) as f64 / started.elapsed().as_secs_f64()),
        }
    }
    rates.sort_by(f64::total_cmp);
    let report = json!({
        "model": loaded.name,
        "threads": rayon::current_num_threads(),
        "first_step_s": first,
        "tokens_per_s": rates[rates.len() / 2],
        "loss": loss,
        "peak_gb": super::peak_memory().map(|bytes| bytes as f64 / 1e9),
    });
    super::print(&format!("{report:#}\n"))
}

/// One task embedding of the token lists in a file.
pub fn embed(common: &Common, model: &str, file: &Path, epochs: usize, draws: usize) -> Result<Exit, Failure> {
    let wrong = |e: &dyn std::fmt::Display| usage(format!("{}: {e}", file.display()));
    let text = fs::read_to_string(file).map_err(|e| wrong(&e))?;
    let texts: Vec<Vec<u32>> = serde_json::from_str(&text).map_err(|e| wrong(&e))?;
    let loaded = load_model(common, model, Kept::DenseButWords)?;
    let vocabulary = loaded.decoder.spec.vocabulary;
    if texts.is_empty() || texts.iter().any(|text| text.len() < 2 || text.iter().any(|t| *t as usize >= vocabulary)) {
        return Err(wrong(&format!("lists of two tokens or more, each below {vocabulary}")));
    }
    let default = Settings::default();
    let settings = Settings { tuning: Tuning { epochs, ..default.tuning }, draws, ..default };
    let mut probe = Probe::new(loaded.decoder, settings);
    let begun = Instant::now();
    let (mut tuning, mut last) = (0.0, f64::NAN);
    let found = probe.embed(&texts, 1, &mut |happening| {
        if let Happening::Tuned { loss } = happening {
            (tuning, last) = (begun.elapsed().as_secs_f64(), loss);
        }
        true
    });
    let found = found.expect("nobody stopped it");
    let report = json!({
        "model": loaded.name,
        "threads": rayon::current_num_threads(),
        "seconds": begun.elapsed().as_secs_f64(),
        "tuning_s": tuning,
        "loss": last,
        // Of the rows behind those of the vectors of words.
        "sum": found[vocabulary..].iter().map(|x| f64::from(*x)).sum::<f64>(),
        "peak_gb": super::peak_memory().map(|bytes| bytes as f64 / 1e9),
    });
    super::print(&format!("{report:#}\n"))
}

fn seconds(of: &dyn Fn()) -> f64 {
    let begun = Instant::now();
    of();
    begun.elapsed().as_secs_f64()
}

/// Generates `tokens` tokens, always the most probable, behind a prompt in each of `batch` sequences.
fn decoded(decoder: &Decoder, prompt: &[u32], tokens: usize, batch: usize) {
    let spec = &decoder.spec;
    let mut random = Random::new(1);
    let mut caches: Vec<Cache> = (0..batch).map(|_| Cache::new(spec.layers, spec.kv_width())).collect();
    let mut next = vec![prompt.to_vec(); batch];
    for _ in 0..tokens {
        let mut sequences: Vec<Sequence<'_>> =
            next.iter().zip(&mut caches).map(|(tokens, cache)| Sequence { tokens, cache }).collect();
        let hidden = decoder.hidden(&mut sequences);
        let last: Vec<f32> =
            hidden.chunks(hidden.len() / batch).flat_map(|h| &h[h.len() - spec.width..]).copied().collect();
        let mut scores = decoder.scores(&last);
        let chosen = scores.chunks_mut(spec.vocabulary).map(|s| vec![Sampling::GREEDY.choose(s, &[], &mut random)]);
        next = chosen.collect();
    }
}
