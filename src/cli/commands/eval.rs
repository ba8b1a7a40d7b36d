//! `afcheck eval`.

use super::judged::Lean;
use crate::cli::args::{Common, Eval, EvalWhat};
use crate::cli::exit::{Exit, Failure};
use crate::dataset::{FieldMap, ProblemFields, ReadOptions, Records, problems};
use crate::domain::{Problem, Record};
use crate::pipeline::eval::{self, Classes, Evaluation, Figures, Signal};
use crate::report::eval as report;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

fn usage(error: impl ToString) -> Failure {
    Failure::new(Exit::Usage, error)
}

fn output(path: &Path) -> impl Fn(std::io::Error) -> Failure + '_ {
    move |error| Failure::new(Exit::Output, format!("{}: {error}", path.display()))
}

/// Runs the command.
pub fn run(common: &Common, args: Eval) -> Result<Exit, Failure> {
    if let Some(EvalWhat::Agreement(agreement)) = &args.what {
        return super::agreement::run(common, agreement);
    }
    let (Some(data), Some(predictions)) = (args.data.as_deref(), args.predictions.as_deref()) else {
        return Err(usage("--data and --predictions are needed"));
    };
    let signals = signals(&args.metrics)?;
    if args.equivalence_classes && !signals.iter().any(|s| s.needs_lean()) {
        return Err(usage("--equivalence-classes needs Lean, which no signal of --metrics asks: add type_check"));
    }
    let fields = ProblemFields::with_overrides(args.data_field.iter().map(String::as_str)).map_err(usage)?;
    let mut problems = problems(data, &fields, args.split.as_deref()).map_err(usage)?;
    problems.truncate(args.limit.unwrap_or(usize::MAX));
    let figures = Figures {
        signals,
        by: dimensions(args.by.as_deref(), &problems)?,
        ks: args.k.clone(),
        seed: args.seed,
        answered_only: args.answered_only,
    };
    // Every file is opened before the first check.
    let records = read_predictions(predictions, &args.field)?;
    let other = args.compare.as_deref().map(|file| read_predictions(file, &args.field)).transpose()?;
    let losses = args.losses.as_deref().map(read_losses).transpose()?;
    let html = args.html.as_deref().map(|path| File::create(path).map_err(output(path))).transpose()?;
    let out = args.out.as_deref().map(|path| File::create(path).map_err(output(path))).transpose()?;

    let lean = Lean::start(common, &figures.signals, &problems, &args.lean, args.equivalence_classes)?;
    let evaluator = Evaluator { data, problems: &problems, figures: &figures, lean: lean.as_ref() };
    let evaluation = evaluator.evaluate(predictions, records, losses.as_ref())?;
    let compared = match (&args.compare, other) {
        (Some(name), Some(records)) => {
            let theirs = evaluator.evaluate(name, records, None)?;
            Some((name.as_str(), eval::compare(&evaluation, &theirs)))
        }
        _ => None,
    };
    let comparison = compared.as_ref().map(|(name, found)| (*name, found.as_slice()));
    if lean.as_ref().is_some_and(Lean::was_interrupted) {
        return Ok(Exit::Interrupted);
    }
    if let (Some(mut file), Some(path)) = (html, &args.html) {
        file.write_all(report::page(&evaluation, comparison).as_bytes()).map_err(output(path))?;
    }
    if let (Some(file), Some(path)) = (out, &args.out) {
        let mut file = BufWriter::new(file);
        let lines = evaluation.scored.iter().map(|scored| report::example(&evaluation, scored));
        for line in lines {
            writeln!(file, "{line}").map_err(output(path))?;
        }
        file.flush().map_err(output(path))?;
    }
    if !common.quiet {
        eprint!("{}", report::table(&evaluation, comparison));
    }
    super::print(&format!("{:#}\n", report::evaluation(&evaluation, comparison)))
}

/// The signals of `--metrics`.
pub fn signals(names: &str) -> Result<Vec<Signal>, Failure> {
    let mut signals = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match name {
            "all" => signals.extend(Signal::ALL),
            "text" => signals.extend(Signal::ALL.into_iter().filter(|s| !s.needs_lean())),
            "lean" => signals.extend(Signal::ALL.into_iter().filter(|s| s.needs_lean())),
            name => signals.push(name.parse::<Signal>().map_err(|e| usage(format!("--metrics: {e}")))?),
        }
    }
    signals.sort_unstable();
    signals.dedup();
    if signals.is_empty() { Err(usage("--metrics names no signal")) } else { Ok(signals) }
}

