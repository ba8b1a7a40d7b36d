//! Comparisons for programs (JSON lines), for people (one line each), and as a table of how well they agree with labels.
//! Owns the keys and their order, which are a promise (docs/equivalence.md).

use super::untrusted::one_line;
use crate::domain::{Direction, EquivalenceVerdict, Side};
use crate::metrics::wilson_interval;
use crate::pipeline::equiv::Compared;
use crate::runner::events::Origin;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// The order of the fields is the order of the keys.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    index: usize,
    verdict: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// The label, as the input has it.
    equivalent: Option<bool>,
    a_to_b: Way<'a>,
    b_to_a: Way<'a>,
    /// True if an attempt met its limit.
    limited: bool,
    names: &'a [String; 2],
    ladder: &'a str,
    heartbeats: u64,
    wall_ms: f64,
    engine: Engine<'a>,
}

#[derive(Serialize)]
struct Way<'a> {
    outcome: &'a str,
    rung: Option<&'a str>,
}

#[derive(Serialize)]
struct Engine<'a> {
    kind: &'a str,
    lean: &'a str,
    commit: &'a str,
}

fn way(direction: &Direction) -> Way<'_> {
    Way { outcome: direction.as_str(), rung: direction.rung() }
}

/// One comparison as a line of JSON, with its line end.
pub fn json_line(compared: &Compared) -> String {
    let Compared { index, pair, report, origin: _ } = compared;
    let (side, cause, detail) = match &report.verdict {
        EquivalenceVerdict::IllTyped { side, detail } => (Some(side.as_str()), None, Some(detail.as_str())),
        EquivalenceVerdict::Undecided { cause, detail } => (None, Some(cause.as_str()), Some(detail.as_str())),
        _ => (None, None, None),
    };
    let line = Line {
        id: &pair.id,
        index: *index,
        verdict: report.verdict.as_str(),
        side,
        cause,
        detail,
        equivalent: pair.equivalent,
        a_to_b: way(&report.a_to_b),
        b_to_a: way(&report.b_to_a),
        limited: report.limited,
        names: &report.names,
        ladder: report.ladder.as_str(),
        heartbeats: report.heartbeats,
        wall_ms: (report.wall.as_secs_f64() * 1e6).round() / 1e3,
        engine: Engine { kind: report.engine.kind, lean: &report.engine.lean, commit: &report.engine.commit },
    };
    serde_json::to_string(&line).unwrap_or_default() + "\n"
}

/// One comparison as a line for people, with its line end.
pub fn human_line(compared: &Compared) -> String {
    let Compared { pair, report, .. } = compared;
    let detail = match &report.verdict {
        EquivalenceVerdict::IllTyped { side, detail } => format!("{}: {}", side.as_str(), one_line(detail, 120)),
        EquivalenceVerdict::Undecided { cause, detail } => format!("{cause}: {}", one_line(detail, 120)),
        _ => format!("a→b {}, b→a {}", words(&report.a_to_b), words(&report.b_to_a)),
    };
    let agrees = match pair.equivalent.map(|label| label == (report.verdict == EquivalenceVerdict::Equivalent)) {
        None => "",
        Some(true) => "  (as labelled)",
        Some(false) => "  (NOT as labelled)",
    };
    format!("{}  {}  {detail}  {} ms{agrees}\n", one_line(&pair.id, 60), report.verdict, report.wall.as_millis())
}

