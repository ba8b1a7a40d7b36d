//! Mizar: theorems, definitions, registrations and schemes of an article, with their proofs. Owns the words that open and
//! close blocks.

use super::Unit;
use super::lexis::{Opaque, Piece, Sort, code};

const OPAQUE: [Opaque; 2] = [Opaque::Line("::"), Opaque::Escaped('"')];

/// Items that begin so end with a semicolon outside of all blocks.
const STATEMENTS: [&str; 2] = ["theorem", "scheme"];
/// Items that are blocks.
const BLOCKS: [&str; 3] = ["definition", "registration", "notation"];
/// What opens a block with an `end` of its own, beside these.
const OPENERS: [&str; 5] = ["proof", "now", "hereby", "case", "suppose"];

/// The items of an article, in order. Its environment, `reserve` and unnamed lemmas are left out.
pub fn items(text: &str) -> Vec<Unit> {
    let (mut units, mut depth) = (Vec::new(), 0usize);
    let mut open: Option<usize> = None;
    for piece in code(text, &OPAQUE) {
        let is_word = piece.sort == Sort::Word;
        let begins_block = is_word && BLOCKS.contains(&piece.text);
        if depth == 0 && open.is_none() && is_word && (begins_block || STATEMENTS.contains(&piece.text)) {
            open = Some(piece.start);
        }
        if begins_block || is_word && OPENERS.contains(&piece.text) {
            depth += 1;
        } else if is_word && piece.text == "end" {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && piece.is_mark(";") {
            units.extend(open.take().map(|start| Unit::slice(text, start, Piece::end(&piece))));
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn items_end_with_their_proofs() {
        let text = ":: Boolean properties; theorem\nenviron\n vocabularies TARSKI, XBOOLE_0;\nbegin\n\nreserve x,y for set;\n\n\
            theorem Th1: :: the first\n  x c= y implies x \\/ y = y\nproof\n  assume x c= y;\n  now let z be object;\n    per cases;\n    suppose z in x; hence thesis; end;\n    suppose z in y; hence thesis; end;\n  end;\n  hence thesis;\nend;\n\n\
            Lm1: x = x;\n\ntheorem x c= x by Th1;\n\ndefinition\n  let x;\n  func f x -> set means :Def1: it = x;\n  existence;\n  uniqueness\n  proof\n    thus thesis;\n  end;\nend;\n\n\
            scheme Sep { A() -> set, P[object] }: ex X being set st X c= A()\nproof\n thus thesis;\nend;\n";
        let found = texts(items(text));
        let begin: Vec<&str> = found.iter().map(|item| item.split_whitespace().next().unwrap_or_default()).collect();
        assert_eq!(begin, ["theorem", "theorem", "definition", "scheme"]);
        assert!(found[0].starts_with("theorem Th1: :: the first\n") && found[0].ends_with("  hence thesis;\nend;"));
        assert_eq!(found[1], "theorem x c= x by Th1;");
        assert!(found[2].ends_with("  end;\nend;") && found[3].ends_with("thesis;\nend;"), "{found:?}");
    }

    #[test]
    fn an_item_without_an_end_is_left_out() {
        assert_eq!(texts(items("end; theorem x = x; theorem y = y proof hence thesis;")), ["theorem x = x;"]);
    }
}
