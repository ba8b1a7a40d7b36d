//! Plots of a study: gains against a measure with their fit, gains with intervals one below the other, learning curves, a map of
//! gains. Owns their geometry; colours are the page's.

use crate::report::svg::{cut, escape, open, shown, ticks};
use std::fmt::Write as _;

/// A point with its interval.
pub struct Mark {
    pub x: f64,
    pub y: f64,
    pub interval: Option<(f64, f64)>,
    /// What colours it.
    pub class: &'static str,
    pub note: String,
}

/// A line with the band around it, from its first to its last place.
pub struct Fitted<'a> {
    pub intercept: f64,
    pub slope: f64,
    pub band: &'a [(f64, f64, f64)],
}

const LEFT: f64 = 62.0;
const TOP: f64 = 12.0;
const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 270.0;

/// Where values lie on an axis, and its ticks: as many steps as hold all of them, five at most.
struct Axis {
    from: f64,
    step: f64,
    steps: u32,
}

impl Axis {
    fn of(values: impl Iterator<Item = f64>) -> Axis {
        let (least, most) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| (least.min(value), most.max(value)));
        let (from, step) = if least <= most { ticks(least, most) } else { (0.0, 0.2) };
        let needed = ((most - from) / step - 1e-9).ceil();
        let steps = if needed.is_finite() { (needed as u32).clamp(1, 5) } else { 5 };
        Axis { from, step, steps }
    }

    fn share(&self, value: f64) -> f64 {
        (value - self.from) / (f64::from(self.steps) * self.step)
    }

    fn ticks(&self) -> impl Iterator<Item = (f64, String)> {
        (0..=self.steps).map(|tick| {
            // Not minus zero.
            let value = self.from + f64::from(tick) * self.step;
            let value = if value.abs() < 1e-9 * self.step { 0.0 } else { value };
            (value, shown(value, self.step))
        })
    }
}

/// A frame with two axes and their names.
fn frame(svg: &mut String, (x, y): (&Axis, &Axis), (x_name, y_name): (&str, &str)) {
    for (value, words) in x.ticks() {
        let at = LEFT + WIDTH * x.share(value);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{:.1}\"/><text class=\"tick\" x=\"{at:.1}\" \
             y=\"{:.1}\" text-anchor=\"middle\">{words}</text>",
            TOP + HEIGHT,
            TOP + HEIGHT + 16.0
        );
    }
    for (value, words) in y.ticks() {
        let at = TOP + HEIGHT * (1.0 - y.share(value));
        let class = if value == 0.0 { "grid zero" } else { "grid" };
        let _ = write!(
            svg,
            "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text class=\"tick\" x=\"{:.1}\" \
             y=\"{:.1}\" text-anchor=\"end\">{words}</text>",
            LEFT + WIDTH,
            LEFT - 6.0,
            at + 4.0
        );
    }
    let _ = write!(
        svg,
        "<text class=\"axis\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text><text class=\"axis\" \
         transform=\"translate(13 {:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
        LEFT + WIDTH / 2.0,
        TOP + HEIGHT + 36.0,
        escape(x_name),
        TOP + HEIGHT / 2.0,
        escape(y_name)
    );
}

