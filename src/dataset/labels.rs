//! Pairs of formal statements with people's judgement of them. Owns the recognised layouts: one pair per record, and GTED's
//! `human_evaluation.json` with its nested predictions; files and formats are `objects.rs`'s business.

use super::extract::{self, Object};
use super::objects::{Item, Objects};
use super::{Fault, InputError, RecordError};
use serde_json::Value;

/// Longest record, in bytes.
const MOST_BYTES: usize = 16 << 20;

/// A reference, a prediction, and whether people call them equivalent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    pub id: String,
    pub header: Option<String>,
    pub reference: String,
    pub prediction: String,
    pub label: bool,
    /// Whether the prediction elaborates, where the file says so.
    pub type_checks: Option<bool>,
}

const REFERENCE: [&str; 6] =
    ["reference", "a", "formal", "formal_statement", "reorganized_hover_formal_statement", "FL (Label)"];
const PREDICTION: [&str; 6] = [
    "prediction",
    "b",
    "generated_formal_statement",
    "candidate",
    "reorganized_hover_formal_statement",
    "FL (Prediction)",
];
const LABEL: [&str; 6] = ["label", "equivalent", "Human_Evaluation", "human_evaluation", "correct", "is_equivalent"];

/// Why labels cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("{0}")]
    Record(Box<RecordError>),
    #[error("{0} has no labelled pair")]
    Empty(String),
}

/// All labelled pairs of a file.
pub fn labels(file: &str) -> Result<Vec<Labelled>, LabelError> {
    let mut objects = Objects::open(file, MOST_BYTES)?;
    let mut all = Vec::new();
    while let Some(item) = objects.next() {
        let Item { index, place, object } = item?.map_err(LabelError::Record)?;
        let nested = object.get("sub_questions").and_then(Value::as_array);
        let read = match nested {
            Some(predictions) => {
                predictions.iter().map(|p| labelled(index, &object, p.as_object().unwrap_or(&object))).collect()
            }
            None => labelled(index, &object, &object).map(|pair| vec![pair]),
        };
        let read: Result<Vec<Labelled>, _> = read;
        all.extend(read.map_err(|(fault, hint)| LabelError::Record(objects.bad(index, place, None, fault, hint)))?);
    }
    if all.is_empty() { Err(LabelError::Empty(file.to_owned())) } else { Ok(all) }
}

fn labelled(index: u64, problem: &Object, pair: &Object) -> Result<Labelled, (Fault, Option<String>)> {
    let text = |object: &Object, names: &[&str]| {
        names.iter().find_map(|name| extract::lookup(object, name).and_then(|v| v.as_str().map(str::to_owned)))
    };
    let missing = |what: &str, names: &[&str], object: &Object| {
        let hint = format!("{what} is looked for in {}; {}", names.join(", "), extract::fields_of(object));
        (Fault::NoFormal, Some(hint))
    };
    let reference = text(problem, &REFERENCE).ok_or_else(|| missing("the reference", &REFERENCE, problem))?;
    let prediction = text(pair, &PREDICTION).ok_or_else(|| missing("the prediction", &PREDICTION, pair))?;
    let label = LABEL.iter().find_map(|name| truth(extract::lookup(pair, name)?));
    let label = label.ok_or_else(|| missing("a label (yes or no)", &LABEL, pair))?;
    let header = text(problem, &["header"]);
    let id = text(problem, &["id", "name"]).unwrap_or_else(|| index.to_string());
    let type_checks = extract::lookup(pair, "compiler_check").and_then(truth);
    Ok(Labelled { id, header, reference, prediction, label, type_checks })
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => number.as_f64().filter(|n| *n == 0.0 || *n == 1.0).map(|n| n == 1.0),
        Value::String(word) => match word.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "equivalent" | "correct" | "success" => Some(true),
            "false" | "no" | "0" | "inequivalent" | "incorrect" | "failure" | "fail" | "error" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_layouts_are_read() {
        let object = |value: Value| value.as_object().expect("an object").clone();
        let flat = object(json!({"id": "x", "a": "theorem a : True", "b": "theorem b : True", "equivalent": true}));
        let pair = labelled(0, &flat, &flat).expect("a pair");
        assert_eq!((pair.id.as_str(), pair.label, pair.type_checks), ("x", true, None));
        let problem = object(json!({"name": "p", "FL (Label)": "theorem p : 1 = 1"}));
        let nested = object(
            json!({"FL (Prediction)": "theorem q : 1 = 1", "Human_Evaluation": false, "compiler_check": "success"}),
        );
        let pair = labelled(3, &problem, &nested).expect("a pair");
        assert_eq!((pair.id.as_str(), pair.label, pair.type_checks), ("p", false, Some(true)));
        let (_, hint) = labelled(0, &problem, &problem).expect_err("no prediction");
        assert!(hint.expect("a hint").contains("it has `name`"));
    }
}
