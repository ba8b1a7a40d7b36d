//! The answer as tables for a terminal. Owns their columns.

use super::Reported;
use super::words::{coefficient, columns, gain, mean, p, partial, row_name};
use crate::pipeline::study::{OUTCOMES, Outcome};
use std::fmt::Write as _;

/// The tables.
pub fn table(reported: &Reported<'_>) -> String {
    let Reported { study, answer, .. } = reported;
    let mut text = String::new();
    let outcomes: Vec<Outcome> = OUTCOMES
        .into_iter()
        .filter(|outcome| answer.summaries.iter().any(|summary| summary.outcomes.contains_key(outcome)))
        .collect();
    for (model, about) in study.model.iter().enumerate() {
        let mut rows = vec![["condition".to_owned(), "alignment".into()].to_vec()];
        rows[0].extend(outcomes.iter().map(|outcome| outcome.title().to_owned()));
        for summary in answer.summaries.iter().filter(|summary| summary.model == model) {
            let alignment = summary.alignment.map_or(String::new(), |value| format!("{value:.3}"));
            let mut row = vec![row_name(study, summary.condition, summary.way), alignment];
            row.extend(outcomes.iter().map(|outcome| {
                let (found, changed) = (summary.outcomes.get(outcome), summary.gains.get(outcome));
                match (found, changed) {
                    (Some(found), None) => mean(*outcome, found),
                    (_, Some(changed)) => gain(*outcome, changed),
                    (None, None) => String::new(),
                }
            }));
            rows.push(row);
        }
        let _ = writeln!(text, "{}: first what it does as it is, then gains over that", about.name);
        text += &columns(&rows);
        text.push('\n');
    }
    let mut rows = vec![
        ["model", "way", "outcome", "Spearman", "p", "given diversity, tokens", "Pearson"].map(str::to_owned).to_vec(),
    ];
    for of in answer.associations.iter().filter(|of| of.measure == "alignment") {
        rows.push(vec![
            study.model[of.model].name.clone(),
            of.way.title().to_owned(),
            of.outcome.title().to_owned(),
            coefficient(of.spearman.as_ref()),
            p(of.permutation.as_ref()),
            partial(of.partial.as_ref()),
            coefficient(of.pearson.as_ref()),
        ]);
    }
    if rows.len() > 1 {
        text += "Alignment with the target and gain\n";
        text += &columns(&rows);
    }
    if reported.missing > 0 {
        let _ = writeln!(
            text,
            "\n{} cells are not whole and in no figure; `afcheck study status` says why",
            reported.missing
        );
    }
    text
}
