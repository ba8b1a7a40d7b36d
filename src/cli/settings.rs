//! From arguments, environment and file to settings. Owns precedence (flag over environment over file over default) and
//! the reading of durations, sizes and names.

use super::args::{Common, Verify};
use super::exit::{Exit, Failure};
use crate::config::{self, Config};
use crate::dataset::FieldMap;
use crate::domain::{AxiomPolicy, Budget, Mode, Rung};
use crate::pipeline::verify::Judging;
use crate::store::DEFAULT_LIMIT;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Everything `verify` needs to know.
pub struct Settings {
    pub judging: Judging,
    pub fields: FieldMap,
    pub jobs: usize,
    pub libraries: Vec<PathBuf>,
    pub cache: PathBuf,
    /// Bytes for kept results; `None` if outcomes of equal records and earlier runs are not used again.
    pub results: Option<u64>,
}

/// Less could not hold a batch of results.
const SMALLEST_CACHE: u64 = 1 << 20;

const DEFAULT_CONFIG: &str = "afcheck.toml";
const DEFAULT_LIBRARY: &str = "lean-project";

fn usage(message: impl ToString) -> Failure {
    Failure::new(Exit::Usage, message)
}

/// Reads the settings file that applies.
pub fn load_config(common: &Common) -> Result<Config, Failure> {
    let path = match &common.config {
        Some(path) => path.as_path(),
        None if Path::new(DEFAULT_CONFIG).exists() => Path::new(DEFAULT_CONFIG),
        None => return Ok(Config::default()),
    };
    let text = fs::read_to_string(path).map_err(|e| usage(format!("{}: {e}", path.display())))?;
    config::parse(&text).map_err(|e| usage(format!("{}: {e}", path.display())))
}

impl Settings {
    /// Resolves the settings of `verify`.
    pub fn resolve(common: &Common, args: &Verify, cache: PathBuf) -> Result<Settings, Failure> {
        let file = load_config(common)?;
        let defaults = Budget::default();
        let wall_clock = match args.wall_clock.as_ref().or(file.verify.wall_clock.as_ref()) {
            Some(text) => humantime::parse_duration(text).map_err(|e| usage(format!("--wall-clock {text}: {e}")))?,
            None => defaults.wall_clock,
        };
        let memory = match args.memory.as_ref().or(file.verify.memory.as_ref()) {
            Some(text) => parse_size(text).map_err(|e| usage(format!("--memory {text}: {e}")))?,
            None => defaults.memory,
        };
        let heartbeats = args.heartbeats.or(file.verify.heartbeats).unwrap_or(defaults.heartbeats);
        if wall_clock.is_zero() || heartbeats == 0 {
            return Err(usage("a budget of nothing judges nothing: --wall-clock and --heartbeats must be above zero"));
        }
        let mode = match args.mode.as_ref().or(file.verify.mode.as_ref()) {
            Some(text) => text.parse::<Mode>().map_err(usage)?,
            None => Mode::Auto,
        };
        let require = match args.require.as_ref().or(file.verify.require.as_ref()) {
            Some(text) => Some(text.parse::<Rung>().map_err(usage)?),
            None => None,
        };
        let mut axioms = AxiomPolicy::default();
        axioms.permitted.extend(file.verify.permit_axioms.iter().chain(&args.permit_axiom).cloned());
        let header = args.header.as_ref().or(file.verify.header.as_ref());
        let header = header.map(|text| text_or_file("--header", text)).transpose()?;
        let target = args.target.as_ref().map(|text| text_or_file("--target", text)).transpose()?;
        if let Some(rate) = args.fail_under
            && !(0.0..=1.0).contains(&rate)
        {
            return Err(usage(format!("--fail-under {rate}: a rate is between 0 and 1")));
        }
        let jobs = match args.jobs.or(file.verify.jobs) {
            Some(0) => return Err(usage("--jobs 0: at least one check at a time is needed")),
            Some(jobs) => jobs,
            None => default_jobs(),
        };
        let libraries = libraries(&args.lib, &file)?;
        Ok(Settings {
            judging: Judging {
                mode,
                require,
                budget: Budget { heartbeats, wall_clock, memory },
                axioms,
                header,
                target,
                target_name: args.target_name.clone(),
                warnings: !args.no_warnings && file.verify.warnings.unwrap_or(true),
            },
            fields: FieldMap::with_overrides(args.field.iter().map(String::as_str)).map_err(usage)?,
            jobs,
            libraries,
            cache,
            results: results(args.no_cache, args.cache_limit.as_ref(), &file)?,
        })
    }
}

