//! Every family against HF transformers: tiny models whose weights a rule gives, saved as files the way users have them,
//! read by the real reader. Reference values: tests/reference/ml/families.py and .json.

use super::decoder::{Cache, Decoder, Kept, Sequence};
use super::files::Weights;
use super::generation::{Finish, Generation, Listener, Task, Wish};
use super::loss::{Example, losses};
use super::sampling::Sampling;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

pub(super) const REFERENCE: &str = include_str!("../../tests/reference/ml/families.json");

/// The outputs of SplitMix64 from the FNV-1a hash of `name`, as 24-bit numbers in [0, 1).
pub(super) fn uniform(name: &str) -> impl Iterator<Item = f64> + use<> {
    let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let mut state = name.bytes().fold(0xcbf2_9ce4_8422_2325, fnv);
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f64 / (1u32 << 24) as f64
    })
}

/// The rule's value of a tensor.
pub(super) fn values(model: &Value, name: &str, shape: &[usize]) -> Vec<f32> {
    let is_gemma = model["config"]["model_type"].as_str().is_some_and(|kind| kind.starts_with("gemma3"));
    let is_norm = shape.len() == 1 && name.ends_with(".weight");
    let base = if is_norm && !is_gemma { 1.0 } else { 0.0f64 };
    uniform(name).take(shape.iter().product()).map(|u| ((u - 0.5) * 0.4 + base) as f32).collect()
}

