//! Where a text declares a name. Owns the reading of namespaces as the words at the beginning of lines tell them.

use super::commands::DECLARATIONS;
use super::lexer::lex;
use std::ops::Range;

/// The bytes of the name where `full` is declared.
pub fn declared_at(text: &str, full: &str) -> Option<Range<usize>> {
    let lexed = lex(text);
    // Names that `namespace` put in front; a `section` puts nothing there.
    let mut open: Vec<String> = Vec::new();
    for pair in lexed.tokens.windows(2) {
        let [token, next] = pair else { continue };
        let is_name = next.text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '«') && !next.line_start;
        match token.text {
            "namespace" if token.line_start && is_name => open.push(next.text.to_owned()),
            "section" if token.line_start => open.push(String::new()),
            "end" if token.line_start => drop(open.pop()),
            word if DECLARATIONS.contains(&word) && is_name => {
                let inside = open.iter().filter(|name| !name.is_empty()).cloned().collect::<Vec<_>>();
                let name = match next.text.strip_prefix("_root_.") {
                    Some(root) => root.to_owned(),
                    None => [&inside[..], &[next.text.to_owned()]].concat().join("."),
                };
                if name == full {
                    return Some(next.start..next.end());
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::declared_at;

    #[test]
    fn names_stand_in_their_namespaces() {
        let text = "namespace A\nsection\ntheorem t : True := trivial\nend\nnamespace B.C\n@[simp] def f := 1\n\
                    theorem _root_.r : True := trivial\nend B.C\ntheorem u : True := by\n  trivial\nend A\ndef t := 2\n";
        let at = |name| declared_at(text, name).map(|range| (text[..range.start].matches('\n').count(), &text[range]));
        assert_eq!(at("A.t"), Some((2, "t")));
        assert_eq!(at("A.B.C.f"), Some((5, "f")));
        assert_eq!(at("r"), Some((6, "_root_.r")));
        assert_eq!(at("A.u"), Some((8, "u")));
        assert_eq!(at("t"), Some((11, "t")));
        assert_eq!(at("B.t"), None);
    }
}
