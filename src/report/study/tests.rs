//! Renderings of a study that was made up. Owns what they must say and must not let through.

use super::*;
use crate::config::study::{EXAMPLE, Way, parse};
use crate::pipeline::study::{Likeness, Outcomes, Row, View, answer};

fn reported(check: impl FnOnce(&Reported<'_>)) {
    let mut study = parse(EXAMPLE).expect("the example");
    study.title = Some("<script>alert(1)</script> | data".into());
    study.condition[1].name = "a <b>bold</b> condition".into();
    let problem = |id: usize| Problem {
        id: id.to_string(),
        informal: Some("If $a<b$ then".into()),
        groups: crate::domain::Groups { concept: Some(["order", "sets"][id % 2].into()), ..Default::default() },
        ..Problem::default()
    };
    let problems: Vec<Problem> = (0..12).map(problem).collect();
    let ids: Vec<String> = problems.iter().map(|problem| problem.id.clone()).collect();
    let (mut rows, mut answers) = (vec![], vec![]);
    for condition in std::iter::once(None).chain((0..study.condition.len()).map(Some)) {
        for seed in [1, 2] {
            for way in [Way::Finetune, Way::InContext].iter().take(condition.map_or(1, |_| 2)) {
                let help = condition.map_or(0.0, |at| 0.1 * at as f64);
                let samples: Vec<Sample> = ids
                    .iter()
                    .map(|id| Sample {
                        id: id.clone(),
                        code: "theorem t : 1 < 2 := sorry".into(),
                        bleu: Some(0.1 + help),
                        type_check: Some(f64::from(u8::from(id.len() + seed as usize > 2 && help > 0.2))),
                        equivalence: Some(0.0),
                        reason: Some("type_mismatch".into()),
                        ..Sample::default()
                    })
                    .collect();
                let losses: Vec<(String, f64)> = ids.iter().map(|id| (id.clone(), 5.0 - help)).collect();
                rows.push(Row {
                    model: 0,
                    condition,
                    way: condition.map(|_| *way),
                    seed,
                    view: condition.map(|_| View { samples: vec!["<i>text</i>".into()], tokens: 9, ..View::default() }),
                    likeness: condition.map(|at| Likeness {
                        alignment: 0.3 + 0.05 * at as f64,
                        diversity: Some(0.2),
                        ..Likeness::default()
                    }),
                    outcomes: Outcomes::of(&ids, &samples, &losses),
                    curve: vec![(0, 5.0), (10, 4.0)],
                    training: vec![],
                });
                answers.push(samples);
            }
        }
    }
    let answer = answer(&study, rows);
    check(&Reported {
        study: &study,
        answer: &answer,
        problems: &problems,
        answers: &answers,
        missing: 3,
        judge: "Lean",
        command: "afcheck study run study.toml",
    });
}

#[test]
fn the_page_stands_alone_and_says_what_was_found() {
    reported(|reported| {
        let page = page(reported);
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<i>text"), "texts are texts");
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("NaN"));
        for wanted in [
            "more aligned conditions help more",
            "3 cells are not whole",
            "Alignment and gain",
            "Showing or training",
            "Learning curves",
            "By concept",
            "type mismatch",
            "alignment coefficient with the target (Task2Vec)",
            "gain in loss (nats per token)",
        ] {
            assert!(page.contains(wanted), "{wanted}");
        }
        assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
        // Diversity is the same everywhere: there is nothing to plot.
        assert!(page.contains("Diversity and gain</h2><p>No gain varies"));
    });
}

#[test]
fn the_summary_and_the_tables_have_every_condition() {
    reported(|reported| {
        let (markdown, table) = (markdown(reported), table(reported));
        for condition in &reported.study.condition {
            assert!(table.contains(&condition.name), "{table}");
        }
        assert!(
            markdown.contains("a &lt;b>bold") && markdown.contains("# &lt;script>") && markdown.contains("\\| data")
        );
        assert!(markdown.contains("Spearman's rho +1.00 (+1.00 to +1.00) over 18 cells of 9 conditions"), "{markdown}");
        let lines: Vec<&str> = markdown.lines().filter(|line| line.starts_with("| as it is")).collect();
        assert_eq!(lines.len(), 1);
        let json = json(reported);
        assert_eq!((json["schema"].as_str(), json["missing_cells"].as_u64()), (Some("afcheck.study/1"), Some(3)));
        assert_eq!(json["points"].as_array().map(Vec::len), Some(9 * 2 * 2 * 5));
    });
}
