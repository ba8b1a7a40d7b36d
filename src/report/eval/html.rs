//! The page of an evaluation: one file, no scripts, nothing loaded. Owns its order and words; plots are `svg.rs`'s. Texts of
//! models and data sets are escaped on their way in.

use super::table::{about_classes, short_name, value};
use crate::pipeline::eval::{Comparison, Estimate, Estimates, Evaluation, Scored, Signal, instructive};
use crate::report::style;
use crate::report::svg::{self, Bar, Point, escape};
use std::fmt::Write;

/// Predictions shown in full.
const EXAMPLES: usize = 20;

/// Points of a scatter.
const POINTS: usize = 3_000;

/// The page.
pub fn page(evaluation: &Evaluation, comparison: Option<(&str, &[Comparison])>) -> String {
    let mut body = String::new();
    head(&mut body, evaluation);
    overall(&mut body, evaluation);
    if let Some((name, compared)) = comparison {
        compared_with(&mut body, name, compared);
    }
    groups(&mut body, evaluation);
    if evaluation.has_samples() {
        samples(&mut body, evaluation);
    }
    scatters(&mut body, evaluation);
    correlations(&mut body, evaluation);
    taxonomy(&mut body, evaluation);
    examples(&mut body, evaluation);
    style::page(&format!("afcheck eval: {}", escape(&evaluation.data)), "", &body)
}

fn head(body: &mut String, evaluation: &Evaluation) {
    let Evaluation { unmatched, figures, .. } = evaluation;
    let _ = write!(
        body,
        "<h1>Autoformalization: {}</h1><p class=\"soft\">{} problems, {} predictions of {}.",
        escape(&evaluation.data),
        evaluation.problems.len(),
        evaluation.scored.len(),
        escape(&evaluation.predictions)
    );
    if !unmatched.problems.is_empty() {
        let how = if figures.answered_only { "are left out" } else { "count as failed" };
        let _ = write!(body, " {} problems have no prediction and {how}.", unmatched.problems.len());
    }
    match &evaluation.engine {
        Some(engine) => {
            let _ = write!(
                body,
                " Lean {} ({}), commit {}.",
                escape(&engine.lean),
                engine.kind,
                escape(engine.commit.get(..12).unwrap_or(&engine.commit))
            );
        }
        None => body.push_str(" Lean was not asked."),
    }
    let _ = write!(
        body,
        " afcheck {}; intervals are 95 %: Wilson for rates of one prediction each, else bootstrap over problems (seed {}).</p>",
        env!("CARGO_PKG_VERSION"),
        figures.seed
    );
}

fn bar(label: &str, signal: Signal, estimate: &Estimate) -> Bar {
    let Estimate { mean, low, high, problems, undecided } = *estimate;
    let note = format!(
        "{label}: {} ({} to {}), {problems} problems, {undecided} predictions undecided",
        value(signal, mean),
        value(signal, low),
        value(signal, high)
    );
    Bar { label: label.to_owned(), value: mean, interval: Some((low, high)), note }
}

fn overall(body: &mut String, evaluation: &Evaluation) {
    body.push_str("<h2>Every signal</h2>");
    let bounded: Vec<Bar> = evaluation
        .overall
        .iter()
        .filter(|(signal, _)| **signal != Signal::Loss)
        .map(|(signal, e)| bar(signal.title(), *signal, e))
        .collect();
    if !bounded.is_empty() {
        let _ = write!(body, "<div class=\"wide\">{}</div>", svg::bars(&bounded, 1.0, "Signals with intervals"));
    }
    body.push_str(
        "<table><tr><th>signal</th><th>mean</th><th>95 % interval</th><th>problems</th><th>undecided</th></tr>",
    );
    for (signal, e) in &evaluation.overall {
        let _ = write!(
            body,
            "<tr><td>{}</td><td>{}</td><td>{} to {}</td><td>{}</td><td>{}</td></tr>",
            signal.title(),
            value(*signal, e.mean),
            value(*signal, e.low),
            value(*signal, e.high),
            e.problems,
            e.undecided
        );
    }
    body.push_str("</table>");
}

