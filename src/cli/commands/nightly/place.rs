//! The file of the runs, and where things are. Owns the reading of `nightly.toml`, its paths, how it says outputs are judged, and
//! the lock that keeps two runs apart.

use super::usage;
use crate::cli::args::Common;
use crate::cli::exit::Failure;
use crate::cli::settings::{parse_size, text_or_file};
use crate::config::nightly::{Nightly, parse};
use crate::domain::{AxiomPolicy, Budget, Mode, Rung};
use crate::pipeline::verify::Judging;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

const DEFAULT: &str = "nightly.toml";
const LOCK: &str = "nightly.lock";
/// The variable that names the settings of all commands, which the file of the runs is not.
const SETTINGS: &str = "AFCHECK_CONFIG";

/// A file of runs and its surroundings.
pub struct Place {
    pub settings: Nightly,
    /// The directory of the file: its paths start there.
    base: PathBuf,
    pub out: PathBuf,
    pub history: PathBuf,
}

impl Place {
    /// Reads the file of `--config`, or `./nightly.toml`.
    pub fn read(common: &Common) -> Result<Place, Failure> {
        let of_all = std::env::var_os(SETTINGS).map(PathBuf::from);
        let named = common.config.clone().filter(|path| Some(path) != of_all.as_ref());
        let path = named.unwrap_or_else(|| DEFAULT.into());
        let text = fs::read_to_string(&path).map_err(|error| {
            let hint = match error.kind() {
                std::io::ErrorKind::NotFound => "; `afcheck nightly init > nightly.toml` begins one",
                _ => "",
            };
            usage(format!("{}: {error}{hint}", path.display()))
        })?;
        let settings = parse(&text).map_err(|e| usage(format!("{}: {e}", path.display())))?;
        let base = path.parent().map(Path::to_owned).unwrap_or_default();
        let out = base.join(&settings.out);
        let history = match &settings.history {
            Some(history) => base.join(history),
            None => out.join("nightly.sqlite"),
        };
        Ok(Place { settings, base, out, history })
    }

    /// The options of other commands, without the file of the runs.
    pub fn common(&self, common: &Common) -> Common {
        Common {
            config: std::env::var_os(SETTINGS).map(PathBuf::from),
            cache: common.cache.clone(),
            quiet: common.quiet,
            color: common.color,
        }
    }

    /// A path of the file.
    pub fn path(&self, path: &str) -> PathBuf {
        self.base.join(path)
    }

    /// A data set or model of the file: a path beside it if there is one, otherwise a name.
    pub fn path_or_name(&self, text: &str) -> String {
        let path = self.path(text);
        if path.exists() { path.display().to_string() } else { text.to_owned() }
    }

    /// Where a run keeps what it has so far.
    pub fn of_run(&self, run: i64) -> PathBuf {
        self.out.join("runs").join(run.to_string())
    }

    /// Keeps other runs out for as long as the file lives.
    pub fn lock(&self) -> Result<File, Failure> {
        let path = self.out.join(LOCK);
        let failed = |error: std::io::Error| usage(format!("{}: {error}", path.display()));
        fs::create_dir_all(&self.out).map_err(failed)?;
        let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(usage(format!(
                "another `afcheck nightly run` is at work in {}; wait for it, or give this one another `out`",
                self.out.display()
            ))),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Whether outputs are held to the data sets' statements.
    pub fn has_target(&self) -> bool {
        self.settings.judging.target.unwrap_or(true)
    }

    /// How outputs are judged.
    pub fn judging(&self) -> Result<Judging, Failure> {
        let asked = &self.settings.judging;
        let mut budget = Budget::default();
        if let Some(text) = &asked.wall_clock {
            budget.wall_clock =
                humantime::parse_duration(text).map_err(|e| usage(format!("wall_clock {text}: {e}")))?;
        }
        if let Some(text) = &asked.memory {
            budget.memory = parse_size(text).map_err(|e| usage(format!("memory {text}: {e}")))?;
        }
        budget.heartbeats = asked.heartbeats.unwrap_or(budget.heartbeats);
        if budget.wall_clock.is_zero() || budget.heartbeats == 0 {
            return Err(usage("a budget of nothing judges nothing: wall_clock and heartbeats must be above zero"));
        }
        let mode = asked.mode.as_ref().map_or(Ok(Mode::Proof), |text| text.parse::<Mode>().map_err(usage))?;
        let require = asked.require.as_ref().map(|text| text.parse::<Rung>().map_err(usage)).transpose()?;
        let mut axioms = AxiomPolicy::default();
        axioms.permitted.extend(asked.permit_axioms.iter().cloned());
        let header = asked.header.as_ref().map(|text| match self.path(text) {
            path if path.is_file() => text_or_file("header", &path.display().to_string()),
            _ => text_or_file("header", text),
        });
        let header = header.transpose()?;
        Ok(Judging { require, budget, axioms, header, ..Judging::by_default(mode) })
    }
}
