//! `afcheck study`. Owns what its verbs do: run, status, report, init. A cell's parts are made by the commands of their names
//! (`maker.rs`), the order is `pipeline::study`'s, the statistics are `metrics`'.

mod cells;
mod facts;
mod maker;
mod outlook;
mod place;
mod status;

use super::models::usage;
use super::tasks::Showing;
use crate::cli::args::{Common, Study, StudyFormat, StudyReport, StudyRun, StudyWhat};
use crate::cli::exit::{Exit, Failure};
use crate::config;
use crate::pipeline::course::{Course, State};
use crate::pipeline::study::{Facts, Graph, StudyPlan, answer};
use crate::prompts::Template;
use crate::report::study::{self as report, Reported};
use maker::Tools;
use place::Place;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

/// Runs the command.
pub fn run(common: &Common, args: &Study) -> Result<Exit, Failure> {
    match &args.what {
        StudyWhat::Init => super::print(config::study::EXAMPLE),
        StudyWhat::Run(args) => make(common, args),
        StudyWhat::Status(args) => status::run(common, args),
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

    /// The states of all tasks as they are on disk.
    fn look(&self) -> Vec<State> {
        let stop = AtomicBool::new(false);
        Course { plan: &self.plan(), artifacts: &self.place.base.artifacts, jobs: 1, stop: &stop }.look()
    }

    fn plan(&self) -> StudyPlan<'_> {
        StudyPlan { study: &self.place.study, graph: &self.graph, facts: &self.facts }
    }
}

fn make(common: &Common, args: &StudyRun) -> Result<Exit, Failure> {
    let opened = Opened::new(common, &args.file, &args.lean.lib)?;
    if args.dry_run {
        return super::print(&outlook::text(&opened));
    }
    if args.jobs == 0 {
        return Err(usage("--jobs is at least 1"));
    }
    let place = &opened.place;
    let _lock = place.base.lock("study")?;
    let stop = super::stop_flag()?;
    // Tasks say nothing by themselves: several may be under way.
    let silent =
        Common { config: common.config.clone(), cache: common.cache.clone(), quiet: true, color: common.color };
    let tools = Tools {
        common: &silent,
        place,
        graph: &opened.graph,
        template: &opened.template,
        lean: &args.lean,
        stop: stop.clone(),
        started: Mutex::new(None),
    };
    let plan = opened.plan();
    let written = |error: std::io::Error| Failure::new(Exit::Output, format!("{}: {error}", place.base.out.display()));
    let mut showing = Showing::new(&plan, &place.base.out, common.quiet).map_err(written)?;
    let states = Course { plan: &plan, artifacts: &place.base.artifacts, jobs: args.jobs, stop: &stop };
    let states = states.run(&tools, &mut |happening| showing.on(&happening));
    showing.finish();
    let states = states.map_err(written)?;
    if states.contains(&State::Interrupted) {
        if !common.quiet {
            eprintln!("interrupted     run again to go on");
        }
        return Ok(Exit::Interrupted);
    }
    if !common.quiet {
        eprint!("{}", outlook::spent(&opened, &states));
    }
    let names = (place.base.out.join("report.html"), place.base.out.join("report.md"));
    let exit = write(common, &opened, &states, names, args.format)?;
    let is_whole = |state: &State| matches!(state, State::There { .. });
    Ok(if states.iter().all(is_whole) { exit } else { Exit::Incomplete })
}

fn again(common: &Common, args: &StudyReport) -> Result<Exit, Failure> {
    let opened = Opened::new(common, &args.file, &args.lib)?;
    let states = opened.look();
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
