//! The dashboard: one file, no scripts, nothing loaded. Owns its order and words; the plot is `trend.rs`'s, what stands behind the
//! names `details.rs`'s. Every text of a model, a data set or a user is escaped on its way in.

use super::details::{anchor, details};
use super::figures::{all_regressions, date, difference, interval, named, p, rate, regressions, solved};
use super::trend::trend;
use crate::config::nightly::{Against, FailOn};
use crate::pipeline::nightly::{CellReview, Change, Comparison, Item, Review};
use crate::report::style;
use crate::report::svg::escape;
use std::fmt::Write;

/// What the plots and lists add to the style of all pages.
const MORE: &str = "\
.band{fill:var(--bar);fill-opacity:.18}.line{stroke:var(--bar);fill:none;stroke-width:2}.dot{fill:var(--bar);fill-opacity:1}\
.other{stroke:var(--soft);stroke-dasharray:4 3}a{color:var(--bar)}.badge{display:inline-block;padding:2px 10px;border-radius:12px;\
color:var(--paper);font-weight:600;font-size:15px;vertical-align:middle}.badge.yes{background:var(--yes)}\
.badge.no{background:var(--no)}td{overflow-wrap:anywhere;vertical-align:top}.names td{text-align:left;min-width:5.5em}\
.names th{text-align:left}.names td:first-child{min-width:9em}.names td:nth-child(2){overflow-wrap:break-word}\
article{scroll-margin-top:12px}article:target{border-color:var(--bar)}\
ul{margin:4px 0 12px;padding-left:20px;overflow-wrap:anywhere}h1,h2{overflow-wrap:anywhere}.figure svg{width:100%;max-width:640px}\
.overview td,.overview th{white-space:nowrap}.overview td:first-child,.overview td:nth-child(2){white-space:normal;min-width:6em}\
.overview td:nth-child(2),.overview th:nth-child(2){text-align:left}h4{margin:14px 0 4px}\
@media(max-width:520px){main{padding:18px 12px 60px}th,td{padding:3px 6px}svg text{font-size:14px}svg .tick{font-size:14px}.names{font-size:13px}}\n";

/// The page.
pub fn page(review: &Review) -> String {
    let mut body = String::new();
    head(&mut body, review);
    overview(&mut body, review);
    for (number, cell) in review.cells.iter().enumerate() {
        section(&mut body, number, cell);
    }
    let mut full = String::new();
    for (number, cell) in review.cells.iter().enumerate() {
        details(&mut full, review, number, cell);
    }
    if !full.is_empty() {
        let _ = write!(body, "<h2>Changed items in full</h2>{full}");
    }
    style::page(&format!("afcheck nightly: {}", regressions(all_regressions(review))), MORE, &body)
}

fn head(body: &mut String, review: &Review) {
    let (run, gate) = (&review.run, &review.gate);
    let class = if all_regressions(review) == 0 { "yes" } else { "no" };
    let _ = write!(
        body,
        "<h1>afcheck nightly <span class=\"badge {class}\">{}</span></h1><p class=\"soft\">Run {}, {}",
        regressions(all_regressions(review)),
        run.id,
        date(run.started)
    );
    if let Some(revision) = &run.plan.revision {
        let _ = write!(body, ", revision {}", escape(revision));
    }
    let _ = write!(body, ". Lean {}, afcheck {}.", escape(&run.plan.lean), escape(&run.plan.afcheck));
    let what = match run.plan.by_sample {
        true => "an item is a sample",
        false => "an item is a problem, solved if any of its samples is accepted",
    };
    let against = match gate.against {
        Against::Last => "since the last run",
        Against::Best => "since the best run",
        Against::Both => "since the last or the best run",
    };
    let rule = match gate.fail_on {
        FailOn::Any => format!("any regression {against}"),
        FailOn::Significant => format!("more regressions than newly solved {against}, with p below {}", gate.alpha),
        FailOn::Never => "nothing".to_owned(),
    };
    let verdict = if review.has_failed() { "it says <strong>no</strong>" } else { "it lets this run pass" };
    let _ = write!(
        body,
        "</p><p class=\"soft\">Rates are of decided items, with 95 % Wilson intervals; {what}. The gate stops {rule}: {verdict}.</p>"
    );
    for (model, data) in &review.gone {
        let _ =
            write!(body, "<p>{} on {} was in the last run and is not in this one.</p>", escape(model), escape(data));
    }
}

