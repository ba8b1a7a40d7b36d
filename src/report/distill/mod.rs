//! Reports of distillations: one page, a summary, tables, trajectories, and everything as JSON. Owns their columns and words;
//! statistics are `pipeline::distill`'s.

mod page;

pub use page::page;

use crate::config::distill::Distill;
use crate::domain::{Feedback, Problem};
use crate::pipeline::distill::{Answer, Difference, RoundOf, Trajectory};
use crate::pipeline::study::OUTCOMES;
use crate::report::study::words as of_study;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What a report is of. Nothing in it depends on when or where it was made.
pub struct Reported<'a> {
    pub distill: &'a Distill,
    pub answer: &'a Answer,
    pub trajectories: &'a [(Feedback, Vec<Trajectory>)],
    /// Those that were attempted.
    pub problems: &'a [Problem],
    /// Tasks that are not there.
    pub missing: usize,
    pub judge: &'a str,
    pub command: &'a str,
}

/// Everything, with the data of every figure.
pub fn json(reported: &Reported<'_>) -> Value {
    let Reported { distill, answer, missing, judge, command, .. } = reported;
    json!({
        "schema": "afcheck.distill/1",
        "afcheck": env!("CARGO_PKG_VERSION"),
        "command": command,
        "judge": judge,
        "distill": distill,
        "missing_tasks": missing,
        "rounds": answer.rounds,
        "students": answer.students,
    })
}

