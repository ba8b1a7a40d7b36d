//! The command line of `afcheck finetune`. Owns names, help texts and examples; the settings are `pipeline::finetune::Plan`'s,
//! whose fields these are by name.

use serde::Serialize;
use std::path::PathBuf;

/// Fine-tunes a language model on a data condition.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck finetune --model gemma-3-270m --data aligned:afcore:train --tokens 200000 --out runs/aligned
  afcheck generate --model gemma-3-270m --adapter runs/aligned/adapter --data afcore:test --out o.jsonl
  afcheck finetune --data formal:afcore:train --tokens 200000 --seed 2 --out runs/formal-2
  afcheck finetune --data '0.7*aligned:afcore:train+0.3*python:src' --tokens 500000 --out runs/mixture
  afcheck finetune --method full --learning-rate 2e-5 --batch 16 --patience 3 --out runs/full
  afcheck finetune --adapter runs/aligned/adapter --objective preference --data pairs.jsonl --learning-rate 2e-5 --out runs/dpo
  afcheck finetune --objective distillation --teacher gemma-3-270m --teacher-adapter runs/aligned/adapter --temperature 2 --out runs/taught
  afcheck finetune --config run.toml --seed 3 --out runs/three
  afcheck finetune --show-settings > run.toml

The data condition (docs/data-conditions.md) decides what is learnt: of aligned pairs the formal statement behind the prompt that
`generate --shots 0` asks with, of anything else all of the text. --tokens is the budget, the same for every condition. Pairs of
answers are JSON lines with prompt, chosen and rejected (`afcheck improve` writes some). A teacher is a model with the tokens of the
model that is trained, and may be that model itself with an adapter; both read --data.

In --out: adapter/ (as the Python library peft reads it) or model/ (as transformers does), journal.jsonl with a line a step,
curve.svg, card.json with settings, hashes and figures, and checkpoints/. A run that was interrupted or killed goes on with
--resume and makes the numbers it would have made. The same seed gives the same numbers.

