//! The JSON of an evaluation (standard output) and of its predictions (`--out`). Owns the names on the wire.

use crate::pipeline::eval::{Classes, Comparison, Estimate, Estimates, Evaluation, Scored, Signal};
use serde_json::{Map, Value, json};

/// Version of the layout.
const SCHEMA: &str = "afcheck.eval/1";

/// The whole evaluation without its predictions.
pub fn evaluation(evaluation: &Evaluation, comparison: Option<(&str, &[Comparison])>) -> Value {
    let Evaluation { figures, unmatched, .. } = evaluation;
    let groups: Map<String, Value> = evaluation
        .groups
        .iter()
        .map(|(dimension, groups)| {
            let groups: Map<String, Value> = groups
                .iter()
                .map(|group| {
                    let value = json!({ "problems": group.problems, "signals": estimates(&group.estimates) });
                    (group.name.clone(), value)
                })
                .collect();
            (dimension.clone(), groups.into())
        })
        .collect();
    let passes: Map<String, Value> = evaluation
        .pass_at_k
        .iter()
        .map(|(signal, at)| {
            let at: Map<String, Value> = at.iter().map(|(k, e)| (k.to_string(), estimate(e))).collect();
            (signal.as_str().to_owned(), at.into())
        })
        .collect();
    let selections: Map<String, Value> =
        evaluation.selections.iter().map(|s| (s.name.to_owned(), estimates(&s.estimates))).collect();
    let correlations: Vec<Value> = evaluation
        .correlations
        .iter()
        .map(|(a, b, rho)| json!({ "a": a.as_str(), "b": b.as_str(), "spearman": rho }))
        .collect();
    let taxonomy: Map<String, Value> = evaluation.taxonomy.iter().map(|(r, n)| (r.clone(), (*n).into())).collect();
    let mut value = json!({
        "schema": SCHEMA,
        "data": evaluation.data,
        "predictions_file": evaluation.predictions,
        "problems": evaluation.problems.len(),
        "predictions": evaluation.scored.len(),
        "problems_without_prediction": unmatched.problems.len(),
        "predictions_without_problem": unmatched.predictions,
        "joined_by_position": unmatched.by_position,
        "unanswered_counts_as_failed": !figures.answered_only,
        "seed": figures.seed,
        "engine": evaluation.engine.as_ref().map(|e| json!({ "lean": e.lean, "commit": e.commit, "kind": e.kind })),
        "signals": estimates(&evaluation.overall),
        "pass_at_k": passes,
        "selection": selections,
        "equivalence_classes": classes(&evaluation.classes),
        "groups": groups,
        "correlations": correlations,
        "not_accepted": taxonomy,
    });
    if let Some((name, compared)) = comparison {
        value["comparison"] = json!({ "with": name, "signals": comparisons(compared) });
    }
    value
}

/// Whether [`BY_EQUIVALENCE`](crate::pipeline::eval::BY_EQUIVALENCE) is one of the selections.
fn classes(classes: &Classes) -> Value {
    match classes {
        Classes::Formed { comparisons, undecided } => {
            json!({ "formed": true, "comparisons": comparisons, "undecided": undecided })
        }
        Classes::NotFormed(why) => json!({ "formed": false, "why": why }),
    }
}

fn estimates(estimates: &Estimates) -> Value {
    let entries = estimates.iter().map(|(signal, e)| (signal.as_str().to_owned(), estimate(e)));
    entries.collect::<Map<String, Value>>().into()
}

fn estimate(Estimate { mean, low, high, problems, undecided }: &Estimate) -> Value {
    json!({ "mean": mean, "low": low, "high": high, "problems": problems, "undecided": undecided })
}

fn comparisons(comparisons: &[Comparison]) -> Value {
    let entries = comparisons.iter().map(|c| {
        let mut value = json!({
            "problems": c.problems, "ours": c.ours, "theirs": c.theirs, "difference": c.difference, "low": c.low, "high": c.high,
        });
        if let Some((ours, theirs, p)) = c.discordant {
            value["only_ours"] = ours.into();
            value["only_theirs"] = theirs.into();
            value["mcnemar_p"] = p.into();
        }
        (c.signal.as_str().to_owned(), value)
    });
    entries.collect::<Map<String, Value>>().into()
}

/// One prediction with its scores.
pub fn example(evaluation: &Evaluation, scored: &Scored) -> Value {
    let problem = &evaluation.problems[scored.problem];
    let scores: Map<String, Value> = Signal::ALL
        .iter()
        .filter_map(|s| Some((s.as_str().to_owned(), scored.scores.get(s)?.map_or(Value::Null, Value::from))))
        .collect();
    json!({
        "id": problem.id,
        "sample": scored.sample,
        "prediction": scored.prediction.code,
        "reference": problem.formal,
        "scores": scores,
        "reason": scored.reason,
        "equivalence": scored.equivalence,
        "class": scored.class,
    })
}
