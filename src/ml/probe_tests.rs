//! Embeddings against torch's (tests/reference/ml/task2vec.py and .json), and the laws that coefficients obey if they measure what
//! they should (docs/task2vec.md), on small languages that a seed makes and a small network that has learnt them.

use super::*;
use crate::metrics::{Distances, Random};
use crate::ml::families_tests::{numbers, on_families};
use serde_json::Value;

const REFERENCE: &str = include_str!("../../tests/reference/ml/task2vec.json");

#[test]
fn embeddings_are_those_of_torch() {
    let reference: Value = serde_json::from_str(REFERENCE).expect("the reference values");
    let texts: Vec<Vec<u32>> = reference["texts"].as_array().expect("texts").iter().map(numbers).collect();
    let seed = reference["seed"].as_u64().expect("a seed");
    let models = reference["models"].as_array().expect("models");
    let tuning = Tuning { epochs: 4, learning_rate: 5e-3, weight_decay: 1e-4 };
    let own = Settings { tuning, minibatch: 3, draws: 2, ..Settings::default() };
    let of_others = Settings { fim: Fim::Montecarlo, draws: 1, compat: true, ..own };
    let tried = std::cell::Cell::new(0);
    on_families(|name, _, decoder| {
        let Some(model) = models.iter().find(|model| model["name"] == name) else { return };
        for (key, settings) in [("default", own), ("beyond_scale", of_others)] {
            let Some(wanted) = model[key].as_object() else { continue };
            let mut probe = Probe::new(decoder.clone(), settings);
            // What an embedding leaves behind must not reach the next.
            let first = probe.readout(&texts, seed, &mut |_| true).expect("it was not stopped");
            let again = probe.readout(&texts, seed, &mut |_| true).expect("it was not stopped");
            assert_eq!(first, again, "{name}, {key}");
            assert_eq!(first.len(), wanted.len(), "{name}, {key}");
            for (parameter, found) in &first {
                let wanted: Vec<f64> = numbers(&wanted[&format!("{parameter:?}")]);
                assert_eq!(found.len(), wanted.len(), "{name}, {key}, {parameter:?}");
                let most = wanted.iter().copied().fold(0.0, f64::max);
                for (row, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                    let off = (f64::from(*found) - wanted).abs();
                    let is_near = off <= 2e-4 * wanted + 1e-5 * most;
                    assert!(is_near, "{name}, {key}, {parameter:?}, row {row}: {found} for {wanted}");
                }
            }
            tried.set(tried.get() + 1);
        }
    });
    assert_eq!(tried.get(), models.len() + 1);
}

#[test]
fn an_embedding_can_be_stopped_and_reads_out_what_it_is_asked_for() {
    on_families(|name, _, decoder| {
        if name != "gemma3_text" {
            return;
        }
        let texts = vec![vec![1, 2, 3, 4], vec![5, 6, 7]];
        let mut lengths = Vec::new();
        for read in [Read::All, Read::LastBlocks, Read::Adapters] {
            let tuning = Tuning { epochs: 1, learning_rate: 1e-3, weight_decay: 0.0 };
            let mut probe = Probe::new(decoder.clone(), Settings { read, tuning, ..Settings::default() });
            let mut told = 0;
            let all = probe.embed(&texts, 1, &mut |_| {
                told += 1;
                true
            });
            let all = all.expect("it was not stopped");
            assert_eq!(told, probe.work(2));
            assert!(all.iter().all(|x| x.is_finite() && *x >= 0.0) && all.iter().any(|x| *x > 0.0), "{read:?}");
            assert_eq!(probe.embed(&texts, 1, &mut |_| false), None);
            assert_eq!(probe.embed(&texts, 1, &mut |_| true), Some(all.clone()), "{read:?}");
            assert_ne!(probe.embed(&texts, 2, &mut |_| true), Some(all.clone()), "{read:?}");
            lengths.push(all.len());
        }
        assert!(lengths[0] > lengths[1] && lengths[0] > lengths[2], "{lengths:?}");
    });
}

