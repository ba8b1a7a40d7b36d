//! The page of a distillation: one file, no scripts, nothing loaded. Owns its order and words. Texts of models and data are escaped
//! on their way in.

use super::{OF_ROUNDS, Reported, measures, round_rows, student_rows};
use crate::pipeline::distill::{RoundOf, Trajectory};
use crate::pipeline::study::{OUTCOMES, Outcome};
use crate::report::study::fold;
use crate::report::study::page::MORE;
use crate::report::study::plots::{Course, Effect, courses, forest};
use crate::report::style;
use crate::report::svg::escape;
use std::fmt::Write as _;

/// Trajectories shown of each kind of feedback.
const SHOWN: usize = 4;

/// The page.
pub fn page(reported: &Reported<'_>) -> String {
    let mut body = String::new();
    head(&mut body, reported);
    rounds(&mut body, reported);
    students(&mut body, reported);
    trajectories(&mut body, reported);
    style::page(&escape(title(reported)), MORE, &body)
}

fn title<'a>(reported: &Reported<'a>) -> &'a str {
    reported.distill.title.as_deref().unwrap_or("What does a student learn from its teacher?")
}

fn head(body: &mut String, reported: &Reported<'_>) {
    let Reported { distill, problems, missing, judge, command, .. } = reported;
    let teacher = distill.teacher.as_ref().map_or("none", |teacher| teacher.name());
    let _ = write!(
        body,
        "<h1>{}</h1><p class=\"soft\">Student {}, teacher {}; {} problems of {}, measured on {}; {} rounds, seed {}. Intervals are 95 % by \
         bootstrap over problems ({} resamples), of rates Wilson&#39;s; p is McNemar's, exact, corrected for all such tests (Holm).</p><p class=\"soft\">\
         <code>{}</code> makes every figure; report.json beside it has the data.<br>afcheck {}, judged by {}.</p>",
        escape(title(reported)),
        escape(&distill.student.model),
        escape(teacher),
        problems.len(),
        escape(&distill.problems.set),
        escape(&distill.held_out.set),
        distill.rounds,
        distill.seed,
        distill.report.resamples,
        escape(command),
        env!("CARGO_PKG_VERSION"),
        escape(judge)
    );
    if *missing > 0 {
        let _ = write!(body, "<p class=\"why\">{missing} tasks are not there: their figures are missing.</p>");
    }
}

fn rounds(body: &mut String, reported: &Reported<'_>) {
    let all = &reported.answer.rounds;
    if all.is_empty() {
        return;
    }
    body.push_str("<h2>Round by round</h2>");
    let legend: String = all
        .iter()
        .enumerate()
        .map(|(at, of)| {
            format!("<span class=\"line-{at}\"><span class=\"swatch\"></span>{}</span>", of.feedback.title())
        })
        .collect();
    let _ =
        write!(body, "<p class=\"soft\">Feedback: {legend}. Whiskers: 95 % over problems.</p><div class=\"figures\">");
    let mut flat = String::new();
    for measure in measures(reported) {
        let course = |of: &crate::pipeline::distill::Rounds| {
            let own: Vec<&RoundOf> = of.rounds.iter().filter(|of| of.measure == measure).collect();
            Course {
                label: of.feedback.title().to_owned(),
                points: own.iter().map(|of| (of.round as f64, of.mean)).collect(),
                intervals: own.iter().map(|of| of.interval.unwrap_or((of.mean, of.mean))).collect(),
            }
        };
        let drawn: Vec<Course> = all.iter().map(course).collect();
        let first = drawn[0].points.first().map_or(0.0, |point| point.1);
        if drawn.iter().flat_map(|course| &course.points).all(|(_, value)| *value == first) {
            let _ = write!(flat, "<p class=\"soft\">{measure} is the same everywhere: {first:.3}.</p>");
            continue;
        }
        let name = if measure == "edit similarity" {
            "edit similarity (0 to 1)".to_owned()
        } else {
            format!("{measure} (share of attempts)")
        };
        let plot = courses(&drawn, ("round of revision", &name));
        let _ = write!(body, "<figure>{plot}{}</figure>", fold::of_courses(&drawn, "round"));
    }
    let _ = write!(body, "</div>{flat}<div class=\"wide close\"><table><tr>");
    OF_ROUNDS.iter().for_each(|name| {
        let _ = write!(body, "<th>{name}</th>");
    });
    body.push_str("</tr>");
    for row in round_rows(reported) {
        body.push_str("<tr>");
        row.iter().for_each(|cell| {
            let _ = write!(body, "<td>{}</td>", escape(cell));
        });
        body.push_str("</tr>");
    }
    body.push_str(
        "</table></div><p class=\"soft\">Rates and differences in points of a hundred; pairs are trajectories that only this kind of feedback \
         and only no feedback has right.</p>",
    );
}

