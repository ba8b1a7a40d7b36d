//! Makes text of unknown origin fit to be shown. Owns the escaping for terminals, Markdown and XML; a model's output
//! must not move the cursor, mention people or close a tag.

/// The first line that is not blank, without control characters, cut to `most` characters.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let mut shown: String = line.chars().take(most).map(visible).collect();
    if line.chars().nth(most).is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

/// The first line of a text that says why something went wrong, fit for a terminal.
pub fn shown_line(text: &str) -> String {
    one_line(text, 300)
}

/// Control characters and those that reorder a line become `�`; a tab becomes a blank.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => '\u{fffd}',
        '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c => c,
    }
}

/// One line as a code span for a cell of a Markdown table: nothing in it is markup, a mention or a link.
pub(super) fn markdown_code(text: &str, most: usize) -> String {
    let line = one_line(text, most);
    if line.is_empty() {
        return String::new();
    }
    let mut cell = String::with_capacity(line.len() + 2);
    cell.push('`');
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '`' => cell.push('\''),
            '|' => cell.push_str("\\|"),
            // Before a bar or the end it would escape what must not be escaped.
            '\\' if matches!(chars.peek(), None | Some('|' | '`')) => cell.push('∖'),
            c => cell.push(c),
        }
    }
    cell.push('`');
    cell
}

/// Text for XML 1.0, element content and attribute values alike. Line ends become references, because a parser would
/// make blanks of them in attributes; characters XML has no place for become `�`.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            '\r' => escaped.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_see_no_escapes() {
        assert_eq!(one_line("\n  \u{1b}[2Jgone\tx\u{202e}y\nmore", 80), "\u{fffd}[2Jgone x\u{fffd}y");
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("abcdefg", 6), "abcde…");
        assert_eq!(one_line("", 6), "");
    }

    #[test]
    fn markdown_cells_stay_cells() {
        assert_eq!(markdown_code("a | b ` @all \\| c\\", 80), "`a \\| b ' @all ∖\\| c∖`");
        assert_eq!(markdown_code(" \n", 80), "");
    }

    #[test]
    fn xml_holds_any_text() {
        assert_eq!(
            xml("a<b> & \"c\"\n\u{0}\u{1b}\u{ffff}ℝ"),
            "a&lt;b&gt; &amp; &quot;c&quot;&#10;\u{fffd}\u{fffd}\u{fffd}ℝ"
        );
    }
}