/// Gains against a measure of conditions.
pub fn scatter(marks: &[Mark], fit: Option<&Fitted<'_>>, names: (&str, &str)) -> String {
    let ends = |mark: &Mark| mark.interval.map_or([mark.y, mark.y], |(low, high)| [low, high]);
    let x = Axis::of(marks.iter().map(|mark| mark.x));
    let y = Axis::of(marks.iter().flat_map(ends).chain([0.0]));
    let at_x = |value: f64| LEFT + WIDTH * x.share(value);
    let at_y = |value: f64| TOP + HEIGHT * (1.0 - y.share(value).clamp(0.0, 1.0));
    let mut svg = open(LEFT + WIDTH + 16.0, TOP + HEIGHT + 44.0, &format!("{} against {}", names.1, names.0));
    frame(&mut svg, (&x, &y), names);
    if let Some(fit) = fit {
        if fit.band.len() > 1 {
            let forth = fit.band.iter().map(|(x, _, high)| (*x, *high));
            let back = fit.band.iter().rev().map(|(x, low, _)| (*x, *low));
            let points = forth.chain(back).map(|(x, y)| format!("{:.1},{:.1}", at_x(x), at_y(y)));
            let _ = write!(svg, "<polygon class=\"band\" points=\"{}\"/>", points.collect::<Vec<_>>().join(" "));
        }
        let (least, most) = marks.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), m| (a.min(m.x), b.max(m.x)));
        let value = |x: f64| fit.intercept + fit.slope * x;
        let _ = write!(
            svg,
            "<line class=\"fit\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
            at_x(least),
            at_x(most),
            at_y(value(least)),
            at_y(value(most))
        );
    }
    for mark in marks {
        let (x, y) = (at_x(mark.x), at_y(mark.y));
        let _ = write!(svg, "<g class=\"mark {}\"><title>{}</title>", mark.class, escape(&cut(&mark.note, 200)));
        if let Some((low, high)) = mark.interval {
            let _ = write!(svg, "<path class=\"whisker\" d=\"M{x:.1} {:.1}V{:.1}\"/>", at_y(low), at_y(high));
        }
        let _ = write!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"/></g>");
    }
    svg + "</svg>"
}

/// A row of a forest plot.
pub struct Effect {
    pub label: String,
    pub value: f64,
    pub interval: Option<(f64, f64)>,
    pub class: &'static str,
}

/// Differences with their intervals, one below the other, and the line of no difference.
pub fn forest(effects: &[Effect], name: &str) -> String {
    const LABELS: f64 = 236.0;
    const ROW: f64 = 24.0;
    const PLOT: f64 = 240.0;
    let ends = |effect: &Effect| effect.interval.map_or([effect.value; 2], |(low, high)| [low, high]);
    let axis = Axis::of(effects.iter().flat_map(ends).chain([0.0]));
    let x = |value: f64| LABELS + PLOT * axis.share(value);
    let height = ROW * effects.len() as f64;
    let mut svg = open(LABELS + PLOT + 66.0, height + 46.0, name);
    for (value, words) in axis.ticks() {
        let at = x(value);
        let class = if value == 0.0 { "grid zero" } else { "grid" };
        let _ = write!(
            svg,
            "<line class=\"{class}\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"0\" y2=\"{height:.1}\"/><text class=\"tick\" x=\"{at:.1}\" \
             y=\"{:.1}\" text-anchor=\"middle\">{words}</text>",
            height + 14.0
        );
    }
    for (row, effect) in effects.iter().enumerate() {
        let y = ROW * row as f64 + ROW / 2.0;
        let words = value_with(effect.value, effect.interval, axis.step);
        let _ = write!(
            svg,
            "<g class=\"mark {}\"><title>{}: {words}</title><text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\">{}</text>",
            effect.class,
            escape(&effect.label),
            LABELS - 10.0,
            y + 4.0,
            escape(&cut(&effect.label, 30))
        );
        if let Some((low, high)) = effect.interval {
            let _ = write!(svg, "<path class=\"whisker\" d=\"M{:.1} {y:.1}H{:.1}\"/>", x(low), x(high));
        }
        let _ = write!(
            svg,
            "<circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"4.5\"/><text class=\"value\" x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
            x(effect.value),
            LABELS + PLOT + 10.0,
            y + 4.0,
            signed(effect.value, axis.step)
        );
    }
    let _ = write!(
        svg,
        "<text class=\"axis\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text></svg>",
        (LABELS + PLOT + 66.0) / 2.0,
        height + 36.0,
        escape(name)
    );
    svg
}

/// A number one digit finer than its axis.
fn signed(value: f64, step: f64) -> String {
    let digits = (1.0 - step.log10().floor()).clamp(0.0, 4.0) as usize;
    format!("{value:+.digits$}")
}

fn value_with(value: f64, interval: Option<(f64, f64)>, step: f64) -> String {
    match interval {
        Some((low, high)) => format!("{} ({} to {})", signed(value, step), signed(low, step), signed(high, step)),
        None => signed(value, step),
    }
}

