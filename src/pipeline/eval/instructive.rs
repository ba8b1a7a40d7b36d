//! Which predictions teach most: those whose signals disagree. Owns the kinds of disagreement and their order.

use super::Evaluation;
use super::scored::Scored;
use super::signal::Signal;

/// A prediction worth reading.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a> {
    pub scored: &'a Scored,
    /// What makes it one.
    pub why: &'static str,
}

/// At most `most` predictions, taken in turn from the kinds of disagreement there are.
pub fn instructive(evaluation: &Evaluation, most: usize) -> Vec<Example<'_>> {
    let likeness = |s: &Scored| s.score(Signal::Gted).or(s.score(Signal::Bleu)).or(s.score(Signal::EditSimilarity));
    let alike = |s: &Scored| likeness(s).unwrap_or(0.0);
    let is = |s: &Scored, signal, value: f64| s.score(signal) == Some(value);
    type Kind<'k> = (&'static str, &'k dyn Fn(&Scored) -> bool, bool);
    let kinds: [Kind<'_>; 6] = [
        (
            "reads alike, and is not shown to be equivalent",
            &|s| is(s, Signal::TypeCheck, 1.0) && is(s, Signal::Equivalence, 0.0),
            true,
        ),
        ("reads differently, and is equivalent", &|s| is(s, Signal::Equivalence, 1.0), false),
        ("reads alike, and does not elaborate", &|s| is(s, Signal::TypeCheck, 0.0), true),
        (
            "proves something else than was asked",
            &|s| is(s, Signal::Proof, 1.0) && is(s, Signal::Equivalence, 0.0),
            false,
        ),
        ("nothing was shown either way", &|s| s.scores.get(&Signal::TypeCheck) == Some(&None), true),
        ("reads least alike", &|s| !s.scores.contains_key(&Signal::TypeCheck), false),
    ];
    let mut lists: Vec<(&'static str, Vec<&Scored>)> = Vec::new();
    for (why, belongs, most_alike_first) in kinds {
        let mut list: Vec<&Scored> = evaluation.scored.iter().filter(|s| belongs(s)).collect();
        list.sort_by(|a, b| {
            let order = alike(a).total_cmp(&alike(b));
            let order = if most_alike_first { order.reverse() } else { order };
            order.then(a.problem.cmp(&b.problem)).then(a.sample.cmp(&b.sample))
        });
        lists.push((why, list));
    }
    let mut chosen: Vec<Example<'_>> = Vec::new();
    let mut at = 0;
    while chosen.len() < most && lists.iter().any(|(_, list)| at < list.len()) {
        for (why, list) in &lists {
            // One sample of a problem is enough.
            if let Some(scored) = list.get(at)
                && chosen.len() < most
                && !chosen.iter().any(|c| c.scored.problem == scored.problem)
            {
                chosen.push(Example { scored, why });
            }
        }
        at += 1;
    }
    chosen
}
