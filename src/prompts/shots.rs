//! The choice of in-context examples for a problem. Owns the strategies, and the rule that a problem is never an example
//! of itself. Vectors come from outside: no model runs here.

use super::bm25::Index;
use crate::domain::Problem;
use crate::metrics::{Random, task_distance};

/// How examples are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// At random, for every problem anew.
    Random,
    /// Those whose informal statements are most alike by BM25.
    Bm25,
    /// Those whose informal statements have the most alike vectors (cosine).
    Embedding,
    /// Those whose informal statements have the nearest task embeddings (Task2Vec), which come as vectors too.
    Task2vec,
    /// At random among those of the same concept, then among all.
    Concept,
}

impl Strategy {
    /// Its name on the command line and in results.
    pub fn as_str(self) -> &'static str {
        match self {
            Strategy::Random => "random",
            Strategy::Bm25 => "bm25",
            Strategy::Embedding => "embedding",
            Strategy::Task2vec => "task2vec",
            Strategy::Concept => "concept",
        }
    }

    /// True if it ranks examples by how alike they are to the problem.
    pub fn is_by_likeness(self) -> bool {
        self == Strategy::Bm25 || self.needs_vectors()
    }

    /// True if it compares vectors of the informal statements.
    pub fn needs_vectors(self) -> bool {
        matches!(self, Strategy::Embedding | Strategy::Task2vec)
    }
}

/// What is chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    pub strategy: Strategy,
    pub count: usize,
    /// Of strategies by likeness: how much being unlike the examples chosen before counts against being like the problem,
    /// from 0 to 1. Maximal marginal relevance with lambda one minus this (Carbonell and Goldstein 1998).
    pub diversity: f64,
    pub seed: u64,
}

