//! The reports of forged runs: hostile texts stay texts, all reports name the same items, and plots survive odd histories.

use super::{comment, junit, page, runs_json, runs_table, summary, table};
use crate::config::nightly::Gate;
use crate::pipeline::nightly::{Review, review};
use crate::store::history::forged::{cell, finished, judged, plan};
use crate::store::history::{Cell, History, Plan, Standing};
use Standing::{Accepted as A, Rejected as R, Undecided as U};

const HOSTILE: &str = "</td><script>alert(1)</script>|`@all` [x](http://e) ]]>\u{1b}[2J\n\"'&\u{202e}";

/// The review of the last of these runs.
fn reviewed(runs: &[Vec<Cell>], plan: &Plan) -> Review {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut history = History::open_or_begin(&directory.path().join("h.sqlite")).expect("a new history");
    let last = runs.iter().map(|cells| finished(&mut history, plan, cells)).last().expect("a run");
    review(&history, &last, Gate::default()).expect("a review")
}

fn hostile() -> Review {
    let run = |code: &str, standing| {
        let mut one = cell(vec![judged(HOSTILE, &format!("{HOSTILE}{code}"), standing), judged("fine", "f", A)]);
        one.judged.push(judged(&format!("{HOSTILE} open"), "u", U));
        one.asked.push(crate::store::history::Asked { problem: format!("{HOSTILE} open"), statement: HOSTILE.into() });
        (one.model, one.data) = (HOSTILE.to_owned(), HOSTILE.to_owned());
        one.judged[0].reason = Some(HOSTILE.to_owned());
        one.judged[0].detail = HOSTILE.to_owned();
        vec![one]
    };
    reviewed(&[run("1", A), run("2", R)], &Plan { revision: Some(HOSTILE.into()), lean: HOSTILE.into(), ..plan() })
}

#[test]
fn the_page_and_the_document_have_the_tags_they_should() {
    let review = hostile();
    assert!(review.has_failed());
    for text in [page(&review), junit(&review)] {
        assert!(!text.contains("<script") && !text.contains('\u{1b}'), "{text}");
        assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        balanced(&text);
    }
    let page = page(&review);
    let loads = ["src=", "url(", "@import", "<link"].into_iter().find(|word| page.contains(word));
    assert_eq!(loads, None, "nothing is loaded");
    assert_eq!(page.matches("href=").count(), page.matches("href=\"#").count(), "links stay on the page");
}

/// Every tag that is opened is closed, in order.
#[track_caller]
fn balanced(text: &str) {
    const VOID: [&str; 4] = ["meta", "!doctype", "?xml", "br"];
    let mut open: Vec<&str> = Vec::new();
    for part in text.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap_or_else(|| panic!("`<{part}` has no end"));
        let name = tag.split([' ', '/']).find(|word| !word.is_empty()).expect("a name");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{text}");
        } else if !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

#[test]
fn the_comment_stays_a_table() {
    let text = comment(&hostile());
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ") || line.starts_with("|-")).collect();
    assert!(rows.len() >= 8, "{text}");
    for row in &rows {
        let bars = row.replace("\\|", "").matches('|').count();
        assert!(bars == 9 || bars == 4 || bars == 3, "{row}");
        // What could be markup stands in a code span.
        let outside: String = row.split('`').step_by(2).collect();
        assert!(!outside.contains('@') && !outside.contains('<') && !outside.contains(']'), "{row}");
    }
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    assert!(!table(&hostile()).contains('\u{1b}'));
}

#[test]
fn all_reports_name_the_same_items() {
    let rows = |standings: &[Standing], code: &str| {
        let rows = standings.iter().enumerate().map(|(i, s)| judged(&format!("item{i}"), &format!("{code}{i}"), *s));
        vec![cell(rows.collect())]
    };
    let review = reviewed(&[rows(&[A, A, R, A, A], "x"), rows(&[R, A, A, U, R], "y")], &plan());
    let json = summary(&review);
    let named: Vec<&str> =
        json["regressions"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(named, ["item0", "item4"]);
    assert_eq!(json["newly_solved"][0]["name"], "item2");
    assert_eq!(json["cells"][0]["undecided_items"][0]["name"], "item3");
    assert_eq!(json["cells"][0]["last"]["pairs"], 4);
    let failed: Vec<String> = junit(&review)
        .split("<testcase ")
        .skip(1)
        .filter(|case| case.contains("<failure"))
        .map(|case| case.split('"').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(failed, named);
    assert!(junit(&review).contains("tests=\"5\" failures=\"2\" errors=\"0\" skipped=\"1\""));
    let comment = comment(&review);
    let section = comment.split("**Regressions").nth(1).unwrap().split("**Newly").next().unwrap();
    for i in 0..5 {
        assert_eq!(section.contains(&format!("`item{i}`")), [0, 4].contains(&i), "{section}");
    }
    let page = page(&review);
    let section = page.split("<h4>Regressions</h4>").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!(section.matches("<a href=\"#").count(), 2);
    for link in section.split("href=\"#").skip(1) {
        let anchor = link.split('"').next().unwrap();
        assert!(page.contains(&format!("<article id=\"{anchor}\">")), "{anchor} leads somewhere");
    }
    assert!(page.contains("text of x0") && page.contains("text of y0") && page.contains("theorem item0"));
}

#[test]
fn plots_survive_odd_histories() {
    for standings in [&[U, U][..], &[A, A], &[R, R], &[A, R]] {
        for runs in [1, 2, 30] {
            let rows = || standings.iter().enumerate().map(|(i, s)| judged(&i.to_string(), "c", *s)).collect();
            let runs: Vec<Vec<Cell>> = (0..runs).map(|_| vec![cell(rows())]).collect();
            let page = page(&reviewed(&runs, &plan()));
            balanced(&page);
            assert!(!page.contains("NaN") && !page.contains("inf"), "{standings:?} {}", runs.len());
        }
    }
}

#[test]
fn the_list_of_runs_says_what_became_of_each() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut history = History::open_or_begin(&directory.path().join("h.sqlite")).expect("a new history");
    finished(&mut history, &plan(), &[cell(vec![judged("a", "1", A), judged("b", "2", U)])]);
    history.begin(&plan(), 5).expect("a run");
    let runs = history.runs().expect("runs").into_iter();
    let runs: Vec<_> = runs.map(|run| (run.clone(), history.cells(run.id).expect("cells"))).collect();
    let table = runs_table(&runs);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    assert!(lines[1].contains("1 of 1") && lines[1].contains("100.0 %") && lines[1].contains("1970-01-01 00:16 UTC"));
    assert!(lines[2].contains("unfinished"), "{table}");
    let json = runs_json(&runs);
    assert_eq!(
        (&json["runs"][0]["cells"][0]["undecided"], &json["runs"][1]["state"]),
        (&1.into(), &"unfinished".into())
    );
}
