//! Plots as SVG text: bars with intervals, a scatter, a matrix. Owns their geometry; colours and fonts come from the
//! page's style sheet, so that they follow its light or dark scheme.

use std::fmt::Write;

/// A bar: its label, its value, its interval, and what a pointer resting on it reads.
pub struct Bar {
    pub label: String,
    pub value: f64,
    pub interval: Option<(f64, f64)>,
    pub note: String,
}

/// Text made safe for HTML and SVG.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Nothing a terminal or a browser would act upon.
            c if c.is_control() && c != '\n' && c != '\t' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

const ROW: f64 = 26.0;
const LABELS: f64 = 190.0;
const PLOT: f64 = 430.0;
const VALUES: f64 = 130.0;

/// Horizontal bars between 0 and `most`, one below the other.
pub fn bars(bars: &[Bar], most: f64, title: &str) -> String {
    let height = ROW * bars.len() as f64 + 26.0;
    let width = LABELS + PLOT + VALUES;
    let x = |value: f64| LABELS + PLOT * (value / most).clamp(0.0, 1.0);
    let mut svg = open(width, height, title);
    for tick in 0..=4 {
        let value = most * f64::from(tick) / 4.0;
        let at = x(value);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"0\" y2=\"{:.1}\"/><text class=\"tick\" x=\"{at:.1}\" \
             y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            height - 20.0,
            height - 5.0,
            short(value)
        );
    }
    for (row, bar) in bars.iter().enumerate() {
        let top = ROW * row as f64 + 4.0;
        let middle = top + (ROW - 8.0) / 2.0;
        let _ = write!(
            svg,
            "<g><title>{}</title><text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text><rect class=\"bar\" \
             x=\"{LABELS}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            escape(&bar.note),
            LABELS - 8.0,
            middle + 4.0,
            escape(&cut(&bar.label, 30)),
            x(bar.value) - LABELS,
            ROW - 8.0
        );
        let mut words = short(bar.value);
        if let Some((low, high)) = bar.interval {
            let (from, to) = (x(low), x(high));
            let _ = write!(
                svg,
                "<path class=\"interval\" d=\"M{from:.1} {middle:.1}H{to:.1}M{from:.1} {:.1}v8M{to:.1} {:.1}v8\"/>",
                middle - 4.0,
                middle - 4.0
            );
            let _ = write!(words, " [{}, {}]", short(low), short(high));
        }
        let _ = write!(
            svg,
            "<text class=\"value\" x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
            LABELS + PLOT + 8.0,
            middle + 4.0,
            escape(&words)
        );
    }
    svg.push_str("</svg>");
    svg
}

/// A point of a scatter: where, which class it is of (`yes`, `no`, `unknown`), and what it is.
pub struct Point {
    pub x: f64,
    pub y: f64,
    pub class: &'static str,
    pub note: String,
}

/// A scatter over the unit square, or from 0 to the largest value of an axis that goes beyond.
pub fn scatter(points: &[Point], x_label: &str, y_label: &str) -> String {
    const SIDE: f64 = 320.0;
    const LEFT: f64 = 48.0;
    const BELOW: f64 = 40.0;
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(1.0f64, f64::max);
    let (most_x, most_y) = (most(&mut points.iter().map(|p| p.x)), most(&mut points.iter().map(|p| p.y)));
    let x = |value: f64| LEFT + SIDE * value / most_x;
    let y = |value: f64| 8.0 + SIDE * (1.0 - value / most_y);
    let mut svg = open(LEFT + SIDE + 16.0, SIDE + BELOW + 8.0, &format!("{y_label} against {x_label}"));
    for tick in 0..=4 {
        let part = f64::from(tick) / 4.0;
        let (at_x, at_y) = (x(part * most_x), y(part * most_y));
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{at_x:.1}\" x2=\"{at_x:.1}\" y1=\"8\" y2=\"{:.1}\"/><line class=\"grid\" x1=\"{LEFT}\" \
             x2=\"{:.1}\" y1=\"{at_y:.1}\" y2=\"{at_y:.1}\"/><text class=\"tick\" x=\"{at_x:.1}\" y=\"{:.1}\" \
             text-anchor=\"middle\">{}</text><text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            SIDE + 8.0,
            LEFT + SIDE,
            SIDE + 22.0,
            short(part * most_x),
            LEFT - 5.0,
            at_y + 4.0,
            short(part * most_y)
        );
    }
    for point in points {
        let _ = write!(
            svg,
            "<circle class=\"{}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\"><title>{}</title></circle>",
            point.class,
            x(point.x),
            y(point.y),
            escape(&cut(&point.note, 160))
        );
    }
    let middle = LEFT + SIDE / 2.0;
    let _ = write!(
        svg,
        "<text class=\"label\" x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text><text class=\"label\" \
         transform=\"translate(12 {:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text></svg>",
        SIDE + BELOW,
        escape(x_label),
        SIDE / 2.0,
        escape(y_label)
    );
    svg
}

