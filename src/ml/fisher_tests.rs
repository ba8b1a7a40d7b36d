//! The diagonal against torch's autograd (tests/reference/ml/fisher.py and .json), and its estimate against the exact expectation.

use super::*;
use crate::ml::decoder::{Cache, Sequence};
use crate::ml::families_tests::{numbers, on_families};
use serde_json::Value;

const REFERENCE: &str = include_str!("../../tests/reference/ml/fisher.json");

fn asked(estimator: Estimator, labels: Labels<'_>) -> Diagonal<'_> {
    Diagonal { estimator, labels, rows: Rows::Outputs, is_read: &is_read_out }
}

/// Runs `test` on the models there are values of, each with a head of its own.
fn on_models(test: impl Fn(&str, &Value, &mut Decoder, &[Vec<u32>], &[Vec<u32>])) {
    let reference: Value = serde_json::from_str(REFERENCE).expect("the reference values");
    let lists =
        |name: &str| -> Vec<Vec<u32>> { reference[name].as_array().expect("lists").iter().map(numbers).collect() };
    let (texts, labels) = (lists("texts"), lists("labels"));
    let models = reference["models"].as_array().expect("models");
    on_families(|name, _, decoder| {
        if let Some(wanted) = models.iter().find(|model| model["name"] == name) {
            if !decoder.has_own_head() {
                decoder.set_head(decoder.head().clone());
            }
            test(name, wanted, decoder, &texts, &labels);
        }
    });
}

/// All parameters are there, and every row is within 1e-4 of what is wanted, relative to its parameter's largest.
fn assert_near(name: &str, found: &Readout, wanted: &Value) {
    let wanted = wanted.as_object().expect("parameters");
    let names: Vec<String> = found.keys().map(|parameter| format!("{parameter:?}")).collect();
    let mut missing: Vec<&String> = wanted.keys().filter(|own| !names.contains(own)).collect();
    missing.sort();
    assert!(missing.is_empty() && names.len() == wanted.len(), "{name}: {missing:?}, found {names:?}");
    for (own, found) in names.iter().zip(found.values()) {
        let wanted: Vec<f64> = numbers(&wanted[own]);
        assert_eq!(found.len(), wanted.len(), "{name}, {own}");
        let most = wanted.iter().copied().fold(0.0, f64::max);
        for (row, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            let off = (f64::from(*found) - wanted).abs();
            assert!(off <= 1e-4 * wanted + 1e-6 * most, "{name}, {own}, row {row}: {found} for {wanted}");
        }
    }
}

/// Sums of readouts, each times its factor.
fn combined<'a>(readouts: impl Iterator<Item = (&'a Readout, f32)>) -> Readout {
    let mut sum = Readout::new();
    for (readout, factor) in readouts {
        for (parameter, rows) in readout {
            let sum = sum.entry(*parameter).or_insert_with(|| vec![0.0; rows.len()]);
            sum.iter_mut().zip(rows).for_each(|(sum, x)| *sum += factor * x);
        }
    }
    sum
}

/// The mean of readouts of texts by themselves, and what they are to be together, where all tokens count alike.
fn means(each: &[Readout], texts: &[Vec<u32>]) -> [Readout; 2] {
    let count = each.len() as f32;
    let mean = texts.iter().map(Vec::len).sum::<usize>() as f32 / count;
    let share = |text: &Vec<u32>| (text.len() as f32 / mean).powi(2) / count;
    [
        combined(each.iter().map(|readout| (readout, 1.0 / count))),
        combined(each.iter().zip(texts).map(|(readout, text)| (readout, share(text)))),
    ]
}

