//! The laws of drawn conditions. Owns its samples only; words stand for tokens.

use super::*;
use std::collections::{HashMap, HashSet};

fn data(condition: &str) -> Data {
    Data::read(&condition.parse().expect(condition), &Reading::default()).expect(condition)
}

fn drawing(budget: u64) -> Drawing {
    Drawing { seed: 1, budget: Some(budget), context: None, too_long: TooLong::Cut }
}

fn draw(condition: &str, drawing: &Drawing) -> Drawn {
    data(condition).draw(&Words::default(), drawing).expect(condition)
}

const CONDITIONS: [&str; 6] = [
    "aligned:afcore:dev",
    "unpaired/16:afcore:dev",
    "formal:afcore:dev",
    "informal:afcore:dev",
    "lean-docs:afcore:library",
    "0.7*aligned:afcore:dev+0.3*lean:afcore:library",
];

#[test]
fn every_condition_has_exactly_its_budget() {
    for condition in CONDITIONS {
        let data = data(condition);
        for budget in (2..150).chain([997, 9_999, 20_000]) {
            let Drawn { examples, report } = data.draw(&Words::default(), &drawing(budget)).expect(condition);
            let tokens: usize = examples.iter().map(Example::tokens).sum();
            assert_eq!((tokens as u64, report.tokens), (budget, budget), "{condition}");
            assert!(examples.iter().all(|e| !e.prompt.is_empty() && !e.target.is_empty()), "{condition} {budget}");
            let targets: usize = examples.iter().map(|e| e.target.len()).sum();
            assert_eq!((report.target_tokens, report.examples), (targets as u64, examples.len()));
            assert_eq!(report.longest, examples.iter().map(Example::tokens).max().unwrap_or_default());
        }
    }
}

#[test]
fn only_the_last_example_is_cut() {
    for condition in CONDITIONS {
        let Drawn { examples, .. } = draw(condition, &drawing(5_000));
        let (last, others) = examples.split_last().expect("examples");
        assert!(others.iter().all(|e| e.target.last() == Some(&Words::default().end())), "{condition}");
        assert!(last.tokens() >= 2);
    }
}

#[test]
fn a_seed_gives_one_order() {
    for condition in CONDITIONS {
        let of = |seed| draw(condition, &Drawing { seed, ..drawing(4_000) });
        assert_eq!(of(3), of(3), "{condition}");
        assert_ne!(of(3).report.sha256, of(4).report.sha256, "{condition}");
        // A longer view begins like a shorter one.
        let (short, long) = (of(3).examples, draw(condition, &Drawing { seed: 3, ..drawing(6_000) }).examples);
        assert_eq!(short[..short.len() - 2], long[..short.len() - 2], "{condition}");
    }
}

#[test]
fn without_a_budget_every_text_comes_once() {
    for condition in ["aligned:afcore:dev", "informal:afcore:train", "lean:afcore:library"] {
        let Drawn { examples, report } = draw(condition, &Drawing { budget: None, ..drawing(0) });
        let ids: HashSet<&str> = examples.iter().map(|e| e.id.as_str()).collect();
        let pool = &report.pools[0];
        assert_eq!((examples.len(), ids.len(), pool.epochs()), (pool.documents, pool.documents, 1.0), "{condition}");
    }
    // Of several pools the first that is used up ends the view.
    let mixed = draw("1*formal:afcore:dev+1*formal:afcore:train", &Drawing { budget: None, ..drawing(0) });
    let epochs: Vec<f64> = mixed.report.pools.iter().map(PoolReport::epochs).collect();
    assert!((0.95..1.05).contains(&epochs[0]) && epochs[1] < 0.1, "{epochs:?}");
}

#[test]
fn epochs_are_shuffled_anew_and_told() {
    let Drawn { examples, report } = draw("formal:afcore:dev", &drawing(12_000));
    let documents = report.pools[0].documents;
    assert!(report.pools[0].epochs() > 2.0, "{report}");
    let epoch = |n: usize| examples[n * documents..(n + 1) * documents].iter().map(|e| &e.id).collect::<Vec<_>>();
    assert_ne!(epoch(0), epoch(1));
    assert_eq!(epoch(0).into_iter().collect::<HashSet<_>>(), epoch(1).into_iter().collect());
}

