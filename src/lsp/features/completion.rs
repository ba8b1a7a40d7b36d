//! Names that go on with what stands in front of the cursor. Owns their choice and order; which names there are is the engine's
//! to say.

use super::View;
use crate::lean::{outline, stated};
use crate::lsp::text::Place;
use crate::lsp::unit::Unit;
use tower_lsp_server::ls_types::{CompletionItem, CompletionItemKind, CompletionList, CompletionTextEdit, TextEdit};

/// Names offered at most; more are asked for by typing on.
const MOST: usize = 200;

/// True for what a name can have inside, dots among it.
fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '_' | '\'' | '!' | '?' | '«' | '»')
}

/// The beginning of a name in front of a position of the code, and its length in code points.
fn beginning(code: &str, (line, column): (u32, u32)) -> String {
    let line = code.split('\n').nth(line.saturating_sub(1) as usize).unwrap_or("");
    let before: Vec<char> = line.chars().take(column as usize).collect();
    let length = before.iter().rev().take_while(|character| is_of_name(**character)).count();
    before[before.len() - length..].iter().collect()
}

/// The completions at a place. `names` are sorted.
pub fn completions(
    view: &View<'_>,
    first: usize,
    unit: &Unit,
    place: Place,
    names: &[String],
) -> Option<CompletionList> {
    let position = unit.position(&view.document.text, first, place)?;
    let begun = beginning(&unit.record.code, position);
    let from = (position.0, position.1 - begun.chars().count() as u32);
    let range = view.range(unit.place(&view.document.text, first, from), place);
    let code = &unit.record.code;
    let own: Vec<String> = outline(code)
        .iter()
        .filter_map(|found| stated(&code[found.text.clone()])?.name.map(str::to_owned))
        .filter(|name| name.starts_with(&begun) && *name != begun)
        .collect();
    let at = names.partition_point(|name| *name < begun);
    let whole = names[at..].iter().take_while(|name| name.starts_with(&begun)).take(MOST);
    // What is opened, or not thought of: names whose last part begins so.
    let tail = format!(".{begun}");
    let is_part = |name: &&String| begun.len() > 1 && name.contains(&tail) && !name.starts_with(&begun);
    let parts = names.iter().filter(is_part).take(MOST);
    let mut items: Vec<CompletionItem> = Vec::new();
    for (rank, name) in own.iter().map(|n| (0, n)).chain(whole.map(|n| (1, n))).chain(parts.map(|n| (2, n))).take(MOST)
    {
        items.push(CompletionItem {
            label: name.clone(),
            kind: Some(if rank == 0 { CompletionItemKind::FUNCTION } else { CompletionItemKind::CONSTANT }),
            sort_text: Some(format!("{rank}{:04}{name}", name.len().min(9_999))),
            filter_text: Some(if rank == 2 { begun.clone() } else { name.clone() }),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: name.clone() })),
            ..CompletionItem::default()
        });
    }
    let is_incomplete = items.len() == MOST || !begun.is_empty();
    Some(CompletionList { is_incomplete, items })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_name_ends_at_the_cursor() {
        assert_eq!(beginning("exact Nat.add_c", (1, 15)), "Nat.add_c");
        assert_eq!(beginning("exact (Nat.add_comm)", (1, 10)), "Nat");
        assert_eq!(beginning("a\n  h₁.sy", (2, 7)), "h₁.sy");
        assert_eq!(beginning("a ", (1, 2)), "");
        assert_eq!(beginning("", (9, 9)), "");
    }
}
