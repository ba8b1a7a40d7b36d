//! The command line of `serve-model`. Owns names, help texts and examples; resolves nothing.

use std::path::PathBuf;

/// Serves a language model over HTTP, by the API of OpenAI.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck serve-model --model gemma-3-270m
  afcheck generate --base-url http://127.0.0.1:8642/v1 --model gemma-3-270m --data afcore --out outputs.jsonl
  curl http://127.0.0.1:8642/v1/completions -d '{\"prompt\": \"theorem\", \"max_tokens\": 20}'

Routes: /v1/models, /v1/completions, /v1/chat/completions, /health. Answers come whole or as events (stream), several with
n, the same for the same seed whatever else is under way, and the same as `generate` gives without a server. Not built in:
logprobs, echo, tools, response formats. A client that hangs up ends its samples. An interrupt lets requests under way end,
up to 30 s; a second one ends them.

A host that others reach needs --api-key-env: everyone who reaches the port could use the machine otherwise. The key and
the texts then still cross the network unencrypted; a proxy that speaks TLS in front of a loopback port is better.")]
pub struct ServeModel {
    /// A name (`afcheck model list`), a .gguf file, or a directory with config.json, tokenizer.json and .safetensors
    #[arg(long, value_name = "NAME|PATH")]
    pub model: String,
    /// Address to listen at
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,
    /// Port to listen at; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8642)]
    pub port: u16,
    /// Samples that advance together
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub batch: usize,
    /// Requests that may wait for room in the batch; more are asked to come back later
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub queue: usize,
    /// Chat template (Jinja) [default: the model's own]
    #[arg(long, value_name = "FILE")]
    pub chat_template: Option<PathBuf>,
    /// Ask clients for the key in this environment variable
    #[arg(long, value_name = "VAR")]
    pub api_key_env: Option<String>,
    /// Listen where others reach it and ask for no key: whoever reaches the port can use it
    #[arg(long)]
    pub insecure: bool,
    /// End after this long, e.g. 2h
    #[arg(long = "for", value_name = "DURATION")]
    pub duration: Option<String>,
}
