//! Whether a text can have a header (`module`, `prelude`, imports). Owns a look at its beginning that answers only where
//! the answer is sure; everything else is left to Lean's own parser of headers, which is slow to start.

/// Words a header begins with, and modifiers of imports.
const HEADER: [&str; 6] = ["module", "prelude", "import", "public", "meta", "private"];

/// Words that are no module's name.
const KEYWORDS: [&str; 3] = ["Type", "Prop", "Sort"];

/// What a plain header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainHeader {
    /// Imported modules in order.
    pub imports: Vec<String>,
    /// Byte offset of the first command, or of the end.
    pub first_command: usize,
}

/// Reads a header that is nothing but imports and comments, or none. `None` if only Lean can tell.
pub fn plain_header(text: &str) -> Option<PlainHeader> {
    let mut imports = Vec::new();
    let mut rest = behind_blanks(text)?;
    while let Some(import) = rest.strip_prefix("import ") {
        let name = import.trim_start_matches([' ', '\n']);
        let end = name.find([' ', '\n']).unwrap_or(name.len());
        let (name, behind) = name.split_at(end);
        if !is_plain_module(name) {
            return None;
        }
        imports.push(name.to_owned());
        rest = behind_blanks(behind)?;
    }
    let word = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
    let is_command = word.starts_with(|c: char| c.is_ascii_alphabetic()) && !HEADER.contains(&word);
    let is_documented = rest.starts_with("/-- ") || rest.starts_with("/--\n");
    let is_over = rest.is_empty() && !imports.is_empty();
    let is_sure = is_command || is_documented || is_over || rest.starts_with("@[");
    is_sure.then(|| PlainHeader { imports, first_command: text.len() - rest.len() })
}

/// The text behind spaces, line feeds and comments to the end of a line; `None` if a comment has no end.
fn behind_blanks(mut rest: &str) -> Option<&str> {
    loop {
        rest = rest.trim_start_matches([' ', '\n']);
        match rest.strip_prefix("--") {
            Some(comment) => rest = &comment[comment.find('\n')?..],
            None => return Some(rest),
        }
    }
}

/// True for names like `Init.Data.List`.
fn is_plain_module(name: &str) -> bool {
    let is_plain = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    !KEYWORDS.contains(&name) && name.split('.').all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::{PlainHeader, plain_header};

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
            let header = PlainHeader { imports: vec![], first_command: at };
            assert_eq!(plain_header(text), Some(header), "{text}");
        }
    }

    #[test]
    fn plain_imports_are_read() {
        for (text, imports, at) in [
            ("import AfCore", vec!["AfCore"], 13),
            ("import Init.Data.List\nimport Std -- all of it\n\nopen Nat\n", vec!["Init.Data.List", "Std"], 47),
            ("-- notes\nimport A import B\n", vec!["A", "B"], 27),
        ] {
            let imports = imports.into_iter().map(str::to_owned).collect();
            assert_eq!(plain_header(text), Some(PlainHeader { imports, first_command: at }), "{text}");
        }
    }

    #[test]
    fn what_may_be_a_header_is_left_to_lean() {
        for text in [
            "",
            "import all Init",
            "import Type",
            "import Init.«a b»",
            "import A.",
            "import A\tB",
            "import A/- -/",
            "import A -- no end",
            "import A\nprelude",
            "import\nA",
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
            assert_eq!(plain_header(text), None, "{text}");
        }
    }
}