fn dimensions(asked: Option<&[String]>, problems: &[Problem]) -> Result<Vec<String>, Failure> {
    let Some(asked) = asked else {
        // Those the data set has more than one value of.
        let telling = eval::DIMENSIONS.into_iter().filter(|dimension| eval::grouped(problems, dimension).len() > 1);
        return Ok(telling.map(str::to_owned).collect());
    };
    match asked.iter().find(|name| !eval::DIMENSIONS.contains(&name.as_str())) {
        Some(unknown) => Err(usage(format!("--by {unknown}: one of {}", eval::DIMENSIONS.join(", ")))),
        None => Ok(asked.to_vec()),
    }
}

/// The predictions of a file; those that cannot be read are said and left out.
pub fn read_predictions(file: &str, fields: &[String]) -> Result<Vec<Record>, Failure> {
    let fields = FieldMap::with_overrides(fields.iter().map(String::as_str)).map_err(usage)?;
    let records = Records::open(file, ReadOptions { fields, ..ReadOptions::default() }).map_err(usage)?;
    let mut read = Vec::new();
    for record in records {
        match record.map_err(usage)? {
            Ok(record) => read.push(record),
            Err(error) => eprintln!("warning: {error}; it is left out"),
        }
    }
    Ok(read)
}

/// Losses by problem id.
fn read_losses(path: &Path) -> Result<HashMap<String, f64>, Failure> {
    #[derive(serde::Deserialize)]
    struct Line {
        id: String,
        loss: f64,
    }
    let failed = |error: std::io::Error| usage(format!("{}: {error}", path.display()));
    let mut losses = HashMap::new();
    for (number, line) in BufReader::new(File::open(path).map_err(failed)?).lines().enumerate() {
        let line = line.map_err(failed)?;
        if line.trim().is_empty() {
            continue;
        }
        let Line { id, loss } = serde_json::from_str(&line)
            .map_err(|e| usage(format!("{}:{}: {e}; a line has `id` and `loss`", path.display(), number + 1)))?;
        losses.insert(id, loss);
    }
    Ok(losses)
}

/// What all predictions of a run are evaluated with.
struct Evaluator<'a> {
    data: &'a str,
    problems: &'a [Problem],
    figures: &'a Figures,
    lean: Option<&'a Lean<'a>>,
}

impl Evaluator<'_> {
    fn evaluate(
        &self,
        file: &str,
        records: Vec<Record>,
        losses: Option<&HashMap<String, f64>>,
    ) -> Result<Evaluation, Failure> {
        let (mut scored, unmatched) = eval::join(self.problems, records);
        if unmatched.predictions > 0 {
            let examples = unmatched.examples.join("`, `");
            let words = format!(
                "{} predictions of {file} belong to no problem of {} (such as `{examples}`)",
                unmatched.predictions, self.data
            );
            if scored.is_empty() {
                let some: Vec<&str> = self.problems.iter().take(3).map(|p| p.id.as_str()).collect();
                return Err(usage(format!(
                    "{words}; its problems are called `{}`: name the field with --field id=NAME",
                    some.join("`, `")
                )));
            }
            eprintln!("warning: {words}; they are left out");
        }
        if unmatched.by_position {
            eprintln!("note: the predictions of {file} have no ids; they are taken in the order of the problems");
        }
        eval::score_text(self.problems, &mut scored, &self.figures.signals);
        if let Some(losses) = losses {
            for scored in &mut scored {
                let loss = losses.get(&self.problems[scored.problem].id);
                scored.scores.insert(Signal::Loss, loss.copied());
            }
        }
        let classes = match self.lean {
            Some(lean) => lean.check(self.problems, &mut scored, &self.figures.signals)?,
            None => Classes::NotFormed("Lean was not asked"),
        };
        let engine = self.lean.map(Lean::id);
        let names = (self.data.to_owned(), file.to_owned());
        Ok(Evaluation::new(names, self.problems.to_vec(), scored, unmatched, engine, self.figures.clone(), classes))
    }
}