/// Words of a language.
const WORDS: u64 = 8;

/// A text of a language: from each of its words two others may follow, one of them mostly.
fn text(language: u64, random: &mut Random) -> Vec<u32> {
    let mut word = random.below(WORDS);
    let next = |word: u64, salt: u64| Random::new(language * 1000 + word * 10 + salt).below(WORDS);
    let mut text = Vec::new();
    for _ in 0..16 {
        text.push((language * WORDS + word) as u32);
        word = next(word, u64::from(random.unit() < 0.3));
    }
    text
}

/// Batches of texts, each made by `text` with random numbers of its own.
fn batches(count: usize, size: usize, seed: u64, text: &dyn Fn(&mut Random) -> Vec<u32>) -> Vec<Vec<Vec<u32>>> {
    let batch = |at: usize| {
        let mut random = Random::new(seed * 1000 + at as u64);
        (0..size).map(|_| text(&mut random)).collect()
    };
    (0..count).map(batch).collect()
}

/// A network that has read all languages, or has not.
fn network(is_trained: bool) -> Decoder {
    let found = std::cell::RefCell::new(None);
    on_families(|name, _, decoder| {
        if name == "llama_llama3" {
            *found.borrow_mut() = Some(decoder.clone());
        }
    });
    let mut decoder = found.into_inner().expect("the network");
    if is_trained {
        let all = |random: &mut Random| text(random.below(10), random);
        let texts = batches(1, 1600, 99, &all).remove(0);
        let example = |text: &Vec<u32>| Example { prompt: text[..1].to_vec(), target: text[1..].to_vec() };
        let examples: Vec<Example> = texts.iter().map(example).collect();
        let settings = crate::ml::train::Settings {
            method: Method::Full,
            objective: Objective::Likelihood,
            learning_rate: 3e-3,
            schedule: Schedule::Constant,
            warm_up: 10,
            batch: 16,
            epochs: 3,
            tokens_at_once: 1024,
            clip: Some(1.0),
            optimizer: constants(Tuning { epochs: 0, learning_rate: 0.0, weight_decay: 0.0 }),
            seed: 1,
        };
        let mut trainer = Trainer::new(&mut decoder, &examples, settings);
        while trainer.taken() < trainer.steps() {
            trainer.advance().expect("a step");
        }
    }
    decoder
}

fn settings(epochs: usize) -> Settings {
    let tuning = Tuning { epochs, learning_rate: 3e-3, weight_decay: 1e-4 };
    Settings { tuning, draws: 16, ..Settings::default() }
}

fn embeddings(probe: &mut Probe, batches: &[Vec<Vec<u32>>]) -> Vec<Vec<f32>> {
    let of = |(at, batch): (usize, &Vec<Vec<u32>>)| probe.embed(batch, at as u64, &mut |_| true).expect("not stopped");
    batches.iter().enumerate().map(of).collect()
}

fn mean(distances: &Distances) -> f64 {
    let all: Vec<f64> = distances.pairs().collect();
    all.iter().sum::<f64>() / all.len() as f64
}

fn diversity(probe: &mut Probe, batches: &[Vec<Vec<u32>>]) -> f64 {
    mean(&Distances::within(&embeddings(probe, batches)))
}

/// Batches of each sample, and texts of a batch: few, so that a batch does not have all words.
const COUNT: usize = 8;
const SIZE: usize = 8;

type OfText<'a> = &'a dyn Fn(&mut Random) -> Vec<u32>;

fn of(seed: u64, text: OfText<'_>) -> Vec<Vec<Vec<u32>>> {
    batches(COUNT, SIZE, seed, text)
}

/// Texts of a language each, any of so many.
fn mixed(languages: u64) -> impl Fn(&mut Random) -> Vec<u32> {
    move |random| text(random.below(languages), random)
}

/// Any of so many words.
fn words(count: u64) -> impl Fn(&mut Random) -> Vec<u32> {
    move |random| (0..16).map(|_| random.below(count) as u32).collect()
}

