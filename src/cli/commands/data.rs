//! `afcheck data`: making training pairs and describing files of them. Owns what people are told; the making is
//! `pipeline::synth`'s.

use super::judged::{Engines, start_engine};
use super::kept::with_results;
use crate::cli::args::{Common, Data, DataStats, DataWhat, Synth};
use crate::cli::exit::{Exit, Failure};
use crate::cli::progress::RunProgress;
use crate::pipeline::synth::{self, Checking, Made, Pair, SynthError};
use crate::synth::{Candidates, Excluded, Limits};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Runs the command.
pub fn run(common: &Common, args: &Data) -> Result<Exit, Failure> {
    match &args.what {
        DataWhat::Synth(args) => make(common, args),
        DataWhat::Proofs(args) => super::data_proofs::run(common, args),
        DataWhat::Show(args) => super::data_show::run(common, args),
        #[cfg(feature = "ml")]
        DataWhat::Select(args) => super::task2vec::select(common, args),
        DataWhat::Stats(args) => stats(args),
    }
}

fn usage(message: impl ToString) -> Failure {
    Failure::new(Exit::Usage, message)
}

fn make(common: &Common, args: &Synth) -> Result<Exit, Failure> {
    if args.phrasings == 0 {
        return Err(usage("--phrasings 0: a statement needs at least one text"));
    }
    if args.informal_ngram == 0 || args.formal_ngram == 0 {
        return Err(usage("--informal-ngram and --formal-ngram must be above zero"));
    }
    let mut excluded = Excluded::new(Limits { words: args.informal_ngram, tokens: args.formal_ngram });
    for file in &args.exclude {
        for (informal, formal) in statements(file)? {
            excluded.add(&informal, &formal);
        }
    }
    let mut candidates = match args.each_schema {
        true => Candidates::each_schema(args.seed),
        false => Candidates::new(args.seed, &args.concepts, excluded, args.phrasings),
    }
    .map_err(usage)?;
    let count = if args.each_schema { candidates.schemas() } else { args.count };
    let made = match args.no_check {
        true => synth::synthesize(&mut candidates, count, None, &AtomicBool::new(false), &mut RunProgress::new(true)),
        false => checked(common, args, &mut candidates, count)?,
    };
    let made = made.map_err(|e| match e {
        SynthError::Run(e) => Failure::new(Exit::Output, e),
        e => usage(e),
    })?;
    if !common.quiet {
        eprint!("{}", told(&made));
    }
    if made.interrupted {
        return Ok(Exit::Interrupted);
    }
    let lines = made.pairs.iter().map(|pair| Pair::of(pair).line()).collect::<Result<String, _>>().map_err(usage)?;
    write(args.out.as_deref(), &lines).map_err(|e| {
        let name = args.out.as_ref().map_or("<stdout>".into(), |out| out.display().to_string());
        Failure::new(Exit::Output, format!("{name}: {e}"))
    })?;
    match made.exhausted && !args.each_schema {
        true => Err(usage(format!("the grammar yields no more than {} such pairs", made.pairs.len()))),
        false => Ok(Exit::Success),
    }
}

fn checked(
    common: &Common,
    args: &Synth,
    candidates: &mut Candidates,
    count: usize,
) -> Result<Result<Made, SynthError>, Failure> {
    let Engines { engine, jobs, results } = start_engine(common, &args.lean)?;
    let stop = super::stop_flag()?;
    Ok(with_results(common, &engine, results, |reuse| {
        let checking = Checking { engine: &engine, reuse, jobs };
        synth::synthesize(candidates, count, Some(&checking), &stop, &mut RunProgress::new(common.quiet))
    }))
}

