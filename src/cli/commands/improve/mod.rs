//! `afcheck improve`: rounds of sampling, judging and training. Owns the order of the rounds and what of a run is kept for its
//! continuation; what a round does is `round.rs`'s, which samples it keeps `pipeline::improve`'s.

mod round;

use super::judged::Lean;
use super::models::{read_problems, usage};
use super::training::failed;
use crate::cli::args::{Common, Improve, Keep, ProblemData};
use crate::cli::exit::{Exit, Failure};
use crate::domain::Problem;
use crate::ml::files::whole;
use crate::pipeline::eval::Signal;
use crate::pipeline::improve::{Criterion, Round};
use crate::report::improve as report;
use round::{Asked, Rounds};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The signals a sample is judged by.
const SIGNALS: [Signal; 4] = [Signal::TypeCheck, Signal::Equivalence, Signal::Proof, Signal::ProofOfReference];

/// Runs the command.
pub fn run(common: &Common, args: &Improve) -> Result<Exit, Failure> {
    let counts = [args.rounds, args.sampling.samples, args.learning.most, args.eval_samples];
    if counts.contains(&0) {
        return Err(usage("--rounds, -n, --most and --eval-samples are at least 1"));
    }
    let problems = asked(&args.data)?;
    let eval = args.eval.as_ref().map(|set| {
        let data = ProblemData { set: set.clone(), split: None, limit: None, fields: args.data.fields.clone() };
        asked(&data).map(|problems| (data, problems))
    });
    let eval = eval.transpose()?;
    if let Some((_, eval)) = &eval {
        let ids: HashSet<&str> = problems.iter().map(|problem| problem.id.as_str()).collect();
        if let Some(both) = eval.iter().find(|problem| ids.contains(problem.id.as_str())) {
            return Err(usage(format!(
                "problem `{}` is in --data and in --eval: it could not measure anything",
                both.id
            )));
        }
    }
    let plan = super::finetune::resolve(common, &round::plan(args, "", "", 0))?;
    let template = super::read_template(args.sampling.template.as_deref())?;
    let there = prepare(args, &json!({ "plan": plan, "template": template }))?;
    let stop = super::stop_flag()?;
    if let Some(text) = &args.time {
        let time = humantime::parse_duration(text).map_err(|e| usage(format!("--time {text}: {e}")))?;
        end_after(time, stop.clone());
    }
    let all: Vec<Problem> = problems.iter().chain(eval.iter().flat_map(|(_, eval)| eval)).cloned().collect();
    let lean = Lean::start(common, &SIGNALS, &all, &args.lean, false)?;
    let lean = lean.ok_or_else(|| usage("improve needs a Lean that has what the statements import"))?;
    let lean = lean.until(stop.clone());
    let criterion = match args.learning.keep {
        Keep::Equivalent => Criterion::Equivalent,
        Keep::Proved => Criterion::Proved,
    };
    let data = Asked { data: &args.data, problems: &problems };
    let eval = eval.as_ref().map(|(data, problems)| Asked { data, problems });
    let rounds = Rounds { common, args, template: &template, criterion, lean: &lean, stop: &stop, data, eval };
    let first = if rounds.eval.is_some() { 0 } else { 1 };
    let mut made: Vec<Round> = there;
    for number in first + made.len()..=args.rounds {
        let adapter = made
            .last()
            .map_or_else(|| args.adapter.as_ref().map(|path| path.display().to_string()), |round| round.made.clone());
        let Some(round) = rounds.make(number, adapter, &made)? else {
            if !common.quiet {
                eprintln!("interrupted     in round {number}; go on with --resume");
            }
            return Ok(Exit::Interrupted);
        };
        let nothing = number > 0 && round.trained_on == 0;
        made.push(round);
        let lines: String = made.iter().map(|round| json!(round).to_string() + "\n").collect();
        whole::write(&args.out.join("rounds.jsonl"), lines.as_bytes()).map_err(failed)?;
        if !common.quiet {
            eprint!("{}", report::table(&made));
        }
        if nothing {
            let hint = "more samples (-n), examples in the prompt (--shots) or a model that was fine-tuned before (--adapter) help";
            return Err(usage(format!("round {number} left nothing to learn from: {hint}")));
        }
    }
    let engine = lean.id();
    let report = json!({
        "schema": "afcheck.improve/1",
        "model": args.model,
        "data": args.data.set,
        "eval": args.eval,
        "engine": { "lean": engine.lean, "commit": engine.commit, "kind": engine.kind },
        "rounds": made,
    });
    super::print(&format!("{report:#}\n"))
}

/// Problems that can be asked: those with an informal statement.
fn asked(data: &ProblemData) -> Result<Vec<Problem>, Failure> {
    let mut problems = read_problems(data)?;
    problems.retain(|problem| problem.informal.is_some());
    match problems.is_empty() {
        true => Err(usage(format!("{} has no problem with an informal statement", data.set))),
        false => Ok(problems),
    }
}

/// Makes room for the run; the rounds that are there already, with --resume.
fn prepare(args: &Improve, resolved: &Value) -> Result<Vec<Round>, Failure> {
    let (learning, sampling) = (&args.learning, &args.sampling);
    let settings = json!({
        "model": args.model,
        "adapter": args.adapter,
        "data": [args.data.set, args.data.split, json!(args.data.limit)],
        "eval": [args.eval, json!(args.eval_samples)],
        "samples": sampling.samples,
        "shots": [json!(sampling.shots), json!(sampling.shots_from)],
        "sampling": [sampling.temperature, sampling.top_p],
        "max_tokens": sampling.max_tokens,
        "seed": sampling.seed,
        "keep": learning.keep,
        "most": learning.most,
        "objective": learning.objective,
        "resolved": resolved,
    });
    let settings = format!("{settings:#}\n");
    let path = args.out.join("settings.json");
    if let Ok(text) = fs::read_to_string(&path) {
        if !args.resume {
            return Err(usage(format!(
                "{} has a run already: go on with --resume, or choose another",
                args.out.display()
            )));
        }
        // As texts: a number that is read and written again may be another in its last digit.
        if text != settings {
            return Err(usage(format!(
                "{} has a run with other settings ({}); choose another --out",
                args.out.display(),
                path.display()
            )));
        }
    }
    whole::create_directory(&args.out).map_err(failed)?;
    whole::write(&path, settings.as_bytes()).map_err(failed)?;
    Ok(read_rounds(&args.out.join("rounds.jsonl")))
}

fn read_rounds(path: &Path) -> Vec<Round> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().map_while(|line| serde_json::from_str(line).ok()).collect()
}

/// Sets `stop` after a time. The thread ends with the process.
fn end_after(time: Duration, stop: Arc<AtomicBool>) {
    thread::spawn(move || {
        thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
    });
}
