//! Histories as tests need them: runs that nobody ran. Owns the shortest words for rows; only tests are built with it.

use super::{Asked, Cell, Counts, History, Judged, Plan, Run, Standing, State, Texts};

/// A run of judge `j` under settings `s`.
pub fn plan() -> Plan {
    Plan {
        revision: None,
        afcheck: "0.1.0".into(),
        lean: "4.28.0".into(),
        judge: "j".into(),
        judging: "s".into(),
        inputs: "i".into(),
        by_sample: false,
    }
}

/// A verdict about the output `code` of a problem.
pub fn judged(problem: &str, code: &str, standing: Standing) -> Judged {
    Judged {
        problem: problem.into(),
        sample: 0,
        sha256: Some(code.into()),
        standing,
        stage: None,
        reason: (standing == Standing::Rejected).then(|| "unsolved_goals".into()),
        detail: format!("said of {code}"),
        heartbeats: 5,
        again: vec![],
    }
}

/// Model `m` on data set `d`, with a problem for each verdict; its statement is its name.
pub fn cell(judged: Vec<Judged>) -> Cell {
    let count = |standing| judged.iter().filter(|j| j.standing == standing).count() as u64;
    let counts = Counts {
        accepted: count(Standing::Accepted),
        rejected: count(Standing::Rejected),
        undecided: count(Standing::Undecided),
    };
    let asked =
        judged.iter().map(|j| Asked { problem: j.problem.clone(), statement: format!("statement of {}", j.problem) });
    Cell { model: "m".into(), data: "d".into(), counts, asked: asked.collect(), judged }
}

/// Adds a finished run.
pub fn finished(history: &mut History, plan: &Plan, cells: &[Cell]) -> Run {
    let run = history.begin(plan, 1_000).expect("a run begins");
    let mut texts = Texts::new();
    for judged in cells.iter().flat_map(|cell| &cell.judged) {
        texts.extend(judged.sha256.iter().map(|sha256| (sha256.clone(), format!("text of {sha256}"))));
    }
    for asked in cells.iter().flat_map(|cell| &cell.asked) {
        texts.insert(asked.statement.clone(), format!("theorem {}", asked.problem));
    }
    history.finish(run.id, 2_000, cells, &texts).expect("a run ends");
    Run { state: State::Finished, ended: Some(2_000), ..run }
}
