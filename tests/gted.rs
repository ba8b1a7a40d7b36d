//! Text metrics against published human judgements (the data of GTED: Liu et al. 2025), and their speed. Needs the folder
//! with `minif2f/` and `proofnet/`, named by `AFCHECK_GTED`; `just agreement FOLDER` runs it, docs/metrics.md has the
//! outcome.

use afcheck::metrics::{
    Confusion, OperatorTree, best_threshold, chrf, cross_validated, edit_similarity, exact_match, gted, lean_tokens,
    self_consistent, sentence_bleu, sequence_similarity, spearman, wilson_interval,
};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A gold statement and a prediction, as written and in the published standard form, with the human judgement.
struct Pair {
    gold: String,
    prediction: String,
    standard_gold: String,
    standard_prediction: String,
    same: bool,
}

fn folder() -> PathBuf {
    std::env::var_os("AFCHECK_GTED").expect("AFCHECK_GTED names the folder with minif2f/ and proofnet/").into()
}

fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The items of a subset, with the names of the theorems replaced by `tm_name`, as published.
fn pairs(subset: &str) -> Vec<Pair> {
    let items = json(&folder().join(subset).join("human_evaluation.json"));
    let text = |item: &Value, key: &str| {
        let name = item["name"].as_str().expect("an item has a name");
        item[key].as_str().expect("an item has this text").replace(name, "tm_name")
    };
    let pair = |item: &Value| {
        let answer = &item["sub_questions"][0];
        Pair {
            gold: text(item, "FL (Label)"),
            prediction: text(answer, "FL (Prediction)"),
            standard_gold: text(item, "reorganized_hover_formal_statement"),
            standard_prediction: text(answer, "reorganized_hover_formal_statement"),
            same: answer["Human_Evaluation"].as_bool().expect("a judgement"),
        }
    };
    items.as_array().expect("a list of items").iter().map(pair).collect()
}

/// The published counts of a metric: threshold, counts. The first row repeats the best one.
fn published(subset: &str, metric: &str) -> Vec<(f64, Confusion)> {
    let rows = json(&folder().join(subset).join(format!("{metric}.accuracy.json")));
    let row = |row: &Value| {
        let count = |key: &str| row[metric][key].as_u64().expect("a count");
        let confusion = Confusion {
            true_positive: count("true_positive"),
            true_negative: count("true_negative"),
            false_positive: count("false_positive"),
            false_negative: count("false_negative"),
        };
        (row["threshold"].as_f64().expect("a threshold"), confusion)
    };
    rows.as_array().expect("a list of thresholds").iter().map(row).collect()
}

fn line(name: &str, confusion: &Confusion) {
    let percent = |rate: Option<f64>| rate.map_or_else(|| "-".to_owned(), |r| format!("{:.1}", 100.0 * r));
    let (low, high) = wilson_interval(confusion.true_positive + confusion.true_negative, confusion.total());
    let kappa = confusion.kappa().map_or_else(|| "-".to_owned(), |k| format!("{k:.3}"));
    println!(
        "  {name:<44} {:>5} / {:>5} / {:>4} / {kappa:>5}   accuracy in [{:.1}, {:.1}]",
        percent(confusion.precision()),
        percent(confusion.recall()),
        percent(confusion.accuracy()),
        100.0 * low,
        100.0 * high
    );
}

#[test]
#[ignore = "needs AFCHECK_GTED"]
fn bleu_has_the_published_counts_at_every_threshold() {
    for subset in ["minif2f", "proofnet"] {
        let pairs = pairs(subset);
        let labels: Vec<bool> = pairs.iter().map(|p| p.same).collect();
        let scores: Vec<f64> = pairs.iter().map(|p| sentence_bleu(&p.gold, &p.prediction)).collect();
        let rows = published(subset, "bleu");
        assert_eq!(rows.len(), 1002);
        let differing = rows.iter().filter(|(t, c)| Confusion::at_threshold(&scores, &labels, *t) != *c).count();
        println!("{subset}: BLEU counts differ at {differing} of {} thresholds", rows.len());
        assert_eq!(differing, 0);
    }
}

