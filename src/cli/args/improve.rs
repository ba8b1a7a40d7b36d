//! The command line of `afcheck improve`. Owns names, help texts and examples.

use super::{LeanArgs, ProblemData};
use clap::ValueEnum;
use serde::Serialize;
use std::path::PathBuf;

/// What a sample must be to be learnt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// Its statement is proved equivalent to the reference
    Equivalent,
    /// And it carries a proof that Lean accepts
    Proved,
}

/// What a round trains on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Learn {
    /// All samples that were kept so far, from the first model on (expert iteration)
    Likelihood,
    /// Pairs of a kept and a refused sample of the round, from the round's model on (DPO)
    Preference,
}

/// Has a language model learn from those of its own samples that Lean accepts.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck improve --model gemma-3-270m --data afcore:train --limit 200 --shots 4 -n 8 --rounds 2 --out runs/improve
  afcheck improve --model gemma-3-270m --adapter runs/aligned/adapter --data afcore:train --limit 500 -n 8 \\
      --eval afcore:dev --time 2h --out runs/expert
  afcheck improve --adapter runs/aligned/adapter --objective preference --data afcore:train --out runs/dpo
  afcheck generate --model gemma-3-270m --adapter runs/expert/round-2/run/adapter --data afcore:test --out o.jsonl

A round has the model answer every problem -n times, has Lean judge the answers, keeps those that elaborate and are proved
equivalent to the reference, and fine-tunes an adapter on them. References are never shown to the model; they decide what is kept.

In --out: settings.json, rounds.jsonl with a line a round, and round-N/ with samples.jsonl, judged.jsonl (each sample with its
scores), kept.jsonl (problems as `finetune --data aligned:FILE` reads them), pairs.jsonl (prompt, chosen, rejected) and run/, the
run of fine-tuning. Interrupted runs go on with --resume. A table goes to standard error, JSON to standard output.

How the adapter is trained stands in the section [finetune] of the settings file; --tokens, --epochs and --learning-rate win over it.")]
pub struct Improve {
    /// A name (`afcheck model list`), a .gguf file, or a directory with config.json, tokenizer.json and .safetensors
    #[arg(long, value_name = "NAME|PATH", default_value = "gemma-3-270m")]
    pub model: String,
    /// Adapter that the first round's model has
    #[arg(long, value_name = "DIR")]
    pub adapter: Option<PathBuf>,
    #[command(flatten)]
    pub data: ProblemData,
    /// Rounds
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub rounds: usize,
    /// Where the run goes
    #[arg(long, short, value_name = "DIR")]
    pub out: PathBuf,
    /// Go on with the run in --out
    #[arg(long)]
    pub resume: bool,
    /// End after this long, such as 90m, as if interrupted
    #[arg(long, value_name = "DURATION")]
    pub time: Option<String>,
    /// Problems that each model is measured on, the first and that of each round; they must not be those of --data
    #[arg(long, value_name = "SET")]
    pub eval: Option<String>,
    /// Samples of each problem of --eval
    #[arg(long, value_name = "N", default_value_t = 1, requires = "eval")]
    pub eval_samples: usize,
    #[command(flatten)]
    pub sampling: ImproveSampling,
    #[command(flatten)]
    pub learning: ImproveLearning,
    #[command(flatten)]
    pub lean: LeanArgs,
}

/// How samples are made.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Sampling")]
pub struct ImproveSampling {
    /// Samples of each problem in a round
    #[arg(short = 'n', long, value_name = "N", default_value_t = 8)]
    pub samples: usize,
    /// Examples in the prompt
    #[arg(long, value_name = "K", default_value_t = 0)]
    pub shots: usize,
    /// Problems examples are taken from
    #[arg(long, value_name = "SET", default_value = "afcore:dev")]
    pub shots_from: String,
    /// Prompt template (TOML) [default: built in]
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Sampling temperature
    #[arg(long, value_name = "T", default_value_t = 0.8)]
    pub temperature: f32,
    /// Only the most probable tokens that have probability P together
    #[arg(long, value_name = "P", default_value_t = 1.0)]
    pub top_p: f32,
    /// Tokens of a sample at most
    #[arg(long, value_name = "N", default_value_t = 192)]
    pub max_tokens: usize,
    /// Samples under way at a time
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub batch: usize,
    /// Seed of samples and training; each round has its own of it
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// What is learnt from them.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Learning")]
pub struct ImproveLearning {
    /// What a sample must be to be kept
    #[arg(long, value_enum, default_value_t = Keep::Equivalent)]
    pub keep: Keep,
    /// Different samples of a problem that are kept in a round, at most
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub most: usize,
    /// What a round trains on
    #[arg(long, value_enum, default_value_t = Learn::Likelihood)]
    pub objective: Learn,
    /// Tokens that a round trains on [default: every kept text once an epoch]
    #[arg(long, value_name = "N")]
    pub tokens: Option<u64>,
    /// Times what was kept is read
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,
    /// Highest learning rate
    #[arg(long, value_name = "X")]
    pub learning_rate: Option<f64>,
}
