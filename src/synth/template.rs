//! Templates of the grammar files: literal text with places for arguments. Owns their syntax (`{1}`, `{1:70}` put in
//! parentheses below strength 70, `{1!}` as a clause, `{@}` the names of variables, `{*}` a product sign if one is needed,
//! `{N}` the number sort); every other brace is itself. Fills nothing in.

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// An argument, from 0, and the strength below which it is put in parentheses.
    Argument(usize, u32),
    /// An argument as a clause of a sentence.
    Clause(usize),
    /// The product of what is left and right of it.
    Times,
    /// The name of the number sort.
    Number,
    /// The names of the variables a noun speaks of.
    Variables,
}

pub(super) type Template = Vec<Piece>;

/// Reads a template.
pub(super) fn template(text: &str) -> Template {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match placeholder(rest) {
            Some((piece, length)) => {
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.push(piece);
                rest = &rest[length..];
            }
            None => {
                literal.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    pieces
}

/// A placeholder at the beginning of a text, and its length.
fn placeholder(text: &str) -> Option<(Piece, usize)> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find('}')?;
    let inner = &inner[..end];
    let argument = |digits: &str| digits.parse::<usize>().ok()?.checked_sub(1);
    let piece = match inner {
        "*" => Piece::Times,
        "N" => Piece::Number,
        "@" => Piece::Variables,
        _ => match inner.split_once(':') {
            Some((place, strength)) => Piece::Argument(argument(place)?, strength.parse().ok()?),
            None => match inner.strip_suffix('!') {
                Some(place) => Piece::Clause(argument(place)?),
                None => Piece::Argument(argument(inner)?, 0),
            },
        },
    };
    Some((piece, end + 2))
}

/// The single letters of a template of formulas: names that are taken, beside which a variable may not have them.
pub(super) fn letters(template: &[Piece]) -> Vec<String> {
    let mut letters = Vec::new();
    for piece in template {
        let Piece::Text(text) = piece else { continue };
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let word = |text: &str| text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
            let mut length = first.len_utf8();
            if first == '\\' {
                length += word(&rest[1..]);
                let named = ["\\operatorname", "\\mathrm", "\\mathbb", "\\text"].contains(&&rest[..length]);
                length += rest[length..]
                    .find('}')
                    .filter(|_| named && rest[length..].starts_with('{'))
                    .map_or(0, |end| end + 1);
            } else if first.is_ascii_alphabetic() {
                letters.push(first.to_string());
            }
            rest = &rest[length..];
        }
    }
    letters
}

/// The single letters in the formulas of a sentence.
pub(super) fn letters_between_dollars(sentence: &str) -> Vec<String> {
    sentence.split('$').skip(1).step_by(2).flat_map(|formula| letters(&template(formula))).collect()
}

/// What a template says itself.
pub(super) fn literal(template: &[Piece]) -> String {
    let texts =
        template.iter().filter_map(|piece| if let Piece::Text(text) = piece { Some(text.as_str()) } else { None });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_of_latex_stay() {
        let text = |t: &str| Piece::Text(t.into());
        assert_eq!(template("{1:90}^{{2}}"), [Piece::Argument(0, 90), text("^{"), Piece::Argument(1, 0), text("}")]);
        assert_eq!(template("\\mathbb{Z} {1!}"), [text("\\mathbb{Z} "), Piece::Clause(0)]);
        assert_eq!(letters(&template("\\sum_v \\deg_{{1}}(v) h({2})^{\\mathrm{m}}")), ["v", "v", "h"]);
        assert_eq!(template("{1}{*}{2} {N}.gcd {@}").len(), 7);
    }
}
