//! BEq+ (Poiroux et al. 2025) as text: the Lean files whose success shows that one theorem follows from another. Owns
//! their wording, which follows the paper's program; an engine with Mathlib is to run them.

use super::{Attempt, EquivalenceLadder};
use crate::domain::LadderKind;
use crate::lean::theorem_text::TheoremText;

/// Names the two theorems get.
const BASE: &str = "base_theorem";
const GOAL: &str = "reformulated_theorem";

/// What follows `apply` and `convert`.
const S_APPLY: [&str; 4] = ["tauto", "simp_all_arith!", "noncomm_ring", "exact?"];

/// What follows `have`.
const S_HAVE: [&str; 3] = ["tauto", "simp_all_arith!", "exact? using this"];

/// Every proof begins with these.
const BEGINNING: &str = "intros\nsymm_saturate\n";

/// Steps of `convert`.
const STEPS: [&str; 5] = ["convert_0", "convert_1", "convert_2", "convert_3", "convert_4"];

/// Two texts.
#[derive(Clone, Debug)]
pub struct PlusDirection<'a> {
    /// Put in front of both.
    pub header: &'a str,
    /// The text whose last theorem is used.
    pub base: &'a str,
    /// The text whose last theorem is to be proved.
    pub goal: &'a str,
}

/// BEq+.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plus;

impl EquivalenceLadder for Plus {
    type Direction<'a> = PlusDirection<'a>;

    fn kind(&self) -> LadderKind {
        LadderKind::BeqPlus
    }

    fn rungs(&self) -> Vec<&'static str> {
        ["exact", "apply", "have"].into_iter().chain(STEPS).collect()
    }

    /// Rung 0: the goal closed by `sorry`.
    fn well_typed(&self, direction: &PlusDirection<'_>) -> Option<Attempt> {
        attempt(direction, "statement", "sorry", None)
    }

    fn attempts(&self, direction: &PlusDirection<'_>) -> Vec<Attempt> {
        let Some(base) = TheoremText::last(direction.base) else { return vec![] };
        let apply = all(&S_APPLY);
        let have = format!(
            "have {} := by\n{}\n{}",
            base.conclusion(),
            indented(&format!("apply_rules [{BASE}]\n{apply}")),
            all(&S_HAVE)
        );
        let mut proofs = vec![
            ("exact", "exact?".to_owned(), Some(BASE)),
            ("apply", format!("apply {BASE}\n{apply}"), None),
            ("have", have, None),
        ];
        for (step, rung) in STEPS.into_iter().enumerate() {
            let convert = format!("convert (config := .unfoldSameFun) {BASE} using {step}\n{apply}");
            proofs.push((rung, convert, None));
        }
        let attempt =
            |(rung, proof, mention): (_, String, _)| attempt(direction, rung, &format!("{BEGINNING}{proof}"), mention);
        proofs.into_iter().filter_map(attempt).collect()
    }

    /// Only `have` is guarded: it counts unless what follows it proves the goal by itself.
    fn alone(&self, direction: &PlusDirection<'_>, rung: &str) -> Option<Attempt> {
        let proof = format!("{BEGINNING}{}", all(&S_HAVE));
        if rung == "have" { attempt(direction, "have", &proof, None) } else { None }
    }
}

/// The file of one proof; `None` if a text has no theorem with a conclusion.
fn attempt(
    direction: &PlusDirection<'_>,
    rung: &'static str,
    proof: &str,
    must_mention: Option<&'static str>,
) -> Option<Attempt> {
    let (base, goal) = (TheoremText::last(direction.base)?, TheoremText::last(direction.goal)?);
    let text = file(&base, &goal, direction.header, proof);
    Some(Attempt { rungs: vec![(rung, 0)], text, heartbeats: 0, must_mention, rescues: false })
}

/// The base closed by `sorry`, then the goal with this proof.
fn file(base: &TheoremText<'_>, goal: &TheoremText<'_>, header: &str, proof: &str) -> String {
    let header = if header.trim().is_empty() { String::new() } else { format!("{}\n\n", header.trim_end()) };
    format!(
        "{header}{}theorem {BASE}{} := sorry\n\n{}theorem {GOAL}{} := by\n{}\n",
        base.before,
        base.signature,
        goal.before,
        goal.signature,
        indented(proof)
    )
}

/// Tactics tried on all goals: one after the other on each of them, or each on all of them.
fn all(tactics: &[&str]) -> String {
    let apart: Vec<String> = tactics.iter().map(|t| format!("(all_goals try {t})")).collect();
    let together: Vec<String> = tactics.iter().map(|t| format!("(try {t})")).collect();
    format!("all_goals intros\nfirst | ({}) | (all_goals ({}))", apart.join("; "), together.join("; "))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
