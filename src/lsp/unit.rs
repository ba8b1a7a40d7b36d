//! What is judged by itself in a document: a record of a data set, a block of Lean in Markdown, a Lean file. Owns which place of
//! its code is which place of the document; it may move down or up with the lines above it and need not know.

use super::text::{Place, Text, json};
use crate::dataset::Mapping;
use crate::domain::{CheckReport, CheckRequest, EquivalenceReport, Record};
use crate::lean::LineIndex;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A unit with what is known of it.
#[derive(Debug)]
pub struct Unit {
    pub record: Record,
    pub request: CheckRequest,
    /// Of a record in a line of JSON: the fields it was read from.
    pub fields: Option<Mapping>,
    /// Lines of the document it takes.
    pub lines: usize,
    /// Set when the document no longer has it: nobody wants to know any more.
    pub cancelled: Arc<AtomicBool>,
    /// Set by whoever checks it.
    claimed: AtomicBool,
    /// Set if it is to be checked although a kept result would do.
    anew: AtomicBool,
    known: Mutex<Known>,
}

/// What is known of a unit.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub report: Option<Arc<CheckReport>>,
    /// Beside the reference statement of its problem.
    pub equivalence: Option<Arc<EquivalenceReport>>,
}

/// A part of the code as it stands in a line of JSON: its bytes, and those of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    code: Range<usize>,
    raw: Range<usize>,
}

impl Unit {
    pub fn new(record: Record, request: CheckRequest, fields: Option<Mapping>, lines: usize) -> Unit {
        Unit {
            record,
            request,
            fields,
            lines,
            cancelled: Arc::default(),
            claimed: AtomicBool::new(false),
            anew: AtomicBool::new(false),
            known: Mutex::default(),
        }
    }

    /// What is known now.
    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True for the first who asks: they check it.
    pub fn claim(&self) -> bool {
        !self.claimed.swap(true, Ordering::Relaxed)
    }

    /// True if no kept result will do.
    pub fn is_to_be_anew(&self) -> bool {
        self.anew.load(Ordering::Relaxed)
    }

    /// Forgets what is known, so that it is checked anew.
    pub fn forget(&self) {
        self.anew.store(true, Ordering::Relaxed);
        *self.known() = Known::default();
        self.claimed.store(false, Ordering::Relaxed);
    }

