//! Plots of distances: a heat map, histograms, a dendrogram. Owns their geometry; colours are the page's.

use crate::metrics::{Join, average_linkage};
use crate::report::svg::{cut, escape, open};
use std::fmt::Write as _;

const LABELS: f64 = 230.0;

/// Rows against columns, darker the higher; `None` where there is nothing. The scale goes from the lowest value to the highest.
pub fn heat_map(rows: &[String], columns: &[String], values: &[Vec<Option<f64>>], title: &str) -> String {
    const CELL: f64 = 56.0;
    const TOP: f64 = 150.0;
    let all = || values.iter().flatten().flatten().copied();
    let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let (width, height) = (CELL * columns.len() as f64, CELL * rows.len() as f64);
    let mut svg = open(LABELS + width + 110.0, TOP + height + 10.0, title);
    for (at, label) in columns.iter().enumerate() {
        let x = LABELS + CELL * at as f64 + CELL / 2.0;
        let label = escape(&cut(label, 26));
        let _ = write!(
            svg,
            "<text class=\"label\" transform=\"translate({x:.1} {:.1}) rotate(-40)\">{label}</text>",
            TOP - 8.0
        );
    }
    for (i, (label, values)) in rows.iter().zip(values).enumerate() {
        let y = TOP + CELL * i as f64;
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LABELS - 8.0,
            y + CELL / 2.0 + 4.0,
            escape(&cut(label, 34))
        );
        for (j, value) in values.iter().enumerate() {
            let Some(value) = value else { continue };
            let x = LABELS + CELL * j as f64;
            // The number must stay readable on the strongest colour.
            let strength = if most > least { 0.06 + 0.6 * (value - least) / (most - least) } else { 0.3 };
            let note = format!("{} and {}: {value:.4}", rows[i], columns[j]);
            let _ = write!(
                svg,
                "<g><title>{}</title><rect class=\"cell along\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" \
                 style=\"fill-opacity:{strength:.2}\"/><text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" \
                 text-anchor=\"middle\">{value:.2}</text></g>",
                escape(&note),
                x + 1.0,
                y + 1.0,
                CELL - 2.0,
                CELL - 2.0,
                x + CELL / 2.0,
                y + CELL / 2.0 + 4.0
            );
        }
    }
    svg + "</svg>"
}

/// How often distances fall into equal parts of the way from 0 to the largest of all plots.
pub fn histogram(distances: &[f64], most: f64, title: &str) -> String {
    const BINS: usize = 40;
    const WIDTH: f64 = 320.0;
    const HEIGHT: f64 = 90.0;
    let mut counts = [0usize; BINS];
    for distance in distances {
        counts[((distance / most * BINS as f64) as usize).min(BINS - 1)] += 1;
    }
    let highest = counts.into_iter().max().unwrap_or_default().max(1) as f64;
    let mut svg = open(WIDTH + 20.0, HEIGHT + 44.0, title);
    let _ = write!(svg, "<text class=\"label\" x=\"10\" y=\"14\">{}</text>", escape(&cut(title, 48)));
    let step = WIDTH / BINS as f64;
    for (at, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        let height = HEIGHT * count as f64 / highest;
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{count} of {}</title></rect>",
            10.0 + step * at as f64,
            22.0 + HEIGHT - height,
            step - 1.0,
            distances.len()
        );
    }
    for (at, value) in [(0.0, 0.0), (0.5, most / 2.0), (1.0, most)] {
        let _ = write!(
            svg,
            "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{value:.2}</text>",
            10.0 + WIDTH * at,
            HEIGHT + 38.0
        );
    }
    svg + "</svg>"
}

/// Which sources join first, by mean distance.
pub fn dendrogram(names: &[String], distances: &[Vec<f64>], title: &str) -> String {
    const ROW: f64 = 26.0;
    const WIDTH: f64 = 420.0;
    let joins = average_linkage(distances);
    let order = order(names.len(), &joins);
    let most = joins.iter().map(|join| join.distance).fold(f64::MIN_POSITIVE, f64::max);
    let height = ROW * names.len() as f64;
    let mut svg = open(LABELS + WIDTH + 30.0, height + 34.0, title);
    // Of every cluster where its line begins.
    let mut places = vec![(0.0, 0.0); names.len()];
    for (row, item) in order.iter().enumerate() {
        let y = ROW * row as f64 + ROW / 2.0;
        places[*item] = (LABELS, y);
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LABELS - 8.0,
            y + 4.0,
            escape(&cut(&names[*item], 34))
        );
    }
    for Join { clusters: (a, b), distance } in &joins {
        let x = LABELS + WIDTH * distance / most;
        let ((from_a, a), (from_b, b)) = (places[*a], places[*b]);
        let _ = write!(
            svg,
            "<path class=\"interval\" d=\"M{from_a:.1} {a:.1}H{x:.1}V{b:.1}H{from_b:.1}\"><title>{distance:.4}</title></path>"
        );
        places.push((x, f64::midpoint(a, b)));
    }
    for (share, value) in [(0.0, 0.0), (0.5, most / 2.0), (1.0, most)] {
        let _ = write!(
            svg,
            "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{value:.2}</text>",
            LABELS + WIDTH * share,
            height + 20.0
        );
    }
    svg + "</svg>"
}

/// Items in the order in which their lines do not cross.
fn order(count: usize, joins: &[Join]) -> Vec<usize> {
    let mut members: Vec<Vec<usize>> = (0..count).map(|item| vec![item]).collect();
    for Join { clusters: (a, b), .. } in joins {
        let joined = [members[*a].as_slice(), members[*b].as_slice()].concat();
        members.push(joined);
    }
    members.pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plots_of_hostile_names_and_of_nothing_are_plots() {
        let names = ["<b>a</b>".to_owned(), "c".to_owned()];
        let map = heat_map(&names, &names, &[vec![Some(0.5), None], vec![Some(0.5), Some(0.5)]], "t");
        assert!(!map.contains("<b>") && map.matches("<rect").count() == 3 && !map.contains("NaN"));
        assert!(heat_map(&[], &[], &[], "t").ends_with("</svg>"));
        let bars = histogram(&[0.0, 0.1, 0.1, 0.4], 0.4, "<i>");
        assert!(!bars.contains("<i>") && bars.matches("<rect").count() == 3, "{bars}");
        let tree = dendrogram(&names, &[vec![0.0, 0.3], vec![0.3, 0.0]], "t");
        assert!(tree.matches("<path").count() == 1 && !tree.contains("<b>"));
        assert!(dendrogram(&names[..1], &[vec![0.0]], "t").ends_with("</svg>"));
    }
}
