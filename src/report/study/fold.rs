//! The data of a figure, folded below it. Owns its form.

use super::plots::{Course, Effect, Mark};
use crate::report::svg::escape;

/// A table that is folded away.
fn fold(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let cells = |tag: &str, cells: Vec<String>| -> String {
        let cells: String = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escape(cell))).collect();
        format!("<tr>{cells}</tr>")
    };
    let head = cells("th", head.iter().map(|name| (*name).to_owned()).collect());
    let rows: String = rows.map(|row| cells("td", row)).collect();
    format!("<details><summary>Data</summary><div class=\"wide\"><table>{head}{rows}</table></div></details>")
}

fn interval(interval: Option<(f64, f64)>) -> String {
    interval.map_or("–".to_owned(), |(low, high)| format!("{low:+.4} to {high:+.4}"))
}

/// Of a scatter.
pub fn of_marks(marks: &[Mark], measure: &str) -> String {
    let row = |mark: &Mark| {
        vec![mark.note.clone(), format!("{:.4}", mark.x), format!("{:+.4}", mark.y), interval(mark.interval)]
    };
    fold(&["condition", measure, "gain", "95 %"], marks.iter().map(row))
}

/// Of a forest plot.
pub fn of_effects(effects: &[Effect]) -> String {
    let row = |effect: &Effect| vec![effect.label.clone(), format!("{:+.4}", effect.value), interval(effect.interval)];
    fold(&["", "difference", "95 %"], effects.iter().map(row))
}

/// Of courses.
pub fn of_courses(courses: &[Course], along: &str) -> String {
    let rows = courses.iter().flat_map(|course| {
        course.points.iter().enumerate().map(|(at, (x, y))| {
            vec![course.label.clone(), x.to_string(), format!("{y:.4}"), interval(course.intervals.get(at).copied())]
        })
    });
    fold(&["", along, "value", "95 %"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_that_of_the_figure_and_names_are_texts() {
        let effect = Effect { label: "<b>".into(), value: 0.5, interval: Some((-1.0, 2.0)), class: "other" };
        let table = of_effects(&[effect]);
        assert!(table.contains("&lt;b&gt;</td><td>+0.5000</td><td>-1.0000 to +2.0000"), "{table}");
        let course = Course { label: "a".into(), points: vec![(0.0, 4.0), (1.0, 3.0)], intervals: vec![] };
        assert_eq!(of_courses(&[course], "step").matches("<tr>").count(), 3);
        let mark = Mark { x: 0.1, y: -0.2, interval: None, class: "formal", note: "c, seed 1".into() };
        assert!(of_marks(&[mark], "alignment").contains("<td>0.1000</td><td>-0.2000</td><td>–</td>"));
    }
}
