//! Where a text may be elaborated in parts. Owns the choice of places, which depends on the text alone and, for each
//! place, on nothing behind its line: texts that begin the same are split the same.

use super::lexer::lex;

/// Parts a text is split into at most.
const MOST: usize = 8;

/// Words a statement begins with.
const STATEMENTS: [&str; 3] = ["theorem", "lemma", "example"];

/// Byte offsets of unindented statements in front of which the parser can stop: each begins a command of its own, as far
/// as a look at the lines can tell. A part that ends badly all the same is found by Lean's parser.
pub fn split_points(text: &str) -> Vec<usize> {
    // Most texts are one statement.
    let candidates = text.match_indices('\n').map(|(at, _)| at + 1).filter(|at| begins_statement(&text[*at..]));
    let mut candidates = candidates.peekable();
    if candidates.peek().is_none() {
        return vec![];
    }
    let lexed = lex(text);
    let mut points = Vec::new();
    let mut mutual = false;
    let mut line_start = 0;
    let mut before = "";
    for line in text.split_inclusive('\n') {
        let is_code = !lexed.is_covered(line_start);
        if is_code && begins_statement(line) && !mutual && ends_command(before) && points.len() + 1 < MOST {
            points.push(line_start);
        }
        if is_code && line.starts_with("mutual") {
            mutual = true;
        } else if is_code && line.starts_with("end") {
            mutual = false;
        }
        if !line.trim().is_empty() {
            before = line.trim();
        }
        line_start += line.len();
    }
    points
}

fn begins_statement(line: &str) -> bool {
    STATEMENTS.iter().any(|word| line.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '\n'])))
}

/// False for lines that belong to what follows: documentation, attributes, `open .. in`, modifiers. There must be one.
fn ends_command(line: &str) -> bool {
    let last = line.split_whitespace().next_back().unwrap_or_default();
    !(line.is_empty()
        || line.ends_with("-/")
        || line.ends_with(']')
        || last == "in"
        || super::commands::MODIFIERS.contains(&last))
}

#[cfg(test)]
mod tests {
    use super::split_points;

    fn parts(text: &str) -> Vec<&str> {
        let points = split_points(text);
        let ends = points.iter().copied().chain([text.len()]);
        let starts = [0].into_iter().chain(points.iter().copied());
        starts.zip(ends).map(|(from, to)| &text[from..to]).collect()
    }

    #[test]
    fn statements_begin_parts() {
        let text = "def f := 1\n\ntheorem a : True := by\n  trivial\nlemma b : True := a\n";
        assert_eq!(parts(text), ["def f := 1\n\n", "theorem a : True := by\n  trivial\n", "lemma b : True := a\n"]);
        assert_eq!(parts("theorem a : True := trivial"), ["theorem a : True := trivial"]);
        assert_eq!(parts("\n-- note\n"), ["\n-- note\n"]);
    }

    #[test]
    fn what_belongs_together_stays_together() {
        for text in [
            "def f := 1\n@[simp]\ntheorem a : True := trivial\n",
            "def f := 1\n/-- about a -/\ntheorem a : True := trivial\n",
            "open Nat in\ntheorem a : True := trivial\n",
            "def f := 1\n/-\ntheorem a\n-/\n",
            "mutual\ntheorem a : True := b\ntheorem b : True := a\nend\n",
            "def f := 1\nprivate\ntheorem a : True := trivial\n",
            "def s := \"\ntheorem a\n\"\n",
            "def f := 1\n  theorem a : True := trivial\n",
        ] {
            assert_eq!(parts(text), [text]);
        }
    }

    #[test]
    fn texts_that_begin_the_same_are_split_the_same() {
        let begin = "def f := 1\ntheorem a : True := trivial\n";
        let long = format!("{begin}{}", "theorem t : True := trivial\n".repeat(20));
        assert!(split_points(&long).starts_with(&split_points(&format!("{begin}theorem other : False := sorry"))[..2]));
        assert_eq!(split_points(&long).len(), 7);
    }
}
