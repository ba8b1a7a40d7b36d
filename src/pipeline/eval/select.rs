//! What choosing one of several samples of a problem gives: the first, the self-consistent one, the most frequent one as a
//! text and, where classes were formed, by what it was proved to say. Owns which samples may be chosen (those that elaborate, where that is known); the choices are `metrics/`'s.

use super::Figures;
use super::classes::Classes;
use super::estimate::{Estimates, Sample};
use super::scored::Scored;
use super::signal::Signal;
use crate::domain::Problem;
use crate::metrics::{majority, self_consistent};

/// Figures of one way to choose.
#[derive(Clone, Debug)]
pub struct Selection {
    pub name: &'static str,
    pub estimates: Estimates,
}

/// Which of a problem's samples is chosen, by index; `None` if none may be.
type Choice<'a> = &'a dyn Fn(&[&Scored]) -> Option<usize>;

/// The name of the choice that needs classes.
pub const BY_EQUIVALENCE: &str = "majority (proved equivalence)";

/// All ways, if some problem has several samples; by equivalence if there are classes.
pub fn selections(problems: &[Problem], scored: &[Scored], figures: &Figures, classes: &Classes) -> Vec<Selection> {
    if scored.iter().all(|s| s.sample == 0) {
        return vec![];
    }
    let mut by_problem: Vec<Vec<&Scored>> = vec![vec![]; problems.len()];
    for scored in scored {
        by_problem[scored.problem].push(scored);
    }
    let chosen = |choose: Choice<'_>| -> Vec<Scored> {
        by_problem.iter().filter(|s| !s.is_empty()).map(|s| s[choose(s).unwrap_or(0)].clone()).collect()
    };
    // Where Lean was asked, only what elaborates may be chosen; if nothing does, the first sample stands.
    let usable = |s: &&Scored| s.scores.get(&Signal::TypeCheck).is_none_or(|score| *score == Some(1.0));
    let text = |s: &&Scored| Some(s.statement.clone()).filter(|_| usable(s));
    let ways: [(&'static str, Choice<'_>); 4] = [
        ("first sample", &|_| Some(0)),
        ("self-consistency (BLEU)", &|samples| {
            let texts: Vec<Option<String>> = samples.iter().map(text).collect();
            self_consistent(&texts.iter().map(Option::as_deref).collect::<Vec<_>>())
        }),
        ("majority (exact string)", &|samples| majority(&samples.iter().map(text).collect::<Vec<_>>())),
        (BY_EQUIVALENCE, &|samples| majority(&samples.iter().map(|s| s.class).collect::<Vec<_>>())),
    ];
    ways.into_iter()
        .filter(|(name, _)| *name != BY_EQUIVALENCE || matches!(classes, Classes::Formed { .. }))
        .map(|(name, choose)| {
            let scored = chosen(choose);
            let sample = Sample {
                problems: (0..problems.len()).collect(),
                scored: &scored,
                seed: figures.seed,
                answered_only: figures.answered_only,
            };
            Selection { name, estimates: sample.estimates(&figures.signals) }
        })
        .collect()
}
