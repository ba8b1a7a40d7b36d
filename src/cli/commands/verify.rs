//! `afcheck verify`.

use super::engines::{self, Embedded};
use super::kept::with_results;
use crate::cli::args::{Common, Format, Verify, When};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::RunProgress;
use crate::cli::settings::{Settings, load_config};
use crate::dataset::{self, OpenMode, OutputError, ReadOptions, Records, ResultWriter, Resume};
use crate::engine::embedded::install::SetupOptions;
use crate::engine::{Elaborator, Engine};
use crate::pipeline::verify::{self, Running};
use crate::report::{Human, Jsonl, Junit, Markdown, Summary};
use crate::runner::events::Reporter;
use crate::runner::{Reuse, Run, RunError};
#[cfg(feature = "cluster")]
use crate::store::Judge;
use std::io::{self, BufWriter, IsTerminal, LineWriter};
use std::path::Path;

fn output(error: impl ToString) -> Failure {
    Failure::new(Exit::Output, error)
}

/// Runs the command.
pub fn run(common: &Common, args: Box<Verify>) -> Result<Exit, Failure> {
    let cache = super::cache(common);
    let settings = Settings::resolve(common, &args, cache.root().to_owned())?;
    if args.show_settings {
        return super::print(&settings.to_string());
    }
    // The input first: a mistyped name should not wait for a set-up.
    let options = ReadOptions { fields: settings.fields.clone(), ..ReadOptions::default() };
    let total = dataset::count_records(&args.file);
    let records = Records::open(&args.file, options).map_err(|e| Failure::new(Exit::Usage, e))?;
    let (writer, resume) = open_output(&args)?;

    let shard = args.shard.as_deref().map(read_shard).transpose()?;
    let lean = Lean::start(common, &args, &settings)?;
    let (engine, jobs) = (lean.engine(), lean.jobs(&settings));
    let stop = super::stop_flag()?;

    let mut results = writer.map(Jsonl::new);
    let mut stdout = standard_output(&args, common)?;
    let mut summary = Summary::new(BufWriter::new(io::stderr()));
    let mut progress = RunProgress::new(common.quiet);
    let mut reporters: Vec<&mut dyn Reporter> = vec![&mut progress];
    if let Some(results) = &mut results {
        reporters.push(results);
    }
    if let Some(stdout) = &mut stdout {
        reporters.push(stdout.as_mut());
    }
    let mut tally = Tally(crate::report::Tally::default());
    reporters.push(&mut tally);
    if !common.quiet {
        reporters.push(&mut summary);
    }
    let work = |reuse: Option<&Reuse<'_>>| {
        let (strict, resume) = (args.strict, resume.as_ref());
        let running = Running { jobs, strict, resume, reuse, total, stop: &stop, shard };
        verify::verify(records, engine, &settings.judging, &running, &mut reporters)
    };
    let outcome = match &lean {
        Lean::Here(_) => with_results(common, engine, settings.results, work),
        // What is kept is kept by the workers; equal records of the run are asked once all the same.
        #[cfg(feature = "cluster")]
        Lean::Elsewhere(nats) => {
            let outcome = work(Some(&Reuse::new(Judge::new(&nats.fingerprint()), None)));
            let (answered, kept) = nats.answers();
            if !common.quiet {
                eprintln!("workers         {answered} answers, {kept} of them kept from earlier requests");
            }
            outcome
        }
    };
    if let Some(results) = results {
        results.into_inner().finish().map_err(output)?;
    }
    finish(&args, outcome, &tally.0, resume.is_some())
}

/// Who judges.
enum Lean {
    /// An engine of this process.
    Here(Box<dyn Elaborator>),
    /// Workers behind a NATS server.
    #[cfg(feature = "cluster")]
    Elsewhere(crate::cluster::NatsEngine),
}

/// Requests that wait for workers at once, unless --jobs says otherwise.
#[cfg(feature = "cluster")]
const IN_FLIGHT: usize = 256;

