//! The page of a study: one file, no scripts, nothing loaded. Owns its order and words; every figure stands with the command that
//! makes it and its data in a fold below. Texts of models and data are escaped on their way in.

use super::plots::{Course, Effect, Fitted, LINES, Mark, courses, forest, gain_map, scatter};
use super::words::{coefficient, finding, gain, likeness, mean, p, partial, row_name, tokens, unit_of_gain};
use super::{Reported, fold};
use crate::config::study::{Kind, Way};
use crate::pipeline::study::{Gain, OUTCOMES, Outcome, Row, Sample};
use crate::report::style;
use crate::report::svg::escape;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What this page adds to the style of all pages: a colour for each kind of condition and each line, in both schemes.
pub(in crate::report) const MORE: &str = "\
:root{--c0:#2f6db5;--c1:#b3541e;--c2:#3c8a4f;--c3:#8a4fa8;--c4:#7a6a2b;--c5:#c03a5b;--c6:#2a8c8c;--c7:#666f7a}\
@media(prefers-color-scheme:dark){:root{--c0:#7fb2f0;--c1:#f0a06a;--c2:#7fd095;--c3:#cf9be8;--c4:#d8c878;--c5:#f58aa5;--c6:#77d4d4;\
--c7:#a9b2bd}}\
.aligned,.line-0{--own:var(--c0)}.unpaired,.line-3{--own:var(--c3)}.formal,.line-2{--own:var(--c2)}.informal,.line-1{--own:var(--c1)}\
.other,.line-7{--own:var(--c7)}.line-4{--own:var(--c4)}.line-5{--own:var(--c5)}.line-6{--own:var(--c6)}\
.mark circle{fill:var(--own);fill-opacity:.9;stroke:var(--paper)}.whisker{stroke:var(--own);stroke-width:1.4;fill:none}\
.band{fill:var(--soft);fill-opacity:.16}.fit{stroke:var(--ink);stroke-width:1.4;stroke-dasharray:5 3}\
.zero{stroke:var(--ink);stroke-opacity:.55}.course{fill:none;stroke:var(--own);stroke-width:1.8}\
g[class^=line] circle{fill:var(--own);fill-opacity:1}.swatch{display:inline-block;width:11px;height:11px;border-radius:6px;\
background:var(--own);margin:0 5px 0 14px;vertical-align:-1px}.figures{display:flex;flex-wrap:wrap;gap:18px 26px}\
figure{margin:0;flex:1 1 430px;min-width:0;max-width:500px}figure.broad{max-width:720px;flex-basis:100%}\
.soft>span,figcaption>span{white-space:nowrap}figcaption{font-size:13.5px;color:var(--soft);margin:2px 0 4px}figure svg{width:100%}\
details{font-size:13px;margin:4px 0 10px}summary{cursor:pointer;color:var(--soft)}details table{font-size:12.5px}\
.answer li{margin:5px 0}td.words,th.words{text-align:left}.close td,.close th{white-space:nowrap}.close td:first-child{white-space:normal;min-width:10em}td{vertical-align:top}code{font-size:.92em;overflow-wrap:anywhere}\
h1,h2,h3{overflow-wrap:anywhere}@media(max-width:520px){main{padding:18px 12px 60px}th,td{padding:3px 6px}svg text{font-size:14px}\
svg .tick{font-size:13px}svg .axis{font-size:12px}figure{flex-basis:100%}.wide svg{max-width:none;width:640px}}\n";

/// The page.
pub fn page(reported: &Reported<'_>) -> String {
    let mut body = String::new();
    head(&mut body, reported);
    answer(&mut body, reported);
    scatters(&mut body, reported, "alignment");
    cells(&mut body, reported);
    ways(&mut body, reported);
    scatters(&mut body, reported, "diversity");
    curves(&mut body, reported);
    concepts(&mut body, reported);
    measures(&mut body, reported);
    views(&mut body, reported);
    examples(&mut body, reported);
    style::page(&escape(title(reported)), MORE, &body)
}

fn title<'a>(reported: &Reported<'a>) -> &'a str {
    reported.study.title.as_deref().unwrap_or("Which data improves autoformalization?")
}

