//! The file of `afcheck nightly`. Owns its keys, its commented example and what of it can be wrong by itself; whether the files
//! it names are there is found out by those who open them.

use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The commented example, printed by `afcheck nightly init`.
pub const EXAMPLE: &str = include_str!("nightly.toml");

/// What is run, how it is judged, and what counts as a failure. Unknown keys are errors.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nightly {
    #[serde(default = "default_out")]
    pub out: String,
    pub history: Option<String>,
    #[serde(default = "default_keep")]
    pub keep: usize,
    #[serde(default)]
    pub count: Count,
    #[serde(default)]
    pub recheck: usize,
    #[serde(default)]
    pub judging: Judging,
    #[serde(default)]
    pub gate: Gate,
    pub data: Vec<Data>,
    pub model: Vec<Model>,
}

fn default_out() -> String {
    "nightly".to_owned()
}

fn default_keep() -> usize {
    90
}

/// What an item is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// A problem; it is solved if any of its samples is accepted.
    #[default]
    Problem,
    /// A sample of a problem.
    Sample,
}

/// `[judging]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Judging {
    pub mode: Option<String>,
    pub require: Option<String>,
    pub target: Option<bool>,
    pub heartbeats: Option<u64>,
    #[serde(alias = "wall-clock")]
    pub wall_clock: Option<String>,
    pub memory: Option<String>,
    #[serde(alias = "permit-axioms")]
    pub permit_axioms: Vec<String>,
    pub header: Option<String>,
}

/// `[gate]`
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gate {
    pub fail_on: FailOn,
    pub alpha: f64,
    pub against: Against,
}

impl Default for Gate {
    fn default() -> Gate {
        Gate { fail_on: FailOn::Any, alpha: 0.05, against: Against::Last }
    }
}

/// Which drop is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailOn {
    /// One regression is enough.
    Any,
    /// More regressions than newly solved items, more than chance explains.
    Significant,
    Never,
}

/// Which earlier run a failure is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    Last,
    Best,
    Both,
}

/// `[[data]]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    pub name: String,
    pub problems: String,
    pub split: Option<String>,
    pub limit: Option<usize>,
    #[serde(default)]
    pub fields: Vec<String>,
}

/// `[[model]]`: outputs in a file, or made here.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub name: String,
    /// Names of data sets; all of them if absent.
    pub data: Option<Vec<String>>,
    pub outputs: Option<String>,
    #[serde(default)]
    pub fields: Vec<String>,
    pub model: Option<String>,
    pub adapter: Option<String>,
    pub template: Option<String>,
    #[serde(default)]
    pub chat: bool,
    pub shots: Option<usize>,
    pub shots_from: Option<String>,
    pub samples: Option<usize>,
    pub max_tokens: Option<usize>,
    pub temperature: Option<f32>,
    pub top_p: Option<f32>,
    pub seed: Option<u64>,
    pub base_url: Option<String>,
    pub api_key_env: Option<String>,
}

impl Model {
    /// True if it is run on this data set.
    pub fn is_run_on(&self, data: &str) -> bool {
        self.data.as_ref().is_none_or(|names| names.iter().any(|name| name == data))
    }

    /// The first key that is there and belongs to a model that is run here.
    fn key_of_generation(&self) -> Option<&'static str> {
        let keys = [
            ("adapter", self.adapter.is_some()),
            ("template", self.template.is_some()),
            ("chat", self.chat),
            ("shots", self.shots.is_some()),
            ("shots_from", self.shots_from.is_some()),
            ("samples", self.samples.is_some()),
            ("max_tokens", self.max_tokens.is_some()),
            ("temperature", self.temperature.is_some()),
            ("top_p", self.top_p.is_some()),
            ("seed", self.seed.is_some()),
            ("base_url", self.base_url.is_some()),
            ("api_key_env", self.api_key_env.is_some()),
        ];
        keys.into_iter().find(|(_, is_there)| *is_there).map(|(key, _)| key)
    }

    fn check(&self, data: &[Data]) -> Result<(), String> {
        let name = &self.name;
        match (&self.outputs, &self.model) {
            (None, None) => return Err(format!("model `{name}` needs `outputs` (a file) or `model` (to be run here)")),
            (Some(_), Some(_)) => {
                return Err(format!("model `{name}` has both `outputs` and `model`: give one of them"));
            }
            (Some(_), None) => {
                if let Some(key) = self.key_of_generation() {
                    return Err(format!(
                        "model `{name}` has `outputs`, so `{key}` means nothing: it goes with `model`"
                    ));
                }
            }
            (None, Some(_)) if !self.fields.is_empty() => {
                return Err(format!("model `{name}` is run here, so `fields` means nothing: it goes with `outputs`"));
            }
            (None, Some(_)) => {}
        }
        let known = |wanted: &String| data.iter().any(|data| data.name == *wanted);
        match self.data.iter().flatten().find(|wanted| !known(wanted)) {
            Some(unknown) => {
                let names: Vec<&str> = data.iter().map(|data| data.name.as_str()).collect();
                Err(format!("model `{name}`: there is no data set `{unknown}`; there are {}", names.join(", ")))
            }
            None if self.data.as_ref().is_some_and(Vec::is_empty) => Err(format!("model `{name}` is on no data set")),
            None => Ok(()),
        }
    }
}

