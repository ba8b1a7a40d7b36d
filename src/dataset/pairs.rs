//! Pairs of statements, with or without a label: JSON lines or a JSON array, plain or compressed. Owns the field names of
//! pairs; a pair that cannot be read is an error of its own and keeps its place.

use super::InputError;
use super::open::{self, Source};
use serde_json::{Map, Value};
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
    let (name, mut source, _) = open::open(input, LONGEST)?;
    let (mut pairs, mut buffer) = (Vec::new(), Vec::new());
    loop {
        let number = pairs.len();
        let bad = |line, why: String| Err(BadPair { id: number.to_string(), line, why });
        let frame = match &mut source {
            Source::Lines(lines) => lines.next(&mut buffer),
            Source::Values(values) => values.next(&mut buffer),
            #[cfg(feature = "parquet")]
            Source::Rows(rows) => {
                let Some(value) = rows.next()? else { return Ok(pairs) };
                pairs.push(pair(number, value).or_else(|why| bad(0, why)));
                continue;
            }
        };
        let frame = frame.map_err(|error| match error {
            super::framing::FrameError::Io(source) => {
                InputError::Stream { input: name.clone(), records: number as u64, source }
            }
            super::framing::FrameError::Syntax { line, column, reason } => {
                InputError::Syntax { input: name.clone(), line, column, reason }
            }
        })?;
        let Some(frame) = frame else { return Ok(pairs) };
        let value = match frame.too_long {
            Some(length) => Err(format!("the pair has {length} bytes, more than the limit of {LONGEST}")),
            None => serde_json::from_slice(&buffer).map_err(|e| format!("malformed JSON: {e}")),
        };
        pairs.push(value.and_then(|value| pair(number, value)).or_else(|why| bad(frame.line, why)));
    }
}

fn pair(number: usize, value: Value) -> Result<Pair, String> {
    let Value::Object(object) = value else { return Err("each pair is one JSON object".into()) };
    let required = |name: &str| {
        text(&object, name)?.ok_or_else(|| {
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
        header: text(&object, "header")?,
        a: required("a")?,
        b: required("b")?,
        equivalent,
        kind: text(&object, "kind")?,
    })
}

fn text(object: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
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
        let read = |value| pair(7, value);
        let plain = Pair { id: "7".into(), a: "x".into(), b: "y".into(), ..Pair::default() };
        assert_eq!(read(json!({"a": "x", "b": "y"})), Ok(plain.clone()));
        let whole = Pair { id: "p".into(), header: Some("open Nat".into()), equivalent: Some(false), ..plain };
        let fields = json!({"id": "p", "header": "open Nat", "a": "x", "b": "y", "equivalent": false, "note": 1});
        assert_eq!(read(fields), Ok(whole));
    }

    #[test]
    fn what_is_missing_is_named() {
        let why = |value| pair(0, value).expect_err("refused");
        assert!(why(json!({"a": "x", "formal": "y"})).contains("no field `b`"));
        assert!(why(json!({"a": "x", "formal": "y"})).contains("formal"));
        assert!(why(json!({"a": "x", "b": "y", "equivalent": "yes"})).contains("true or false"));
        assert!(why(json!(["x", "y"])).contains("object"));
    }
}