/// A symmetric matrix of correlations between -1 and 1; `None` where there is none.
pub fn matrix(labels: &[&str], values: &[Vec<Option<f64>>], title: &str) -> String {
    const CELL: f64 = 52.0;
    const LEFT: f64 = 150.0;
    const TOP: f64 = 120.0;
    let side = CELL * labels.len() as f64;
    let mut svg = open(LEFT + side + 10.0, TOP + side + 10.0, title);
    for (i, label) in labels.iter().enumerate() {
        let at = CELL * i as f64 + CELL / 2.0;
        let label = escape(&cut(label, 24));
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text><text class=\"label\" \
             transform=\"translate({:.1} {:.1}) rotate(-45)\">{label}</text>",
            LEFT - 8.0,
            TOP + at + 4.0,
            LEFT + at,
            TOP - 8.0
        );
        for (j, value) in values[i].iter().enumerate() {
            let (x, y) = (LEFT + CELL * j as f64, TOP + CELL * i as f64);
            let (class, strength, words) = match value {
                Some(value) if *value < 0.0 => ("against", -value, format!("{value:.2}")),
                Some(value) => ("along", *value, format!("{value:.2}")),
                None => ("none", 0.0, "–".to_owned()),
            };
            let _ = write!(
                svg,
                "<rect class=\"cell {class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" \
                 style=\"fill-opacity:{:.2}\"/><text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" \
                 text-anchor=\"middle\">{words}</text>",
                x + 1.0,
                y + 1.0,
                CELL - 2.0,
                CELL - 2.0,
                // The number must stay readable on the strongest colour.
                0.55 * strength,
                x + CELL / 2.0,
                y + CELL / 2.0 + 4.0
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

pub(super) fn open(width: f64, height: f64, title: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" role=\"img\" aria-label=\"{0}\"><title>{0}</title>",
        escape(title)
    )
}

/// Where an axis with five steps of 1, 2 or 5 times a power of ten begins, so that it holds both, and the step.
pub(super) fn ticks(least: f64, most: f64) -> (f64, f64) {
    let wanted = ((most - least) / 5.0).max(1e-6);
    let power = 10f64.powf(wanted.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0, 20.0].map(|times| times * power);
    let fits = |step: &f64| (least / step).floor() * step + 5.0 * step >= most;
    let step = steps.into_iter().find(fits).unwrap_or(50.0 * power);
    ((least / step).floor() * step, step)
}

/// A value of an axis with this step.
pub(super) fn shown(value: f64, step: f64) -> String {
    let digits = (-step.log10().floor()).max(0.0) as usize;
    format!("{value:.digits$}")
}

fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 10.0 && value.fract() == 0.0 => format!("{value:.0}"),
        large if large >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(escape("<script>\"a\" & 'b'\u{1b}"), "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;\u{fffd}");
        let bar = Bar { label: "</svg><script>".into(), value: 0.5, interval: Some((0.2, 0.9)), note: "<b>".into() };
        let svg = bars(&[bar], 1.0, "t");
        assert!(!svg.contains("<script>") && svg.matches("<svg").count() == 1 && svg.contains("[0.20, 0.90]"));
    }

    #[test]
    fn values_outside_the_axis_are_drawn_at_its_end() {
        let bar = Bar { label: "a".into(), value: 7.0, interval: None, note: String::new() };
        assert!(bars(&[bar], 1.0, "t").contains(&format!("width=\"{PLOT:.1}\"")));
    }
}
