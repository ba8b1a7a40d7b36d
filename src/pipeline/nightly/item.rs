//! Items: what rates and comparisons count. Owns how the samples of a problem make one item, and when an item is flaky.

use crate::store::history::{Cell, Counts, Judged, Run, Standing, Unsteady};
use std::collections::{HashMap, HashSet};

/// A problem with all of its samples, or one sample of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The problem's id; of a sample followed by its number.
    pub name: String,
    /// A hash of the problem's header and formal statement.
    pub statement: String,
    /// Accepted if any sample is; else undecided if any sample is; else rejected.
    pub standing: Standing,
    /// The verdict would be another if an unsteady verdict of one of its samples were.
    pub is_flaky: bool,
    /// The sample that decided.
    pub by: Judged,
    /// How many samples there are, and how many of them were accepted.
    pub samples: u64,
    pub accepted: u64,
}

impl Item {
    /// `rejected: unsolved_goals`, for people.
    pub fn said(&self) -> String {
        match &self.by.reason {
            Some(reason) => format!("{}: {reason}", self.standing.as_str()),
            None => self.standing.as_str().to_owned(),
        }
    }
}

/// The items of a cell, in the order of the problems.
pub fn items(cell: &Cell, by_sample: bool, is_unsteady: &dyn Fn(&Judged) -> bool) -> Vec<Item> {
    let mut samples: HashMap<&str, Vec<&Judged>> = HashMap::new();
    for judged in &cell.judged {
        samples.entry(&judged.problem).or_default().push(judged);
    }
    let mut items = Vec::new();
    for asked in &cell.asked {
        let Some(of_problem) = samples.get_mut(asked.problem.as_str()) else { continue };
        of_problem.sort_by_key(|judged| judged.sample);
        let groups: Vec<(String, Vec<&Judged>)> = match by_sample {
            false => vec![(asked.problem.clone(), of_problem.clone())],
            true => of_problem.iter().map(|j| (format!("{} #{}", j.problem, j.sample), vec![*j])).collect(),
        };
        items.extend(groups.into_iter().filter_map(|(name, group)| item(name, &asked.statement, &group, is_unsteady)));
    }
    items
}

/// The items of a cell of a run, with what the history knows of unsteady verdicts.
pub(super) fn items_of(cell: &Cell, by_sample: bool, run: &Run, unsteady: &Unsteady) -> Vec<Item> {
    items(cell, by_sample, &|judged| judged.sha256.as_ref().is_some_and(|sha256| unsteady.has(run, sha256)))
}

fn item(name: String, statement: &str, group: &[&Judged], is_unsteady: &dyn Fn(&Judged) -> bool) -> Option<Item> {
    let first = |standing| group.iter().find(|judged| judged.standing == standing).copied();
    let order = [Standing::Accepted, Standing::Undecided, Standing::Rejected];
    let by = order.into_iter().find_map(first)?;
    // A sample that is always accepted settles the item, whatever the others do.
    let is_settled = group.iter().any(|j| j.standing == Standing::Accepted && !is_unsteady(j));
    let is_flaky = !is_settled && group.iter().any(|judged| is_unsteady(judged));
    let accepted = group.iter().filter(|judged| judged.standing == Standing::Accepted).count() as u64;
    let (statement, samples) = (statement.to_owned(), group.len() as u64);
    Some(Item { name, statement, standing: by.standing, is_flaky, by: by.clone(), samples, accepted })
}

/// How many items of a cell came out how.
pub fn counts(cell: &Cell, by_sample: bool) -> Counts {
    let mut counts = Counts::default();
    for item in items(cell, by_sample, &|_| false) {
        *match item.standing {
            Standing::Accepted => &mut counts.accepted,
            Standing::Rejected => &mut counts.rejected,
            Standing::Undecided => &mut counts.undecided,
        } += 1;
    }
    counts
}

/// Names that occur in `a` and not in `b`.
pub(super) fn only_in(a: &[Item], b: &[Item]) -> Vec<String> {
    let known: HashSet<&str> = b.iter().map(|item| item.name.as_str()).collect();
    a.iter().filter(|item| !known.contains(item.name.as_str())).map(|item| item.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::history::Asked;

    fn cell(samples: &[(&str, Standing)]) -> Cell {
        let mut next = HashMap::new();
        let judged = samples.iter().map(|(problem, standing)| {
            let sample: &mut u32 = next.entry(*problem).or_default();
            *sample += 1;
            Judged {
                problem: (*problem).to_owned(),
                sample: *sample - 1,
                sha256: Some(format!("{problem}{sample}")),
                standing: *standing,
                stage: None,
                reason: (*standing != Standing::Accepted).then(|| "why".to_owned()),
                detail: String::new(),
                heartbeats: 0,
                again: vec![],
            }
        });
        let judged = judged.collect();
        let asked = ["p", "q"].map(|p| Asked { problem: p.into(), statement: format!("s{p}") }).into();
        Cell { model: "m".into(), data: "d".into(), counts: Counts::default(), asked, judged }
    }

    use Standing::{Accepted as A, Rejected as R, Undecided as U};

    #[test]
    fn one_accepted_sample_solves_a_problem_and_an_undecided_one_leaves_it_open() {
        for (samples, standing, by) in
            [(vec![R, U, A], A, 2), (vec![R, U, R], U, 1), (vec![R, R], R, 0), (vec![A], A, 0)]
        {
            let samples: Vec<_> = samples.into_iter().map(|s| ("q", s)).collect();
            let found = items(&cell(&samples), false, &|_| false);
            assert_eq!(found.len(), 1, "p was not asked anything");
            assert_eq!((found[0].standing, found[0].by.sample, found[0].name.as_str()), (standing, by, "q"));
        }
        let counted = counts(&cell(&[("p", R), ("p", A), ("q", R), ("q", U)]), false);
        assert_eq!(counted, Counts { accepted: 1, rejected: 0, undecided: 1 });
        let counted = counts(&cell(&[("p", R), ("p", A), ("q", R), ("q", U)]), true);
        assert_eq!(counted, Counts { accepted: 1, rejected: 2, undecided: 1 });
    }

    #[test]
    fn an_item_is_flaky_only_if_it_hangs_on_an_unsteady_sample() {
        let flaky = |samples: &[(&str, Standing)], unsteady: &str| {
            items(&cell(samples), false, &|j| j.sha256.as_deref() == Some(unsteady))[0].is_flaky
        };
        assert!(flaky(&[("p", A), ("p", R)], "p1"), "without it nothing is accepted");
        assert!(flaky(&[("p", R), ("p", R)], "p2"), "it was accepted once");
        assert!(!flaky(&[("p", A), ("p", R)], "p2"), "another sample is always accepted");
        assert!(!flaky(&[("p", A), ("p", R)], "q1"));
    }
}
