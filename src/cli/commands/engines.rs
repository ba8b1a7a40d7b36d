//! The engines that options and settings file ask for. Owns the reading of `[NAME=]ENGINE` and the start of each.

use crate::cli::args::{Common, EngineArgs};
use crate::cli::exit::{Exit, Failure};
use crate::cli::settings::parse_size;
use crate::config::Config;
use crate::engine::embedded::install::SetupOptions;
use crate::engine::lake::{LakeEngine, LakeOptions, Sandbox};
use crate::engine::{Choice, Elaborator};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn usage(message: impl ToString) -> Failure {
    Failure::new(Exit::Usage, message)
}

/// What an engine is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Spec {
    Embedded,
    Lake(PathBuf),
}

impl Spec {
    fn read(text: &str) -> Result<Spec, Failure> {
        match (text, text.strip_prefix("lake:")) {
            ("embedded", _) => Ok(Spec::Embedded),
            (_, Some(directory)) if !directory.is_empty() => Ok(Spec::Lake(directory.into())),
            _ => Err(usage(format!("--engine {text}: an engine is `embedded` or `lake:DIR`"))),
        }
    }
}

/// How an embedded engine is had.
pub struct Embedded {
    pub setup: SetupOptions,
    pub libraries: Vec<PathBuf>,
}

/// The engine of a run: of what has no name the last counts; what has a name is for records that say it.
pub fn start(
    common: &Common,
    args: &EngineArgs,
    file: &Config,
    embedded: &Embedded,
    jobs: usize,
) -> Result<Box<dyn Elaborator>, Failure> {
    let mut default = match &file.lake.engine {
        Some(text) => Spec::read(text)?,
        None => Spec::Embedded,
    };
    let mut specs = BTreeMap::new();
    for (name, text) in &file.engines {
        specs.insert(name.clone(), Spec::read(text)?);
    }
    for text in &args.engine {
        match text.split_once('=').filter(|(name, _)| !name.contains([':', '/'])) {
            Some((name, spec)) => drop(specs.insert(name.to_owned(), Spec::read(spec)?)),
            None => default = Spec::read(text)?,
        }
    }
    let lake = lake_options(args, file, jobs)?;
    let start = |spec: &Spec| -> Result<Box<dyn Elaborator>, Failure> {
        Ok(match spec {
            Spec::Embedded => {
                let libraries = embedded.libraries.clone();
                Box::new(super::setup::engine(common, &super::cache(common), &embedded.setup, libraries, jobs)?)
            }
            Spec::Lake(directory) => {
                let options = LakeOptions { directory: directory.clone(), ..lake.clone() };
                Box::new(LakeEngine::start(options).map_err(|e| Failure::new(Exit::NoEngine, e))?)
            }
        })
    };
    let default = start(&default)?;
    if specs.is_empty() {
        return Ok(default);
    }
    let named = specs.iter().map(|(name, spec)| Ok((name.clone(), start(spec)?)));
    Ok(Box::new(Choice::new(default, named.collect::<Result<_, Failure>>()?)))
}

/// Options of Lake engines: flags over the file over the defaults.
pub fn lake_options(args: &EngineArgs, file: &Config, jobs: usize) -> Result<LakeOptions, Failure> {
    let file = &file.lake;
    let mut options = LakeOptions { jobs, ..LakeOptions::new(PathBuf::new()) };
    if let Some(command) = args.lake_command.as_ref().or(file.command.as_ref()) {
        let words = shlex::split(command).filter(|words| !words.is_empty());
        options.command = Some(words.ok_or_else(|| usage(format!("--lake-command {command}: quotes do not match")))?);
    }
    if let Some(size) = args.lake_memory.as_ref().or(file.memory.as_ref()) {
        options.memory = parse_size(size).map_err(|e| usage(format!("--lake-memory {size}: {e}")))?;
    }
    if let Some(recycle) = args.recycle.or(file.recycle) {
        options.recycle = recycle;
    }
    if let Some(time) = args.import_time.as_ref().or(file.import_time.as_ref()) {
        options.import_time =
            humantime::parse_duration(time).map_err(|e| usage(format!("--import-time {time}: {e}")))?;
    }
    if let Some(sandbox) = args.sandbox.as_ref().or(file.sandbox.as_ref()) {
        options.sandbox = sandbox.parse::<Sandbox>().map_err(|e| usage(format!("--sandbox: {e}")))?;
    }
    options.read = file.read.iter().map(PathBuf::from).chain(args.sandbox_read.iter().cloned()).collect();
    options.write = file.write.iter().map(PathBuf::from).chain(args.sandbox_write.iter().cloned()).collect();
    Ok(options)
}
