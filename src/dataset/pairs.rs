//! Pairs of statements, with or without a label: JSON lines or a JSON array, plain or compressed. Owns the field names of
//! pairs; a pair that cannot be read is an error of its own and keeps its place.

use super::extract::Object;
use super::objects::{Item, Objects};
use super::{Fault, InputError, Place};
use serde_json::Value;
use std::fmt;

/// The longest pair, in bytes.
const LONGEST: usize = 16 << 20;

/// Two statements to be compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// The data set's name for it; its number where it has none.
    pub id: String,
    pub header: Option<String>,
    pub a: String,
    pub b: String,
    /// Whether people say they are equivalent.
    pub equivalent: Option<bool>,
    /// What kind of pair it is, for the table.
    pub kind: Option<String>,
}

/// A pair that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPair {
    pub id: String,
    /// 1-based line; 0 if the format has none.
    pub line: u64,
    pub why: String,
}

impl fmt::Display for BadPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

/// All pairs of a file, or of standard input for `-`.
pub fn read_pairs(input: &str) -> Result<Vec<Result<Pair, BadPair>>, InputError> {
    let mut pairs = Vec::new();
    for item in Objects::open(input, LONGEST)? {
        let number = pairs.len();
        pairs.push(match item? {
            Ok(Item { place, object, .. }) => {
                let line = if let Place::Text { line, .. } = place { line } else { 0 };
                pair(number, &object).map_err(|why| BadPair { id: number.to_string(), line, why })
            }
            Err(error) => {
                let line = if let Place::Text { line, .. } = error.place { line } else { 0 };
                let why = match error.fault {
                    Fault::NotAnObject(_) => "each pair is one JSON object".to_owned(),
                    fault => fault.to_string(),
                };
                Err(BadPair { id: number.to_string(), line, why })
            }
        });
    }
    Ok(pairs)
}

fn pair(number: usize, object: &Object) -> Result<Pair, String> {
    let required = |name: &str| {
        text(object, name)?.ok_or_else(|| {
            let names: Vec<&str> = object.keys().map(String::as_str).collect();
            format!("no field `{name}`: a pair has `a` and `b`, each with a Lean theorem (it has {})", names.join(", "))
        })
    };
    let id = match object.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => number.to_string(),
    };
    let equivalent = match object.get("equivalent") {
        None | Some(Value::Null) => None,
        Some(Value::Bool(label)) => Some(*label),
        Some(other) => return Err(format!("`equivalent` should be true or false, found {other}")),
    };
    Ok(Pair {
        id,
        header: text(object, "header")?,
        a: required("a")?,
        b: required("b")?,
        equivalent,
        kind: text(object, "kind")?,
    })
}

fn text(object: &Object, name: &str) -> Result<Option<String>, String> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{name}` should be a string")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Pair, pair};
    use serde_json::json;

    #[test]
    fn a_pair_has_two_texts_and_perhaps_more() {
        let read = |value: serde_json::Value| pair(7, value.as_object().expect("an object"));
        let plain = Pair { id: "7".into(), a: "x".into(), b: "y".into(), ..Pair::default() };
        assert_eq!(read(json!({"a": "x", "b": "y"})), Ok(plain.clone()));
        let whole = Pair { id: "p".into(), header: Some("open Nat".into()), equivalent: Some(false), ..plain };
        let fields = json!({"id": "p", "header": "open Nat", "a": "x", "b": "y", "equivalent": false, "note": 1});
        assert_eq!(read(fields), Ok(whole));
    }

    #[test]
    fn what_is_missing_is_named() {
        let why = |value: serde_json::Value| pair(0, value.as_object().expect("an object")).expect_err("refused");
        assert!(why(json!({"a": "x", "formal": "y"})).contains("no field `b`"));
        assert!(why(json!({"a": "x", "formal": "y"})).contains("formal"));
        assert!(why(json!({"a": "x", "b": "y", "equivalent": "yes"})).contains("true or false"));
    }
}
