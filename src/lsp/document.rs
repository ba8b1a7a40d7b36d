//! An open document and its units. Owns which units a text has, and which of them a change leaves alone.

use super::text::{Changed, Encoding, Text};
use super::unit::Unit;
use crate::dataset::{FieldMap, RecordError, record_in};
use crate::domain::Record;
use crate::lean::lean_blocks;
use crate::pipeline::verify::Judging;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tower_lsp_server::ls_types::{TextDocumentContentChangeEvent, Uri};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A record in every line.
    JsonLines,
    /// Lean in fences.
    Markdown,
    Lean,
}

impl Kind {
    /// By the client's name of the language, otherwise by the file's name. `None`: nothing here is for us.
    pub fn of(language: &str, uri: &Uri) -> Option<Kind> {
        let path = uri.path().as_str();
        let ends = |endings: &[&str]| endings.iter().any(|end| path.ends_with(end));
        match language {
            "jsonl" | "jsonlines" | "ndjson" => Some(Kind::JsonLines),
            "markdown" => Some(Kind::Markdown),
            "lean" | "lean4" => Some(Kind::Lean),
            _ if ends(&[".jsonl", ".ndjson"]) => Some(Kind::JsonLines),
            _ if ends(&[".md", ".markdown"]) => Some(Kind::Markdown),
            _ if ends(&[".lean"]) => Some(Kind::Lean),
            _ => None,
        }
    }
}

/// How texts become units.
#[derive(Clone, Debug)]
pub struct Reading {
    pub fields: FieldMap,
    pub judging: Judging,
}

/// What a line of a data set is.
#[derive(Debug)]
enum Cell {
    Blank,
    Unit(Arc<Unit>),
    Bad(Box<RecordError>),
}

/// Where units are.
#[derive(Debug)]
enum Units {
    Lines(Vec<Cell>),
    /// First lines and units, in order.
    Blocks(Vec<(usize, Arc<Unit>)>),
}

/// An open document.
#[derive(Debug)]
pub struct Document {
    pub version: i32,
    pub kind: Kind,
    pub text: Text,
    name: String,
    units: Units,
}

/// What a change made of a document.
#[derive(Debug, Default)]
pub struct Fresh {
    /// Units that were not there before.
    pub units: Vec<Arc<Unit>>,
    /// The line of the change, if it was one place.
    pub line: Option<usize>,
    /// Units are gone, or lines can no longer be read.
    pub lost: bool,
}

impl Document {
    pub fn open(uri: &Uri, kind: Kind, version: i32, text: &str, reading: &Reading) -> (Document, Vec<Arc<Unit>>) {
        let name = uri.path().as_str().rsplit('/').next().unwrap_or_default().to_owned();
        let units = if kind == Kind::JsonLines { Units::Lines(vec![]) } else { Units::Blocks(vec![]) };
        let mut document = Document { version, kind, text: Text::new(""), name, units };
        let changed = document.text.set(text);
        let mut fresh = Fresh::default();
        document.refresh(&Changed { before: 0, ..changed }, reading, &mut fresh);
        (document, fresh.units)
    }

    /// Takes in the client's changes, in order.
    pub fn change(
        &mut self,
        version: i32,
        changes: &[TextDocumentContentChangeEvent],
        encoding: Encoding,
        reading: &Reading,
    ) -> Fresh {
        let mut fresh = Fresh::default();
        self.version = version;
        for change in changes {
            let changed = match change.range {
                Some(range) => {
                    let place =
                        |at: tower_lsp_server::ls_types::Position| self.text.place(at.line, at.character, encoding);
                    let (from, to) = (place(range.start), place(range.end));
                    self.text.replace(from, to, &change.text)
                }
                None => self.text.set(&change.text),
            };
            fresh.line = Some(changed.first);
            self.refresh(&changed, reading, &mut fresh);
        }
        // A later change may have replaced what an earlier one brought.
        fresh.units.retain(|unit| !unit.is_gone());
        fresh
    }

    /// Reads all units anew: how they are judged has changed.
    pub fn reread(&mut self, reading: &Reading) -> Vec<Arc<Unit>> {
        self.units().for_each(|(_, unit)| unit.cancelled.store(true, Ordering::Relaxed));
        let (mut fresh, count) = (Fresh::default(), self.text.len());
        match &mut self.units {
            Units::Lines(cells) => cells.clear(),
            Units::Blocks(blocks) => blocks.clear(),
        }
        self.refresh(&Changed { first: 0, before: 0, now: count }, reading, &mut fresh);
        fresh.units
    }

