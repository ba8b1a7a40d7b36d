//! The words of the REPL's protocol. Owns which message a JSON object is (told by its fields, as the protocol has it) and the shape of
//! answers.

use crate::domain::{Message, Step};
use serde_json::{Map, Value, json};

/// Options of a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub all_tactics: bool,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Elaborate a text behind an environment.
    Command {
        text: String,
        environment: Option<usize>,
        options: Options,
    },
    /// The same of a file's text.
    File {
        path: String,
        environment: Option<usize>,
        options: Options,
    },
    Tactic {
        tactic: String,
        state: usize,
    },
    PickleEnvironment {
        environment: usize,
        to: String,
    },
    UnpickleEnvironment {
        from: String,
    },
    PickleState {
        state: usize,
        to: String,
    },
    UnpickleState {
        from: String,
    },
}

/// Reads a message.
pub fn asked(text: &str) -> Result<Asked, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("Could not parse JSON:\n{e}"))?;
    let Value::Object(object) = value else {
        return Err("Could not parse as a valid JSON command:\nan object is expected".into());
    };
    let wrong = |what: &str| format!("Could not parse as a valid JSON command:\n{what}");
    let text = |name: &str| match object.get(name) {
        Some(Value::String(text)) => Ok(Some(text.clone())),
        None | Some(Value::Null) => Ok(None),
        Some(_) => Err(wrong(&format!("`{name}` is a string"))),
    };
    let number = |name: &str| match object.get(name) {
        Some(Value::Number(number)) => match number.as_u64() {
            Some(number) => Ok(Some(number as usize)),
            None => Err(wrong(&format!("`{name}` is a natural number"))),
        },
        None | Some(Value::Null) => Ok(None),
        Some(_) => Err(wrong(&format!("`{name}` is a number"))),
    };
    let options = Options { all_tactics: object.get("allTactics") == Some(&Value::Bool(true)) };
    let (environment, state) = (number("env")?, number("proofState")?);
    if let (Some(tactic), Some(state)) = (text("tactic")?, state) {
        return Ok(Asked::Tactic { tactic, state });
    }
    if let Some(to) = text("pickleTo")? {
        return match (environment, state) {
            (Some(environment), _) => Ok(Asked::PickleEnvironment { environment, to }),
            (None, Some(state)) => Ok(Asked::PickleState { state, to }),
            (None, None) => Err(wrong("`pickleTo` goes with `env` or `proofState`")),
        };
    }
    if let Some(from) = text("unpickleEnvFrom")? {
        return Ok(Asked::UnpickleEnvironment { from });
    }
    if let Some(from) = text("unpickleProofStateFrom")? {
        return Ok(Asked::UnpickleState { from });
    }
    if let Some(text) = text("cmd")? {
        return Ok(Asked::Command { text, environment, options });
    }
    if let Some(path) = text("path")? {
        return Ok(Asked::File { path, environment, options });
    }
    Err(wrong(
        "there is none of `cmd`, `path`, `tactic` with `proofState`, `pickleTo`, `unpickleEnvFrom`, `unpickleProofStateFrom`",
    ))
}

/// An answer that says what is wrong.
pub fn error(message: impl Into<String>) -> Value {
    json!({"message": message.into()})
}

fn position((line, column): (u32, u32)) -> Value {
    json!({"line": line, "column": column})
}

/// A message of Lean's.
pub fn message(message: &Message) -> Value {
    let end = message.end.map_or(Value::Null, |(line, column, _)| position((line, column)));
    json!({
        "severity": message.severity.as_str(),
        "pos": position((message.line, message.column)),
        "endPos": end,
        "data": message.text,
    })
}

/// A `sorry` with the state in which it can be filled.
pub fn sorry(step: &Step, state: usize) -> Value {
    json!({
        "pos": position(step.range.0),
        "endPos": position(step.range.1),
        "goal": step.goals.join("\n\n"),
        "proofState": state,
    })
}

/// A tactic with the state in front of it.
pub fn tactic(step: &Step, written: &str, state: usize) -> Value {
    json!({
        "pos": position(step.range.0),
        "endPos": position(step.range.1),
        "goals": step.goals.join("\n\n"),
        "tactic": written,
        "proofState": state,
        "usedConstants": [],
    })
}

/// Fields of an answer; lists without items are left out, as the protocol has it.
pub fn answer(fields: Vec<(&str, Value)>) -> Value {
    let is_there = |value: &Value| !matches!(value, Value::Array(items) if items.is_empty());
    let fields = fields.into_iter().filter(|(_, value)| is_there(value));
    Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).collect::<Map<String, Value>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_by_their_fields() {
        let command = |text: &str, environment, all_tactics| {
            Ok(Asked::Command { text: text.into(), environment, options: Options { all_tactics } })
        };
        assert_eq!(asked(r#"{"cmd": "def f := 2"}"#), command("def f := 2", None, false));
        assert_eq!(asked(r#"{"cmd": "x", "env": 3, "allTactics": true}"#), command("x", Some(3), true));
        assert_eq!(
            asked(r#"{"tactic": "simp", "proofState": 0}"#),
            Ok(Asked::Tactic { tactic: "simp".into(), state: 0 })
        );
        assert_eq!(
            asked(r#"{"pickleTo": "a", "env": 7}"#),
            Ok(Asked::PickleEnvironment { environment: 7, to: "a".into() })
        );
        for wrong in
            ["", "[]", "{}", r#"{"cmd": 1}"#, r#"{"cmd": "x", "env": -1}"#, r#"{"pickleTo": "a"}"#, "{\"cmd\": \"a"]
        {
            assert!(asked(wrong).unwrap_err().starts_with("Could not parse"), "{wrong}");
        }
    }
}
