//! Precedences of Lean's and Mathlib's notation as far as statements use it. Owns the tables; must not read tokens.

/// How an infix operator binds: its own precedence, and what its right operand must at least have. The left operand is
/// whatever was read before.
#[derive(Clone, Copy)]
pub(super) struct Infix {
    pub own: u8,
    pub right: u8,
}

/// Lowest precedence: a whole term.
pub(super) const TERM: u8 = 0;
/// Operand of `¬`, of `-` and of the comparisons.
pub(super) const NOT: u8 = 40;
pub(super) const NEGATIVE: u8 = 75;
pub(super) const COMPARED: u8 = 51;

/// Infix operators after the Lean 4 prelude and Mathlib.
pub(super) fn infix(symbol: &str) -> Option<Infix> {
    let left = |own| Some(Infix { own, right: own + 1 });
    let right = |own| Some(Infix { own, right: own });
    match symbol {
        "<|" | "$" => right(10),
        "|>" => left(10),
        "∂" => left(15),
        ".." => left(18),
        "↔" | "<->" => left(20),
        "∨" | "\\/" | "||" => right(30),
        "∧" | "/\\" | "×" | "&&" => right(35),
        "=" | "≠" | "<" | "≤" | "<=" | ">" | "≥" | ">=" | "∈" | "∉" | "∋" | "⊆" | "⊂" | "⊇" | "⊃" | "∣" | "∤" | "≡"
        | "≈" | "∼" | "==" | "!=" | "⋖" | "~" | "≅" | "⊢" => left(50),
        "++" | "+" | "-" | "∪" | "⊕" => left(65),
        "::" => right(67),
        "⊔" => left(68),
        "⊓" => left(69),
        "*" | "/" | "%" | "∩" | "\\" | "⧸" | "×ˢ" | "⬝ᵥ" | "⊗" => left(70),
        "∆" => left(70),
        "•" | "⬝" => right(73),
        "^" => right(75),
        "''" | "⁻¹'" => left(80),
        "∘" => right(90),
        _ if symbol.starts_with(['→', '↪', '≃', '⟶', '⥤']) || symbol == "->" => right(25),
        _ => None,
    }
}

/// Notation that binds variables before a comma or an arrow: the precedence of its body.
pub(super) fn binder(symbol: &str) -> Option<u8> {
    match symbol {
        "∀" | "∃" | "∃!" | "fun" | "λ" | "Π" | "Σ" => Some(TERM),
        "∑" | "∏" | "∑'" | "∏'" => Some(67),
        "∫" | "⋃" | "⋂" | "⨆" | "⨅" | "⨁" | "∮" => Some(60),
        _ => None,
    }
}

/// Prefix operators that may stand in an argument, and bind as tightly as one.
pub(super) fn tight_prefix(symbol: &str) -> bool {
    matches!(symbol, "↑" | "⇑" | "↥" | "√" | "#" | "⋃₀" | "⋂₀" | "𝒫")
}

/// Operators after their operand.
pub(super) fn postfix(symbol: &str) -> bool {
    matches!(symbol, "⁻¹" | "!" | "ᶜ" | "ᵀ" | "ˣ" | "†" | "°")
}

/// One spelling for what has several.
pub(super) fn spelling(symbol: &str) -> &str {
    match symbol {
        "->" => "→",
        "<->" => "↔",
        "<=" => "≤",
        ">=" => "≥",
        "/\\" => "∧",
        "\\/" => "∨",
        "λ" => "fun",
        "$" => "<|",
        _ => symbol,
    }
}

/// The closing bracket of an opening one.
pub(super) fn closer(open: &str) -> Option<&'static str> {
    Some(match open {
        "(" => ")",
        "{" => "}",
        "[" => "]",
        "⦃" => "⦄",
        "⟨" => "⟩",
        "⌊" => "⌋",
        "⌈" => "⌉",
        "⟪" => "⟫",
        "⟦" => "⟧",
        _ => return None,
    })
}

/// Tokens that end a term wherever they stand.
pub(super) fn ends_term(symbol: &str) -> bool {
    matches!(
        symbol,
        ")" | "}"
            | "]"
            | "⦄"
            | "⟩"
            | "⌋"
            | "⌉"
            | "⟫"
            | "⟧"
            | ","
            | ":"
            | ":="
            | "=>"
            | "↦"
            | ";"
            | "|"
            | "‖"
            | "//"
            | "in"
            | "by"
            | "then"
            | "else"
            | "with"
            | "at"
            | "from"
    )
}