fn words(direction: &Direction) -> String {
    match direction {
        Direction::Shown { rung } => format!("by {rung}"),
        Direction::GoalAlone { rung } => format!("trivially (the goal holds alone, by {rung})"),
        Direction::BaseAbsurd { rung } => format!("trivially (the base is absurd, by {rung})"),
        Direction::NotShown => "not shown".into(),
        Direction::NotTried => "not tried".into(),
    }
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Agreement {
    verdicts: BTreeMap<&'static str, u64>,
    rungs: BTreeMap<String, u64>,
    /// Labelled equivalent or not, called equivalent or not.
    cells: [[u64; 2]; 2],
    /// By kind: as labelled, all.
    kinds: BTreeMap<String, (u64, u64)>,
    walls: Vec<Duration>,
    ill_typed: [u64; 2],
    /// Not compared in this run, and equal to another pair of it.
    kept: u64,
    equal: u64,
}

impl Agreement {
    /// Counts one comparison.
    pub fn add(&mut self, compared: &Compared) {
        let Compared { pair, report, origin, .. } = compared;
        self.kept += u64::from(*origin == Origin::Store);
        self.equal += u64::from(*origin == Origin::Duplicate);
        let called = report.verdict == EquivalenceVerdict::Equivalent;
        *self.verdicts.entry(report.verdict.as_str()).or_default() += 1;
        self.walls.push(report.wall);
        if called {
            for rung in [&report.a_to_b, &report.b_to_a].into_iter().filter_map(Direction::rung) {
                *self.rungs.entry(rung.to_owned()).or_default() += 1;
            }
        }
        if let EquivalenceVerdict::IllTyped { side, .. } = &report.verdict {
            self.ill_typed[usize::from(*side == Side::B)] += 1;
        }
        if let Some(label) = pair.equivalent {
            self.cells[usize::from(label)][usize::from(called)] += 1;
            let kind = pair.kind.clone().unwrap_or_else(|| "without a kind".into());
            let (right, all) = self.kinds.entry(one_line(&kind, 40)).or_default();
            *right += u64::from(label == called);
            *all += 1;
        }
    }

    /// The table for people.
    pub fn table(mut self) -> String {
        let mut text = String::new();
        let total = self.walls.len();
        self.walls.sort();
        let quantile = |q: f64| self.walls.get(((total as f64 * q) as usize).min(total.saturating_sub(1)));
        let ms = |q| quantile(q).map_or(0.0, |wall| wall.as_secs_f64() * 1e3);
        let _ = writeln!(text, "{total} pairs, median {:.0} ms, 95 % within {:.0} ms", ms(0.5), ms(0.95));
        if self.kept + self.equal > 0 {
            let _ =
                writeln!(text, "not compared again: {} kept by earlier runs, {} equal pairs", self.kept, self.equal);
        }
        for name in EquivalenceVerdict::NAMES {
            if let Some(count) = self.verdicts.get(name) {
                let _ = writeln!(text, "  {name:<18} {count:>6}");
            }
        }
        if !self.rungs.is_empty() {
            let rungs: Vec<String> = self.rungs.iter().map(|(rung, count)| format!("{rung} {count}")).collect();
            let _ = writeln!(text, "directions shown by: {}", rungs.join(", "));
        }
        let [[true_negative, false_positive], [false_negative, true_positive]] = self.cells;
        let labelled = self.cells.iter().flatten().sum::<u64>();
        if labelled > 0 {
            let _ = writeln!(text, "against {labelled} labels (positive: equivalent)");
            let rate = |name: &str, hits: u64, all: u64, text: &mut String| {
                let (low, high) = wilson_interval(hits, all);
                let value = if all == 0 { "-".into() } else { format!("{:.1} %", 100.0 * hits as f64 / all as f64) };
                let _ = writeln!(
                    text,
                    "  {name:<10} {value:>8}  ({hits} of {all}; 95 %: {:.1} to {:.1} %)",
                    100.0 * low,
                    100.0 * high
                );
            };
            rate("precision", true_positive, true_positive + false_positive, &mut text);
            rate("recall", true_positive, true_positive + false_negative, &mut text);
            rate("accuracy", true_positive + true_negative, labelled, &mut text);
            for (kind, (right, all)) in &self.kinds {
                let _ = writeln!(text, "    {kind:<20} {right:>4} of {all:<4} as labelled");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Pair;
    use crate::domain::{EngineId, EquivalenceReport, LadderKind};

    fn compared(index: usize, verdict: EquivalenceVerdict, label: Option<bool>) -> Compared {
        let engine = EngineId { lean: "4".into(), commit: "c".into(), kind: "embedded" };
        let pair =
            Pair { id: format!("p{index}"), equivalent: label, kind: Some("currying".into()), ..Pair::default() };
        let report = EquivalenceReport {
            wall: Duration::from_millis(index as u64),
            ..EquivalenceReport::new(verdict, LadderKind::BeqCore, engine)
        };
        Compared { index, pair, report, origin: Origin::Check }
    }

    #[test]
    fn a_line_has_the_promised_keys() {
        let line = json_line(&compared(1, EquivalenceVerdict::Equivalent, Some(true)));
        let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
        let promised = "id index verdict equivalent a_to_b b_to_a limited names ladder heartbeats wall_ms engine";
        assert_eq!(keys.join(" "), promised);
        let ill = EquivalenceVerdict::IllTyped { side: Side::B, detail: "line 1: no".into() };
        let line = json_line(&compared(1, ill, None));
        assert!(line.contains(r#""side":"b""#) && line.contains(r#""detail":"line 1: no""#), "{line}");
    }

    #[test]
    fn the_table_counts_against_the_labels() {
        let mut agreement = Agreement::default();
        let labelled = [(true, true), (true, true), (true, false), (false, false), (false, true)];
        for (i, (label, called)) in labelled.into_iter().enumerate() {
            let verdict = if called { EquivalenceVerdict::Equivalent } else { EquivalenceVerdict::NotShown };
            agreement.add(&compared(i, verdict, Some(label)));
        }
        agreement.add(&compared(9, EquivalenceVerdict::NotShown, None));
        let table = agreement.table();
        for part in ["6 pairs", "66.7 %  (2 of 3", "60.0 %  (3 of 5", "against 5 labels", "currying"] {
            assert!(table.contains(part), "{part} in {table}");
        }
    }
}
