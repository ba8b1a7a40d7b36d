//! Makes a record of a JSON object. Owns the choice of the code among the fields a record has; names and order of
//! the fields are `fields.rs`'s, text is never looked into beyond what `join.rs` offers.

use super::fields::{CODE_FIELDS, CodeField, FieldMap, HELPER_FIELD, Role, STATEMENT_FIELDS};
use super::{Fault, join};
use crate::domain::{Record, Target};
use serde_json::{Map, Value};

pub(super) type Object = Map<String, Value>;

/// A record and where its parts came from.
pub(super) struct Extracted {
    pub record: Record,
    pub mapping: Mapping,
}

/// The fields one record was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// `None`: the record's index serves as its id.
    pub id: Option<String>,
    pub code: String,
    /// The field of the statement that the code continues.
    pub statement: Option<String>,
    pub header: Option<String>,
    pub informal: Option<String>,
    pub target: Option<String>,
    /// A reference proof field passed over because it holds no proof (see [`Notes`](super::Notes)).
    pub placeholder: Option<String>,
}

/// A record that cannot be made, with its id if that was readable.
pub(super) struct Refusal {
    pub id: Option<String>,
    pub fault: Fault,
    pub hint: Option<String>,
}

/// Makes the record with this index.
pub(super) fn extract(fields: &FieldMap, index: u64, object: &Object) -> Result<Extracted, Refusal> {
    let mut mapping = Mapping::default();
    let id = pick(fields, Role::Id, object).and_then(|(name, value)| {
        mapping.id = Some(name.to_string());
        scalar_text(value)
    });
    let refuse = |(fault, hint)| Refusal { id: id.clone(), fault, hint };
    let (code, is_proof) = code(fields, object, &mut mapping).map_err(refuse)?;
    let mut header = None;
    if let Some((name, value)) = pick(fields, Role::Header, object) {
        header = header_text(name, value).map_err(refuse)?;
        mapping.header = header.is_some().then(|| name.to_string());
    }
    // A whole answer may repeat the data set's helper definitions; a statement needs them.
    let own_statement = is_proof == Some(false) || mapping.statement.is_some();
    if let Some(helper) = object.get(HELPER_FIELD).and_then(Value::as_str)
        && fields.code.is_none()
        && own_statement
        && !helper.trim().is_empty()
    {
        header = Some(header.map_or(helper.to_string(), |h| format!("{}\n\n{helper}\n", h.trim_end())));
    }
    let informal = pick(fields, Role::Informal, object).and_then(|(name, value)| {
        mapping.informal = Some(name.to_string());
        value.as_str().map(str::to_string)
    });
    let target = target(fields, object, &mut mapping).map_err(refuse)?;
    let engine = pick(fields, Role::Engine, object).and_then(|(_, value)| value.as_str().map(str::to_string));
    let id = id.unwrap_or_else(|| index.to_string());
    Ok(Extracted { record: Record { index, id, code, header, target, informal, is_proof, engine }, mapping })
}

/// The statement the code is to prove. An empty one counts as none.
fn target(fields: &FieldMap, object: &Object, mapping: &mut Mapping) -> Result<Option<Target>, Trouble> {
    let Some((from, value)) = pick(fields, Role::Target, object) else { return Ok(None) };
    let Some(text) = value.as_str() else {
        let hint = "a target is a string of Lean text; name another field with --field target=NAME".to_string();
        return Err((Fault::WrongType { field: from.to_string(), found: kind(value) }, Some(hint)));
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    mapping.target = Some(from.to_string());
    // An empty header is one: the target then stands for itself.
    let header = match pick(fields, Role::TargetHeader, object) {
        Some((name, value)) => Some(header_text(name, value)?.unwrap_or_default()),
        None => None,
    };
    let name = pick(fields, Role::TargetName, object).and_then(|(_, value)| value.as_str().map(str::to_string));
    Ok(Some(Target { text: text.to_string(), header, name }))
}

type Code = (String, Option<bool>);
type Trouble = (Fault, Option<String>);

fn code(fields: &FieldMap, object: &Object, mapping: &mut Mapping) -> Result<Code, Trouble> {
    if let Some(name) = &fields.code {
        let value = lookup(object, name).ok_or_else(|| (Fault::NoCode, Some(has(object, name))))?;
        let last = name.rsplit('.').next().unwrap_or(name);
        let is_proof = CODE_FIELDS.iter().find(|f| f.name == last).and_then(|f| f.is_proof);
        mapping.code.clone_from(name);
        return Ok((code_text(name, value)?.to_string(), is_proof));
    }
    let statement = STATEMENT_FIELDS.iter().find_map(|name| Some((*name, lookup(object, name)?.as_str()?)));
    for CodeField { name, is_proof, continues, reference } in &CODE_FIELDS {
        let Some(value) = lookup(object, name) else { continue };
        let text = code_text(name, value)?;
        if *reference && statement.is_some() && (text.trim().is_empty() || join::is_placeholder(text)) {
            mapping.placeholder = Some(name.to_string());
            continue;
        }
        mapping.code = name.to_string();
        // An empty answer stays empty: joined, it would be judged as if the model had said something.
        if let Some((from, statement)) = statement
            && *continues
            && !text.trim().is_empty()
            && !join::stands_alone(text)
        {
            mapping.statement = Some(from.to_string());
            return Ok((join::join(statement, text), Some(true)));
        }
        return Ok((text.to_string(), *is_proof));
    }
    Err((Fault::NoCode, Some(has(object, "NAME"))))
}

/// The value of a role and the field it came from; `null` counts as absent.
fn pick<'a>(fields: &'a FieldMap, role: Role, object: &'a Object) -> Option<(&'a str, &'a Value)> {
    match fields.overridden(role) {
        Some(name) => Some((name, lookup(object, name)?)),
        None => role.candidates().into_iter().find_map(|name| Some((name, lookup(object, name)?))),
    }
}

