//! The plot of a model on a data set over its runs: the share solved with its Wilson band. Owns the geometry; colours come from
//! the page's style sheet.

use super::figures::{date, interval, percent, share, solved};
use crate::metrics::wilson_interval;
use crate::report::svg::{escape, open};
use crate::store::history::Past;
use std::fmt::Write;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 44.0;

/// Labels under the axis at most.
const LABELS: usize = 8;

/// A run that can be drawn.
struct Point<'a> {
    past: &'a Past,
    share: f64,
    low: f64,
    high: f64,
}

/// The plot; runs in which nothing was decided are left out.
pub(super) fn trend(past: &[Past], title: &str) -> String {
    let points: Vec<Point<'_>> = past
        .iter()
        .filter_map(|past| {
            let (low, high) = wilson_interval(past.counts.accepted, past.counts.decided());
            Some(Point { past, share: share(&past.counts)?, low, high })
        })
        .collect();
    let mut svg = open(WIDTH, HEIGHT, title);
    if points.is_empty() {
        let _ = write!(svg, "<text class=\"label\" x=\"{LEFT}\" y=\"60\">nothing was decided in any run</text></svg>");
        return svg;
    }
    // Tenths around all intervals: a change of some points is to be seen, and the axis says where it begins.
    let least = points.iter().map(|p| p.low).fold(1.0, f64::min);
    let most = points.iter().map(|p| p.high).fold(0.0, f64::max);
    let (bottom, top) = ((least * 10.0).floor() / 10.0, (most * 10.0).ceil() / 10.0);
    let last = points.len().saturating_sub(1).max(1) as f64;
    let x = |at: usize| match points.len() {
        1 => LEFT + (WIDTH - LEFT - RIGHT) / 2.0,
        _ => LEFT + 10.0 + (WIDTH - LEFT - RIGHT - 20.0) * at as f64 / last,
    };
    let y = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - (value - bottom) / (top - bottom).max(0.1));
    axes(&mut svg, bottom, top, &y);
    let each = points.len().div_ceil(LABELS);
    for (at, point) in points.iter().enumerate().filter(|(at, _)| (points.len() - 1 - at).is_multiple_of(each)) {
        let _ = write!(
            svg,
            "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x(at),
            HEIGHT - BOTTOM + 16.0,
            point.past.run.id
        );
    }
    let place = |at: usize, value: f64| format!("{:.1} {:.1}", x(at), y(value));
    if let [only] = &points[..] {
        let (low, high) = (y(only.low), y(only.high));
        let _ = write!(svg, "<path class=\"interval\" d=\"M{0:.1} {low:.1}V{high:.1}\"/>", x(0));
    } else {
        let highs: Vec<String> = points.iter().enumerate().map(|(at, p)| place(at, p.high)).collect();
        let lows: Vec<String> = points.iter().enumerate().rev().map(|(at, p)| place(at, p.low)).collect();
        let shares: Vec<String> = points.iter().enumerate().map(|(at, p)| place(at, p.share)).collect();
        let _ = write!(
            svg,
            "<path class=\"band\" d=\"M{}L{}Z\"/><path class=\"line\" d=\"M{}\"/>",
            highs.join("L"),
            lows.join("L"),
            shares.join("L")
        );
    }
    for (at, point) in points.iter().enumerate() {
        let run = &point.past.run;
        let is_other = at > 0 && points[at - 1].past.run.plan.judge != run.plan.judge;
        if is_other {
            let between = (x(at - 1) + x(at)) / 2.0;
            let _ = write!(
                svg,
                "<line class=\"other\" x1=\"{between:.1}\" x2=\"{between:.1}\" y1=\"{TOP}\" y2=\"{:.1}\"><title>another judge \
                 from run {} on</title></line>",
                HEIGHT - BOTTOM,
                run.id
            );
        }
        let note = format!(
            "run {}, {}: {} solved, {} ({})",
            run.id,
            date(run.started),
            solved(&point.past.counts),
            percent(point.share),
            interval(&point.past.counts)
        );
        let _ = write!(
            svg,
            "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\"><title>{}</title></circle>",
            x(at),
            y(point.share),
            escape(&note)
        );
    }
    svg.push_str("</svg>");
    svg
}

fn axes(svg: &mut String, bottom: f64, top: f64, y: &dyn Fn(f64) -> f64) {
    let tenths = ((top - bottom) * 10.0).round().max(1.0) as usize;
    let each = if tenths > 5 { 2 } else { 1 };
    for tenth in (0..=tenths).step_by(each) {
        let value = bottom + tenth as f64 / 10.0;
        let at = y(value);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text class=\"tick\" x=\"{:.1}\" \
             y=\"{:.1}\" text-anchor=\"end\">{:.0}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 4.0,
            100.0 * value
        );
    }
    let middle = TOP + (HEIGHT - TOP - BOTTOM) / 2.0;
    let _ = write!(
        svg,
        "<text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">run (number)</text><text class=\"label\" \
         transform=\"translate(14 {middle:.1}) rotate(-90)\" text-anchor=\"middle\">solved, % of decided</text>",
        LEFT + (WIDTH - LEFT - RIGHT) / 2.0,
        HEIGHT - 8.0
    );
}
