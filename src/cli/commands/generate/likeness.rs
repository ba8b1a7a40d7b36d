//! Vectors of informal statements, for examples chosen by them. Owns which model makes them, and what people see of it; which
//! texts go through it is `pipeline`'s.

use super::source::Source;
use super::usage;
use crate::cli::args::{Common, Generate};
use crate::cli::commands::models::{load_model, model_sha256};
use crate::cli::exit::Failure;
use crate::cli::progress::CountProgress;
use crate::domain::Problem;
use crate::ml::decoder::Kept;
use crate::ml::probe::Probe;
use crate::ml::shelf::Shelf;
use crate::pipeline::likeness::{STATEMENT, statements, vectors};
use crate::pipeline::task2vec::{self, embed};
use crate::prompts::Strategy;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

/// Vectors of a pool, and of problems by id.
pub struct Vectors {
    pub pool: Vec<Vec<f32>>,
    pub problems: HashMap<String, Vec<f32>>,
}

/// The vectors a strategy needs, if it needs any. `Ok(None)` if interrupted.
pub fn of(
    common: &Common,
    args: &Generate,
    source: &Source,
    strategy: Strategy,
    (pool, problems): (&[Problem], &[Problem]),
    stop: &AtomicBool,
) -> Result<Option<Vectors>, Failure> {
    let all: Vec<&Problem> = pool.iter().chain(problems).collect();
    let found = match strategy {
        _ if pool.is_empty() => Some(vec![]),
        Strategy::Embedding => states(common, source, &all, stop)?,
        Strategy::Task2vec => task_embeddings(common, args, source, &all, stop)?,
        Strategy::Random | Strategy::Bm25 | Strategy::Concept => Some(vec![]),
    };
    Ok(found.map(|mut of_pool| {
        let of_problems = if of_pool.is_empty() { vec![] } else { of_pool.split_off(pool.len()) };
        Vectors { pool: of_pool, problems: problems.iter().map(|p| p.id.clone()).zip(of_problems).collect() }
    }))
}

fn states(
    common: &Common,
    source: &Source,
    all: &[&Problem],
    stop: &AtomicBool,
) -> Result<Option<Vec<Vec<f32>>>, Failure> {
    let Some(local) = source.local() else {
        return Err(usage("--shots-by embedding needs the model in this process; --shots-by bm25 works with any"));
    };
    let progress = CountProgress::new(common.quiet, all.len() as u64);
    let vectors = vectors(local, all, stop, &mut |count| progress.step(count)).map_err(usage)?;
    progress.finish();
    Ok(vectors)
}

fn task_embeddings(
    common: &Common,
    args: &Generate,
    source: &Source,
    all: &[&Problem],
    stop: &AtomicBool,
) -> Result<Option<Vec<Vec<f32>>>, Failure> {
    let name = match (&args.prompts.shots_probe, source.is_remote()) {
        (Some(name), _) => name,
        (None, false) => &args.model,
        (None, true) => {
            return Err(usage("--shots-by task2vec with a model behind a server needs --shots-probe MODEL"));
        }
    };
    let cache = crate::cli::commands::cache(common);
    let path = Shelf::new(cache.root()).find(name).map_err(usage)?;
    let sha256 = model_sha256(&path).map_err(|e| usage(format!("{}: {e}", path.display())))?;
    let model = load_model(common, name, Kept::DenseButWords)?;
    let sample = statements(&model.tokenizer, model.decoder.spec.context, all).map_err(usage)?;
    let progress = CountProgress::new(common.quiet, all.len() as u64);
    let kept = task2vec::Kept::new(Some(cache.root()), &sha256);
    let mut probe = Probe::new(model.decoder, STATEMENT);
    let found = embed(&mut probe, STATEMENT, sample, &kept, stop, &mut |count| progress.step(count as usize));
    progress.finish();
    Ok(found.map(|found| found.embeddings))
}
