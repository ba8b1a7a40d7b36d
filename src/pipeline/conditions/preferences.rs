//! Pairs of answers as examples: each chosen answer and behind it the rejected one. Owns their encoding and which are left out.

use super::draw::{DrawError, Drawn, Example};
use super::encoder::{EncodeError, Encoder};
use super::report::{PoolReport, Report};
use crate::dataset::Preference;
use sha2::{Digest, Sha256};

/// The pairs as examples, two each. Pairs of which one answer is longer than the context are left out: a cut one would be judged
/// by a part.
pub fn answers(
    name: &str,
    pairs: &[Preference],
    encoder: &dyn Encoder,
    seed: u64,
    context: usize,
) -> Result<Drawn, DrawError> {
    let mut examples = Vec::new();
    let mut texts = Sha256::new();
    let mut left_out = 0;
    for Preference { id, prompt, chosen, rejected } in pairs {
        let failed = |source: EncodeError| DrawError::Encode { id: id.clone(), source };
        let begin = if prompt.is_empty() { vec![encoder.begin()] } else { encoder.prompt(prompt).map_err(failed)? };
        let mut both = Vec::with_capacity(2);
        for text in [chosen, rejected] {
            texts.update((text.len() as u64).to_le_bytes());
            texts.update(text);
            let target = [encoder.text(text).map_err(failed)?, vec![encoder.end()]].concat();
            both.push(Example { id: id.clone(), prompt: begin.clone(), target });
        }
        match both.iter().all(|example| example.tokens() <= context) {
            true => examples.extend(both),
            false => left_out += 1,
        }
    }
    if examples.is_empty() {
        return Err(DrawError::AllTooLong { pool: name.to_owned(), context, unit: encoder.unit() });
    }
    let mut pool = PoolReport {
        name: name.to_owned(),
        documents: pairs.len(),
        examples: 0,
        tokens: 0,
        target_tokens: 0,
        share: 1.0,
        cut: 0,
        left_out,
        sha256: format!("{:x}", texts.finalize()),
        notes: vec![],
    };
    examples.iter().for_each(|example| pool.count(example));
    let report = Report {
        seed,
        context: Some(context),
        is_cut: false,
        ..Report::of(name, encoder.unit(), &examples, vec![pool])
    };
    Ok(Drawn { examples, report })
}

#[cfg(test)]
mod tests {
    use super::super::encoder::Words;
    use super::*;

    #[test]
    fn answers_come_in_pairs_and_long_ones_go_in_pairs() {
        let pair = |id: &str, rejected: &str| Preference {
            id: id.into(),
            prompt: "What is it?".into(),
            chosen: "a theorem".into(),
            rejected: rejected.into(),
        };
        let pairs = [pair("one", "an error"), pair("two", "a long story that does not end in time")];
        let drawn = answers("pairs", &pairs, &Words::default(), 1, 9).unwrap();
        let [chosen, rejected] = &drawn.examples[..] else { panic!("{:?}", drawn.examples) };
        assert_eq!((chosen.prompt.len(), chosen.target.len(), &chosen.prompt), (4, 3, &rejected.prompt));
        assert_ne!(chosen.target, rejected.target);
        assert_eq!((drawn.report.tokens, drawn.report.pools[0].left_out), (14, 1));
        assert!(answers("pairs", &pairs, &Words::default(), 1, 6).is_err());
    }
}
