//! The texts of a condition. Owns how problems and files become documents; which of them are drawn is `draw.rs`'s
//! business.

use super::spec::{Condition, Part, View};
use crate::dataset::{ProblemError, ProblemFields, SourceError, problems, texts};
use crate::domain::Problem;
use crate::prompts::{Template, TemplateError};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// How problems are read and asked.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub fields: ProblemFields,
    /// Only the problems of this split.
    pub split: Option<String>,
    pub template: Template,
}

/// A text that becomes an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The problem's id, or `path:line`.
    pub id: String,
    /// The same for all texts of one statement, informal and formal.
    pub statement: String,
    /// What stands in front and is not learnt; `None` for texts of their own.
    pub prompt: Option<String>,
    /// Not blank.
    pub text: String,
}

/// Documents that are drawn from one deck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The view, and of an unpaired one its side.
    pub name: String,
    pub documents: Vec<Document>,
    /// What was left out in reading, for people.
    pub notes: Vec<String>,
}

/// The pools of a part, which have equal shares of its tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Pools {
    pub weight: f64,
    /// Examples that must lie between two of one statement from different pools.
    pub window: Option<usize>,
    pub pools: Vec<Pool>,
}

/// Everything a condition draws from.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    /// The condition, as it is written.
    pub condition: String,
    /// In the order of the condition's parts.
    pub parts: Vec<Pools>,
}

/// Why a condition has no data.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error(transparent)]
    Problems(#[from] ProblemError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error("{view} has no text: none of the {problems} problems has an informal statement")]
    NoInformal { view: String, problems: usize },
}

impl Data {
    /// Reads all that a condition names.
    pub fn read(condition: &Condition, reading: &Reading) -> Result<Data, DataError> {
        let parts = condition.parts.iter().map(|part| read(part, reading)).collect::<Result<_, _>>()?;
        Ok(Data { condition: condition.to_string(), parts })
    }
}

impl Pool {
    /// SHA-256 of all documents, prompts and texts, in their order: what they are called and where they lie is no part of it.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for Document { prompt, text, .. } in &self.documents {
            for part in [prompt.as_deref().unwrap_or_default(), text] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        hex(&hash.finalize())
    }
}

/// Bytes as lower-case digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn read(part: &Part, reading: &Reading) -> Result<Pools, DataError> {
    let view = &part.view;
    let (window, pools) = match view {
        View::Aligned(set) => (None, vec![of_problems(set, view, None, reading, aligned)?]),
        View::Formal(set) => (None, vec![of_problems(set, view, None, reading, formal)?]),
        View::Informal(set) => (None, vec![of_problems(set, view, None, reading, informal)?]),
        View::Unpaired { set, window } => {
            let side = |name, text| of_problems(set, view, Some(name), reading, text);
            (Some(*window), vec![side("informal", informal)?, side("formal", formal)?])
        }
        View::Texts { kind, path } => {
            let read = texts(*kind, path)?;
            let document = |text: crate::dataset::Text| Document {
                statement: text.id.clone(),
                id: text.id,
                prompt: None,
                text: text.text,
            };
            let documents = read.texts.into_iter().map(document).collect();
            let notes = read.left_out.into_iter().map(|why| format!("left out {why}")).collect();
            (None, vec![Pool { name: view.to_string(), documents, notes }])
        }
    };
    Ok(Pools { weight: part.weight, window, pools })
}

/// Prompt and text of a problem; `None` if it has none for the view.
type Texts = Result<Option<(Option<String>, String)>, TemplateError>;

/// The same prompt and answer as in generation without examples.
fn aligned(template: &Template, problem: &Problem) -> Texts {
    if problem.informal.is_none() {
        return Ok(None);
    }
    Ok(Some((Some(template.prompt(&[], problem)?), template.answer(problem)?)))
}

fn formal(_: &Template, problem: &Problem) -> Texts {
    Ok(Some((None, problem.formal.trim().to_owned())))
}

