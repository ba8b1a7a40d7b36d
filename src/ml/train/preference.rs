//! Direct preference optimisation (Rafailov et al. 2023): of two answers to one prompt the model is to make the better one more
//! probable, as measured against the model that training began with. Owns the loss of pairs and what each answer weighs in its
//! gradient; knows no model.

/// A batch of pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    /// Mean of `-ln sigmoid(margin)` over pairs.
    pub loss: f64,
    /// Share of pairs whose margin is above zero.
    pub preferred: f64,
    /// The derivative of the loss by the nats of each answer.
    pub weights: Vec<f32>,
}

/// Pairs by the nats (negative log-likelihoods) of their answers, chosen and rejected in turn, under the model and under the
/// reference. A pair's margin is `beta` times how much further than the reference the model tells them apart, in nats.
///
/// # Panics
/// If there is no pair, or an answer without its other or its reference.
pub fn weigh(nats: &[f64], reference: &[f64], beta: f64) -> Weighed {
    assert!(!nats.is_empty() && nats.len().is_multiple_of(2), "answers come in pairs");
    assert_eq!(nats.len(), reference.len(), "every answer has a reference");
    let pairs = (nats.len() / 2) as f64;
    let (mut loss, mut preferred, mut weights) = (0.0, 0.0, Vec::with_capacity(nats.len()));
    for (own, reference) in nats.chunks_exact(2).zip(reference.chunks_exact(2)) {
        let margin = beta * ((reference[0] - own[0]) - (reference[1] - own[1]));
        // `ln(1 + exp(-margin))`, without overflow.
        loss += (-margin).max(0.0) + (-margin.abs()).exp().ln_1p();
        preferred += f64::from(u8::from(margin > 0.0));
        let weight = (beta / (1.0 + margin.exp()) / pairs) as f32;
        weights.extend([weight, -weight]);
    }
    Weighed { loss: loss / pairs, preferred: preferred / pairs, weights }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_is_its_reference_is_undecided() {
        let nats = [10.0, 20.0, 7.0, 3.0];
        let found = weigh(&nats, &nats, 0.1);
        assert!((found.loss - std::f64::consts::LN_2).abs() < 1e-12);
        assert_eq!((found.preferred, found.weights), (0.0, vec![0.025, -0.025, 0.025, -0.025]));
    }

    #[test]
    fn weights_are_the_derivatives_of_the_loss() {
        let (nats, reference) = ([10.0, 20.0, 7.0, 3.0, 1.0, 900.0], [12.0, 15.0, 5.0, 30.0, 900.0, 1.0]);
        let found = weigh(&nats, &reference, 0.2);
        let step = 1e-4;
        for at in 0..nats.len() {
            let loss = |change: f64| {
                let mut nats = nats;
                nats[at] += change;
                weigh(&nats, &reference, 0.2).loss
            };
            let slope = (loss(step) - loss(-step)) / (2.0 * step);
            assert!((slope - f64::from(found.weights[at])).abs() < 1e-6, "{at}: {slope} for {}", found.weights[at]);
        }
        // Of the three, the second alone tells its answers less apart than its reference did.
        assert!((found.preferred - 2.0 / 3.0).abs() < 1e-12 && found.loss.is_finite());
    }
}