#[test]
fn squares_of_given_labels_are_those_of_autograd() {
    on_models(|name, wanted, decoder, texts, labels| {
        let mut told = 0;
        let mut of = |texts: &[Vec<u32>], labels: &[Vec<u32>], estimator| {
            let found = fisher(decoder, texts, asked(estimator, Labels::Given(labels)), &mut |count| {
                told += count;
                true
            });
            found.expect("it was not stopped")
        };
        assert_near(name, &of(texts, labels, Estimator::Minibatches(2)), &wanted["minibatches"]);
        let each = texts.chunks(1).zip(labels.chunks(1));
        let each: Vec<Readout> = each.map(|(text, labels)| of(text, labels, Estimator::PerExample(1))).collect();
        let [mean, together] = means(&each, texts);
        assert_near(&format!("{name}, by themselves"), &mean, &wanted["per_example"]);
        for size in [1, 2, 3] {
            let found = of(texts, labels, Estimator::PerExample(size));
            assert!(is_near(&found, &together), "{name}, {size} at a time");
        }
        assert_eq!(told, 5 * texts.len());
        let stopped = fisher(decoder, texts, asked(Estimator::PerExample(2), Labels::Given(labels)), &mut |_| false);
        assert_eq!(stopped, None);
    });
}

fn is_near(a: &Readout, b: &Readout) -> bool {
    let near = |a: &[f32], b: &[f32]| {
        let most = b.iter().copied().fold(0.0, f32::max);
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-4 * b + 1e-6 * most)
    };
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && near(a.1, b.1))
}

/// The expectation over labels, label by label.
fn exact(decoder: &mut Decoder, texts: &[Vec<u32>]) -> Readout {
    let mut gradients = Gradients::zeros(decoder, is_read_out);
    let spec = decoder.spec.clone();
    let mut sums = zeros(decoder, is_read_out, Rows::Outputs);
    for text in texts {
        let mut cache = Cache::new(spec.layers, spec.kv_width());
        let hidden = decoder.hidden(&mut [Sequence { tokens: text, cache: &mut cache }]);
        let scores = decoder.scores(&hidden);
        for (at, scores) in scores.chunks(spec.vocabulary).enumerate() {
            let total: f64 = scores.iter().map(|score| f64::from(*score).exp()).sum();
            for (word, score) in scores.iter().enumerate() {
                let probability = f64::from(*score).exp() / total;
                let (targets, weights) = ([word as u32], [1.0 / text.len() as f32]);
                let wanted = Wanted { targets: Targets::Given(&targets), weights: &weights };
                gradients.clear();
                decoder.gradients_of(std::slice::from_ref(text), &[at], wanted, &mut gradients);
                for (parameter, gradient) in gradients.iter() {
                    let sums = sums.get_mut(&parameter).expect("sums");
                    let mut own = vec![0.0; sums.len()];
                    add_squares(gradient, &mut own, Cut::of(parameter, gradient.shape(), Rows::Outputs, spec.width));
                    sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += probability * own / texts.len() as f64);
                }
            }
        }
    }
    sums.into_iter().map(|(p, sums)| (p, sums.into_iter().map(|sum| sum as f32).collect())).collect()
}

#[test]
fn the_exact_expectation_is_that_of_autograd_and_the_mean_of_draws() {
    on_models(|name, wanted, decoder, texts, _| {
        let each: Vec<Readout> = texts.chunks(1).map(|text| exact(decoder, text)).collect();
        let [mean_of_each, together] = means(&each, texts);
        assert_near(&format!("{name}, exact"), &mean_of_each, &wanted["exact"]);
        let total = |readout: &Readout| readout.values().flatten().map(|x| f64::from(*x)).sum::<f64>();
        const DRAWS: u64 = 100;
        let mut mean = 0.0;
        for seed in 0..DRAWS {
            let labels = Labels::Drawn { seed, draws: 3 };
            let drawn =
                fisher(decoder, texts, asked(Estimator::PerExample(2), labels), &mut |_| true).expect("not stopped");
            mean += total(&drawn) / DRAWS as f64;
        }
        let wanted = total(&together);
        assert!((mean - wanted).abs() < 0.06 * wanted, "{name}: {mean} for {wanted}");
    });
}
