//! The signals that need no Lean: a prediction's statement against the reference as text. Owns what of the two texts is
//! compared (the statement without its name and proof); the formulas are `metrics/`'s.

use super::scored::Scored;
use super::signal::Signal;
use crate::domain::Problem;
use crate::lean::{lean_text, stated};
use crate::metrics::{chrf, edit_similarity, exact_match, gted, lean_tokens, sentence_bleu, sequence_similarity};

/// The statement of a text with every name put aside: `theorem tm_name <binders> : <type>`, white space folded. A text
/// without a theorem is compared as it is.
pub fn statement(code: &str) -> String {
    let text = lean_text(code).text;
    let statement = match stated(&text) {
        Some(found) => format!("theorem tm_name {}", found.signature),
        None => text,
    };
    statement.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Scores all predictions by the text signals among `signals`.
pub fn score(problems: &[Problem], scored: &mut [Scored], signals: &[Signal]) {
    let references: Vec<String> = problems.iter().map(|p| statement(&p.formal)).collect();
    for scored in scored {
        scored.statement = statement(&scored.prediction.code);
        let (reference, prediction) = (&references[scored.problem], &scored.statement);
        for signal in signals {
            let score = match signal {
                Signal::Bleu => sentence_bleu(reference, prediction),
                Signal::Chrf => chrf(reference, prediction),
                Signal::EditSimilarity => edit_similarity(reference, prediction),
                Signal::TokenEdit => sequence_similarity(&lean_tokens(reference), &lean_tokens(prediction)),
                Signal::ExactMatch => f64::from(u8::from(exact_match(reference, prediction))),
                Signal::Gted => gted(reference, prediction),
                _ => continue,
            };
            scored.scores.insert(*signal, Some(score));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::statement;

    #[test]
    fn names_proofs_and_layout_do_not_count() {
        let same = "theorem tm_name (n : Nat) : n + 0 = n";
        for text in [
            "theorem foo (n : Nat) :\n    n + 0 = n := by\n  simp",
            "```lean\nlemma bar (n : Nat) : n + 0 = n := sorry\n```",
            "theorem baz (n : Nat) : n + 0 = n",
        ] {
            assert_eq!(statement(text), same, "{text}");
        }
        assert_eq!(statement("def f := 1"), "def f := 1");
    }
}
