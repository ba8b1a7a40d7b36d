//! The file of `afcheck study`. Owns its keys, its commented example and what of it can be wrong by itself. The sections that
//! configure other commands are tables here: their keys are those commands' options, and the commands say what is wrong with them.

use super::options::{OF_ALL, OF_GENERATION, OF_TRAINING, not_its_own};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::time::Duration;

/// The commented example, printed by `afcheck study init`.
pub const EXAMPLE: &str = include_str!("study.toml");

/// What is compared, on what, and how. Unknown keys are errors.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Study {
    #[serde(default = "default_out")]
    pub out: String,
    pub title: Option<String>,
    #[serde(default = "default_seeds")]
    pub seeds: Vec<u64>,
    #[serde(default = "default_ways")]
    pub ways: Vec<Way>,
    /// A file with the prompt's template.
    pub template: Option<String>,
    pub target: Target,
    pub model: Vec<Model>,
    pub condition: Vec<Condition>,
    /// Options of `afcheck finetune`.
    #[serde(default)]
    pub finetune: toml::Table,
    /// The same, for continued pre-training.
    #[serde(default)]
    pub continued: toml::Table,
    #[serde(default)]
    pub in_context: InContext,
    /// Options of `afcheck generate`.
    #[serde(default)]
    pub generate: toml::Table,
    /// Options of `afcheck align`.
    #[serde(default)]
    pub alignment: toml::Table,
    #[serde(default)]
    pub report: Report,
    #[serde(default)]
    pub budget: Budget,
}

fn default_out() -> String {
    "study".to_owned()
}

fn default_seeds() -> Vec<u64> {
    vec![1, 2, 3]
}

fn default_ways() -> Vec<Way> {
    vec![Way::Finetune, Way::InContext]
}

/// How a model is taught by a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Trained on it; of aligned pairs the answers are learnt.
    Finetune,
    /// Shown some of it in front of the question.
    InContext,
    /// Trained on it as on plain text: of aligned pairs all of it is learnt.
    Continued,
}

impl Way {
    /// As the file has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Finetune => "finetune",
            Way::InContext => "in-context",
            Way::Continued => "continued",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Way::Finetune => "fine-tuning",
            Way::InContext => "in context",
            Way::Continued => "continued pre-training",
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// `[target]`: what models are to get better at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Target {
    pub problems: String,
    pub split: Option<String>,
    #[serde(default)]
    pub fields: Vec<String>,
    pub count: Option<usize>,
    #[serde(default = "one")]
    pub seed: u64,
    pub dev: Option<String>,
    #[serde(default = "default_dev_count")]
    pub dev_count: usize,
    /// The condition whose alignment with is measured.
    pub alignment: Option<String>,
}

impl Target {
    /// The condition whose alignment with is measured: pairs of the problems, unless the file names another.
    pub fn alignment(&self) -> String {
        self.alignment.clone().unwrap_or_else(|| format!("aligned:{}", self.problems))
    }
}

fn one() -> u64 {
    1
}

fn default_dev_count() -> usize {
    32
}

/// `[[model]]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Model {
    pub name: String,
    pub model: String,
    #[serde(default)]
    pub chat: bool,
    pub base_url: Option<String>,
    pub api_key_env: Option<String>,
    #[serde(default)]
    pub price_in: f64,
    #[serde(default)]
    pub price_out: f64,
}

impl Model {
    /// Whether it can be taught in this way: what is behind a server can only be shown something.
    pub fn can(&self, way: Way) -> bool {
        self.base_url.is_none() || way == Way::InContext
    }
}

/// `[[condition]]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Condition {
    pub name: String,
    pub data: String,
    /// What plots colour it by.
    #[serde(default)]
    pub kind: Kind,
}

/// Families of conditions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Aligned,
    Unpaired,
    Formal,
    Informal,
    #[default]
    Other,
}

impl Kind {
    /// All, in the order of legends.
    pub const ALL: [Kind; 5] = [Kind::Aligned, Kind::Unpaired, Kind::Formal, Kind::Informal, Kind::Other];

    /// For people, and as the class of marks.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Aligned => "aligned",
            Kind::Unpaired => "unpaired",
            Kind::Formal => "formal",
            Kind::Informal => "informal",
            Kind::Other => "other",
        }
    }
}

