//! Which generator the command line asks for: a model in this process, or one behind HTTP.

use super::usage;
use crate::cli::args::{Common, Generate};
use crate::cli::commands::models::{load_adapted, load_chat};
use crate::cli::exit::Failure;
use crate::generator::{Generator, Http, HttpOptions, Local};
use crate::ml::decoder::Kept;

/// A generator.
pub enum Source {
    Local(Box<Local>),
    Http(Box<Http>),
}

impl Source {
    /// Reads the model, or prepares to ask the server.
    pub fn open(common: &Common, args: &Generate) -> Result<Source, Failure> {
        let server = &args.server;
        if server.base_url.is_some() || server.replay.is_some() {
            if args.adapter.is_some() {
                return Err(usage("--adapter is for models in this process; a server puts on its own"));
            }
            let timeout = humantime::parse_duration(&server.timeout);
            let timeout = timeout.map_err(|e| usage(format!("--timeout {}: {e}", server.timeout)))?;
            if server.concurrency == 0 || timeout.is_zero() {
                return Err(usage("--concurrency and --timeout are above zero"));
            }
            let options = HttpOptions {
                base_url: server.base_url.clone(),
                api_key_env: server.api_key_env.clone(),
                concurrency: if args.stream { 1 } else { server.concurrency },
                retries: server.retries,
                timeout,
                record: server.record.clone(),
                replay: server.replay.clone(),
                ..HttpOptions::new(&args.model)
            };
            return Ok(Source::Http(Box::new(Http::new(options).map_err(usage)?)));
        }
        let batch = if args.stream { 1 } else { args.sampling.batch };
        let model = load_adapted(common, &args.model, args.adapter.as_deref(), Kept::AsStored)?;
        let chat = if args.prompts.chat { load_chat(common, &args.model)? } else { None };
        Ok(Source::Local(Box::new(Local::new(model.name, model.decoder, model.tokenizer, chat, batch))))
    }

    /// The generator.
    pub fn generator(&self) -> &dyn Generator {
        match self {
            Source::Local(local) => &**local,
            Source::Http(http) => &**http,
        }
    }

    /// The model in this process, if it is here.
    pub fn local(&self) -> Option<&Local> {
        match self {
            Source::Local(local) => Some(local),
            Source::Http(_) => None,
        }
    }

    /// True if the model is behind a server.
    pub fn is_remote(&self) -> bool {
        matches!(self, Source::Http(_))
    }
}
