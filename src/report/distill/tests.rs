//! Renderings of a distillation that was made up. Owns what they must say and must not let through.

use super::*;
use crate::config::distill::{EXAMPLE, parse};
use crate::pipeline::distill::{Attempt, Learner, Taught, answer};
use crate::pipeline::study::Outcomes;

#[test]
fn the_renderings_say_what_was_found_and_texts_are_texts() {
    let distill = parse(EXAMPLE).expect("the example");
    let problem = |at: usize| Problem {
        id: at.to_string(),
        informal: Some("<b>All</b> numbers.".into()),
        formal: "theorem t : True".into(),
        ..Problem::default()
    };
    let problems: Vec<Problem> = (0..10).map(problem).collect();
    let trajectory = |at: usize, mended: bool| Trajectory {
        id: at.to_string(),
        sample: 0,
        attempts: vec![
            Attempt {
                code: "x</pre><script>".into(),
                type_check: Some(0.0),
                messages: "1:0: error: <i>".into(),
                ..Default::default()
            },
            Attempt {
                round: 1,
                feedback: Some("Write <u>.".into()),
                type_check: Some(f64::from(u8::from(mended))),
                ..Default::default()
            },
        ],
    };
    let all = [
        (Feedback::None, (0..10).map(|at| trajectory(at, false)).collect::<Vec<_>>()),
        (Feedback::Teacher, (0..10).map(|at| trajectory(at, at < 8)).collect()),
    ];
    let student = |learner, loss: f64| Taught {
        learner,
        texts: 7,
        tokens: 70,
        outcomes: Outcomes::of(&["a".into(), "b".into()], &[], &[("a".into(), loss), ("b".into(), loss)]),
    };
    let students = [student(Learner::Untouched, 3.0), student(Learner::Revised(Feedback::Teacher), 2.5)];
    let answer = answer(&distill, &all, &students);
    let reported = Reported {
        distill: &distill,
        answer: &answer,
        trajectories: &all,
        problems: &problems,
        missing: 2,
        judge: "Lean",
        command: "afcheck distill run distill.toml",
    };
    let (page, markdown, table, lines) = (page(&reported), markdown(&reported), table(&reported), lines(&reported));
    assert!(!page.contains("<script") && !page.contains("<b>All") && !page.contains("<u>") && !page.contains("NaN"));
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
    for text in [&page, &markdown, &table] {
        assert!(text.contains("80.0 %") && text.contains("8:0, p = 0.008"), "{text}");
        assert!(text.contains("+0.500") && text.contains("revisions, teacher"), "{text}");
        assert!(text.contains("2 tasks are not there"), "{text}");
    }
    assert_eq!(lines.lines().count(), 20);
    assert!(
        lines
            .lines()
            .all(|line| serde_json::from_str::<Value>(line).is_ok_and(|line| line["attempts"][1]["round"] == 1))
    );
    assert_eq!(json(&reported)["students"][1]["gains"]["loss"]["mean"], 0.5);
}
