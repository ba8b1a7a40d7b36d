//! A probe network with all that is needed to embed sources. Owns how its settings follow from the command line, the progress bar
//! and what people are told.

use super::super::models::{load_model, model_sha256, usage};
use super::super::peak_memory;
use crate::cli::args::{Common, FimName, Params, ProbeArgs};
use crate::cli::exit::Failure;
use crate::cli::progress::CountProgress;
use crate::dataset::ProblemFields;
use crate::ml::decoder::Kept as KeptWeights;
use crate::ml::probe::{Fim, Probe, Read, Settings, Tuning};
use crate::ml::shelf::Shelf;
use crate::ml::tokenizer::Tokenizer;
use crate::pipeline::conditions::{ModelEncoder, Reading};
use crate::pipeline::task2vec::{Baselines, Embedded, Kept, Sample, Sampling, Source, embed};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// A probe network ready for use.
pub struct Probing {
    /// As results name it.
    pub name: String,
    pub sha256: String,
    pub probe: Probe,
    pub tokenizer: Tokenizer,
    pub reading: Reading,
    pub settings: Settings,
    pub sampling: Sampling,
    kept: Kept,
}

impl Probing {
    /// Reads the network.
    pub fn open(common: &Common, args: &ProbeArgs) -> Result<Probing, Failure> {
        let template = super::super::read_template(args.template.as_deref())?;
        let settings = settings(args)?;
        let fields = ProblemFields::with_overrides(args.data_field.iter().map(String::as_str)).map_err(usage)?;
        let sampling = Sampling {
            batches: args.batches as usize,
            batch_size: args.batch_size as usize,
            seq_len: args.seq_len as usize,
            seed: args.seed,
        };
        let kept = if settings.compat { KeptWeights::Dense } else { KeptWeights::DenseButWords };
        let cache = super::super::cache(common);
        let path = Shelf::new(cache.root()).find(&args.probe).map_err(usage)?;
        let sha256 = model_sha256(&path).map_err(|e| usage(format!("{}: {e}", path.display())))?;
        let model = load_model(common, &args.probe, kept)?;
        if sampling.seq_len > model.decoder.spec.context {
            let context = model.decoder.spec.context;
            return Err(usage(format!("--seq-len {}: {} reads {context} tokens", sampling.seq_len, args.probe)));
        }
        if settings.compat && !common.quiet {
            eprintln!(
                "note: --compat beyond-scale scores every position against the word drawn for the next one, as public code does"
            );
        }
        Ok(Probing {
            name: model.name,
            kept: Kept::new((!args.no_cache).then(|| cache.root()), &sha256),
            sha256,
            probe: Probe::new(model.decoder, settings),
            tokenizer: model.tokenizer,
            reading: Reading { fields, split: None, template },
            settings,
            sampling,
        })
    }

    /// Samples the batches of a source.
    pub fn sample(&self, source: &Source) -> Result<Sample, Failure> {
        let encoder = ModelEncoder::new(&self.tokenizer).map_err(usage)?;
        let vocabulary = self.probe.decoder().spec.vocabulary;
        source.sample(&self.reading, &encoder, vocabulary, self.sampling).map_err(|e| usage(format!("{source}: {e}")))
    }

    /// Embeds samples; nothing if it was interrupted.
    pub fn embed(
        &mut self,
        common: &Common,
        samples: Vec<Sample>,
        stop: &AtomicBool,
    ) -> Result<Option<Vec<Embedded>>, Failure> {
        let work = |sample: &Sample| sample.batches.iter().map(|batch| self.probe.work(batch.texts.len())).sum::<u64>();
        let progress = CountProgress::new(common.quiet, samples.iter().map(work).sum());
        let begun = Instant::now();
        let mut all = Vec::with_capacity(samples.len());
        for sample in samples {
            self.warn(common, &sample);
            let (kept, settings) = (&self.kept, self.settings);
            let found =
                embed(&mut self.probe, settings, sample, kept, stop, &mut |count| progress.step(count as usize));
            let Some(found) = found else {
                progress.finish();
                if !common.quiet && self.kept.is_kept() {
                    eprintln!("interrupted; batches that were embedded are kept, the same command goes on with them");
                }
                return Ok(None);
            };
            all.push(found);
        }
        progress.finish();
        if !common.quiet {
            let count = |of: fn(&Embedded) -> usize| all.iter().map(of).sum::<usize>();
            let (batches, reused) = (count(|e| e.embeddings.len()), count(|e| e.reused));
            let seconds = begun.elapsed().as_secs_f64();
            eprintln!(
                "embedded        {} sources, {batches} batches, {reused} of them before; {seconds:.1} s",
                all.len()
            );
            if let Some(bytes) = peak_memory() {
                eprintln!("peak memory     {:.2} GB", bytes as f64 / 1e9);
            }
        }
        Ok(Some(all))
    }

    /// What baselines know of a source.
    pub fn baselines(&self, sample: &Sample) -> Result<Baselines, Failure> {
        let encoder = ModelEncoder::new(&self.tokenizer).map_err(usage)?;
        Ok(Baselines::of(sample, &encoder, &self.probe))
    }

    fn warn(&self, common: &Common, sample: &Sample) {
        let Some(documents) = sample.documents else { return };
        let needed = self.sampling.batch_size;
        if !common.quiet && documents < needed {
            eprintln!(
                "note: {} has {documents} texts, so that batches of {needed} have some of them twice",
                sample.source
            );
        }
    }
}

fn settings(args: &ProbeArgs) -> Result<Settings, Failure> {
    if !(args.head_rate.is_finite() && args.head_rate > 0.0) {
        return Err(usage("--head-rate is a positive number"));
    }
    if args.compat.is_some() && (args.fim == FimName::Empirical || args.params != Params::All) {
        return Err(usage("--compat goes with --fim montecarlo and --params all: public code has no others"));
    }
    let is_compat = args.compat.is_some();
    let fim = match args.fim {
        _ if is_compat => Fim::Montecarlo,
        FimName::Montecarlo => Fim::Montecarlo,
        FimName::PerExample => Fim::PerExample,
        FimName::Empirical => Fim::Empirical,
    };
    let read = match args.params {
        Params::All => Read::All,
        Params::LastBlocks => Read::LastBlocks,
        Params::Adapters => Read::Adapters,
    };
    let tuning = Tuning { epochs: args.head_epochs, learning_rate: args.head_rate, ..Settings::default().tuning };
    let draws = if is_compat { 1 } else { args.draws as usize };
    Ok(Settings { tuning, minibatch: args.minibatch as usize, fim, draws, read, compat: is_compat })
}
