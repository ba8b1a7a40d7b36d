//! `afcheck nightly run`. Owns the order of a run: what is read, the lock, the unfinished run that is continued, every cell, the
//! history, the reports. Nothing is in the history before all of it is.

use super::place::Place;
use super::sources::{self, Set, Source};
use super::{outputs, usage};
use crate::cli::args::{Common, NightlyRun};
use crate::cli::commands::judged::{Engines, start_engine};
use crate::cli::commands::kept::with_results;
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::{CountProgress, RunProgress};
use crate::config::nightly::Count;
use crate::dataset::{OpenMode, OutputError, ResultWriter, Resume};
use crate::engine::Engine;
use crate::pipeline::nightly::{Joined, counts, judge, recheck, review};
use crate::pipeline::verify::Judging;
use crate::report::Jsonl;
use crate::runner::events::Reporter;
use crate::runner::{Asking, Reuse, RunError};
use crate::store::Judge;
use crate::store::history::{Cell, Counts, History, Judged, Plan, Run, State, Texts};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// What all cells of a run share.
struct Shared<'a> {
    common: &'a Common,
    place: &'a Place,
    judging: &'a Judging,
    engines: &'a Engines,
    stop: &'a AtomicBool,
    directory: PathBuf,
}

/// Runs the command.
pub fn run(common: &Common, args: &NightlyRun) -> Result<Exit, Failure> {
    let place = Place::read(common)?;
    let judging = place.judging()?;
    let _lock = place.lock()?;
    let mut history = History::open_or_begin(&place.history).map_err(usage)?;
    // Every file is read before the first check.
    let sets = sources::sets(&place)?;
    let mut sources = sources::sources(&place, &sets)?;
    #[cfg(not(feature = "ml"))]
    if let Some(source) = sources.iter().find(|source| source.joined.is_none()) {
        return Err(usage(format!(
            "model `{}` is to be run here, and this afcheck was built without the `ml` feature: give `outputs`",
            source.model.name
        )));
    }
    // With texts of files and defaults filled in: what decides verdicts, not how it was written down.
    let how = format!("{judging:?}, target {}", place.has_target());
    let inputs = json!([how, sources::inputs(&place, &sources)?]);
    let common = &place.common(common);
    let engines = start_engine(common, &args.lean)?;
    let stop = super::super::stop_flag()?;
    let plan = plan(&place, args, &engines, (&how, &inputs));
    let run = begin(common, &mut history, plan, args.fresh)?;
    let directory = place.of_run(run.id);
    fs::create_dir_all(&directory).map_err(|e| output(&directory, e))?;
    let shared = Shared { common, place: &place, judging: &judging, engines: &engines, stop: &stop, directory };
    let again = args.recheck.unwrap_or(place.settings.recheck);
    let by_sample = run.plan.by_sample;
    let Some((cells, texts)) = with_results(common, &engines.engine, engines.results, |reuse| {
        shared.cells(&mut sources, reuse, (again, run.id as u64), by_sample)
    })?
    else {
        if !common.quiet {
            eprintln!("interrupted     run {}; run again to go on", run.id);
        }
        return Ok(Exit::Interrupted);
    };
    history.finish(run.id, now(), &cells, &texts).map_err(written)?;
    for gone in history.prune(place.settings.keep).map_err(written)? {
        // What is left of it is of no use to anybody, and no harm.
        let _ = fs::remove_dir_all(place.of_run(gone));
    }
    let run = Run { state: State::Finished, ended: Some(now()), ..run };
    let review = review(&history, &run, place.settings.gate).map_err(usage)?;
    outputs::write(common, &place.out, &review)?;
    Ok(if review.has_failed() { Exit::Regressed } else { Exit::Success })
}

fn output(path: &Path, error: impl ToString) -> Failure {
    Failure::new(Exit::Output, format!("{}: {}", path.display(), error.to_string()))
}