fn informal(_: &Template, problem: &Problem) -> Texts {
    Ok(problem.informal.as_deref().map(|text| (None, text.trim().to_owned())))
}

fn of_problems(
    set: &str,
    view: &View,
    side: Option<&str>,
    reading: &Reading,
    texts: fn(&Template, &Problem) -> Texts,
) -> Result<Pool, DataError> {
    let problems = problems(set, &reading.fields, reading.split.as_deref())?;
    let name = view.to_string() + &side.map_or(String::new(), |side| format!(" ({side})"));
    let mut documents = Vec::with_capacity(problems.len());
    for problem in &problems {
        if let Some((prompt, text)) = texts(&reading.template, problem)? {
            let statement = problem.statement.as_ref().unwrap_or(&problem.id).clone();
            documents.push(Document { id: problem.id.clone(), statement, prompt, text });
        }
    }
    let without = problems.len() - documents.len();
    if documents.is_empty() {
        return Err(DataError::NoInformal { view: name, problems: problems.len() });
    }
    let note = || format!("left out {without} problems of {set} without an informal statement");
    let notes = (without > 0).then(note).into_iter().collect();
    Ok(Pool { name, documents, notes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(condition: &str) -> Data {
        Data::read(&condition.parse().expect(condition), &Reading::default()).expect(condition)
    }

    #[test]
    fn views_of_problems_are_what_their_names_say() {
        let template = Template::default();
        let problems = problems("afcore:dev", &ProblemFields::default(), None).expect("problems");
        let first = &problems[0];
        let document = |view: &str| data(&format!("{view}:afcore:dev")).parts[0].pools[0].documents[0].clone();
        let aligned = document("aligned");
        assert_eq!(aligned.prompt, template.prompt(&[], first).ok());
        assert_eq!(Ok(aligned.text), template.answer(first));
        assert_eq!((document("formal").prompt, document("formal").text), (None, first.formal.trim().to_owned()));
        assert_eq!(Some(document("informal").text), first.informal);
        let unpaired = data("unpaired:afcore:dev");
        let names: Vec<&str> = unpaired.parts[0].pools.iter().map(|pool| pool.name.as_str()).collect();
        assert_eq!(names, ["unpaired:afcore:dev (informal)", "unpaired:afcore:dev (formal)"]);
    }

    #[test]
    fn texts_of_one_statement_share_its_key() {
        let pool = &data("formal:afcore:train").parts[0].pools[0];
        assert_eq!(pool.documents[0].statement, pool.documents[1].statement);
        assert_ne!(pool.documents[0].id, pool.documents[1].id);
        let other = &data("formal:afcore:dev").parts[0].pools[0];
        assert_eq!(other.documents[0].statement, other.documents[0].id);
        assert!(pool.sha256() != other.sha256() && pool.sha256().len() == 64);
    }

    #[test]
    fn problems_without_informal_statement_are_left_out_or_refused() {
        let file = tempfile::Builder::new().suffix(".jsonl").tempfile().expect("a file");
        let path = file.path().to_str().expect("UTF-8");
        let read =
            |view: &str| Data::read(&format!("{view}:{path}").parse().expect("a condition"), &Reading::default());
        std::fs::write(path, "{\"formal\": \"theorem a : True\"}\n").expect("written");
        let error = read("aligned").expect_err("no informal statement").to_string();
        assert!(error.ends_with("has no text: none of the 1 problems has an informal statement"), "{error}");
        assert!(read("formal").is_ok());
        let both = "{\"formal\": \"theorem a : True\"}\n{\"formal\": \"theorem b : True\", \"informal\": \"b\"}\n";
        std::fs::write(path, both).expect("written");
        let pool = &read("aligned").expect("data").parts[0].pools[0];
        assert_eq!((pool.documents.len(), pool.notes.len()), (1, 1));
    }
}
