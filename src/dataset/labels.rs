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

/// How much people would correct, from 0 (nothing) to 4 (all of it, anew), as in the evaluation of 101 pairs by Gulati et al. 2024.
const EFFORT: [&str; 5] = ["correction_effort", "effort", "Correction effort", "correction effort", "human_effort"];

/// The most there is.
const MOST_EFFORT: f64 = 4.0;

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

/// All labelled pairs of a file. Where people noted how much they would correct, what takes up to `accepted` effort counts as
/// equivalent.
pub fn labels(file: &str, accepted: u8) -> Result<Vec<Labelled>, LabelError> {
    let mut objects = Objects::open(file, MOST_BYTES)?;
    let mut all = Vec::new();
    while let Some(item) = objects.next() {
        let Item { index, place, object } = item?.map_err(LabelError::Record)?;
        let nested = object.get("sub_questions").and_then(Value::as_array);
        let read = match nested {
            Some(predictions) => predictions
                .iter()
                .map(|p| labelled(index, &object, p.as_object().unwrap_or(&object), accepted))
                .collect(),
            None => labelled(index, &object, &object, accepted).map(|pair| vec![pair]),
        };
        let read: Result<Vec<Labelled>, _> = read;
        all.extend(read.map_err(|(fault, hint)| LabelError::Record(objects.bad(index, place, None, fault, hint)))?);
    }
    if all.is_empty() { Err(LabelError::Empty(file.to_owned())) } else { Ok(all) }
}

fn labelled(index: u64, problem: &Object, pair: &Object, accepted: u8) -> Result<Labelled, (Fault, Option<String>)> {
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
    let effort = EFFORT.iter().find_map(|name| effort(extract::lookup(pair, name)?));
    let label = label.or(effort.map(|effort| effort <= f64::from(accepted)));
    let names = [&LABEL[..], &EFFORT[..2]].concat();
    let label = label.ok_or_else(|| missing("a label (yes or no, or an effort from 0 to 4)", &names, pair))?;
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

/// A number from 0 to 4, also as text.
fn effort(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (0.0..=MOST_EFFORT).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_effort_is_a_label_by_how_much_of_it_is_accepted() {
        let label = |effort: Value, accepted: u8| {
            let pair = json!({"a": "theorem a : True", "b": "theorem b : True", "correction_effort": effort});
            let pair = pair.as_object().expect("an object").clone();
            labelled(0, &pair, &pair, accepted).map(|pair| pair.label).ok()
        };
        assert_eq!(
            (label(json!(0), 0), label(json!(1), 0), label(json!("1"), 1)),
            (Some(true), Some(false), Some(true))
        );
        assert_eq!((label(json!(4), 3), label(json!(5), 4), label(json!("much"), 4)), (Some(false), None, None));
        let both = json!({"a": "x", "b": "y", "label": false, "effort": 0}).as_object().expect("an object").clone();
        assert_eq!(labelled(0, &both, &both, 4).map(|pair| pair.label).ok(), Some(false), "a plain label wins");
    }

    #[test]
    fn both_layouts_are_read() {
        let object = |value: Value| value.as_object().expect("an object").clone();
        let flat = object(json!({"id": "x", "a": "theorem a : True", "b": "theorem b : True", "equivalent": true}));
        let pair = labelled(0, &flat, &flat, 0).expect("a pair");
        assert_eq!((pair.id.as_str(), pair.label, pair.type_checks), ("x", true, None));
        let problem = object(json!({"name": "p", "FL (Label)": "theorem p : 1 = 1"}));
        let nested = object(
            json!({"FL (Prediction)": "theorem q : 1 = 1", "Human_Evaluation": false, "compiler_check": "success"}),
        );
        let pair = labelled(3, &problem, &nested, 0).expect("a pair");
        assert_eq!((pair.id.as_str(), pair.label, pair.type_checks), ("p", false, Some(true)));
        let (_, hint) = labelled(0, &problem, &problem, 0).expect_err("no prediction");
        assert!(hint.expect("a hint").contains("it has `name`"));
    }
}
