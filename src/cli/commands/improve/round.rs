//! One round: samples, verdicts, what is kept, training, measurement. Owns the files of a round and how it goes on where an
//! interrupted run was; each part is the command's of its name.

use super::super::eval::read_predictions;
use super::super::judged::Lean;
use super::super::models::usage;
use super::super::training::{Training, failed, train};
use super::super::{finetune, generate};
use super::SIGNALS;
use crate::cli::args::{Args, Command, Common, Improve, Learn, ProblemData};
use crate::cli::exit::{Exit, Failure};
use crate::domain::Problem;
use crate::ml::files::whole;
use crate::pipeline::eval::{Scored, join};
use crate::pipeline::improve::{Choice, Criterion, Round, Seconds, choose, count};
use crate::prompts::Template;
use clap::Parser;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Problems, and how the command line names them.
pub struct Asked<'a> {
    pub data: &'a ProblemData,
    pub problems: &'a [Problem],
}

/// What all rounds share.
pub struct Rounds<'a> {
    pub common: &'a Common,
    pub args: &'a Improve,
    pub template: &'a Template,
    pub criterion: Criterion,
    pub lean: &'a Lean<'a>,
    pub stop: &'a AtomicBool,
    pub data: Asked<'a>,
    pub eval: Option<Asked<'a>>,
}

/// What the run of fine-tuning is given, beside what the settings file says.
pub fn plan(args: &Improve, data: &str, adapter: &str, seed: u64) -> Value {
    let learning = &args.learning;
    let data = match learning.objective {
        Learn::Likelihood => format!("aligned:{data}"),
        Learn::Preference => data.to_owned(),
    };
    json!({
        "model": args.model,
        "data": data,
        "adapter": adapter,
        "objective": learning.objective,
        "method": "lora",
        "tokens": learning.tokens,
        "epochs": learning.epochs,
        "learning_rate": learning.learning_rate,
        "seed": seed,
    })
}