    fn refresh(&mut self, changed: &Changed, reading: &Reading, fresh: &mut Fresh) {
        if let Units::Lines(cells) = &mut self.units {
            let now = changed.first..changed.first + changed.now;
            let (text, name) = (&self.text, &self.name);
            let read = now.map(|number| cell(text.line(number), name, number, reading));
            let read: Vec<Cell> = read.collect();
            for cell in &read {
                match cell {
                    Cell::Unit(unit) => fresh.units.push(unit.clone()),
                    Cell::Bad(_) => fresh.lost = true,
                    Cell::Blank => {}
                }
            }
            for old in cells.splice(changed.first..changed.first + changed.before, read) {
                match old {
                    Cell::Unit(unit) => {
                        unit.cancelled.store(true, Ordering::Relaxed);
                        fresh.lost |= changed.now != 1;
                    }
                    Cell::Bad(_) => fresh.lost = true,
                    Cell::Blank => {}
                }
            }
            return;
        }
        let found: Vec<(Range<usize>, String)> = match self.kind {
            Kind::Lean => vec![(0..self.text.len(), self.text.lines(0..self.text.len()))],
            _ => {
                let lines: Vec<&str> = (0..self.text.len()).map(|number| self.text.line(number)).collect();
                lean_blocks(&lines).into_iter().map(|range| (range.clone(), self.text.lines(range))).collect()
            }
        };
        let Units::Blocks(blocks) = &mut self.units else { return };
        // A block that says what one said before is that one, wherever it stands now.
        let mut there: HashMap<String, Vec<Arc<Unit>>> = HashMap::new();
        for (_, unit) in blocks.drain(..).rev() {
            there.entry(unit.record.code.clone()).or_default().push(unit);
        }
        for (number, (range, code)) in found.into_iter().enumerate() {
            let unit = there.get_mut(&code).and_then(Vec::pop).unwrap_or_else(|| {
                let id = match self.kind {
                    Kind::Lean => self.name.clone(),
                    _ => format!("{} #{}", self.name, number + 1),
                };
                let record = Record { index: number as u64, id, code, ..Record::default() };
                let unit = Arc::new(Unit::new(record.clone(), reading.judging.request(&record), None, range.len()));
                fresh.units.push(unit.clone());
                unit
            });
            blocks.push((range.start, unit));
        }
        for unit in there.into_values().flatten() {
            unit.cancelled.store(true, Ordering::Relaxed);
            fresh.lost = true;
        }
    }

    /// The units with their first lines, in order.
    pub fn units(&self) -> Box<dyn Iterator<Item = (usize, &Arc<Unit>)> + '_> {
        match &self.units {
            Units::Lines(cells) => Box::new(cells.iter().enumerate().filter_map(|(line, cell)| match cell {
                Cell::Unit(unit) => Some((line, unit)),
                _ => None,
            })),
            Units::Blocks(blocks) => Box::new(blocks.iter().map(|(line, unit)| (*line, unit))),
        }
    }

    /// Those that have one of these lines.
    pub fn units_in(&self, lines: Range<usize>) -> Box<dyn Iterator<Item = (usize, &Arc<Unit>)> + '_> {
        match &self.units {
            Units::Lines(cells) => {
                let (from, to) = (lines.start.min(cells.len()), lines.end.min(cells.len()));
                let shown = cells[from..to.max(from)].iter().enumerate();
                Box::new(shown.filter_map(move |(line, cell)| match cell {
                    Cell::Unit(unit) => Some((from + line, unit)),
                    _ => None,
                }))
            }
            Units::Blocks(_) => Box::new(
                self.units().filter(move |(first, unit)| *first < lines.end && lines.start < first + unit.lines.max(1)),
            ),
        }
    }

    /// The unit that has a line.
    pub fn unit_at(&self, line: usize) -> Option<(usize, &Arc<Unit>)> {
        self.units_in(line..line + 1).next()
    }

    /// Lines that cannot be read, and why.
    pub fn bad(&self) -> impl Iterator<Item = (usize, &RecordError)> {
        let cells = match &self.units {
            Units::Lines(cells) => &cells[..],
            Units::Blocks(_) => &[],
        };
        cells.iter().enumerate().filter_map(|(line, cell)| match cell {
            Cell::Bad(error) => Some((line, &**error)),
            _ => None,
        })
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        self.units().for_each(|(_, unit)| unit.cancelled.store(true, Ordering::Relaxed));
    }
}

fn cell(line: &str, name: &str, number: usize, reading: &Reading) -> Cell {
    if line.trim().is_empty() {
        return Cell::Blank;
    }
    match record_in(line, name, number as u64, &reading.fields) {
        Ok((record, mapping)) => {
            let request = reading.judging.request(&record);
            Cell::Unit(Arc::new(Unit::new(record, request, Some(mapping), 1)))
        }
        Err(error) => Cell::Bad(error),
    }
}
