//! Gemma 3 270M through the decoder against HF transformers on the same weights (tests/reference/ml/gemma.py). Not run by
//! default: the model is no part of the repository. `AFCHECK_TEST_GEMMA=MODEL.gguf cargo test --lib gemma_270m -- --ignored`

use super::decoder::{Cache, Decoder, Kept, Sequence};
use super::files::Weights;
use super::generation::{Finish, Generation, Listener, Task, Wish};
use super::loss::{Example, losses};
use super::sampling::Sampling;
use super::tokenizer::Tokenizer;
use serde_json::Value;
use std::path::PathBuf;

const REFERENCE: &str = include_str!("../../tests/reference/ml/gemma.json");

const AFCORE: &str = include_str!("../../data/afcore/test.jsonl");

fn path() -> PathBuf {
    PathBuf::from(std::env::var_os("AFCHECK_TEST_GEMMA").expect("AFCHECK_TEST_GEMMA names the model's file"))
}

fn decoder(kept: Kept) -> (Decoder, Value) {
    let (spec, weights) = Weights::open(&path()).expect("the model");
    let decoder = Decoder::load(spec, &weights, kept).expect("its weights");
    (decoder, serde_json::from_str(REFERENCE).expect("JSON"))
}

fn numbers<T: serde::de::DeserializeOwned>(value: &Value) -> Vec<T> {
    serde_json::from_value(value.clone()).expect("a list of numbers")
}

#[test]
#[ignore = "needs the model's file, see above"]
fn gemma_270m_has_the_losses_of_transformers() {
    let (decoder, reference) = decoder(Kept::Dense);
    let ids: Vec<u32> = numbers(&reference["text"]["ids"]);
    let example = Example { prompt: vec![ids[0]], target: ids[1..].to_vec() };
    let found = losses(&decoder, &[&example])[0];
    let wanted = reference["text"]["loss"].as_f64().expect("a loss");
    let loss = found.nats / found.tokens as f64;
    assert!((loss - wanted).abs() < 1e-5, "{loss} for {wanted}");
    let tokenizer = Tokenizer::open(&path()).expect("a tokenizer");
    let problems: Vec<Value> = AFCORE.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of_afcore: Vec<(&Value, &Value)> =
        reference["losses"].as_array().expect("a list").iter().zip(&problems).collect();
    assert_eq!(of_afcore.len(), 50);
    for batch in of_afcore.chunks(7) {
        let example = |(one, problem): &(&Value, &Value)| {
            let text = |key: &str| problem[key].as_str().expect("a text");
            let prompt = format!("Statement: {}\n\nLean 4:\n", text("informal"));
            let prompt = tokenizer.encode(&prompt, true).expect("tokens");
            let target = tokenizer.encode(text("formal"), false).expect("tokens");
            assert_eq!((&one["id"], &one["targets"]), (&problem["id"], &target.len().into()));
            Example { prompt, target }
        };
        let examples: Vec<Example> = batch.iter().map(example).collect();
        for ((one, _), found) in batch.iter().zip(losses(&decoder, &examples.iter().collect::<Vec<_>>())) {
            let (loss, wanted) = (found.nats / found.tokens as f64, one["loss"].as_f64().expect("a loss"));
            assert!((loss - wanted).abs() < 1e-4, "{}: {loss} for {wanted}", one["id"]);
        }
    }
}

/// The tokens of one sample.
#[derive(Default)]
struct Tokens(Vec<u32>);

impl Listener for Tokens {
    fn token(&mut self, _: usize, _: usize, token: u32) -> Wish {
        self.0.push(token);
        Wish::GoOn
    }

    fn ended(&mut self, _: usize, _: usize, _: Finish) {}
}

#[test]
#[ignore = "needs the model's file, see above"]
fn gemma_270m_continues_as_transformers() {
    for kept in [Kept::Dense, Kept::AsStored] {
        let (decoder, reference) = decoder(kept);
        for case in reference["greedy"].as_array().expect("a list") {
            let wanted: Vec<u32> = numbers(&case["greedy"]);
            let (prompt, max_tokens) = (numbers(&case["ids"]), wanted.len());
            let mut generation = Generation::new(&decoder, &[], 1);
            generation.add(Task { prompt, seeds: vec![0], sampling: Sampling::GREEDY, max_tokens });
            let mut tokens = Tokens::default();
            while !generation.is_idle() {
                generation.step(&mut tokens);
            }
            assert_eq!(tokens.0, wanted, "{} ({kept:?})", case["prompt"]);
        }
        let ids: Vec<u32> = numbers(&reference["text"]["ids"]);
        let mut cache = Cache::new(decoder.spec.layers, decoder.spec.kv_width());
        let hidden = decoder.hidden(&mut [Sequence { tokens: &ids, cache: &mut cache }]);
        let scores = decoder.scores(&hidden[hidden.len() - decoder.spec.width..]);
        for (found, wanted) in scores.iter().zip(numbers::<f32>(&reference["text"]["logits"])) {
            assert!((found - wanted).abs() < 2e-3, "{found} for {wanted} ({kept:?})");
        }
    }
}
