//! The outline of a document: a symbol for each unit with the declarations in it, and what can be folded.

use super::View;
use super::hints::{name, verdict};
use crate::lean::{LineIndex, outline, stated};
use crate::lsp::document::Kind;
use crate::lsp::unit::Unit;
use std::sync::Arc;
use tower_lsp_server::ls_types::{DocumentSymbol, FoldingRange, FoldingRangeKind, SymbolKind};

/// Bytes of code that are looked through for declarations; of a longer one there is only the unit.
const LOOKED_THROUGH: usize = 200_000;

/// Units whose declarations are listed; of a larger document only the units are.
const WITH_DECLARATIONS: usize = 2_000;

/// A symbol for each unit.
pub fn symbols(view: &View<'_>) -> Vec<DocumentSymbol> {
    let all = view.document.units().take(WITH_DECLARATIONS + 1).count();
    let symbol = |(first, unit): (usize, &Arc<Unit>)| {
        let text = &view.document.text;
        let detail = unit.known().report.as_deref().map(verdict);
        let last = first + unit.lines.max(1) - 1;
        let range = view.range((first, 0), (last, text.line(last).len()));
        let (from, to) = unit.span(text, first);
        let children = (all <= WITH_DECLARATIONS).then(|| declarations(view, first, unit));
        let kind = if unit.fields.is_some() { SymbolKind::OBJECT } else { SymbolKind::MODULE };
        made(name(unit, first), detail, kind, (range, view.range(from, to)), children.unwrap_or_default())
    };
    view.document.units().map(symbol).collect()
}

type Ranges = (tower_lsp_server::ls_types::Range, tower_lsp_server::ls_types::Range);

#[expect(deprecated, reason = "the structure has a field that is")]
fn made(
    name: String,
    detail: Option<String>,
    kind: SymbolKind,
    (range, selection_range): Ranges,
    children: Vec<DocumentSymbol>,
) -> DocumentSymbol {
    // A client refuses a symbol without a name.
    let name = if name.trim().is_empty() { "(unnamed)".into() } else { name };
    let children = (!children.is_empty()).then_some(children);
    DocumentSymbol { name, detail, kind, tags: None, deprecated: None, range, selection_range, children }
}

fn declarations(view: &View<'_>, first: usize, unit: &Unit) -> Vec<DocumentSymbol> {
    let code = &unit.record.code;
    if code.len() > LOOKED_THROUGH {
        return vec![];
    }
    let index = LineIndex::new(code);
    let place = |offset: usize| unit.place(&view.document.text, first, index.line_column(offset));
    let symbol = |found: crate::lean::Outlined| {
        let text = &code[found.text.clone()];
        let name = stated(text).and_then(|stated| stated.name.map(str::to_owned));
        let name = name.or_else(|| text.split_whitespace().nth(1).map(str::to_owned)).unwrap_or_default();
        let range = view.range(place(found.text.start), place(found.text.end));
        let kind = if text.contains("theorem") || text.contains("lemma") {
            SymbolKind::FUNCTION
        } else {
            SymbolKind::VARIABLE
        };
        made(name, None, kind, (range, range), vec![])
    };
    outline(code).into_iter().map(symbol).collect()
}

/// Blocks and declarations of several lines; of a data set runs of records of one problem.
pub fn folding(view: &View<'_>) -> Vec<FoldingRange> {
    let mut found = Vec::new();
    let mut fold = |from: usize, to: usize| {
        if to > from {
            found.push(FoldingRange {
                start_line: from as u32,
                end_line: to as u32,
                kind: Some(FoldingRangeKind::Region),
                ..FoldingRange::default()
            });
        }
    };
    if view.document.kind == Kind::JsonLines {
        let mut run: Option<(&str, usize, usize)> = None;
        for (line, unit) in view.document.units() {
            let id = unit.record.id.as_str();
            match &mut run {
                Some((of, _, last)) if *of == id => *last = line,
                _ => {
                    if let Some((_, from, to)) = run.replace((id, line, line)) {
                        fold(from, to);
                    }
                }
            }
        }
        if let Some((_, from, to)) = run {
            fold(from, to);
        }
        return found;
    }
    for (first, unit) in view.document.units() {
        if view.document.kind == Kind::Markdown {
            // With the fences around it.
            fold(first.saturating_sub(1), (first + unit.lines).min(view.document.text.len() - 1));
        }
        if unit.record.code.len() <= LOOKED_THROUGH {
            let index = LineIndex::new(&unit.record.code);
            for found in outline(&unit.record.code) {
                let line = |offset| first + index.line_column(offset).0 as usize - 1;
                fold(line(found.text.start), line(found.text.end));
            }
        }
    }
    found
}
