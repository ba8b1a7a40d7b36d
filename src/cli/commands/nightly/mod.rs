//! `afcheck nightly`. Owns which verb does what, and what of the history is printed; a run is `run.rs`'s.

#[cfg(feature = "ml")]
mod generated;
mod outputs;
mod place;
mod run;
mod sources;

use crate::cli::args::{Common, Nightly, NightlyCompare, NightlyFormat, NightlyWhat};
use crate::cli::exit::{Exit, Failure};
use crate::config;
use crate::pipeline::nightly::{compare_runs, review};
use crate::report::nightly as report;
use crate::store::history::{History, Run, State};
use place::Place;

fn usage(error: impl ToString) -> Failure {
    Failure::new(Exit::Usage, error)
}

/// Runs the command.
pub fn run(common: &Common, args: &Nightly) -> Result<Exit, Failure> {
    match &args.what {
        NightlyWhat::Init => super::print(config::nightly::EXAMPLE),
        NightlyWhat::Run(args) => run::run(common, args),
        NightlyWhat::Report(args) => remake(common, args.run),
        NightlyWhat::History(args) => list(common, args.format),
        NightlyWhat::Compare(args) => compare(common, args),
    }
}

fn opened(common: &Common) -> Result<(Place, History), Failure> {
    let place = Place::read(common)?;
    let history = History::open(&place.history).map_err(usage)?;
    Ok((place, history))
}

/// Writes the reports of a run that is finished. Its exit code was given when it ran.
fn remake(common: &Common, number: Option<i64>) -> Result<Exit, Failure> {
    let (place, history) = opened(common)?;
    let run = match number {
        Some(number) => finished(&history, number)?,
        None => {
            let runs = history.runs().map_err(usage)?;
            let last = runs.into_iter().rfind(|run| run.state == State::Finished);
            last.ok_or_else(|| usage("no run is finished yet; `afcheck nightly run` makes one"))?
        }
    };
    let review = review(&history, &run, place.settings.gate).map_err(usage)?;
    outputs::write(common, &place.out, &review)?;
    Ok(Exit::Success)
}

fn finished(history: &History, number: i64) -> Result<Run, Failure> {
    let runs = history.runs().map_err(usage)?;
    match runs.iter().find(|run| run.id == number) {
        Some(run) if run.state == State::Finished => Ok(run.clone()),
        Some(run) => Err(usage(format!("run {number} is {}, so it has no verdicts", run.state.as_str()))),
        None => {
            let there: Vec<String> = runs.iter().map(|run| run.id.to_string()).collect();
            let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
            Err(usage(format!("the history has no run {number}; it has {there}")))
        }
    }
}

fn list(common: &Common, format: NightlyFormat) -> Result<Exit, Failure> {
    let (_, history) = opened(common)?;
    let mut runs = Vec::new();
    for run in history.runs().map_err(usage)? {
        let cells = history.cells(run.id).map_err(usage)?;
        runs.push((run, cells));
    }
    super::print(&match format {
        NightlyFormat::Human => report::runs_table(&runs),
        NightlyFormat::Json => format!("{:#}\n", report::runs_json(&runs)),
    })
}

fn compare(common: &Common, args: &NightlyCompare) -> Result<Exit, Failure> {
    let (_, history) = opened(common)?;
    let (before, after) = (finished(&history, args.before)?, finished(&history, args.after)?);
    let compared = compare_runs(&history, &before, &after).map_err(usage)?;
    super::print(&match args.format {
        NightlyFormat::Human => report::compared_table(&compared),
        NightlyFormat::Json => format!("{:#}\n", report::compared_json(&compared)),
    })
}
