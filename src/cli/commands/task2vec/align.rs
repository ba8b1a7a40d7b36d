//! `afcheck align`.

use super::super::models::usage;
use super::super::training::failed;
use super::probing::Probing;
use crate::cli::args::{Align, CoefficientArgs, CoefficientFormat, Common};
use crate::cli::exit::{Exit, Failure};
use crate::ml::files::whole;
use crate::pipeline::task2vec::{Source, compare};
use crate::report::task2vec as report;
use serde_json::json;
use std::fs;

/// Runs the command.
pub fn run(common: &Common, args: &Align) -> Result<Exit, Failure> {
    let sources = parsed(&args.source)?;
    let targets = parsed(&args.target)?;
    if args.matrix && sources.len() < 2 {
        return Err(usage("--matrix compares sources with each other: give --source twice or more"));
    }
    let mut probing = Probing::open(common, &args.probe)?;
    let stop = super::super::stop_flag()?;
    let samples = sources.iter().chain(&targets).map(|source| probing.sample(source));
    let samples = samples.collect::<Result<Vec<_>, _>>()?;
    let baselines = samples.iter().map(|sample| probing.baselines(sample)).collect::<Result<Vec<_>, _>>()?;
    let Some(embedded) = probing.embed(common, samples, &stop)? else { return Ok(Exit::Interrupted) };
    let mut all: Vec<_> = embedded.into_iter().zip(baselines).collect();
    let of_targets = all.split_off(sources.len());
    let comparison = compare(&all, &of_targets, args.how.resamples, args.probe.seed);
    let about = report::About::new(&probing.name, &probing.sha256, probing.settings, probing.sampling);
    let text = match args.how.format {
        CoefficientFormat::Table => report::alignment_table(&comparison, false),
        CoefficientFormat::Markdown => report::alignment_table(&comparison, true),
        CoefficientFormat::Json => {
            format!("{:#}\n", json!({ "schema": "afcheck.align/1", "about": about, "comparison": comparison }))
        }
    };
    page(common, &args.how, || report::alignment_page(&comparison, &about))?;
    if let Some(directory) = &args.svg {
        whole::create_directory(directory).map_err(failed)?;
        for (name, text) in report::alignment_plots(&comparison) {
            whole::write(&directory.join(name), text.as_bytes()).map_err(failed)?;
        }
    }
    super::super::print(&text)
}

/// Sources by their names, each once.
pub fn parsed(names: &[String]) -> Result<Vec<Source>, Failure> {
    let mut sources: Vec<Source> = Vec::new();
    for name in names {
        let source = name.parse().map_err(usage)?;
        if sources.contains(&source) {
            return Err(usage(format!("{name} is given twice")));
        }
        sources.push(source);
    }
    Ok(sources)
}

/// Writes the page, if one is asked for.
pub fn page(common: &Common, how: &CoefficientArgs, text: impl FnOnce() -> String) -> Result<(), Failure> {
    let Some(path) = &how.html else { return Ok(()) };
    fs::write(path, text()).map_err(|e| Failure::new(Exit::Output, format!("{}: {e}", path.display())))?;
    if !common.quiet {
        eprintln!("written         {}", path.display());
    }
    Ok(())
}