fn written(error: impl ToString) -> Failure {
    Failure::new(Exit::Output, error)
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

fn hash(value: &Value) -> String {
    format!("{:x}", Sha256::digest(value.to_string()))
}

fn plan(place: &Place, args: &NightlyRun, engines: &Engines, (how, inputs): (&str, &Value)) -> Plan {
    let id = engines.engine.id();
    let judge = Judge::new(&engines.engine.fingerprint()).name().to_owned();
    let lean = format!("{} ({}, {})", id.lean, id.kind, id.commit.get(..12).unwrap_or(&id.commit));
    Plan {
        revision: args.revision.clone().filter(|revision| !revision.is_empty()),
        afcheck: env!("CARGO_PKG_VERSION").to_owned(),
        lean,
        judging: hash(&json!(how)),
        inputs: hash(&json!([inputs, judge])),
        judge,
        by_sample: place.settings.count == Count::Sample,
    }
}

/// The unfinished run, if it is of the same inputs; otherwise a new one.
fn begin(common: &Common, history: &mut History, plan: Plan, fresh: bool) -> Result<Run, Failure> {
    if let Some(unfinished) = history.unfinished().map_err(usage)? {
        let id = unfinished.id;
        if !fresh && unfinished.plan.inputs == plan.inputs {
            if !common.quiet {
                eprintln!("resumed         run {id}, which was not finished");
            }
            return Ok(unfinished);
        }
        if !fresh {
            eprintln!("note: run {id} was not finished, and inputs, settings or Lean are others now: a new run begins");
        }
        history.abandon(id).map_err(written)?;
    }
    history.begin(&plan, now()).map_err(written)
}

impl Shared<'_> {
    /// Judges every cell. `None` if it was interrupted.
    fn cells(
        &self,
        sources: &mut [Source<'_>],
        reuse: Option<&Reuse<'_>>,
        (again, seed): (usize, u64),
        by_sample: bool,
    ) -> Result<Option<(Vec<Cell>, Texts)>, Failure> {
        let mut found: Vec<Vec<Judged>> = Vec::new();
        for (number, source) in sources.iter_mut().enumerate() {
            if source.joined.is_none() && !self.make(number, source)? {
                return Ok(None);
            }
            let Some(joined) = &source.joined else { return Ok(None) };
            match self.judge(number, source, joined, reuse)? {
                Some(judged) => found.push(judged),
                None => return Ok(None),
            }
        }
        let joined = || sources.iter().filter_map(|source| source.joined.as_ref());
        let mut pairs: Vec<(&Joined, &mut Vec<Judged>)> = joined().zip(&mut found).collect();
        if again > 0 && !self.recheck(&mut pairs, (again, seed))? {
            return Ok(None);
        }
        let mut texts = Texts::new();
        let mut cells = Vec::new();
        for (source, judged) in sources.iter().zip(found) {
            let Some(joined) = &source.joined else { continue };
            joined.texts(&source.set.problems, &mut texts);
            let (model, data) = (source.model.name.clone(), source.set.data.name.clone());
            let cell = Cell { model, data, counts: Counts::default(), asked: joined.asked.clone(), judged };
            cells.push(Cell { counts: counts(&cell, by_sample), ..cell });
        }
        Ok(Some((cells, texts)))
    }

    /// Has the model answer. `false` if it was interrupted.
    #[cfg(feature = "ml")]
    fn make(&self, number: usize, source: &mut Source<'_>) -> Result<bool, Failure> {
        let out = self.directory.join(format!("{number}.outputs.jsonl"));
        self.tell(source.model.name.as_str(), source.set, "answers");
        let cell = (source.model, source.set.data);
        if !super::generated::generate(self.common, self.place, cell, &out, self.stop)? {
            return Ok(false);
        }
        let predictions = sources::read(&out.display().to_string(), &[]).map_err(usage)?;
        source.joined = Some(sources::join(self.place, source.model, source.set, predictions)?);
        Ok(true)
    }

    #[cfg(not(feature = "ml"))]
    fn make(&self, _number: usize, _source: &mut Source<'_>) -> Result<bool, Failure> {
        Ok(false)
    }

    fn tell(&self, model: &str, set: &Set<'_>, what: &str) {
        if !self.common.quiet {
            eprintln!("{model} on {} ({} problems): {what}", set.data.name, set.problems.len());
        }
    }

    /// Judges what has no result yet. `None` if it was interrupted.
    fn judge(
        &self,
        number: usize,
        source: &Source<'_>,
        joined: &Joined,
        reuse: Option<&Reuse<'_>>,
    ) -> Result<Option<Vec<Judged>>, Failure> {
        let path = self.directory.join(format!("{number}.results.jsonl"));
        let (writer, resume): (ResultWriter, Resume) = ResultWriter::open(&path, OpenMode::Resume).map_err(written)?;
        let there = resume.finished();
        let already = if there > 0 { format!(", {there} are there") } else { String::new() };
        self.tell(&source.model.name, source.set, &format!("judging {} outputs{already}", joined.records.len()));
        let mut results = Jsonl::new(writer);
        let mut progress = RunProgress::new(self.common.quiet);
        let mut reporters: [&mut dyn Reporter; 2] = [&mut results, &mut progress];
        let worker = &self.engines.engine as &dyn Engine;
        let asking = Asking { worker, reuse, jobs: self.engines.jobs, stop: self.stop };
        let outcome = judge(joined, self.judging, asking, &resume, &mut reporters);
        results.into_inner().finish().map_err(written)?;
        match outcome {
            Err(RunError::Output(error)) => return Err(written(OutputError::of_write(&path, error))),
            Err(error) => return Err(usage(error)),
            Ok(run) if run.interrupted => return Ok(None),
            Ok(_) => {}
        }
        let results = File::open(&path).map_err(|e| output(&path, e))?;
        joined.judged(BufReader::new(results)).map(Some).map_err(|e| output(&path, e))
    }

    fn recheck(&self, cells: &mut [(&Joined, &mut Vec<Judged>)], which: (usize, u64)) -> Result<bool, Failure> {
        let outputs: usize = cells.iter().map(|(joined, _)| joined.records.len()).sum();
        let progress = CountProgress::new(self.common.quiet, 2 * which.0.min(outputs) as u64);
        let worker = &self.engines.engine as &dyn Engine;
        let asking = Asking { worker, reuse: None, jobs: self.engines.jobs, stop: self.stop };
        let whole = recheck(cells, which, self.judging, asking, &|count| progress.step(count)).map_err(usage)?;
        progress.finish();
        Ok(whole && !self.stop.load(Ordering::Relaxed))
    }
}
