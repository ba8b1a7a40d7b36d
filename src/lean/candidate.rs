//! Cuts a model's output down to the Lean in it. Owns which parts count; must never move what it keeps: every kept
//! character has the line and the code-point column it had in the output.

use super::commands::starts_command;
use super::declarations::declarations;
use super::fences::{Fence, Language, fences, opens};
use super::lexer::lex;
use std::collections::HashSet;
use std::ops::Range;

/// The Lean part of a model's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeanText {
    /// The output with everything that is not Lean blanked; as many lines as the output has.
    pub text: String,
    /// Where the Lean was found.
    pub kind: TextKind,
}

/// Where the Lean of an output was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// The whole output is Lean.
    Raw,
    /// In Markdown fences; the rest is blanked.
    Fenced,
    /// Nowhere: prose, a refusal, or nothing at all. The text is blank.
    None,
}

/// End marks that models emit as text.
const END_TOKENS: [&str; 9] = [
    "<|endoftext|>",
    "<|im_end|>",
    "<|end_of_text|>",
    "<|eot_id|>",
    "<|end|>",
    "<end_of_turn>",
    "<eos>",
    "</s>",
    "<｜end▁of▁sentence｜>",
];

/// Finds the Lean in a model's output.
///
/// Fences that name Lean count; without any, those that name nothing; without any, the whole output is Lean if some
/// line reads like a Lean command. An output that begins with Lean is Lean up to the first fence mark outside its
/// comments: an unpaired mark there closes the fence that the prompt opened. Of several counting fences a later one
/// replaces an earlier one that it contains or whose names it declares again, unless it merely quotes from it.
pub fn lean_text(output: &str) -> LeanText {
    let output = without_edge_marks(output);
    let lines: Vec<&str> = output.split_inclusive('\n').collect();
    let counting = counting_blocks(&output, &lines);
    if let Some(blocks) = counting {
        return keep(&lines, &current(&lines, blocks));
    }
    let foreign = fences(&lines, 0).into_iter().filter(|f| f.language == Language::Other).map(|f| f.content);
    let foreign = marked(lines.len(), foreign);
    if lines.iter().zip(foreign).any(|(line, is_foreign)| !is_foreign && starts_command(line)) {
        LeanText { text: output, kind: TextKind::Raw }
    } else {
        keep(&lines, &[])
    }
}

/// The text with every line outside `blocks` blanked.
fn keep(lines: &[&str], blocks: &[Range<usize>]) -> LeanText {
    let kept = marked(lines.len(), blocks.iter().cloned());
    let text: String = lines.iter().zip(kept).map(|(line, kept)| if kept { line } else { line_end(line) }).collect();
    let kind = if text.trim().is_empty() { TextKind::None } else { TextKind::Fenced };
    LeanText { text, kind }
}

/// Which of `count` lines lie in one of the blocks.
fn marked(count: usize, blocks: impl Iterator<Item = Range<usize>>) -> Vec<bool> {
    let mut marks = vec![false; count];
    blocks.for_each(|block| marks[block].fill(true));
    marks
}

/// The output with a leading byte order mark and trailing end tokens replaced by as many spaces as they have code
/// points.
fn without_edge_marks(output: &str) -> String {
    let (mut text, body) = match output.strip_prefix('\u{feff}') {
        Some(body) => (String::from(" "), body),
        None => (String::new(), output),
    };
    let mut end = body.trim_end();
    while let Some(shorter) = END_TOKENS.iter().find_map(|token| end.strip_suffix(token)) {
        end = shorter.trim_end();
    }
    text.push_str(end);
    text.extend(body[end.len()..].chars().map(|c| if c.is_whitespace() { c } else { ' ' }));
    text
}

/// The line ranges that hold Lean if fences decide, `None` if the output as a whole does.
fn counting_blocks(output: &str, lines: &[&str]) -> Option<Vec<Range<usize>>> {
    let content = |fences: &[Fence], language| -> Vec<_> {
        fences.iter().filter(|f| f.language == language).map(|f| f.content.clone()).collect()
    };
    let first = lines.iter().position(|line| !line.trim().is_empty())?;
    if starts_command(lines[first]) {
        let mark = first_mark_outside_comments(output, lines)?;
        if opens(lines[mark]) == Some(Language::Unnamed) && !holds_lean(lines, mark) {
            let later = content(&fences(lines, mark + 1), Language::Lean);
            return Some(std::iter::once(0..mark).chain(later).collect());
        }
    }
    let found = fences(lines, 0);
    let named = content(&found, Language::Lean);
    let blocks = if named.is_empty() { content(&found, Language::Unnamed) } else { named };
    (!blocks.is_empty()).then_some(blocks)
}

/// The first line that could be a fence mark and lies in no Lean comment or string.
fn first_mark_outside_comments(output: &str, lines: &[&str]) -> Option<usize> {
    let lexed = lex(output);
    let mut offset = 0;
    lines.iter().position(|line| {
        let at = offset + line.len() - line.trim_start().len();
        offset += line.len();
        opens(line).is_some() && !lexed.is_covered(at)
    })
}

/// True if the fence opened at line `mark` is closed again and begins with a Lean command.
fn holds_lean(lines: &[&str], mark: usize) -> bool {
    let Some(fence) = fences(lines, mark).into_iter().next() else { return false };
    let begins = lines[fence.content.clone()].iter().find(|line| !line.trim().is_empty());
    fence.content.end < lines.len() && begins.is_some_and(|line| starts_command(line))
}

/// How many fences are compared with one another; an output with more is no serious one and is joined as it is.
const COMPARED: usize = 256;

/// The blocks left after later ones have replaced earlier ones.
fn current(lines: &[&str], blocks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    if blocks.len() > COMPARED {
        return blocks;
    }
    let mut kept: Vec<(Range<usize>, String, HashSet<String>)> = Vec::new();
    for block in blocks {
        let text = lines[block.clone()].concat();
        let names = names(&text);
        let trimmed = text.trim();
        let quotes = |earlier: &str| trimmed.len() < earlier.trim().len() && earlier.contains(trimmed);
        if trimmed.is_empty() || kept.iter().any(|(_, earlier, _)| quotes(earlier)) {
            continue;
        }
        kept.retain(|(_, earlier, old)| !text.contains(earlier.trim()) && names.is_disjoint(old));
        kept.push((block, text, names));
    }
    kept.into_iter().map(|(block, _, _)| block).collect()
}

fn names(text: &str) -> HashSet<String> {
    declarations(text).iter().filter_map(|d| d.name.map(str::to_owned)).collect()
}

/// The newline of a line, `\r` included.
fn line_end<'l>(line: &&'l str) -> &'l str {
    &line[line.trim_end_matches(['\r', '\n']).len()..]
}

#[cfg(test)]
#[path = "candidate_tests.rs"]
mod tests;