fn language(language: u64) -> impl Fn(&mut Random) -> Vec<u32> {
    move |random| text(language, random)
}

/// All words of the network.
const ALL: u64 = 96;

#[test]
fn coefficients_obey_the_laws() {
    let trained = network(true);
    let mut probe = Probe::new(trained.clone(), settings(10));
    let rises = |name: &str, values: &[f64]| assert!(values.is_sorted_by(|a, b| a < b), "{name}: {values:.4?}");

    let bounds: [OfText<'_>; 3] = [&|_| vec![3; 16], &mixed(2), &words(ALL)];
    rises("lower bound, languages, upper bound", &bounds.map(|text| diversity(&mut probe, &of(1, text))));
    rises("more languages", &[1, 4, 8].map(|count| diversity(&mut probe, &of(5, &mixed(count)))));
    rises("more words", &[2, 8, ALL].map(|count| diversity(&mut probe, &of(6, &words(count)))));

    let [a, b, c, d] =
        [(2, 0), (3, 1), (4, 0), (5, 1)].map(|(seed, own)| embeddings(&mut probe, &of(seed, &language(own))));
    let (one, other) = (mean(&Distances::between(&a, &b)), mean(&Distances::between(&d, &c)));
    let own = [mean(&Distances::between(&a, &c)), mean(&Distances::between(&b, &d))];
    assert!(own.iter().all(|own| 2.0 * own < one.min(other)), "self {own:.4?}, cross {one:.4} and {other:.4}");
    assert!((one - other).abs() < 0.1 * one, "the same samples' kinds either way: {one:.4} and {other:.4}");

    let natural = of(7, &mixed(10));
    let untrained = diversity(&mut Probe::new(network(false), settings(10)), &natural);
    rises("a network that knows nothing sees less", &[untrained, diversity(&mut probe, &natural)]);
    // Of what the network does not know yet, a head that was not tuned makes more.
    let mut untuned = Probe::new(trained, settings(0));
    let unseen: [OfText<'_>; 3] = [&language(10), &language(11), &|random| text(10 + random.below(2), random)];
    let all = |probe: &mut Probe| unseen.iter().map(|text| diversity(probe, &of(11, text))).sum::<f64>();
    rises("a head that was not tuned sees more", &[all(&mut probe), all(&mut untuned)]);
}

#[test]
fn distances_of_a_mixture_have_a_mode_for_every_pair_of_its_parts() {
    let mut probe = Probe::new(network(true), settings(10));
    let parts: [OfText<'_>; 3] = [&words(3), &mixed(10), &words(ALL)];
    let mut seed = 12;
    let parts = parts.map(|text| {
        seed += 1;
        embeddings(&mut probe, &of(seed, text))
    });
    let (mut within, mut across) = (Vec::new(), Vec::new());
    for i in 0..3 {
        within.push(Distances::within(&parts[i]).pairs().collect::<Vec<f64>>());
        across.extend((0..i).map(|j| Distances::between(&parts[i], &parts[j]).pairs().collect::<Vec<f64>>()));
    }
    let middle = |of: &Vec<f64>| of.iter().sum::<f64>() / of.len() as f64;
    let (own, other): (Vec<f64>, Vec<f64>) = (within.iter().map(middle).collect(), across.iter().map(middle).collect());
    let least = other.iter().copied().fold(1.0, f64::min);
    assert!(own.iter().all(|own| 1.3 * own < least), "within {own:.4?}, across {other:.4?}");
    let modes = [own, other].concat();
    let nearest = |distance: f64| {
        (0..modes.len()).min_by(|a, b| (modes[*a] - distance).abs().total_cmp(&(modes[*b] - distance).abs()))
    };
    let groups = within.iter().chain(&across).enumerate();
    let (mut right, mut all) = (0, 0);
    for (at, group) in groups {
        right += group.iter().filter(|distance| nearest(**distance) == Some(at)).count();
        all += group.len();
    }
    // One in six by chance.
    assert!(2 * right > all, "{right} of {all} nearest to their own mode of {modes:.4?}");
}
