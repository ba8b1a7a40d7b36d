//! Joins a statement and a proof that a data set keeps in two fields. Owns the reading of both as text (which holds
//! declarations, which is a bare proof, which is prose); never parses Lean, and changes nothing but the seam.

use crate::lean::{DECLARATIONS, MODIFIERS};

/// Commands beside declarations that begin a whole file.
const FILE_STARTS: [&str; 3] = ["import", "namespace", "section"];

/// True if the text stands alone: it declares something outside comments, or is Markdown with fences.
pub(super) fn stands_alone(text: &str) -> bool {
    let mut comment_depth = 0usize;
    text.lines().any(|line| {
        let outside = comment_depth == 0;
        let (opened, closed) = (line.matches("/-").count(), line.matches("-/").count());
        comment_depth = (comment_depth + opened).saturating_sub(closed);
        let after_comment = if opened > 0 { line.rsplit("-/").next().unwrap_or(line) } else { line };
        line.trim_start().starts_with("```") || (outside && begins_declaration(after_comment))
    })
}

fn begins_declaration(line: &str) -> bool {
    let mut rest = line.trim_start();
    while let Some(attribute) = rest.strip_prefix("@[") {
        let Some((_, after)) = attribute.split_once(']') else { return false };
        rest = after.trim_start();
    }
    let word = rest.split(|c: char| !is_identifier(c)).find(|word| !MODIFIERS.contains(word));
    word.is_some_and(|word| DECLARATIONS.contains(&word) || FILE_STARTS.contains(&word))
}

/// True for one short line of English such as "the proof is in proofs.zip": what data sets put in place of a proof.
pub(super) fn is_placeholder(text: &str) -> bool {
    const ENGLISH: [&str; 6] = ["the", "is", "to", "of", "are", "not"];
    let text = text.trim();
    let seen = ENGLISH.iter().filter(|word| text.split_whitespace().any(|w| w.eq_ignore_ascii_case(word))).count();
    text.len() <= 200 && !text.contains('\n') && seen >= 2
}

/// The statement with its proof. What the statement ends in (`:= by sorry`, `:= by`, `:=`, nothing) is replaced:
///
/// - a proof that begins with `:=`, `by` or `|` brings its own beginning;
/// - after a bare `:=`, and where it begins with `fun`, `λ`, `⟨` or `@`, the proof is a term;
/// - everything else is a tactic block and is indented under `:= by`.
pub(super) fn join(statement: &str, proof: &str) -> String {
    let (before_sorry, sorry) = cut_word(statement, "sorry");
    let (before_by, by) = cut_word(before_sorry, "by");
    let (stem, assigned) = match before_by.strip_suffix(":=") {
        Some(stem) => (stem.trim_end(), true),
        None => (before_by, false),
    };
    let begins = proof.trim_start();
    if begins.starts_with(":=") || (begins.starts_with('|') && !assigned) {
        return format!("{stem} {begins}");
    }
    let is_term = ["fun ", "λ", "⟨", "@"].iter().any(|t| begins.starts_with(t)) || (assigned && !by && !sorry);
    if cut_first_word(begins, "by") {
        format!("{stem} := {begins}")
    } else if is_term {
        format!("{stem} :=\n{}", indent(proof))
    } else {
        format!("{stem} := by\n{}", indent(proof))
    }
}

/// The proof as an indented block. A first line further left than all others lost its indentation when the data set
/// was made (a prefix ending in two blanks, a `strip()`), and gets theirs; otherwise all lines move together.
fn indent(proof: &str) -> String {
    let lines: Vec<&str> = proof.lines().skip_while(|l| l.trim().is_empty()).collect();
    let width = |line: &&str| line.len() - line.trim_start().len();
    let first = lines.first().map_or(0, width);
    let others = lines.iter().skip(1).filter(|l| !l.trim().is_empty()).map(width).min();
    let (pad_first, pad_others) = match others {
        Some(others) if first < others => (others - first, 0),
        _ if first.min(others.unwrap_or(first)) == 0 => (2, 2),
        _ => (0, 0),
    };
    let mut text = String::with_capacity(proof.len() + 2 * lines.len());
    for (i, line) in lines.iter().enumerate() {
        let pad = if i == 0 { pad_first } else { pad_others };
        text.push_str(if i == 0 { "" } else { "\n" });
        if !line.trim().is_empty() {
            text.extend(std::iter::repeat_n(' ', pad));
            text.push_str(line);
        }
    }
    text
}

/// The text without a last `word` (as a whole word) and the blanks around it, and whether it was there.
fn cut_word<'a>(text: &'a str, word: &str) -> (&'a str, bool) {
    let text = text.trim_end();
    match text.strip_suffix(word) {
        Some(rest) if !rest.ends_with(is_identifier) => (rest.trim_end(), true),
        _ => (text, false),
    }
}

fn cut_first_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_identifier))
}

fn is_identifier(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '\'' | '.' | '!' | '?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seam_is_the_only_change() {
        for (statement, proof, joined) in [
            ("theorem a : p := by\n", "simp\nexact h", "theorem a : p := by\n  simp\n  exact h"),
            ("theorem a : p := by sorry", "  simp", "theorem a : p := by\n  simp"),
            ("theorem a : p := by\n  sorry", "by\n  simp", "theorem a : p := by\n  simp"),
            ("theorem a : p := sorry", ":= by simp", "theorem a : p := by simp"),
            ("theorem a : p := sorry", "⟨h, k⟩", "theorem a : p :=\n  ⟨h, k⟩"),
            ("theorem a : p :=", "h.symm", "theorem a : p :=\n  h.symm"),
            ("theorem a : p", "bycases", "theorem a : p := by\n  bycases"),
            ("theorem a : ∀ n, p n", "| 0 => h", "theorem a : ∀ n, p n | 0 => h"),
            ("theorem ruby", "simp", "theorem ruby := by\n  simp"),
            // The first line lost its blanks; the others kept them.
            ("theorem a : p := by", "intro h\n  simp", "theorem a : p := by\n  intro h\n  simp"),
            (
                "theorem a : p := by",
                "constructor\n· simp\n\n· rfl",
                "theorem a : p := by\n  constructor\n  · simp\n\n  · rfl",
            ),
        ] {
            assert_eq!(join(statement, proof), joined, "{statement:?} + {proof:?}");
        }
    }

    #[test]
    fn a_bare_proof_is_told_from_a_text_that_stands_alone() {
        for text in [
            "theorem x : p := by simp",
            "/-- doc -/ lemma x : p := h",
            "/-\nnote\n-/\n@[simp, norm_num] private lemma x : p := h",
            "import Mathlib",
            "Here it is:\n```lean\nsimp\n```",
        ] {
            assert!(stands_alone(text), "{text}");
        }
        for text in
            ["simp", "-- theorem x\nsimp", "/- the\ntheorem x -/\nsimp", "exact theorem_of x", "", "open Nat in simp"]
        {
            assert!(!stands_alone(text), "{text}");
        }
    }

    #[test]
    fn prose_in_place_of_a_proof_is_noticed_and_tactics_are_not_prose() {
        assert!(is_placeholder("to avoid data contamination, the formal proof is in proofnet_verified_gt.zip"));
        for text in ["simp", "rintro x hx y hy", "exact the_lemma is_open", "rw [h] at h2 ⊢", "the\nis"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