/// The value under a name or a dotted path, whose numbers index lists. `null` counts as absent.
pub(super) fn lookup<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    let found = object.get(name).or_else(|| {
        let mut parts = name.split('.');
        let first = object.get(parts.next()?)?;
        parts.try_fold(first, |value, part| match value {
            Value::Object(map) => map.get(part),
            Value::Array(list) => list.get(part.parse::<usize>().ok()?),
            _ => None,
        })
    });
    found.filter(|value| !value.is_null())
}

fn code_text<'a>(name: &str, value: &'a Value) -> Result<&'a str, Trouble> {
    let hint = match value {
        Value::String(text) => return Ok(text),
        Value::Array(list) => match list.as_slice() {
            [Value::String(text)] => return Ok(text),
            _ => format!("one record holds one candidate: split the samples, or choose one with --field code={name}.0"),
        },
        Value::Object(map) => format!("{}; name one with --field code={name}.NAME", fields_of(map)),
        _ => "name another field with --field code=NAME".to_string(),
    };
    Err((Fault::WrongType { field: name.to_string(), found: kind(value) }, Some(hint)))
}

/// Header text: a string, or a list of lines in which a bare module name means its import. Blank means none.
pub(super) fn header_text(name: &str, value: &Value) -> Result<Option<String>, Trouble> {
    let wrong = || {
        let hint = "a header is a string or a list of strings; name another field with --field header=NAME".to_string();
        (Fault::WrongType { field: name.to_string(), found: kind(value) }, Some(hint))
    };
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            let line = |item: &Value| item.as_str().map(import_line).ok_or_else(wrong);
            list.iter().map(line).collect::<Result<String, _>>()?
        }
        _ => return Err(wrong()),
    };
    Ok(Some(text).filter(|t| !t.trim().is_empty()))
}

fn import_line(item: &str) -> String {
    let item = item.trim_end();
    let is_module = item.starts_with(char::is_uppercase)
        && item.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '\''));
    if is_module { format!("import {item}\n") } else { format!("{item}\n") }
}

pub(super) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// What a JSON value is, for messages.
pub(super) fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "a boolean".into(),
        Value::Number(_) => "a number".into(),
        Value::String(_) => "a string".into(),
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(_) => "an object".into(),
    }
}

fn has(object: &Object, wanted: &str) -> String {
    match wanted {
        "NAME" => format!("{}; name the one with code by --field code=NAME", fields_of(object)),
        wanted => format!("--field code={wanted}, but {}", fields_of(object)),
    }
}

/// At most a dozen field names: a hint, not a dump.
pub(super) fn fields_of(object: &Object) -> String {
    const MOST: usize = 12;
    let names: Vec<_> =
        object.keys().take(MOST).map(|k| format!("`{}`", k.chars().take(40).collect::<String>())).collect();
    match (names.is_empty(), object.len() > MOST) {
        (true, _) => "it has no fields".to_string(),
        (_, more) => format!("it has {}{}", names.join(", "), if more { ", ..." } else { "" }),
    }
}