Settings may stand in the section [finetune] of the settings file (--config, ./afcheck.toml), by the names that --show-settings
prints; options on the command line win over it.")]
pub struct Finetune {
    /// Where the run goes
    #[arg(long, short, value_name = "DIR", required_unless_present = "show_settings")]
    pub out: Option<PathBuf>,
    /// Go on with the run in --out
    #[arg(long)]
    pub resume: bool,
    /// Replace the run in --out
    #[arg(long, conflicts_with = "resume")]
    pub overwrite: bool,
    /// Print the settings that apply, and do nothing
    #[arg(long)]
    pub show_settings: bool,
    /// Prompt template (TOML) of aligned pairs [default: built in]
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// Settings given on the command line. Defaults are `Plan`'s: `--show-settings` prints them.
#[derive(Debug, clap::Args, Serialize)]
pub struct PlanArgs {
    /// A name (`afcheck model list`), a .gguf file, or a directory with config.json, tokenizer.json and .safetensors
    #[arg(long, value_name = "NAME|PATH")]
    pub model: Option<String>,
    /// Data condition to train on
    #[arg(long, value_name = "CONDITION")]
    pub data: Option<String>,
    /// Data condition whose loss is watched; '' for none
    #[arg(long, value_name = "CONDITION")]
    pub dev: Option<String>,
    /// Tokens to train on in an epoch [default: every text once]
    #[arg(long, value_name = "N")]
    pub tokens: Option<u64>,
    /// Times the examples are read
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,
    /// Tokens of an example at most
    #[arg(long, value_name = "N")]
    pub context: Option<usize>,
    /// Leave out longer examples instead of cutting them
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub leave_out_long: Option<bool>,
    /// What is trained
    #[arg(long, value_parser = ["lora", "full", "head"])]
    pub method: Option<String>,
    /// What a step makes smaller: the loss of target tokens, or the preference of `rejected` to `chosen` answers (DPO), of a file
    /// of pairs that --data names, or the distance from what a --teacher says behind the same tokens (distillation)
    #[arg(long, value_parser = ["likelihood", "preference", "distillation"])]
    pub objective: Option<String>,
    /// With --objective preference: how dear it is to leave the model that training began with
    #[arg(long, value_name = "X")]
    pub beta: Option<f64>,
    /// The model to learn from: a name or a path, as of --model
    #[arg(long, value_name = "NAME|PATH", help_heading = "Distillation")]
    pub teacher: Option<String>,
    /// The teacher's adapter
    #[arg(long, value_name = "DIR", help_heading = "Distillation")]
    pub teacher_adapter: Option<String>,
    /// What the scores of teacher and student are divided by: above 1, less probable tokens count more
    #[arg(long, value_name = "T", help_heading = "Distillation")]
    pub temperature: Option<f64>,
    /// forward, KL(teacher || student), has the student cover what the teacher holds possible; reverse, KL(student || teacher), leave
    /// what it does not
    #[arg(long, value_parser = ["forward", "reverse"], help_heading = "Distillation")]
    pub divergence: Option<String>,
    /// Share of the loss of the given tokens, from 0 to 1; the rest is the teacher's
    #[arg(long, value_name = "SHARE", help_heading = "Distillation")]
    pub hard_weight: Option<f64>,
    /// Begin with this adapter, whose rank, scaling and maps are kept, instead of a new one
    #[arg(long, value_name = "DIR", help_heading = "Adapter")]
    pub adapter: Option<String>,
    /// Rank of the adapter
    #[arg(long, value_name = "N", help_heading = "Adapter")]
    pub rank: Option<usize>,
    /// The adapter's product is scaled by alpha / rank
    #[arg(long, value_name = "X", help_heading = "Adapter")]
    pub alpha: Option<f32>,
    /// Probability with which an input of the adapter is left out of a step
    #[arg(long, value_name = "P", help_heading = "Adapter")]
    pub dropout: Option<f32>,
    /// Scale by alpha / sqrt(rank)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", help_heading = "Adapter")]
    pub rslora: Option<bool>,
    /// Linear maps that have one, separated by commas: query, key, value, output, gate, up, down
    #[arg(long, value_name = "LIST", value_delimiter = ',', help_heading = "Adapter")]
    pub targets: Option<Vec<String>>,
    /// Highest learning rate
    #[arg(long, value_name = "X", help_heading = "Optimizer")]
    pub learning_rate: Option<f64>,
    /// How the learning rate falls
    #[arg(long, value_parser = ["constant", "linear", "cosine"], help_heading = "Optimizer")]
    pub schedule: Option<String>,
    /// Share of the steps in which the learning rate rises
    #[arg(long, value_name = "SHARE", help_heading = "Optimizer")]
    pub warm_up: Option<f64>,
    /// Examples of a step
    #[arg(long, value_name = "N", help_heading = "Optimizer")]
    pub batch: Option<usize>,
    /// Tokens that go through the model together; a step with more is accumulated
    #[arg(long, value_name = "N", help_heading = "Optimizer")]
    pub tokens_at_once: Option<usize>,
    /// Length that longer gradients are cut to; 0 for none
    #[arg(long, value_name = "X", help_heading = "Optimizer")]
    pub clip: Option<f64>,
    /// Decay of matrices
    #[arg(long, value_name = "X", help_heading = "Optimizer")]
    pub weight_decay: Option<f32>,
    /// Seed of the data's order, the adapter and dropout
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Steps between two looks at --dev
    #[arg(long, value_name = "N", help_heading = "Course")]
    pub dev_every: Option<usize>,
    /// Looks without a new best after which the run ends, with the best model; 0 for never
    #[arg(long, value_name = "N", help_heading = "Course")]
    pub patience: Option<usize>,
    /// Steps between checkpoints
    #[arg(long, value_name = "N", help_heading = "Course")]
    pub checkpoint_every: Option<usize>,
}
