//! `afcheck data proofs`. Owns what people are told of proofs that gave nothing.

use super::data::write;
use super::judged::start_engine;
use super::kept::with_results;
use crate::cli::args::{Common, DataProofs, ProofPart};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::CountProgress;
use crate::dataset::{ProblemFields, problems};
use crate::engine::Engine;
use crate::pipeline::proofs::{Wanted, proofs};
use crate::runner::Asking;

/// Refused proofs that are named.
const NAMED: usize = 5;

/// Runs the command.
pub fn run(common: &Common, args: &DataProofs) -> Result<Exit, Failure> {
    let usage = |message: String| Failure::new(Exit::Usage, message);
    let fields = ProblemFields::with_overrides(args.data_field.iter().map(String::as_str));
    let fields = fields.map_err(|e| usage(e.to_string()))?;
    let mut problems = problems(&args.set, &fields, args.split.as_deref()).map_err(|e| usage(e.to_string()))?;
    problems.truncate(args.limit.unwrap_or(usize::MAX));
    if problems.iter().all(|problem| problem.proof.is_none()) {
        return Err(usage(format!(
            "{} has no problem with a proof; --data-field proof=NAME names the field",
            args.set
        )));
    }
    let wanted =
        Wanted { states: args.what.contains(&ProofPart::States), terms: args.what.contains(&ProofPart::Terms) };
    let lean = start_engine(common, &args.lean)?;
    let stop = super::stop_flag()?;
    let progress = CountProgress::new(common.quiet, problems.len() as u64);
    let found = with_results(common, &lean.engine, lean.results, |reuse| {
        let asking = Asking { worker: &lean.engine as &dyn Engine, reuse, jobs: lean.jobs, stop: &stop };
        proofs(&problems, wanted, asking, &|count| progress.step(count))
    });
    progress.finish();
    let Some(found) = found.map_err(|e| usage(e.to_string()))? else { return Ok(Exit::Interrupted) };
    let lines: Result<String, _> =
        found.texts.iter().map(|text| serde_json::to_string(text).map(|line| line + "\n")).collect();
    let lines = lines.map_err(|e| usage(e.to_string()))?;
    write(args.out.as_deref(), &lines).map_err(|e| Failure::new(Exit::Output, e))?;
    if !common.quiet {
        let count = |kind: &str| found.texts.iter().filter(|text| text.kind == kind).count();
        eprintln!("problems        {}, {} without a proof", problems.len(), found.without);
        eprintln!("texts           {} states with their steps, {} terms", count("state"), count("term"));
        for (id, why) in found.refused.iter().take(NAMED) {
            eprintln!("not accepted    {id}: {why}");
        }
        if found.refused.len() > NAMED {
            eprintln!("not accepted    and {} more", found.refused.len() - NAMED);
        }
    }
    Ok(Exit::Success)
}
