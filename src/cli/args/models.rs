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
  afcheck model show gemma-3-270m")]
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
    },
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "a whole number from 1 up".to_owned())
}
