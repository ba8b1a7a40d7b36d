//! Records with a text: JSON lines, or whatever format problems are read from. Owns the names of the field.

use super::{SourceError, Text, Texts};
use crate::dataset::objects::{Item, Objects};
use crate::dataset::{Fault, Place};

/// Names of the field with the text, best first: The Pile's, and those of code corpora.
const FIELDS: [&str; 3] = ["text", "content", "code"];

/// Longest record, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// The texts of a file. A record without one is an error: a corpus that is half read would pass for whole.
pub(super) fn read(path: &str) -> Result<Texts, SourceError> {
    let mut objects = Objects::open(path, MOST_BYTES)?;
    let mut texts = Texts { files: 1, ..Texts::default() };
    while let Some(item) = objects.next() {
        let Item { index, place, object } = item?.map_err(SourceError::Record)?;
        let Some(text) = FIELDS.iter().find_map(|name| object.get(*name)?.as_str()) else {
            let hint = format!("a text is looked for in the fields {}", FIELDS.join(", "));
            return Err(SourceError::Record(objects.bad(index, place, None, Fault::NoText, Some(hint))));
        };
        if !text.trim().is_empty() {
            texts.texts.push(Text { id: format!("{path}:{}", line(place)), text: text.to_owned() });
        }
    }
    Ok(texts)
}

fn line(place: Place) -> u64 {
    match place {
        Place::Text { line, .. } => line,
        Place::Row(row) => row,
    }
}
