//! Whether a text can have a header (`module`, `prelude`, imports). Owns a look at its beginning that answers only where
//! the answer is sure; everything else is left to Lean's own parser of headers, which is slow to start.

/// Words a header begins with, and modifiers of imports.
const HEADER: [&str; 6] = ["module", "prelude", "import", "public", "meta", "private"];

/// Byte offset of the first command of a text that has no header. `None` if only Lean can tell.
pub fn first_command(text: &str) -> Option<usize> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\n']);
        match rest.strip_prefix("--") {
            Some(comment) => rest = &comment[comment.find('\n')?..],
            None => break,
        }
    }
    let word = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
    let is_command = word.starts_with(|c: char| c.is_ascii_alphabetic()) && !HEADER.contains(&word);
    let is_documented = rest.starts_with("/-- ") || rest.starts_with("/--\n");
    (is_command || is_documented || rest.starts_with("@[")).then(|| text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::first_command;

    #[test]
    fn commands_begin_behind_blanks_and_comments() {
        for (text, at) in [
            ("theorem t : True := trivial", 0),
            ("\n  theorem t : True := trivial", 3),
            ("-- import Mathlib\n\nopen Nat in\n", 19),
            ("-- é\n-- b\n@[simp] theorem t : True := trivial", 11),
            ("/-- A fact. -/\ntheorem t : True := trivial", 0),
            ("imports : Nat", 0),
        ] {
            assert_eq!(first_command(text), Some(at), "{text}");
        }
    }

    #[test]
    fn what_may_be_a_header_is_left_to_lean() {
        for text in [
            "",
            "import Init",
            "\nprelude",
            "module\npublic import Init",
            "public theorem t : True := trivial",
            "/- import -/ theorem t : True := trivial",
            "\ttheorem t : True := trivial",
            "/-! notes -/",
            "-- a comment",
            "/--/ theorem t : True := trivial",
            "#eval 1",
            "«a b»",
            "\u{feff}theorem t : True := trivial",
            "é",
        ] {
            assert_eq!(first_command(text), None, "{text}");
        }
    }
}