fn students(body: &mut String, reported: &Reported<'_>) {
    let (head, rows) = student_rows(reported);
    if rows.is_empty() {
        return;
    }
    body.push_str("<h2>On held-out problems</h2><div class=\"figures\">");
    for outcome in OUTCOMES {
        let effects: Vec<Effect> = reported
            .answer
            .students
            .iter()
            .filter_map(|student| {
                let gain = student.gains.get(&outcome)?;
                Some(Effect {
                    label: student.student.clone(),
                    value: gain.mean,
                    interval: gain.interval,
                    class: "aligned",
                })
            })
            .collect();
        if effects.iter().all(|effect| effect.value == 0.0) {
            continue;
        }
        let better = if outcome == Outcome::Loss { " (how much it fell)" } else { "" };
        let name = format!("gain in {}{better}, {}", outcome.title(), outcome.unit());
        let _ = write!(
            body,
            "<figure>{}<figcaption>Over the untouched student; right of zero is better. 95 % over problems, paired.</figcaption>{}</figure>",
            forest(&effects, &name),
            fold::of_effects(&effects)
        );
    }
    body.push_str("</div><div class=\"wide close\"><table><tr>");
    head.iter().for_each(|name| {
        let _ = write!(body, "<th>{}</th>", escape(name));
    });
    body.push_str("</tr>");
    for row in rows {
        body.push_str("<tr>");
        row.iter().for_each(|cell| {
            let _ = write!(body, "<td>{}</td>", escape(cell));
        });
        body.push_str("</tr>");
    }
    body.push_str("</table></div>");
}

/// Trajectories of each kind: those that were mended first.
fn trajectories(body: &mut String, reported: &Reported<'_>) {
    body.push_str("<h2>Trajectories</h2>");
    for (feedback, all) in reported.trajectories {
        let mut ranked: Vec<&Trajectory> = all.iter().filter(|trajectory| trajectory.attempts.len() > 1).collect();
        ranked.sort_by_key(|trajectory| {
            let last = trajectory.last();
            let is = |of: Option<f64>| of == Some(1.0);
            let best = last.map_or((false, false), |last| (is(last.equivalence), is(last.type_check)));
            (std::cmp::Reverse(best), trajectory.id.clone(), trajectory.sample)
        });
        let _ = write!(body, "<details><summary>{}: {} revised</summary>", feedback.title(), ranked.len());
        for trajectory in ranked.into_iter().take(SHOWN) {
            let informal = reported.problems.iter().find(|problem| problem.id == trajectory.id);
            let informal = informal.and_then(|problem| problem.informal.as_deref()).unwrap_or_default();
            let _ = write!(body, "<article><p>{}</p>", escape(informal));
            for attempt in &trajectory.attempts {
                if let Some(words) = &attempt.feedback {
                    let _ = write!(body, "<p class=\"soft\">Teacher: {}</p>", escape(words));
                }
                let verdict = match (attempt.type_check, attempt.equivalence) {
                    (_, Some(1.0)) => "proved equivalent".to_owned(),
                    (Some(1.0), _) if attempt.copy => "elaborates; copies an example".to_owned(),
                    (Some(1.0), _) => "elaborates".to_owned(),
                    _ => attempt.reason.as_deref().unwrap_or("nothing decided").replace('_', " "),
                };
                let _ = write!(
                    body,
                    "<pre>{}</pre><p class=\"why\">round {}: {}</p>",
                    escape(&attempt.code),
                    attempt.round,
                    escape(&verdict)
                );
                if attempt.is_refused() && !attempt.messages.is_empty() {
                    let _ = write!(body, "<pre class=\"soft\">{}</pre>", escape(attempt.messages.trim_end()));
                }
            }
            body.push_str("</article>");
        }
        body.push_str("</details>");
    }
}
