//! `afcheck cache`: what is kept of earlier checks and comparisons, forgetting it, and whether it is sound.

use crate::cli::args::{Cache, CacheClear, CacheStats, CacheVerify, CacheWhat, Common};
use crate::cli::exit::{Exit, Failure};
use crate::cli::settings;
use crate::engine::Engine;
use crate::engine::embedded::install::SetupOptions;
use crate::pipeline::cache::recheck;
#[cfg(feature = "ml")]
use crate::pipeline::task2vec::{forget, held};
use crate::store::{DATABASE, Findings, Judge, Kept, Maintenance, Stats, StoreError};
use serde_json::json;
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

/// Runs the command.
pub fn run(common: &Common, args: &Cache) -> Result<Exit, Failure> {
    let cache = super::cache(common);
    let store = Maintenance::open(cache.root()).map_err(|e| refused(&e))?;
    if let Some(note) = store.as_ref().and_then(|store| store.note.as_ref()) {
        eprintln!("warning: {note}");
    }
    match &args.what {
        CacheWhat::Stats(args) => stats(cache.root(), store.as_ref(), args),
        CacheWhat::Clear(args) => clear(common, cache.root(), store.as_ref(), args),
        CacheWhat::Verify(args) => verify(common, store, args),
    }
}

fn refused(error: &StoreError) -> Failure {
    Failure::new(Exit::Usage, format!("the result cache cannot be used: {error}"))
}

fn stats(directory: &Path, store: Option<&Maintenance>, args: &CacheStats) -> Result<Exit, Failure> {
    let stats = store.map(Maintenance::stats).transpose().map_err(|e| refused(&e))?.unwrap_or_default();
    let Stats { entries, bytes, disk, hits, verdicts, judges, oldest } = stats;
    let embeddings = held(directory);
    let file = directory.join(DATABASE).display().to_string();
    let oldest = oldest.map(|seconds| humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(seconds)));
    if args.json {
        let kept = |kept: &Kept| json!({"name": kept.name, "entries": kept.entries, "bytes": kept.bytes});
        let report = json!({
            "file": file,
            "entries": entries,
            "bytes": bytes,
            "disk_bytes": disk,
            "hits": hits,
            "oldest": oldest.map(|time| time.to_string()),
            "verdicts": verdicts.iter().map(kept).collect::<Vec<_>>(),
            "engines": judges.iter().map(kept).collect::<Vec<_>>(),
            "task_embeddings": { "entries": embeddings.embeddings, "bytes": embeddings.bytes },
        });
        return super::print(&format!("{report:#}\n"));
    }
    let mb = |bytes: u64| bytes as f64 / 1e6;
    let mut text = format!("{file}\n");
    let _ = writeln!(text, "entries   {entries} ({:.1} MB, {:.1} MB on disk)", mb(bytes), mb(disk));
    let _ = writeln!(text, "hits      {hits}");
    if let Some(oldest) = oldest {
        let _ = writeln!(text, "oldest    {oldest}");
    }
    for (title, all) in [("verdicts", verdicts), ("engines", judges)] {
        for (i, Kept { name, entries, bytes }) in all.iter().enumerate() {
            let title = if i == 0 { title } else { "" };
            let _ = writeln!(text, "{title:<9} {entries:>9}  {:>9.1} MB  {name}", mb(*bytes));
        }
    }
    if embeddings.embeddings > 0 {
        let _ = writeln!(text, "task embeddings {}  {:.1} MB", embeddings.embeddings, mb(embeddings.bytes));
    }
    super::print(&text)
}

fn clear(common: &Common, directory: &Path, store: Option<&Maintenance>, args: &CacheClear) -> Result<Exit, Failure> {
    let age = match &args.older_than {
        Some(text) => Some(
            humantime::parse_duration(text)
                .map_err(|e| Failure::new(Exit::Usage, format!("--older-than {text}: {e}")))?,
        ),
        None => None,
    };
    let gone = store.map(|store| store.clear(age)).transpose().map_err(|e| refused(&e))?.unwrap_or(0);
    let embeddings = forget(directory, age);
    if !common.quiet {
        eprintln!("{gone} kept results and {embeddings} task embeddings forgotten");
    }
    Ok(Exit::Success)
}

fn verify(common: &Common, store: Option<Maintenance>, args: &CacheVerify) -> Result<Exit, Failure> {
    let Some(store) = store else {
        return super::print("nothing is kept yet\n");
    };
    let Findings { entries, file, damaged } = store.examine().map_err(|e| refused(&e))?;
    if !file.is_empty() {
        let mut text: String = file.iter().map(|line| format!("damaged file: {line}\n")).collect();
        text.push_str(match store.set_aside() {
            Ok(_) => "the file was set aside; results are kept anew\n",
            Err(_) => "another process uses it; run this again when that has ended\n",
        });
        super::print(&text)?;
        return Ok(Exit::CacheWrong);
    }
    let mut text: String = damaged.iter().map(|entry| format!("damaged, removed: {entry}\n")).collect();
    let _ = writeln!(text, "{entries} entries, {} damaged", damaged.len());
    let mut wrong = !damaged.is_empty();
    if let Some(count) = args.recheck {
        let setup = SetupOptions { offline: args.offline, package: None };
        let libraries = settings::libraries(&args.lib, &settings::load_config(common)?)?;
        let jobs = settings::default_jobs();
        let engine = super::setup::engine(common, &super::cache(common), &setup, libraries, jobs)?;
        let samples = store.sample(&Judge::new(&engine.fingerprint()), count).map_err(|e| refused(&e))?;
        let again = recheck(samples, &engine).map_err(|e| Failure::new(Exit::Output, e))?;
        for (sample, difference) in &again.differ {
            store.remove(sample).map_err(|e| refused(&e))?;
            let _ = writeln!(text, "wrong, removed: {}: {difference}", sample.key);
        }
        let _ = writeln!(
            text,
            "{} judged again by this engine: {} agree, {} differ, {} met a limit of this machine",
            again.agree + again.unclear + again.differ.len() as u64,
            again.agree,
            again.differ.len(),
            again.unclear
        );
        wrong |= !again.differ.is_empty();
    }
    super::print(&text)?;
    Ok(if wrong { Exit::CacheWrong } else { Exit::Success })
}

/// A build without language models keeps no embeddings, and leaves alone those that another keeps.
#[cfg(not(feature = "ml"))]
struct Held {
    embeddings: u64,
    bytes: u64,
}

#[cfg(not(feature = "ml"))]
fn held(_: &std::path::Path) -> Held {
    Held { embeddings: 0, bytes: 0 }
}

#[cfg(not(feature = "ml"))]
fn forget(_: &std::path::Path, _: Option<std::time::Duration>) -> u64 {
    0
}
