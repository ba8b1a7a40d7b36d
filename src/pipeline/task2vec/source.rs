//! Where batches come from: a data condition, or one of the two bounds. Owns how batches are sampled.

use crate::metrics::Random;
use crate::pipeline::conditions::{
    Condition, Data, DataError, DrawError, Drawing, Encoder, Reading, SpecError, TooLong,
};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// Something that texts are sampled from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    Condition(Condition),
    /// Tokens drawn uniformly from the vocabulary: the most diverse there is.
    Uniform,
    /// One token, repeated: the least diverse there is.
    Constant,
}

impl FromStr for Source {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Source, SpecError> {
        Ok(match text {
            "bound:uniform" => Source::Uniform,
            "bound:constant" => Source::Constant,
            condition => Source::Condition(condition.parse()?),
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Condition(condition) => condition.fmt(f),
            Source::Uniform => f.write_str("bound:uniform"),
            Source::Constant => f.write_str("bound:constant"),
        }
    }
}

/// How batches are sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sampling {
    pub batches: usize,
    /// Texts of a batch.
    pub batch_size: usize,
    /// Tokens of a text at most; longer ones lose their end.
    pub seq_len: usize,
    pub seed: u64,
}

/// Texts that are embedded together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Of all that is drawn for it.
    pub seed: u64,
    /// Tokens, two or more of each text.
    pub texts: Vec<Vec<u32>>,
}

/// The batches of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub source: String,
    pub batches: Vec<Batch>,
    /// Texts there are to draw from; `None` for a bound, which has no end.
    pub documents: Option<usize>,
    /// SHA-256 of each pool's texts.
    pub sha256: Vec<String>,
}

/// Why a source has no batches.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Draw(#[from] DrawError),
}

impl Sampling {
    /// The seed of a batch: each has its own, so that batches are independent of each other.
    fn seed_of(&self, batch: usize) -> u64 {
        Random::new(self.seed ^ (batch as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).next_u64()
    }
}

impl Source {
    /// Samples batches. Each is drawn on its own from all of the source, without replacement within a batch as long as there are
    /// texts enough.
    pub fn sample(
        &self,
        reading: &Reading,
        encoder: &dyn Encoder,
        vocabulary: usize,
        sampling: Sampling,
    ) -> Result<Sample, SampleError> {
        if let Source::Condition(condition) = self {
            return Ok(sample(&Data::read(condition, reading)?, encoder, sampling)?);
        }
        let same = Random::new(sampling.seed).below(vocabulary as u64) as u32;
        let batch = |at| {
            let seed = sampling.seed_of(at);
            let mut random = Random::new(seed);
            let mut token = || match self {
                Source::Uniform => random.below(vocabulary as u64) as u32,
                _ => same,
            };
            let texts = (0..sampling.batch_size).map(|_| (0..sampling.seq_len).map(|_| token()).collect()).collect();
            Batch { seed, texts }
        };
        let batches = (0..sampling.batches).map(batch).collect();
        Ok(Sample { source: self.to_string(), batches, documents: None, sha256: vec![] })
    }
}

/// Samples batches of data that were read.
pub fn sample(data: &Data, encoder: &dyn Encoder, sampling: Sampling) -> Result<Sample, DrawError> {
    let Sampling { batches, batch_size, seq_len, .. } = sampling;
    let mut sample = Sample { source: data.condition.clone(), batches: vec![], documents: Some(0), sha256: vec![] };
    for at in 0..batches {
        let seed = sampling.seed_of(at);
        // Texts lose their end alone: without the token that texts begin with, a network says nothing sensible. So they are drawn
        // whole, by a budget that grows until it holds the batch; the last example drawn may have been cut to it.
        let mut budget = (batch_size * seq_len) as u64;
        let drawn = loop {
            let drawing = Drawing { seed, budget: Some(budget), context: None, too_long: TooLong::Cut };
            let drawn = data.draw(encoder, &drawing)?;
            if drawn.examples.len() > batch_size {
                break drawn;
            }
            budget *= 2;
        };
        if at == 0 {
            sample.documents = Some(drawn.report.pools.iter().map(|pool| pool.documents).sum());
            sample.sha256 = drawn.report.pools.into_iter().map(|pool| pool.sha256).collect();
        }
        let texts = drawn.examples.into_iter().take(batch_size).map(|example| {
            let mut text = [example.prompt, example.target].concat();
            text.truncate(seq_len);
            text
        });
        let texts = texts.collect();
        sample.batches.push(Batch { seed, texts });
    }
    Ok(sample)
}

impl Sample {
    /// Tokens of all batches.
    pub fn tokens(&self) -> usize {
        self.batches.iter().flat_map(|batch| &batch.texts).map(Vec::len).sum()
    }

    /// Different texts, at most `most`, in the order in which they were drawn.
    pub fn distinct(&self, most: usize) -> Vec<&[u32]> {
        let mut seen = std::collections::HashSet::new();
        let texts = self.batches.iter().flat_map(|batch| &batch.texts).map(Vec::as_slice);
        texts.filter(|text| seen.insert(*text)).take(most).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::conditions::Words;

    const SAMPLING: Sampling = Sampling { batches: 3, batch_size: 16, seq_len: 12, seed: 1 };

    fn of(source: &str) -> Sample {
        let source: Source = source.parse().expect(source);
        source.sample(&Reading::default(), &Words::default(), 1000, SAMPLING).expect("batches")
    }

    #[test]
    fn batches_are_as_large_as_asked_for_and_drawn_apart() {
        for name in ["formal:afcore:dev", "bound:uniform", "0.5*informal:afcore:dev+0.5*formal:afcore:dev"] {
            let sample = of(name);
            let sizes: Vec<usize> = sample.batches.iter().map(|batch| batch.texts.len()).collect();
            assert_eq!(sizes, [16; 3], "{name}");
            assert!(sample.batches.iter().flat_map(|b| &b.texts).all(|text| (2..=12).contains(&text.len())), "{name}");
            assert_ne!(sample.batches[0].texts, sample.batches[1].texts, "{name}");
            assert_eq!(sample, of(name));
            assert_eq!(sample.source, name);
        }
        // The beginning of a prompt, though it leaves no room for the answer.
        let words = Words::default();
        let prompt = words.prompt("Statement: the").expect("words");
        let source: Source = "aligned:afcore:dev".parse().expect("a source");
        let aligned = source.sample(&Reading::default(), &words, 1000, SAMPLING).expect("batches");
        assert!(aligned.batches.iter().flat_map(|b| &b.texts).all(|text| text[0] == prompt[0]));
        let constant = of("bound:constant");
        assert_eq!(constant.distinct(9).len(), 1);
        assert!("bound:else".parse::<Source>().is_err());
    }
}
