//! Pairs of answers to one prompt, a better and a worse one: JSON lines or a JSON array with `prompt`, `chosen` and `rejected`, as
//! the library TRL reads them too. Owns these names; one that cannot be read is an error, for training on the rest would not be
//! what was asked.

use super::extract::Object;
use super::objects::{Item, Objects};
use super::{InputError, Place};
use serde_json::Value;

/// The longest line, in bytes.
const LONGEST: usize = 16 << 20;

/// Two answers to one prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    /// The data set's name for it; its number where it has none.
    pub id: String,
    pub prompt: String,
    pub chosen: String,
    pub rejected: String,
}

/// Why pairs of answers cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PreferenceError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("{input}, {place}: {why}")]
    Line { input: String, place: String, why: String },
    #[error("{0} has no pairs of answers")]
    Empty(String),
}

/// All pairs of answers of a file, or of standard input for `-`.
pub fn preferences(input: &str) -> Result<Vec<Preference>, PreferenceError> {
    let mut read = Vec::new();
    for item in Objects::open(input, LONGEST)? {
        let told = |place: &Place, why: String| {
            let place = match place {
                Place::Text { line, .. } => format!("line {line}"),
                _ => format!("record {}", read.len() + 1),
            };
            PreferenceError::Line { input: input.to_owned(), place, why }
        };
        let Item { place, object, .. } = item?.map_err(|error| told(&error.place, error.fault.to_string()))?;
        let preference = preference(read.len(), &object).map_err(|why| told(&place, why))?;
        read.push(preference);
    }
    if read.is_empty() { Err(PreferenceError::Empty(input.to_owned())) } else { Ok(read) }
}

fn preference(number: usize, object: &Object) -> Result<Preference, String> {
    let text = |name: &str| match object.get(name) {
        Some(Value::String(text)) if name == "prompt" || !text.trim().is_empty() => Ok(text.clone()),
        Some(Value::String(_)) => Err(format!("`{name}` is empty")),
        Some(Value::Array(_)) => Err(format!("`{name}` is a conversation; texts are needed")),
        Some(_) => Err(format!("`{name}` should be a string")),
        None => {
            let names: Vec<&str> = object.keys().map(String::as_str).collect();
            Err(format!("no field `{name}`: there are `prompt`, `chosen` and `rejected` (it has {})", names.join(", ")))
        }
    };
    let id = match object.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => number.to_string(),
    };
    let (prompt, chosen, rejected) = (text("prompt")?, text("chosen")?, text("rejected")?);
    if chosen == rejected {
        return Err("`chosen` and `rejected` are the same".to_owned());
    }
    Ok(Preference { id, prompt, chosen, rejected })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(text: &str) -> Result<Vec<Preference>, String> {
        let mut file = tempfile::NamedTempFile::with_suffix(".jsonl").unwrap();
        file.write_all(text.as_bytes()).unwrap();
        preferences(file.path().to_str().unwrap()).map_err(|e| e.to_string())
    }

    #[test]
    fn pairs_are_read_in_order() {
        let found = read(
            "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}\n{\"id\":\"x\",\"prompt\":\"\",\"chosen\":\"c\",\"rejected\":\"d\"}\n",
        );
        let of = |id: &str, prompt: &str, chosen: &str, rejected: &str| Preference {
            id: id.into(),
            prompt: prompt.into(),
            chosen: chosen.into(),
            rejected: rejected.into(),
        };
        assert_eq!(found, Ok(vec![of("0", "p", "a", "b"), of("x", "", "c", "d")]));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let one = "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}\n";
        for (line, what) in [
            ("{\"prompt\":\"p\",\"chosen\":\"a\"}", "no field `rejected`"),
            ("{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"a\"}", "the same"),
            ("{\"prompt\":\"p\",\"chosen\":[{}],\"rejected\":\"a\"}", "conversation"),
            ("{\"prompt\":\"p\",\"chosen\":\" \",\"rejected\":\"a\"}", "empty"),
            ("{\"prompt\":", "line 2"),
        ] {
            let error = read(&format!("{one}{line}\n")).expect_err(line);
            assert!(error.contains(what) && error.contains("line 2"), "{error}");
        }
        assert!(read("").expect_err("nothing").contains("no pairs"));
    }
}
