//! Gradients of every parameter of every family against finite differences of the loss.

use super::Decoder;
use super::parameters::{Gradients, Parameter};
use crate::ml::adapter::{Adapter, LowRank, TARGETS};
use crate::ml::families_tests::{on_families, uniform};
use crate::ml::loss::{Example, losses};
use crate::ml::spec::Part;

/// Puts an adapter of rank 3 on all linear maps, neither factor being zero; under another name it has other numbers.
pub(super) fn adapt(decoder: &mut Decoder, named: &str) {
    let spec = decoder.spec.clone();
    let numbers =
        |name: String, count| uniform(&name).take(count).map(|u| (u as f32 - 0.5) * 0.6).collect::<Vec<f32>>();
    let mut adapter =
        Adapter { rank: 3, alpha: 6.0, dropout: 0.0, rslora: false, base_model: None, maps: Default::default() };
    for layer in 0..spec.layers {
        for part in TARGETS.into_iter().filter(|part| spec.mlp.gated || format!("{part:?}") != "Gate") {
            let [outputs, inputs] = spec.shape(Part::Layer(layer, part))[..] else { panic!("a matrix") };
            let (a, b) = (
                numbers(format!("{named}a {layer} {part:?}"), 3 * inputs),
                numbers(format!("{named}b {layer} {part:?}"), 3 * outputs),
            );
            adapter.maps.insert((layer, part), LowRank { a, b });
        }
    }
    adapter.check(&spec, std::path::Path::new("test")).expect("an adapter of this model");
    decoder.adapt(&adapter);
}

pub(super) fn examples(decoder: &Decoder) -> Vec<Example> {
    let vocabulary = decoder.spec.vocabulary as u32;
    let token = |i: u32| (i * 7919 + 13) % vocabulary;
    let example = |from: u32, prompt: u32, target: u32| Example {
        prompt: (from..from + prompt).map(token).collect(),
        target: (from + prompt..from + prompt + target).map(token).collect(),
    };
    vec![example(1, 5, 7), example(40, 1, 10), example(90, 3, 1)]
}

/// The weighted loss.
fn loss(decoder: &Decoder, examples: &[Example], weight: f64) -> f64 {
    let each: Vec<&Example> = examples.iter().collect();
    losses(decoder, &each).iter().map(|loss| loss.nats * weight).sum()
}

#[test]
fn gradients_of_all_parameters_are_slopes_of_the_loss() {
    on_families(|name, _, decoder| {
        adapt(decoder, "");
        let examples = examples(decoder);
        let each: Vec<&Example> = examples.iter().collect();
        let count: usize = examples.iter().map(|e| e.target.len()).sum();
        let weight = 1.0 / count as f32;
        let mut gradients = Gradients::zeros(decoder, |_| true);
        let found = decoder.loss_and_gradients(&each, &vec![weight; count], &mut gradients);
        let total: f64 = found.iter().map(|x| f64::from(*x * weight)).sum();
        let wanted = loss(decoder, &examples, f64::from(weight));
        assert!((total - wanted).abs() < 1e-5, "{name}: loss {total} for {wanted}");
        let gradients: Vec<(Parameter, Vec<f32>)> =
            gradients.iter_mut().map(|(parameter, gradient)| (parameter, gradient.to_vec())).collect();
        assert!(gradients.len() > 20, "{name} has parameters");
        for (parameter, gradient) in &gradients {
            let norm = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
            // What adds the same to all keys of a query changes none of its shares.
            if matches!(parameter, Parameter::Part(Part::Layer(_, crate::ml::spec::LayerPart::KeyBias))) && norm < 1e-6
            {
                continue;
            }
            assert!(norm > 1e-6, "{name}, {parameter:?} has no gradient");
            // Along the gradient the slope is its length.
            let step = (2e-3 / norm) as f32;
            let mut moved = |by: f32| {
                decoder.each_parameter(|own, _, numbers| {
                    if own == *parameter {
                        numbers.iter_mut().zip(gradient).for_each(|(x, g)| *x += by * g / norm as f32);
                    }
                });
                loss(decoder, &examples, f64::from(weight))
            };
            let ahead = moved(step);
            let behind = moved(-2.0 * step);
            moved(step);
            let slope = (ahead - behind) / (2.0 * f64::from(step));
            assert!((slope - norm).abs() < 0.01 * norm, "{name}, {parameter:?}: slope {slope} for {norm}");
        }
    });
}

#[test]
fn only_what_is_trained_has_a_gradient_and_it_is_the_same() {
    on_families(|name, _, decoder| {
        adapt(decoder, "");
        let examples = examples(decoder);
        let each: Vec<&Example> = examples.iter().collect();
        let count: usize = examples.iter().map(|e| e.target.len()).sum();
        let run = |decoder: &mut Decoder, is_trained: &dyn Fn(Parameter) -> bool| {
            let mut gradients = Gradients::zeros(decoder, is_trained);
            decoder.loss_and_gradients(&each, &vec![1.0; count], &mut gradients);
            gradients.iter_mut().map(|(parameter, gradient)| (parameter, gradient.to_vec())).collect::<Vec<_>>()
        };
        let all = run(decoder, &|_| true);
        let rules: [&dyn Fn(Parameter) -> bool; 4] = [
            &|p| matches!(p, Parameter::A(..) | Parameter::B(..)),
            &|p| matches!(p, Parameter::A(1, _)),
            &|p| matches!(p, Parameter::Part(Part::Embedding | Part::Head)),
            &|p| matches!(p, Parameter::Part(Part::FinalNorm)),
        ];
        for (at, rule) in rules.into_iter().enumerate() {
            let some = run(decoder, rule);
            let wanted: Vec<_> = all.iter().filter(|(parameter, _)| rule(*parameter)).cloned().collect();
            // Whether the head has a gradient decides how the loss is computed, and with it the last digits of everything.
            let near = |a: &[f32], b: &[f32]| {
                let most = b.iter().fold(0f32, |most, x| most.max(x.abs()));
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-5 * most)
            };
            let is_same = some.iter().zip(&wanted).all(|(a, b)| a.0 == b.0 && near(&a.1, &b.1));
            assert!(!some.is_empty() && some.len() == wanted.len() && is_same, "{name}, rule {at}");
        }
    });
}
