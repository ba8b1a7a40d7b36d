//! Pages: one file, no scripts, nothing loaded. Owns their order and words. Names of sources are escaped on their way in.

use super::plots::{dendrogram, heat_map, histogram};
use super::table::words;
use super::{About, Diversities};
use crate::pipeline::task2vec::{Comparison, Groups, MEASURES, Pair};
use crate::report::style;
use crate::report::svg::{Bar, bars, escape};
use std::fmt::Write as _;

/// Plots that stand alone, by the names of their files: the heat map, and of a matrix the dendrogram.
pub fn alignment_plots(comparison: &Comparison) -> Vec<(&'static str, String)> {
    let (map, tree) = plots(comparison);
    let mut plots = vec![("heat-map.svg", standing_alone(&map))];
    plots.extend(tree.map(|tree| ("dendrogram.svg", standing_alone(&tree))));
    plots
}

/// A plot of a page as a file of its own, in the page's light colours.
fn standing_alone(svg: &str) -> String {
    const COLOURS: &str = "svg{background:#fff}text{fill:#1a1c1e;font:12px system-ui,sans-serif}.tick{fill:#5c6370;font-size:11px}\
        .cell{stroke:#d9dde3}.along{fill:#3d6fb6}.interval{stroke:#1a1c1e;fill:none;stroke-width:1.4}";
    let (head, rest) = svg.split_once('>').unwrap_or((svg, ""));
    format!("{head} xmlns=\"http://www.w3.org/2000/svg\"><style>{COLOURS}</style>{rest}\n")
}

/// The heat map, and of a matrix the dendrogram.
fn plots(comparison: &Comparison) -> (String, Option<String>) {
    let Comparison { sources, targets, pairs, .. } = comparison;
    let is_matrix = targets.is_empty();
    let columns = if is_matrix { sources } else { targets };
    let of = |a: &String, b: &String| {
        let is = |pair: &&Pair| (pair.source == *a && pair.target == *b) || (pair.source == *b && pair.target == *a);
        pairs.iter().find(is)?.alignment.map(|c| c.value)
    };
    let values: Vec<Vec<Option<f64>>> = sources.iter().map(|a| columns.iter().map(|b| of(a, b)).collect()).collect();
    let map = heat_map(sources, columns, &values, "Alignment coefficient");
    let distance = |a: &String, b: &String| if a == b { 0.0 } else { of(a, b).map_or(f64::NAN, |x| 1.0 - x) };
    let distances =
        || -> Vec<Vec<f64>> { sources.iter().map(|a| sources.iter().map(|b| distance(a, b)).collect()).collect() };
    (map, is_matrix.then(|| dendrogram(sources, &distances(), "Average linkage by cross diversity")))
}

/// Alignment: heat map, histograms of distances, dendrogram, and all figures.
pub fn alignment_page(comparison: &Comparison, about: &About) -> String {
    let Comparison { pairs, correlations, .. } = comparison;
    let mut body = format!("<h1>Alignment</h1><p class=\"soft\">{}</p>", escape(&about.words()));
    let (map, tree) = plots(comparison);
    let _ = write!(body, "<h2>Alignment coefficient</h2><div class=\"wide\">{map}</div>");
    if let Some(tree) = tree {
        let _ = write!(
            body,
            "<h2>Which are alike</h2><p class=\"soft\">Average linkage of cross diversities.</p><div class=\"wide\">{tree}</div>"
        );
    }
    body += "<h2>Distances between batches</h2><div class=\"pair\">";
    let most = pairs.iter().flat_map(|pair| &pair.distances).copied().fold(f64::MIN_POSITIVE, f64::max);
    for pair in pairs.iter().filter(|pair| !pair.distances.is_empty()) {
        let title = format!("{} and {}", pair.source, pair.target);
        body += &histogram(&pair.distances, most, &title);
    }
    body += "</div><h2>All measures</h2><div class=\"wide\"><table><tr><th>source</th><th>target</th>";
    MEASURES.iter().for_each(|(name, _)| body += &format!("<th>{name}</th>"));
    body += "</tr>";
    for pair in pairs {
        let _ = write!(body, "<tr><td>{}</td><td>{}</td>", escape(&pair.source), escape(&pair.target));
        for (name, of) in MEASURES {
            let text = match name {
                "alignment" => words(pair.alignment),
                _ => super::table::value(of(pair)),
            };
            let _ = write!(body, "<td>{}</td>", escape(&text));
        }
        body += "</tr>";
    }
    body += "</table></div>";
    if !correlations.is_empty() {
        body += "<h2>Rank correlations</h2><p class=\"soft\">Spearman, over pairs of different sources.</p><table>";
        for (a, b, rho) in correlations {
            let _ = write!(body, "<tr><td>{a}</td><td>{b}</td><td>{rho:.2}</td></tr>");
        }
        body += "</table>";
    }
    page("alignment", &body)
}

/// Diversity: bars and histograms.
pub fn diversity_page(Diversities(sources): &Diversities, about: &About) -> String {
    let mut body = format!("<h1>Diversity</h1><p class=\"soft\">{}</p>", escape(&about.words()));
    let each = sources.iter().filter_map(|of| {
        let found = of.diversity?;
        let note = format!("{}: {}", of.source, words(of.diversity));
        Some(Bar { label: of.source.clone(), value: found.value, interval: found.interval, note })
    });
    body += &axis(&each.collect::<Vec<_>>(), "Diversity coefficient");
    body += "<h2>Distances between batches</h2><div class=\"pair\">";
    let most = sources.iter().flat_map(|of| &of.distances).copied().fold(f64::MIN_POSITIVE, f64::max);
    for of in sources.iter().filter(|of| !of.distances.is_empty()) {
        body += &histogram(&of.distances, most, &of.source);
    }
    page("diversity", &(body + "</div>"))
}

/// Diversity by groups.
pub fn group_page(groups: &Groups, data: &str, by: &str, about: &About) -> String {
    let mut body =
        format!("<h1>Diversity of {} by {by}</h1><p class=\"soft\">{}</p>", escape(data), escape(&about.words()));
    let value = super::table::value;
    let _ = write!(
        body,
        "<p>Within {}, between {}, all {}.</p><h2>Within</h2>",
        value(groups.within),
        value(groups.between),
        escape(&words(groups.all))
    );
    let each = groups.groups.iter().filter_map(|of| {
        let found = of.within?;
        let note = format!("{}: {}", of.group, words(of.within));
        Some(Bar { label: of.group.clone(), value: found.value, interval: found.interval, note })
    });
    body += &axis(&each.collect::<Vec<_>>(), "Diversity within");
    body += "<h2>Cross diversity with all others</h2>";
    let each = groups.groups.iter().filter_map(|of| {
        let note = format!("{}: {}, all without it {}", of.group, value(of.to_others), value(of.without));
        Some(Bar { label: of.group.clone(), value: of.to_others?, interval: None, note })
    });
    body += &axis(&each.collect::<Vec<_>>(), "Cross diversity");
    page("diversity", &body)
}

/// Bars up to the largest value.
fn axis(each: &[Bar], title: &str) -> String {
    let most = each.iter().map(|bar| bar.interval.map_or(bar.value, |(_, high)| high.max(bar.value)));
    let most = most.fold(f64::MIN_POSITIVE, f64::max);
    format!("<div class=\"wide\">{}</div>", bars(each, (most * 10.0).ceil() / 10.0, title))
}

fn page(title: &str, body: &str) -> String {
    style::page(&format!("afcheck {title}"), "", body)
}