impl Rounds<'_> {
    /// Makes round `number` with the model that has this adapter; round 0 only measures it. `None` if it was interrupted.
    pub fn make(&self, number: usize, adapter: Option<String>, before: &[Round]) -> Result<Option<Round>, Failure> {
        let directory = self.args.out.join(format!("round-{number}"));
        whole::create_directory(&directory).map_err(failed)?;
        let mut round = Round {
            round: number,
            asked: adapter.clone(),
            made: adapter.clone(),
            sampled: None,
            kept: 0,
            pairs: 0,
            trained_on: 0,
            tokens: 0,
            dev_before: None,
            dev_loss: None,
            measured: None,
            seconds: Seconds::default(),
        };
        let seed = self.args.sampling.seed + number as u64;
        if number > 0 {
            let samples = directory.join("samples.jsonl");
            let begun = Instant::now();
            if !self.sample(&self.data, adapter.as_deref(), self.args.sampling.samples, seed, &samples)? {
                return Ok(None);
            }
            round.seconds.sampling = begun.elapsed().as_secs_f64();
            let begun = Instant::now();
            let Some(scored) = self.judge(self.data.problems, &samples, &directory.join("judged.jsonl"))? else {
                return Ok(None);
            };
            round.seconds.judging = begun.elapsed().as_secs_f64();
            round.sampled = Some(count(self.data.problems, &scored, self.criterion));
            let choices = choose(self.data.problems, &scored, self.criterion, self.args.learning.most);
            self.keep(&directory, &scored, &choices, &mut round, before)?;
            let begun = Instant::now();
            if round.trained_on > 0 && !self.learn(&directory, adapter.as_deref(), seed, &mut round)? {
                return Ok(None);
            }
            round.seconds.training = begun.elapsed().as_secs_f64();
        }
        if let Some(eval) = self.eval.as_ref().filter(|_| number == 0 || round.trained_on > 0) {
            let begun = Instant::now();
            let samples = directory.join("eval.jsonl");
            // The same seed for all models: they differ by what they learnt alone.
            let seed = self.args.sampling.seed;
            if !self.sample(eval, round.made.as_deref(), self.args.eval_samples, seed, &samples)? {
                return Ok(None);
            }
            let Some(scored) = self.judge(eval.problems, &samples, &directory.join("eval-judged.jsonl"))? else {
                return Ok(None);
            };
            round.measured = Some(count(eval.problems, &scored, self.criterion));
            round.seconds.measuring = begun.elapsed().as_secs_f64();
        }
        Ok(Some(round))
    }

    /// Has the model answer. `false` if it was interrupted.
    fn sample(
        &self,
        asked: &Asked<'_>,
        adapter: Option<&str>,
        samples: usize,
        seed: u64,
        out: &Path,
    ) -> Result<bool, Failure> {
        let (args, data) = (&self.args.sampling, asked.data);
        let mut words: Vec<String> =
            ["afcheck", "generate", "--resume", "--model", &self.args.model].map(str::to_owned).into();
        let mut option = |name: &str, value: &dyn ToString| words.extend([name.to_owned(), value.to_string()]);
        option("--data", &data.set);
        data.split.iter().for_each(|split| option("--split", split));
        data.limit.iter().for_each(|limit| option("--limit", limit));
        data.fields.iter().for_each(|field| option("--data-field", field));
        adapter.iter().for_each(|adapter| option("--adapter", adapter));
        args.template.iter().for_each(|path| option("--template", &path.display()));
        option("--samples", &samples);
        option("--shots", &args.shots);
        option("--shots-from", &args.shots_from);
        option("--temperature", &args.temperature);
        option("--top-p", &args.top_p);
        option("--max-tokens", &args.max_tokens);
        option("--batch", &args.batch);
        option("--seed", &seed);
        option("--out", &out.display());
        let parsed = Args::try_parse_from(&words).map_err(usage)?;
        let Command::Generate(generate) = parsed.command else { return Err(usage("the words of a generation")) };
        match generate::answer(self.common, &generate, self.stop)? {
            Exit::Success => Ok(true),
            Exit::Interrupted => Ok(false),
            exit => Err(Failure::new(exit, "samples could not be made; go on with --resume")),
        }
    }

    /// Judges the samples of a file. Nothing if it was interrupted; verdicts that are there are not asked for again.
    fn judge(&self, problems: &[Problem], samples: &Path, out: &Path) -> Result<Option<Vec<Scored>>, Failure> {
        let records = read_predictions(&samples.display().to_string(), &[])?;
        let (mut scored, _) = join(problems, records);
        self.lean.check(problems, &mut scored, &SIGNALS)?;
        if self.stop.load(Ordering::Relaxed) || self.lean.was_interrupted() {
            return Ok(None);
        }
        let line = |scored: &Scored| {
            let mut line = Map::new();
            line.insert("id".into(), json!(problems[scored.problem].id));
            line.insert("sample".into(), json!(scored.sample));
            for signal in SIGNALS {
                line.insert(signal.as_str().into(), json!(scored.score(signal)));
            }
            line.insert("reason".into(), json!(scored.reason));
            line.insert("equivalence_verdict".into(), json!(scored.equivalence));
            Value::Object(line).to_string() + "\n"
        };
        let lines: String = scored.iter().map(line).collect();
        whole::write(out, lines.as_bytes()).map_err(failed)?;
        Ok(Some(scored))
    }

    /// Writes what a round keeps: `kept.jsonl`, `pairs.jsonl`, and `train.jsonl` with what all rounds kept, each text once.
    fn keep(
        &self,
        directory: &Path,
        scored: &[Scored],
        choices: &[Choice],
        round: &mut Round,
        before: &[Round],
    ) -> Result<(), Failure> {
        let code = |at: usize| scored[at].prediction.code.trim_end();
        let (mut kept, mut pairs) = (Vec::new(), Vec::new());
        for choice in choices {
            let problem = &self.data.problems[choice.problem];
            for at in &choice.kept {
                kept.push(json!({
                    "id": format!("{}/{}.{}", problem.id, round.round, scored[*at].sample),
                    "informal": problem.informal,
                    "formal": code(*at),
                    "header": problem.header,
                }));
            }
            for (chosen, rejected) in &choice.pairs {
                let prompt = self.template.prompt(&[], problem).map_err(usage)?;
                pairs.push(json!({
                    "id": problem.id,
                    "prompt": prompt,
                    "chosen": code(*chosen),
                    "rejected": code(*rejected),
                }));
            }
        }
        let mut all = Vec::new();
        for earlier in before.iter().filter(|earlier| earlier.round > 0) {
            let path = self.args.out.join(format!("round-{}/kept.jsonl", earlier.round));
            let text = fs::read_to_string(&path).map_err(|e| usage(format!("{}: {e}", path.display())))?;
            all.extend(text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()));
        }
        all.extend(kept.iter().cloned());
        let mut seen = std::collections::HashSet::new();
        all.retain(|line| seen.insert(json!([line["informal"], line["formal"]]).to_string()));
        for (name, lines) in [("kept.jsonl", &kept), ("pairs.jsonl", &pairs), ("train.jsonl", &all)] {
            let text: String = lines.iter().map(|line| line.to_string() + "\n").collect();
            whole::write(&directory.join(name), text.as_bytes()).map_err(failed)?;
        }
        (round.kept, round.pairs) = (kept.len(), pairs.len());
        round.trained_on = match self.args.learning.objective {
            Learn::Likelihood => all.len(),
            Learn::Preference => pairs.len(),
        };
        Ok(())
    }

    /// Trains on what was kept. `false` if it was interrupted.
    fn learn(&self, directory: &Path, adapter: Option<&str>, seed: u64, round: &mut Round) -> Result<bool, Failure> {
        let first = self.args.adapter.as_ref().map(|path| path.display().to_string());
        let (data, adapter) = match self.args.learning.objective {
            Learn::Likelihood => ("train.jsonl", first),
            Learn::Preference => ("pairs.jsonl", adapter.map(str::to_owned)),
        };
        let data = directory.join(data).display().to_string();
        let given = plan(self.args, &data, adapter.as_deref().unwrap_or_default(), seed);
        let plan = finetune::resolve(self.common, &given)?;
        let out = directory.join("run");
        let resume = out.join("journal.jsonl").exists();
        whole::create_directory(&out).map_err(failed)?;
        let training = Training { plan: &plan, template: self.template, out: &out, resume, stop: self.stop };
        let Some(card) = train(self.common, &training)? else { return Ok(false) };
        round.made = Some(out.join("adapter").display().to_string());
        round.tokens = card["data"]["tokens"].as_u64().unwrap_or_default() * plan.epochs as u64;
        round.dev_before = card["dev_before"].as_f64();
        round.dev_loss = card["dev_loss"].as_f64();
        Ok(true)
    }
}