fn head(body: &mut String, reported: &Reported<'_>) {
    let Reported { study, problems, missing, judge, command, .. } = reported;
    let seeds = study.seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let models = study.model.iter().map(|model| escape(&model.name)).collect::<Vec<_>>().join(", ");
    let _ = write!(
        body,
        "<h1>{}</h1><p class=\"soft\">{models} on {} problems of {}; {} conditions, seeds {seeds}. Intervals are 95 %: of means and gains \
         by bootstrap over problems (of rates Wilson&#39;s where each problem is right or wrong), of correlations by bootstrap over conditions ({} resamples, seed {}).</p>\
         <p class=\"soft\"><code>{}</code> makes every figure; report.json beside it has the data.<br>afcheck {}, judged by {}.</p>",
        escape(title(reported)),
        problems.len(),
        escape(&study.target.problems),
        study.condition.len(),
        study.report.resamples,
        study.report.seed,
        escape(command),
        env!("CARGO_PKG_VERSION"),
        escape(judge)
    );
    if *missing > 0 {
        let _ = write!(body, "<p class=\"why\">{missing} cells are not whole and in no figure.</p>");
    }
}

/// The legend of kinds, of those there are.
fn legend(reported: &Reported<'_>) -> String {
    let is_there = |kind: &Kind| reported.study.condition.iter().any(|condition| condition.kind == *kind);
    let one = |kind: Kind| format!("<span class=\"{0}\"><span class=\"swatch\"></span>{0}</span>", kind.as_str());
    let all: String = Kind::ALL.into_iter().filter(is_there).map(one).collect();
    format!("<p class=\"soft\">Kinds of conditions: {all}</p>")
}

fn answer(body: &mut String, reported: &Reported<'_>) {
    let Reported { study, answer, .. } = reported;
    body.push_str("<h2>Does alignment with the target predict the gain?</h2><ul class=\"answer\">");
    for association in answer.associations.iter().filter(|of| of.measure == "alignment") {
        let _ = write!(body, "<li>{}</li>", escape(&finding(study, association)));
    }
    body.push_str(
        "</ul><p class=\"soft\">A gain is how much better a taught model is than the same model as it is, on the same problems and of the \
         same seed; of the loss, how much it fell. p is of exchanging conditions, each with all its seeds.</p>",
    );
}

/// Gains against a measure, an outcome and a way each.
fn scatters(body: &mut String, reported: &Reported<'_>, measure: &str) {
    let Reported { study, answer, .. } = reported;
    let name = match measure {
        "alignment" => "alignment coefficient with the target (Task2Vec)",
        _ => "diversity coefficient of the condition (Task2Vec)",
    };
    let mut figures = String::new();
    for of in answer.associations.iter().filter(|of| of.measure == measure && of.spearman.is_some()) {
        let points = answer.points.iter().filter(|p| (p.model, p.way, p.outcome) == (of.model, of.way, of.outcome));
        let x = |point: &crate::pipeline::study::Point| match measure {
            "alignment" => Some(point.alignment),
            _ => point.diversity,
        };
        let points: Vec<_> = points.filter_map(|point| Some((x(point)?, point))).collect();
        let marks: Vec<Mark> = points
            .iter()
            .map(|(x, point)| Mark {
                x: *x,
                y: point.gain,
                interval: point.interval,
                class: study.condition[point.condition].kind.as_str(),
                note: format!("{}, seed {}", study.condition[point.condition].name, point.seed),
            })
            .collect();
        let fit = of.fit.as_ref().map(|fit| Fitted { intercept: fit.intercept, slope: fit.slope, band: &fit.band });
        let gain_name = format!("gain in {} ({})", of.outcome.title(), of.outcome.unit());
        let plot = scatter(&marks, fit.as_ref(), (name, &gain_name));
        let model =
            if study.model.len() > 1 { format!("{}, ", escape(&study.model[of.model].name)) } else { String::new() };
        let _ = write!(
            figures,
            "<figure>{plot}<figcaption>{model}{}: Spearman {}, p = {}. Whiskers: 95 % over problems; band: 95 % of the line over \
             conditions.</figcaption>{}</figure>",
            of.way.title(),
            coefficient(of.spearman.as_ref()),
            p(of.permutation.as_ref()),
            fold::of_marks(&marks, measure)
        );
    }
    let heading = if measure == "alignment" { "Alignment and gain" } else { "Diversity and gain" };
    let _ = write!(body, "<h2>{heading}</h2>");
    match figures.is_empty() {
        true => body.push_str("<p>No gain varies over conditions, so that there is nothing to plot.</p>"),
        false => {
            let _ = write!(body, "{}<div class=\"figures\">{figures}</div>", legend(reported));
        }
    }
}