#[test]
#[ignore = "needs AFCHECK_GTED"]
fn gted_agrees_with_people_as_published() {
    for subset in ["minif2f", "proofnet"] {
        let pairs = pairs(subset);
        let labels: Vec<bool> = pairs.iter().map(|p| p.same).collect();
        let scores: Vec<f64> = pairs.iter().map(|p| gted(&p.standard_gold, &p.standard_prediction)).collect();
        println!("{subset}, {} items: precision / recall / accuracy / kappa", pairs.len());
        let (threshold, theirs) = published(subset, "gted")[0];
        line(&format!("GTED as published, at {threshold}"), &theirs);
        line(&format!("GTED, at {threshold}"), &Confusion::at_threshold(&scores, &labels, threshold));
        let best = (0..=1000).map(|i| f64::from(i) * 0.001).max_by(|s, t| {
            let kappa = |t: f64| Confusion::at_threshold(&scores, &labels, t).kappa().unwrap_or(0.0);
            kappa(*s).total_cmp(&kappa(*t))
        });
        let best = best.expect("there are thresholds");
        let tuned = Confusion::at_threshold(&scores, &labels, best);
        line(&format!("GTED, tuned on these items, at {best:.3}"), &tuned);
        let as_written: Vec<f64> = pairs.iter().map(|p| gted(&p.gold, &p.prediction)).collect();
        let best = best_threshold(&as_written, &labels).expect("both labels occur");
        line(
            &format!("GTED of the texts as written, tuned, at {best:.3}"),
            &Confusion::at_threshold(&as_written, &labels, best),
        );
        let bleu: Vec<f64> = pairs.iter().map(|p| sentence_bleu(&p.gold, &p.prediction)).collect();
        let with_chrf: Vec<f64> = pairs.iter().map(|p| chrf(&p.gold, &p.prediction)).collect();
        let with_edit: Vec<f64> = pairs.iter().map(|p| edit_similarity(&p.gold, &p.prediction)).collect();
        let of_tokens =
            |p: &Pair| sequence_similarity(&lean_tokens(&p.standard_gold), &lean_tokens(&p.standard_prediction));
        let with_tokens: Vec<f64> = pairs.iter().map(of_tokens).collect();
        for (name, scores) in [
            ("GTED", &scores),
            ("BLEU", &bleu),
            ("chrF", &with_chrf),
            ("edit", &with_edit),
            ("token edit", &with_tokens),
        ] {
            let honest = cross_validated(scores, &labels, 10, 1).expect("both labels occur");
            line(&format!("{name}, 10-fold cross-validated"), &honest.confusion);
            let label_ranks: Vec<f64> = labels.iter().map(|l| f64::from(u8::from(*l))).collect();
            println!("    Spearman with the label: {:.3}", spearman(scores, &label_ranks).unwrap_or(f64::NAN));
        }
        if std::env::var_os("AFCHECK_GTED_SCORES").is_some() {
            for (score, pair) in scores.iter().zip(&pairs) {
                println!("{subset}\t{score:.4}\t{}\t{}\t{}", pair.same, pair.standard_gold, pair.standard_prediction);
            }
        }
        let difference = tuned.kappa().unwrap_or(0.0) - theirs.kappa().unwrap_or(0.0);
        println!("  kappa - published kappa, both tuned: {difference:+.3}");
    }
}

/// All text metrics of 1,000 predictions against their references, and self-consistency in groups of 10.
#[test]
#[ignore = "needs AFCHECK_GTED"]
fn a_thousand_predictions_take_well_under_five_seconds() {
    let pairs: Vec<Pair> = ["minif2f", "proofnet"].into_iter().flat_map(pairs).collect();
    let thousand: Vec<&Pair> = pairs.iter().cycle().take(1000).collect();
    let begin = Instant::now();
    let time = |name: &str, metric: &dyn Fn(&Pair) -> f64| {
        let start = Instant::now();
        let sum: f64 = thousand.iter().map(|p| metric(p)).sum();
        println!("{name}: {:.1} ms, mean {:.4}", start.elapsed().as_secs_f64() * 1000.0, sum / 1000.0);
    };
    time("BLEU", &|p| sentence_bleu(&p.gold, &p.prediction));
    time("chrF", &|p| chrf(&p.gold, &p.prediction));
    time("edit similarity", &|p| edit_similarity(&p.gold, &p.prediction));
    time("token edit similarity", &|p| sequence_similarity(&lean_tokens(&p.gold), &lean_tokens(&p.prediction)));
    time("exact match", &|p| f64::from(u8::from(exact_match(&p.gold, &p.prediction))));
    time("GTED", &|p| gted(&p.gold, &p.prediction));
    let start = Instant::now();
    for group in thousand.chunks(10) {
        let samples: Vec<Option<&str>> = group.iter().map(|p| Some(p.prediction.as_str())).collect();
        assert!(self_consistent(&samples).is_some());
    }
    println!("self-consistency, 100 groups of 10: {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    let sizes = pairs.iter().map(|p| OperatorTree::of(&p.gold).size());
    println!("largest tree: {} nodes", sizes.max().unwrap_or(0));
    println!("all: {:.1} ms", begin.elapsed().as_secs_f64() * 1000.0);
    assert!(begin.elapsed().as_secs_f64() < 5.0);
}
