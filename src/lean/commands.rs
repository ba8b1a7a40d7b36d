//! Which words begin Lean commands, and whether a line of unknown text reads like the start of one. Owns the keyword
//! tables; must not look further than one line.

use super::lexer::lex;

/// Keywords of declarations. All are reserved words of Lean, except `lemma` (Mathlib) and `coinductive`.
pub const DECLARATIONS: [&str; 13] = [
    "theorem",
    "lemma",
    "example",
    "def",
    "abbrev",
    "instance",
    "opaque",
    "axiom",
    "structure",
    "class",
    "inductive",
    "coinductive",
    "irreducible_def",
];

/// Words that may stand before a declaration's keyword.
pub const MODIFIERS: [&str; 11] = [
    "private",
    "protected",
    "public",
    "noncomputable",
    "unsafe",
    "partial",
    "nonrec",
    "local",
    "scoped",
    "meta",
    "deriving",
];

/// Commands that can also begin a tactic or term (`open Nat in`), so that only an unindented one counts.
pub(super) const AMBIGUOUS: [&str; 2] = ["open", "set_option"];

/// Other commands, each of them a reserved word.
pub(super) const OTHERS: [&str; 38] = [
    "import",
    "namespace",
    "section",
    "end",
    "mutual",
    "variable",
    "variables",
    "universe",
    "universes",
    "export",
    "attribute",
    "notation",
    "notation3",
    "infix",
    "infixl",
    "infixr",
    "prefix",
    "postfix",
    "macro",
    "macro_rules",
    "syntax",
    "declare_syntax_cat",
    "elab",
    "elab_rules",
    "initialize",
    "builtin_initialize",
    "include",
    "omit",
    "run_cmd",
    "run_meta",
    "run_elab",
    "simproc",
    "simproc_decl",
    "grind_pattern",
    "suppress_compilation",
    "unseal",
    "module",
    "prelude",
];

/// True if the line reads like the start of a Lean command or comment rather than like prose. Words that are also
/// English ones (`open`, `instance`, `section`) count only before something that prose does not put there.
pub(super) fn starts_command(line: &str) -> bool {
    let line = line.trim();
    let first = line.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
    let rest = line[first.len()..].trim_start();
    let words = || rest.split_whitespace().take_while(|w| !w.starts_with("--")).count();
    match first {
        "" => starts_with_mark(line),
        "mutual" | "module" | "prelude" | "suppress_compilation" => rest.is_empty(),
        "section" | "end" | "namespace" => words() <= 1 && !rest.ends_with(['.', ':', ',']),
        "import" => (1..=3).contains(&words()) && !rest.ends_with([':', ',', '.']),
        "open" => {
            words() <= 2 || rest.starts_with(|c: char| c.is_uppercase() || c == '«') || rest.starts_with("scoped ")
        }
        "variable" | "variables" | "attribute" => rest.starts_with(['(', '{', '[', '⦃']),
        "universe" | "universes" => rest.split_whitespace().all(|w| w.chars().count() <= 3),
        "include" | "omit" | "export" => rest.starts_with(['[', '(']) || words() <= 2,
        "deriving" => rest.starts_with("instance "),
        _ if MODIFIERS.contains(&first) => starts_command(rest),
        _ if DECLARATIONS.contains(&first) => declares(rest),
        _ if first.contains('_') => OTHERS.contains(&first) || first == "set_option",
        _ if OTHERS.contains(&first) => rest.is_empty() || rest.contains('"') || rest.starts_with(['(', ':']),
        _ => false,
    }
}

/// Comments, attributes and `#commands`; neither a Markdown heading nor a rule of dashes.
fn starts_with_mark(line: &str) -> bool {
    line.starts_with("/-")
        || line.starts_with("@[")
        || (line.starts_with("--") && !(line.len() > 2 && line.bytes().all(|b| b == b'-')))
        || line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// True if what follows a declaration's keyword is a name, binders or a type, not the rest of a sentence.
fn declares(rest: &str) -> bool {
    let tokens = lex(rest).tokens;
    let delimits = |text: &str| {
        matches!(text, ":" | ":=" | "(" | "{" | "[" | "⦃" | "|" | "where" | "extends" | "deriving")
            || DECLARATIONS.contains(&text)
            || text == "."
    };
    match tokens.as_slice() {
        [] | [_] => !rest.ends_with(['.', ',']),
        [first, ..] if delimits(first.text) && first.text != "." => true,
        [_, second, ..] if second.text == "." => tokens.get(2).is_some_and(|t| t.text == "{"),
        [_, second, ..] if delimits(second.text) => true,
        _ => rest.contains(":=") || rest.contains(" : "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lean_lines() {
        for line in [
            "theorem x",
            "theorem : 1 = 1 := by",
            "  lemma foo.{u} {α : Type u}",
            "private noncomputable def f x y := x",
            "example : True := trivial",
            "open Nat Finset BigOperators",
            "open nat",
            "import data.nat.prime",
            "public import all Init.Data",
            "@[simp] theorem x",
            "--comment",
            "/-! # Title -/",
            "#check Nat",
            "variable {G : Type}",
            "instance : Add Nat where",
            "set_option maxHeartbeats 0 in",
            "macro \"finish\" : tactic => `(tactic| sorry)",
            "noncomputable section",
            "universe u v",
            "class inductive Foo : Prop",
            "mutual",
            "end Foo",
            "deriving instance Repr for Foo",
        ] {
            assert!(starts_command(line), "{line}");
        }
    }

    #[test]
    fn prose_lines() {
        for line in [
            "",
            "Theorem 1. Let n be even.",
            "theorem. Write n = 2k.",
            "theorem we first need to define what a rational number is.",
            "open problem in number theory",
            "example of this is the following",
            "instance of the problem",
            "section we prove the claim",
            "definition should look like",
            "class of all groups",
            "variable is called n",
            "notation means the following",
            "import the library and then check it",
            "# Solution",
            "---",
            "- item",
            "```lean",
            "let me think",
        ] {
            assert!(!starts_command(line), "{line}");
        }
    }
}