fn overview(body: &mut String, review: &Review) {
    body.push_str(
        "<div class=\"wide\"><table class=\"overview\"><tr><th>model</th><th>data</th><th>solved</th><th>rate</th><th>95 %</th>\
         <th>undecided</th><th>flaky</th><th>since last</th><th>since best</th></tr>",
    );
    for (number, cell) in review.cells.iter().enumerate() {
        let with = |found: &Option<Comparison>| found.as_ref().map_or("–".to_owned(), difference);
        let _ = write!(
            body,
            "<tr><td><a href=\"#c{number}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
             <td>{}</td><td>{}</td></tr>",
            escape(&cell.model),
            escape(&cell.data),
            solved(&cell.counts),
            rate(&cell.counts),
            interval(&cell.counts),
            cell.counts.undecided,
            cell.flaky().count(),
            with(&cell.last),
            with(&cell.best)
        );
    }
    body.push_str(
        "</table></div><p class=\"soft\">+newly solved −regressions, p of McNemar's exact test over the items that both runs \
         decided.</p>",
    );
}

fn section(body: &mut String, number: usize, cell: &CellReview) {
    let name = format!("{} on {}", cell.model, cell.data);
    let _ = write!(
        body,
        "<h2 id=\"c{number}\">{}</h2><div class=\"figure\">{}</div>",
        escape(&name),
        trend(&cell.past, &format!("Share solved, {name}"))
    );
    let mut shown = None;
    if let Some(last) = &cell.last {
        comparison(body, number, "last", last);
        shown = Some(last.with.id);
    } else {
        body.push_str("<p>There is no earlier run to compare with.</p>");
    }
    match &cell.best {
        Some(best) if Some(best.with.id) == shown => {
            body.push_str("<p class=\"soft\">The last run is also the best.</p>");
        }
        Some(best) => comparison(body, number, "best", best),
        None => {}
    }
    items(body, "Undecided now", "Nothing was shown of these: neither solved nor failed.", cell.undecided());
    items(body, "Flaky", "One judge gave these different verdicts; they are not compared.", cell.flaky());
}

fn comparison(body: &mut String, number: usize, what: &str, found: &Comparison) {
    let _ = write!(
        body,
        "<h3>Since the {what} run: {}, {} newly solved</h3><p class=\"soft\">With {}, {}: {} pairs, p {} (mid-p {}).",
        regressions(found.regressions.len()),
        found.newly_solved.len(),
        escape(&named(&found.with)),
        date(found.with.started),
        found.pairs,
        p(found.test.p_value),
        p(found.test.mid_p)
    );
    for (what, count) in [
        ("undecided now", found.undecided_now.len()),
        ("undecided then", found.undecided_before.len()),
        ("flaky", found.flaky.len()),
    ] {
        if count > 0 {
            let _ = write!(body, " {count} {what}, so no pair.");
        }
    }
    for words in &found.circumstances {
        let _ = write!(body, " Changed since: {}.", escape(words));
    }
    body.push_str("</p>");
    changes(body, "Regressions", &found.regressions, &|at| anchor(number, found, "lost", at));
    changes(body, "Newly solved", &found.newly_solved, &|at| anchor(number, found, "won", at));
    changes(body, "Another statement now, not compared", &found.restated, &|_| None);
    for (title, names) in [("Items that are gone", &found.missing), ("New items", &found.added)] {
        if !names.is_empty() {
            let items: String = names.iter().map(|name| format!("<li>{}</li>", escape(name))).collect();
            let _ = write!(body, "<h4>{title}</h4><ul>{items}</ul>");
        }
    }
}

fn changes(body: &mut String, title: &str, changes: &[Change], link: &dyn Fn(usize) -> Option<String>) {
    if changes.is_empty() {
        return;
    }
    let _ = write!(body, "<h4>{title}</h4><table class=\"names\"><tr><th>item</th><th>before</th><th>now</th></tr>");
    for (at, change) in changes.iter().enumerate() {
        let name = escape(change.name());
        let name = link(at).map_or(name.clone(), |anchor| format!("<a href=\"#{anchor}\">{name}</a>"));
        let (before, after) = (escape(&change.before.said()), escape(&change.after.said()));
        let _ = write!(body, "<tr><td>{name}</td><td>{before}</td><td>{after}</td></tr>");
    }
    body.push_str("</table>");
}

fn items<'a>(body: &mut String, title: &str, words: &str, items: impl Iterator<Item = &'a Item>) {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return;
    }
    let _ = write!(
        body,
        "<h3>{title}</h3><p class=\"soft\">{words}</p><table class=\"names\"><tr><th>item</th><th>verdict</th><th>why</th></tr>"
    );
    for item in items {
        let detail = crate::report::untrusted::one_line(&item.by.detail, 160);
        let _ = write!(
            body,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&item.name),
            escape(&item.said()),
            escape(&detail)
        );
    }
    body.push_str("</table>");
}
