//! Tokens of a Lean term as the operator trees need them. Owns the splitting; must read any text without failing, in
//! linear time. (The lexer of `lean` serves commands and positions; a layer does not use its neighbours.)

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// A dotted name, a number, a string, `.name` as a field or a constructor, or a symbol.
    pub text: &'a str,
    /// True if white space or a comment stands before it.
    pub spaced: bool,
}

impl Token<'_> {
    /// True for names, not for symbols, numbers or fields.
    pub fn is_name(&self) -> bool {
        self.text.starts_with(|c: char| starts_name(c) || c == '@')
    }
}

/// The tokens of a Lean text without comments: names with their dots, numbers, strings, and symbols.
pub fn lean_tokens(text: &str) -> Vec<&str> {
    tokens(text).into_iter().map(|token| token.text).collect()
}

/// Symbols of several characters, longer ones before their beginnings.
const SYMBOLS: [&str; 25] = [
    "⁻¹'", "<->", "<|>", "⁻¹", "∑'", "∏'", "∃!", "''", "//", "..", ":=", "::", "=>", "->", "<=", ">=", "!=", "==",
    "/\\", "\\/", "&&", "|>", "<|", "++", "×ˢ",
];

pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let (mut found, mut at, mut spaced) = (Vec::new(), 0, true);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (length, is_space) = match c {
            _ if c.is_whitespace() => (c.len_utf8(), true),
            '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), true),
            '/' if rest.starts_with("/-") => (block_comment(rest), true),
            '"' => (string(rest), false),
            // Between spaces a disjunction, otherwise the bars of `||x| - |y||`.
            '|' if spaced && rest.starts_with("|| ") => (2, false),
            '0'..='9' => (number(rest), false),
            '.' if rest[1..].starts_with(|c: char| starts_name(c) || c.is_ascii_digit()) => {
                (1 + field(&rest[1..]), false)
            }
            '@' if rest[1..].starts_with(starts_name) => (1 + name(&rest[1..]), false),
            _ if starts_name(c) => (name(rest), false),
            _ => (symbol(rest, c), false),
        };
        if !is_space {
            found.push(Token { text: &rest[..length], spaced });
        }
        spaced = is_space;
        at += length;
    }
    found
}

fn starts_name(c: char) -> bool {
    c == '_' || c == '«' || (c.is_alphabetic() && !matches!(c, 'λ' | 'Π' | 'Σ' | 'ᶜ' | 'ᵀ' | 'ˣ'))
}

/// Length of the dotted name at the start of `text`.
fn name(text: &str) -> usize {
    let mut at = 0;
    loop {
        at += part(&text[at..]);
        match text[at..].strip_prefix('.') {
            Some(next) if next.starts_with(starts_name) => at += 1,
            _ if text[..at].ends_with('ℝ') && text[at..].starts_with("≥0") => return at + "≥0".len(),
            _ => return at,
        }
    }
}

/// Length of one part of a name.
fn part(text: &str) -> usize {
    if text.starts_with('«') {
        return text.find('»').map_or(text.len(), |i| i + '»'.len_utf8());
    }
    let inner = |c: char| (starts_name(c) && c != '«') || c.is_numeric() || matches!(c, '\'' | '!' | '?' | '✝');
    // `a⁻¹` is no name: superscript digits belong to what follows.
    text.find(|c: char| !inner(c) || matches!(c, '¹' | '²' | '³')).unwrap_or(text.len())
}

/// Length of the field name or projection number after its dot.
fn field(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())
    } else {
        part(text)
    }
}

fn number(text: &str) -> usize {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let whole = digits(text);
    match text[whole..].strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => whole + 1 + digits(fraction),
        _ => whole,
    }
}

/// Arrows and isomorphisms take the marks that follow them (`→+*`, `≃ₗ`); everything else is in the table or single.
fn symbol(text: &str, first: char) -> usize {
    if matches!(first, '→' | '≃' | '↪' | '≅' | '⬝') {
        let marks = |c: char| matches!(c, '*' | '+' | 'ₗ' | 'ₐ' | 'ₘ' | 'ᵢ' | 'ᵥ' | 'ₜ' | '⋆');
        let after = first.len_utf8();
        return text[after..].find(|c| !marks(c)).map_or(text.len(), |i| after + i);
    }
    SYMBOLS.iter().find(|s| text.starts_with(**s)).map_or(first.len_utf8(), |s| s.len())
}

/// Length of the nested comment at the start of `text`; an unclosed one takes the rest.
fn block_comment(text: &str) -> usize {
    let (bytes, mut at, mut depth) = (text.as_bytes(), 2, 1);
    while at < bytes.len() && depth > 0 {
        match &bytes[at..bytes.len().min(at + 2)] {
            b"/-" => (at, depth) = (at + 2, depth + 1),
            b"-/" => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    at
}

fn string(text: &str) -> usize {
    let (bytes, mut at) = (text.as_bytes(), 1);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_fall_into_their_tokens() {
        for (text, expected) in [
            ("∑ i ∈ Finset.range (n+1), a_i'⁻¹", "∑ i ∈ Finset.range ( n + 1 ) , a_i' ⁻¹"),
            ("h₀ : 6.5≤x -- note\n /- a /- b -/ -/ ∧ y.1 = (z).re", "h₀ : 6.5 ≤ x ∧ y .1 = ( z ) .re"),
            ("φ : R →+* S, f ⁻¹' {0}, ∃! n, n !", "φ : R →+* S , f ⁻¹' { 0 } , ∃! n , n !"),
            ("∫ x in 0..π, |sin x|", "∫ x in 0 .. π , | sin x |"),
            ("@card G \"a \\\" b\" «odd name».x λ x ↦ x", "@card G \"a \\\" b\" «odd name».x λ x ↦ x"),
        ] {
            assert_eq!(lean_tokens(text).join(" "), expected);
        }
    }

    #[test]
    fn nothing_breaks_it() {
        for text in ["", "\"\\", "/-", "«", ".", "@", "1.", "a.", "→", "\"é", "/-é"] {
            assert!(lean_tokens(text).len() <= 2, "{text}");
        }
    }
}
