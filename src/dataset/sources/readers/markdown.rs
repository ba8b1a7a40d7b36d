//! Markdown: sections. Owns headings and fences; the text stays as it is.

use super::Unit;

/// What stands between one heading and the next (`#` to `######`), the heading first; a heading without text of its own
/// goes with the next. Front matter is left out.
pub fn sections(text: &str) -> Vec<Unit> {
    let body = front_matter(text);
    let (mut units, mut at, mut start) = (Vec::new(), body, body);
    let (mut fence, mut has_text) = (None, false);
    for line in text[body..].split_inclusive('\n') {
        let mark = fence_mark(line);
        let is_heading = fence.is_none() && is_heading(line);
        if is_heading && has_text {
            units.push(Unit::slice(text, start, at));
            (start, has_text) = (at, false);
        }
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            // A fence ends with at least as many of the same character.
            (Some((c, count)), Some((other, more))) if c == other && more >= count => fence = None,
            _ => {}
        }
        has_text |= !is_heading && !line.trim().is_empty();
        at += line.len();
    }
    if has_text {
        units.push(Unit::slice(text, start, at));
    }
    units
}

/// Where the text begins, behind YAML between lines of `---`.
fn front_matter(text: &str) -> usize {
    let end = || Some(4 + text[4..].find("\n---\n")? + "\n---\n".len());
    text.starts_with("---\n").then(end).flatten().unwrap_or(0)
}

fn is_heading(line: &str) -> bool {
    let marks = line.bytes().take_while(|byte| *byte == b'#').count();
    (1..=6).contains(&marks) && line[marks..].starts_with([' ', '\t', '\n'])
}

/// The character of a code fence, and how often it stands there.
fn fence_mark(line: &str) -> Option<(u8, usize)> {
    let line = line.trim_start().as_bytes();
    let first = *line.first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let count = line.iter().take_while(|byte| **byte == first).count();
    (count >= 3).then_some((first, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn headings_begin_sections_but_not_in_fences() {
        let text = "---\ntitle: T\n---\nBefore.\n\n# One\n\n## Two\n\n```sh\n# no heading\n~~~\n```\nText #2.\n\n### Three\nMore\n#hashtag\n\n# Empty\n";
        assert_eq!(
            texts(sections(text)),
            ["Before.", "# One\n\n## Two\n\n```sh\n# no heading\n~~~\n```\nText #2.", "### Three\nMore\n#hashtag",]
        );
        assert_eq!(texts(sections("---\nno end\n# a\nb")), ["---\nno end", "# a\nb"]);
    }
}
