//! The curve of a training run: loss over steps, as an SVG that stands alone. Owns its geometry and colours.

use super::svg::{escape, shown, ticks};
use crate::pipeline::finetune::Entry;
use std::fmt::Write as _;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 380.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 18.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 46.0;

/// Steps that are drawn of a long run: more are means of neighbours.
const POINTS: usize = 400;

/// What steps make smaller, and the loss of the development set; `axis` says what both are counted in.
pub fn losses(entries: &[Entry], title: &str, axis: &str) -> String {
    let (mut train, mut dev) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Step(step) => train.push((step.step as f64, step.loss)),
            Entry::Dev { step, dev_loss } => dev.push((*step as f64, *dev_loss)),
        }
    }
    let each = train.len().div_ceil(POINTS).max(1);
    let mean = |part: &[(f64, f64)]| {
        let count = part.len() as f64;
        (part.iter().map(|p| p.0).sum::<f64>() / count, part.iter().map(|p| p.1).sum::<f64>() / count)
    };
    let train: Vec<(f64, f64)> = train.chunks(each).map(mean).collect();
    let all = || train.iter().chain(&dev).copied().filter(|(_, y)| y.is_finite());
    let last = all().map(|(x, _)| x).fold(1.0, f64::max);
    let most = all().map(|(_, y)| y).fold(f64::NEG_INFINITY, f64::max);
    let least = all().map(|(_, y)| y).fold(f64::INFINITY, f64::min).min(most);
    let (bottom, step) = ticks(if least.is_finite() { least } else { 0.0 }, if most.is_finite() { most } else { 1.0 });
    let top = bottom + 5.0 * step;
    let x = |value: f64| LEFT + (WIDTH - LEFT - RIGHT) * value / last;
    let y = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - (value - bottom) / (top - bottom));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" font-family=\"system-ui, \
         sans-serif\" font-size=\"12\">\n<title>Loss of {title}</title>\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         fill=\"#fff\"/>\n<text x=\"{LEFT}\" y=\"20\" font-size=\"13\">{title}</text>\n",
        title = escape(title)
    );
    for tick in 0..=5 {
        let value = bottom + f64::from(tick) * step;
        let at = y(value);
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\" fill=\"#444\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            at + 4.0,
            shown(value, step),
        );
        let value = last * f64::from(tick) / 5.0;
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\">{:.0}</text>",
            x(value),
            HEIGHT - BOTTOM + 18.0,
            value
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\">step</text>\n<text transform=\"translate(16 {:.1}) \
         rotate(-90)\" text-anchor=\"middle\" fill=\"#444\">{axis}</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 8.0,
        (TOP + HEIGHT - BOTTOM) / 2.0,
        axis = escape(axis),
    );
    let line = |points: &[(f64, f64)]| {
        let points = points.iter().filter(|(_, y)| y.is_finite());
        points.map(|(px, py)| format!("{:.1},{:.1}", x(*px), y(*py))).collect::<Vec<_>>().join(" ")
    };
    let _ =
        writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"#4878a8\" stroke-width=\"1.2\"/>", line(&train));
    let _ = writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"#c2571a\" stroke-width=\"2\"/>", line(&dev));
    for (px, py) in dev.iter().filter(|(_, y)| y.is_finite()) {
        let (px_shown, py_shown) = (x(*px), y(*py));
        let _ = writeln!(
            svg,
            "<circle cx=\"{px_shown:.1}\" cy=\"{py_shown:.1}\" r=\"3\" fill=\"#c2571a\"><title>step {px}: {py:.4}</title></circle>"
        );
    }
    let legend = [("#4878a8", "training", 190.0), ("#c2571a", "development set", 110.0)];
    for (colour, name, from) in legend {
        let at = WIDTH - RIGHT - from;
        let _ = writeln!(
            svg,
            "<line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"16\" y2=\"16\" stroke=\"{colour}\" stroke-width=\"2\"/><text x=\"{:.1}\" \
             y=\"20\" fill=\"#444\">{name}</text>",
            at - 18.0,
            at - 2.0,
            at + 2.0,
        );
    }
    svg + "</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_what_is_drawn() {
        for (least, most) in [(0.9, 4.4), (2.0, 2.0), (0.0, 1.0), (1.23, 1.27), (-3.0, 12.0)] {
            let (from, step) = ticks(least, most);
            assert!(from <= least && most <= from + 5.0 * step, "{least} to {most}: {from}, {step}");
        }
    }

    #[test]
    fn a_title_is_text_and_a_run_without_steps_has_a_curve() {
        let svg =
            losses(&[Entry::Dev { step: 0, dev_loss: 4.4 }, Entry::Dev { step: 9, dev_loss: f64::NAN }], "a<b", "c<d");
        assert!(svg.contains("a&lt;b") && !svg.contains("NaN") && svg.contains("step 0: 4.4000"));
        assert!(losses(&[], "nothing", "").ends_with("</svg>\n"));
    }
}
