//! TPTP: annotated formulas. Owns which there are and where they end.

use super::Unit;
use super::lexis::{Opaque, code};

const OPAQUE: [Opaque; 4] = [Opaque::Line("%"), Opaque::Block("/*", "*/"), Opaque::Escaped('\''), Opaque::Escaped('"')];

const LANGUAGES: [&str; 6] = ["thf", "tff", "tcf", "fof", "cnf", "tpi"];

/// The formulas of a problem or a set of axioms; inclusions are left out.
pub fn formulas(text: &str) -> Vec<Unit> {
    let (mut units, mut depth, mut open) = (Vec::new(), 0usize, None);
    for piece in code(text, &OPAQUE) {
        match piece.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            "." if depth == 0 => {
                units.extend(open.take().map(|start| Unit::slice(text, start, piece.end())));
            }
            word if depth == 0 && open.is_none() && LANGUAGES.contains(&word) => open = Some(piece.start),
            _ => {}
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn formulas_end_outside_of_brackets() {
        let text = "% Problem : fof(no,axiom,p).\ninclude('Axioms/SET001-0.ax').\n\
            fof(a1,axiom,( ! [X] : ( p(X) => 'q. r\\'.'(X) ) ) ). /* thf(b). */\n\
            cnf(c,negated_conjecture,( ~ p(a) | q(\"x.)\") )).\ntff(t,type,(\n    n: $int )).\nfof(open,axiom,p(";
        assert_eq!(
            texts(formulas(text)),
            [
                "fof(a1,axiom,( ! [X] : ( p(X) => 'q. r\\'.'(X) ) ) ).",
                "cnf(c,negated_conjecture,( ~ p(a) | q(\"x.)\") )).",
                "tff(t,type,(\n    n: $int )).",
            ]
        );
    }
}
