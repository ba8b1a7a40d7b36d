//! `afcheck worker`, and how commands come to a NATS server.

use super::engines::{self, Embedded};
use crate::cli::args::{Common, NatsArgs, WorkerArgs};
use crate::cli::exit::{Exit, Failure};
use crate::cli::settings::{default_jobs, libraries, load_config};
use crate::cluster::{self, Access, Working};
use crate::engine::embedded::install::SetupOptions;

fn usage(message: impl ToString) -> Failure {
    Failure::new(Exit::Usage, message)
}

/// How the server is reached, if one is named.
pub fn access(args: &NatsArgs) -> Option<Access> {
    let url = args.nats.clone()?;
    let certificate = args.nats_cert.clone().zip(args.nats_key.clone());
    let (queue, credentials, roots) = (args.nats_queue.clone(), args.nats_creds.clone(), args.nats_ca.clone());
    Some(Access { url, queue, credentials, roots, certificate })
}

/// Runs the command.
pub fn run(common: &Common, args: &WorkerArgs) -> Result<Exit, Failure> {
    let access = access(&args.nats).ok_or_else(|| usage("--nats URL: where requests come from"))?;
    let file = load_config(common)?;
    let jobs = match args.jobs.or(file.verify.jobs) {
        Some(0) => return Err(usage("--jobs 0: at least one check at a time is needed")),
        Some(jobs) => jobs,
        None => default_jobs(),
    };
    let idle = match &args.idle {
        Some(text) => Some(humantime::parse_duration(text).map_err(|e| usage(format!("--idle {text}: {e}")))?),
        None => None,
    };
    let setup = SetupOptions { offline: args.offline, package: None };
    let embedded = Embedded { setup, libraries: libraries(&args.lib, &file)? };
    let engine = engines::start(common, &args.engine, &file, &embedded, jobs)?;
    let stop = super::stop_flag()?;
    if !common.quiet {
        eprintln!("working         Lean {}, {jobs} at once, queue {}", engine.id().lean, access.queue);
    }
    let working = Working { access, jobs, engine: engine.as_ref(), stop: &stop, idle };
    let worked = cluster::work(&working).map_err(|e| Failure::new(Exit::NoEngine, e))?;
    eprintln!(
        "worked          {} answered, {} of them kept by others, {} put aside",
        worked.answered, worked.kept, worked.dead
    );
    Ok(Exit::Success)
}