fn outcomes_of(reported: &Reported<'_>) -> Vec<Outcome> {
    let is_there = |outcome: &Outcome| reported.answer.summaries.iter().any(|of| of.outcomes.contains_key(outcome));
    OUTCOMES.into_iter().filter(is_there).collect()
}

fn cells(body: &mut String, reported: &Reported<'_>) {
    let Reported { study, answer, .. } = reported;
    let outcomes = outcomes_of(reported);
    body.push_str("<h2>What each condition does</h2>");
    for (model, about) in study.model.iter().enumerate() {
        if study.model.len() > 1 {
            let _ = write!(body, "<h3>{}</h3>", escape(&about.name));
        }
        let of: Vec<_> = answer.summaries.iter().filter(|summary| summary.model == model).collect();
        let taught: Vec<_> = of.iter().filter(|summary| summary.condition.is_some()).collect();
        let rows: Vec<String> = taught.iter().map(|of| row_name(study, of.condition, of.way)).collect();
        let columns: Vec<String> = outcomes.iter().map(|outcome| outcome.title().to_owned()).collect();
        let value =
            |gains: &BTreeMap<Outcome, Gain>| outcomes.iter().map(|o| gains.get(o).map(|gain| gain.mean)).collect();
        let values: Vec<Vec<Option<f64>>> = taught.iter().map(|of| value(&of.gains)).collect();
        let _ = write!(
            body,
            "<figure class=\"broad\"><div class=\"wide\">{}</div><figcaption>Gains over the model as it is; every column has its own scale of colour. Loss in nats \
             per token, rates as shares.</figcaption></figure><div class=\"wide close\"><table><tr><th>condition</th><th>alignment</th>\
             <th>diversity</th><th>tokens read</th><th>learnt</th>",
            gain_map(&rows, &columns, &values, "Gains by condition")
        );
        for outcome in &outcomes {
            let _ = write!(body, "<th>{}</th><th>gain, {}</th>", outcome.title(), unit_of_gain(*outcome));
        }
        body.push_str("</tr>");
        for summary in of {
            let _ = write!(
                body,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>",
                escape(&row_name(study, summary.condition, summary.way)),
                likeness(summary.alignment, summary.alignment_range),
                likeness(summary.diversity, None),
                tokens(summary.tokens),
                tokens(summary.target_tokens)
            );
            for outcome in &outcomes {
                let _ = write!(
                    body,
                    "<td>{}</td><td>{}</td>",
                    summary.outcomes.get(outcome).map_or(String::new(), |found| mean(*outcome, found)),
                    summary.gains.get(outcome).map_or(String::new(), |found| gain(*outcome, found))
                );
            }
            body.push_str("</tr>");
        }
        body.push_str("</table></div><p class=\"soft\">Means over seeds; of alignment the range over seeds.</p>");
    }
}

/// One way against another.
fn ways(body: &mut String, reported: &Reported<'_>) {
    let Reported { study, answer, .. } = reported;
    if answer.versus.is_empty() {
        return;
    }
    body.push_str("<h2>Showing or training</h2><div class=\"figures\">");
    let mut pairs: Vec<(Way, Way)> = answer.versus.iter().map(|versus| versus.ways).collect();
    pairs.sort_unstable();
    pairs.dedup();
    for ways in pairs {
        for outcome in outcomes_of(reported) {
            let of = answer.versus.iter().filter(|versus| versus.ways == ways);
            let effects: Vec<Effect> = of
                .filter_map(|versus| {
                    let gain = versus.gains.get(&outcome)?;
                    let condition = &study.condition[versus.condition];
                    let model = if study.model.len() > 1 {
                        format!(" ({})", study.model[versus.model].name)
                    } else {
                        String::new()
                    };
                    Some(Effect {
                        label: condition.name.clone() + &model,
                        value: gain.mean,
                        interval: gain.interval,
                        class: condition.kind.as_str(),
                    })
                })
                .collect();
            if effects.iter().all(|effect| effect.value == 0.0) {
                continue;
            }
            let name = format!("difference in {} ({})", outcome.title(), outcome.unit());
            let _ = write!(
                body,
                "<figure>{}<figcaption>{} less {}: right of zero, {} is better. 95 % over problems, paired.</figcaption>{}</figure>",
                forest(&effects, &name),
                ways.0.title(),
                ways.1.title(),
                ways.0.title(),
                fold::of_effects(&effects)
            );
        }
    }
    body.push_str("</div>");
}

