//! Gradients of a student of every family, under a teacher that is the same model with another adapter, against finite differences.

use super::gradients_tests::{adapt, examples};
use super::parameters::{Gradients, Parameter};
use super::{Cache, Decoder, Sequence};
use crate::ml::families_tests::on_families;
use crate::ml::loss::Example;
use crate::ml::math::divergence::{Distillation, Divergence, Taught};
use crate::ml::spec::{LayerPart, Part};

const BOTH: [Divergence; 2] = [Divergence::Forward, Divergence::Reverse];

/// Logarithms of the softened probabilities behind the token in front of every target, example after example.
fn logarithms(decoder: &Decoder, examples: &[Example], temperature: f64) -> Vec<Vec<f64>> {
    let mut all = Vec::new();
    for example in examples {
        let mut cache = Cache::new(decoder.spec.layers, decoder.spec.kv_width());
        let hidden = decoder.hidden(&mut [Sequence { tokens: &example.inputs(), cache: &mut cache }]);
        let scores = decoder.scores(&hidden);
        let rows = scores.chunks(decoder.spec.vocabulary).skip(example.prompt.len() - 1);
        all.extend(rows.map(|scores| {
            let scores: Vec<f64> = scores.iter().map(|x| f64::from(*x) / temperature).collect();
            let sum: f64 = scores.iter().map(|x| x.exp()).sum();
            scores.iter().map(|x| x - sum.ln()).collect::<Vec<f64>>()
        }));
    }
    all
}

/// The sum of losses, from scores and the formulas as they are written, with what the teacher says.
fn loss(student: &Decoder, taught: &[Vec<f64>], examples: &[Example], distillation: Distillation) -> f64 {
    let Distillation { temperature, divergence, hard_weight } = distillation;
    let (soft, hard) = (logarithms(student, examples, temperature), logarithms(student, examples, 1.0));
    let targets = examples.iter().flat_map(|example| &example.target);
    let each = soft.iter().zip(taught).zip(hard.iter().zip(targets)).map(|((q, p), (hard, target))| {
        let (over, under) = if divergence == Divergence::Forward { (p, q) } else { (q, p) };
        let divergence: f64 = over.iter().zip(under).map(|(a, b)| a.exp() * (a - b)).sum();
        (1.0 - hard_weight) * temperature * temperature * divergence - hard_weight * hard[*target as usize]
    });
    each.sum()
}

fn taught(
    student: &mut Decoder,
    teacher: &Decoder,
    examples: &[Example],
    distillation: Distillation,
    is_trained: impl Fn(Parameter) -> bool,
) -> (Vec<Taught>, Vec<(Parameter, Vec<f32>)>) {
    let each: Vec<&Example> = examples.iter().collect();
    let count: usize = examples.iter().map(|example| example.target.len()).sum();
    let mut gradients = Gradients::zeros(student, is_trained);
    let taught = student.taught_by(teacher, &each, &vec![1.0; count], distillation, &mut gradients);
    let gradients = gradients.iter_mut().map(|(parameter, gradient)| (parameter, gradient.to_vec())).collect();
    (taught, gradients)
}

