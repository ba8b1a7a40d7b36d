//! Files of artifacts that `study` and `distill` both have. Owns their names and their forms, which are the same whenever and however
//! often interrupted they were made.

use super::{Making, Wrong};
use crate::cli::commands::data_show::{line, sample};
use crate::cli::commands::judged::Lean;
use crate::cli::commands::models::usage;
use crate::cli::exit::Failure;
use crate::dataset::{ProblemFields, problems};
use crate::domain::{Problem, Record};
use crate::pipeline::course::Made;
use crate::pipeline::eval::{Scored, Signal, join, score_text};
use crate::pipeline::study::Sample;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

pub const PROBLEMS: &str = "problems.jsonl";
pub const ANSWERS: &str = "answers.jsonl";
pub const VERDICTS: &str = "verdicts.jsonl";
pub const LOSSES: &str = "losses.jsonl";
pub const ADAPTER: &str = "adapter";
pub const MODEL: &str = "model";

/// What answers are scored by.
pub const SIGNALS: [Signal; 5] =
    [Signal::Bleu, Signal::EditSimilarity, Signal::TypeCheck, Signal::Equivalence, Signal::Proof];

/// Which problems of a set.
pub struct Wanted<'a> {
    /// Its name, or its path.
    pub set: String,
    pub split: Option<&'a str>,
    pub fields: &'a [String],
    /// So many at random of a seed; all without it.
    pub count: Option<usize>,
    pub seed: u64,
}

impl Wanted<'_> {
    /// All problems of the set that have an informal statement.
    pub fn all(&self) -> Result<Vec<Problem>, Failure> {
        let fields = ProblemFields::with_overrides(self.fields.iter().map(String::as_str)).map_err(usage)?;
        let mut all = problems(&self.set, &fields, self.split).map_err(usage)?;
        all.retain(|problem| problem.informal.is_some());
        match all.is_empty() {
            true => Err(usage(format!("{} has no problem with an informal statement", self.set))),
            false => Ok(all),
        }
    }

    /// What decides which problems these are.
    pub fn fact(&self) -> Result<Value, Failure> {
        Ok(json!([hash_of(&self.all()?), self.count, self.seed]))
    }

    /// Writes them.
    pub fn write(&self, directory: &Path) -> Making {
        let all = self.all()?;
        let chosen = sample(&all, self.count.unwrap_or(usize::MAX), self.seed);
        write_lines(&directory.join(PROBLEMS), chosen.into_iter().map(|problem| json!(line(problem))))?;
        super::made(&[PROBLEMS], 0)
    }
}

/// A hash of all that problems say.
pub fn hash_of(problems: &[Problem]) -> String {
    use sha2::{Digest, Sha256};
    let text: String = problems.iter().map(|problem| json!(line(problem)).to_string()).collect();
    format!("{:x}", Sha256::digest(text))
}

/// Problems that an artifact has.
pub fn problems_of(path: &Path) -> Result<Vec<Problem>, Failure> {
    problems(&path.display().to_string(), &ProblemFields::default(), None).map_err(usage)
}

/// Writes lines of JSON.
pub fn write_lines(path: &Path, all: impl Iterator<Item = Value>) -> std::io::Result<()> {
    fs::write(path, all.map(|line| line.to_string() + "\n").collect::<String>())
}

/// A file of text.
pub fn text_of(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|e| usage(format!("{}: {e}", path.display())))
}

/// A file of JSON.
pub fn json_of<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    serde_json::from_str(&text_of(path)?).map_err(|e| usage(format!("{}: {e}", path.display())))
}

/// A file of lines of JSON.
pub fn lines_of<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Failure> {
    let text = text_of(path)?;
    let line = |line| serde_json::from_str(line).map_err(|e| usage(format!("{}: {e}", path.display())));
    text.lines().map(line).collect()
}

/// Losses of problems, by id.
pub fn losses_of(path: &Path) -> Result<Vec<(String, f64)>, Failure> {
    #[derive(serde::Deserialize)]
    struct Line {
        id: String,
        loss: f64,
    }
    let lines: Vec<Line> = lines_of(path)?;
    Ok(lines.into_iter().map(|line| (line.id, line.loss)).collect())
}

