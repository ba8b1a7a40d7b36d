//! `verify`: records in, verdicts out. Owns how a record becomes a request and how results are continued.

use crate::dataset::{ContentHash, Records, Resume};
use crate::domain::{AxiomPolicy, Budget, CheckRequest, Mode, Record, Rung, Target};
use crate::engine::Engine;
use crate::runner::events::{Reporter, Started};
use crate::runner::{self, Asking, Reuse, Run, RunError, Work};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What every record is judged by.
#[derive(Clone, Debug)]
pub struct Judging {
    pub mode: Mode,
    pub require: Option<Rung>,
    pub budget: Budget,
    pub axioms: AxiomPolicy,
    /// Used for records without a header of their own.
    pub header: Option<String>,
    /// Used for records without a target of their own.
    pub target: Option<String>,
    /// Name of the theorem for targets that do not say it themselves.
    pub target_name: Option<String>,
    pub warnings: bool,
}

impl Judging {
    /// By the defaults of `verify`, without warnings.
    pub fn by_default(mode: Mode) -> Judging {
        Judging {
            mode,
            require: None,
            budget: Budget::default(),
            axioms: AxiomPolicy::default(),
            header: None,
            target: None,
            target_name: None,
            warnings: false,
        }
    }

    /// The request for a record.
    pub fn request(&self, record: &Record) -> CheckRequest {
        CheckRequest {
            header: record.header.clone().or_else(|| self.header.clone()),
            code: record.code.clone(),
            target: self.target(record),
            mode: self.mode,
            is_proof: record.is_proof,
            require: self.require,
            budget: self.budget,
            axioms: self.axioms.clone(),
            warnings: self.warnings,
            engine: record.engine.clone(),
        }
    }

    fn target(&self, record: &Record) -> Option<Target> {
        let common = || self.target.clone().map(|text| Target { text, ..Target::default() });
        let mut target = record.target.clone().or_else(common)?;
        target.name = target.name.or_else(|| self.target_name.clone());
        Some(target)
    }
}

/// How the run is carried out.
pub struct Running<'a> {
    pub jobs: usize,
    pub strict: bool,
    /// Results of an earlier run that this one continues.
    pub resume: Option<&'a Resume>,
    /// Outcomes that need no check; `None` checks every record.
    pub reuse: Option<&'a Reuse<'a>>,
    /// Records of the input, if known.
    pub total: Option<u64>,
    pub stop: &'a AtomicBool,
    /// Which part of the records, of how many.
    pub shard: Option<(u64, u64)>,
}

/// Judges `records` and reports to `reporters`.
pub fn verify(
    records: Records,
    engine: &dyn Engine,
    judging: &Judging,
    running: &Running<'_>,
    reporters: &mut [&mut dyn Reporter],
) -> Result<Run, RunError> {
    let is_done = |index: u64, hash: &ContentHash| match running.resume {
        None => Ok(false),
        Some(resume) => resume.is_finished(index, hash).map_err(|e| e.to_string()),
    };
    let total = running.total.or_else(|| records.total());
    let is_ours = move |index: u64| running.shard.is_none_or(|(part, parts)| index % parts == part);
    let started = Started {
        total: total.map(|total| (0..total).filter(|index| is_ours(*index)).count() as u64),
        resumed: running.resume.map_or(0, Resume::finished),
    };
    let request = |record: &Record| judging.request(record);
    let asking = Asking { worker: engine, reuse: running.reuse, jobs: running.jobs, stop: running.stop };
    let work = Work {
        records: Box::new(records.filter(move |item| is_of(item, &is_ours))),
        asking,
        request: &request,
        is_done: &is_done,
        strict: running.strict,
    };
    runner::run(work, started, reporters)
}

/// True if a record, readable or not, has an index that is asked for; what ends the input is everybody's.
fn is_of(item: &<Records as Iterator>::Item, is_ours: &impl Fn(u64) -> bool) -> bool {
    match item {
        Ok(Ok(record)) => is_ours(record.index),
        Ok(Err(error)) => is_ours(error.index),
        Err(_) => true,
    }
}

/// Verdicts in a file of results: accepted, and accepted or rejected. For rates over a resumed run.
pub fn verdicts_in(results: &Path) -> io::Result<(u64, u64)> {
    #[derive(serde::Deserialize)]
    struct Line {
        verdict: String,
    }
    let (mut accepted, mut decided) = (0, 0);
    for line in BufReader::new(File::open(results)?).lines() {
        if let Ok(Line { verdict }) = serde_json::from_str(&line?) {
            accepted += u64::from(verdict == "accepted");
            decided += u64::from(verdict != "undecided");
        }
    }
    Ok((accepted, decided))
}
