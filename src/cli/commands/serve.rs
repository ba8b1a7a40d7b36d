//! `afcheck serve`.

use super::engines::{self, Embedded};
use super::kept::with_results;
use crate::cli::args::{Common, Serve};
use crate::cli::exit::{Exit, Failure};
use crate::cli::settings::{default_jobs, libraries, load_config, parse_size, results};
use crate::domain::{Budget, Mode};
use crate::engine::embedded::install::SetupOptions;
use crate::pipeline::verify::Judging;
use crate::serve::lean::{Server, Serving};
use std::fs;
use std::net::{IpAddr, ToSocketAddrs};
use std::time::{Duration, Instant};

fn usage(message: impl ToString) -> Failure {
    Failure::new(Exit::Usage, message)
}

/// Runs the command.
pub fn run(common: &Common, args: &Serve) -> Result<Exit, Failure> {
    let keys = keys(args)?;
    if keys.is_empty() && !is_loopback(&args.listen) && !args.insecure {
        return Err(usage(format!(
            "--listen {}: whoever reaches this address could use the machine; --key-file or AFCHECK_KEYS asks for a key, \
             --insecure does without",
            args.listen
        )));
    }
    let duration = |flag: &str, text: &str| -> Result<Duration, Failure> {
        humantime::parse_duration(text).map_err(|e| usage(format!("{flag} {text}: {e}")))
    };
    let size = |flag: &str, text: &str| parse_size(text).map_err(|e| usage(format!("{flag} {text}: {e}")));
    let file = load_config(common)?;
    let jobs = match args.jobs.or(file.verify.jobs) {
        Some(0) => return Err(usage("--jobs 0: at least one snippet at a time is needed")),
        Some(jobs) => jobs,
        None => default_jobs(),
    };
    if args.queue == 0 || args.batch == 0 {
        return Err(usage("--queue and --batch are above zero"));
    }
    let mut budget = Budget::default();
    if let Some(heartbeats) = args.heartbeats.or(file.verify.heartbeats) {
        budget.heartbeats = heartbeats.max(1);
    }
    if let Some(memory) = args.memory.as_ref().or(file.verify.memory.as_ref()) {
        budget.memory = size("--memory", memory)?;
    }
    let serving = Serving {
        judging: Judging { budget, ..Judging::by_default(Mode::Auto) },
        jobs,
        queue: args.queue,
        batch: args.batch.min(args.queue),
        body: size("--body", &args.body)? as usize,
        longest: duration("--longest", &args.longest)?,
        keys,
        drain: duration("--drain", &args.drain)?,
        log: !common.quiet,
    };
    let until = args.duration.as_deref().map(|text| duration("--for", text)).transpose()?;
    let until = until.and_then(|duration| Instant::now().checked_add(duration));
    // First, so that a port that is taken is told before Lean is set up.
    let server = Server::bind(&args.listen).map_err(|e| usage(format!("--listen {}: {e}", args.listen)))?;
    let setup = SetupOptions { offline: args.offline, package: None };
    let embedded = Embedded { setup, libraries: libraries(&args.lib, &file)? };
    let lean = engines::start(common, &args.engine, &file, &embedded, jobs)?;
    let stop = super::stop_flag()?;
    let limit = results(args.no_cache, None, &file)?;
    // Told even if --quiet: with port 0 nobody knows it otherwise.
    eprintln!("serving         Lean {} at {}", lean.id().lean, server.url());
    with_results(common, lean.as_ref(), limit, |reuse| server.run(lean.as_ref(), reuse, serving, &stop, until))
        .map_err(usage)?;
    Ok(Exit::Success)
}

/// Keys of clients.
fn keys(args: &Serve) -> Result<Vec<String>, Failure> {
    let mut keys: Vec<String> = args.keys.clone();
    if let Some(path) = &args.key_file {
        let text = fs::read_to_string(path).map_err(|e| usage(format!("--key-file {}: {e}", path.display())))?;
        keys.extend(text.lines().map(str::to_owned));
        if text.trim().is_empty() {
            return Err(usage(format!("--key-file {}: there is no key in it", path.display())));
        }
    }
    Ok(keys.into_iter().map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect())
}

/// True if only this machine reaches an address.
fn is_loopback(address: &str) -> bool {
    let resolved = address.to_socket_addrs();
    resolved.is_ok_and(|mut all| {
        all.all(|address| match address.ip() {
            IpAddr::V4(ip) => ip.is_loopback(),
            IpAddr::V6(ip) => ip.is_loopback(),
        })
    })
}
