//! A nightly run as JUnit XML: one suite for each model on a data set, one case for each item. Owns what is a failure there:
//! regressions, and nothing else; what is undecided or flaky is skipped.

use super::figures::named;
use crate::pipeline::nightly::{CellReview, Review};
use crate::report::untrusted::{one_line, xml};
use crate::store::history::Standing;
use std::fmt::Write;

/// The document.
pub fn junit(review: &Review) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"afcheck nightly\">\n");
    for cell in &review.cells {
        suite(&mut text, review, cell);
    }
    text.push_str("</testsuites>\n");
    text
}

fn suite(text: &mut String, review: &Review, cell: &CellReview) {
    let regressions = review.regressions(cell);
    let regressed = |name: &str| regressions.iter().find(|change| change.name() == name);
    let is_skipped = |item: &&crate::pipeline::nightly::Item| item.is_flaky || item.standing == Standing::Undecided;
    let skipped = cell.items.iter().filter(is_skipped).count();
    let class = xml(&format!("{} on {}", cell.model, cell.data));
    let _ = writeln!(
        text,
        "  <testsuite name=\"{class}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{skipped}\">",
        cell.items.len(),
        regressions.len()
    );
    for item in &cell.items {
        let _ = write!(text, "    <testcase name=\"{}\" classname=\"{class}\"", xml(&item.name));
        let message = |words: &str| xml(&one_line(words, 200));
        if let Some(change) = regressed(&item.name) {
            let words = format!("solved before, now {}", item.said());
            let _ = writeln!(
                text,
                ">\n      <failure type=\"regression\" message=\"{}\">{}</failure>\n    </testcase>",
                message(&words),
                xml(&change.after.by.detail)
            );
        } else if is_skipped(&item) {
            let why = if item.is_flaky { "flaky: one judge gave it different verdicts" } else { &item.said() };
            let _ = writeln!(text, ">\n      <skipped message=\"{}\"/>\n    </testcase>", message(why));
        } else if item.standing == Standing::Rejected {
            // Not solved, as before: CI is to know of it, not to fail for it.
            let _ = writeln!(
                text,
                "><system-out>{}</system-out></testcase>",
                xml(&format!("not solved ({})", item.said()))
            );
        } else {
            text.push_str("/>\n");
        }
    }
    let with = [&cell.last, &cell.best].into_iter().flatten().map(|c| named(&c.with)).collect::<Vec<_>>();
    let _ = writeln!(text, "    <system-out>{}</system-out>", xml(&format!("compared with {}", with.join(" and "))));
    text.push_str("  </testsuite>\n");
}
