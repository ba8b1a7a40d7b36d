//! Other commands as parts of long work. Owns the words they are given: options of a file, and what the work says itself.

use super::Base;
use crate::cli::args::{Align, Args, Command, Generate, Loss};
use crate::cli::commands::models::usage;
use crate::cli::exit::Failure;
use clap::Parser;
use serde_json::{Value, json};

/// Words of a command: `--name=value`, so that what begins with a dash is a value all the same.
#[derive(Clone, Debug)]
pub struct Words(Vec<String>);

impl Words {
    pub fn of(command: &str) -> Words {
        Words(vec!["afcheck".into(), command.into()])
    }

    pub fn option(mut self, name: &str, value: impl ToString) -> Words {
        self.0.push(format!("--{name}={}", value.to_string()));
        self
    }

    pub fn flag(mut self, name: &str) -> Words {
        self.0.push(format!("--{name}"));
        self
    }

    /// The options of a section of the file.
    pub fn section(mut self, base: &Base, section: &str, table: &toml::Table) -> Result<Words, Failure> {
        self.0.extend(base.options(section, table)?);
        Ok(self)
    }

    fn parsed(&self, section: &str) -> Result<Command, Failure> {
        let parsed = Args::try_parse_from(&self.0).map_err(|error| {
            let text = error.to_string();
            let text = text.trim_start_matches("error: ").split("\n\nUsage").next().unwrap_or_default().trim_end();
            usage(format!("[{section}]: {text}"))
        })?;
        Ok(parsed.command)
    }

    pub fn generate(&self) -> Result<Generate, Failure> {
        match self.parsed("generate")? {
            Command::Generate(args) => Ok(*args),
            _ => Err(usage("the words of a generation")),
        }
    }

    pub fn align(&self) -> Result<Align, Failure> {
        match self.parsed("alignment")? {
            Command::Align(args) => Ok(*args),
            _ => Err(usage("the words of an alignment")),
        }
    }

    pub fn loss(&self) -> Result<Loss, Failure> {
        match self.parsed("target")? {
            Command::Loss(args) => Ok(*args),
            _ => Err(usage("the words of a loss")),
        }
    }

    /// Settings of a training that were given, by name.
    pub fn finetune(&self, section: &str) -> Result<Value, Failure> {
        match self.parsed(section)? {
            Command::Finetune(args) => Ok(json!(args.plan)),
            _ => Err(usage("the words of a training")),
        }
    }
}