/// Values over steps or rounds.
pub struct Course {
    pub label: String,
    pub points: Vec<(f64, f64)>,
    /// Of each point, or of none.
    pub intervals: Vec<(f64, f64)>,
}

/// Classes of lines, told apart by colour; there are as many in the page's style.
pub const LINES: usize = 8;

/// Courses in one frame, each in its colour (`line-N`), which the caller's legend explains.
pub fn courses(courses: &[Course], names: (&str, &str)) -> String {
    let all = || courses.iter().flat_map(|course| course.points.iter().copied());
    let ends = courses.iter().flat_map(|course| course.intervals.iter().flat_map(|(low, high)| [*low, *high]));
    let (x, y) = (Axis::of(all().map(|p| p.0).chain([0.0])), Axis::of(all().map(|p| p.1).chain(ends)));
    let mut svg = open(LEFT + WIDTH + 16.0, TOP + HEIGHT + 44.0, names.1);
    frame(&mut svg, (&x, &y), names);
    for (at, course) in courses.iter().enumerate() {
        // Whiskers of several courses stand beside each other.
        let aside =
            if course.intervals.is_empty() { 0.0 } else { 4.0 * (at as f64 - (courses.len() - 1) as f64 / 2.0) };
        let at_y = |value: f64| TOP + HEIGHT * (1.0 - y.share(value));
        let place = |(px, py): &(f64, f64)| (LEFT + WIDTH * x.share(*px) + aside, at_y(*py));
        let points: Vec<String> = course.points.iter().map(place).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = write!(
            svg,
            "<g class=\"line-{}\"><title>{}</title><polyline class=\"course\" points=\"{}\"/>",
            at % LINES,
            escape(&course.label),
            points.join(" ")
        );
        for ((x, _), (low, high)) in course.points.iter().map(place).zip(&course.intervals) {
            let _ = write!(svg, "<path class=\"whisker\" d=\"M{x:.1} {:.1}V{:.1}\"/>", at_y(*low), at_y(*high));
        }
        for point in &course.points {
            let (x, y) = place(point);
            let _ = write!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.6\"/>");
        }
        svg.push_str("</g>");
    }
    svg + "</svg>"
}

/// Gains by rows and columns: each column has its own scale, what is worse than before another colour.
pub fn gain_map(rows: &[String], columns: &[String], values: &[Vec<Option<f64>>], title: &str) -> String {
    const CELL: (f64, f64) = (86.0, 30.0);
    const HEAD: f64 = 48.0;
    /// Characters of a label at most.
    const LONGEST: usize = 46;
    let longest = rows.iter().map(|label| label.chars().count().min(LONGEST)).max().unwrap_or(0);
    // On a narrow screen letters are larger.
    let labels = 20.0 + 7.4 * longest as f64;
    let (width, height) = (CELL.0 * columns.len() as f64, CELL.1 * rows.len() as f64);
    let mut svg = open(labels + width + 10.0, HEAD + height + 6.0, title);
    for (at, label) in columns.iter().enumerate() {
        let x = labels + CELL.0 * (at as f64 + 0.5);
        for (line, words) in lines(label, 14, 3).iter().enumerate() {
            let _ = write!(
                svg,
                "<text class=\"label\" text-anchor=\"middle\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
                12.0 + 14.0 * line as f64,
                escape(words)
            );
        }
    }
    let most = |column: usize| {
        values.iter().filter_map(|row| row.get(column).copied().flatten()).fold(0.0f64, |most, v| most.max(v.abs()))
    };
    for (i, label) in rows.iter().enumerate() {
        let y = HEAD + CELL.1 * i as f64;
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            labels - 8.0,
            y + CELL.1 / 2.0 + 4.0,
            escape(&cut(label, LONGEST))
        );
        for (j, value) in values[i].iter().enumerate() {
            let x = labels + CELL.0 * j as f64;
            let (class, strength, words) = match value {
                Some(value) => {
                    let strength = if most(j) > 0.0 { 0.6 * value.abs() / most(j) } else { 0.0 };
                    (if *value < 0.0 { "against" } else { "along" }, strength, format!("{value:+.3}"))
                }
                None => ("none", 0.0, "–".to_owned()),
            };
            let _ = write!(
                svg,
                "<rect class=\"cell {class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" \
                 style=\"fill-opacity:{strength:.2}\"/><text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" \
                 text-anchor=\"middle\">{words}</text>",
                x + 1.0,
                y + 1.0,
                CELL.0 - 2.0,
                CELL.1 - 2.0,
                x + CELL.0 / 2.0,
                y + CELL.1 / 2.0 + 4.0
            );
        }
    }
    svg + "</svg>"
}