/// `[in-context]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct InContext {
    /// Tokens of a condition in front of the question.
    pub tokens: u64,
}

impl Default for InContext {
    fn default() -> InContext {
        InContext { tokens: 512 }
    }
}

/// `[report]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Report {
    pub resamples: usize,
    pub seed: u64,
    /// Answers shown of each condition.
    pub examples: usize,
}

impl Default for Report {
    fn default() -> Report {
        Report { resamples: 2000, seed: 1, examples: 3 }
    }
}

/// A part of the work, for budgets and for the summary of where time went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Data,
    Alignment,
    Training,
    Generation,
    Verdicts,
    Losses,
}

impl Stage {
    /// As the file has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Data => "data",
            Stage::Alignment => "alignment",
            Stage::Training => "training",
            Stage::Generation => "generation",
            Stage::Verdicts => "verdicts",
            Stage::Losses => "losses",
        }
    }
}

/// `[budget]`: of the whole, and of stages.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Budget {
    #[serde(with = "humantime_option")]
    pub time: Option<Duration>,
    pub tokens: Option<u64>,
    pub money: Option<f64>,
    pub stage: BTreeMap<Stage, StageBudget>,
}

/// `[budget.stage.STAGE]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct StageBudget {
    #[serde(with = "humantime_option")]
    pub time: Option<Duration>,
    /// Tokens trained on, generated or read in all.
    pub tokens: Option<u64>,
    pub money: Option<f64>,
}

mod humantime_option {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::time::Duration;

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        let text = String::deserialize(deserializer)?;
        humantime::parse_duration(&text)
            .map(Some)
            .map_err(|e| D::Error::custom(format!("{text}: {e}, as in 90m or 2h")))
    }

    pub fn serialize<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.collect_str(&humantime::format_duration(*time)),
            None => serializer.serialize_none(),
        }
    }
}

/// Options of `afcheck align` that the study gives itself.
const OF_ALIGNMENT: &[&str] = &["source", "target", "format", "html", "svg", "matrix", "resamples", "data-field"];

impl Study {
    /// The sections that are options of other commands, by name.
    pub fn sections(&self) -> [(&'static str, &toml::Table); 4] {
        [
            ("finetune", &self.finetune),
            ("continued", &self.continued),
            ("generate", &self.generate),
            ("alignment", &self.alignment),
        ]
    }

    /// Tokens that a condition gives in a way, where the file says so.
    pub fn tokens(&self, way: Way) -> Option<u64> {
        let of = |table: &toml::Table| table.get("tokens").and_then(toml::Value::as_integer).map(|n| n as u64);
        match way {
            Way::Finetune => of(&self.finetune),
            Way::Continued => of(&self.continued),
            Way::InContext => Some(self.in_context.tokens),
        }
    }

    fn check(&self) -> Result<(), String> {
        let wrong = |text: &str| Err(text.to_owned());
        if self.model.is_empty() || self.condition.is_empty() || self.seeds.is_empty() || self.ways.is_empty() {
            return wrong(
                "at least one [[model]], one [[condition]], one seed and one way are needed; `afcheck study init` shows them",
            );
        }
        only_once("model", self.model.iter().map(|model| model.name.as_str()))?;
        only_once("condition", self.condition.iter().map(|condition| condition.name.as_str()))?;
        if let Some(seed) = first_twice(&self.seeds) {
            return Err(format!("seed {seed} is given twice: its cells would be counted twice"));
        }
        if let Some(way) = first_twice(&self.ways) {
            return Err(format!("way {way} is given twice"));
        }
        if let Some(model) = self.model.iter().find(|model| !self.ways.iter().any(|way| model.can(*way))) {
            return Err(format!(
                "model `{}` is behind a server, so it can be taught in-context only, which is no way of this study",
                model.name
            ));
        }
        for (section, table) in self.sections() {
            let own = match section {
                "generate" => OF_GENERATION,
                "alignment" => OF_ALIGNMENT,
                _ => OF_TRAINING,
            };
            if let Some(key) = not_its_own(table, &[OF_ALL, own], &["repair"]) {
                return Err(format!("[{section}] has `{key}`, which the study itself gives to `afcheck {section}`"));
            }
        }
        for way in [Way::Finetune, Way::Continued] {
            if self.ways.contains(&way) && self.tokens(way).is_none() {
                return Err(format!(
                    "[{way}] needs `tokens`, the budget that is the same for all conditions: without one they would differ in more than what they are"
                ));
            }
        }
        if self.target.count == Some(0) || self.target.dev_count == 0 || self.in_context.tokens < 2 {
            return wrong("count and dev-count of [target] are at least 1, tokens of [in-context] at least 2");
        }
        Ok(())
    }
}

fn first_twice<T: PartialEq + Copy>(items: &[T]) -> Option<T> {
    items.iter().enumerate().find(|(at, item)| items[..*at].contains(item)).map(|(_, item)| *item)
}

fn only_once<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for name in names {
        if name.trim().is_empty() {
            return Err(format!("a {what} has no name: reports know it by its name"));
        }
        if !seen.insert(name) {
            return Err(format!("two {what}s have the name `{name}`: reports could not tell them apart"));
        }
    }
    Ok(())
}

