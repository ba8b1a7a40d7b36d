//! `afcheck lsp`. Owns what a server starts with: settings, engine, the model that repairs.

use super::judged::start_engine;
use super::kept::with_results;
use crate::cli::args::{Common, Lsp};
use crate::cli::exit::{Exit, Failure};
use crate::cli::settings::{libraries, load_config, text_or_file};
use crate::dataset::FieldMap;
use crate::domain::{Budget, Mode};
use crate::lsp::{From, Reading, Serving, Settings, serve};
use crate::pipeline::verify::Judging;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What verdicts mean, for links of diagnostics.
const TRUST: &str = include_str!("../../../docs/trust.md");

fn usage(error: impl ToString) -> Failure {
    Failure::new(Exit::Usage, error)
}

/// Runs the command.
pub fn run(common: &Common, args: &Lsp) -> Result<Exit, Failure> {
    let file = load_config(common)?;
    let settings = settings(args, &file)?;
    let duration = args
        .duration
        .as_ref()
        .map(|text| humantime::parse_duration(text).map_err(|e| usage(format!("--for {text}: {e}"))));
    let duration = duration.transpose()?;
    // First, so that a port that is taken is told before Lean is set up.
    let from = match &args.tcp {
        Some(address) => From::Tcp(listen(address, args.insecure)?),
        None => From::Stdio,
    };
    let libraries: Vec<PathBuf> =
        libraries(&args.lean.lib, &file)?.into_iter().map(|path| path.canonicalize().unwrap_or(path)).collect();
    let folder = args.pages.clone().unwrap_or_else(|| super::cache(common).root().join("lsp"));
    // Where this cannot be written there are no links, and nothing else is missing.
    let trust = folder.join("trust.md");
    let trust = (fs::create_dir_all(&folder).is_ok() && fs::write(&trust, TRUST).is_ok()).then_some(trust);
    let lean = start_engine(common, &args.lean)?;
    let stop = super::stop_flag()?;
    if let Some(duration) = duration {
        end_after(duration, stop.clone());
    }
    let (jobs, results) = (lean.jobs, lean.results);
    let (serving_settings, pages) = (settings, folder);
    std::thread::scope(|scope| {
        let repairs = repairs(scope, common, args, &lean.engine, &serving_settings, &stop)?;
        with_results(common, &lean.engine, results, |reuse| {
            let serving = Serving {
                lean: &lean.engine,
                reuse,
                jobs,
                settings: serving_settings.clone(),
                libraries,
                folder: pages,
                trust,
                repairs,
            };
            serve(serving, from, &stop).map_err(|e: io::Error| usage(format!("the server ended: {e}")))
        })
    })?;
    Ok(Exit::Success)
}

fn settings(args: &Lsp, file: &crate::config::Config) -> Result<Settings, Failure> {
    let mut budget = Budget::default();
    budget.heartbeats = args.heartbeats.or(file.verify.heartbeats).unwrap_or(budget.heartbeats);
    if budget.heartbeats == 0 {
        return Err(usage("--heartbeats is at least 1"));
    }
    let header = args.header.as_ref().or(file.verify.header.as_ref());
    let header = header.map(|text| text_or_file("--header", text)).transpose()?;
    let mode: Mode = args.mode.parse().map_err(usage)?;
    let judging =
        Judging { budget, header, warnings: file.verify.warnings.unwrap_or(false), ..Judging::by_default(mode) };
    let fields = FieldMap::with_overrides(args.field.iter().map(String::as_str)).map_err(usage)?;
    Ok(Settings {
        reading: Reading { fields, judging },
        debounce: Duration::from_millis(args.debounce),
        references: Some(args.references.clone()).filter(|name| !name.is_empty()),
    })
}

fn listen(address: &str, insecure: bool) -> Result<TcpListener, Failure> {
    let listener =
        TcpListener::bind(address).map_err(|e| usage(format!("--tcp {address}: {e} (port 0 takes a free one)")))?;
    let bound = listener.local_addr().map_err(usage)?;
    if !bound.ip().is_loopback() && !insecure {
        return Err(usage(format!(
            "--tcp {address}: whoever reaches this address could use the machine; --insecure permits it"
        )));
    }
    // Told even if --quiet: with port 0 nobody knows it otherwise.
    eprintln!("listening       {bound}");
    Ok(listener)
}

fn end_after(duration: Duration, stop: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        std::thread::sleep(duration);
        stop.store(true, Ordering::Relaxed);
    });
}

#[cfg(not(feature = "ml"))]
fn repairs<'scope>(
    _: &'scope std::thread::Scope<'scope, '_>,
    _: &'scope Common,
    _: &'scope Lsp,
    _: &'scope crate::engine::embedded::EmbeddedEngine,
    _: &'scope Settings,
    _: &'scope AtomicBool,
) -> Result<Option<crate::lsp::Repairs>, Failure> {
    Ok(None)
}

/// A thread that repairs, with the model it reads when it is first asked.
#[cfg(feature = "ml")]
fn repairs<'scope>(
    scope: &'scope std::thread::Scope<'scope, '_>,
    common: &'scope Common,
    args: &'scope Lsp,
    engine: &'scope crate::engine::embedded::EmbeddedEngine,
    settings: &'scope Settings,
    stop: &'scope AtomicBool,
) -> Result<Option<crate::lsp::Repairs>, Failure> {
    use super::models::load_model;
    use crate::domain::{CheckRequest, Problem};
    use crate::engine::Engine;
    use crate::generator::{Ends, Local, Sampling, Settings as Drawing};
    use crate::ml::decoder::Kept;
    use crate::pipeline::generate::{Revision, revise};

    /// Attempts of one repair, and tokens of each.
    const ROUNDS: usize = 3;
    const TOKENS: usize = 256;
    let Some(name) = args.model.as_deref() else { return Ok(None) };
    let template = super::read_template(args.template.as_deref())?;
    let (sender, asked) = crossbeam_channel::unbounded::<crate::lsp::Repair>();
    scope.spawn(move || {
        let mut local: Option<Local> = None;
        for repair in asked {
            if local.is_none() {
                match load_model(common, name, Kept::AsStored) {
                    Ok(model) => local = Some(Local::new(model.name, model.decoder, model.tokenizer, None, 1)),
                    Err(failure) => {
                        (repair.then)(Err(failure.message));
                        continue;
                    }
                }
            }
            let Some(local) = &local else { continue };
            let record = &repair.record;
            let problem = Problem {
                id: record.id.clone(),
                informal: record.informal.clone(),
                header: record.header.clone(),
                ..Problem::default()
            };
            let sampling = Sampling { temperature: 0.8, top_k: None, top_p: 0.95, min_p: 0.0, repetition_penalty: 1.0 };
            let ends = Ends { texts: template.stop.clone(), is_lean: true };
            let request = settings.reading.judging.request(record);
            let check = |code: &str| engine.check(&CheckRequest { code: code.to_owned(), ..request.clone() });
            let revision = Revision {
                template: &template,
                problem: &problem,
                settings: Drawing { sampling, max_tokens: TOKENS, ends },
                rounds: ROUNDS,
                check: &check,
            };
            let outcome = match revise(local, &revision, &record.code, &repair.report, stop) {
                Ok(Some(code)) => Ok(code),
                Ok(None) => Err(format!("none of {ROUNDS} attempts of {name} was accepted")),
                Err(error) => Err(error.to_string()),
            };
            (repair.then)(outcome);
        }
    });
    Ok(Some(sender))
}