/// The losses of development problems while models learnt, means over seeds.
fn curves(body: &mut String, reported: &Reported<'_>) {
    let Reported { study, answer, .. } = reported;
    let mut figures = String::new();
    for (model, about) in study.model.iter().enumerate() {
        for way in &study.ways {
            let mut all = Vec::new();
            let mut names = String::new();
            for (at, condition) in study.condition.iter().enumerate() {
                let is_of = |row: &&Row| (row.model, row.condition, row.way) == (model, Some(at), Some(*way));
                let looks: Vec<&Vec<(usize, f64)>> = answer.rows.iter().filter(is_of).map(|row| &row.curve).collect();
                let points = mean_course(&looks);
                if points.is_empty() {
                    continue;
                }
                let _ = write!(
                    names,
                    "<span class=\"line-{}\"><span class=\"swatch\"></span>{}</span>",
                    all.len() % LINES,
                    escape(&condition.name)
                );
                all.push(Course { label: condition.name.clone(), points, intervals: vec![] });
            }
            if !all.is_empty() {
                let plot = courses(&all, ("step", "development loss (nats per token)"));
                let _ = write!(
                    figures,
                    "<figure class=\"broad\">{plot}<figcaption>{}, {}; means over seeds.<br>{names}</figcaption>{}</figure>",
                    escape(&about.name),
                    way.title(),
                    fold::of_courses(&all, "step")
                );
            }
        }
    }
    if !figures.is_empty() {
        let _ = write!(body, "<h2>Learning curves</h2><div class=\"figures\">{figures}</div>");
    }
}

/// The mean of several courses, look by look: the last looks of two seeds may be some steps apart.
fn mean_course(looks: &[&Vec<(usize, f64)>]) -> Vec<(f64, f64)> {
    let shortest = looks.iter().map(|course| course.len()).min().unwrap_or(0);
    let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / looks.len() as f64;
    let look = |at: usize| looks.iter().map(move |course| course[at]);
    (0..shortest).map(|at| (mean(&mut look(at).map(|p| p.0 as f64)), mean(&mut look(at).map(|p| p.1)))).collect()
}

/// Outcomes by concept.
fn concepts(body: &mut String, reported: &Reported<'_>) {
    let Reported { study, answer, problems, .. } = reported;
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, problem) in problems.iter().enumerate() {
        if let Some(concept) = problem.groups.concept.as_deref().or(problem.groups.source.as_deref()) {
            groups.entry(concept).or_default().push(at);
        }
    }
    if groups.len() < 2 {
        return;
    }
    body.push_str("<h2>By concept</h2>");
    let rows: Vec<String> = groups.iter().map(|(name, of)| format!("{name} ({})", of.len())).collect();
    for outcome in [Outcome::Loss, Outcome::TypeCheck] {
        for (model, about) in study.model.iter().enumerate() {
            for way in &study.ways {
                let taught = |at: usize| -> Vec<&Row> {
                    let is_of = |row: &&Row| (row.model, row.condition, row.way) == (model, Some(at), Some(*way));
                    answer.rows.iter().filter(is_of).collect()
                };
                let there: Vec<usize> = (0..study.condition.len()).filter(|at| !taught(*at).is_empty()).collect();
                if there.is_empty() {
                    continue;
                }
                let value = |of: &[usize], at: usize| {
                    let only = |row: &Row| row.outcomes.only(&|problem| of.contains(&problem));
                    let ours: Vec<_> = taught(at).into_iter().map(only).collect();
                    let theirs: Vec<_> = answer
                        .rows
                        .iter()
                        .filter(|row| (row.model, row.condition) == (model, None))
                        .map(only)
                        .collect();
                    let (ours, theirs): (Vec<_>, Vec<_>) = (ours.iter().collect(), theirs.iter().collect());
                    Gain::between(&ours, &theirs, outcome, 1, 1).map(|gain| gain.mean)
                };
                let values: Vec<Vec<Option<f64>>> =
                    groups.values().map(|of| there.iter().map(|at| value(of, *at)).collect()).collect();
                let columns: Vec<String> = there.iter().map(|at| study.condition[*at].name.clone()).collect();
                let name = format!("Gain in {} by concept, {}, {}", outcome.title(), way.title(), about.name);
                let _ = write!(
                    body,
                    "<div class=\"wide\">{}</div><p class=\"soft\">{}. In brackets, problems.</p>",
                    gain_map(&rows, &columns, &values, &name),
                    escape(&name)
                );
            }
        }
    }
}