/// Reads the text of a file. The error names line and column, and lists the known keys for an unknown one.
pub fn parse(text: &str) -> Result<Study, String> {
    let study: Study = toml::from_str(text).map_err(|e| e.to_string())?;
    study.check().map(|()| study)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "[target]\nproblems = \"afcore:test\"\n[[model]]\nname = \"m\"\nmodel = \"gemma-3-270m\"\n\
        [[condition]]\nname = \"a\"\ndata = \"aligned:afcore:train\"\n[finetune]\ntokens = 1000\n";

    fn uncommented() -> String {
        let line = |line: &str| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") || rest.starts_with('[') => rest.to_owned() + "\n",
            _ => line.to_owned() + "\n",
        };
        EXAMPLE.lines().map(line).collect()
    }

    #[test]
    fn the_example_is_valid_with_and_without_its_comments() {
        let plain = parse(EXAMPLE).expect("the example");
        assert!(plain.condition.len() >= 6 && plain.report == Report::default());
        let full = parse(&uncommented()).expect("all settings of the example");
        assert_eq!(full.ways, [Way::Finetune, Way::InContext]);
        assert_eq!((full.report, full.in_context), (Report::default(), InContext::default()));
        assert_eq!(full.budget.stage[&Stage::Training].time, Some(Duration::from_secs(7200)));
        assert!(full.model.len() > plain.model.len());
    }

    #[test]
    fn mistakes_are_named_with_a_remedy() {
        assert_eq!(parse(LEAST).map(|study| study.seeds), Ok(vec![1, 2, 3]));
        let wrong = |text: &str, says: &[&str]| {
            let error = parse(text).expect_err(text);
            assert!(says.iter().all(|word| error.contains(word)), "{error}");
        };
        wrong(&format!("sedes = [1]\n{LEAST}"), &["line 1", "sedes", "`seeds`"]);
        wrong(&format!("seeds = [1, 2, 1]\n{LEAST}"), &["seed 1", "twice"]);
        wrong(&format!("ways = [\"tuning\"]\n{LEAST}"), &["tuning", "`in-context`"]);
        wrong(&format!("{LEAST}seed = 3\n"), &["[finetune]", "`seed`", "itself"]);
        wrong(&format!("{LEAST}[generate]\nbase_url = \"x\"\n"), &["[generate]", "`base-url`"]);
        wrong(&LEAST.replace("tokens = 1000\n", ""), &["[finetune]", "`tokens`", "the same"]);
        wrong(&format!("{LEAST}[budget]\ntime = \"soon\"\n"), &["soon", "90m"]);
        wrong(&format!("{LEAST}[budget.stage.cooking]\ntokens = 1\n"), &["cooking", "`training`"]);
        wrong(&format!("{LEAST}[[condition]]\nname = \"a\"\ndata = \"x\"\n"), &["two conditions", "`a`"]);
        let server = LEAST.replace("gemma-3-270m\"", "x\"\nbase-url = \"http://127.0.0.1:1/v1\"");
        wrong(&format!("ways = [\"finetune\"]\n{server}"), &["`m`", "in-context only"]);
        wrong(&format!("seeds = []\n{LEAST}"), &["one seed", "study init"]);
    }
}
