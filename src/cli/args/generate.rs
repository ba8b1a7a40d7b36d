//! The command line of `afcheck generate`. Owns names, help texts and examples; resolves nothing.

use super::{LeanArgs, ProblemData};
use clap::ValueEnum;
use std::path::PathBuf;

/// How in-context examples are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShotStrategy {
    /// At random, for every problem anew
    Random,
    /// Those whose informal statements are most alike (BM25)
    Bm25,
    /// Those whose informal statements are most alike to the model (cosine of mean hidden states; models in this process)
    Embedding,
    /// Those whose informal statements are the same task to the model (distance of task embeddings, Task2Vec)
    Task2vec,
    /// At random among those of the same concept
    Concept,
}

/// Has a language model formalise statements.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck generate --model gemma-3-270m --data afcore:test --shots 4 -n 4 --out outputs.jsonl
  afcheck verify outputs.jsonl && afcheck eval --data afcore:test --predictions outputs.jsonl
  afcheck generate --model ./smollm2 --data afcore --temperature 0 --limit 10 --stream > outputs.jsonl
  afcheck generate --model gemma-3-270m --data afcore --shots 8 --shots-by embedding --diversity 0.3 --out o.jsonl
  afcheck generate --model gemma-3-270m --data afcore --shots 4 --repair 2 --out repaired.jsonl
  OPENAI_API_KEY=... afcheck generate --base-url https://api.openai.com/v1 --model gpt-4.1-mini --chat \\
      --data proofnet.jsonl --price-in 0.4 --price-out 1.6 --out o.jsonl
  afcheck generate --base-url http://127.0.0.1:8000/v1 --model qwen3 --data afcore --concurrency 16 --out o.jsonl

Output: JSON lines with id (the problem's), code, header, sample, seed, prompt_sha256, shots, token counts, finish_reason
and run (a hash of the settings), as `verify` and `eval` read them. An answer ends with its first declaration. The same
seed gives the same output, whatever --batch is. With --resume, what is in --out is kept and the rest made.

With --repair R, Lean judges every answer; its messages go back to the model up to R times, and `attempts` keeps the way.")]
pub struct Generate {
    /// A name (`afcheck model list`), a .gguf file, or a directory with config.json, tokenizer.json and .safetensors; with
    /// --base-url the name of a model there
    #[arg(long, value_name = "NAME|PATH")]
    pub model: String,
    /// Put this adapter on the model: a directory with adapter_config.json and adapter_model.safetensors
    #[arg(long, value_name = "DIR")]
    pub adapter: Option<PathBuf>,
    #[command(flatten)]
    pub data: ProblemData,
    /// Samples for each problem
    #[arg(short = 'n', long, value_name = "N", default_value_t = 1)]
    pub samples: usize,
    /// Append the samples to this file as they come
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Continue --out: samples that are there are not made again
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Replace what is in --out
    #[arg(long, requires = "out", conflicts_with = "resume")]
    pub overwrite: bool,
    /// Show answers on standard error while they are written, one at a time
    #[arg(long)]
    pub stream: bool,
    #[command(flatten)]
    pub prompts: Prompts,
    #[command(flatten)]
    pub sampling: SamplingArgs,
    #[command(flatten)]
    pub repair: Repair,
    #[command(flatten)]
    pub server: Server,
}

/// What is asked.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Prompts")]
pub struct Prompts {
    /// Examples in the prompt
    #[arg(long, value_name = "K", default_value_t = 0)]
    pub shots: usize,
    /// Problems examples are taken from; a problem is never an example of itself
    #[arg(long, value_name = "SET", default_value = "afcore:dev")]
    pub shots_from: String,
    /// How examples are chosen
    #[arg(long, value_enum, default_value_t = ShotStrategy::Random)]
    pub shots_by: ShotStrategy,
    /// Of --shots-by task2vec: the model whose gradients embed statements [default: --model]
    #[arg(long, value_name = "NAME|PATH")]
    pub shots_probe: Option<String>,
    /// With bm25, embedding and task2vec: weigh being unlike the examples chosen before, 0 to 1 (maximal marginal relevance)
    #[arg(long, value_name = "X", default_value_t = 0.0)]
    pub diversity: f64,
    /// Prompt template (TOML) [default: built in; `afcheck model template` prints it]
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Ask by a conversation, for models that follow instructions, instead of by text to be continued
    #[arg(long)]
    pub chat: bool,
}

/// How answers are drawn.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Sampling")]
pub struct SamplingArgs {
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
    /// Samples under way at a time in this process
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub batch: usize,
    /// Seed of examples and samples
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// Rounds with Lean.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Repair")]
pub struct Repair {
    /// Tell the model what Lean says of a refused answer and let it try again, up to R times
    #[arg(long, value_name = "R", default_value_t = 0)]
    pub repair: usize,
    /// What answers are judged as: auto, statement or proof
    #[arg(long, value_name = "MODE", default_value = "auto")]
    pub mode: String,
    #[command(flatten)]
    pub lean: LeanArgs,
}

/// A model behind HTTP.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Models over HTTP")]
pub struct Server {
    /// OpenAI-compatible server, such as http://127.0.0.1:8000/v1; the model is there, not in this process
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Environment variable with the key, which is never an argument [default: OPENAI_API_KEY, if it is set]
    #[arg(long, value_name = "NAME")]
    pub api_key_env: Option<String>,
    /// Requests at a time
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub concurrency: usize,
    /// How often a request is sent again after 429, 5xx or a broken connection
    #[arg(long, value_name = "N", default_value_t = 6)]
    pub retries: u32,
    /// How long one request may take, such as 90s or 5m
    #[arg(long, value_name = "TIME", default_value = "5m")]
    pub timeout: String,
    /// Price of a million prompt tokens, for the summary
    #[arg(long, value_name = "X", default_value_t = 0.0)]
    pub price_in: f64,
    /// Price of a million generated tokens
    #[arg(long, value_name = "X", default_value_t = 0.0)]
    pub price_out: f64,
    /// Record all exchanges in this file (without the key)
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub record: Option<PathBuf>,
    /// Answer from a recorded file instead of a server
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,
}
