//! `afcheck distill`. Owns what its verbs do: run, status, report, init, texts. Parts are made by `maker.rs`, in the order of
//! `pipeline::course`; what trajectories say together is `pipeline::distill`'s.

mod asking;
mod facts;
mod found;
mod maker;
mod place;

use super::models::usage;
use super::tasks::status::{Status, look, show};
use super::tasks::{Reports, make, outlook, silent};
use crate::cli::args::{Common, CourseReport, Distill, DistillReport, DistillRun, DistillStatus, DistillWhat};
use crate::cli::exit::{Exit, Failure};
use crate::config;
use crate::lean::Shown;
use crate::pipeline::course::{Id, Plan, State};
use crate::pipeline::distill::{DistillFacts, DistillPlan, Graph};
use crate::prompts::{FEEDBACK, FeedbackTemplate, Template};
use crate::report::distill as report;
use maker::Tools;
use place::Place;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Runs the command.
pub fn run(common: &Common, args: &Distill) -> Result<Exit, Failure> {
    match (&args.what, &args.file) {
        (Some(DistillWhat::Init), _) => super::print(config::distill::EXAMPLE),
        (Some(DistillWhat::Texts), _) => super::print(FEEDBACK),
        (Some(DistillWhat::Status(args)), _) => status(common, args),
        (Some(DistillWhat::Report(args)), _) => again(common, args),
        (Some(DistillWhat::Run(args)), _) => work(common, args),
        (None, Some(file)) => {
            let Distill { base_url, how, .. } = args;
            work(common, &DistillRun { file: file.clone(), base_url: base_url.clone(), how: how.clone() })
        }
        (None, None) => Err(usage("a file is needed: `afcheck distill init > distill.toml` prints an example")),
    }
}

/// A distillation with all that decides what is made.
pub struct Opened {
    pub place: Place,
    pub template: Template,
    pub texts: FeedbackTemplate,
    pub graph: Graph,
    pub facts: DistillFacts,
    /// What examples in prompts are drawn from.
    pub examples: Shown,
}

impl Opened {
    /// Reads the file; `base_url` is that of the teacher's server, instead of the file's.
    fn new(common: &Common, file: &Path, base_url: Option<&String>, libs: &[PathBuf]) -> Result<Opened, Failure> {
        let mut place = Place::read(file)?;
        if let Some(url) = base_url {
            let teacher = place.distill.teacher.as_mut();
            let teacher = teacher.filter(|teacher| !teacher.advice);
            let teacher = teacher.ok_or_else(|| usage("--base-url is of a teacher's model, and the file has none"))?;
            teacher.base_url = Some(url.clone());
        }
        let template = place.distill.template.as_ref().map(|name| place.base.path(name));
        let template = super::read_template(template.as_deref())?;
        let texts = match place.distill.texts.as_ref().map(|name| place.base.path(name)) {
            None => FeedbackTemplate::default(),
            Some(path) => {
                let wrong = |e: &dyn std::fmt::Display| usage(format!("{}: {e}", path.display()));
                let text = fs::read_to_string(&path).map_err(|e| wrong(&e))?;
                FeedbackTemplate::parse(&text).map_err(|e| wrong(&e))?
            }
        };
        let (facts, asking) = facts::facts(common, &place, (&template, &texts), libs)?;
        let graph = Graph::of(&place.distill);
        Ok(Opened { place, template, texts, graph, facts, examples: asking.shown() })
    }

    fn plan(&self) -> DistillPlan<'_> {
        DistillPlan { distill: &self.place.distill, graph: &self.graph, facts: &self.facts }
    }
}

fn work(common: &Common, DistillRun { file, base_url, how }: &DistillRun) -> Result<Exit, Failure> {
    let opened = Opened::new(common, file, base_url.as_ref(), &how.lean.lib)?;
    let (place, plan) = (&opened.place, opened.plan());
    if how.dry_run {
        return super::print(&outlook::text(&plan, &place.base, &|id| usual(&opened, &plan, id)));
    }
    if how.jobs == 0 {
        return Err(usage("--jobs is at least 1"));
    }
    let _lock = place.base.lock("distill")?;
    let stop = super::stop_flag()?;
    let silent = silent(common);
    let tools =
        Tools { common: &silent, opened: &opened, lean: &how.lean, stop: stop.clone(), started: Mutex::new(None) };
    let Some(states) = make(common, &place.base, &plan, &tools, (how.jobs, &stop))? else {
        return Ok(Exit::Interrupted);
    };
    let exit = write(common, &opened, &states, &how.report())?;
    Ok(if states.iter().all(|state| state.artifact().is_some()) { exit } else { Exit::Incomplete })
}

/// Seconds of a task on 2 cores with Gemma 3 270M, roughly.
fn usual(opened: &Opened, plan: &DistillPlan<'_>, id: Id) -> f64 {
    use crate::config::study::Stage;
    let problems = opened.place.distill.problems.count.unwrap_or(100) as f64;
    match plan.stage(id) {
        Stage::Data => 0.1,
        Stage::Generation => problems * 0.8,
        Stage::Training => 60.0,
        Stage::Alignment | Stage::Verdicts | Stage::Losses => problems * 0.3,
    }
}

fn status(common: &Common, DistillStatus { file, base_url, how }: &DistillStatus) -> Result<Exit, Failure> {
    let opened = Opened::new(common, file, base_url.as_ref(), &how.lib)?;
    let (plan, base) = (opened.plan(), &opened.place.base);
    show(&Status { plan: &plan, base, command: "distill", watch: how.watch, json: how.json })
}

fn again(common: &Common, DistillReport { file, base_url, how }: &DistillReport) -> Result<Exit, Failure> {
    let opened = Opened::new(common, file, base_url.as_ref(), &how.lib)?;
    write(common, &opened, &look(&opened.plan(), &opened.place.base), how)
}

/// Writes the trajectories and the reports of what is there.
fn write(common: &Common, opened: &Opened, states: &[State], how: &CourseReport) -> Result<Exit, Failure> {
    let place = &opened.place;
    let found = found::read(&opened.graph, states, &opened.examples)?;
    if found.trajectories.is_empty() && found.students.is_empty() {
        let why = "nothing is whole yet; `afcheck distill status` says what is there";
        return Err(Failure::new(Exit::Incomplete, why));
    }
    let answer = crate::pipeline::distill::answer(&place.distill, &found.trajectories, &found.students);
    let command = format!("afcheck distill run {}", place.base.file.display());
    let reported = report::Reported {
        distill: &place.distill,
        answer: &answer,
        trajectories: &found.trajectories,
        problems: &found.problems,
        missing: states.iter().filter(|state| state.artifact().is_none()).count(),
        judge: &opened.facts.judge,
        command: &command,
    };
    let reports = Reports {
        page: report::page(&reported),
        markdown: report::markdown(&reported),
        json: format!("{:#}\n", report::json(&reported)),
        table: report::table(&reported),
        others: vec![("trajectories.jsonl", report::lines(&reported))],
    };
    reports.write(common, &place.base, how)
}
