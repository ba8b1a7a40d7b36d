//! LaTeX: paragraphs of the document. Owns comments and environments, which a blank line does not end.

use super::Unit;

/// Where `%` and `\begin` are text.
const VERBATIM: [&str; 4] = ["verbatim", "lstlisting", "minted", "Verbatim"];

/// Paragraphs between blank lines outside of all environments, without comments and preamble; a theorem or a proof is one.
pub fn paragraphs(text: &str) -> Vec<Unit> {
    let begin = text.find("\\begin{document}").map_or(0, |at| at + "\\begin{document}".len());
    let end = text[begin..].find("\\end{document}").map_or(text.len(), |at| begin + at);
    let (mut units, mut at) = (Vec::new(), begin);
    let mut open: Option<Unit> = None;
    let mut environments: Vec<&str> = Vec::new();
    for line in text[begin..end].split_inclusive('\n') {
        let is_verbatim = environments.last().is_some_and(|name| VERBATIM.contains(name));
        let code = if is_verbatim { line } else { without_comment(line) };
        let is_blank = code.trim().is_empty();
        // A comment alone on its line is no blank line.
        if is_blank && line.trim().is_empty() && environments.is_empty() {
            units.extend(open.take());
        } else if !is_blank || is_verbatim || line.trim().is_empty() {
            let unit = open.get_or_insert(Unit { start: at, text: String::new() });
            unit.text += code.trim_end_matches('\n');
            unit.text.push('\n');
        }
        track(code, &mut environments);
        at += line.len();
    }
    units.extend(open);
    units.iter_mut().for_each(|unit| unit.text = unit.text.trim().to_owned());
    units
}

/// The line up to a `%` that is not escaped.
fn without_comment(line: &str) -> &str {
    let mut is_escaped = false;
    let comment = line.find(|c| {
        let is_comment = c == '%' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_comment
    });
    comment.map_or(line, |at| line[..at].trim_end())
}

/// Opens and closes environments as a line does.
fn track<'a>(line: &'a str, environments: &mut Vec<&'a str>) {
    let mut rest = line;
    while let Some(at) = rest.find("\\begin{").into_iter().chain(rest.find("\\end{")).min() {
        let is_begin = rest[at..].starts_with("\\begin{");
        let after = &rest[at + if is_begin { 7 } else { 5 }..];
        let Some(close) = after.find('}') else { return };
        let name = &after[..close];
        let is_verbatim = environments.last().is_some_and(|last| VERBATIM.contains(last));
        if is_begin && !is_verbatim {
            environments.push(name);
        } else if !is_begin && environments.last() == Some(&name) {
            environments.pop();
        }
        rest = &after[close..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn environments_hold_together_and_comments_are_gone() {
        let text = "\\documentclass{article} % x\n\\begin{document}\n\n\\section{Primes} % note\n\n\
            Let $p$ be 50\\% prime.\n% a comment, no paragraph\nThen it is odd.\n  \n\
            \\begin{theorem}\nThere are many.\n\n\\begin{align*}\n a &= b\n\\end{align*}\n\n\\end{theorem}\n\\begin{verbatim}\n% kept \\begin{x}\n\n\\end{verbatim}\n\n% only\n\nLast.\n\\end{document}\nno\n";
        assert_eq!(
            texts(paragraphs(text)),
            [
                "\\section{Primes}",
                "Let $p$ be 50\\% prime.\nThen it is odd.",
                "\\begin{theorem}\nThere are many.\n\n\\begin{align*}\n a &= b\n\\end{align*}\n\n\\end{theorem}\n\\begin{verbatim}\n% kept \\begin{x}\n\n\\end{verbatim}",
                "Last.",
            ]
        );
    }

    #[test]
    fn what_is_not_closed_goes_to_the_end() {
        assert_eq!(texts(paragraphs("a\n\n\\begin{proof}\nb\n\nc\\end{x}")), ["a", "\\begin{proof}\nb\n\nc\\end{x}"]);
    }
}