/// Reads the text of a file. The error names line and column, and lists the known keys for an unknown one.
pub fn parse(text: &str) -> Result<Nightly, String> {
    let nightly: Nightly = toml::from_str(text).map_err(|e| e.to_string())?;
    if nightly.data.is_empty() || nightly.model.is_empty() {
        return Err("at least one [[data]] and one [[model]] are needed; `afcheck nightly init` shows both".to_owned());
    }
    only_once("data set", nightly.data.iter().map(|data| &data.name))?;
    only_once("model", nightly.model.iter().map(|model| &model.name))?;
    nightly.model.iter().try_for_each(|model| model.check(&nightly.data))?;
    if let Some(data) = nightly.data.iter().find(|data| data.limit == Some(0)) {
        return Err(format!("data set `{}`: a limit of 0 leaves nothing to judge", data.name));
    }
    if nightly.keep < 2 {
        return Err("keep = 2 is the least: a run is compared with the one before".to_owned());
    }
    let alpha = nightly.gate.alpha;
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(format!("alpha = {alpha}: a level is above 0 and below 1, such as 0.05"));
    }
    Ok(nightly)
}

fn only_once<'a>(what: &str, names: impl Iterator<Item = &'a String>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for name in names {
        if name.trim().is_empty() {
            return Err(format!("a {what} has no name: histories and reports know it by its name"));
        }
        if !seen.insert(name) {
            return Err(format!("two {what}s have the name `{name}`: the history could not tell them apart"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str =
        "[[data]]\nname = \"d\"\nproblems = \"p.jsonl\"\n[[model]]\nname = \"m\"\noutputs = \"o.jsonl\"\n";

    /// The example with every commented setting as a setting.
    fn uncommented() -> String {
        let line = |line: &str| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") || rest.starts_with("[[") => rest.to_owned() + "\n",
            _ => line.to_owned() + "\n",
        };
        EXAMPLE.lines().map(line).collect()
    }

    #[test]
    fn the_example_is_valid_with_and_without_its_comments() {
        let plain = parse(EXAMPLE).expect("the example");
        assert_eq!((plain.model.len(), plain.keep, plain.gate), (1, 90, Gate::default()));
        assert_eq!(plain.judging, Judging::default());
        let full = parse(&uncommented()).expect("all settings of the example");
        assert_eq!((full.model.len(), full.recheck), (2, 20));
        assert_eq!(full.gate, Gate::default(), "what stands behind a comment is the default");
        assert_eq!((full.count, full.judging.target), (Count::Problem, Some(true)));
        assert_eq!(full.model[1].seed, Some(1));
    }

    #[test]
    fn mistakes_are_named_with_a_remedy() {
        let wrong = |text: &str, says: &[&str]| {
            let error = parse(text).expect_err(text);
            assert!(says.iter().all(|word| error.contains(word)), "{error}");
        };
        wrong(&format!("kep = 3\n{LEAST}"), &["line 1", "kep", "`keep`"]);
        wrong(&format!("{LEAST}temprature = 1.0\n"), &["line 7", "temprature", "`temperature`"]);
        wrong(&format!("{LEAST}[gate]\nfail_on = \"some\"\n"), &["some", "`any`", "`significant`"]);
        wrong(&format!("{LEAST}model = \"x\"\n"), &["`m`", "both"]);
        wrong(&format!("{LEAST}samples = 2\n"), &["`samples`", "goes with `model`"]);
        wrong(&format!("{LEAST}data = [\"e\"]\n"), &["no data set `e`", "there are d"]);
        wrong(&format!("{LEAST}{LEAST}"), &["two data sets", "`d`"]);
        wrong(&format!("keep = 1\n{LEAST}"), &["keep = 2"]);
        wrong(&format!("{LEAST}[gate]\nalpha = 1.5\n"), &["alpha = 1.5", "0.05"]);
        wrong("data = []\nmodel = []\n", &["[[data]]", "nightly init"]);
        wrong(&LEAST.replace("outputs = \"o.jsonl\"", ""), &["`m`", "`outputs`", "`model`"]);
        wrong(&LEAST.replace("name = \"m\"", "name = \" \""), &["has no name"]);
    }
}
