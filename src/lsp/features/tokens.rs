//! Colours for the Lean inside a string of JSON or a fence: keywords, literals, comments, operators. Owns the kinds; where tokens
//! are is `lean::coloured`'s to say.

use super::View;
use crate::lean::{Colour, LineIndex, coloured};
use crate::lsp::text::{Place, json};
use crate::lsp::unit::Unit;
use std::ops::Range;
use tower_lsp_server::ls_types::{SemanticToken, SemanticTokenType, SemanticTokensLegend};

/// Bytes of one code that are coloured; a longer one is no text people read.
const LONGEST: usize = 100_000;

/// Tokens of an answer at most.
const MOST: usize = 200_000;

/// The kinds, in the order of [`Colour`].
pub fn legend() -> SemanticTokensLegend {
    let token_types = vec![
        SemanticTokenType::KEYWORD,
        SemanticTokenType::COMMENT,
        SemanticTokenType::STRING,
        SemanticTokenType::NUMBER,
        SemanticTokenType::OPERATOR,
        SemanticTokenType::VARIABLE,
        SemanticTokenType::TYPE,
    ];
    SemanticTokensLegend { token_types, token_modifiers: vec![] }
}

/// The tokens of some lines, each relative to the one before, as the protocol has it.
pub fn tokens(view: &View<'_>, lines: Range<usize>) -> Vec<SemanticToken> {
    let mut found: Vec<(Place, Place, Colour)> = Vec::new();
    for (first, unit) in view.document.units_in(lines.clone()) {
        if found.len() < MOST && unit.record.code.len() <= LONGEST {
            of_unit(view, first, unit, &mut found);
        }
    }
    found.retain(|((line, _), _, _)| lines.contains(line));
    found.sort_by_key(|(from, _, _)| *from);
    let mut before = (0, 0);
    let token = |(from, to, colour): (Place, Place, Colour)| {
        let (start, end) = (view.position(from), view.position(to));
        let delta_line = start.line - before.0;
        let delta_start = if delta_line == 0 { start.character - before.1 } else { start.character };
        before = (start.line, start.character);
        let length = end.character - start.character;
        SemanticToken { delta_line, delta_start, length, token_type: colour as u32, token_modifiers_bitset: 0 }
    };
    found.into_iter().map(token).collect()
}

fn of_unit(view: &View<'_>, first: usize, unit: &Unit, found: &mut Vec<(Place, Place, Colour)>) {
    let text = &view.document.text;
    if unit.fields.is_some() {
        // In a string all of it is in one line; each of the fields is read by itself.
        let line = text.line(first);
        let fields = unit.fields.as_ref();
        let names = [fields.map(|f| &f.code), fields.and_then(|f| f.statement.as_ref())];
        for raw in names.into_iter().flatten().filter_map(|name| json::string(line, name)) {
            let inside = &line[raw.clone()];
            let code = json::text(inside);
            let written = json::Written::new(inside);
            for (range, colour) in coloured(&code) {
                let place = |offset| (first, raw.start + written.at(offset));
                found.push((place(range.start), place(range.end), colour));
            }
        }
        return;
    }
    let code = &unit.record.code;
    let index = LineIndex::new(code);
    for (range, colour) in coloured(code) {
        // A token of the protocol has one line.
        let mut from = range.start;
        for part in code[range].split_inclusive('\n') {
            let to = from + part.trim_end_matches(['\r', '\n']).len();
            if to > from {
                let place = |offset| unit.place(text, first, index.line_column(offset));
                found.push((place(from), place(to), colour));
            }
            from += part.len();
        }
    }
}