    /// True if the document no longer has it.
    pub fn is_gone(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The place in the document of a position in the code (line from 1, column in code points). `first` is the unit's line.
    pub fn place(&self, text: &Text, first: usize, (line, column): (u32, u32)) -> Place {
        if self.fields.is_none() {
            let number = (first + line.max(1) as usize - 1).min(first + self.lines.max(1) - 1);
            return (number, super::text::Encoding::Utf32.byte(text.line(number), column));
        }
        let offset = LineIndex::new(&self.record.code).offset(line, column);
        let pieces = self.pieces(text.line(first));
        // What joining two fields has put between them is shown where the next field begins.
        let Some(piece) = pieces.iter().find(|piece| offset <= piece.code.end).or(pieces.last()) else {
            return (first, 0);
        };
        let inside = &text.line(first)[piece.raw.clone()];
        (first, piece.raw.start + json::written(inside, offset.max(piece.code.start) - piece.code.start))
    }

    /// The position in the code of a place in the document, if its code is there.
    pub fn position(&self, text: &Text, first: usize, (line, byte): Place) -> Option<(u32, u32)> {
        if self.fields.is_none() {
            let within = line.checked_sub(first).filter(|within| *within < self.lines.max(1))?;
            let column = super::text::Encoding::Utf32.character(text.line(line), byte);
            return Some((within as u32 + 1, column));
        }
        let whole = text.line(first);
        let pieces = self.pieces(whole);
        let piece = pieces.iter().find(|piece| piece.raw.start <= byte && byte <= piece.raw.end)?;
        let offset = piece.code.start + json::meant(&whole[piece.raw.clone()], byte - piece.raw.start);
        Some(LineIndex::new(&self.record.code).line_column(offset))
    }

    /// Where the code begins and ends in the document; of two fields where the later one does.
    pub fn span(&self, text: &Text, first: usize) -> (Place, Place) {
        match (&self.fields, self.pieces(text.line(first)).last()) {
            (None, _) => {
                let last = first + self.lines.max(1) - 1;
                ((first, 0), (last, text.line(last).len()))
            }
            (Some(_), Some(piece)) => ((first, piece.raw.start), (first, piece.raw.end)),
            (Some(_), None) => ((first, 0), (first, text.line(first).len())),
        }
    }

    /// Where the value of a role stands: that of the header, the target or the informal statement.
    pub fn field(&self, text: &Text, first: usize, name: Option<&String>) -> Option<(Place, Place)> {
        let found = json::value(text.line(first), name?)?;
        Some(((first, found.start), (first, found.end)))
    }

    /// The parts of the code that stand in a line as they are.
    fn pieces(&self, line: &str) -> Vec<Piece> {
        let Some(fields) = &self.fields else { return vec![] };
        let code = &self.record.code;
        let of = |name: &String| json::string(line, name).map(|raw| (json::text(&line[raw.clone()]), raw));
        let Some((own, raw)) = of(&fields.code) else { return vec![] };
        let Some(statement) = &fields.statement else { return vec![Piece { code: 0..code.len(), raw }] };
        let mut pieces = Vec::new();
        if let Some((statement, raw)) = of(statement) {
            let common = statement.bytes().zip(code.bytes()).take_while(|(a, b)| a == b).count();
            let common = statement.floor_char_boundary(common);
            let end = raw.start + json::written(&line[raw.clone()], common);
            pieces.push(Piece { code: 0..common, raw: raw.start..end });
        }
        // The proof, from where it stands in the code as it is written.
        let common = own.bytes().rev().zip(code.bytes().rev()).take_while(|(a, b)| a == b).count();
        let from = own.ceil_char_boundary(own.len() - common);
        let begin = raw.start + json::written(&line[raw.clone()], from);
        pieces.push(Piece { code: code.len() - (own.len() - from)..code.len(), raw: begin..raw.end });
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{FieldMap, record_in};

    fn unit(line: &str) -> (Unit, Text) {
        let (record, mapping) = record_in(line, "t.jsonl", 0, &FieldMap::default()).expect("a record");
        let request = CheckRequest::new(record.code.clone());
        (Unit::new(record, request, Some(mapping), 1), Text::new(line))
    }

    #[test]
    fn every_place_of_the_code_has_its_place_in_the_line() {
        let code = "theorem t (α : Type) :\r\n  \"𝔸\" = \"\\n\" := by\n\trfl -- é👩‍🔬";
        let plain = serde_json::json!({"id": "a", "code": code}).to_string();
        let escaped: String = code.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
        for line in [plain, format!("{{\"code\": \"{escaped}\", \"id\": 1}}")] {
            let (unit, text) = unit(&line);
            let index = LineIndex::new(code);
            for (offset, character) in code.char_indices() {
                if character == '\r' || character == '\n' {
                    continue;
                }
                let position = index.line_column(offset);
                let place = unit.place(&text, 0, position);
                assert_eq!(unit.position(&text, 0, place), Some(position), "{offset} {character:?}");
                let (from, _) = unit.span(&text, 0);
                assert_eq!(json::text(&line[from.1..place.1]), code[..offset]);
            }
        }
    }

    #[test]
    fn joined_fields_are_each_shown_where_they_stand() {
        let line = r#"{"formal_statement": "theorem t : 1 = 1 := by sorry", "proof": "  rfl\n  done"}"#;
        let (unit, text) = unit(line);
        let at = |needle: &str| {
            let offset = unit.record.code.find(needle).expect(needle);
            unit.place(&text, 0, LineIndex::new(&unit.record.code).line_column(offset)).1
        };
        assert!(line[at("1 = 1")..].starts_with("1 = 1 :="), "{}", unit.record.code);
        assert!(line[at("rfl")..].starts_with("rfl"), "{}", unit.record.code);
        assert!(line[at("done")..].starts_with("done"));
    }

    #[test]
    fn blocks_move_with_their_lines() {
        let record = Record { code: "theorem t :\n  ∀ x, x = x".into(), ..Record::default() };
        let unit = Unit::new(record, CheckRequest::new(""), None, 2);
        let text = Text::new("# title\n```lean\ntheorem t :\n  ∀ x, x = x\n```\n");
        assert_eq!(unit.place(&text, 2, (2, 4)), (3, 6), "bytes");
        assert_eq!(unit.position(&text, 2, (3, 6)), Some((2, 4)));
        assert_eq!(unit.position(&text, 2, (1, 0)), None);
        assert_eq!(unit.span(&text, 2), ((2, 0), (3, 14)));
    }
}
