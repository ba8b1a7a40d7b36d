//! What a session answers, one file per feature: pure functions of a document and what is known of its units. Must not change
//! anything, ask anything or wait.

pub mod actions;
pub mod completion;
pub mod diagnostics;
pub mod hints;
pub mod hover;
pub mod symbols;
pub mod tokens;

use super::document::Document;
use super::text::{Encoding, Place};
use tower_lsp_server::ls_types::{Position, Range, Uri};

/// A document as a client sees it.
pub struct View<'a> {
    pub uri: &'a Uri,
    pub document: &'a Document,
    pub encoding: Encoding,
    /// Where verdicts are explained.
    pub trust: Option<&'a Uri>,
}

impl View<'_> {
    pub fn position(&self, place: Place) -> Position {
        let (line, character) = self.document.text.position(place, self.encoding);
        Position { line, character }
    }

    pub fn range(&self, from: Place, to: Place) -> Range {
        Range { start: self.position(from), end: self.position(to) }
    }

    pub fn place(&self, at: Position) -> Place {
        self.document.text.place(at.line, at.character, self.encoding)
    }
}
