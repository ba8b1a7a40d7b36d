//! Choosing training texts for a target by a budget of tokens. Owns the order in which texts are taken; embeddings and measures are
//! given.

use crate::metrics::{Random, compression_distance, task_distance};
use serde::Serialize;

/// By what texts are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Groups of texts nearest to the target first (Task2Vec).
    Alignment,
    /// Groups of texts each as far as can be from those before it (Gonzalez 1985).
    Diversity,
    /// Texts that the target compresses best first (ZIP-FIT).
    Gzip,
    Random,
}

/// A group of texts with its embedding.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Places of its texts.
    pub texts: Vec<usize>,
    pub embedding: Vec<f32>,
}

/// Texts in the order in which they were taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    pub texts: Vec<usize>,
    /// Of each, what it was taken for: higher first. Of the first group of the most diverse, its mean distance to all others.
    pub scores: Vec<f64>,
    pub tokens: u64,
}

/// Groups of `size` texts in random order, the last perhaps smaller.
pub fn shards(count: usize, size: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut places: Vec<usize> = (0..count).collect();
    Random::new(seed).shuffle(&mut places);
    places.chunks(size.max(1)).map(<[usize]>::to_vec).collect()
}

/// Takes texts in the order of `by` until the next would exceed `budget`; what a text takes is in `tokens`.
///
/// `candidates` and `target` (embeddings of batches) are for alignment and diversity, `texts` with `target_texts` for gzip.
pub fn select(
    by: By,
    tokens: &[u64],
    budget: u64,
    seed: u64,
    (candidates, target): (&[Candidate], &[Vec<f32>]),
    (texts, target_texts): (&[String], &[String]),
) -> Selection {
    let ordered: Vec<(usize, f64)> = match by {
        By::Random => shards(tokens.len(), 1, seed).into_iter().flatten().map(|at| (at, 0.0)).collect(),
        By::Gzip => by_score((0..texts.len()).map(|at| (at, compressed_by(&texts[at], target_texts))).collect()),
        By::Alignment => {
            let score = |own: &Candidate| {
                1.0 - target.iter().map(|t| task_distance(&own.embedding, t)).sum::<f64>() / target.len().max(1) as f64
            };
            groups(candidates, &by_score(candidates.iter().map(score).enumerate().collect()))
        }
        By::Diversity => groups(candidates, &far_apart(candidates)),
    };
    let mut found = Selection { texts: vec![], scores: vec![], tokens: 0 };
    for (at, score) in ordered {
        if found.tokens + tokens[at] > budget {
            break;
        }
        found.tokens += tokens[at];
        found.texts.push(at);
        found.scores.push(score);
    }
    found
}

fn compressed_by(text: &str, target: &[String]) -> f64 {
    1.0 - target.iter().map(|t| compression_distance(text, t)).sum::<f64>() / target.len().max(1) as f64
}

/// Highest first, the earlier first among equals.
fn by_score(mut scored: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scored
}

fn groups(candidates: &[Candidate], order: &[(usize, f64)]) -> Vec<(usize, f64)> {
    order.iter().flat_map(|(at, score)| candidates[*at].texts.iter().map(|text| (*text, *score))).collect()
}

/// From the candidate that is farthest from all others on, always the one whose nearest chosen one is farthest. O(n^2) distances.
fn far_apart(candidates: &[Candidate]) -> Vec<(usize, f64)> {
    let distance = |a: usize, b: usize| task_distance(&candidates[a].embedding, &candidates[b].embedding);
    let count = candidates.len();
    let mean =
        |at: usize| (0..count).map(|other| distance(at, other)).sum::<f64>() / count.saturating_sub(1).max(1) as f64;
    let mut left: Vec<(usize, f64)> = (0..count).map(|at| (at, f64::INFINITY)).collect();
    let mut order = Vec::with_capacity(count);
    while !left.is_empty() {
        let next = match order.is_empty() {
            true => (0..count).max_by(|a, b| mean(*a).total_cmp(&mean(*b)).then(b.cmp(a))),
            false => (0..left.len()).max_by(|a, b| left[*a].1.total_cmp(&left[*b].1).then(b.cmp(a))),
        };
        let (chosen, near) = left.swap_remove(next.unwrap_or_default());
        order.push((chosen, if near.is_finite() { near } else { mean(chosen) }));
        left.iter_mut().for_each(|(at, near)| *near = near.min(distance(*at, chosen)));
        left.sort_by_key(|(at, _)| *at);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(texts: &[usize], embedding: &[f32]) -> Candidate {
        Candidate { texts: texts.to_vec(), embedding: embedding.to_vec() }
    }

    fn chosen(by: By, budget: u64) -> Vec<usize> {
        let candidates = [
            candidate(&[0, 1], &[1.0, 0.0, 0.0]),
            candidate(&[2, 3], &[0.9, 0.1, 0.0]),
            candidate(&[4, 5], &[0.0, 1.0, 0.1]),
            candidate(&[6], &[0.0, 0.0, 1.0]),
        ];
        let texts: Vec<String> =
            ["theorem a : 1 + 1 = 2", "theorem b : 2 + 2 = 4", "once upon a time", "there was a king"]
                .into_iter()
                .chain(["a", "b", "c"])
                .map(str::to_owned)
                .collect();
        let target = [vec![0.0, 1.0, 0.0]];
        let target_texts = ["theorem c : 1 + 1 = 2 theorem b".to_owned()];
        select(by, &[10; 7], budget, 1, (&candidates, &target), (&texts, &target_texts)).texts
    }

    #[test]
    fn each_way_takes_what_it_says() {
        assert_eq!(chosen(By::Alignment, 40), [4, 5, 2, 3]);
        assert_eq!(chosen(By::Gzip, 20), [0, 1]);
        // Near copies come last.
        let diverse = chosen(By::Diversity, 70);
        assert_eq!(diverse.len(), 7);
        let place = |text: usize| diverse.iter().position(|t| *t == text).expect("it is there");
        assert!(place(0).max(place(2)) > place(4).max(place(6)), "{diverse:?}");
        let mut random = chosen(By::Random, 70);
        random.sort_unstable();
        assert_eq!(random, [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(chosen(By::Random, 35).len(), 3);
        assert_eq!(chosen(By::Alignment, 9), [0usize; 0]);
    }

    #[test]
    fn shards_have_every_text_once() {
        let shards = shards(10, 4, 3);
        assert_eq!(shards.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2]);
        let mut all: Vec<usize> = shards.into_iter().flatten().collect();
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }
}