/// A label in at most so many lines of so many characters, broken at spaces; what is left over is cut.
fn lines(label: &str, wide: usize, most: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for word in label.split_whitespace() {
        let fits = |line: &String| line.chars().count() + 1 + word.chars().count() <= wide;
        let is_full = all.len() == most;
        match all.last_mut() {
            Some(line) if is_full || fits(line) => *line = format!("{line} {word}"),
            _ => all.push(word.to_owned()),
        }
    }
    all.iter().map(|line| cut(line, wide)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plots_of_hostile_names_and_of_nothing_are_plots() {
        let mark = |x, y| Mark { x, y, interval: Some((y - 1.0, y + 1.0)), class: "formal", note: "<b>".into() };
        let band = [(0.1, -1.0, 1.0), (0.4, 0.0, 2.0)];
        let fit = Fitted { intercept: 0.0, slope: 1.0, band: &band };
        let plot = scatter(&[mark(0.1, 0.0), mark(0.4, 0.5)], Some(&fit), ("<i>", "gain"));
        assert!(!plot.contains("<b>") && !plot.contains("<i>") && !plot.contains("NaN"));
        assert_eq!((plot.matches("<circle").count(), plot.matches("<polygon").count()), (2, 1));
        assert!(plot.contains("class=\"grid zero\"") && plot.contains("role=\"img\""));
        for empty in
            [scatter(&[], None, ("a", "b")), forest(&[], "a"), courses(&[], ("a", "b")), gain_map(&[], &[], &[], "a")]
        {
            assert!(empty.ends_with("</svg>") && !empty.contains("NaN") && !empty.contains("inf"), "{empty}");
        }
        assert_eq!(lines("Lean library with docstrings", 14, 3), ["Lean library", "with", "docstrings"]);
        assert_eq!(lines("a b c d", 1, 3), ["a", "b", "…"]);
        let effect =
            Effect { label: "</svg><script>".into(), value: -0.25, interval: Some((-0.5, 0.1)), class: "other" };
        let plot = forest(&[effect], "gain");
        assert!(!plot.contains("<script>") && plot.contains("-0.25 (-0.50 to +0.10)"), "{plot}");
        let map = gain_map(&["<u>".into()], &["a b".into(), "c".into()], &[vec![Some(-1.0), None]], "t");
        assert!(!map.contains("<u>") && map.contains("cell against") && map.contains("cell none"));
    }

    #[test]
    fn an_axis_has_no_more_steps_than_it_needs() {
        let axis = Axis::of([0.0, 51.0].into_iter());
        assert_eq!((axis.steps, axis.step, axis.share(60.0)), (3, 20.0, 1.0));
        let one = Axis::of([2.0].into_iter());
        assert!(one.steps >= 1 && one.share(2.0).is_finite());
        assert_eq!(Axis::of([-0.1, 0.4].into_iter()).ticks().count(), 6);
    }

    #[test]
    fn courses_are_drawn_in_their_colours() {
        let course =
            |label: &str| Course { label: label.into(), points: vec![(0.0, 4.0), (50.0, 3.0)], intervals: vec![] };
        let plot = courses(&[course("a"), course("b")], ("step", "loss"));
        assert!(plot.contains("line-0") && plot.contains("line-1") && plot.matches("<polyline").count() == 2);
    }
}
