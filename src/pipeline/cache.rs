//! `cache verify --recheck`: kept results judged again. Owns what it means for two reports to agree; what is kept, and
//! whether it is whole, is `store`'s.

use crate::domain::CheckReport;
use crate::engine::Engine;
use crate::store::{Packed, Sample};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What judging again found.
#[derive(Default)]
pub struct Rechecked {
    /// Samples whose result is the same.
    pub agree: u64,
    /// Samples with another result, with what differs.
    pub differ: Vec<(Sample, String)>,
    /// Samples that met a limit of this machine this time, which says nothing about what was kept.
    pub unclear: u64,
}

/// Judges the samples again, as many at once as the engine can.
pub fn recheck(samples: Vec<Sample>, engine: &dyn Engine) -> Rechecked {
    let next = AtomicUsize::new(0);
    let again: Vec<Mutex<Option<CheckReport>>> = samples.iter().map(|_| Mutex::default()).collect();
    std::thread::scope(|scope| {
        for _ in 0..engine.parallelism().clamp(1, samples.len().max(1)) {
            scope.spawn(|| {
                while let Some((sample, place)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    samples.get(at).zip(again.get(at))
                } {
                    let report = engine.check(&sample.request);
                    *place.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(report);
                }
            });
        }
    });
    let mut rechecked = Rechecked::default();
    for (sample, report) in samples.into_iter().zip(again) {
        let report = report.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        match report {
            Some(report) => match difference(&sample.report, &report) {
                None => rechecked.agree += 1,
                Some(_) if !Packed::new(&report).is_lasting() => rechecked.unclear += 1,
                Some(difference) => rechecked.differ.push((sample, difference)),
            },
            None => rechecked.unclear += 1,
        }
    }
    rechecked
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
    } = kept;
    if *verdict != now.verdict {
        return Some(format!("kept: {verdict:?}; now: {:?}", now.verdict));
    }
    let fields = [
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
    ];
    let differ: Vec<_> = fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect();
    (!differ.is_empty()).then(|| format!("the same verdict, but other {}", differ.join(", ")))
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
