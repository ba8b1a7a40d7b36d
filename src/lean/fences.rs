//! Markdown fences in a model's output. Owns where they open and close and what their info strings say; which of them
//! count is `candidate`'s to decide.

use std::ops::Range;

/// What a fence's info string says about its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Lean,
    Unnamed,
    Other,
}

/// One fenced block, in line numbers from zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fence {
    pub language: Language,
    /// The line of the opening mark.
    pub open: usize,
    /// The lines between the marks; to the end of the text if the fence is never closed.
    pub content: Range<usize>,
}

/// An opening mark: its character, its length, its indentation and its info string.
struct Mark<'a> {
    character: char,
    length: usize,
    indentation: usize,
    info: &'a str,
}

/// The fences among the lines of a text from line `from` on.
pub(super) fn fences(lines: &[&str], from: usize) -> Vec<Fence> {
    let mut found = Vec::new();
    let mut at = from;
    while at < lines.len() {
        let open = at;
        at += 1;
        let Some(mark) = opening(lines[open]) else { continue };
        let closes = |line: &&str| closing(line, &mark);
        let end = lines[at..].iter().position(closes).map_or(lines.len(), |i| at + i);
        found.push(Fence { language: language(mark.info), open, content: at..end });
        at = end + 1;
    }
    found
}

/// The language of the fence this line would open, if it would open one.
pub(super) fn opens(line: &str) -> Option<Language> {
    opening(line).map(|mark| language(mark.info))
}

/// A mark is indented by at most three spaces, as in `CommonMark`; one that names Lean by any number, for lists.
fn opening(line: &str) -> Option<Mark<'_>> {
    let trimmed = line.trim();
    let character = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = trimmed.trim_start_matches(character);
    let length = trimmed.len() - info.len();
    let indentation = line.len() - line.trim_start().len();
    let info = info.trim();
    let valid = length >= 3
        && (character == '~' || !info.contains('`'))
        && (indentation <= 3 || language(info) == Language::Lean);
    valid.then_some(Mark { character, length, indentation, info })
}

fn closing(line: &str, mark: &Mark) -> bool {
    let trimmed = line.trim();
    trimmed.len() >= mark.length
        && trimmed.chars().all(|c| c == mark.character)
        && line.len() - line.trim_start().len() <= mark.indentation + 3
}

fn language(info: &str) -> Language {
    let name = info.trim_start_matches(['{', '.', ' ']);
    match name.get(..4) {
        _ if info.is_empty() => Language::Unnamed,
        Some(start) if start.eq_ignore_ascii_case("lean") => Language::Lean,
        _ => Language::Other,
    }
}

/// Lines of the blocks that name Lean, in order.
pub fn lean_blocks(lines: &[&str]) -> Vec<Range<usize>> {
    let named = fences(lines, 0).into_iter().filter(|fence| fence.language == Language::Lean);
    named.map(|fence| fence.content).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        for info in ["lean", "lean4", "Lean", "LEAN 4", "lean4:main.lean", "{.lean}", "{.lean4 .numberLines}", "lean,x"]
        {
            assert_eq!(language(info), Language::Lean, "{info}");
        }
        for info in ["python", "coq", "text", "isabelle", "le", "{.text}", "éé"] {
            assert_eq!(language(info), Language::Other, "{info}");
        }
        assert_eq!(language(""), Language::Unnamed);
    }

    #[test]
    fn marks_open_close_and_nest_as_in_common_mark() {
        let text =
            "a\n````lean\n```\nb\n````\n~~~\n```\n~~~~\n   ```text\nc\n    ```x\n  ```  \n``` `x` ```\n```lean4\nd";
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let shape: Vec<_> = fences(&lines, 0).into_iter().map(|f| (f.language, f.open, f.content)).collect();
        assert_eq!(
            shape,
            [
                (Language::Lean, 1, 2..4),
                (Language::Unnamed, 5, 6..7),
                (Language::Other, 8, 9..11),
                (Language::Lean, 13, 14..15),
            ]
        );
        assert_eq!(opens("      ```lean\r\n"), Some(Language::Lean));
        assert_eq!(opens("      ```\n"), None);
    }
}
