//! `afcheck data select`. Owns what is chosen from and the form of the chosen; the choice is `pipeline::task2vec`'s.

use super::super::data_show::line;
use super::super::models::usage;
use super::super::training::failed;
use super::probing::Probing;
use crate::cli::args::{Common, Select, SelectBy};
use crate::cli::exit::{Exit, Failure};
use crate::dataset::problems;
use crate::domain::Problem;
use crate::ml::files::whole;
use crate::pipeline::conditions::{Condition, Data, Document, Encoder, ModelEncoder, View};
use crate::pipeline::task2vec::{Batch, By, Candidate, Sample, Selection, Source, select, shards};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

/// Texts of a target that gzip compares with.
const TARGET_TEXTS: usize = 64;

/// Runs the command.
pub fn run(common: &Common, args: &Select) -> Result<Exit, Failure> {
    let condition: Condition = args.from.parse().map_err(usage)?;
    let [part] = &condition.parts[..] else {
        return Err(usage(format!("{}: texts are chosen from one view, not from a mixture", args.from)));
    };
    if matches!(part.view, View::Unpaired { .. }) {
        return Err(usage("an unpaired view has two sides; choose from aligned:, formal: or informal:"));
    }
    let target: Option<Source> = args.target.as_deref().map(str::parse).transpose().map_err(usage)?;
    let mut probing = Probing::open(common, &args.probe)?;
    let stop = super::super::stop_flag()?;
    let data = Data::read(&condition, &probing.reading).map_err(usage)?;
    let all = &data.parts[0].pools[0].documents;
    let among = args.among.unwrap_or(usize::MAX).min(all.len());
    let documents: Vec<&Document> =
        shards(all.len(), 1, args.probe.seed).into_iter().flatten().take(among).map(|at| &all[at]).collect();
    let tokens = encoded(&probing, &documents)?;
    let counts: Vec<u64> = tokens.iter().map(|text| text.len() as u64).collect();
    let target = target.as_ref().map(|target| probing.sample(target)).transpose()?;
    let chosen = match args.by {
        SelectBy::Random => select(By::Random, &counts, args.budget, args.probe.seed, (&[], &[]), (&[], &[])),
        SelectBy::Gzip => {
            let encoder = ModelEncoder::new(&probing.tokenizer).map_err(usage)?;
            let decoded = |texts: Vec<&[u32]>| texts.into_iter().map(|text| encoder.decode(text)).collect::<Vec<_>>();
            let texts = decoded(tokens.iter().map(Vec::as_slice).collect());
            let target = target.map(|target| decoded(target.distinct(TARGET_TEXTS))).unwrap_or_default();
            select(By::Gzip, &counts, args.budget, args.probe.seed, (&[], &[]), (&texts, &target))
        }
        SelectBy::Alignment | SelectBy::Diversity => {
            match by_embeddings(common, args, &mut probing, &tokens, &counts, target, &stop)? {
                Some(chosen) => chosen,
                None => return Ok(Exit::Interrupted),
            }
        }
    };
    if chosen.texts.is_empty() {
        return Err(usage(format!("--budget {}: no text is as short as that", args.budget)));
    }
    let of_problems = match &part.view {
        View::Aligned(set) | View::Formal(set) | View::Informal(set) => {
            problems(set, &probing.reading.fields, None).map_err(usage)?
        }
        _ => vec![],
    };
    let by_id: BTreeMap<&str, &Problem> = of_problems.iter().map(|problem| (problem.id.as_str(), problem)).collect();
    let mut lines = String::new();
    for (at, score) in chosen.texts.iter().zip(&chosen.scores) {
        let document = documents[*at];
        let mut record = match by_id.get(document.id.as_str()) {
            Some(problem) => json!(line(problem)),
            None => json!({ "id": document.id, "text": document.text }),
        };
        if let (Value::Object(record), true) = (&mut record, args.by != SelectBy::Random) {
            record.insert("score".into(), json!(score));
        }
        lines += &format!("{record}\n");
    }
    whole::write(&args.out, lines.as_bytes()).map_err(failed)?;
    if !common.quiet {
        eprintln!("chosen          {} of {} texts, {} tokens", chosen.texts.len(), documents.len(), chosen.tokens);
        eprintln!("written         {}", args.out.display());
    }
    let about = json!({
        "schema": "afcheck.select/1",
        "from": args.from,
        "target": args.target,
        "by": format!("{:?}", args.by).to_lowercase(),
        "budget": args.budget,
        "tokens": chosen.tokens,
        "texts": chosen.texts.len(),
        "of": documents.len(),
        "seed": args.probe.seed,
    });
    super::super::print(&format!("{about:#}\n"))
}

/// All tokens of every document.
fn encoded(probing: &Probing, documents: &[&Document]) -> Result<Vec<Vec<u32>>, Failure> {
    let encoder = ModelEncoder::new(&probing.tokenizer).map_err(usage)?;
    let tokens = |document: &&Document| {
        let example = document.example(&encoder).map_err(usage)?;
        Ok([example.prompt, example.target].concat())
    };
    documents.iter().map(tokens).collect()
}

/// Embeds groups of texts, and the target.
fn by_embeddings(
    common: &Common,
    args: &Select,
    probing: &mut Probing,
    tokens: &[Vec<u32>],
    counts: &[u64],
    target: Option<Sample>,
    stop: &AtomicBool,
) -> Result<Option<Selection>, Failure> {
    let (shard, seed) = (args.shard as usize, args.probe.seed);
    let groups: Vec<Vec<usize>> = (0..tokens.len()).collect::<Vec<_>>().chunks(shard).map(<[usize]>::to_vec).collect();
    let length = probing.sampling.seq_len;
    let cut = |at: &usize| tokens[*at][..tokens[*at].len().min(length)].to_vec();
    let batches = groups.iter().map(|group| Batch { seed, texts: group.iter().map(cut).collect() }).collect();
    let own = Sample { source: args.from.clone(), batches, documents: None, sha256: vec![] };
    let by = if args.by == SelectBy::Alignment { By::Alignment } else { By::Diversity };
    let samples = std::iter::once(own).chain(target.filter(|_| by == By::Alignment)).collect();
    let Some(mut embedded) = probing.embed(common, samples, stop)? else { return Ok(None) };
    let target = if embedded.len() > 1 { embedded.remove(1).embeddings } else { vec![] };
    let candidates = groups.into_iter().zip(embedded.remove(0).embeddings);
    let candidates: Vec<Candidate> = candidates.map(|(texts, embedding)| Candidate { texts, embedding }).collect();
    Ok(Some(select(by, counts, args.budget, seed, (&candidates, &target), (&[], &[]))))
}
