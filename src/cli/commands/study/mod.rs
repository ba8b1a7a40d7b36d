//! `afcheck study`. Owns what its verbs do: run, status, report, init. A cell's parts are made by the commands of their names
//! (`maker.rs`), the order is `pipeline::study`'s, the statistics are `metrics`'.

mod cells;
mod facts;
mod maker;
mod place;
mod usual;

use super::models::usage;
use super::tasks::status::{Status, look, show};
use super::tasks::{Reports, outlook, silent};
use crate::cli::args::{Common, CourseReport, Study, StudyRun, StudyStatus, StudyWhat};
use crate::cli::exit::{Exit, Failure};
use crate::config;
use crate::lean::Shown;
use crate::pipeline::course::State;
use crate::pipeline::study::{Facts, Graph, StudyPlan, answer};
use crate::prompts::Template;
use crate::report::study::{self as report, Reported};
use maker::Tools;
use place::Place;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Runs the command.
pub fn run(common: &Common, args: &Study) -> Result<Exit, Failure> {
    match &args.what {
        StudyWhat::Init => super::print(config::study::EXAMPLE),
        StudyWhat::Run(args) => make(common, args),
        StudyWhat::Status(args) => status(common, args),
        StudyWhat::Report(args) => {
            let opened = Opened::new(common, &args.file, &args.how.lib)?;
            write(common, &opened, &look(&opened.plan(), &opened.place.base), &args.how)
        }
    }
}

/// A study with all that decides what is made.
pub struct Opened {
    pub place: Place,
    pub template: Template,
    pub graph: Graph,
    pub facts: Facts,
    /// What examples in prompts are drawn from.
    pub examples: Shown,
}

impl Opened {
    fn new(common: &Common, file: &Path, libs: &[PathBuf]) -> Result<Opened, Failure> {
        let place = Place::read(file)?;
        let template = place.study.template.as_ref().map(|name| place.base.path(name));
        let template = super::read_template(template.as_deref())?;
        let (facts, asking) = facts::facts(common, &place, &template, libs)?;
        let graph = Graph::of(&place.study);
        Ok(Opened { place, template, graph, facts, examples: asking.shown() })
    }

    fn plan(&self) -> StudyPlan<'_> {
        StudyPlan { study: &self.place.study, graph: &self.graph, facts: &self.facts }
    }
}

fn make(common: &Common, StudyRun { file, how }: &StudyRun) -> Result<Exit, Failure> {
    let opened = Opened::new(common, file, &how.lean.lib)?;
    let (place, plan) = (&opened.place, opened.plan());
    if how.dry_run {
        let usual = |id| usual::usual(&place.study, opened.graph.task(id));
        return super::print(&outlook::text(&plan, &place.base, &usual));
    }
    if how.jobs == 0 {
        return Err(usage("--jobs is at least 1"));
    }
    let _lock = place.base.lock("study")?;
    let stop = super::stop_flag()?;
    let silent = silent(common);
    let tools = Tools {
        common: &silent,
        place,
        graph: &opened.graph,
        template: &opened.template,
        lean: &how.lean,
        stop: stop.clone(),
        started: Mutex::new(None),
    };
    let Some(states) = super::tasks::make(common, &place.base, &plan, &tools, (how.jobs, &stop))? else {
        return Ok(Exit::Interrupted);
    };
    let exit = write(common, &opened, &states, &how.report())?;
    Ok(if states.iter().all(|state| state.artifact().is_some()) { exit } else { Exit::Incomplete })
}

fn status(common: &Common, StudyStatus { file, how }: &StudyStatus) -> Result<Exit, Failure> {
    let opened = Opened::new(common, file, &how.lib)?;
    let (plan, base) = (opened.plan(), &opened.place.base);
    show(&Status { plan: &plan, base, command: "study", watch: how.watch, json: how.json })
}

/// Writes the reports of what is there.
fn write(common: &Common, opened: &Opened, states: &[State], how: &CourseReport) -> Result<Exit, Failure> {
    let place = &opened.place;
    let cells = cells::read(&opened.graph, states, &opened.examples)?;
    if cells.rows.is_empty() {
        let why = "no cell is whole yet; `afcheck study status` says what is there";
        return Err(Failure::new(Exit::Incomplete, why));
    }
    let answer = answer(&place.study, cells.rows);
    let command = format!("afcheck study run {}", place.base.file.display());
    let reported = Reported {
        study: &place.study,
        answer: &answer,
        problems: &cells.problems,
        answers: &cells.answers,
        missing: cells.missing,
        judge: &opened.facts.judge,
        command: &command,
    };
    let reports = Reports {
        page: report::page(&reported),
        markdown: report::markdown(&reported),
        json: format!("{:#}\n", report::json(&reported)),
        table: report::table(&reported),
        others: vec![],
    };
    reports.write(common, &place.base, how)
}
