//! What a run measures: data sets, and for each model its outputs. Owns what is read before the first check, and what is said of
//! outputs that fit no problem.

use super::place::Place;
use super::usage;
use crate::cli::exit::Failure;
use crate::config::nightly::{Data, Model};
use crate::dataset::{FieldMap, ProblemFields, ReadOptions, Records, problems};
use crate::domain::Problem;
use crate::pipeline::nightly::{Joined, Predictions};
use serde_json::{Value, json};
use std::path::Path;

/// A data set that was read.
pub struct Set<'a> {
    pub data: &'a Data,
    pub problems: Vec<Problem>,
}

/// A model on a data set.
pub struct Source<'a> {
    pub model: &'a Model,
    pub set: &'a Set<'a>,
    /// Its outputs; `None` if they are made in the run.
    pub joined: Option<Joined>,
}

/// Reads the data sets.
pub fn sets(place: &Place) -> Result<Vec<Set<'_>>, Failure> {
    let set = |data: &'_ Data| -> Result<Vec<Problem>, Failure> {
        let wrong = |error: &dyn std::fmt::Display| usage(format!("data set `{}`: {error}", data.name));
        let fields = ProblemFields::with_overrides(data.fields.iter().map(String::as_str)).map_err(|e| wrong(&e))?;
        let name = place.path_or_name(&data.problems);
        let mut problems = problems(&name, &fields, data.split.as_deref()).map_err(|e| wrong(&e))?;
        problems.truncate(data.limit.unwrap_or(usize::MAX));
        Ok(problems)
    };
    place.settings.data.iter().map(|data| Ok(Set { data, problems: set(data)? })).collect()
}

/// Reads the outputs that are there.
pub fn sources<'a>(place: &'a Place, sets: &'a [Set<'a>]) -> Result<Vec<Source<'a>>, Failure> {
    let mut sources = Vec::new();
    for model in &place.settings.model {
        for set in sets.iter().filter(|set| model.is_run_on(&set.data.name)) {
            let joined = match &model.outputs {
                None => None,
                Some(outputs) => {
                    let path = place.path(&outputs.replace("{data}", &set.data.name));
                    let predictions = read(&path.display().to_string(), &model.fields)
                        .map_err(|e| usage(format!("model `{}`: {e}", model.name)))?;
                    Some(join(place, model, set, predictions)?)
                }
            };
            sources.push(Source { model, set, joined });
        }
    }
    Ok(sources)
}

/// The outputs of a file.
pub fn read(file: &str, fields: &[String]) -> Result<Predictions, String> {
    let fields = FieldMap::with_overrides(fields.iter().map(String::as_str)).map_err(|e| e.to_string())?;
    let options = ReadOptions { fields, ..ReadOptions::default() };
    let mut predictions = Predictions::default();
    for record in Records::open(file, options).map_err(|e| e.to_string())? {
        match record.map_err(|e| e.to_string())? {
            Ok(record) => predictions.records.push(record),
            Err(error) => {
                eprintln!("warning: {error}; what it is for is left undecided");
                predictions.unreadable.push(*error);
            }
        }
    }
    Ok(predictions)
}

/// Joins outputs with their problems, and says what fits nothing.
pub fn join(place: &Place, model: &Model, set: &Set<'_>, predictions: Predictions) -> Result<Joined, Failure> {
    let (model, data) = (&model.name, &set.data.name);
    let is_empty = predictions.records.is_empty();
    let joined = Joined::new(&set.problems, predictions, place.has_target());
    let (strangers, examples) = &joined.strangers;
    if *strangers > 0 {
        let words = format!(
            "{strangers} outputs of `{model}` belong to no problem of `{data}` (such as `{}`)",
            examples.join("`, `")
        );
        if joined.records.is_empty() {
            let some: Vec<&str> = set.problems.iter().take(3).map(|p| p.id.as_str()).collect();
            return Err(usage(format!(
                "{words}; its problems are called `{}`: name the field with fields = [\"id=NAME\"]",
                some.join("`, `")
            )));
        }
        eprintln!("note: {words}; they are left out");
    } else if is_empty {
        eprintln!("warning: `{model}` has no outputs that can be read for `{data}`");
    }
    if joined.by_position {
        eprintln!(
            "note: the outputs of `{model}` have no ids; they are taken in the order of the problems of `{data}`"
        );
    }
    Ok(joined)
}

/// What is judged, and how it is counted, for the hash that continues a run.
pub fn inputs(place: &Place, sources: &[Source<'_>]) -> Result<Value, Failure> {
    let mut cells = Vec::new();
    for source in sources {
        let hash = match &source.joined {
            Some(joined) => json!(joined.hash()),
            None => {
                let empty = Joined::new(&source.set.problems, Predictions::default(), place.has_target());
                let template = source.model.template.as_ref().map(|path| read_text(&place.path(path))).transpose()?;
                json!([empty.hash(), source.model, template])
            }
        };
        cells.push(json!([source.model.name, source.set.data.name, hash]));
    }
    Ok(json!({ "count": place.settings.count, "cells": cells }))
}

fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|e| usage(format!("{}: {e}", path.display())))
}
