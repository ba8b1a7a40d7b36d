//! Sources of libraries without Mathlib (`--lib DIR`, and AfCore, which the binary carries): elaborated in dependency
//! order into a snapshot. Owns finding and ordering modules; core modules are the package's `.olean` files.

use super::elaborate::{self, Strictness, Text};
use super::instance::{Failure, Instance};
use crate::domain::Severity;
use crate::lean::BUILT_IN;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Where modules come from.
#[derive(Debug, Default)]
pub struct Sources {
    /// Directory of the package's `.olean` files.
    pub core: PathBuf,
    /// Directories of library sources, first match wins. What none has may be built in.
    pub libraries: Vec<PathBuf>,
    /// Imports by source, as Lean read them.
    headers: Mutex<HashMap<String, Vec<String>>>,
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
    /// Most sources whose imports are remembered.
    const REMEMBERED: usize = 4_000;

    /// Modules from these places.
    pub fn new(core: PathBuf, libraries: Vec<PathBuf>) -> Self {
        Sources { core, libraries, headers: Mutex::default() }
    }

    fn is_core(&self, module: &str) -> bool {
        self.core.join(module.replace('.', "/") + ".olean").is_file()
    }

    fn source(&self, module: &str) -> Option<String> {
        let relative = module.replace('.', "/") + ".lean";
        let found = self.libraries.iter().find_map(|library| fs::read_to_string(library.join(&relative)).ok());
        found.or_else(|| {
            let at = BUILT_IN.binary_search_by_key(&module, |(name, _)| name).ok()?;
            Some(BUILT_IN[at].1.to_owned())
        })
    }

    /// Everything `imports` need. `lean` parses the headers of library sources; without one, only those are known that
    /// were parsed before, and `None` says that another is needed.
    pub fn closure(
        &self,
        mut lean: Option<&mut Instance>,
        imports: &BTreeSet<String>,
    ) -> Result<Option<Result<Closure, MissingModule>>, Failure> {
        let mut closure = Closure::default();
        let mut done = BTreeSet::new();
        for module in imports {
            match self.visit(&mut lean, module, &mut closure, &mut done, &mut Vec::new())? {
                Some(Ok(())) => {}
                Some(Err(missing)) => return Ok(Some(Err(missing))),
                None => return Ok(None),
            }
        }
        Ok(Some(Ok(closure)))
    }

    fn imports(&self, lean: &mut Option<&mut Instance>, source: &str) -> Result<Option<Vec<String>>, Failure> {
        let headers = || self.headers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = headers().get(source) {
            return Ok(Some(known.clone()));
        }
        let Some(lean) = lean else { return Ok(None) };
        let imports = elaborate::open_text(lean, source)?.header.imports;
        let mut headers = headers();
        if headers.len() >= Self::REMEMBERED {
            headers.clear();
        }
        headers.insert(source.to_owned(), imports.clone());
        Ok(Some(imports))
    }

    fn visit(
        &self,
        lean: &mut Option<&mut Instance>,
        module: &str,
        closure: &mut Closure,
        done: &mut BTreeSet<String>,
        path: &mut Vec<String>,
    ) -> Result<Option<Result<(), MissingModule>>, Failure> {
        if done.contains(module) {
            return Ok(Some(Ok(())));
        }
        if path.iter().any(|m| m == module) {
            return Ok(Some(Err(MissingModule::Cycle(module.into()))));
        }
        if let Some(source) = self.source(module) {
            path.push(module.into());
            let Some(imports) = self.imports(lean, &source)? else { return Ok(None) };
            for import in &imports {
                match self.visit(lean, import, closure, done, path)? {
                    Some(Ok(())) => {}
                    missing => return Ok(missing),
                }
            }
            path.pop();
            closure.modules.push((module.into(), source));
        } else if self.is_core(module) {
            closure.core.insert(module.into());
        } else {
            return Ok(Some(Err(MissingModule::Unknown { module: module.into(), hint: hint(module) })));
        }
        done.insert(module.into());
        Ok(Some(Ok(())))
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
