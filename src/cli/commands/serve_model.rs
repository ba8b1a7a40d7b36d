//! `afcheck serve-model`.

use super::models::{load_chat, load_model, usage};
use crate::cli::args::{Common, ServeModel};
use crate::cli::exit::{Exit, Failure};
use crate::generator::Local;
use crate::generator::http::is_loopback;
use crate::ml::chat::ChatTemplate;
use crate::ml::decoder::Kept;
use crate::serve::model::{Server, Serving};
use std::env;
use std::fs;
use std::path::Path;
use std::time::Instant;

/// Runs the command.
pub fn run(common: &Common, args: &ServeModel) -> Result<Exit, Failure> {
    if args.batch == 0 {
        return Err(usage("--batch is at least 1"));
    }
    let key = args.api_key_env.as_deref().map(key).transpose()?;
    if key.is_none() && !is_loopback(&args.host) && !args.insecure {
        return Err(usage(format!(
            "--host {}: whoever reaches this address could use the model; --api-key-env VAR asks for a key, --insecure \
             does without",
            args.host
        )));
    }
    let duration = match &args.duration {
        Some(text) => Some(humantime::parse_duration(text).map_err(|e| usage(format!("--for {text}: {e}")))?),
        None => None,
    };
    // First, so that a port that is taken is told before a model is read.
    let bound = Server::bind(&args.host, args.port)
        .map_err(|e| usage(format!("--host {} --port {}: {e} (--port 0 takes a free one)", args.host, args.port)))?;
    let model = load_model(common, &args.model, Kept::AsStored)?;
    let chat = match &args.chat_template {
        Some(path) => {
            let text = fs::read_to_string(path).map_err(|e| usage(format!("{}: {e}", path.display())))?;
            Some(ChatTemplate::parse(text, path.clone()).map_err(usage)?)
        }
        None => load_chat(common, &args.model)?,
    };
    let stop = super::stop_flag()?;
    let name = name(&args.model);
    // Told even if --quiet: with --port 0 nobody knows it otherwise.
    eprintln!("serving         {name} at {}", bound.url());
    let until = duration.and_then(|duration| Instant::now().checked_add(duration));
    let local = Local::new(name.clone(), model.decoder, model.tokenizer, chat, args.batch);
    let serving = Serving { local, name, batch: args.batch, queue: args.queue, key };
    bound.run(serving, &stop, until).map_err(usage)?;
    Ok(Exit::Success)
}

/// The key in an environment variable.
fn key(variable: &str) -> Result<String, Failure> {
    let key = env::var(variable).ok().map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
    key.ok_or_else(|| usage(format!("--api-key-env {variable}: this environment variable is not set")))
}

/// What clients call the model: its name on the shelf, or that of its file or directory.
fn name(model: &str) -> String {
    let path = Path::new(model);
    let own = if path.is_dir() { path.file_name() } else { path.file_stem().filter(|_| path.is_file()) };
    own.map_or_else(|| model.to_owned(), |name| name.to_string_lossy().into_owned())
}
