//! Tables, for terminals and as Markdown.

use super::Diversities;
use crate::metrics::Coefficient;
use crate::pipeline::task2vec::{Comparison, Groups};
use crate::report::untrusted::one_line;

/// Characters of a name at most.
const NAME: usize = 60;

/// Alignment and the measures beside it, a row for every pair, and how they agree.
pub fn alignment_table(comparison: &Comparison, is_markdown: bool) -> String {
    let heads = [
        "source",
        "target",
        "alignment",
        "95 % interval",
        "i.i.d.",
        "pooled",
        "gzip",
        "unigrams",
        "bigrams",
        "states",
        "mauve",
    ];
    let rows = comparison.pairs.iter().map(|pair| {
        let interval = pair.alignment;
        vec![
            one_line(&pair.source, NAME),
            one_line(&pair.target, NAME),
            value(interval.map(|c| c.value)),
            interval.map_or(String::new(), |c| between(c.interval)),
            interval.map_or(String::new(), |c| between(c.independent)),
            value(pair.pooled),
            value(pair.gzip),
            value(pair.unigrams),
            value(pair.bigrams),
            value(pair.states),
            value(pair.mauve),
        ]
    });
    let mut text = table(&heads, &rows.collect::<Vec<_>>(), 2, is_markdown);
    if !comparison.correlations.is_empty() {
        text += "\nRank correlations (Spearman) over pairs of different sources:\n\n";
        let rows = comparison.correlations.iter();
        let rows =
            rows.map(|(a, b, rho)| vec![(*a).to_owned(), (*b).to_owned(), format!("{rho:.2}")]).collect::<Vec<_>>();
        text += &table(&["measure", "and", "rho"], &rows, 2, is_markdown);
    }
    text
}

/// Diversity of sources.
pub fn diversity_table(Diversities(sources): &Diversities, is_markdown: bool) -> String {
    let rows = sources.iter().map(|of| {
        vec![
            one_line(&of.source, NAME),
            of.documents.map_or("any".to_owned(), |count| count.to_string()),
            of.batches.to_string(),
            of.tokens.to_string(),
            value(of.diversity.map(|c| c.value)),
            of.diversity.map_or(String::new(), |c| between(c.interval)),
            of.diversity.map_or(String::new(), |c| between(c.independent)),
        ]
    });
    let heads = ["source", "texts", "batches", "tokens", "diversity", "95 % interval", "i.i.d."];
    table(&heads, &rows.collect::<Vec<_>>(), 1, is_markdown)
}

/// Diversity by groups.
pub fn group_table(groups: &Groups, by: &str, is_markdown: bool) -> String {
    let rows = groups.groups.iter().map(|of| {
        vec![
            one_line(&of.group, NAME),
            of.batches.to_string(),
            value(of.within.map(|c| c.value)),
            of.within.map_or(String::new(), |c| between(c.interval)),
            value(of.to_others),
            value(of.without),
        ]
    });
    let heads = [by, "batches", "within", "95 % interval", "to others", "all without it"];
    let mut text = table(&heads, &rows.collect::<Vec<_>>(), 1, is_markdown);
    let all = groups.all.map_or(String::new(), |c| format!("{} {}", value(Some(c.value)), between(c.interval)));
    text += &format!("\nwithin {}, between {}, all {all}\n", value(groups.within), value(groups.between));
    text
}

/// A coefficient with its interval.
pub(super) fn words(coefficient: Option<Coefficient>) -> String {
    coefficient.map_or("–".to_owned(), |c| format!("{} {}", value(Some(c.value)), between(c.interval)))
}

/// A value in three digits, or a dash.
pub(super) fn value(value: Option<f64>) -> String {
    // No minus in front of what is rounded to zero.
    value.map_or("–".to_owned(), |value| format!("{:.3}", if value.abs() < 5e-4 { 0.0 } else { value }))
}

fn between(interval: Option<(f64, f64)>) -> String {
    interval.map_or(String::new(), |(low, high)| format!("{low:.3} to {high:.3}"))
}

/// Rows below heads; the first `left` columns are words, the others figures.
fn table(heads: &[&str], rows: &[Vec<String>], left: usize, is_markdown: bool) -> String {
    if is_markdown {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        let under: Vec<String> = (0..heads.len()).map(|at| if at < left { "---" } else { "---:" }.to_owned()).collect();
        let cells = |row: &Vec<String>| line(&row.iter().map(|cell| cell.replace('|', "\\|")).collect::<Vec<_>>());
        return line(&heads) + &line(&under) + &rows.iter().map(cells).collect::<String>();
    }
    let width = |at: usize| {
        let cells = rows.iter().map(|row| row[at].chars().count());
        cells.chain([heads[at].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let cells = cells.iter().enumerate().map(|(at, cell)| match at < left {
            true => format!("{cell:<width$}", width = widths[at]),
            false => format!("{cell:>width$}", width = widths[at]),
        });
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    let rows = rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
    line(heads.to_vec()) + &rows.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_markdown_is_markdown() {
        let rows = [vec!["a|b".to_owned(), "0.5".to_owned()], vec!["long name".to_owned(), "–".to_owned()]];
        assert_eq!(table(&["what", "x"], &rows, 1, false), "what         x\na|b        0.5\nlong name    –\n");
        let markdown = table(&["what", "x"], &rows, 1, true);
        assert_eq!(markdown, "| what | x |\n| --- | ---: |\n| a\\|b | 0.5 |\n| long name | – |\n");
    }
}
