//! Okapi BM25 over short texts (Robertson and Zaragoza 2009, equation 3.15), with k1 = 1.2 and b = 0.75.

use std::collections::HashMap;

const K1: f64 = 1.2;
const B: f64 = 0.75;

/// Texts that can be searched.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Of each text, how often each word occurs.
    counts: Vec<HashMap<String, u32>>,
    /// In how many texts each word occurs.
    texts_with: HashMap<String, u32>,
    mean_length: f64,
}

/// Words and numbers in lower case; each other sign that is no white space is a word of its own.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for c in text.chars() {
        let is_word = c.is_alphanumeric() || c == '_';
        match words.last_mut() {
            Some(last) if is_word && is_open => last.extend(c.to_lowercase()),
            _ if !c.is_whitespace() => words.push(c.to_lowercase().collect()),
            _ => {}
        }
        is_open = is_word;
    }
    words
}

impl Index {
    /// An index of these texts.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Index {
        let mut index = Index::default();
        let mut length = 0;
        for text in texts {
            let mut counts = HashMap::new();
            for word in words(text) {
                *counts.entry(word).or_insert(0) += 1;
                length += 1;
            }
            counts.keys().for_each(|word| *index.texts_with.entry(word.clone()).or_insert(0) += 1);
            index.counts.push(counts);
        }
        index.mean_length = f64::from(length) / index.counts.len().max(1) as f64;
        index
    }

    /// The score of every text for `query`, as a share of what `query` scores for itself: comparable between queries.
    pub fn likeness(&self, query: &str) -> Vec<f64> {
        let words = words(query);
        let mut counts = HashMap::new();
        words.iter().for_each(|word| *counts.entry(word.clone()).or_insert(0) += 1);
        let own = self.score(&words, &counts);
        self.counts.iter().map(|counts| if own > 0.0 { self.score(&words, counts) / own } else { 0.0 }).collect()
    }

    #[cfg(test)]
    fn scores(&self, query: &str) -> Vec<f64> {
        let query = words(query);
        self.counts.iter().map(|counts| self.score(&query, counts)).collect()
    }

    fn score(&self, query: &[String], counts: &HashMap<String, u32>) -> f64 {
        let total = self.counts.len() as f64;
        let length: u32 = counts.values().sum();
        let norm = K1 * (1.0 - B + B * f64::from(length) / self.mean_length.max(1.0));
        let of_word = |word: &String| {
            let count = f64::from(counts.get(word).copied().unwrap_or(0));
            let with = f64::from(self.texts_with.get(word).copied().unwrap_or(0));
            let rarity = ((total - with + 0.5) / (with + 0.5)).ln_1p();
            rarity * count * (K1 + 1.0) / (count + norm)
        };
        query.iter().map(of_word).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_in_common_count_most() {
        let index = Index::new([
            "Let n be a prime number.",
            "Let n be an even number.",
            "Let G be a group of prime order.",
            "Let n be a number and m a number.",
        ]);
        let scores = index.scores("every group of PRIME order is cyclic");
        let best = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(i, _)| i);
        assert_eq!(best, Some(2));
        assert!(scores[0] > scores[1] && scores[1] >= 0.0, "{scores:?}");
    }

    #[test]
    fn a_score_by_hand() {
        // Two texts of two words; "a" in one of them, once: ln(1 + 1.5/1.5) * 2.2 / (1 + 1.2).
        let index = Index::new(["a b", "b c"]);
        assert!((index.scores("a")[0] - 2f64.ln()).abs() < 1e-12);
        assert_eq!(index.scores("a")[1], 0.0);
        let alike = index.likeness("a b");
        assert!((alike[0] - 1.0).abs() < 1e-12 && alike[1] > 0.0 && alike[1] < 0.5, "{alike:?}");
        assert_eq!(index.likeness("?"), [0.0, 0.0]);
        assert_eq!(words("$x^2$ is EVEN"), ["$", "x", "^", "2", "$", "is", "even"]);
    }
}