/// Bytes for kept results; `None` if none are to be used or kept.
pub fn results(no_cache: bool, limit: Option<&String>, file: &Config) -> Result<Option<u64>, Failure> {
    let limit = match limit.or(file.cache.limit.as_ref()) {
        Some(text) => parse_size(text).map_err(|e| usage(format!("--cache-limit {text}: {e}")))?,
        None => DEFAULT_LIMIT,
    };
    if limit < SMALLEST_CACHE {
        return Err(usage("--cache-limit: at least 1MiB; --no-cache keeps nothing at all"));
    }
    Ok((!no_cache && file.cache.results.unwrap_or(true)).then_some(limit))
}

/// Directories with sources of libraries: those of flags, then those of the file.
pub fn libraries(flags: &[PathBuf], file: &Config) -> Result<Vec<PathBuf>, Failure> {
    let mut libraries = flags.to_vec();
    libraries.extend(file.lean.libs.iter().map(PathBuf::from));
    // Inside a checkout with a Lean library of the usual name, its modules can be imported without being asked for.
    if libraries.is_empty() && Path::new(DEFAULT_LIBRARY).is_dir() {
        libraries.push(DEFAULT_LIBRARY.into());
    }
    match libraries.iter().find(|l| !l.is_dir()) {
        Some(missing) => Err(usage(format!("--lib {}: not a directory", missing.display()))),
        None => Ok(libraries),
    }
}

/// Checks at once unless a setting says otherwise: the number of cores.
pub fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The text itself, or the contents of the file it names.
pub fn text_or_file(flag: &str, text: &str) -> Result<String, Failure> {
    let path = Path::new(text);
    if !text.contains('\n') && path.is_file() {
        return fs::read_to_string(path).map_err(|e| usage(format!("{flag} {text}: {e}")));
    }
    if path.extension().is_some_and(|e| e == "lean") && !text.contains(char::is_whitespace) {
        return Err(usage(format!("{flag} {text}: there is no such file")));
    }
    Ok(text.to_owned())
}

/// Bytes of `512MiB`, `2G`, `1GB`, `1000000`.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..digits].parse().map_err(|_| "expected a size such as 512MiB or 2GiB".to_owned())?;
    let factor = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1u64,
        "k" | "kib" => 1 << 10,
        "kb" => 1_000,
        "m" | "mib" => 1 << 20,
        "mb" => 1_000_000,
        "g" | "gib" => 1 << 30,
        "gb" => 1_000_000_000,
        unit => return Err(format!("unknown unit `{unit}`; one of KiB, MiB, GiB, KB, MB, GB")),
    };
    Ok((number * factor as f64) as u64)
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Judging { mode, require, budget, axioms, header, target, target_name, warnings } = &self.judging;
        writeln!(f, "mode = {}", mode.as_str())?;
        writeln!(
            f,
            "require = {}",
            require.map_or("by mode (statement: statement; proof: replay, with a target: target)", Rung::as_str)
        )?;
        writeln!(f, "heartbeats = {} thousand", budget.heartbeats)?;
        writeln!(f, "wall-clock = {}", humantime::format_duration(budget.wall_clock))?;
        writeln!(f, "memory = {} bytes", budget.memory)?;
        writeln!(f, "permitted axioms = {}", axioms.permitted.iter().cloned().collect::<Vec<_>>().join(", "))?;
        writeln!(f, "header = {}", header.as_deref().map_or("none".into(), |h| format!("{h:?}")))?;
        writeln!(f, "target = {}", target.as_deref().map_or("the record's".into(), |t| format!("{t:?}")))?;
        writeln!(f, "target-name = {}", target_name.as_deref().unwrap_or("the last theorem"))?;
        writeln!(f, "warnings = {warnings}")?;
        writeln!(f, "jobs = {}", self.jobs)?;
        let libraries: Vec<_> = self.libraries.iter().map(|l| l.display().to_string()).collect();
        writeln!(f, "libs = [{}]", libraries.join(", "))?;
        writeln!(f, "cache = {}", self.cache.display())?;
        match self.results {
            Some(limit) => writeln!(f, "kept results = at most {limit} bytes")?,
            None => writeln!(f, "kept results = none are used or kept")?,
        }
        write!(f, "fields:\n{}", self.fields)
    }
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes() {
        assert_eq!(parse_size("512MiB"), Ok(512 << 20));
        assert_eq!(parse_size("1.5G"), Ok(3 << 29));
        assert_eq!(parse_size("1GB"), Ok(1_000_000_000));
        assert_eq!(parse_size("77"), Ok(77));
        assert!(parse_size("many").is_err() && parse_size("3 bananas").is_err());
    }
}
