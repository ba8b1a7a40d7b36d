//! The choice of in-context examples for a problem. Owns the strategies that need no model, and the rule that a problem
//! is never an example of itself.

use super::bm25::Index;
use crate::domain::Problem;
use crate::metrics::Random;

/// How examples are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// At random, for every problem anew.
    Random,
    /// Those whose informal statements are most alike by BM25, the most alike last, next to the question.
    Bm25,
    /// At random among those of the same concept, then among all.
    Concept,
}

/// Problems that may be examples.
pub struct Pool<'a> {
    problems: &'a [Problem],
    index: Index,
}

/// True if `example` would tell the answer of `problem`: the same id, informal or formal statement, white space aside.
pub fn leaks(example: &Problem, problem: &Problem) -> bool {
    let same = |a: &str, b: &str| a.split_whitespace().eq(b.split_whitespace());
    let informal = match (&example.informal, &problem.informal) {
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    };
    example.id == problem.id || informal || same(&example.formal, &problem.formal)
}

impl<'a> Pool<'a> {
    /// A pool of problems with informal statements; others are left out by the caller.
    pub fn new(problems: &'a [Problem]) -> Self {
        let index = Index::new(problems.iter().map(|p| p.informal.as_deref().unwrap_or_default()));
        Pool { problems, index }
    }

    /// So many examples for `problem`, fewer if there are no more. The choice depends on the seed and the problem's id
    /// alone, not on what was asked before.
    pub fn choose(&self, strategy: Strategy, problem: &Problem, count: usize, seed: u64) -> Vec<&'a Problem> {
        let mut random = Random::new(seed ^ hash(&problem.id));
        let mut places: Vec<usize> = (0..self.problems.len()).collect();
        random.shuffle(&mut places);
        match strategy {
            Strategy::Random => {}
            Strategy::Concept => {
                let concept = &problem.groups.concept;
                places.sort_by_key(|at| concept.is_none() || self.problems[*at].groups.concept != *concept);
            }
            Strategy::Bm25 => {
                let scores = self.index.scores(problem.informal.as_deref().unwrap_or_default());
                places.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
            }
        }
        let mut chosen: Vec<&Problem> = Vec::new();
        for at in places {
            let example = &self.problems[at];
            // Two texts of one statement are one example.
            if chosen.len() < count && !leaks(example, problem) && !chosen.iter().any(|c| leaks(c, example)) {
                chosen.push(example);
            }
        }
        chosen.reverse();
        chosen
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Groups;

    fn pool() -> Vec<Problem> {
        let of = |(i, (concept, informal)): (usize, (&str, &str))| Problem {
            id: format!("p{i}"),
            informal: Some(informal.into()),
            formal: format!("theorem p{i} : {i} = {i} := sorry"),
            groups: Groups { concept: Some(concept.into()), ..Groups::default() },
            ..Problem::default()
        };
        let texts = [
            ("groups", "Every group of prime order is cyclic."),
            ("groups", "A subgroup of an abelian group is normal."),
            ("primes", "There are infinitely many primes."),
            ("primes", "If $p$ is a prime and $p > 2$ then $p$ is odd."),
            ("lists", "Reversing a list twice gives the list."),
        ];
        texts.into_iter().enumerate().map(of).collect()
    }

    fn ids(chosen: &[&Problem]) -> Vec<String> {
        chosen.iter().map(|p| p.id.clone()).collect()
    }

    #[test]
    fn a_problem_is_no_example_of_itself() {
        let problems = pool();
        let pool = Pool::new(&problems);
        for strategy in [Strategy::Random, Strategy::Bm25, Strategy::Concept] {
            let renamed = Problem { id: "other".into(), ..problems[0].clone() };
            for problem in [&problems[0], &renamed] {
                let chosen = pool.choose(strategy, problem, 9, 1);
                assert_eq!(chosen.len(), 4);
                assert!(chosen.iter().all(|p| p.id != "p0"), "{:?}", ids(&chosen));
            }
        }
    }

    #[test]
    fn likeness_and_concept_are_heeded_and_seeds_reproduce() {
        let problems = pool();
        let pool = Pool::new(&problems);
        let asked = Problem {
            id: "q".into(),
            informal: Some("A group of prime order has no proper subgroup.".into()),
            groups: Groups { concept: Some("primes".into()), ..Groups::default() },
            ..Problem::default()
        };
        assert_eq!(ids(&pool.choose(Strategy::Bm25, &asked, 2, 1)), ["p1", "p0"], "the most alike last");
        let mut chosen = ids(&pool.choose(Strategy::Concept, &asked, 2, 1));
        chosen.sort();
        assert_eq!(chosen, ["p2", "p3"]);
        let random = |seed| ids(&pool.choose(Strategy::Random, &asked, 3, seed));
        assert_eq!(random(5), random(5));
        assert!((0..20).any(|seed| random(seed) != random(5)));
    }
}
