//! Plain text: paragraphs. Owns blank lines as what parts them.

use super::Unit;

/// Paragraphs: what stands between blank lines.
pub fn paragraphs(text: &str) -> Vec<Unit> {
    let (mut units, mut at) = (Vec::new(), 0);
    let mut open: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            units.extend(open.take().map(|start| Unit::slice(text, start, at)));
        } else {
            open.get_or_insert(at);
        }
        at += line.len();
    }
    units.extend(open.map(|start| Unit::slice(text, start, at)));
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn blank_lines_part_paragraphs() {
        let units = paragraphs("\n  One\nline. \n \t\n\nTwo.");
        assert_eq!(units.iter().map(|unit| unit.start).collect::<Vec<_>>(), [3, 18]);
        assert_eq!(texts(units), ["One\nline.", "Two."]);
        assert_eq!(paragraphs(" \n\n"), []);
    }
}
