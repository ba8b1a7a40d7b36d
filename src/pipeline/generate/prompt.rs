//! Problems as prompts: which examples, how many fit, and the seeds of the samples. Owns what a prompt's hash is of.

use crate::domain::Problem;
use crate::generator::{Ask, Generator, Message, Prompt, Role};
use crate::pipeline::prompting::PromptError;
use crate::prompts::{Choice, Pool, Template};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// How problems become prompts.
#[derive(Clone, Debug)]
pub struct Prompting<'a> {
    pub template: &'a Template,
    /// Ask by a conversation, not by text to be continued.
    pub is_chat: bool,
    pub shots: Choice,
    /// Samples of each problem.
    pub samples: usize,
    /// Tokens left for the prompt, where the generator can count them.
    pub room: Option<usize>,
    /// Vectors of the problems' informal statements by id, for examples chosen by them.
    pub vectors: &'a HashMap<String, Vec<f32>>,
}

/// A problem's prompt.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    pub problem: &'a Problem,
    /// Ids of the examples in it.
    pub shots: Vec<&'a str>,
    pub prompt: Prompt,
    /// SHA-256 of the prompt.
    pub sha256: String,
    /// Which samples are asked for: all, or what an interrupted run left.
    pub samples: Vec<usize>,
    /// Of each of these its seed.
    pub seeds: Vec<u64>,
}

impl<'a> Asked<'a> {
    /// The prompt of a problem. Examples are left out from the front until it fits.
    pub fn new(
        generator: &dyn Generator,
        prompting: &Prompting<'_>,
        pool: Option<&Pool<'a>>,
        problem: &'a Problem,
    ) -> Result<Asked<'a>, PromptError> {
        let vector = prompting.vectors.get(&problem.id).map(Vec::as_slice);
        let chosen = pool.map(|pool| pool.choose(&prompting.shots, problem, vector)).unwrap_or_default();
        let mut shots = &chosen[..];
        let prompt = loop {
            let prompt = prompting.prompt(shots, problem)?;
            match (prompting.room, generator.count(&prompt)?) {
                (Some(room), Some(tokens)) if tokens > room => match shots.split_first() {
                    Some((_, rest)) => shots = rest,
                    None => return Err(PromptError::TooLong { id: problem.id.clone(), tokens, room }),
                },
                _ => break prompt,
            }
        };
        let samples: Vec<usize> = (0..prompting.samples).collect();
        let seeds = samples.iter().map(|sample| seed_of(prompting.shots.seed, &problem.id, *sample, 0)).collect();
        let shots = shots.iter().map(|shot| shot.id.as_str()).collect();
        let sha256 = hash(&prompt);
        Ok(Asked { problem, shots, prompt, sha256, samples, seeds })
    }

    /// Leaves out the samples that are there already.
    pub fn without(mut self, there: &[usize]) -> Self {
        let kept: Vec<usize> = (0..self.samples.len()).filter(|at| !there.contains(&self.samples[*at])).collect();
        self.seeds = kept.iter().map(|at| self.seeds[*at]).collect();
        self.samples = kept.iter().map(|at| self.samples[*at]).collect();
        self
    }

    /// What the generator is asked.
    pub fn ask(&self) -> Ask {
        Ask { prompt: self.prompt.clone(), seeds: self.seeds.clone() }
    }
}

impl Prompting<'_> {
    fn prompt(&self, shots: &[&Problem], problem: &Problem) -> Result<Prompt, PromptError> {
        if !self.is_chat {
            return Ok(Prompt::Text(self.template.prompt(shots, problem)?));
        }
        let system = Some(self.template.system(problem)?).filter(|text| !text.is_empty());
        let mut messages: Vec<Message> =
            system.into_iter().map(|content| Message { role: Role::System, content }).collect();
        for turn in self.template.turns(shots, problem)? {
            messages.push(Message { role: Role::User, content: turn.user });
            messages.extend(turn.assistant.map(|content| Message { role: Role::Assistant, content }));
        }
        Ok(Prompt::Chat(messages))
    }
}

/// SHA-256 of a prompt's text, of a conversation with the names of those who speak.
fn hash(prompt: &Prompt) -> String {
    let mut digest = Sha256::new();
    match prompt {
        Prompt::Text(text) => digest.update(text),
        Prompt::Chat(messages) => messages.iter().for_each(|message| {
            digest.update(message.role.as_str());
            digest.update([0]);
            digest.update(&message.content);
            digest.update([0]);
        }),
    }
    hex(&digest.finalize())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The seed of a sample: of the run's seed, the problem, the sample's number and the round of repair, so that it does not
/// depend on what else is generated. It has 31 bits: some servers know no more.
pub fn seed_of(seed: u64, id: &str, sample: usize, round: usize) -> u64 {
    let mut digest = Sha256::new();
    for number in [seed, sample as u64, round as u64] {
        digest.update(number.to_le_bytes());
    }
    digest.update(id);
    let digest = digest.finalize();
    u64::from_le_bytes(digest[..8].try_into().expect("a digest has more than eight bytes")) >> 33
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_have_seeds_of_their_own() {
        let all = [(1, "a", 0, 0), (1, "a", 1, 0), (1, "b", 0, 0), (2, "a", 0, 0), (1, "a", 0, 1)];
        let seeds = all.map(|(seed, id, sample, round)| seed_of(seed, id, sample, round));
        assert_eq!(seeds.iter().collect::<std::collections::HashSet<_>>().len(), 5);
        assert!(seeds.iter().all(|seed| *seed < 1 << 31));
    }
}