/// Problems that may be examples.
pub struct Pool<'a> {
    problems: &'a [Problem],
    index: Index,
    /// Of each problem the vector of its informal statement, if there are any.
    vectors: Vec<Vec<f32>>,
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
        Pool { problems, index, vectors: vec![] }
    }

    /// The same pool with a vector for each problem.
    ///
    /// # Panics
    /// If there are not as many vectors as problems.
    pub fn with_vectors(self, vectors: Vec<Vec<f32>>) -> Self {
        assert_eq!(vectors.len(), self.problems.len(), "a vector for each problem");
        Pool { vectors, ..self }
    }

    /// Examples for `problem`, fewer if there are not enough; the most alike last, next to the question. `vector` is the
    /// problem's, for strategies that need vectors. The choice depends on the seed and the problem alone, not on what was asked
    /// before.
    pub fn choose(&self, choice: &Choice, problem: &Problem, vector: Option<&[f32]>) -> Vec<&'a Problem> {
        let mut random = Random::new(choice.seed ^ hash(&problem.id));
        let mut places: Vec<usize> = (0..self.problems.len()).collect();
        random.shuffle(&mut places);
        // Two texts of one statement are one example.
        let is_new = |at: usize, chosen: &[usize]| {
            let example = &self.problems[at];
            !leaks(example, problem) && !chosen.iter().any(|c| leaks(&self.problems[*c], example))
        };
        let mut chosen: Vec<usize> = Vec::new();
        let likeness = match choice.strategy {
            Strategy::Random => None,
            Strategy::Concept => {
                let concept = &problem.groups.concept;
                places.sort_by_key(|at| concept.is_none() || self.problems[*at].groups.concept != *concept);
                None
            }
            Strategy::Bm25 => Some(self.index.likeness(problem.informal.as_deref().unwrap_or_default())),
            Strategy::Embedding | Strategy::Task2vec => vector.map(|vector| self.near(choice.strategy, vector)),
        };
        let Some(likeness) = likeness else {
            for at in places {
                if chosen.len() < choice.count && is_new(at, &chosen) {
                    chosen.push(at);
                }
            }
            return chosen.into_iter().rev().map(|at| &self.problems[at]).collect();
        };
        places.sort_unstable();
        // How alike each is to the nearest of those chosen.
        let mut nearest = vec![0.0; self.problems.len()];
        while chosen.len() < choice.count {
            let marginal = |at: usize| (1.0 - choice.diversity) * likeness[at] - choice.diversity * nearest[at];
            let candidates = places.iter().copied().filter(|at| is_new(*at, &chosen));
            let best = candidates.max_by(|a, b| marginal(*a).total_cmp(&marginal(*b)).then(b.cmp(a)));
            let Some(best) = best else { break };
            chosen.push(best);
            if choice.diversity > 0.0 {
                let own = match choice.strategy.needs_vectors() {
                    true => self.near(choice.strategy, &self.vectors[best]),
                    false => self.index.likeness(self.problems[best].informal.as_deref().unwrap_or_default()),
                };
                nearest.iter_mut().zip(own).for_each(|(nearest, own)| *nearest = own.max(*nearest));
            }
        }
        // The last chosen of a diverse choice is the most unlike: order by likeness, not by turn.
        chosen.sort_by(|a, b| likeness[*a].total_cmp(&likeness[*b]).then(b.cmp(a)));
        chosen.into_iter().map(|at| &self.problems[at]).collect()
    }

    /// How near each problem's vector is to this one.
    fn near(&self, strategy: Strategy, vector: &[f32]) -> Vec<f64> {
        let near = |other: &Vec<f32>| match strategy {
            Strategy::Task2vec => 1.0 - task_distance(other, vector),
            _ => cosine(other, vector),
        };
        self.vectors.iter().map(near).collect()
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let norms = dot(a, a).sqrt() * dot(b, b).sqrt();
    if norms > 0.0 { dot(a, b) / norms } else { 0.0 }
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

    fn choice(strategy: Strategy, count: usize, seed: u64) -> Choice {
        Choice { strategy, count, diversity: 0.0, seed }
    }

    #[test]
    fn a_problem_is_no_example_of_itself() {
        let problems = pool();
        let vectors = (0..5).map(|i| vec![1.0, i as f32]).collect();
        let pool = Pool::new(&problems).with_vectors(vectors);
        for strategy in [Strategy::Random, Strategy::Bm25, Strategy::Embedding, Strategy::Task2vec, Strategy::Concept] {
            let renamed = Problem { id: "other".into(), ..problems[0].clone() };
            for problem in [&problems[0], &renamed] {
                for diversity in [0.0, 0.7] {
                    let choice = Choice { diversity, ..choice(strategy, 9, 1) };
                    let chosen = pool.choose(&choice, problem, Some(&[1.0, 0.0]));
                    assert_eq!(chosen.len(), 4);
                    assert!(chosen.iter().all(|p| p.id != "p0"), "{:?}", ids(&chosen));
                }
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
        let found = pool.choose(&choice(Strategy::Bm25, 2, 1), &asked, None);
        assert_eq!(ids(&found), ["p1", "p0"], "the most alike last");
        let mut chosen = ids(&pool.choose(&choice(Strategy::Concept, 2, 1), &asked, None));
        chosen.sort();
        assert_eq!(chosen, ["p2", "p3"]);
        let random = |seed| ids(&pool.choose(&choice(Strategy::Random, 3, seed), &asked, None));
        assert_eq!(random(5), random(5));
        assert!((0..20).any(|seed| random(seed) != random(5)));
    }

    #[test]
    fn diversity_trades_likeness_for_difference() {
        let problems = pool();
        // p0 and p1 point almost the same way, p2 another, p3 and p4 away from the question.
        let vectors = [[1.0, 0.0], [0.99, 0.1], [0.6, -0.8], [-1.0, 0.2], [-1.0, 0.1]];
        let pool = Pool::new(&problems).with_vectors(vectors.map(Vec::from).into());
        let asked = Problem { id: "q".into(), ..Problem::default() };
        let chosen = |diversity| {
            let choice = Choice { diversity, ..choice(Strategy::Embedding, 2, 1) };
            ids(&pool.choose(&choice, &asked, Some(&[1.0, 0.05])))
        };
        assert_eq!(chosen(0.0), ["p1", "p0"]);
        assert_eq!(chosen(0.7), ["p2", "p0"]);
    }
}
