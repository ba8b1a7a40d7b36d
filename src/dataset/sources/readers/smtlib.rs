//! SMT-LIB: scripts. Owns where commands begin and end; `(reset)` and `(exit)` end a script, as they do for a solver.

use super::Unit;
use super::lexis::{Opaque, Piece, code};

const OPAQUE: [Opaque; 3] = [Opaque::Line(";"), Opaque::Doubled('"'), Opaque::Block("|", "|")];

/// The scripts of a file: most files are one. A script without an assertion says nothing and is left out.
pub fn scripts(text: &str) -> Vec<Unit> {
    let (mut units, mut depth) = (Vec::new(), 0usize);
    // Of the script: its beginning, its end so far, whether it asserts something.
    let mut open: Option<(usize, usize, bool)> = None;
    let mut command = "";
    let mut ended = |open: Option<(usize, usize, bool)>| {
        units.extend(open.filter(|open| open.2).map(|(start, end, _)| Unit::slice(text, start, end)));
    };
    let pieces = code(text, &OPAQUE);
    for (at, piece) in pieces.iter().enumerate() {
        if piece.is_mark("(") {
            if depth == 0 {
                let ends_word = |piece: &&Piece<'_>| piece.is_mark("(") || piece.is_mark(")");
                let name_end = pieces[at + 1..].iter().find(ends_word).map_or(text.len(), |piece| piece.start);
                command = text[piece.end()..name_end].split_whitespace().next().unwrap_or_default();
                open.get_or_insert((piece.start, piece.end(), false));
            }
            depth += 1;
        } else if piece.is_mark(")") && depth > 0 {
            depth -= 1;
            if depth > 0 {
                continue;
            }
            if let Some((_, end, asserts)) = &mut open {
                *end = piece.end();
                *asserts |= command == "assert" || command == "assert-soft";
            }
            if ["reset", "exit"].contains(&command) {
                ended(open.take());
            }
        }
    }
    ended(open);
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn scripts_end_where_a_solver_forgets() {
        let text = "; header (assert\n(set-logic QF_LIA)\n(set-info :source |it's ) (reset) |)\n(declare-const x Int)\n\
            (assert (> x 0)) ; positive )\n(assert (= \"a \"\" ) \" |y ( |))\n(check-sat)\n(reset)\n\
            (declare-const p Bool)\n(assert p)\n(check-sat)\n(exit)\n; end\n";
        let found = texts(scripts(text));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("(set-logic QF_LIA)") && found[0].ends_with("(check-sat)\n(reset)"), "{found:?}");
        assert_eq!(found[1], "(declare-const p Bool)\n(assert p)\n(check-sat)\n(exit)");
    }

    #[test]
    fn broken_scripts_end_with_their_last_whole_command() {
        assert_eq!(texts(scripts("(assert a) ) (check-sat) (assert (b")), ["(assert a) ) (check-sat)"]);
        assert_eq!(texts(scripts("(set-logic ALL) (check-sat)")), Vec::<String>::new());
    }
}
