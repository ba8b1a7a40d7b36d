//! Runs as JSON for programs. Owns the keys, which are a promise (docs/nightly.md).

use super::figures::share;
use crate::metrics::wilson_interval;
use crate::pipeline::nightly::{CellReview, Change, Compared, Comparison, Item, Review};
use crate::store::history::{Cells, Counts, Run};
use serde_json::{Map, Value, json};

/// A run with its comparisons: `summary.json`.
pub fn summary(review: &Review) -> Value {
    let named = |cell: &CellReview, change: &Change| {
        let mut named = Map::new();
        named.insert("model".into(), json!(cell.model));
        named.insert("data".into(), json!(cell.data));
        if let Value::Object(change) = self::change(change) {
            named.extend(change);
        }
        Value::Object(named)
    };
    let regressions = review.cells.iter().flat_map(|cell| {
        let changes = review.regressions(cell).into_iter();
        changes.map(move |change| named(cell, change))
    });
    let regressions: Vec<Value> = regressions.collect();
    let newly_solved = review
        .cells
        .iter()
        .flat_map(|cell| cell.last.iter().flat_map(|last| &last.newly_solved).map(move |change| named(cell, change)));
    json!({
        "schema": "afcheck.nightly/1",
        "run": run(&review.run),
        "gate": review.gate,
        "failed": review.has_failed(),
        "regressions": regressions,
        "newly_solved": newly_solved.collect::<Vec<_>>(),
        "cells": review.cells.iter().map(cell).collect::<Vec<_>>(),
        "gone": review.gone.iter().map(|(model, data)| json!({ "model": model, "data": data })).collect::<Vec<_>>(),
    })
}

fn run(run: &Run) -> Value {
    let plan = &run.plan;
    json!({
        "run": run.id,
        "state": run.state.as_str(),
        "started": run.started,
        "ended": run.ended,
        "revision": plan.revision,
        "afcheck": plan.afcheck,
        "lean": plan.lean,
        "judge": plan.judge,
        "judging": plan.judging,
        "count": if plan.by_sample { "sample" } else { "problem" },
    })
}

/// Keys and values of counts, with the rate over decided items and its 95 % Wilson interval.
fn figures(counts: &Counts) -> Map<String, Value> {
    let (low, high) = wilson_interval(counts.accepted, counts.decided());
    let mut figures = Map::new();
    figures.insert("items".into(), json!(counts.items()));
    figures.insert("accepted".into(), json!(counts.accepted));
    figures.insert("rejected".into(), json!(counts.rejected));
    figures.insert("undecided".into(), json!(counts.undecided));
    figures.insert("rate".into(), json!(share(counts)));
    figures.insert("low".into(), json!(low));
    figures.insert("high".into(), json!(high));
    figures
}

fn cell(cell: &CellReview) -> Value {
    let mut value = Map::new();
    value.insert("model".into(), json!(cell.model));
    value.insert("data".into(), json!(cell.data));
    value.extend(figures(&cell.counts));
    value.insert("undecided_items".into(), cell.undecided().map(item).collect());
    value.insert("flaky_items".into(), cell.flaky().map(item).collect());
    value.insert("last".into(), json!(cell.last.as_ref().map(comparison)));
    value.insert("best".into(), json!(cell.best.as_ref().map(comparison)));
    let failing = cell.failing.iter().map(|failing| {
        let against = if failing.is_best { "best" } else { "last" };
        json!({ "against": against, "p_holm": failing.p })
    });
    value.insert("failing".into(), failing.collect());
    let trend = cell.past.iter().map(|past| {
        let mut point = Map::new();
        point.insert("run".into(), json!(past.run.id));
        point.insert("started".into(), json!(past.run.started));
        point.insert("revision".into(), json!(past.run.plan.revision));
        point.extend(figures(&past.counts));
        Value::Object(point)
    });
    value.insert("trend".into(), trend.collect());
    Value::Object(value)
}

fn item(item: &Item) -> Value {
    json!({ "name": item.name, "verdict": item.standing.as_str(), "reason": item.by.reason, "detail": item.by.detail })
}

fn change(change: &Change) -> Value {
    let side = |item: &Item| {
        json!({
            "verdict": item.standing.as_str(),
            "stage": item.by.stage,
            "reason": item.by.reason,
            "detail": item.by.detail,
            "sha256": item.by.sha256,
            "samples": item.samples,
            "accepted": item.accepted,
        })
    };
    json!({ "name": change.name(), "before": side(&change.before), "after": side(&change.after) })
}

fn comparison(comparison: &Comparison) -> Value {
    let changes = |changes: &[Change]| changes.iter().map(change).collect::<Vec<Value>>();
    json!({
        "run": comparison.with.id,
        "pairs": comparison.pairs,
        "regressions": changes(&comparison.regressions),
        "newly_solved": changes(&comparison.newly_solved),
        "undecided_now": changes(&comparison.undecided_now),
        "undecided_before": changes(&comparison.undecided_before),
        "flaky": changes(&comparison.flaky),
        "restated": changes(&comparison.restated),
        "missing": comparison.missing,
        "added": comparison.added,
        "p": comparison.test.p_value,
        "mid_p": comparison.test.mid_p,
        "circumstances": comparison.circumstances,
    })
}

/// All runs, oldest first.
pub fn runs_json(runs: &[(Run, Cells)]) -> Value {
    let runs = runs.iter().map(|(of, cells)| {
        let cells = cells.iter().map(|(model, data, counts)| {
            let mut cell = Map::new();
            cell.insert("model".into(), json!(model));
            cell.insert("data".into(), json!(data));
            cell.extend(figures(counts));
            Value::Object(cell)
        });
        let mut value = run(of);
        value["cells"] = cells.collect();
        value
    });
    json!({ "schema": "afcheck.nightly.history/1", "runs": runs.collect::<Vec<_>>() })
}

/// Two runs of the history.
pub fn compared_json(compared: &Compared) -> Value {
    let Compared { after, cells, alone } = compared;
    let cells = cells.iter().map(|(model, data, found)| {
        let mut value = comparison(found);
        value["model"] = json!(model);
        value["data"] = json!(data);
        value
    });
    json!({
        "schema": "afcheck.nightly.comparison/1",
        "run": run(after),
        "cells": cells.collect::<Vec<_>>(),
        "only_in_one": alone.iter().map(|(model, data)| json!({ "model": model, "data": data })).collect::<Vec<_>>(),
    })
}