/// Writes a model as HF does: `config.json` and `model.safetensors`.
pub(super) fn save(model: &Value, to: &Path) {
    let mut tensors: BTreeMap<String, (Vec<usize>, Vec<u8>)> = BTreeMap::new();
    for (name, shape) in model["tensors"].as_object().expect("tensors") {
        let shape: Vec<usize> = serde_json::from_value(shape.clone()).expect("a shape");
        let bytes = values(model, name, &shape).into_iter().flat_map(f32::to_le_bytes).collect();
        tensors.insert(name.clone(), (shape, bytes));
    }
    let mut header = serde_json::Map::new();
    let (mut at, mut data) = (0, Vec::new());
    for (name, (shape, bytes)) in tensors {
        let end = at + bytes.len();
        header.insert(name, serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": [at, end]}));
        data.extend(bytes);
        at = end;
    }
    let header = Value::Object(header).to_string().into_bytes();
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    file.extend(data);
    std::fs::write(to.join("model.safetensors"), file).expect("written");
    std::fs::write(to.join("config.json"), model["config"].to_string()).expect("written");
}

pub(super) fn numbers<T: serde::de::DeserializeOwned>(value: &Value) -> Vec<T> {
    serde_json::from_value(value.clone()).expect("numbers")
}

/// Runs `test` on every reference model.
pub(super) fn on_families(test: impl Fn(&str, &Value, &mut Decoder)) {
    let reference: Value = serde_json::from_str(REFERENCE).expect("the reference values");
    let models = reference["models"].as_array().expect("models");
    assert!(models.len() >= 8, "all families are there");
    for model in models {
        let name = model["name"].as_str().expect("a name");
        let directory = tempfile::tempdir().expect("a directory");
        save(model, directory.path());
        let (spec, weights) = Weights::open(directory.path()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let mut decoder = Decoder::load(spec, &weights, Kept::Dense).unwrap_or_else(|e| panic!("{name}: {e}"));
        test(name, model, &mut decoder);
    }
}

#[test]
fn scores_and_losses_are_those_of_transformers() {
    on_families(|name, model, decoder| {
        let ids: Vec<u32> = numbers(&model["ids"]);
        let wanted: Vec<Vec<f32>> = serde_json::from_value(model["logits"].clone()).expect("logits");
        let spec = &decoder.spec;
        // All tokens in one go, and one after the other.
        for each in [ids.len(), 1] {
            let mut cache = Cache::new(spec.layers, spec.kv_width());
            let mut hidden = vec![];
            for tokens in ids.chunks(each) {
                hidden.extend(decoder.hidden(&mut [Sequence { tokens, cache: &mut cache }]));
            }
            let scores = decoder.scores(&hidden);
            for (position, (scores, wanted)) in scores.chunks(spec.vocabulary).zip(&wanted).enumerate() {
                for (a, b) in scores.iter().zip(wanted) {
                    let is_near = (a - b).abs() < 2e-5 * (1.0 + b.abs());
                    assert!(is_near, "{name}, position {position}: {a} for {b} ({each} at a time)");
                }
            }
        }
        let example = Example { prompt: vec![ids[0]], target: ids[1..].to_vec() };
        let loss = losses(decoder, &[&example])[0];
        let wanted = model["loss"].as_f64().expect("a loss");
        let found = loss.nats / loss.tokens as f64;
        assert!((found - wanted).abs() < 2e-6 * wanted, "{name}: loss {found} for {wanted}");
    });
}

#[test]
fn a_loss_does_not_depend_on_its_company() {
    on_families(|name, model, decoder| {
        let ids: Vec<u32> = numbers(&model["ids"]);
        let example = |from: usize, prompt: usize| Example {
            prompt: ids[from..from + prompt].to_vec(),
            target: ids[from + prompt..].to_vec(),
        };
        let examples = [example(0, 1), example(2, 3), example(1, 2), example(0, 4)];
        let together = losses(decoder, &examples.iter().collect::<Vec<_>>());
        let alone: Vec<_> = examples.iter().map(|example| losses(decoder, &[example])[0]).collect();
        assert_eq!(together, alone, "{name}");
    });
}

/// Keeps all samples; a certain token completes one.
struct Keeping {
    found: BTreeMap<(usize, usize), (Vec<u32>, Option<Finish>)>,
    enough: Option<u32>,
}

impl Listener for Keeping {
    fn token(&mut self, task: usize, sample: usize, token: u32) -> Wish {
        self.found.entry((task, sample)).or_default().0.push(token);
        if self.enough == Some(token) { Wish::Enough } else { Wish::GoOn }
    }

    fn ended(&mut self, task: usize, sample: usize, finish: Finish) {
        let before = self.found.entry((task, sample)).or_default().1.replace(finish);
        assert_eq!(before, None, "a sample ends once");
    }
}

/// All samples, the last task being added while the others are under way.
fn generated(
    decoder: &Decoder,
    tasks: &[Task],
    batch: usize,
    ends: &[u32],
    enough: Option<u32>,
) -> BTreeMap<(usize, usize), (Vec<u32>, Option<Finish>)> {
    let mut generation = Generation::new(decoder, ends, batch);
    let mut keeping = Keeping { found: BTreeMap::new(), enough };
    let (last, first) = tasks.split_last().expect("there are tasks");
    for task in first {
        generation.add(task.clone());
    }
    generation.step(&mut keeping);
    generation.add(last.clone());
    while !generation.is_idle() {
        generation.step(&mut keeping);
    }
    keeping.found
}

#[test]
fn greedy_continuations_are_those_of_transformers_whatever_the_batch() {
    on_families(|name, model, decoder| {
        let ids: Vec<u32> = numbers(&model["ids"]);
        let wanted: Vec<u32> = numbers(&model["greedy"]);
        for batch in [1, 3] {
            let of = |n: usize| Task {
                prompt: ids[..n].to_vec(),
                seeds: vec![1],
                sampling: Sampling::GREEDY,
                max_tokens: wanted.len(),
            };
            let found = generated(decoder, &[of(5), of(9), of(5)], batch, &[], None);
            let wanted = (wanted.clone(), Some(Finish::Length));
            assert_eq!((&found[&(0, 0)], &found[&(2, 0)]), (&wanted, &wanted), "{name}, {batch} at a time");
        }
    });
}

#[test]
fn samples_depend_on_their_seeds_and_nothing_else() {
    on_families(|name, model, decoder| {
        let ids: Vec<u32> = numbers(&model["ids"]);
        let sampling = Sampling { top_p: 0.9, ..Sampling::default() };
        let of = |n: usize| Task { prompt: ids[..n].to_vec(), seeds: vec![n as u64, 7, 8], sampling, max_tokens: 10 };
        let tasks: Vec<Task> = (3..7).map(of).collect();
        let sampled = |tasks: &[Task], batch| {
            let found = generated(decoder, tasks, batch, &ids[20..21], Some(ids[21]));
            let by_prompt = found.into_iter().map(|((task, n), found)| ((tasks[task].prompt.len(), n), found));
            by_prompt.collect::<BTreeMap<_, _>>()
        };
        let alone = sampled(&tasks, 1);
        assert_eq!(alone.len(), 12);
        assert_eq!(alone, sampled(&tasks, 5), "{name}: five at a time");
        let last = sampled(&tasks[3..], 2);
        assert!(last.iter().all(|(key, sample)| alone[key] == *sample), "{name}: without the other prompts");
        assert!(alone.values().collect::<std::collections::HashSet<_>>().len() > 6, "{name}: samples differ");
    });
}

#[test]
fn losses_do_not_depend_on_the_batch() {
    on_families(|name, model, decoder| {
        let ids: Vec<u32> = numbers(&model["ids"]);
        let of = |from: usize, cut: usize, to: usize| Example {
            prompt: ids[from..cut].to_vec(),
            target: ids[cut..to].to_vec(),
        };
        let examples = [of(0, 4, 9), of(2, 3, 20), of(10, 15, 16)];
        let together = losses(decoder, &examples.each_ref());
        for (example, together) in examples.iter().zip(together) {
            let alone = losses(decoder, &[example])[0];
            assert!((alone.nats - together.nats).abs() < 1e-5 * alone.nats, "{name}: {alone:?} {together:?}");
        }
    });
}