impl Lean {
    fn start(common: &Common, args: &Verify, settings: &Settings) -> Result<Lean, Failure> {
        #[cfg(feature = "cluster")]
        if let Some(access) = super::worker::access(&args.nats) {
            let nats = crate::cluster::NatsEngine::connect(access, args.jobs.unwrap_or(IN_FLIGHT));
            return Ok(Lean::Elsewhere(nats.map_err(|e| Failure::new(Exit::NoEngine, e))?));
        }
        let setup = SetupOptions { offline: args.offline, package: None };
        let embedded = Embedded { setup, libraries: settings.libraries.clone() };
        Ok(Lean::Here(engines::start(common, &args.engine, &load_config(common)?, &embedded, settings.jobs)?))
    }

    fn engine(&self) -> &dyn Engine {
        match self {
            Lean::Here(engine) => engine.as_ref(),
            #[cfg(feature = "cluster")]
            Lean::Elsewhere(nats) => nats,
        }
    }

    fn jobs(&self, settings: &Settings) -> usize {
        match self {
            Lean::Here(_) => settings.jobs,
            #[cfg(feature = "cluster")]
            Lean::Elsewhere(nats) => nats.parallelism(),
        }
    }
}

/// `I/N`, counted from 0.
fn read_shard(text: &str) -> Result<(u64, u64), Failure> {
    let parts = text.split_once('/').and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
    match parts {
        Some((part, parts)) if part < parts => Ok((part, parts)),
        _ => Err(Failure::new(
            Exit::Usage,
            format!("--shard {text}: a part and their number, counted from 0, such as 0/8"),
        )),
    }
}

/// Exit code and last words.
fn finish(
    args: &Verify,
    outcome: Result<Run, RunError>,
    tally: &crate::report::Tally,
    resumed: bool,
) -> Result<Exit, Failure> {
    match outcome {
        Err(RunError::Output(error)) => {
            let path = args.out.as_deref().unwrap_or(Path::new("<stdout>"));
            return Err(output(OutputError::of_write(path, error)));
        }
        Err(error) => return Err(Failure::new(Exit::Usage, error)),
        Ok(run) if run.interrupted => return Ok(Exit::Interrupted),
        Ok(_) => {}
    }
    let Some(threshold) = args.fail_under else { return Ok(Exit::Success) };
    let (accepted, decided) = match &args.out {
        Some(out) if resumed => verify::verdicts_in(out).map_err(output)?,
        _ => (tally.accepted, tally.decided()),
    };
    let rate = if decided == 0 { 0.0 } else { accepted as f64 / decided as f64 };
    if rate < threshold {
        eprintln!("acceptance rate {rate:.4} ({accepted} of {decided} decided) is below {threshold}");
        return Ok(Exit::BelowThreshold);
    }
    Ok(Exit::Success)
}

/// Counts for the exit code, listening like any report.
struct Tally(crate::report::Tally);

impl Reporter for Tally {
    fn on(&mut self, event: &crate::runner::events::Event) -> io::Result<()> {
        self.0.on(event);
        Ok(())
    }
}

fn open_output(args: &Verify) -> Result<(Option<ResultWriter>, Option<Resume>), Failure> {
    let Some(path) = &args.out else { return Ok((None, None)) };
    let mode = match (args.resume, args.overwrite) {
        (true, _) => OpenMode::Resume,
        (_, true) => OpenMode::Replace,
        _ => OpenMode::New,
    };
    let (writer, resume) = ResultWriter::open(path, mode).map_err(|e| match e {
        OutputError::Full { .. } | OutputError::Write { .. } | OutputError::Closed { .. } => output(e),
        e => Failure::new(Exit::Usage, e),
    })?;
    Ok((Some(writer), args.resume.then_some(resume)))
}

fn standard_output(args: &Verify, common: &Common) -> Result<Option<Box<dyn Reporter>>, Failure> {
    let format = match (args.format, &args.out) {
        (Some(format), _) => format,
        (None, None) => Format::Human,
        (None, Some(_)) => return Ok(None),
    };
    let out = LineWriter::new(io::stdout());
    let colour = match common.color {
        When::Always => true,
        When::Never => false,
        When::Auto => io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    };
    Ok(Some(match format {
        Format::Human => Box::new(Human::new(out, colour)),
        Format::Jsonl => Box::new(Jsonl::new(out)),
        Format::Junit => Box::new(Junit::new(out, &args.file).map_err(output)?),
        Format::Markdown => Box::new(Markdown::new(out, 50)),
    }))
}
