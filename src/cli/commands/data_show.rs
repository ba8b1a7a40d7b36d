//! `afcheck data show`: problems of a data set as people read them. Owns the choice of problems and their layout; reading
//! is `dataset::problems`'s, data conditions are `condition.rs`'s.

use crate::cli::args::{Common, DataShow, ShowFormat};
use crate::cli::exit::{Exit, Failure};
use crate::dataset::{ProblemFields, problems};
use crate::domain::Problem;
use crate::metrics::Random;
use crate::pipeline::conditions::Condition;
use serde::Serialize;
use std::fmt::Write as _;

/// A line of the output for programs: the fields of AfCore's own files, so that it can be read as a data set.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    split: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    concept: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difficulty: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    informal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'a str>,
    formal: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<&'a str>,
}

/// Runs the command.
pub fn run(common: &Common, args: &DataShow) -> Result<Exit, Failure> {
    let usage = |message: String| Failure::new(Exit::Usage, message);
    let fields = ProblemFields::with_overrides(args.data_field.iter().map(String::as_str));
    let fields = fields.map_err(|e| usage(e.to_string()))?;
    if Condition::is_meant(&args.set) {
        return super::condition::show(common, args, fields);
    }
    if let Some(option) = args.condition.given() {
        return Err(usage(format!("{option} is for data conditions, such as aligned:{}", args.set)));
    }
    let all = problems(&args.set, &fields, args.split.as_deref()).map_err(|e| usage(e.to_string()))?;
    let chosen: Vec<&Problem> = match (args.ids.is_empty(), args.sample) {
        (false, _) => {
            let find = |id: &String| {
                let like = &all[0].id;
                let missing = || usage(format!("{} has no problem `{id}`; its ids are like `{like}`", args.set));
                all.iter().find(|problem| problem.id == *id).ok_or_else(missing)
            };
            args.ids.iter().map(find).collect::<Result<_, _>>()?
        }
        (true, Some(count)) => sample(&all, count, args.seed),
        (true, None) => all.iter().collect(),
    };
    let texts = chosen.into_iter().map(|problem| match args.format {
        ShowFormat::Text => Ok(readable(problem)),
        ShowFormat::Jsonl => serde_json::to_string(&line(problem)).map(|line| line + "\n"),
    });
    let between = if args.format == ShowFormat::Text { "\n" } else { "" };
    let texts = texts.collect::<Result<Vec<_>, _>>().map_err(|e| usage(e.to_string()))?;
    super::print(&texts.join(between))
}

/// So many of the problems, in their order; all if there are fewer.
pub(super) fn sample(all: &[Problem], count: usize, seed: u64) -> Vec<&Problem> {
    let mut places: Vec<usize> = (0..all.len()).collect();
    Random::new(seed).shuffle(&mut places);
    places.truncate(count);
    places.sort_unstable();
    places.into_iter().map(|place| &all[place]).collect()
}

/// A problem as a line.
pub(super) fn line(problem: &Problem) -> Line<'_> {
    let groups = &problem.groups;
    Line {
        id: &problem.id,
        split: groups.split.as_deref(),
        concept: groups.concept.as_deref(),
        source: groups.source.as_deref(),
        difficulty: groups.difficulty.as_deref(),
        informal: problem.informal.as_deref(),
        header: problem.header.as_deref(),
        formal: &problem.formal,
        proof: problem.proof.as_deref(),
    }
}

fn readable(problem: &Problem) -> String {
    let groups = &problem.groups;
    let labels = [
        ("concept", &groups.concept),
        ("source", &groups.source),
        ("difficulty", &groups.difficulty),
        ("split", &groups.split),
    ];
    let mut text = format!("{}\n", problem.id);
    for (name, label) in labels {
        if let Some(label) = label {
            let _ = writeln!(text, "  {name}: {label}");
        }
    }
    let formal = match &problem.header {
        Some(header) => format!("{}\n\n{}", header.trim_end(), problem.formal),
        None => problem.formal.clone(),
    };
    for (name, part) in [("informal", &problem.informal), ("formal", &Some(formal)), ("proof", &problem.proof)] {
        if let Some(part) = part {
            let _ = writeln!(text, "  {name}:");
            for line in part.trim_end().lines() {
                let indented = format!("    {line}");
                let _ = writeln!(text, "{}", indented.trim_end());
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_in_order_and_depends_on_its_seed_only() {
        let problem = |index: u64| Problem { index, id: index.to_string(), ..Problem::default() };
        let all: Vec<Problem> = (0..100).map(problem).collect();
        let drawn = |seed| sample(&all, 10, seed).iter().map(|problem| problem.index).collect::<Vec<_>>();
        assert_eq!((drawn(1).len(), drawn(1)), (10, drawn(1)));
        assert!(drawn(1).is_sorted_by(|a, b| a < b) && drawn(1) != drawn(2));
        assert_eq!(sample(&all, 1000, 1).len(), 100);
    }
}
