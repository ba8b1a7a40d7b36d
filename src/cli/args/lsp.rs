//! The command line of `lsp`. Owns names, help texts and examples; resolves nothing.

use super::LeanArgs;
use std::path::PathBuf;

/// Shows verdicts, goals and repairs in an editor, by the Language Server Protocol.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck lsp                                   one client, on standard input and output: what editors start
  afcheck lsp --tcp 127.0.0.1:9257              any number of clients
  afcheck lsp --lib lean-project --model gemma-3-270m

Documents: data sets and outputs in JSON lines, Markdown with Lean fences, Lean files without Mathlib. Editors: the extension
in editors/vscode, Neovim and Helix as docs/editors.md says. Clients can set mode, require, heartbeats, header, warnings,
references, fields and debounce (milliseconds), in initializationOptions or in the section `afcheck` of their settings.")]
pub struct Lsp {
    /// Standard input and output, which is the default; editors like to say so
    #[arg(long, conflicts_with = "tcp")]
    pub stdio: bool,
    /// Listen at this address for any number of clients; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT")]
    pub tcp: Option<String>,
    /// Serve other machines too: whoever reaches the port can have this machine judge texts
    #[arg(long, requires = "tcp")]
    pub insecure: bool,
    /// End after this long, e.g. 2h
    #[arg(long = "for", value_name = "DURATION")]
    pub duration: Option<String>,
    /// What records are judged as: auto, statement or proof
    #[arg(long, value_name = "MODE", default_value = "auto")]
    pub mode: String,
    /// Lean text put before records without a header of their own: text or a file
    #[arg(long, value_name = "TEXT|FILE")]
    pub header: Option<String>,
    /// Lean heartbeats for a record, in thousands
    #[arg(long, value_name = "N")]
    pub heartbeats: Option<u64>,
    /// Data set with the reference statements of records, found by id; an empty name for none
    #[arg(long, value_name = "SET", default_value = "afcore")]
    pub references: String,
    /// Which field is which, as for verify
    #[arg(long, value_name = "ROLE=NAME")]
    pub field: Vec<String>,
    /// Milliseconds between the last keystroke and a check
    #[arg(long, value_name = "MS", default_value_t = 15)]
    pub debounce: u64,
    /// Language model that repairs refused records when asked to
    #[cfg(feature = "ml")]
    #[arg(long, value_name = "NAME|PATH")]
    pub model: Option<String>,
    /// Prompt template of repairs (TOML) [default: built in]
    #[cfg(feature = "ml")]
    #[arg(long, value_name = "FILE", requires = "model")]
    pub template: Option<PathBuf>,
    /// Where pages for editors are written [default: lsp in the cache]
    #[arg(long, value_name = "DIR")]
    pub pages: Option<PathBuf>,
    #[command(flatten)]
    pub lean: LeanArgs,
}
