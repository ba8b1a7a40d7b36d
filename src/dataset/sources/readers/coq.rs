//! Coq (Rocq): declarations, with their proofs. Owns the words that begin and end them.

use super::Unit;
use super::lexis::{Opaque, Piece, Sort, code};

const OPAQUE: [Opaque; 2] = [Opaque::Nested("(*", "*)"), Opaque::Doubled('"')];

const DECLARATIONS: [&str; 26] = [
    "Theorem",
    "Lemma",
    "Fact",
    "Remark",
    "Corollary",
    "Proposition",
    "Property",
    "Example",
    "Definition",
    "Fixpoint",
    "CoFixpoint",
    "Function",
    "Inductive",
    "CoInductive",
    "Variant",
    "Record",
    "Structure",
    "Class",
    "Instance",
    "Axiom",
    "Axioms",
    "Parameter",
    "Parameters",
    "Conjecture",
    "Ltac",
    "Equations",
];

const MODIFIERS: [&str; 8] =
    ["Local", "Global", "Program", "Polymorphic", "Monomorphic", "Cumulative", "Private", "Export"];

const CLOSERS: [&str; 5] = ["Qed", "Defined", "Admitted", "Abort", "Save"];

/// Every declaration; a proof goes with it.
pub fn declarations(text: &str) -> Vec<Unit> {
    let pieces = code(text, &OPAQUE);
    let sentences = sentences(text, &pieces);
    let (mut units, mut at) = (Vec::new(), 0);
    while at < sentences.len() {
        let sentence = sentences[at];
        at += 1;
        if !declares(sentence) {
            continue;
        }
        let last = proof(&sentences[at..]);
        at += last;
        units.push(Unit::slice(text, sentence[0].start, sentences[at - 1].last().map_or(0, Piece::end)));
    }
    units
}

/// Sentences end with a full stop in front of white space; `..` is none, but `...` is one.
fn sentences<'a, 'p>(text: &str, pieces: &'p [Piece<'a>]) -> Vec<&'p [Piece<'a>]> {
    let ends = |at: usize| {
        let piece = &pieces[at];
        let dots = text[..piece.end()].bytes().rev().take_while(|byte| *byte == b'.').count();
        piece.is_mark(".") && dots != 2 && text[piece.end()..].chars().next().is_none_or(char::is_whitespace)
    };
    let (mut sentences, mut from) = (Vec::new(), 0);
    for at in 0..pieces.len() {
        if ends(at) {
            sentences.push(&pieces[from..=at]);
            from = at + 1;
        }
    }
    sentences
}

/// Whether a sentence declares something, behind attributes and modifiers.
fn declares(sentence: &[Piece<'_>]) -> bool {
    let mut rest = sentence;
    while let [first, second, ..] = rest
        && first.is_mark("#")
        && second.is_mark("[")
    {
        let Some(close) = rest.iter().position(|piece| piece.is_mark("]")) else { return false };
        rest = &rest[close + 1..];
    }
    let first = rest.iter().find(|piece| piece.sort != Sort::Word || !MODIFIERS.contains(&piece.text));
    first.is_some_and(|piece| DECLARATIONS.contains(&piece.text))
}

/// How many of the sentences behind a declaration are its proof. A proof begins with `Proof`, or with a tactic or bullet,
/// which no command looks like; it has an end in front of the next declaration.
fn proof(sentences: &[&[Piece<'_>]]) -> usize {
    let Some(first) = sentences.first().and_then(|sentence| sentence.first()) else { return 0 };
    let is_command = first.text.starts_with(char::is_uppercase) || first.is_mark("#");
    if is_command && first.text != "Proof" {
        return 0;
    }
    let is_term = |sentence: &&[Piece<'_>]| {
        sentence[0].text == "Proof" && sentence.len() > 2 && !["with", "using"].contains(&sentence[1].text)
    };
    if is_term(&sentences[0]) {
        return 1;
    }
    for (at, sentence) in sentences.iter().enumerate() {
        if CLOSERS.contains(&sentence[0].text) {
            return at + 1;
        }
        if declares(sentence) {
            break;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn declarations_have_their_proofs() {
        let text = "Require Import Arith.\n(* Lemma no : False. (* nested *) Qed. *)\n\
            Lemma plus_n_O : forall n:nat, n = n + 0.\nProof.\n  induction n; [reflexivity | simpl]. (* by IH. *)\n  rewrite <- IHn; auto.\nQed.\n\n\
            Definition two := S 1.\n#[export] Instance x : C Nat.add := {}.\n\
            Program Fixpoint f (n : nat) : nat := n.\nNext Obligation. auto. Qed.\n\
            Theorem t : True. exact I. Qed.\nNotation \"x .. y\" := (cons x .. (cons y nil) ..).\n\
            Lemma q : \"a. \"\"b\" = \"a. \"\"b\". Proof eq_refl.\nHint Resolve q.\n";
        assert_eq!(
            texts(declarations(text)),
            [
                "Lemma plus_n_O : forall n:nat, n = n + 0.\nProof.\n  induction n; [reflexivity | simpl]. (* by IH. *)\n  rewrite <- IHn; auto.\nQed.",
                "Definition two := S 1.",
                "#[export] Instance x : C Nat.add := {}.",
                "Program Fixpoint f (n : nat) : nat := n.",
                "Theorem t : True. exact I. Qed.",
                "Lemma q : \"a. \"\"b\" = \"a. \"\"b\". Proof eq_refl.",
            ]
        );
    }

    #[test]
    fn a_proof_without_an_end_is_left_out() {
        let text = "Lemma a : True. Proof. auto.\nLemma b : True. Proof. auto. Qed. x";
        assert_eq!(texts(declarations(text)), ["Lemma a : True.", "Lemma b : True. Proof. auto. Qed."]);
        assert_eq!(texts(declarations("Lemma a (* open . ")), Vec::<String>::new());
    }
}