/// All measures beside each other.
fn measures(body: &mut String, reported: &Reported<'_>) {
    let Reported { study, answer, .. } = reported;
    body.push_str(
        "<h2>Task2Vec beside cheaper measures</h2><div class=\"wide\"><table><tr><th class=\"words\">model and way</th>\
         <th class=\"words\">outcome</th><th class=\"words\">measure</th><th>Spearman</th><th>p</th>\
         <th>given diversity and tokens learnt</th><th>Pearson</th></tr>",
    );
    for of in answer.associations.iter().filter(|of| of.spearman.is_some()) {
        let _ = write!(
            body,
            "<tr><td class=\"words\">{}, {}</td><td class=\"words\">{}</td><td class=\"words\">{}</td><td>{}</td><td>{}</td><td>{}</td>\
             <td>{}</td></tr>",
            escape(&study.model[of.model].name),
            of.way.title(),
            of.outcome.title(),
            escape(&of.measure),
            coefficient(of.spearman.as_ref()),
            p(of.permutation.as_ref()),
            partial(of.partial.as_ref()),
            coefficient(of.pearson.as_ref())
        );
    }
    body.push_str("</table></div>");
}

/// What conditions gave, with their first texts.
fn views(body: &mut String, reported: &Reported<'_>) {
    let Reported { study, answer, .. } = reported;
    body.push_str("<h2>Conditions</h2>");
    for (at, condition) in study.condition.iter().enumerate() {
        let Some(view) = answer.rows.iter().filter(|row| row.condition == Some(at)).find_map(|row| row.view.as_ref())
        else {
            continue;
        };
        let _ = write!(
            body,
            "<details><summary><span class=\"{}\"><span class=\"swatch\"></span></span>{}: <code>{}</code>, {} examples, {} {} of the \
             first view</summary>",
            condition.kind.as_str(),
            escape(&condition.name),
            escape(&condition.data),
            view.examples,
            view.tokens,
            escape(&view.unit)
        );
        view.samples.iter().for_each(|text| {
            let _ = write!(body, "<pre>{}</pre>", escape(text));
        });
        body.push_str("</details>");
    }
}

/// Answers of each condition: those that Lean takes first.
fn examples(body: &mut String, reported: &Reported<'_>) {
    let Reported { study, answer, problems, answers, .. } = reported;
    body.push_str("<h2>Answers</h2>");
    let informal: BTreeMap<&str, &str> =
        problems.iter().filter_map(|problem| Some((problem.id.as_str(), problem.informal.as_deref()?))).collect();
    let mut seen = Vec::new();
    for (row, samples) in answer.rows.iter().zip(*answers) {
        // The first seed of each.
        let own = (row.model, row.condition, row.way);
        if seen.contains(&own) {
            continue;
        }
        seen.push(own);
        let mut ranked: Vec<&Sample> = samples.iter().collect();
        ranked.sort_by(|a, b| {
            let of = |sample: &Sample| {
                (sample.equivalence.unwrap_or(0.0), sample.type_check.unwrap_or(0.0), sample.bleu.unwrap_or(0.0))
            };
            of(b).partial_cmp(&of(a)).unwrap_or(std::cmp::Ordering::Equal).then(a.id.cmp(&b.id))
        });
        let _ = write!(
            body,
            "<details><summary>{}, {}</summary>",
            escape(&study.model[row.model].name),
            escape(&row_name(study, row.condition, row.way))
        );
        for sample in ranked.into_iter().take(study.report.examples) {
            let verdict = match (sample.type_check, sample.equivalence) {
                (_, Some(1.0)) => "proved equivalent".to_owned(),
                (Some(1.0), _) if sample.copy => "elaborates; copies an example".to_owned(),
                (Some(1.0), _) => "elaborates".to_owned(),
                _ => sample.reason.as_deref().unwrap_or("nothing decided").replace('_', " "),
            };
            let _ = write!(
                body,
                "<article><p>{}</p><pre>{}</pre><p class=\"why\">{}</p></article>",
                escape(informal.get(sample.id.as_str()).copied().unwrap_or_default()),
                escape(&sample.code),
                escape(&verdict)
            );
        }
        body.push_str("</details>");
    }
}
