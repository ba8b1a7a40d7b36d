//! `afcheck diversity`.

use super::super::models::{dimension, usage};
use super::align::{page, parsed};
use super::probing::Probing;
use crate::cli::args::{CoefficientFormat, Common, Diversity};
use crate::cli::exit::{Exit, Failure};
use crate::dataset::problems;
use crate::pipeline::conditions::{Condition, Data, ModelEncoder, View};
use crate::pipeline::task2vec::{Embedded, Sample, by_group, sample};
use crate::report::task2vec as report;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

/// Runs the command.
pub fn run(common: &Common, args: &Diversity) -> Result<Exit, Failure> {
    let sources = parsed(&args.data)?;
    if args.by.is_some() && sources.len() > 1 {
        return Err(usage("--by goes with one --data"));
    }
    let by = args.by.as_deref().map(dimension).transpose()?;
    let mut probing = Probing::open(common, &args.probe)?;
    let stop = super::super::stop_flag()?;
    if let Some((by, of)) = by {
        let condition: Condition = args.data[0].parse().map_err(usage)?;
        let samples = samples(&probing, &condition, |problem| of(&problem.groups).clone(), args.groups)
            .map_err(|why| usage(format!("--by {by}: {why}")))?;
        return grouped(common, args, probing, by, samples, &stop);
    }
    let samples = sources.iter().map(|source| probing.sample(source)).collect::<Result<Vec<_>, _>>()?;
    let Some(embedded) = probing.embed(common, samples, &stop)? else { return Ok(Exit::Interrupted) };
    let found = report::Diversities::of(&embedded, args.how.resamples, args.probe.seed);
    let about = report::About::new(&probing.name, &probing.sha256, probing.settings, probing.sampling);
    let text = match args.how.format {
        CoefficientFormat::Table => report::diversity_table(&found, false),
        CoefficientFormat::Markdown => report::diversity_table(&found, true),
        CoefficientFormat::Json => {
            format!("{:#}\n", json!({ "schema": "afcheck.diversity/1", "about": about, "sources": found }))
        }
    };
    page(common, &args.how, || report::diversity_page(&found, &about))?;
    super::super::print(&text)
}

fn grouped(
    common: &Common,
    args: &Diversity,
    mut probing: Probing,
    by: &str,
    samples: Vec<(String, Sample)>,
    stop: &AtomicBool,
) -> Result<Exit, Failure> {
    let (names, samples): (Vec<String>, Vec<Sample>) = samples.into_iter().unzip();
    let Some(embedded) = probing.embed(common, samples, stop)? else { return Ok(Exit::Interrupted) };
    let all: Vec<(String, Embedded)> = names.into_iter().zip(embedded).collect();
    let groups = by_group(&all, args.how.resamples, args.probe.seed);
    let about = report::About::new(&probing.name, &probing.sha256, probing.settings, probing.sampling);
    let text = match args.how.format {
        CoefficientFormat::Table => report::group_table(&groups, by, false),
        CoefficientFormat::Markdown => report::group_table(&groups, by, true),
        CoefficientFormat::Json => {
            let (data, schema) = (&args.data[0], "afcheck.diversity-by/1");
            format!("{:#}\n", json!({ "schema": schema, "about": about, "data": data, "by": by, "diversity": groups }))
        }
    };
    page(common, &args.how, || report::group_page(&groups, &args.data[0], by, &about))?;
    super::super::print(&text)
}

/// Samples of the groups of a view of problems, those with the most problems first, and of these at most `most`.
fn samples(
    probing: &Probing,
    condition: &Condition,
    of: impl Fn(&crate::domain::Problem) -> Option<String>,
    most: Option<usize>,
) -> Result<Vec<(String, Sample)>, String> {
    let set = match &condition.parts[..] {
        [part] => match &part.view {
            View::Aligned(set) | View::Formal(set) | View::Informal(set) => set,
            _ => return Err("groups are of problems: aligned:SET, formal:SET or informal:SET".to_owned()),
        },
        _ => return Err("a mixture has no groups".to_owned()),
    };
    let problems = problems(set, &probing.reading.fields, None).map_err(|e| e.to_string())?;
    let group_of: BTreeMap<&str, String> =
        problems.iter().filter_map(|problem| Some((problem.id.as_str(), of(problem)?))).collect();
    let data = Data::read(condition, &probing.reading).map_err(|e| e.to_string())?;
    let mut groups: BTreeMap<&str, Data> = BTreeMap::new();
    for document in &data.parts[0].pools[0].documents {
        let Some(group) = group_of.get(document.id.as_str()) else { continue };
        let own = groups.entry(group).or_insert_with(|| {
            let mut own = data.clone();
            own.condition = format!("{} [{group}]", data.condition);
            own.parts[0].pools[0].documents.clear();
            own
        });
        own.parts[0].pools[0].documents.push(document.clone());
    }
    if groups.len() < 2 {
        return Err(format!("{set} has {} of them; two are needed to compare", groups.len()));
    }
    let mut groups: Vec<(&str, Data)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, data)| std::cmp::Reverse(data.parts[0].pools[0].documents.len()));
    groups.truncate(most.unwrap_or(usize::MAX));
    let encoder = ModelEncoder::new(&probing.tokenizer).map_err(|e| e.to_string())?;
    let of = |(group, data): (&str, Data)| {
        Ok((group.to_owned(), sample(&data, &encoder, probing.sampling).map_err(|e| e.to_string())?))
    };
    groups.into_iter().map(of).collect()
}
