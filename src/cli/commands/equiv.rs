//! `afcheck equiv`.

use super::judged::{Engines, start_engine};
use super::kept::with_results;
use crate::cli::args::{Common, Equiv, EquivFormat};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::CountProgress;
use crate::cli::settings::text_or_file;
use crate::dataset::{BadPair, Pair, read_pairs};
use crate::domain::Budget;
use crate::engine::Comparer;
use crate::pipeline::equiv::Comparing;
use crate::report::equivalence::{Agreement, human_line, json_line};
use crate::runner::Asking;
use std::io::{self, Write};

/// Thousands of heartbeats for a pair: every attempt has a limit of its own far below.
const HEARTBEATS: u64 = 20_000;

fn usage(message: impl ToString) -> Failure {
    Failure::new(Exit::Usage, message)
}

/// Runs the command.
pub fn run(common: &Common, args: &Equiv) -> Result<Exit, Failure> {
    let defaults = Budget::default();
    let wall_clock = match &args.wall_clock {
        Some(text) => humantime::parse_duration(text).map_err(|e| usage(format!("--wall-clock {text}: {e}")))?,
        None => defaults.wall_clock,
    };
    let heartbeats = args.heartbeats.unwrap_or(HEARTBEATS);
    if wall_clock.is_zero() || heartbeats == 0 {
        return Err(usage("a budget of nothing shows nothing: --wall-clock and --heartbeats must be above zero"));
    }
    let header = args.header.as_ref().map(|text| text_or_file("--header", text)).transpose()?;
    let pairs = pairs(args)?;
    let is_single = args.pairs.is_none();
    let Engines { engine, jobs, results } = start_engine(common, &args.lean)?;
    let jobs = jobs.min(pairs.len().max(1));
    let stop = super::stop_flag()?;
    let format = args.format.unwrap_or(if is_single { EquivFormat::Human } else { EquivFormat::Jsonl });
    let progress = CountProgress::new(common.quiet || is_single, pairs.len() as u64);
    let mut agreement = Agreement::default();
    let mut out = io::stdout().lock();
    let finished = with_results(common, &engine, results, |reuse| {
        let comparing = Comparing {
            asking: Asking { worker: &engine as &dyn Comparer, reuse, jobs, stop: &stop },
            budget: Budget { heartbeats, wall_clock, ..defaults },
            header,
        };
        comparing.run(pairs, &mut |compared| {
            let line = match format {
                EquivFormat::Human => human_line(compared),
                EquivFormat::Jsonl => json_line(compared),
            };
            out.write_all(line.as_bytes())?;
            out.flush()?;
            agreement.add(compared);
            progress.step(1);
            Ok(())
        })
    });
    progress.finish();
    let finished = finished.map_err(|e| Failure::new(Exit::Output, format!("the results cannot be written: {e}")))?;
    if !common.quiet && !is_single {
        eprint!("{}", agreement.table());
    }
    Ok(if finished { Exit::Success } else { Exit::Interrupted })
}

/// The pairs that are asked for.
fn pairs(args: &Equiv) -> Result<Vec<Result<Pair, BadPair>>, Failure> {
    if let Some(input) = &args.pairs {
        let pairs = read_pairs(input).map_err(usage)?;
        if let [first, ..] = &pairs[..]
            && pairs.iter().all(Result::is_err)
            && let Err(bad) = first
        {
            return Err(usage(format!("{input} holds no pair: {bad}")));
        }
        return Ok(pairs);
    }
    let side = |flag: &str, text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default();
        if text.trim().is_empty() {
            return Err(usage(format!("{flag}: a file with a Lean theorem, or the theorem itself, is needed")));
        }
        if text == "-" {
            return Err(usage(format!(
                "{flag} -: standard input can hold many pairs (--pairs -), not one side of a pair"
            )));
        }
        text_or_file(flag, text)
    };
    let pair = Pair { id: "pair".into(), a: side("--a", &args.a)?, b: side("--b", &args.b)?, ..Pair::default() };
    Ok(vec![Ok(pair)])
}
