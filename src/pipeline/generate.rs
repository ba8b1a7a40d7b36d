//! `generate`: prompts from problems, samples from a language model, lines for a file that `verify` and `eval` read. Owns
//! the seeds, the order of the lines and where an answer ends.

use super::prompting::{PromptError, prompt_tokens};
use crate::domain::Problem;
use crate::lean::first_declaration_end;
use crate::ml::decoder::Decoder;
use crate::ml::generation::{Finish, Limits, Prompt, Sample, generate};
use crate::ml::sampling::Sampling;
use crate::ml::tokenizer::Tokenizer;
use crate::prompts::{Pool, Strategy, Template};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What is asked of the model.
#[derive(Clone, Debug)]
pub struct Asking {
    pub template: Template,
    /// Examples in the prompt, and how they are chosen.
    pub shots: usize,
    pub strategy: Strategy,
    pub samples: usize,
    pub sampling: Sampling,
    pub max_tokens: usize,
    pub batch: usize,
    pub seed: u64,
}

/// A line of the output.
#[derive(Clone, Debug, Serialize)]
pub struct Line<'a> {
    /// The problem's.
    pub id: &'a str,
    /// What Lean is to judge.
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<&'a str>,
    /// Which sample of the problem, from 0.
    pub sample: usize,
    pub model: &'a str,
    /// Of this sample alone.
    pub seed: u64,
    pub prompt_sha256: &'a str,
    pub shots: Vec<&'a str>,
    pub prompt_tokens: usize,
    pub tokens: usize,
    pub finish_reason: &'static str,
}

/// A problem's prompt.
pub struct Asked<'a> {
    pub problem: &'a Problem,
    /// Ids of the examples in it.
    pub shots: Vec<&'a str>,
    pub sha256: String,
    pub prompt: Prompt,
}

/// The prompt of a problem. Examples are left out from the front until `room` tokens hold it.
pub fn asked<'a>(
    tokenizer: &Tokenizer,
    asking: &Asking,
    pool: Option<&Pool<'a>>,
    problem: &'a Problem,
    room: usize,
) -> Result<Asked<'a>, PromptError> {
    let chosen = pool.map(|pool| pool.choose(asking.strategy, problem, asking.shots, asking.seed)).unwrap_or_default();
    let mut shots = &chosen[..];
    let (text, tokens) = loop {
        let text = asking.template.prompt(shots, problem)?;
        let tokens = prompt_tokens(tokenizer, &text)?;
        if tokens.len() <= room || shots.is_empty() {
            break (text, tokens);
        }
        shots = &shots[1..];
    };
    let digest = Sha256::digest(&text);
    let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let seeds = (0..asking.samples).map(|sample| seed_of(asking.seed, &problem.id, sample)).collect();
    let shots = shots.iter().map(|shot| shot.id.as_str()).collect();
    Ok(Asked { problem, shots, sha256, prompt: Prompt { tokens, seeds } })
}

/// The seed of a sample: of the run's seed, the problem and the sample's number, so that it does not depend on what else
/// is generated.
fn seed_of(seed: u64, id: &str, sample: usize) -> u64 {
    let mut digest = Sha256::new();
    digest.update(seed.to_le_bytes());
    digest.update((sample as u64).to_le_bytes());
    digest.update(id);
    let digest = digest.finalize();
    u64::from_le_bytes(digest[..8].try_into().expect("a digest has more than eight bytes"))
}

/// The part of an answer that counts: up to the end of its first declaration or a text that ends it.
pub fn answer<'a>(text: &'a str, stop: &[String]) -> Option<&'a str> {
    let stops = stop.iter().filter_map(|stop| text.find(stop.as_str()));
    let end = stops.chain(first_declaration_end(text)).min()?;
    Some(&text[..end])
}

/// Generates all samples and gives their lines to `done` as they come, which ends generation by returning false.
pub fn run(
    decoder: &Decoder,
    tokenizer: &Tokenizer,
    model: &str,
    asking: &Asking,
    asked: &[Asked<'_>],
    done: &mut dyn FnMut(Line<'_>) -> bool,
) {
    let stop = &asking.template.stop;
    let stops = |tokens: &[u32]| answer(&tokenizer.decode(tokens), stop).is_some();
    let limits = Limits { tokens: asking.max_tokens, batch: asking.batch, ends: tokenizer.eos() };
    let prompts: Vec<Prompt> = asked.iter().map(|a| a.prompt.clone()).collect();
    generate(decoder, &prompts, &asking.sampling, &limits, &stops, &mut |sample: Sample| {
        let asked = &asked[sample.prompt];
        let text = tokenizer.decode(&sample.tokens);
        let code = match sample.finish {
            Finish::Stop => answer(&text, stop).unwrap_or(&text),
            Finish::EndOfText | Finish::Length => &text,
        };
        done(Line {
            id: &asked.problem.id,
            code: code.trim_end().to_owned(),
            header: asked.problem.header.as_deref(),
            sample: sample.sample,
            model,
            seed: asked.prompt.seeds[sample.sample],
            prompt_sha256: &asked.sha256,
            shots: asked.shots.clone(),
            prompt_tokens: asked.prompt.tokens.len(),
            tokens: sample.tokens.len(),
            finish_reason: sample.finish.as_str(),
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_with_its_declaration_or_a_stop() {
        let stop = vec!["Statement:".to_owned()];
        assert_eq!(answer("theorem a : True := by\n  triv", &stop), None);
        assert_eq!(answer("theorem a : True := by\n  trivial\nx ", &stop), Some("theorem a : True := by\n  trivial\n"));
        assert_eq!(answer("No Lean. Statement: b", &stop), Some("No Lean. "));
    }

    #[test]
    fn samples_have_seeds_of_their_own() {
        let seeds = [(1, "a", 0), (1, "a", 1), (1, "b", 0), (2, "a", 0)].map(|(seed, id, n)| seed_of(seed, id, n));
        assert_eq!(seeds.iter().collect::<std::collections::HashSet<_>>().len(), 4);
    }
}