/// All trajectories as lines of JSON, each with its kind of feedback and its problem.
pub fn lines(reported: &Reported<'_>) -> String {
    let informal = |id: &str| {
        let problem = reported.problems.iter().find(|problem| problem.id == id);
        problem.map(|problem| (problem.informal.clone(), problem.formal.clone()))
    };
    let mut text = String::new();
    for (feedback, all) in reported.trajectories {
        for trajectory in all {
            let (informal, formal) = informal(&trajectory.id).unwrap_or_default();
            let line = json!({
                "id": trajectory.id,
                "sample": trajectory.sample,
                "feedback": feedback.as_str(),
                "informal": informal,
                "reference": formal,
                "attempts": trajectory.attempts,
            });
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// A mean of attempts, in percent where it is a rate.
fn value(of: &RoundOf) -> String {
    let one = |value: f64| if is_rate(of.measure) { format!("{:.1} %", 100.0 * value) } else { format!("{value:.3}") };
    match of.interval {
        Some((low, high)) => format!("{} ({} to {})", one(of.mean), one(low), one(high)),
        None => one(of.mean),
    }
}

fn is_rate(measure: &str) -> bool {
    measure != "edit similarity"
}

/// A difference with its interval.
fn difference(measure: &str, found: Option<&Difference>) -> String {
    let Some(found) = found else { return "–".to_owned() };
    let one = |value: f64| if is_rate(measure) { format!("{:+.1}", 100.0 * value) } else { format!("{value:+.3}") };
    match found.interval {
        Some((low, high)) => format!("{} ({} to {})", one(found.mean), one(low), one(high)),
        None => one(found.mean),
    }
}

/// Pairs and p values of a difference.
fn tested(found: Option<&Difference>) -> String {
    match found.map(|d| (d.only_first, d.only_second, d.p_value, d.corrected)) {
        Some((Some(first), Some(second), Some(p), corrected)) => {
            let corrected = corrected.map_or(String::new(), |p| format!(", {p:.3} corrected"));
            format!("{first}:{second}, p = {p:.3}{corrected}")
        }
        _ => "–".to_owned(),
    }
}

/// Rows of the table of rounds: outcome, round, feedback, revised, value, since the first attempts, against no feedback, test. First
/// attempts are the same for all.
fn round_rows(reported: &Reported<'_>) -> Vec<[String; 8]> {
    let all = &reported.answer.rounds;
    let mut rows = Vec::new();
    for measure in measures(reported) {
        for round in 0..=reported.distill.rounds {
            for (at, rounds) in all.iter().enumerate().take(if round == 0 { 1 } else { all.len() }) {
                let Some(of) = rounds.rounds.iter().find(|of| of.measure == measure && of.round == round) else {
                    continue;
                };
                let revised = round.checked_sub(1).and_then(|round| rounds.revised.get(round));
                rows.push([
                    if at == 0 { measure.to_owned() } else { String::new() },
                    if round == 0 { "first".to_owned() } else { round.to_string() },
                    if round == 0 { "all".to_owned() } else { rounds.feedback.title().to_owned() },
                    revised.map_or(String::new(), usize::to_string),
                    value(of),
                    difference(measure, of.since_first.as_ref()),
                    difference(measure, of.to_none.as_ref()),
                    tested(of.to_none.as_ref()),
                ]);
            }
        }
    }
    rows
}

/// What attempts are measured by, in the order of the answer.
fn measures<'a>(reported: &Reported<'a>) -> Vec<&'a str> {
    let mut measures: Vec<&str> = Vec::new();
    for of in reported.answer.rounds.iter().flat_map(|rounds| &rounds.rounds) {
        if !measures.contains(&of.measure) {
            measures.push(of.measure);
        }
    }
    measures
}

const OF_ROUNDS: [&str; 8] = [
    "outcome",
    "round",
    "feedback",
    "revised",
    "value",
    "since first attempts",
    "to no feedback",
    "only this:only none",
];

/// Rows of the table of students, and its head.
fn student_rows(reported: &Reported<'_>) -> (Vec<String>, Vec<Vec<String>>) {
    let is_there = |outcome| reported.answer.students.iter().any(|student| student.outcomes.contains_key(&outcome));
    let outcomes: Vec<_> = OUTCOMES.into_iter().filter(|outcome| is_there(*outcome)).collect();
    let mut head: Vec<String> = ["student learnt from", "texts", "tokens"].map(str::to_owned).to_vec();
    for outcome in &outcomes {
        head.extend([outcome.title().to_owned(), format!("gain, {}", of_study::unit_of_gain(*outcome))]);
    }
    let row = |student: &crate::pipeline::distill::OnHeldOut| {
        let mut row = vec![student.student.clone(), student.texts.to_string(), student.tokens.to_string()];
        for outcome in &outcomes {
            row.push(student.outcomes.get(outcome).map_or(String::new(), |found| of_study::mean(*outcome, found)));
            row.push(student.gains.get(outcome).map_or(String::new(), |found| of_study::gain(*outcome, found)));
        }
        row
    };
    (head, reported.answer.students.iter().map(row).collect())
}

/// The tables, for a terminal.
pub fn table(reported: &Reported<'_>) -> String {
    let mut rows = vec![OF_ROUNDS.map(str::to_owned).to_vec()];
    rows.extend(round_rows(reported).into_iter().map(Vec::from));
    let mut text = of_study::columns(&rows);
    let (head, students) = student_rows(reported);
    if !students.is_empty() {
        text += "\nOn held-out problems\n";
        text += &of_study::columns(&std::iter::once(head).chain(students).collect::<Vec<_>>());
    }
    if reported.missing > 0 {
        let _ = writeln!(text, "\n{} tasks are not there; `afcheck distill status` says why", reported.missing);
    }
    text
}

/// The summary.
pub fn markdown(reported: &Reported<'_>) -> String {
    let Reported { distill, problems, missing, judge, command, .. } = reported;
    let title = distill.title.as_deref().unwrap_or("What does a student learn from its teacher?");
    let cell = |text: &str| text.replace('|', "\\|").replace(['\n', '\r'], " ").replace('<', "&lt;");
    let mut text = format!("# {}\n\n    {command}\n\n", cell(title));
    let teacher = distill.teacher.as_ref().map_or("none", |teacher| teacher.name());
    let _ = writeln!(
        text,
        "Student {}, teacher {}, {} problems of `{}`, measured on `{}`; {} rounds, seed {}. Intervals are 95 %, over problems; p is \
         McNemar's, exact, corrected for all such tests (Holm). Judged by {}.\n",
        cell(&distill.student.model),
        cell(teacher),
        problems.len(),
        cell(&distill.problems.set),
        cell(&distill.held_out.set),
        distill.rounds,
        distill.seed,
        cell(judge)
    );
    if *missing > 0 {
        let _ = writeln!(text, "**{missing} tasks are not there.**\n");
    }
    let mut rows = |head: &[String], rows: Vec<Vec<String>>| {
        let _ = writeln!(text, "| {} |\n|{}", head.join(" | "), "---|".repeat(head.len()));
        for row in rows {
            let _ = writeln!(text, "| {} |", row.iter().map(|text| cell(text)).collect::<Vec<_>>().join(" | "));
        }
        text.push('\n');
    };
    rows(&OF_ROUNDS.map(str::to_owned), round_rows(reported).into_iter().map(Vec::from).collect());
    let (head, students) = student_rows(reported);
    if !students.is_empty() {
        rows(&head, students);
    }
    text
}

#[cfg(test)]
mod tests;