#[test]
fn gradients_of_all_parameters_are_slopes_of_the_loss() {
    on_families(|name, _, decoder| {
        adapt(decoder, "teacher");
        let teacher = decoder.clone();
        adapt(decoder, "");
        let examples = examples(decoder);
        for (divergence, temperature, hard_weight) in [(Divergence::Forward, 2.0, 0.3), (Divergence::Reverse, 1.5, 0.0)]
        {
            let distillation = Distillation { temperature, divergence, hard_weight };
            let (found, gradients) = taught(decoder, &teacher, &examples, distillation, |_| true);
            let total: f64 = found.iter().map(|taught| taught.loss).sum();
            let says = logarithms(&teacher, &examples, temperature);
            let wanted = loss(decoder, &says, &examples, distillation);
            assert!((total - wanted).abs() < 1e-4 * wanted, "{name}: loss {total} for {wanted}");
            assert!(gradients.len() > 20, "{name} has parameters");
            for (parameter, gradient) in &gradients {
                let norm = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
                // What adds the same to all keys of a query changes none of its shares.
                if matches!(parameter, Parameter::Part(Part::Layer(_, LayerPart::KeyBias))) && norm < 1e-5 {
                    continue;
                }
                assert!(norm > 1e-5, "{name}, {parameter:?} has no gradient");
                let mut moved = |by: f64| {
                    decoder.each_parameter(|own, _, numbers| {
                        if own == *parameter {
                            numbers
                                .iter_mut()
                                .zip(gradient)
                                .for_each(|(x, g)| *x += (by * f64::from(*g) / norm) as f32);
                        }
                    });
                    loss(decoder, &says, &examples, distillation)
                };
                let mut slope = |step: f64| {
                    let (ahead, behind) = (moved(step), moved(-2.0 * step));
                    moved(step);
                    (ahead - behind) / (2.0 * step)
                };
                // Along the gradient the slope is its length. Two steps tell how it bends (Richardson).
                let step = (0.024 / norm).min(0.1);
                let slope = (4.0 * slope(step / 2.0) - slope(step)) / 3.0;
                assert!((slope - norm).abs() < 0.01 * norm, "{name}, {parameter:?}: slope {slope} for {norm}");
            }
        }
    });
}

#[test]
fn a_model_is_its_own_teacher() {
    on_families(|name, _, decoder| {
        adapt(decoder, "");
        let examples = examples(decoder);
        let teacher = decoder.clone();
        for divergence in BOTH {
            let distillation = Distillation { temperature: 2.0, divergence, hard_weight: 0.0 };
            let is_factor = |parameter| matches!(parameter, Parameter::A(..) | Parameter::B(..));
            let (found, gradients) = taught(decoder, &teacher, &examples, distillation, is_factor);
            assert!(found.iter().all(|taught| *taught == Taught::default()), "{name}: nothing lies between them");
            assert!(gradients.iter().flat_map(|(_, gradient)| gradient).all(|x| *x == 0.0), "{name}");
            // With another adapter on there is something to learn.
            adapt(decoder, "other");
            let (found, gradients) = taught(decoder, &teacher, &examples, distillation, is_factor);
            assert!(found.iter().all(|taught| taught.divergence > 0.0), "{name}");
            assert!(gradients.iter().all(|(_, gradient)| gradient.iter().any(|x| *x != 0.0)), "{name}");
            adapt(decoder, "");
        }
    });
}

#[test]
fn hard_weight_one_is_the_likelihood() {
    on_families(|name, _, decoder| {
        let teacher = decoder.clone();
        adapt(decoder, "");
        let examples = examples(decoder);
        let distillation = Distillation { temperature: 3.0, divergence: Divergence::Reverse, hard_weight: 1.0 };
        let (found, gradients) = taught(decoder, &teacher, &examples, distillation, |_| true);
        let each: Vec<&Example> = examples.iter().collect();
        let mut wanted = Gradients::zeros(decoder, |_| true);
        let losses = decoder.loss_and_gradients(&each, &vec![1.0; found.len()], &mut wanted);
        let near = |a: f64, b: f32, most: f32| (a - f64::from(b)).abs() <= 1e-4 * f64::from(most);
        assert!(found.iter().zip(&losses).all(|(a, b)| near(a.loss, *b, 1.0)), "{name}");
        for ((parameter, found), (_, wanted)) in gradients.iter().zip(wanted.iter_mut()) {
            let most = wanted.iter().fold(0f32, |most, x| most.max(x.abs()));
            let is_near = found.iter().zip(wanted.iter()).all(|(a, b)| near(f64::from(*a), *b, most.max(1e-3)));
            assert!(is_near, "{name}, {parameter:?}");
        }
    });
}
