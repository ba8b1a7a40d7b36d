//! L1: settings from a file. Owns the file's keys and the embedded, commented default; precedence (file < environment <
//! flag) is applied in `cli/settings`. `nightly` is the file of `afcheck nightly`,
//! `study` and `distill` those of the commands of these names.

pub mod distill;
pub mod nightly;
mod options;
pub mod study;

use serde::Deserialize;

/// The commented default configuration, printed by `afcheck config`.
pub const DEFAULT: &str = include_str!("default.toml");

/// What a configuration file may say. Everything is optional; unknown keys are errors.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub verify: Verify,
    pub lean: Lean,
    pub cache: Cache,
    pub lake: Lake,
    /// Engines that records name: `embedded` or `lake:DIR`.
    pub engines: std::collections::BTreeMap<String, String>,
    /// `[finetune]`: the keys are those of the pipeline's `Plan`, which reads them.
    pub finetune: toml::Table,
}

/// `[verify]`
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Verify {
    pub jobs: Option<usize>,
    pub mode: Option<String>,
    pub require: Option<String>,
    pub heartbeats: Option<u64>,
    pub wall_clock: Option<String>,
    pub memory: Option<String>,
    pub permit_axioms: Vec<String>,
    pub header: Option<String>,
    pub warnings: Option<bool>,
}

/// `[lean]`
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Lean {
    pub libs: Vec<String>,
}

/// `[lake]`
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Lake {
    /// The engine where no flag names one.
    pub engine: Option<String>,
    pub command: Option<String>,
    pub memory: Option<String>,
    pub recycle: Option<usize>,
    pub import_time: Option<String>,
    pub sandbox: Option<String>,
    pub read: Vec<String>,
    pub write: Vec<String>,
}

/// `[cache]`
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Cache {
    pub results: Option<bool>,
    pub limit: Option<String>,
}

/// Reads a configuration file's text. The error names line and column, and lists the known keys for an unknown one.
pub fn parse(text: &str) -> Result<Config, String> {
    toml::from_str(text).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_says_nothing_and_names_every_key() {
        assert_eq!(parse(DEFAULT), Ok(Config::default()));
        let keys = [
            "jobs",
            "mode",
            "require",
            "heartbeats",
            "wall-clock",
            "memory",
            "permit-axioms",
            "header",
            "warnings",
            "libs",
            "engine",
            "command",
            "recycle",
            "import-time",
            "sandbox",
            "read",
            "write",
            "results",
            "limit",
        ];
        for key in keys {
            assert!(DEFAULT.contains(&format!("# {key} = ")), "{key} is not explained");
        }
        let uncommented: String = DEFAULT
            .lines()
            .map(|l| l.strip_prefix("# ").filter(|l| l.contains(" = ")).unwrap_or(l).to_owned() + "\n")
            .collect();
        assert!(parse(&uncommented).is_ok(), "the examples in the file are valid: {:?}", parse(&uncommented));
    }

    #[test]
    fn an_unknown_key_is_named_with_the_known_ones() {
        let error = parse("[verify]\nwallclock = \"3s\"\n").unwrap_err();
        assert!(error.contains("line 2") && error.contains("wallclock") && error.contains("wall-clock"), "{error}");
    }
}
