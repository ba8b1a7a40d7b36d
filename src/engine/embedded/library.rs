//! Sources of a library without Mathlib (`--lib DIR`): elaborated in dependency order into a snapshot. Owns finding and
//! ordering modules; core modules are the package's `.olean` files.

use super::elaborate::{self, Strictness, Text};
use super::instance::{Failure, Instance};
use crate::domain::Severity;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// Where modules come from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Directory of the package's `.olean` files.
    pub core: PathBuf,
    /// Directories of library sources, first match wins.
    pub libraries: Vec<PathBuf>,
}

/// What an import set needs, in the order it is loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closure {
    /// Core modules, imported at once.
    pub core: BTreeSet<String>,
    /// Library modules in dependency order, with their sources.
    pub modules: Vec<(String, String)>,
}

/// A module nobody has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MissingModule {
    #[error("module `{module}` is not part of Lean's core library{hint}")]
    Unknown { module: String, hint: String },
    #[error("the library has a cycle through `{0}`")]
    Cycle(String),
}

impl Sources {
    fn is_core(&self, module: &str) -> bool {
        self.core.join(module.replace('.', "/") + ".olean").is_file()
    }

    fn source(&self, module: &str) -> Option<String> {
        let relative = module.replace('.', "/") + ".lean";
        self.libraries.iter().find_map(|library| fs::read_to_string(library.join(&relative)).ok())
    }

    /// Everything `imports` need. `lean` parses the headers of library sources.
    pub fn closure(
        &self,
        lean: &mut Instance,
        imports: &BTreeSet<String>,
    ) -> Result<Result<Closure, MissingModule>, Failure> {
        let mut closure = Closure::default();
        let mut done = BTreeSet::new();
        for module in imports {
            if let Err(missing) = self.visit(lean, module, &mut closure, &mut done, &mut Vec::new())? {
                return Ok(Err(missing));
            }
        }
        Ok(Ok(closure))
    }

    fn visit(
        &self,
        lean: &mut Instance,
        module: &str,
        closure: &mut Closure,
        done: &mut BTreeSet<String>,
        path: &mut Vec<String>,
    ) -> Result<Result<(), MissingModule>, Failure> {
        if done.contains(module) {
            return Ok(Ok(()));
        }
        if path.iter().any(|m| m == module) {
            return Ok(Err(MissingModule::Cycle(module.into())));
        }
        if let Some(source) = self.source(module) {
            path.push(module.into());
            let header = elaborate::open_text(lean, &source)?.header;
            for import in &header.imports {
                if let Err(missing) = self.visit(lean, import, closure, done, path)? {
                    return Ok(Err(missing));
                }
            }
            path.pop();
            closure.modules.push((module.into(), source));
        } else if self.is_core(module) {
            closure.core.insert(module.into());
        } else {
            return Ok(Err(MissingModule::Unknown { module: module.into(), hint: hint(module) }));
        }
        done.insert(module.into());
        Ok(Ok(()))
    }
}

fn hint(module: &str) -> String {
    const MATHLIB: [&str; 7] = ["Mathlib", "Batteries", "Aesop", "Qq", "ProofWidgets", "Plausible", "ImportGraph"];
    let root = module.split('.').next().unwrap_or(module);
    if MATHLIB.contains(&root) {
        "; the embedded Lean has no Mathlib: judge this text in a Lake project that has it".into()
    } else {
        "; if it is a library without Mathlib, give its sources with --lib DIR".into()
    }
}

/// Elaborates a library module on top of `environment` and returns the new one, or its first error.
pub fn elaborate_module(
    lean: &mut Instance,
    environment: u32,
    module: &str,
    source: &str,
) -> Result<Result<u32, String>, Failure> {
    let text: Text = elaborate::open_text(lean, source)?;
    let state = elaborate::start_state(lean, environment, Strictness::Candidate)?;
    let mut problem = None;
    let state = elaborate::run(lean, &text, state, &mut |command| {
        let error = command.parse_messages.iter().chain(&command.messages).find(|m| m.severity == Severity::Error);
        if let (None, Some(error)) = (&problem, error) {
            problem = Some(format!("{module}:{}:{}: {}", error.start.0, error.start.1, error.text));
        }
    })?;
    match problem {
        Some(problem) => Ok(Err(problem)),
        None => elaborate::state_environment(lean, state).map(Ok),
    }
}
