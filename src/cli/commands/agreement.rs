//! `afcheck eval agreement`.

use super::eval::signals;
use super::judged::Lean;
use crate::cli::args::{Agreement, Common};
use crate::cli::exit::{Exit, Failure};
use crate::dataset::{self, Labelled};
use crate::domain::{Problem, Record};
use crate::pipeline::eval::{self, Signal};
use crate::report::eval as report;

fn usage(error: impl ToString) -> Failure {
    Failure::new(Exit::Usage, error)
}

/// Runs the command.
pub fn run(common: &Common, args: &Agreement) -> Result<Exit, Failure> {
    let asked = signals(&args.metrics)?;
    if args.folds < 2 {
        return Err(usage("--folds: cross-validation needs at least 2"));
    }
    let pairs = dataset::labels(&args.labels, args.accept_effort).map_err(usage)?;
    let labels: Vec<bool> = pairs.iter().map(|pair| pair.label).collect();
    let (problems, predictions): (Vec<Problem>, Vec<Record>) = pairs.iter().enumerate().map(pair_of).unzip();
    let (mut scored, _) = eval::join(&problems, predictions);
    eval::score_text(&problems, &mut scored, &asked);
    for (scored, pair) in scored.iter_mut().zip(&pairs) {
        if let Some(type_checks) = pair.type_checks {
            scored.scores.insert(Signal::TypeCheck, Some(f64::from(u8::from(type_checks))));
        }
    }
    if let Some(lean) = Lean::start(common, &asked, &problems, &args.lean, false)? {
        lean.check(&problems, &mut scored, &asked)?;
    }
    let found: Vec<eval::Agreement> = asked
        .iter()
        .filter_map(|signal| {
            let scores: Vec<Option<f64>> = scored.iter().map(|s| s.score(*signal)).collect();
            eval::agreement(*signal, &scores, &labels, args.folds, args.seed)
        })
        .collect();
    if !common.quiet {
        eprint!("{}", report::agreement_table(&args.labels, &labels, &found));
    }
    super::print(&format!("{:#}\n", report::agreement(&args.labels, &labels, args.folds, args.seed, &found)))
}

/// A pair as a problem and its prediction; ids of data sets may repeat, positions do not.
fn pair_of((index, pair): (usize, &Labelled)) -> (Problem, Record) {
    let id = format!("{index} {}", pair.id);
    let problem = Problem {
        index: index as u64,
        id: id.clone(),
        header: pair.header.clone(),
        formal: pair.reference.clone(),
        ..Problem::default()
    };
    let record = Record { index: index as u64, id, code: pair.prediction.clone(), ..Record::default() };
    (problem, record)
}
