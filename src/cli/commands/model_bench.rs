//! `afcheck model bench`: how fast a model runs on this machine, for the figures of docs/benchmarks.md. Owns what is timed;
//! tokens are arbitrary, their number counts.

use super::models::{load_model, usage};
use crate::cli::args::Common;
use crate::cli::exit::{Exit, Failure};
use crate::metrics::Random;
use crate::ml::decoder::{Cache, Decoder, Kept, Sequence};
use crate::ml::loss::{Example, losses};
use crate::ml::sampling::Sampling;
use serde_json::json;
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