/// Writes the whole file, or nothing of it.
pub(super) fn write(out: Option<&Path>, lines: &str) -> io::Result<()> {
    let Some(out) = out else {
        let mut stdout = io::stdout().lock();
        return stdout.write_all(lines.as_bytes()).and_then(|()| stdout.flush());
    };
    let directory = out.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    // Readable by whoever may read what the user writes: a data set is no secret.
    let everybody = Permissions::from_mode(0o666);
    let mut file = tempfile::Builder::new().permissions(everybody).tempfile_in(directory)?;
    file.write_all(lines.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(out).map(|_| ()).map_err(|e| e.error)
}

/// What people should know of a run.
fn told(made: &Made) -> String {
    let Made { pairs, refused, checked, drawn, .. } = made;
    let mut text = format!(
        "{} pairs; {} drawn, {} too long, {} duplicates, left out for shared text: {} informal, {} formal, {} whole\n",
        pairs.len(),
        drawn.drawn,
        drawn.long,
        drawn.duplicates,
        drawn.informal,
        drawn.formal,
        drawn.whole
    );
    let total: u64 = refused.values().map(|r| r.count).sum();
    if *checked > 0 {
        let rate = 100.0 * total as f64 / *checked as f64;
        let _ = writeln!(text, "{checked} checked, {total} refused by Lean ({rate:.2} %)");
    }
    for (schema, refused) in refused {
        let _ = writeln!(text, "  {schema}: {} refused, e.g.\n{}\n{}", refused.count, refused.example, refused.why);
    }
    text
}

/// Informal and formal statements of a file of JSON lines.
fn statements(file: &Path) -> Result<Vec<(String, String)>, Failure> {
    let field = |record: &Value, name: &str| record.get(name).and_then(Value::as_str).map(str::to_owned);
    let read = |(line, record): (usize, Value)| {
        let pair = field(&record, "informal").zip(field(&record, "formal"));
        pair.ok_or_else(|| usage(format!("{}:{}: expected `informal` and `formal`", file.display(), line + 1)))
    };
    records(file)?.into_iter().enumerate().map(read).collect()
}

fn records(file: &Path) -> Result<Vec<Value>, Failure> {
    let text = fs::read_to_string(file).map_err(|e| usage(format!("{}: {e}", file.display())))?;
    let parse = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|e| usage(format!("{}:{}: {e}", file.display(), number + 1)))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(parse).collect()
}

fn stats(args: &DataStats) -> Result<Exit, Failure> {
    let (records, pairs) = (records(&args.file)?, statements(&args.file)?);
    let mut text = format!("pairs       {}\n", pairs.len());
    let distinct = |of: fn(&(String, String)) -> &str| pairs.iter().map(of).collect::<HashSet<_>>().len();
    let (informal, formal) = (distinct(|p| &p.0), distinct(|p| p.1.split_once('(').map_or("", |(_, rest)| rest)));
    let _ = writeln!(text, "distinct    {informal} informal, {formal} formal (from the first binder on)");
    let keys: HashSet<&str> = records.iter().filter_map(|r| r.get("statement")?.as_str()).collect();
    if !keys.is_empty() {
        let _ = writeln!(text, "statements  {} (records with one `statement` are phrasings of it)", keys.len());
    }
    for (name, lengths) in [
        ("informal", pairs.iter().map(|p| p.0.split_whitespace().count()).collect::<Vec<_>>()),
        ("formal", pairs.iter().map(|p| p.1.split_whitespace().count()).collect()),
    ] {
        let (sum, most) = (lengths.iter().sum::<usize>(), lengths.iter().max().copied().unwrap_or_default());
        let mean = sum as f64 / lengths.len().max(1) as f64;
        let _ = writeln!(text, "{name:<11} {mean:.1} words on average, {most} at most");
    }
    if let Some(against) = &args.against {
        let limits = Limits::default();
        let mut excluded = Excluded::new(limits);
        statements(against)?.iter().for_each(|(informal, formal)| excluded.add(informal, formal));
        let shared = pairs.iter().filter(|(informal, formal)| excluded.overlap(informal, formal).is_some()).count();
        let Limits { words, tokens } = limits;
        let _ = writeln!(text, "shared      {shared} with {} ({words} words, {tokens} tokens)", against.display());
    }
    for name in ["split", "concept", "difficulty", "distractor", "schema"] {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for value in records.iter().filter_map(|record| record.get(name)) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            *counts.entry(value).or_default() += 1;
        }
        for (i, (value, count)) in counts.iter().enumerate() {
            let title = if i == 0 { name } else { "" };
            let _ = writeln!(text, "{title:<11} {count:>7}  {value}");
        }
    }
    super::print(&text)
}
