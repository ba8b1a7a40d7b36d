//! Where a text declares a name. Owns that search; namespaces are read by `namespaces`.

use super::commands::DECLARATIONS;
use super::lexer::lex;
use super::namespaces::{Namespaces, is_name};
use std::ops::Range;

/// The bytes of the name where `full` is declared.
pub fn declared_at(text: &str, full: &str) -> Option<Range<usize>> {
    let lexed = lex(text);
    let spaces = Namespaces::read(&lexed.tokens);
    lexed.tokens.windows(2).find_map(|pair| {
        let [keyword, name] = pair else { return None };
        let declares = DECLARATIONS.contains(&keyword.text) && is_name(name.text) && !name.line_start;
        (declares && spaces.full(name.start, name.text) == full).then(|| name.start..name.end())
    })
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
