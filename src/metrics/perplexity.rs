//! Mean cross entropy and perplexity. Owns the means; must not know models or tokens.

/// Cross entropy of one example's gold tokens: the prompt's are masked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExampleLoss {
    /// Sum over the tokens, in nats.
    pub nats: f64,
    /// Number of tokens.
    pub tokens: u64,
}

/// Mean loss of a data set in nats per token, in both usual senses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanLoss {
    /// Mean over the examples of each one's mean over its tokens: every example weighs the same.
    pub example_mean: f64,
    /// Mean over all tokens: every token weighs the same.
    pub corpus_mean: f64,
}

impl MeanLoss {
    /// Means over examples. `None` without examples or if one has no tokens: its mean is not defined.
    pub fn of(examples: &[ExampleLoss]) -> Option<MeanLoss> {
        if examples.is_empty() || examples.iter().any(|e| e.tokens == 0) {
            return None;
        }
        let example_sum: f64 = examples.iter().map(|e| e.nats / e.tokens as f64).sum();
        let nats: f64 = examples.iter().map(|e| e.nats).sum();
        let tokens: u64 = examples.iter().map(|e| e.tokens).sum();
        Some(MeanLoss { example_mean: example_sum / examples.len() as f64, corpus_mean: nats / tokens as f64 })
    }
}

/// `exp(loss)` for a loss in nats per token (Jelinek et al. 1977).
pub fn perplexity(loss: f64) -> f64 {
    loss.exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_and_tokens_weigh_differently() {
        let examples = [ExampleLoss { nats: 2.0, tokens: 1 }, ExampleLoss { nats: 3.0, tokens: 3 }];
        assert_eq!(MeanLoss::of(&examples), Some(MeanLoss { example_mean: 1.5, corpus_mean: 1.25 }));
        assert_eq!(MeanLoss::of(&[]), None);
        assert_eq!(MeanLoss::of(&[ExampleLoss { nats: 0.0, tokens: 0 }]), None);
    }

    #[test]
    fn a_uniform_guess_among_n_has_perplexity_n() {
        assert!((perplexity(f64::ln(50_257.0)) - 50_257.0).abs() < 1e-6);
    }
}
