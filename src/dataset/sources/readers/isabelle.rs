//! Isabelle: declarations of theories, with their proofs. Owns the commands of the outer syntax.

use super::Unit;
use super::lexis::{Opaque, Piece, Sort, code};

const OPAQUE: [Opaque; 6] = [
    Opaque::Nested("(*", "*)"),
    Opaque::Block("{*", "*}"),
    Opaque::Cartouche("\\<open>", "\\<close>"),
    Opaque::Cartouche("‹", "›"),
    Opaque::Escaped('"'),
    Opaque::Escaped('`'),
];

const DECLARATIONS: [&str; 29] = [
    "lemma",
    "theorem",
    "corollary",
    "proposition",
    "schematic_goal",
    "definition",
    "abbreviation",
    "fun",
    "function",
    "primrec",
    "primcorec",
    "partial_function",
    "datatype",
    "codatatype",
    "type_synonym",
    "typedef",
    "record",
    "inductive",
    "inductive_set",
    "coinductive",
    "coinductive_set",
    "axiomatization",
    "consts",
    "locale",
    "class",
    "lift_definition",
    "termination",
    "instance",
    "nominal_datatype",
];

/// Commands that end a declaration. Those that may also stand in proofs count at the very beginning of a line only.
const OTHERS: [&str; 36] = [
    "theory",
    "imports",
    "begin",
    "end",
    "context",
    "instantiation",
    "interpretation",
    "global_interpretation",
    "sublocale",
    "subclass",
    "declare",
    "declaration",
    "lemmas",
    "theorems",
    "named_theorems",
    "notation",
    "no_notation",
    "syntax",
    "translations",
    "hide_const",
    "hide_fact",
    "setup",
    "ML",
    "ML_file",
    "method",
    "bundle",
    "unbundle",
    "setup_lifting",
    "code_printing",
    "export_code",
    "value",
    "section",
    "subsection",
    "chapter",
    "text",
    "hide_type",
];

const MODIFIERS: [&str; 2] = ["private", "qualified"];

/// Every declaration; a proof goes with it.
pub fn declarations(text: &str) -> Vec<Unit> {
    let pieces = code(text, &OPAQUE);
    let (mut units, mut open) = (Vec::new(), None);
    for (at, piece) in pieces.iter().enumerate() {
        let Some(is_declaration) = begins(text, piece, pieces.get(at + 1)) else { continue };
        if let Some(start) = open.take() {
            units.push(Unit::slice(text, start, pieces[at - 1].end()));
        }
        open = is_declaration.then_some(piece.start);
    }
    units.extend(open.map(|start| Unit::slice(text, start, pieces.last().map_or(0, Piece::end))));
    units
}

/// Whether a piece begins a command of a theory, and if so, whether that declares something.
fn begins(text: &str, piece: &Piece<'_>, next: Option<&Piece<'_>>) -> Option<bool> {
    if !piece.begins_line || piece.sort != Sort::Word {
        return None;
    }
    let word = match next {
        Some(next) if MODIFIERS.contains(&piece.text) => next.text,
        _ => piece.text,
    };
    let is_unindented = text[..piece.start].chars().next_back().is_none_or(|c| c == '\n');
    if DECLARATIONS.contains(&word) { Some(true) } else { (is_unindented && OTHERS.contains(&word)).then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn declarations_have_their_proofs() {
        let text = "theory T imports Main begin\n\ntext ‹The lemma\nlemma no: ‹True›\n›\n\
            lemma add_0: \"x + 0 = (x::nat)\"\n  (* lemma (* nested *) *)\n  by simp\n\n\
            private definition sq where \"sq x = x * \\\"x\\\"\"\n\n\
            locale l = fixes f :: \"'a\"\nbegin\n\n  theorem t[simp]:\n    assumes \"P\"\n    shows \\<open>P\\<close>\n  proof -\n    text ‹in a proof›\n    show ?thesis using assms .\n  qed\n\nend\n\
            fun f where\n  \"f 0 = 1\"\n| \"f (Suc n) = f n\"\n\nend\n";
        assert_eq!(
            texts(declarations(text)),
            [
                "lemma add_0: \"x + 0 = (x::nat)\"\n  (* lemma (* nested *) *)\n  by simp",
                "private definition sq where \"sq x = x * \\\"x\\\"\"",
                "locale l = fixes f :: \"'a\"",
                "theorem t[simp]:\n    assumes \"P\"\n    shows \\<open>P\\<close>\n  proof -\n    text ‹in a proof›\n    show ?thesis using assms .\n  qed",
                "fun f where\n  \"f 0 = 1\"\n| \"f (Suc n) = f n\"",
            ]
        );
        assert_eq!(texts(declarations("lemma a: ‹open\nlemma b")), ["lemma a: ‹open\nlemma b"]);
    }
}