fn compared_with(body: &mut String, name: &str, compared: &[Comparison]) {
    let _ = write!(
        body,
        "<h2>Compared with {}</h2><p class=\"soft\">Paired, over the problems both have. McNemar's test takes the first \
         prediction of each problem.</p><table><tr><th>signal</th><th>ours</th><th>theirs</th><th>difference</th><th>95 % \
         interval</th><th>only ours : only theirs</th><th>p</th></tr>",
        escape(name)
    );
    for c in compared {
        let (pairs, p) = match c.discordant {
            Some((ours, theirs, p)) => (format!("{ours} : {theirs}"), format!("{p:.3}")),
            None => Default::default(),
        };
        let shown = |x| value(c.signal, x);
        let _ = write!(
            body,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{} to {}</td><td>{pairs}</td><td>{p}</td></tr>",
            c.signal.title(),
            shown(c.ours),
            shown(c.theirs),
            shown(c.difference),
            shown(c.low),
            shown(c.high)
        );
    }
    body.push_str("</table>");
}

fn figures_head(body: &mut String, signals: &[Signal], first: &str, second: &str) {
    let _ = write!(body, "<div class=\"wide\"><table><tr><th>{}</th><th>{second}</th>", escape(first));
    for signal in signals {
        let _ = write!(body, "<th title=\"{}\">{}</th>", signal.title(), short_name(*signal));
    }
    body.push_str("</tr>");
}

fn figures_row(body: &mut String, signals: &[Signal], name: &str, second: &str, estimates: &Estimates) {
    let _ = write!(body, "<tr><td>{}</td><td>{second}</td>", escape(name));
    for signal in signals {
        let shown = estimates.get(signal).map_or("–".to_owned(), |e| value(*signal, e.mean));
        let _ = write!(body, "<td>{shown}</td>");
    }
    body.push_str("</tr>");
}

fn groups(body: &mut String, evaluation: &Evaluation) {
    let signals: Vec<Signal> = evaluation.overall.keys().copied().collect();
    // The most telling signal there is.
    let telling = [Signal::Equivalence, Signal::TypeCheck, Signal::Gted, Signal::Bleu];
    let telling = telling.into_iter().find(|s| evaluation.overall.contains_key(s));
    for (dimension, groups) in &evaluation.groups {
        let _ = write!(body, "<h2>By {}</h2>", escape(dimension));
        if let Some(signal) = telling {
            let bars: Vec<Bar> =
                groups.iter().filter_map(|g| Some(bar(&g.name, signal, g.estimates.get(&signal)?))).collect();
            let title = format!("{} by {dimension}", signal.title());
            let _ =
                write!(body, "<h3>{}</h3><div class=\"wide\">{}</div>", escape(&title), svg::bars(&bars, 1.0, &title));
        }
        figures_head(body, &signals, dimension, "problems");
        for group in groups {
            figures_row(body, &signals, &group.name, &group.problems.to_string(), &group.estimates);
        }
        body.push_str("</table></div>");
    }
}

fn samples(body: &mut String, evaluation: &Evaluation) {
    let signals: Vec<Signal> = evaluation.overall.keys().copied().collect();
    body.push_str("<h2>Several samples of a problem</h2>");
    for (signal, at) in &evaluation.pass_at_k {
        let bars: Vec<Bar> = at.iter().map(|(k, e)| bar(&format!("pass@{k}"), *signal, e)).collect();
        let title = format!("{}: pass@k", signal.title());
        let _ = write!(body, "<h3>{title}</h3><div class=\"wide\">{}</div>", svg::bars(&bars, 1.0, &title));
    }
    body.push_str("<h3>One sample of each problem, chosen without the reference</h3>");
    figures_head(body, &signals, "choice", "");
    for selection in &evaluation.selections {
        figures_row(body, &signals, selection.name, "", &selection.estimates);
    }
    body.push_str("</table></div>");
    let _ = write!(body, "<p>{}</p>", escape(&about_classes(&evaluation.classes)));
}

fn class(scored: &Scored) -> &'static str {
    match scored.score(Signal::Equivalence).or(scored.score(Signal::TypeCheck)) {
        Some(1.0) => "yes",
        Some(_) => "no",
        None => "unknown",
    }
}

