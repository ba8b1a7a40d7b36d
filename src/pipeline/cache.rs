//! `cache verify --recheck`: kept results judged or compared again. Owns what it means for two reports to agree; what is
//! kept, and whether it is whole, is `store`'s.

use crate::domain::{CheckReport, EquivalenceReport};
use crate::engine::Comparer;
use crate::runner::{Asking, Worker, ask};
use crate::store::{Answer, Exchange, Question, Sample};
use std::io;
use std::sync::atomic::AtomicBool;

/// What asking again found.
#[derive(Default)]
pub struct Rechecked {
    /// Samples whose result is the same.
    pub agree: u64,
    /// Samples with another result, with what differs.
    pub differ: Vec<(Sample, String)>,
    /// Samples that met a limit of this machine this time, which says nothing about what was kept.
    pub unclear: u64,
}

/// Asks the samples' questions again, as many at once as the engine can.
pub fn recheck(samples: Vec<Sample>, engine: &dyn Comparer) -> io::Result<Rechecked> {
    let (mut checks, mut comparisons) = (Vec::new(), Vec::new());
    for sample in samples {
        match &sample.exchange {
            Exchange::Check(request, report) => checks.push((request.clone(), (**report).clone(), sample)),
            Exchange::Comparison(request, report) => comparisons.push((request.clone(), (**report).clone(), sample)),
        }
    }
    let mut rechecked = Rechecked::default();
    again(checks, engine, difference, &mut rechecked)?;
    again(comparisons, engine, difference_of_comparisons, &mut rechecked)?;
    Ok(rechecked)
}

fn again<Q: Question>(
    samples: Vec<(Q, Q::Answer, Sample)>,
    engine: &(dyn Comparer + '_),
    difference: fn(&Q::Answer, &Q::Answer) -> Option<String>,
    rechecked: &mut Rechecked,
) -> io::Result<()>
where
    for<'e> dyn Comparer + 'e: Worker<Q>,
{
    let stop = AtomicBool::new(false);
    let asking = Asking { worker: engine, reuse: None, jobs: engine.parallelism(), stop: &stop };
    let input = samples.into_iter().map(|(question, kept, sample)| ((kept, sample), question));
    ask(asking, input, &mut |(kept, sample), now, _| {
        match difference(&kept, &now) {
            None => rechecked.agree += 1,
            Some(_) if !now.is_lasting() => rechecked.unclear += 1,
            Some(difference) => rechecked.differ.push((sample, difference)),
        }
        Ok(())
    })
}

/// The same of two comparisons of one pair.
fn difference_of_comparisons(kept: &EquivalenceReport, now: &EquivalenceReport) -> Option<String> {
    let EquivalenceReport { verdict, ladder, a_to_b, b_to_a, limited, names, heartbeats, wall: _, engine } = kept;
    if *verdict != now.verdict {
        return Some(format!("kept: {verdict:?}; now: {:?}", now.verdict));
    }
    named(&[
        ("ladder", *ladder == now.ladder),
        ("a_to_b", *a_to_b == now.a_to_b),
        ("b_to_a", *b_to_a == now.b_to_a),
        ("limited", *limited == now.limited),
        ("names", *names == now.names),
        ("heartbeats", *heartbeats == now.heartbeats),
        ("engine", *engine == now.engine),
    ])
}

/// The names of what is not the same.
fn named(fields: &[(&str, bool)]) -> Option<String> {
    let differ: Vec<&str> = fields.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
    (!differ.is_empty()).then(|| format!("the same verdict, but other {}", differ.join(", ")))
}

/// What of two reports on one request is not the same, times and memory aside.
fn difference(kept: &CheckReport, now: &CheckReport) -> Option<String> {
    let CheckReport {
        verdict,
        mode,
        required,
        messages,
        axioms,
        declarations,
        replay,
        target,
        warnings,
        heartbeats,
        wall: _,
        parts: _,
        memory: _,
        engine,
        caveats,
    } = kept;
    if *verdict != now.verdict {
        return Some(format!("kept: {verdict:?}; now: {:?}", now.verdict));
    }
    named(&[
        ("mode", *mode == now.mode),
        ("required", *required == now.required),
        ("messages", *messages == now.messages),
        ("axioms", *axioms == now.axioms),
        ("declarations", *declarations == now.declarations),
        ("replay", *replay == now.replay),
        ("target", *target == now.target),
        ("warnings", *warnings == now.warnings),
        ("heartbeats", *heartbeats == now.heartbeats),
        ("engine", *engine == now.engine),
        ("caveats", *caveats == now.caveats),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Cause, EngineId, Mode, Rung, Verdict};
    use std::time::Duration;

    #[test]
    fn times_and_memory_may_differ_and_nothing_else() {
        let engine = EngineId { lean: "0".into(), commit: "0".into(), kind: "scripted" };
        let report = CheckReport::new(Verdict::Accepted { level: Rung::Axioms }, Mode::Proof, Rung::Axioms, engine);
        let timed = CheckReport { wall: Duration::from_secs(1), memory: 7, ..report.clone() };
        assert_eq!(difference(&report, &timed), None);
        let dearer = CheckReport { heartbeats: 1, axioms: vec!["mine".into()], ..report.clone() };
        assert!(difference(&report, &dearer).is_some_and(|d| d.contains("axioms, heartbeats")));
        let verdict = Verdict::Undecided { cause: Cause::Unsupported, detail: "because".into() };
        let undecided = CheckReport { verdict, ..report.clone() };
        assert!(difference(&report, &undecided).is_some_and(|d| d.contains("because")));
    }
}
