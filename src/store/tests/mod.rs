//! Tests of the result cache below the command line. Owns the requests and reports they share.

mod damage;
mod forms;
mod keys;
mod limits;

use super::{Judge, Key, Packed, ResultStore};
use crate::domain::{
    AxiomPolicy, Budget, Cause, CheckReport, CheckRequest, EngineId, EquivalenceReport, EquivalenceRequest,
    EquivalenceVerdict, LadderKind, Mode, Reason, Rung, Severity, Verdict,
};
use std::path::Path;

fn judge() -> Judge {
    Judge::new("scripted")
}

fn request(code: &str) -> CheckRequest {
    CheckRequest {
        header: None,
        code: code.into(),
        target: None,
        mode: Mode::Auto,
        is_proof: None,
        require: None,
        budget: Budget::default(),
        axioms: AxiomPolicy::default(),
        warnings: true,
        engine: None,
    }
}

fn report(verdict: Verdict) -> CheckReport {
    let engine = EngineId { lean: "0".into(), commit: "0".into(), kind: "scripted" };
    CheckReport::new(verdict, Mode::Proof, Rung::Axioms, engine)
}

fn accepted() -> CheckReport {
    report(Verdict::Accepted { level: Rung::Axioms })
}

fn open(directory: &Path) -> ResultStore {
    ResultStore::open(directory, super::DEFAULT_LIMIT, judge()).expect("a store")
}

fn put(store: &ResultStore, code: &str, report: &CheckReport) {
    let request = request(code);
    let key = Key::of(store.judge(), &request);
    store.put(&key, &request, &Packed::new(report));
}

fn get(store: &ResultStore, code: &str) -> Option<CheckReport> {
    store.get(&Key::of(store.judge(), &request(code)))
}

#[test]
fn a_result_is_found_by_the_next_run_and_by_nobody_else() {
    let directory = tempfile::tempdir().unwrap();
    let first = open(directory.path());
    assert!(get(&first, "a").is_none());
    put(&first, "a", &accepted());
    assert_eq!(first.close(), Vec::<String>::new());
    let second = open(directory.path());
    assert_eq!(get(&second, "a").map(|r| r.verdict), Some(accepted().verdict));
    assert!(get(&second, "b").is_none());
    let other = ResultStore::open(directory.path(), super::DEFAULT_LIMIT, Judge::new("another engine")).unwrap();
    assert!(get(&other, "a").is_none(), "another engine has results of its own");
    assert_eq!((second.close(), other.close()), (vec![], vec![]));
    let stats = super::Maintenance::open(directory.path()).unwrap().unwrap().stats().unwrap();
    assert_eq!((stats.entries, stats.hits), (1, 1));
}

#[test]
fn what_depends_on_the_machine_is_never_kept() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for cause in Cause::ALL {
        put(&store, cause.as_str(), &report(Verdict::Undecided { cause: *cause, detail: String::new() }));
    }
    store.close();
    let store = open(directory.path());
    let kept: Vec<_> = Cause::ALL.iter().filter(|cause| get(&store, cause.as_str()).is_some()).collect();
    assert_eq!(kept, [&Cause::Heartbeats, &Cause::Unsupported, &Cause::BadTarget]);
}

fn pair(a: &str, b: &str) -> EquivalenceRequest {
    EquivalenceRequest { header: None, a: a.into(), b: b.into(), budget: Budget::default() }
}

fn compared(verdict: EquivalenceVerdict) -> EquivalenceReport {
    EquivalenceReport::new(verdict, LadderKind::BeqCore, accepted().engine)
}

#[test]
fn comparisons_are_kept_beside_checks() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    put(&store, "a", &accepted());
    let mut verdicts = vec![EquivalenceVerdict::Equivalent, EquivalenceVerdict::NotShown];
    let undecided = |cause: &Cause| EquivalenceVerdict::Undecided { cause: *cause, detail: String::new() };
    verdicts.extend(Cause::ALL.iter().map(undecided));
    let request = |i: usize| pair("a", &i.to_string());
    for (i, verdict) in verdicts.iter().enumerate() {
        let key = Key::of(store.judge(), &request(i));
        store.put(&key, &request(i), &Packed::new(&compared(verdict.clone())));
    }
    store.close();
    let store = open(directory.path());
    let find = |i: usize| store.get::<EquivalenceReport>(&Key::of(store.judge(), &request(i)));
    let kept: Vec<_> = (0..verdicts.len()).filter_map(find).map(|report| report.verdict).collect();
    let mut expected = verdicts[..2].to_vec();
    expected.extend([Cause::Heartbeats, Cause::Unsupported, Cause::BadTarget].iter().map(undecided));
    assert_eq!(kept, expected, "what depends on the machine is not kept");
    assert!(store.get::<CheckReport>(&Key::of(store.judge(), &request(0))).is_none(), "no check passes for one");
    store.close();
    let kept = super::Maintenance::open(directory.path()).unwrap().unwrap();
    // The wrong kind was taken for damage and removed.
    let found = kept.examine().unwrap();
    assert_eq!((found.entries, found.damaged), (5, vec![]));
    let stats = kept.stats().unwrap();
    let names: Vec<_> = stats.verdicts.iter().map(|v| (v.name.as_str(), v.entries)).collect();
    assert_eq!(names[0], ("comparison: undecided", 3));
    assert!(names.contains(&("accepted", 1)) && names.contains(&("comparison: not_shown", 1)), "{names:?}");
    let sample = kept.sample(&judge(), 9).unwrap();
    let comparisons = sample.iter().filter(|s| matches!(s.exchange, super::Exchange::Comparison(..)));
    assert_eq!((sample.len(), comparisons.count()), (5, 4));
}

#[test]
fn several_users_share_it() {
    let directory = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for user in 0..4 {
            let path = directory.path();
            scope.spawn(move || {
                let store = open(path);
                for i in 0..50 {
                    put(&store, &format!("{user} {i}"), &accepted());
                    put(&store, &format!("all {i}"), &accepted());
                }
                assert_eq!(store.close(), Vec::<String>::new());
            });
        }
    });
    let store = super::Maintenance::open(directory.path()).unwrap().unwrap();
    let found = store.examine().unwrap();
    assert_eq!((found.entries, found.file, found.damaged), (250, vec![], vec![]));
}

#[test]
fn forgetting_by_age_and_altogether() {
    let directory = tempfile::tempdir().unwrap();
    assert!(super::Maintenance::open(directory.path()).unwrap().is_none(), "looking makes no file");
    let store = open(directory.path());
    let rejected = report(Verdict::Rejected { stage: Rung::Proof, reason: Reason::Kernel });
    (0..10).for_each(|i| put(&store, &i.to_string(), &rejected));
    store.close();
    let kept = super::Maintenance::open(directory.path()).unwrap().unwrap();
    assert_eq!(kept.clear(Some(std::time::Duration::from_secs(3600))).unwrap(), 0);
    let stats = kept.stats().unwrap();
    assert_eq!((stats.entries, stats.verdicts[0].name.as_str(), stats.judges.len()), (10, "rejected", 1));
    assert!(stats.bytes > 0 && stats.disk > stats.bytes && stats.oldest.is_some());
    assert_eq!(kept.sample(&judge(), 3).unwrap().len(), 3);
    assert_eq!(kept.sample(&Judge::new("another"), 3).unwrap().len(), 0);
    assert_eq!(kept.clear(None).unwrap(), 10);
    let empty = kept.stats().unwrap();
    assert_eq!((empty.entries, empty.judges.len()), (0, 0));
}
