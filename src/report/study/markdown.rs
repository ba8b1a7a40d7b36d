//! The summary of a study for a paper's notes or a pull request. Owns its order and words.

use super::Reported;
use super::words::{coefficient, finding, gain, likeness, mean, p, partial, row_name, tokens, unit_of_gain};
use crate::pipeline::study::{OUTCOMES, Outcome};
use std::fmt::Write as _;

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ").replace('<', "&lt;")
}

/// The summary.
pub fn markdown(reported: &Reported<'_>) -> String {
    let Reported { study, answer, problems, missing, judge, command, .. } = reported;
    let title = study.title.as_deref().unwrap_or("Which data improves autoformalization?");
    let mut text = format!("# {}\n\n    {command}\n\n", cell(title));
    let _ = writeln!(
        text,
        "{} problems of `{}`, {} conditions, {} models, seeds {}. Intervals are 95 %: of means and gains over problems, of correlations over \
         conditions. Judged by {}.\n",
        problems.len(),
        cell(&study.target.problems),
        study.condition.len(),
        study.model.len(),
        study.seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
        cell(judge)
    );
    if *missing > 0 {
        let _ = writeln!(text, "**{missing} cells are not whole and in no figure.**\n");
    }
    text += "## Does alignment with the target predict the gain?\n\n";
    for association in answer.associations.iter().filter(|of| of.measure == "alignment") {
        let _ = writeln!(text, "* {}", cell(&finding(study, association)));
    }
    text += "\n| model | way | outcome | measure | Spearman | p | Spearman given diversity and tokens learnt | Pearson |\n\
             |---|---|---|---|---|---|---|---|\n";
    for of in answer.associations.iter().filter(|of| of.spearman.is_some() || of.measure == "alignment") {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            cell(&study.model[of.model].name),
            of.way.title(),
            of.outcome.title(),
            of.measure,
            coefficient(of.spearman.as_ref()),
            p(of.permutation.as_ref()),
            partial(of.partial.as_ref()),
            coefficient(of.pearson.as_ref())
        );
    }
    cells(&mut text, reported);
    if !answer.versus.is_empty() {
        text += "\n## One way against another\n\n| model | condition | ways | outcome | difference |\n|---|---|---|---|---|\n";
        for versus in &answer.versus {
            for (outcome, found) in &versus.gains {
                let _ = writeln!(
                    text,
                    "| {} | {} | {} less {} | {} | {} {} |",
                    cell(&study.model[versus.model].name),
                    cell(&study.condition[versus.condition].name),
                    versus.ways.0.title(),
                    versus.ways.1.title(),
                    outcome.title(),
                    gain(*outcome, found),
                    unit_of_gain(*outcome)
                );
            }
        }
    }
    text
}

/// What each condition does.
fn cells(text: &mut String, reported: &Reported<'_>) {
    let Reported { study, answer, .. } = reported;
    let outcomes: Vec<Outcome> = OUTCOMES
        .into_iter()
        .filter(|outcome| answer.summaries.iter().any(|summary| summary.outcomes.contains_key(outcome)))
        .collect();
    for (model, about) in study.model.iter().enumerate() {
        let _ =
            write!(text, "\n## {}\n\n| condition | alignment | diversity | tokens read | learnt |", cell(&about.name));
        outcomes.iter().for_each(|outcome| {
            let _ = write!(text, " {} | gain, {} |", outcome.title(), unit_of_gain(*outcome));
        });
        let _ = writeln!(text, "\n|---|---|---|---|---|{}", "---|---|".repeat(outcomes.len()));
        for summary in answer.summaries.iter().filter(|summary| summary.model == model) {
            let _ = write!(
                text,
                "| {} | {} | {} | {} | {} |",
                cell(&row_name(study, summary.condition, summary.way)),
                likeness(summary.alignment, summary.alignment_range),
                likeness(summary.diversity, None),
                tokens(summary.tokens),
                tokens(summary.target_tokens)
            );
            for outcome in &outcomes {
                let of = |found: Option<String>| found.unwrap_or_default();
                let _ = write!(
                    text,
                    " {} | {} |",
                    of(summary.outcomes.get(outcome).map(|found| mean(*outcome, found))),
                    of(summary.gains.get(outcome).map(|found| gain(*outcome, found)))
                );
            }
            text.push('\n');
        }
    }
}