fn scatters(body: &mut String, evaluation: &Evaluation) {
    let has = |signal: Signal| evaluation.overall.contains_key(&signal);
    let pairs = [(Signal::Bleu, Signal::Gted), (Signal::EditSimilarity, Signal::Gted), (Signal::Loss, Signal::Bleu)];
    let pairs: Vec<_> = pairs.into_iter().filter(|(a, b)| has(*a) && has(*b)).collect();
    if pairs.is_empty() {
        return;
    }
    let judged = if has(Signal::Equivalence) { "equivalent" } else { "elaborates" };
    let _ = write!(
        body,
        "<h2>Signal against signal</h2><p class=\"soft\"><span class=\"key yes\"></span>{judged}<span class=\"key \
         no\"></span>not<span class=\"key unknown\"></span>undecided or not asked. Each point is a prediction{}.</p><div \
         class=\"pair\">",
        if evaluation.scored.len() > POINTS { format!(", the first {POINTS} of them") } else { String::new() }
    );
    for (x, y) in pairs {
        let points: Vec<Point> = evaluation
            .scored
            .iter()
            .take(POINTS)
            .filter_map(|s| {
                let note = format!("{} {}", evaluation.problems[s.problem].id, s.statement);
                Some(Point { x: s.score(x)?, y: s.score(y)?, class: class(s), note })
            })
            .collect();
        body.push_str(&svg::scatter(&points, x.title(), y.title()));
    }
    body.push_str("</div>");
}

fn correlations(body: &mut String, evaluation: &Evaluation) {
    let signals: Vec<Signal> = evaluation.overall.keys().copied().collect();
    if signals.len() < 2 {
        return;
    }
    let value = |a: Signal, b: Signal| {
        let found = evaluation.correlations.iter().find(|(x, y, _)| (*x, *y) == (a, b) || (*y, *x) == (a, b));
        if a == b { Some(1.0) } else { found.and_then(|(_, _, rho)| *rho) }
    };
    let values: Vec<Vec<Option<f64>>> =
        signals.iter().map(|a| signals.iter().map(|b| value(*a, *b)).collect()).collect();
    let labels: Vec<&str> = signals.iter().map(|s| short_name(*s)).collect();
    let _ = write!(
        body,
        "<h2>Which signals agree</h2><p class=\"soft\">Spearman's rank correlation over predictions that have both; a dash \
         where one of them does not vary.</p><div class=\"wide\">{}</div>",
        svg::matrix(&labels, &values, "Rank correlations of signals")
    );
}

fn taxonomy(body: &mut String, evaluation: &Evaluation) {
    if evaluation.taxonomy.is_empty() {
        return;
    }
    body.push_str("<h2>What Lean said no to</h2>");
    let most = evaluation.taxonomy.iter().map(|(_, n)| *n).max().unwrap_or(1) as f64;
    let bars: Vec<Bar> = evaluation
        .taxonomy
        .iter()
        .map(|(reason, count)| Bar {
            label: reason.replace('_', " "),
            value: *count as f64,
            interval: None,
            note: format!("{count} of {} predictions", evaluation.scored.len()),
        })
        .collect();
    let _ = write!(body, "<div class=\"wide\">{}</div>", svg::bars(&bars, most, "Reasons and causes"));
}

fn examples(body: &mut String, evaluation: &Evaluation) {
    let examples = instructive(evaluation, EXAMPLES);
    if examples.is_empty() {
        return;
    }
    body.push_str(
        "<h2>Predictions worth reading</h2><p class=\"soft\">Where signals disagree, one kind after the other.</p>",
    );
    for example in examples {
        let scored = example.scored;
        let problem = &evaluation.problems[scored.problem];
        let _ = write!(body, "<article><p><span class=\"why\">{}</span> · {}", example.why, escape(&problem.id));
        for word in [&problem.groups.concept, &problem.groups.source].into_iter().flatten() {
            let _ = write!(body, " · {}", escape(word));
        }
        body.push_str("</p>");
        if let Some(informal) = &problem.informal {
            let _ = write!(body, "<p>{}</p>", escape(informal));
        }
        let _ = write!(
            body,
            "<h3>Reference</h3><pre>{}</pre><h3>Prediction</h3><pre>{}</pre><p class=\"soft\">",
            escape(&problem.formal),
            escape(scored.prediction.code.trim())
        );
        let shown: Vec<String> = scored
            .scores
            .iter()
            .map(|(signal, score)| match score {
                Some(score) if signal.is_rate() => {
                    format!("{}: {}", short_name(*signal), if *score == 1.0 { "yes" } else { "no" })
                }
                Some(score) => format!("{}: {score:.2}", short_name(*signal)),
                None => format!("{}: undecided", short_name(*signal)),
            })
            .chain(scored.reason.clone())
            .chain(scored.equivalence.clone())
            .collect();
        let _ = write!(body, "{}</p></article>", escape(&shown.join(" · ")));
    }
}
