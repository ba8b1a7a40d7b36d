//! `afcheck study`. Owns what its verbs do: run, status, report, init. A cell's parts are made by the commands of their names
//! (`maker.rs`), the order is `pipeline::study`'s, the statistics are `metrics`'.

mod cells;
mod facts;
mod maker;
mod place;
mod usual;

use super::models::usage;
use super::tasks::status::{Shown, look, show};
use super::tasks::{outlook, silent};
use crate::cli::args::{Common, Study, StudyFormat, StudyReport, StudyRun, StudyStatus, StudyWhat};
use crate::cli::exit::{Exit, Failure};
use crate::config;
use crate::pipeline::course::State;
use crate::pipeline::study::{Facts, Graph, StudyPlan, answer};
use crate::prompts::Template;
use crate::report::study::{self as report, Reported};
use maker::Tools;
use place::Place;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Runs the command.
pub fn run(common: &Common, args: &Study) -> Result<Exit, Failure> {
    match &args.what {
        StudyWhat::Init => super::print(config::study::EXAMPLE),
        StudyWhat::Run(args) => make(common, args),
        StudyWhat::Status(args) => status(common, args),
        StudyWhat::Report(args) => again(common, args),
    }
}

/// A study with all that decides what is made.
pub struct Opened {
    pub place: Place,
    pub template: Template,
    pub graph: Graph,
    pub facts: Facts,
}

impl Opened {
    fn new(common: &Common, file: &Path, libs: &[PathBuf]) -> Result<Opened, Failure> {
        let place = Place::read(file)?;
        let template = place.study.template.as_ref().map(|name| place.base.path(name));
        let template = super::read_template(template.as_deref())?;
        let facts = facts::facts(common, &place, &template, libs)?;
        let graph = Graph::of(&place.study);
        Ok(Opened { place, template, graph, facts })
    }

    fn plan(&self) -> StudyPlan<'_> {
        StudyPlan { study: &self.place.study, graph: &self.graph, facts: &self.facts }
    }
}

fn make(common: &Common, args: &StudyRun) -> Result<Exit, Failure> {
    let opened = Opened::new(common, &args.file, &args.lean.lib)?;
    let (place, plan) = (&opened.place, opened.plan());
    if args.dry_run {
        let usual = |id| usual::usual(&place.study, opened.graph.task(id));
        return super::print(&outlook::text(&plan, &place.base, &usual));
    }
    if args.jobs == 0 {
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
        lean: &args.lean,
        stop: stop.clone(),
        started: Mutex::new(None),
    };
    let Some(states) = super::tasks::make(common, &place.base, &plan, &tools, (args.jobs, &stop))? else {
        return Ok(Exit::Interrupted);
    };
    let names = (place.base.out.join("report.html"), place.base.out.join("report.md"));
    let exit = write(common, &opened, &states, names, args.format)?;
    Ok(if states.iter().all(|state| state.artifact().is_some()) { exit } else { Exit::Incomplete })
}

fn status(common: &Common, args: &StudyStatus) -> Result<Exit, Failure> {
    let opened = Opened::new(common, &args.file, &args.lib)?;
    let (plan, base) = (opened.plan(), &opened.place.base);
    show(&Shown { plan: &plan, base, command: "study", watch: args.watch, json: args.json })
}

fn again(common: &Common, args: &StudyReport) -> Result<Exit, Failure> {
    let opened = Opened::new(common, &args.file, &args.lib)?;
    let states = look(&opened.plan(), &opened.place.base);
    let or = |path: &Option<PathBuf>, name: &str| path.clone().unwrap_or_else(|| opened.place.base.out.join(name));
    write(common, &opened, &states, (or(&args.html, "report.html"), or(&args.markdown, "report.md")), args.format)
}

/// Writes the reports of what is there.
fn write(
    common: &Common,
    opened: &Opened,
    states: &[State],
    (html, markdown): (PathBuf, PathBuf),
    format: StudyFormat,
) -> Result<Exit, Failure> {
    let place = &opened.place;
    let cells = cells::read(&opened.graph, states)?;
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
    let json = format!("{:#}\n", report::json(&reported));
    let summary = report::markdown(&reported);
    fs::create_dir_all(&place.base.out).map_err(|e| Failure::new(Exit::Output, e))?;
    let page = report::page(&reported);
    for (path, text) in [(&html, &page), (&markdown, &summary), (&place.base.out.join("report.json"), &json)] {
        fs::write(path, text).map_err(|e| Failure::new(Exit::Output, format!("{}: {e}", path.display())))?;
    }
    if !common.quiet {
        eprintln!("written         {}", html.display());
    }
    super::print(&match format {
        StudyFormat::Human => report::table(&reported),
        StudyFormat::Markdown => summary,
        StudyFormat::Json => json,
    })
}
