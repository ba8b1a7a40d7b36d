//! The command lines of what runs a language model. Owns names, help texts and examples; resolves nothing.

use std::path::PathBuf;

/// Which problems.
#[derive(Debug, clap::Args)]
pub struct ProblemData {
    /// Problems: afcore (or afcore:test), afcore:dev, afcore:train, or a file
    #[arg(long = "data", value_name = "SET")]
    pub set: String,
    /// Only the problems of this split
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,
    /// Only the first N problems
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Read ROLE (id, informal, formal, header, ...) of problems from field NAME
    #[arg(long = "data-field", value_name = "ROLE=NAME")]
    pub fields: Vec<String>,
}

/// Measures what a language model thinks of reference statements.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck loss --model gemma-3-270m --data afcore
  afcheck loss --model ./smollm2 --data pairs.jsonl --by concept,source --out losses.jsonl
  afcheck eval --data afcore --predictions outputs.jsonl --losses losses.jsonl
  afcheck loss --model gemma-3-270m --data afcore --predictions samples.jsonl --out ranked.jsonl

The loss of a problem is the mean cross entropy, in nats per token, of its reference statement behind the prompt that asks
for it (--template). JSON with means, intervals and groups goes to standard output, a line per problem to --out.

With --predictions, the texts scored are the predictions; each line of --out then also has its sample and its rank among
those of its problem, 1 for the lowest loss per token.")]
pub struct Loss {
    /// A name (`afcheck model list`), a .gguf file, or a directory with config.json, tokenizer.json and .safetensors
    #[arg(long, value_name = "NAME|PATH")]
    pub model: String,
    /// Put this adapter on the model: a directory with adapter_config.json and adapter_model.safetensors
    #[arg(long, value_name = "DIR")]
    pub adapter: Option<PathBuf>,
    #[command(flatten)]
    pub data: ProblemData,
    /// Score these predictions instead of the references, and rank those of a problem: JSON lines as from `generate`
    #[arg(long, value_name = "FILE")]
    pub predictions: Option<String>,
    /// Prompt template (TOML) [default: built in]
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Write each problem's loss (JSON lines) to this file
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Also by these, separated by commas: concept, source, difficulty, split
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub by: Vec<String>,
    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// Looks after the language models on this machine.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck model add gemma-3-270m
  afcheck model add ~/models/smollm2-135m --name smollm2
  afcheck model add hf:HuggingFaceTB/SmolLM2-135M@main
  afcheck generate --model gemma-3-270m --data afcore --shots 4 --out outputs.jsonl
  afcheck model show gemma-3-270m
  afcheck model export --model gemma-3-270m --out gemma-q8_0.gguf --dtype q8_0")]
pub struct Model {
    #[command(subcommand)]
    pub what: ModelWhat,
}

#[derive(Debug, clap::Subcommand)]
pub enum ModelWhat {
    /// Fetch a model by its name or its place on the Hugging Face hub, or copy one from a path
    Add {
        /// gemma-3-270m, or hf:OWNER/REPO[@REVISION][:FILE.gguf], or a path: a .gguf file, or a directory with config.json, tokenizer.json and .safetensors files
        model: String,
        /// Name to keep it under [default: its own]
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
    },
    /// The models there are
    List,
    /// What a model is made of, and where it came from
    Show {
        /// A name or a path
        model: String,
    },
    /// Add an adapter to a model's weights and write the model that gives
    #[command(after_long_help = "\
Examples:
  afcheck model merge --model gemma-3-270m --adapter runs/lora/adapter --out merged
  afcheck model merge --model gemma-3-270m --adapter runs/lora/adapter --out merged-q8_0.gguf --dtype q8_0

The adapter is a directory with adapter_config.json and adapter_model.safetensors, as `afcheck finetune` and the Python library
peft write them.")]
    Merge {
        /// A directory with adapter_config.json and adapter_model.safetensors
        #[arg(long, value_name = "DIR")]
        adapter: PathBuf,
        #[command(flatten)]
        written: Written,
    },
    /// Write a model in another format
    #[command(after_long_help = "\
Examples:
  afcheck model export --model gemma-3-270m --out gemma-hf --dtype bf16
  afcheck model export --model ./smollm2 --out smollm2-f16.gguf --dtype f16

A directory is what transformers loads: config.json, model.safetensors, the tokenizer's files. A GGUF is what llama.cpp loads.
Quantised weights are written as the numbers they stand for.")]
    Export {
        #[command(flatten)]
        written: Written,
    },
    /// Print the built-in prompt template, to be changed and given as --template
    Template,
    /// Delete a model from the cache
    Remove {
        /// Its name
        model: String,
    },
    /// Measure speed: reading, prompts, tokens one by one, losses. For docs/benchmarks.md
    #[command(hide = true)]
    Bench {
        /// A name or a path
        model: String,
        /// Tokens of a prompt
        #[arg(long, value_name = "N", default_value_t = 512, value_parser = at_least_one)]
        prompt: usize,
        /// Tokens to generate
        #[arg(long, value_name = "N", default_value_t = 128, value_parser = at_least_one)]
        tokens: usize,
        /// Sequences at a time
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = at_least_one)]
        batch: usize,
        /// Runs of each measurement; their median counts
        #[arg(long, value_name = "N", default_value_t = 5, value_parser = at_least_one)]
        runs: usize,
        /// Weights as 32-bit numbers, as `loss` has them
        #[arg(long)]
        dense: bool,
        /// Time steps of training instead: 4 examples of 128 tokens
        #[arg(long, value_parser = ["lora", "full"])]
        train: Option<String>,
        /// Tokens of an example that are to be predicted
        #[arg(long, value_name = "N", default_value_t = 128, value_parser = at_least_one)]
        targets: usize,
        /// Time a task embedding of the token lists in this JSON file instead
        #[arg(long, value_name = "FILE", conflicts_with = "train")]
        embed: Option<PathBuf>,
        /// Of the embedding: times its head is tuned
        #[arg(long, value_name = "N", default_value_t = 10)]
        head_epochs: usize,
        /// Of the embedding: words drawn behind every token
        #[arg(long, value_name = "N", default_value_t = 8, value_parser = at_least_one)]
        draws: usize,
    },
}

/// A model to be written.
#[derive(Debug, clap::Args)]
pub struct Written {
    /// A name (`afcheck model list`), a .gguf file, or a directory with config.json, tokenizer.json and .safetensors
    #[arg(long, value_name = "NAME|PATH")]
    pub model: String,
    /// Where to: a name that ends with .gguf makes a GGUF, any other a directory of Hugging Face's
    #[arg(long, short, value_name = "DIR|FILE.gguf")]
    pub out: PathBuf,
    /// How numbers are stored; q8_0 in GGUF only
    #[arg(long, value_enum, default_value_t = Dtype::F32)]
    pub dtype: Dtype,
    /// Replace the file, or the directory if it holds a model
    #[arg(long)]
    pub overwrite: bool,
}

/// Types of numbers that models are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Dtype {
    F32,
    F16,
    Bf16,
    #[value(name = "q8_0")]
    Q8,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "a whole number from 1 up".to_owned())
}
