//! The table of an evaluation for people (standard error). Owns its layout.

use super::super::untrusted::one_line;
use crate::pipeline::eval::{BY_EQUIVALENCE, Classes, Comparison, Estimate, Evaluation, Signal};
use std::fmt::Write;

/// Overall figures, groups, pass@k, selections and a comparison, as plain text.
pub fn table(evaluation: &Evaluation, comparison: Option<(&str, &[Comparison])>) -> String {
    let mut text = String::new();
    let unmatched = &evaluation.unmatched;
    let _ = writeln!(
        text,
        "{}: {} problems, {} predictions",
        one_line(&evaluation.data, 60),
        evaluation.problems.len(),
        evaluation.scored.len()
    );
    if !unmatched.problems.is_empty() {
        let how = if evaluation.figures.answered_only { "are left out" } else { "count as failed" };
        let _ = writeln!(text, "{} problems have no prediction and {how}", unmatched.problems.len());
    }
    let _ = writeln!(
        text,
        "\n{:<24} {:>8}  {:<18} {:>8} {:>10}",
        "signal", "mean", "95 % interval", "problems", "undecided"
    );
    for (signal, estimate) in &evaluation.overall {
        let _ = writeln!(text, "{:<24} {}", signal.title(), row(*signal, estimate));
    }
    for (signal, at) in &evaluation.pass_at_k {
        for (k, estimate) in at.iter().filter(|_| evaluation.has_samples()) {
            let _ = writeln!(text, "{:<24} {}", format!("{signal} pass@{k}"), row(*signal, estimate));
        }
    }
    let signals: Vec<Signal> = evaluation.overall.keys().copied().collect();
    let head = |text: &mut String, first: &str, second: &str| {
        let _ = write!(text, "\n{first:<34} {second:>8}");
        for signal in &signals {
            let _ = write!(text, " {:>9}", short_name(*signal));
        }
        text.push('\n');
    };
    for (dimension, groups) in &evaluation.groups {
        head(&mut text, dimension, "problems");
        for group in groups {
            let _ = write!(text, "{:<34} {:>8}", one_line(&group.name, 34), group.problems);
            for signal in &signals {
                let _ =
                    write!(text, " {:>9}", group.estimates.get(signal).map_or("-".into(), |e| value(*signal, e.mean)));
            }
            text.push('\n');
        }
    }
    if !evaluation.selections.is_empty() {
        head(&mut text, "one sample of each problem", "");
        for selection in &evaluation.selections {
            let _ = write!(text, "{:<34} {:>8}", selection.name, "");
            for signal in &signals {
                let found = selection.estimates.get(signal);
                let _ = write!(text, " {:>9}", found.map_or("-".into(), |e| value(*signal, e.mean)));
            }
            text.push('\n');
        }
        let _ = writeln!(text, "{}", about_classes(&evaluation.classes));
    }
    if let Some((name, compared)) = comparison {
        let _ = writeln!(text, "\ncompared with {}, over the problems both have", one_line(name, 60));
        let _ = writeln!(
            text,
            "{:<24} {:>8} {:>8} {:>10}  {:<18} McNemar",
            "signal", "ours", "theirs", "difference", "95 % interval"
        );
        for c in compared {
            let percent = |x: f64| value(c.signal, x);
            let interval = format!("{} to {}", percent(c.low), percent(c.high));
            let _ = write!(
                text,
                "{:<24} {:>8} {:>8} {:>10}  {interval:<18}",
                c.signal.title(),
                percent(c.ours),
                percent(c.theirs),
                percent(c.difference)
            );
            if let Some((ours, theirs, p)) = c.discordant {
                let _ = write!(text, " {ours} : {theirs}, p = {p:.3}");
            }
            text.push('\n');
        }
    }
    text
}

/// What there is to know of the majority by proved equivalence.
pub(super) fn about_classes(classes: &Classes) -> String {
    match classes {
        Classes::NotFormed(why) => format!("{BY_EQUIVALENCE}: not run; {why}"),
        Classes::Formed { comparisons, undecided } => {
            format!("{BY_EQUIVALENCE}: {comparisons} comparisons, {undecided} undecided, which join nothing")
        }
    }
}

fn row(signal: Signal, estimate: &Estimate) -> String {
    let interval = format!("{} to {}", value(signal, estimate.low), value(signal, estimate.high));
    format!("{:>8}  {interval:<18} {:>8} {:>10}", value(signal, estimate.mean), estimate.problems, estimate.undecided)
}

/// Rates as percentages, everything else as a number.
pub(super) fn value(signal: Signal, value: f64) -> String {
    if signal.is_rate() { format!("{:.1} %", 100.0 * value) } else { format!("{value:.3}") }
}

pub(super) fn short_name(signal: Signal) -> &'static str {
    match signal {
        Signal::Loss => "loss",
        Signal::Bleu => "BLEU",
        Signal::Chrf => "chrF",
        Signal::EditSimilarity => "edit",
        Signal::TokenEdit => "tokens",
        Signal::ExactMatch => "exact",
        Signal::Gted => "GTED",
        Signal::TypeCheck => "checks",
        Signal::Equivalence => "equiv",
        Signal::Proof => "proved",
        Signal::ProofOfReference => "both",
    }
}