/// Writes what `afcheck generate` left in `out` in the order of the problems, whatever the order in which it came; prices are of a
/// million tokens.
pub fn write_answers(problems: &Path, out: &Path, directory: &Path, (price_in, price_out): (f64, f64)) -> Making {
    let order: HashMap<String, usize> = problems_of(problems)?.into_iter().map(|p| p.id).zip(0..).collect();
    let mut all: Vec<(usize, u64, Value)> = Vec::new();
    let (mut tokens, mut prompts) = (0, 0);
    for line in lines_of::<Value>(out)? {
        tokens += line["tokens"].as_u64().unwrap_or(0);
        prompts += line["prompt_tokens"].as_u64().unwrap_or(0);
        let Some(place) = line["id"].as_str().and_then(|id| order.get(id)) else { continue };
        let kept = ["id", "sample", "code", "header", "seed", "prompt_sha256", "shots", "tokens", "finish_reason"];
        let own: BTreeMap<&str, &Value> = kept.into_iter().filter_map(|key| Some((key, line.get(key)?))).collect();
        all.push((*place, line["sample"].as_u64().unwrap_or(0), json!(own)));
    }
    all.sort_by_key(|(place, sample, _)| (*place, *sample));
    write_lines(&directory.join(ANSWERS), all.into_iter().map(|(_, _, line)| line))?;
    let money = (prompts as f64 * price_in + tokens as f64 * price_out) / 1e6;
    Ok(Made { files: vec![ANSWERS.into()], tokens, money })
}

/// The answers of a file, empty ones too.
pub fn answers_of(path: &Path) -> Result<Vec<Record>, Failure> {
    #[derive(serde::Deserialize)]
    struct Line {
        id: String,
        code: String,
    }
    let lines: Vec<Line> = lines_of(path)?;
    let record =
        |(index, Line { id, code }): (usize, Line)| Record { index: index as u64, id, code, ..Record::default() };
    Ok(lines.into_iter().enumerate().map(record).collect())
}

/// Answers, in their order, with what text metrics and, where there is one, Lean say of them.
pub fn scored(problems: &[Problem], answers: Vec<Record>, lean: Option<&Lean<'_>>) -> Result<Vec<Scored>, Wrong> {
    let (mut scored, _) = join(problems, answers);
    score_text(problems, &mut scored, &SIGNALS);
    if let Some(lean) = lean {
        lean.check(problems, &mut scored, &SIGNALS)?;
        if lean.was_interrupted() {
            return Err(Wrong::Stopped);
        }
    }
    Ok(scored)
}

/// Writes the verdicts on answers.
pub fn write_verdicts(problems: &[Problem], scored: &[Scored], directory: &Path) -> Making {
    let all = scored.iter().map(|scored| {
        json!(Sample {
            id: problems[scored.problem].id.clone(),
            sample: scored.sample,
            code: scored.prediction.code.clone(),
            bleu: scored.score(Signal::Bleu),
            type_check: scored.score(Signal::TypeCheck),
            equivalence: scored.score(Signal::Equivalence),
            proof: scored.score(Signal::Proof),
            reason: scored.reason.clone(),
            copy: false,
        })
    });
    write_lines(&directory.join(VERDICTS), all)?;
    super::made(&[VERDICTS], 0)
}

/// The files of a trained model that count, with `first`: those of numbers. What names the place of the model it was made from does
/// not change them.
pub fn trained(directory: &Path, first: &str) -> std::io::Result<Vec<String>> {
    // They were for a run that is interrupted; this one is over.
    let _ = fs::remove_dir_all(directory.join("checkpoints"));
    let mut names = vec![first.to_owned()];
    let kept = if directory.join(ADAPTER).is_dir() { ADAPTER } else { MODEL };
    for entry in fs::read_dir(directory.join(kept))? {
        let name = entry?.file_name();
        if name.to_str().is_some_and(|name| name.ends_with(".safetensors") || name == "tokenizer.json") {
            names.push(format!("{kept}/{}", name.to_string_lossy()));
        }
    }
    names.sort_unstable();
    Ok(names)
}
