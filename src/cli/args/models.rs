//! The command lines of what runs a language model. Owns names, help texts and examples; resolves nothing.

use clap::ValueEnum;
use std::path::PathBuf;

/// Measures what a language model thinks of reference statements.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck loss --model gemma-3-270m --data afcore
  afcheck loss --model ./smollm2 --data pairs.jsonl --by concept,source --out losses.jsonl
  afcheck eval --data afcore --predictions outputs.jsonl --losses losses.jsonl

The loss of a problem is the mean cross entropy, in nats per token, of its reference statement behind the prompt that asks
for it (--template). JSON with means, intervals and groups goes to standard output, a line per problem to --out.")]
pub struct Loss {
    /// A name (`afcheck model list`), a .gguf file, or a directory with config.json, tokenizer.json and .safetensors
    #[arg(long, value_name = "NAME|PATH")]
    pub model: String,
    /// Problems: afcore, afcore:dev, or a file
    #[arg(long, value_name = "SET")]
    pub data: String,
    /// Prompt template (TOML) [default: built in]
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Write each problem's loss (JSON lines) to this file
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Also by these, separated by commas: concept, source, difficulty, split
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub by: Vec<String>,
    /// Only the problems of this split
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,
    /// Only the first N problems
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Read ROLE (id, informal, formal, header, ...) of problems from field NAME
    #[arg(long, value_name = "ROLE=NAME")]
    pub data_field: Vec<String>,
    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// How in-context examples are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShotStrategy {
    /// At random, for every problem anew
    Random,
    /// Those whose informal statements are most alike (BM25)
    Bm25,
    /// At random among those of the same concept
    Concept,
}

/// Has a language model formalise statements.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck generate --model gemma-3-270m --data afcore --shots 4 -n 4 --out outputs.jsonl
  afcheck generate --model ./smollm2 --data afcore --temperature 0 --limit 10 | afcheck verify -
  afcheck verify outputs.jsonl && afcheck eval --data afcore --predictions outputs.jsonl

Output: JSON lines with id (the problem's), code, header, sample, seed, prompt_sha256, shots, token counts and
finish_reason, as `verify` and `eval` read them. An answer ends with its first declaration. The same seed gives the same
output, whatever --batch is. With --resume, problems whose samples are all in --out are not asked again.")]
pub struct Generate {
    /// A name (`afcheck model list`), a .gguf file, or a directory with config.json, tokenizer.json and .safetensors
    #[arg(long, value_name = "NAME|PATH")]
    pub model: String,
    /// Problems: afcore, afcore:dev, or a file
    #[arg(long, value_name = "SET")]
    pub data: String,
    /// Examples in the prompt
    #[arg(long, value_name = "K", default_value_t = 0)]
    pub shots: usize,
    /// Problems examples are taken from [default: afcore:dev]; a problem is never an example of itself
    #[arg(long, value_name = "SET", default_value = "afcore:dev")]
    pub shots_from: String,
    /// How examples are chosen
    #[arg(long, value_enum, default_value_t = ShotStrategy::Random)]
    pub shots_by: ShotStrategy,
    /// Samples for each problem
    #[arg(short = 'n', long, value_name = "N", default_value_t = 1)]
    pub samples: usize,
    /// Sampling temperature; 0 takes the most probable token always
    #[arg(long, value_name = "T", default_value_t = 0.8)]
    pub temperature: f32,
    /// Only the K most probable tokens
    #[arg(long, value_name = "K")]
    pub top_k: Option<usize>,
    /// Only the most probable tokens that have probability P together
    #[arg(long, value_name = "P", default_value_t = 1.0)]
    pub top_p: f32,
    /// Only tokens at least P times as probable as the most probable
    #[arg(long, value_name = "P", default_value_t = 0.0)]
    pub min_p: f32,
    /// Make tokens that occurred less probable
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    pub repetition_penalty: f32,
    /// Tokens of an answer at most
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub max_tokens: usize,
    /// Samples under way at a time
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub batch: usize,
    /// Seed of examples and samples
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Append the samples to this file as they come
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Continue --out: problems that have all their samples are not asked again
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Replace what is in --out
    #[arg(long, requires = "out", conflicts_with = "resume")]
    pub overwrite: bool,
    /// Prompt template (TOML) [default: built in]
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Only the problems of this split
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,
    /// Only the first N problems
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Read ROLE (id, informal, formal, header, ...) of problems from field NAME
    #[arg(long, value_name = "ROLE=NAME")]
    pub data_field: Vec<String>,
}

/// Looks after the language models on this machine.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck model add gemma-3-270m
  afcheck model add ~/models/smollm2-135m --name smollm2
  afcheck generate --model gemma-3-270m --data afcore --shots 4 --out outputs.jsonl
  afcheck model show gemma-3-270m")]
pub struct Model {
    #[command(subcommand)]
    pub what: ModelWhat,
}

#[derive(Debug, clap::Subcommand)]
pub enum ModelWhat {
    /// Fetch a model by its name, or copy one from a path
    Add {
        /// gemma-3-270m, or a path: a .gguf file, or a directory with config.json, tokenizer.json and .safetensors files
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
    /// Delete a model from the cache
    Remove {
        /// Its name
        model: String,
    },
}