#[test]
fn the_sides_of_a_problem_are_a_window_apart() {
    let data = data("unpaired/64:afcore:train");
    let statements: HashMap<&str, &str> =
        data.parts[0].pools[0].documents.iter().map(|d| (d.id.as_str(), d.statement.as_str())).collect();
    let words = Words::default();
    // More than one epoch of each side, so that the seam between two is in it.
    let Drawn { examples, report } = data.draw(&words, &drawing(500_000)).expect("drawn");
    assert!(report.pools.iter().all(|pool| pool.epochs() > 1.0), "{report}");
    let mut last: HashMap<(&str, bool), usize> = HashMap::new();
    let mut closest = usize::MAX;
    for (at, example) in examples.iter().enumerate() {
        let is_formal = words.decode(&example.target).starts_with("theorem");
        let statement = statements[example.id.as_str()];
        if let Some(other) = last.get(&(statement, !is_formal)) {
            closest = closest.min(at - other);
        }
        last.insert((statement, is_formal), at);
    }
    assert!((64..200).contains(&closest), "{closest}");
    assert_eq!(report.window, Some(64));
    for pool in &report.pools {
        assert!((pool.tokens as f64 / report.tokens as f64 - 0.5).abs() < 0.001, "{report}");
    }
}

#[test]
fn a_window_that_cannot_be_kept_is_an_error() {
    let error =
        |condition: &str| data(condition).draw(&Words::default(), &drawing(30_000)).err().map(|e| e.to_string());
    for window in [200, 1_000_000] {
        let error = error(&format!("unpaired/{window}:afcore:dev")).expect("impossible");
        assert!(error.contains(&format!("cannot keep a window of {window} examples: with 74 texts")), "{error}");
    }
    assert_eq!(error("unpaired/32:afcore:dev"), None);
}

#[test]
fn a_mixture_has_its_shares_throughout() {
    let condition = "3*aligned:afcore:train+1*lean:afcore:library";
    let Drawn { examples, report } = draw(condition, &drawing(40_000));
    let shares: Vec<f64> = report.pools.iter().map(|pool| pool.tokens as f64 / report.tokens as f64).collect();
    assert!((shares[0] - 0.75).abs() < 0.005 && (shares[1] - 0.25).abs() < 0.005, "{shares:?}");
    let is_library = |e: &&Example| e.id.starts_with("AfCore");
    let count = |part: &[Example]| part.iter().filter(is_library).map(Example::tokens).sum::<usize>();
    let half = count(&examples[..examples.len() / 2]) as f64 / count(&examples) as f64;
    assert!((0.4..0.6).contains(&half), "{half}");
    let longest = report.longest as u64;
    assert!(report.pools.iter().all(|p| (p.tokens as f64 - p.share * 40_000.0).abs() <= longest as f64), "{report}");
}

#[test]
fn long_examples_are_cut_or_left_out() {
    let with = |too_long| Drawing { context: Some(30), too_long, ..drawing(8_000) };
    let cut = draw("formal:afcore:dev", &with(TooLong::Cut));
    let kept = draw("formal:afcore:dev", &with(TooLong::LeaveOut));
    let (cut_pool, kept_pool) = (&cut.report.pools[0], &kept.report.pools[0]);
    assert!(cut_pool.cut > 0 && cut_pool.left_out == 0 && cut.report.longest == 30, "{}", cut.report);
    assert!(kept_pool.cut == 0 && kept_pool.left_out > 0 && kept.report.longest <= 30, "{}", kept.report);
    assert_eq!((cut.report.tokens, kept.report.tokens), (8_000, 8_000));
    let distinct: HashSet<&str> = kept.examples.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(distinct.len() as u64 + kept_pool.left_out, kept_pool.documents as u64);
}

#[test]
fn what_holds_no_example_is_an_error() {
    let error = |condition: &str, drawing: Drawing| {
        data(condition).draw(&Words::default(), &drawing).map(|drawn| drawn.report).expect_err(condition).to_string()
    };
    assert!(error("formal:afcore:dev", drawing(1)).contains("a budget of 1 words"));
    let narrow = Drawing { context: Some(2), ..drawing(100) };
    assert!(error("formal:afcore:dev", narrow).contains("a context of 2 words"));
    let short = Drawing { context: Some(3), too_long: TooLong::LeaveOut, ..drawing(100) };
    assert_eq!(
        error("formal:afcore:dev", short),
        "every text of formal:afcore:dev is longer than 3 words; cut them or raise the context"
    );
    assert!(error("formal:afcore:dev", Drawing { budget: None, ..short }).contains("longer than 3 words"));
}
